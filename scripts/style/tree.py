# SPDX-License-Identifier: Apache-2.0
"""In: a checkout. Out: its files and their text, each read once, and the shape of a finding."""

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CPP_SUFFIXES = {".cpp", ".hpp", ".c", ".h"}
HEADER_SUFFIXES = {".hpp", ".h"}
# Bytes that tests read, not text that people write.
BYTES_FOLDERS = ("tests/fuzz/corpus/", "tests/golden/")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class Tree:
    """The files of a checkout: those git has or would add; without git, all that are not built."""

    def __init__(self, root: Path, paths: list[str] | None = None):
        self.root = root
        self.paths = sorted(paths if paths is not None else self._list())
        self._texts: dict[str, str | None] = {}

    def _list(self) -> list[str]:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(self.root), "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            capture_output=True, check=False)
        if done.returncode == 0:
            names = [name for name in done.stdout.decode().split("\0") if name]
            return [name for name in set(names) if (self.root / name).is_file()]
        found = []
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root).as_posix()
            skipped = name.startswith(("build", ".git/")) or "__pycache__" in name
            if path.is_file() and not skipped:
                found.append(name)
        return found

    def text(self, path: str) -> str | None:
        """None for files that are not text."""
        if path not in self._texts:
            content = (self.root / path).read_bytes()
            try:
                self._texts[path] = None if b"\0" in content else content.decode()
            except UnicodeDecodeError:
                self._texts[path] = None
        return self._texts[path]

    def lines(self, path: str) -> list[str]:
        return (self.text(path) or "").splitlines()

    def cpp(self, *folders: str) -> list[str]:
        return [path for path in self.paths
                if Path(path).suffix in CPP_SUFFIXES and (not folders or path.startswith(folders))]

    def headers(self, *folders: str) -> list[str]:
        return [path for path in self.cpp(*folders) if Path(path).suffix in HEADER_SUFFIXES]

    def python(self) -> list[str]:
        return [path for path in self.paths if path.endswith(".py")]

    def is_bytes(self, path: str) -> bool:
        return path.startswith(BYTES_FOLDERS)


@lru_cache(maxsize=None)
def is_script(first_line: str) -> bool:
    return first_line.startswith("#!")
