# SPDX-License-Identifier: Apache-2.0
"""In: C or C++ text. Out: the text with comments and literals blanked (lines stay where they are),
and the functions it defines with their first and last lines, found by matching braces."""

import re
from dataclasses import dataclass

# One alternative each: raw string, line comment, block comment, string, character.
_PIECE = re.compile(
    r'R"(?P<mark>[^\s()\\]{0,16})\((?:.|\n)*?\)(?P=mark)"'
    r"|//[^\n]*"
    r"|/\*(?:.|\n)*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)


def _blank(match: re.Match) -> str:
    text = match.group(0)
    kept = text[0] + text[-1] if text[0] in "\"'" else ""
    if kept:
        return text[0] + re.sub(r"[^\n]", " ", text[1:-1]) + text[-1]
    return re.sub(r"[^\n]", " ", text)


def blanked(text: str) -> str:
    """Comments and the insides of literals become spaces."""
    return _PIECE.sub(_blank, text)


def code_only(text: str) -> str:
    """As blanked, without preprocessor lines: what braces are matched in."""
    return _DIRECTIVE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), blanked(text))


@dataclass(frozen=True)
class Function:
    name: str
    header: str  # from the end of what stands before to the opening brace
    first: int  # line of the first word
    last: int  # line of the closing brace
    body: tuple[int, int]  # offsets of the braces in the text

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def closing(text: str, opening: int) -> int:
    """The offset of the brace that closes the one at opening; the end of the text if none does."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, opening):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.start()
    return len(text) - 1


def _without_angles(header: str) -> str:
    """Drops 'template <...>' prefixes, so that 'class' in them is no class."""
    while True:
        match = re.match(r"\s*template\s*<", header)
        if not match:
            return header
        depth, at = 1, match.end()
        while at < len(header) and depth:
            if header[at] == "<":
                depth += 1
            elif header[at] == ">" and header[at - 1] != "-":
                depth -= 1
            at += 1
        header = header[at:]


_SCOPE = re.compile(
    r"^\s*(?:requires\b[^{;]*?\b)?(?:inline\s+)?(?:typedef\s+|static\s+|constexpr\s+)*"
    r"(?:namespace|class|struct|union|enum|extern\s+\"[^\"]*\"\s*$)(?![\w])")
_ACCESS = re.compile(r"^\s*(?:(?:public|private|protected)\s*:)+")
_NAME = re.compile(r"(operator\s*(?:\(\)|\[\]|[^\s\w(]+|\w+)|~?\w+)\s*$")


def _first_parenthesis(header: str) -> int:
    """The offset of the parenthesis that opens the parameters, or -1."""
    at = header.find("operator()")
    start = at + len("operator()") if at >= 0 else 0
    for match in re.finditer(r"\(", header[start:]):
        before = header[:start + match.start()].rstrip()
        if not re.search(r"\b(alignas|decltype|noexcept|requires|explicit|__attribute__|sizeof)$",
                         before):
            return start + match.start()
    return -1


def _defines_value(header: str, parenthesis: int) -> bool:
    """True for 'auto x = f(' : an '=' that belongs to no operator's name stands before."""
    return bool(re.search(r"(?<!operator)(?<![=!<>+\-*/%&|^])=(?!=)", header[:parenthesis]))


def functions(text: str) -> list[Function]:
    """Every function that has a body, at namespace or class scope. Lambdas belong to theirs."""
    code = code_only(text)
    found: list[Function] = []
    _scan(code, 0, len(code), found)
    return found


def _line(code: str, offset: int) -> int:
    return code.count("\n", 0, offset) + 1


def _scan(code: str, start: int, end: int, found: list[Function]) -> None:
    mark = start  # where the text since the last finished piece begins
    at = start
    while at < end:
        letter = code[at]
        if letter in ";}":
            mark = at + 1
        elif letter == "{":
            at = _open(code, mark, at, found)
            # After an initialiser of a member ('x_{1}, y_{2} {') the same header goes on.
            following = code[at + 1:end].lstrip()[:1]
            if following not in (",", "{", ";", ")") or code[at] != "}":
                mark = at + 1
        at += 1


def _open(code: str, mark: int, brace: int, found: list[Function]) -> int:
    """Handles one opening brace; returns the offset of its closing one."""
    end = closing(code, brace)
    header = _ACCESS.sub("", code[mark:brace])
    bare = _without_angles(header)
    if _SCOPE.search(bare) and not re.search(r"\)\s*(const|noexcept|override|\s)*$", bare):
        if not re.match(r"\s*(?:typedef\s+)?enum\b", bare):
            _scan(code, brace + 1, end, found)
        return end
    if bare.count("(") != bare.count(")"):
        return end  # inside a call: '(Case{...}, Case{...})'
    parenthesis = _first_parenthesis(bare)
    following = code[end + 1:end + 200].lstrip()[:1]
    if parenthesis < 0 or _defines_value(bare, parenthesis) or following in (",", "{"):
        return end
    name = _NAME.search(bare[:parenthesis])
    first = mark + (len(code[mark:brace]) - len(header)) + len(header) - len(header.lstrip())
    found.append(Function(
        name.group(1) if name else "?", header.strip(), _line(code, first), _line(code, end),
        (brace, end)))
    return end
