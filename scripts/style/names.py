# SPDX-License-Identifier: Apache-2.0
"""In: the tree. Out: findings about names: words that say nothing, and words cut short."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from style import cpp
from style.tree import Finding, Tree

# A name with one of these is a name not found yet.
EMPTY_WORDS = {"util", "utils", "utility", "utilities", "helper", "helpers", "manager", "handler",
               "handlers", "info", "misc", "stuff", "v2"}
# As a whole name only: 'shared_data' says whose.
EMPTY_NAMES = {"data", "tmp", "temp", "foo", "bar"}
# Words cut short, and the whole word.
SHORT_WORDS = {
    "buf": "buffer", "msg": "message", "pkt": "packet", "idx": "index", "cnt": "count",
    "ptr": "pointer", "cfg": "config", "len": "length", "num": "number or count",
    "qty": "quantity", "px": "price", "seq": "sequence", "hdr": "header", "ret": "result",
    "ctx": "context", "mgr": "what it does", "impl": "what it is", "cb": "callback",
    "tbl": "table", "sz": "size", "ord": "order", "exec": "execution", "req": "request",
    "resp": "response", "conn": "connection", "sess": "session", "elem": "element",
}
# Words of the outside world: types of the C library, ABI names, protocol texts.
FOREIGN = re.compile(
    r"^(rte_|hdr_histogram|HdrHistogram|pcap_|numa_|lzma_|sodium_|crypto_|randombytes_"
    r"|sockaddr|in_addr|tcp_info$|_|LLVM"
    r"|(thousands_sep|decimal_point)_impl$)")
_IDENTIFIER = re.compile(r"(?<![\w.])(?<!->)(?<!::)[A-Za-z_]\w*(?!\s*::)")


def words_of(name: str) -> list[str]:
    """'maxLatencyNs' and 'max_latency_ns_' to their words, in lower case."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return [part.lower() for part in parts]


def fault_of(name: str) -> str | None:
    """What is wrong with a name; None when nothing is."""
    if FOREIGN.search(name) or (name.isupper() and len(name) > 2):
        return None
    if name.rstrip("_") in EMPTY_NAMES:
        return f"'{name}' says nothing"
    for word in words_of(name):
        if word in EMPTY_WORDS:
            return f"'{name}': '{word}' says nothing"
        if word in SHORT_WORDS:
            return f"'{name}': write {SHORT_WORDS[word]}"
    return None


def file_names(tree: Tree) -> Iterator[Finding]:
    """files and folders are named in whole words, in snake_case"""
    for path in tree.paths:
        if tree.is_bytes(path) or path.startswith("."):
            continue
        for part in PurePath(path).parts:
            stem = part.split(".")[0]
            if fault_of(stem):
                yield Finding(path, 1, fault_of(stem) or "")
        if Path(path).suffix in {".cpp", ".hpp", ".py"} and path.startswith(
                ("src/", "tests/", "scripts/")):
            if not re.fullmatch(r"[a-z0-9_]+", Path(path).stem):
                yield Finding(path, 1, "is not in snake_case")


def identifiers(tree: Tree) -> Iterator[Finding]:
    """types, functions and variables of the product are named in whole words"""
    for path in tree.cpp("src/"):
        seen = set()
        for number, line in enumerate(cpp.code_only(tree.text(path) or "").splitlines(), 1):
            for match in _IDENTIFIER.finditer(line):
                name = match.group(0)
                if name in seen:
                    continue
                fault = fault_of(name)
                # Protocols have versions: build_v2 may be a message of version 2.
                if fault and not ("v2" in name and name.islower()):
                    seen.add(name)
                    yield Finding(path, number, fault)


def test_names(tree: Tree) -> Iterator[Finding]:
    """the name of a test is a sentence: two words at least, the first one large"""
    pattern = re.compile(r"^\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST)\(\s*(\w+)\s*,\s*(\w+)\s*\)")
    for path in tree.cpp("tests/"):
        for number, line in enumerate(tree.lines(path), 1):
            match = pattern.search(line)
            if match and (len(words_of(match.group(2))) < 2 or not match.group(2)[0].isupper()):
                yield Finding(path, number, f"test '{match.group(2)}' is no sentence")


CHECKS = (file_names, identifiers, test_names)
