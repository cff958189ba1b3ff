# SPDX-License-Identifier: Apache-2.0
"""In: the tree. Out: findings about any file as text: licence line, length, width, paths, TODOs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from style import cpp
from style.tree import Finding, Tree, is_script

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100
# Tables: a row stays on its line.
TABLES = "schema/"
TABLE_COLUMNS_MAX = 160
# A file that git carries for ever; seeds and golden bytes are far smaller.
FILE_BYTES_MAX = 512 * 1024

LICENCE = "SPDX-License-Identifier: Apache-2.0"
# Documents, and formats that have no comments or no line breaks.
FREE_TEXT = {".md", ".json", ".jsonl", ".txt", ".svg", ".csv", ".gitignore", ".hlog"}
SOURCES = {".cpp", ".hpp", ".c", ".h", ".py", ".sv", ".lua", ".toml", ".build", ".sh"}


def is_source(tree: Tree, path: str) -> bool:
    if tree.is_bytes(path):
        return False
    lines = tree.lines(path)
    name = Path(path)
    return (name.suffix in SOURCES or name.name in ("meson.build", "meson_options.txt")
            or bool(lines and is_script(lines[0])))


def licence(tree: Tree) -> Iterator[Finding]:
    """the SPDX line is the first one, or the second of a script"""
    for path in tree.paths:
        if not is_source(tree, path):
            continue
        lines = tree.lines(path)
        at = 1 if lines and is_script(lines[0]) else 0
        if len(lines) <= at or LICENCE not in lines[at]:
            yield Finding(path, at + 1, f"has no line '{LICENCE}'")


def head_comment(tree: Tree) -> Iterator[Finding]:
    """a header says on top what goes in, what comes out and which core runs it"""
    for path in tree.headers("src/"):
        lines = tree.lines(path)
        if len(lines) < 2 or not lines[1].startswith(("//", "/*")):
            yield Finding(path, 2, "has no head comment: what goes in, what comes out, which core")


def file_length(tree: Tree) -> Iterator[Finding]:
    """no file is longer than 400 lines; the tables of schema/ are as long as what they list"""
    for path in tree.paths:
        if path.startswith(TABLES):
            continue
        count = len(tree.lines(path))
        if is_source(tree, path) and count > FILE_LINES_MAX:
            yield Finding(path, count, f"is {count} lines long, {FILE_LINES_MAX} are allowed")


def columns(tree: Tree) -> Iterator[Finding]:
    """no line is wider than 100 columns, no row of a table in schema/ wider than 160"""
    for path in tree.paths:
        if not is_source(tree, path) or Path(path).suffix in FREE_TEXT:
            continue
        widest = TABLE_COLUMNS_MAX if path.startswith(TABLES) else COLUMNS_MAX
        for number, line in enumerate(tree.lines(path), 1):
            if len(line) > widest:
                yield Finding(path, number, f"is {len(line)} columns wide")


def blanks(tree: Tree) -> Iterator[Finding]:
    """no tab, no blank at the end of a line, a newline at the end of the file"""
    for path in tree.paths:
        if not is_source(tree, path):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            if line != line.rstrip():
                yield Finding(path, number, "ends in blanks")
            if "\t" in line:
                yield Finding(path, number, "has a tab")
        if tree.text(path) and not tree.text(path).endswith("\n"):
            yield Finding(path, len(tree.lines(path)), "ends without a newline")


def python_functions(text: str) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def function_length(tree: Tree) -> Iterator[Finding]:
    """no function is longer than 60 lines"""
    for path in tree.cpp():
        for function in cpp.functions(tree.text(path) or ""):
            if function.length > FUNCTION_LINES_MAX:
                yield Finding(path, function.first,
                              f"{function.name} is {function.length} lines long")
    for path in tree.python():
        for name, line, length in python_functions(tree.text(path) or ""):
            if length > FUNCTION_LINES_MAX:
                yield Finding(path, line, f"{name} is {length} lines long")


# Written in pieces, or this file would name what it looks for.
_MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:" + "work|root|home" + r")/\w")
_TODO = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b(?!\(#\d+\))")


def machine_paths(tree: Tree) -> Iterator[Finding]:
    """no file names a folder of one machine"""
    yield from _search(tree, _MACHINE_PATH, "names a folder of one machine")


def todo_has_issue(tree: Tree) -> Iterator[Finding]:
    """what is left to do carries an issue number"""
    yield from _search(tree, _TODO, "carries no issue number: (#123)")


def _search(tree: Tree, pattern: re.Pattern, text: str) -> Iterator[Finding]:
    for path in tree.paths:
        if tree.is_bytes(path):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            match = pattern.search(line)
            if match:
                yield Finding(path, number, f"'{match.group(0)}' {text}")


def only_sources_in_git(tree: Tree) -> Iterator[Finding]:
    """git holds no binaries, nothing that the build makes and nothing large"""
    made = re.compile(r"(^|/)(__pycache__|build)/|\.(o|a|so|pyc|d|log)$")
    for path in tree.paths:
        size = (tree.root / path).stat().st_size
        if size > FILE_BYTES_MAX:
            yield Finding(path, 1, f"is {size} bytes large")
        if made.search(path):
            yield Finding(path, 1, "is made by the build")
        if not tree.is_bytes(path) and tree.text(path) is None:
            yield Finding(path, 1, "is no text")
        if is_source(tree, path) and re.search(
                r"(?i)^(//|#|/\*).*\b(generated (by|from)|do not edit)\b",
                "\n".join(tree.lines(path)[:5]), re.MULTILINE):
            yield Finding(path, 1, "says that it is generated")


CHECKS = (licence, head_comment, file_length, columns, blanks, function_length, machine_paths,
          todo_has_issue, only_sources_in_git)
