# SPDX-License-Identifier: Apache-2.0
"""In: the tree. Out: findings about hot code: what it calls and must not, and missing noexcept.

Hot are the files a room's meson.build adds to hot_sources and the headers of src that they include,
except headers whose head comment says 'Cold'. A function behind a line '// Cold: why' is cold too,
and so is a single line that ends in such a comment.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from style import cpp
from style.tree import Finding, Tree

# What hot code must not do: pattern, and the reason that is printed.
BANNED = [
    (r"(?<!operator )\bnew\b(?!\s*\((?!std::nothrow))", "allocates"),
    (r"(?<!= )(?<!=)(?<!operator )\bdelete\b", "frees memory"),
    (r"\b(?:malloc|calloc|realloc|free|aligned_alloc|posix_memalign)\s*\(", "allocates"),
    (r"\bstd::(?:make_unique|make_shared|shared_ptr|allocate_shared)\b", "allocates"),
    (r"\bstd::(?:string|to_string|stringstream|ostringstream|format)\b", "builds strings"),
    (r"\bstd::(?:map|set|multimap|unordered_map|unordered_set|deque|list|any)\b",
     "is a container that allocates for each element"),
    (r"(?:\.|->)(?:push_back|emplace_back|resize|reserve|shrink_to_fit)\s*\(",
     "makes a container grow"),
    (r"\bstd::function\b", "may allocate and calls through a pointer"),
    (r"\b(?:throw|try|catch)\b", "unwinds; hot outcomes are values"),
    (r"\b(?:dynamic_cast|typeid)\b", "needs run-time types"),
    (r"\bvirtual\b", "calls through a table"),
    (r"\b(?:std::)?f?printf\s*\(|\bs?n?printf\s*\(|\bputs\s*\(", "prints"),
    (r"\bstd::(?:cout|cerr|clog|print)\b|\bfmt::|\bspdlog::", "logs"),
    (r"\bstd::\w*(?:mutex|lock_guard|unique_lock|scoped_lock|shared_lock)\b", "locks"),
    (r"\bstd::(?:condition_variable|future|promise|async|j?thread)\b", "waits for other threads"),
    (r"_clock::now\b|\bclock_gettime\b|\bgettimeofday\b|\bstd::time\b", "reads a clock"),
    (r"\b(?:rand|srand|getenv)\s*\(|\bstd::(?:random_device|getenv)\b", "asks the environment"),
    (r"(?<![\w>])::(?:open|close|read|write|send|sendto|recv|recvfrom|poll|ioctl|mmap|munmap|"
     r"fsync|connect|accept|usleep|nanosleep)\s*\(", "is a system call"),
    (r"\b(?:syscall|usleep|nanosleep|sched_yield|sleep_for|sleep_until)\s*\(|"
     r"\bstd::this_thread\b", "is a system call"),
    (r"\bstd::regex\b|\bstd::iostream\b|\bstd::filesystem\b", "has no bound"),
]
# The tick counter is for the rooms that stamp; data rooms take their time from the frame.
TICKS = (r"\b(?:__)?rdtscp?\s*\(|\b_rdtsc\b|\b__rdtscp?\b|\bread_tsc\s*\(|\brte_rdtsc\w*\s*\(",
         "reads the tick counter outside a room that stamps")
STAMPING_ROOMS = {"base", "nic", "telemetry", "engine", "app"}

_SOURCES = re.compile(r"hot_sources\s*\+?=\s*files\(([^)]*)\)")
_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
_COLD = re.compile(r"//.*\bCold\b")


def head_of(text: str) -> str:
    """The comment on top of a file."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        lines.append(line)
    return "\n".join(lines)


def hot_files(tree: Tree) -> list[str]:
    waiting: list[str] = []
    for path in tree.paths:
        if re.fullmatch(r"src/\w+/meson\.build", path):
            folder = PurePosixPath(path).parent
            for listed in _SOURCES.findall(tree.text(path) or ""):
                waiting += [str(folder / name) for name in re.findall(r"'([^']+)'", listed)]
    known, hot = set(tree.paths), set()
    while waiting:
        path = waiting.pop()
        if path in hot or path not in known:
            continue
        text = tree.text(path) or ""
        if path.endswith((".hpp", ".h")) and _COLD.search(head_of(text)):
            continue
        hot.add(path)
        waiting += ["src/" + name for name in _INCLUDE.findall(text)]
    return sorted(hot)


def cold_lines(text: str) -> set[int]:
    """Lines of functions and single lines that are marked cold."""
    marks = {number for number, line in enumerate(text.splitlines(), 1)
             if re.search(r"//\s*Cold\b", line)}
    marked = set(marks)
    comment = re.compile(r"^\s*//")
    lines = text.splitlines()
    for function in cpp.functions(text):
        above = function.first - 1
        while above >= 1 and (comment.match(lines[above - 1])
                              or lines[above - 1].lstrip().startswith("template")):
            if above in marks:
                marked.update(range(function.first, function.last + 1))
            above -= 1
    for mark in marks:
        if comment.match(lines[mark - 1]):
            marked.add(mark + 1)
    return marked


def findings_in(path: str, text: str) -> Iterator[Finding]:
    room = PurePosixPath(path).parts[1] if path.count("/") > 1 else ""
    table = BANNED if room in STAMPING_ROOMS else [*BANNED, TICKS]
    exempt = cold_lines(text)
    for number, line in enumerate(cpp.code_only(text).splitlines(), 1):
        if number in exempt or not line.strip():
            continue
        for pattern, reason in table:
            match = re.search(pattern, line)
            if match:
                yield Finding(path, number, f"hot code: '{match.group(0).strip()}' {reason}")


def hot_calls(tree: Tree) -> Iterator[Finding]:
    """hot code neither allocates, locks, prints, throws, calls virtually nor enters the kernel"""
    for path in hot_files(tree):
        yield from findings_in(path, tree.text(path) or "")


def hot_noexcept(tree: Tree) -> Iterator[Finding]:
    """hot functions are noexcept"""
    for path in hot_files(tree):
        text = tree.text(path) or ""
        exempt = cold_lines(text)
        for function in cpp.functions(text):
            if function.first in exempt or function.name.startswith("~"):
                continue
            if not re.search(r"\bnoexcept\b|\bconsteval\b|^extern|=\s*default", function.header):
                yield Finding(path, function.first, f"hot function {function.name} is not noexcept")


CHECKS = (hot_calls, hot_noexcept)
