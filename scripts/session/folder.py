# SPDX-License-Identifier: Apache-2.0
"""In: where a session is to run. Out: that folder, locked and empty, and a place for sockets whose
paths are short enough for the kernel."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

# sun_path has 108 bytes; the longest name we append is shorter than the rest.
SOCKET_FOLDER_MAX = 70


class Busy(Exception):
    pass


class RunFolder:
    """Holds the lock of the folder as long as the process lives."""

    def __init__(self, path: Path):
        self.path = path.absolute()
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = (self.path / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "?"
            self._lock.close()
            raise Busy(f"{self.path} is in use by process {holder}; "
                       "wait for it or choose another --run-folder") from None
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        self._clear()
        for name in ("telemetry", "venue", "logs"):
            (self.path / name).mkdir()
        self._foreign = None
        if len(str(self.path)) > SOCKET_FOLDER_MAX:
            self._foreign = Path(tempfile.mkdtemp(prefix="ridley-"))
        self.sockets = self._foreign or self.path

    def _clear(self) -> None:
        """Removes what an earlier session left; nothing may be taken for this one's."""
        for entry in self.path.iterdir():
            if entry.name == "lock":
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def close(self) -> None:
        if self._foreign:
            shutil.rmtree(self._foreign, ignore_errors=True)
        self._lock.close()
