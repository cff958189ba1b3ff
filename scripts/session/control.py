# SPDX-License-Identifier: Apache-2.0
"""In: operator verbs. Out: what the appliance answers, through the command line that an operator
uses."""

import json
import subprocess
from pathlib import Path

from session.child import Child, SessionFailed, environment

ANSWER_SECONDS = 10
# Fields of the status, and what is not there when they are not.
NEEDED_TO_TRADE = (("link_up", "a link"), ("feed_live", "a live feed"),
                   ("order_ready", "a session for orders"))


class Operator:
    def __init__(self, program: Path, configuration: Path):
        self.program, self.configuration = program, configuration

    def _run(self, *words: str) -> subprocess.CompletedProcess:
        command = [str(self.program), *words, "--config", str(self.configuration)]
        try:
            return subprocess.run(
                command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
                text=True, errors="replace", timeout=ANSWER_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise SessionFailed(f"ridley {words[0]}: no answer in {ANSWER_SECONDS} s") from None

    def command(self, verb: str) -> None:
        done = self._run(verb)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise SessionFailed(f"ridley {verb} ended with exit code {done.returncode}: {said}")

    def status(self) -> dict:
        """Empty while nobody answers yet."""
        done = self._run("status", "--json")
        try:
            answer = json.loads(done.stdout) if done.returncode == 0 else {}
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}

    def wait_until_ready(self, appliance: Child, seconds: float) -> None:
        """Until it could trade; whoever waits in vain is told for what."""
        status: dict = {}

        def is_ready() -> bool:
            status.clear()
            status.update(self.status())
            return bool(status.get("ready"))

        try:
            appliance.wait_until(is_ready, seconds, "get ready")
        except SessionFailed as failure:
            missing = [what for name, what in NEEDED_TO_TRADE if not status.get(name)]
            raise SessionFailed(
                f"{failure}\n    missing: {', '.join(missing)}; status: {status}") from None
