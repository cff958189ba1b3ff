# SPDX-License-Identifier: Apache-2.0
"""In: the tree and a build folder. Out: findings of clang-format, and headers that do not compile
alone. What was good before is not compiled again: its content and that of all it includes is kept
as a hash in build/style."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from style.layers import includes
from style.tree import Finding, Tree

CLANG_FORMAT = "clang-format-19"
JOBS = 2


def formatting(tree: Tree) -> Iterator[Finding]:
    """clang-format changes nothing"""
    if not shutil.which(CLANG_FORMAT):
        yield Finding("scripts/setup", 1, f"{CLANG_FORMAT} is not installed")
        return
    paths = tree.cpp()
    parts = [paths[start::JOBS] for start in range(JOBS)]
    with ThreadPoolExecutor(JOBS) as pool:
        for findings in pool.map(lambda part: list(_format(tree, part)), parts):
            yield from findings


def _format(tree: Tree, paths: list[str]) -> Iterator[Finding]:
    if not paths:
        return
    done = subprocess.run(
        [CLANG_FORMAT, "--dry-run", *paths], cwd=tree.root, capture_output=True, text=True,
        check=False)
    seen = set()
    for match in re.finditer(r"^(\S+?):(\d+):\d+: .*", done.stderr, re.MULTILINE):
        if match.group(1) not in seen:
            seen.add(match.group(1))
            yield Finding(match.group(1), int(match.group(2)), "is not as clang-format writes it")
    if done.returncode != 0 and not seen:
        yield Finding(".clang-format", 1, done.stderr.strip()[:200])


class HeaderCompiler:
    """Compiles headers alone, with the options the build uses."""

    def __init__(self, tree: Tree, build: Path):
        self.tree = tree
        self.build = build
        self.cache = build / "style"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.command = self._command()
        self.roots = [tree.root / "src", tree.root / "tests", build / "src"]

    def _command(self) -> list[str]:
        """The compiler with every include folder and definition of the build."""
        options: dict[str, None] = {}
        database = json.loads((self.build / "compile_commands.json").read_text())
        for entry in database:
            words = shlex.split(entry["command"])
            for at, word in enumerate(words):
                if word == "-isystem":
                    options[f"-isystem{self._absolute(entry, words[at + 1])}"] = None
                elif word.startswith("-isystem"):
                    options[f"-isystem{self._absolute(entry, word[8:])}"] = None
                elif word.startswith("-I"):
                    options[f"-I{self._absolute(entry, word[2:])}"] = None
        march = [word for word in shlex.split(database[0]["command"]) if word.startswith("-march")]
        return ["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *march[-1:],
                *options]

    @staticmethod
    def _absolute(entry: dict, folder: str) -> str:
        return str((Path(entry["directory"]) / folder).resolve())

    def _closure(self, name: str) -> list[Path]:
        """The header and all of ours that it reaches."""
        waiting, found = [name], {}
        while waiting:
            wanted = waiting.pop()
            if wanted in found:
                continue
            path = next((root / wanted for root in self.roots if (root / wanted).is_file()), None)
            if path is None:
                continue
            found[wanted] = path
            waiting += [other for _, other, quoted in includes(path.read_text()) if quoted]
        return [found[key] for key in sorted(found)]

    def check(self, path: str) -> Finding | None:
        name = path.split("/", 1)[1]
        state = hashlib.sha256(" ".join(self.command).encode())
        for part in self._closure(name):
            state.update(part.read_bytes())
        stamp = self.cache / state.hexdigest()
        if stamp.exists():
            return None
        done = subprocess.run(
            [*self.command, "-x", "c++", "-"], input=f'#include "{name}"\n', cwd=self.tree.root,
            capture_output=True, text=True, check=False)
        if done.returncode == 0:
            stamp.touch()
            return None
        wrong = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr)
        return Finding(path, 1, f"does not compile alone: {wrong.strip()[:200]}")


def proved_by_source(tree: Tree) -> set[str]:
    """Headers that a compiled source includes before anything else: the build has proved them."""
    proved = set()
    for path in tree.cpp("src/", "tests/"):
        first = next(includes(tree.text(path) or ""), None)
        if path.endswith(".cpp") and first and first[2]:
            proved.add(first[1])
    return proved


def headers_alone(tree: Tree, build: Path) -> Iterator[Finding]:
    """every header compiles alone"""
    proved = proved_by_source(tree)
    left = [path for path in tree.headers("src/", "tests/")
            if path.split("/", 1)[1] not in proved]
    compiler = HeaderCompiler(tree, build)
    with ThreadPoolExecutor(JOBS) as pool:
        for finding in pool.map(compiler.check, left):
            if finding:
                yield finding
