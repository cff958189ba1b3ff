# SPDX-License-Identifier: Apache-2.0
"""In: a command and a log file. Out: a process that is stopped for sure: it ends when asked, when
killed, and when we die. What goes wrong names the log to read."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1


class SessionFailed(Exception):
    pass


def environment() -> dict[str, str]:
    """Ours, without what would lead our programs to another appliance."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RIDLEY_")}


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:  # the parent died before the line above
        os._exit(1)


class Child:
    def __init__(self, name: str, command: list[str], log: Path, folder: Path,
                 more: dict[str, str] | None = None):
        self.name, self.log, self.stopping = name, log, False
        with log.open("wb") as sink:
            sink.write((" ".join(command) + "\n").encode())
            sink.flush()
            # A session of its own: Ctrl-C reaches us alone, and we stop it in order.
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment() | (more or {}),
                stdin=subprocess.DEVNULL, stdout=sink,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=_die_with_parent)

    def tail(self, lines: int = 8) -> str:
        text = self.log.read_text(errors="replace").splitlines()[1:]
        return "\n".join(f"    {line}" for line in text[-lines:])

    def fail(self, what: str) -> SessionFailed:
        return SessionFailed(f"{self.name} {what}; see {self.log}\n{self.tail()}".rstrip())

    def check(self) -> None:
        """Raises when the process has ended although nobody asked it to."""
        code = self.process.poll()
        if code is not None and not self.stopping:
            raise self.fail(f"ended with {describe(code)}")

    def wait_until(self, condition: Callable[[], bool], seconds: float, what: str) -> None:
        """Polls until the condition holds; the process has to live as long."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise self.fail(f"did not {what} within {seconds:g} s")
            time.sleep(POLL_SECONDS)

    def ask_to_stop(self) -> None:
        self.stopping = True
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_end(self, seconds: float) -> None:
        """Waits for a process that was asked to stop; it has to end with 0."""
        self.stopping = True
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise self.fail(f"did not stop within {seconds:g} s and was killed") from None
        if code != 0:
            raise self.fail(f"ended with {describe(code)}")

    def kill(self) -> None:
        self.stopping = True
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def describe(code: int) -> str:
    """An exit code, or the signal's name."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def stop_all(children: list[Child], seconds: float) -> None:
    """After a failure or Ctrl-C: all are asked, then killed. Never raises."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
