# SPDX-License-Identifier: Apache-2.0
"""In: the tree. Out: findings about sources and hot headers that no test names."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from style import hot
from style.tree import Finding, Tree


def named_in_tests(tree: Tree) -> set[str]:
    """Every 'room/unit.hpp' or 'unit.cpp' that a file of tests/ mentions."""
    named: set[str] = set()
    for path in tree.paths:
        if path.startswith("tests/") and path.endswith((".cpp", ".hpp", ".py")):
            named.update(re.findall(r"[\w/]*\w+\.(?:hpp|cpp|h|c)\b", tree.text(path) or ""))
    return named


def tests_name_units(tree: Tree) -> Iterator[Finding]:
    """every source and every hot header has a test that names it"""
    named = named_in_tests(tree)
    known = set(tree.paths)
    sources = [path for path in tree.cpp("src/") if path.endswith((".cpp", ".c"))]
    hot_headers = [path for path in hot.hot_files(tree) if path.endswith(".hpp")]
    for path in sorted({*sources, *hot_headers}):
        room, unit = PurePosixPath(path).parts[1], PurePosixPath(path).stem
        if f"tests/{room}/{unit}_test.cpp" in known:
            continue
        # A source and its header are one unit: either name will do.
        spellings = {f"{room}/{unit}{suffix}" for suffix in (".hpp", ".cpp", ".c", ".h")}
        if not spellings & named:
            yield Finding(path, 1, f"no test names it (tests/{room}/{unit}_test.cpp)")


CHECKS = (tests_name_units,)
