# SPDX-License-Identifier: Apache-2.0
"""In: operator verbs. Out: what the appliance answers, through the command line that an operator
uses."""

import json
import subprocess
from pathlib import Path

from session.child import SessionFailed, environment

ANSWER_SECONDS = 10


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
