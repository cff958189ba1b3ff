# SPDX-License-Identifier: Apache-2.0
"""In: the tree. Out: findings about who includes whom, and about the folders of rooms."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from style import cpp
from style.tree import Finding, Tree

# A room includes itself and rooms to its left.
STREET = ["base", "wire", "event", "card", "nic", "feed", "book", "strategy", "risk", "order",
          "engine", "control", "app"]
# Side exits see only these, and every room from nic on may see a side exit.
SIDE_EXITS = {"journal", "telemetry"}
SIDE_EXIT_SEES = {"base", "wire", "event"}
# These stand on everything but app, and only app and those further up stand on them.
UPSTAIRS = ["venue", "lab", "simulation"]
ROOMS = {*STREET, *SIDE_EXITS, *UPSTAIRS}

# What reaches hardware from outside the street, and the rooms it may use.
DRIVERS = {"xrt_sim"}
DRIVERS_SEE = {"base", "event", "card", "nic"}

# Headers that only one room may include.
OWNED = [(re.compile(r"rte_\w+\.h"), "nic", "DPDK is reached through nic only")]
# Headers that take seconds to compile: one file each.
HEAVY = [re.compile(r"CLI/"), re.compile(r"toml\+\+|toml\.hpp"), re.compile(r"boost/beast"),
         re.compile(r"spdlog/")]

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def includes(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line, name, and whether it stands in quotation marks."""
    for match in _INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(1) if match.group(1) else match.start(2)) + 1
        yield line, match.group(1) or match.group(2), match.group(1) is not None


def may_see(room: str, other: str) -> bool:
    if room == other:
        return True
    if room in SIDE_EXITS:
        return other in SIDE_EXIT_SEES
    if room in UPSTAIRS:
        return other != "app" and other not in UPSTAIRS[UPSTAIRS.index(room) + 1:]
    if room == "app":
        return other in ROOMS
    if other in SIDE_EXITS:
        return STREET.index(room) >= STREET.index("nic")
    return other in STREET and STREET.index(other) < STREET.index(room)


def room_of(path: str) -> str:
    return PurePosixPath(path).parts[1]


def layers(tree: Tree) -> Iterator[Finding]:
    """a room includes itself and rooms to its left"""
    for path in tree.cpp("src/"):
        room = room_of(path)
        if room not in ROOMS:
            yield Finding(path, 1, f"'{room}' is no room")
            continue
        for line, name, quoted in includes(tree.text(path) or ""):
            if not quoted:
                continue
            other = name.split("/")[0]
            if "/" not in name or other not in ROOMS:
                yield Finding(path, line, f'"{name}" is not of the form "room/file.hpp"')
            elif not may_see(room, other):
                yield Finding(path, line, f"{room} must not see {other} ({name})")


def drivers(tree: Tree) -> Iterator[Finding]:
    """a driver includes itself and a few rooms, and no room includes a driver"""
    for path in tree.cpp("drivers/", "src/"):
        driver = room_of(path) if path.startswith("drivers/") else ""
        for line, name, quoted in includes(tree.text(path) or ""):
            other = name.split("/")[0]
            if not quoted or "/" not in name or other == driver:
                continue
            if driver and other not in DRIVERS_SEE:
                yield Finding(path, line, f"{driver} must not see {other} ({name})")
            elif not driver and other in DRIVERS:
                yield Finding(path, line, f"{room_of(path)} must not see {other} ({name})")


def owned_headers(tree: Tree) -> Iterator[Finding]:
    """the packet library is included by nic alone, and heavy headers by one file each"""
    users: dict[str, list[str]] = {}
    for path in tree.cpp("src/", "drivers/"):
        for line, name, _ in includes(tree.text(path) or ""):
            for pattern, room, reason in OWNED:
                if pattern.fullmatch(name) and room_of(path) != room:
                    yield Finding(path, line, f"<{name}>: {reason}")
            for pattern in HEAVY:
                if pattern.search(name):
                    users.setdefault(pattern.pattern, []).append(path)
                    if path.endswith((".hpp", ".h")):
                        yield Finding(path, line, f"<{name}> is heavy: include it in one .cpp")
    for heavy, paths in users.items():
        for path in sorted(set(paths))[1:]:
            yield Finding(path, 1, f"{heavy} is heavy and {sorted(set(paths))[0]} has it already")


def flat_rooms(tree: Tree) -> Iterator[Finding]:
    """a room has no folders inside"""
    for path in tree.paths:
        if path.startswith("src/") and path.count("/") > 2:
            yield Finding(path, 1, "lies in a folder inside a room")


def include_order(tree: Tree) -> Iterator[Finding]:
    """own header first, then the standard's and third-party ones, then ours"""
    known = set(tree.paths)
    for path in tree.cpp("src/"):
        found = list(includes(tree.text(path) or ""))
        own = path.removeprefix("src/").rsplit(".", 1)[0] + ".hpp"
        if path.endswith(".cpp") and "src/" + own in known:
            if not found or found[0][1] != own:
                yield Finding(path, found[0][0] if found else 1, f'own header "{own}" is not first')
            found = found[1:]
        ours_seen = False
        for line, name, quoted in found:
            if quoted:
                ours_seen = True
            elif ours_seen and name.count("/") == 0 and not _conditional(tree, path, line):
                yield Finding(path, line, f"<{name}> stands behind one of ours")
                break


def _conditional(tree: Tree, path: str, line: int) -> bool:
    above = cpp.blanked("\n".join(tree.lines(path)[:line - 1]))
    return above.count("#if") > above.count("#endif")


def namespaces(tree: Tree) -> Iterator[Finding]:
    """what a room holds is in the namespace of the room"""
    for path in tree.headers("src/"):
        if not path.endswith(".hpp"):
            continue  # a C header has no namespaces
        if f"namespace ridley::{room_of(path)}" not in (tree.text(path) or ""):
            yield Finding(path, 1, f"has nothing in namespace ridley::{room_of(path)}")


CHECKS = (layers, drivers, owned_headers, flat_rooms, include_order, namespaces)
