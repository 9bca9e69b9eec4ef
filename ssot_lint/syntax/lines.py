"""Logical lines: which rows of a file belong together."""

from __future__ import annotations

import re
from itertools import pairwise

from ssot_lint.syntax.lexer import Region, scan

_NESTED = 2
_MARKS = "()[]{}\"'#\\"
_QUOTES = "\"'#"
_ESCAPE = r"\\(?:\r\n|[\s\S])"
_ESCAPE_IN_ROW = r"\\[^\r\n]"


def _but(characters: str) -> str:
    """All characters up to U+00FF but these; Python is quicker with such a set than with one that has a `^`."""
    codes = [-1, *sorted(map(ord, characters)), 0x100]
    gaps = [(low + 1, high - 1) for low, high in pairwise(codes) if high - low > 1]
    return f"[{''.join(f'{re.escape(chr(first))}-{re.escape(chr(last))}' for first, last in gaps)}]"


def _string(quote: str, inside: str = "", escape: str = _ESCAPE) -> str:
    """A string literal, but no f-string in which a field holds the same quotes again (PEP 701).

    `inside` matches a quote character that does not end the string.
    """
    mark = quote[0]
    stop = mark if inside else rf"{mark}\n"
    more = rf"|{inside}" if inside else ""
    opening = quote if inside else rf"{mark}(?!{mark}{mark})"
    field = rf"\{{(?>(?:[^{{}}{stop}]++{more}|\{{[^{{}}{stop}]*+\}})*)\}}"
    plain = rf"(?<![fFtT])(?<![fFtT][rR]){opening}(?>(?:[^{stop}\\]++{more}|{escape})*){quote}"
    formatted = rf"{opening}(?>(?:[^{stop}\\{{}}]++{more}|{escape}|\{{\{{|\}}\}}|{field})*){quote}"
    return f"{plain}|{formatted}"


def _simple_string(quote: str, opening: str) -> str:
    """A string in one row without escapes and braces."""
    return opening + _but(f"{quote[0]}\\{{}}\n") + f"*+{quote}"


def _brackets(depth: int) -> str:
    """Brackets that are closed in their row, with at most `depth` others in each other inside."""
    code = f"{_but(_MARKS + chr(10))}*+"
    inside = "|".join((_DOUBLE, *([_brackets(depth - 1)] if depth else []), _SINGLE, _OTHERS))
    return rf"[(\[{{]{code}(?:[)\]}}]|(?>(?:(?:{inside}){code})+)[)\]}}])"


_DOUBLE = _simple_string('"', '"(?!"")')
_SINGLE = _simple_string("'", "'(?!'')")
_OTHERS = "|".join((r"[^\x00-\xff]++", *(_string(mark, escape=_ESCAPE_IN_ROW) for mark in "\"'")))
_IN_ROW = "|".join(
    (_DOUBLE, _brackets(_NESTED), r"\#[^\n]*+", _SINGLE, _simple_string('"""', '"""'), _OTHERS)
)
_DOCSTRING = r'(?<![fFtT])(?<![fFtT][rR])"""[^"]*+(?<!\\)"""'
_ANY_STRING = "|".join(
    (_DOCSTRING, _string('"""', r'"(?!"")'), _string("'''", r"'(?!'')"), _string('"'), _string("'"))
)
_UP_TO_EVENT = re.compile(
    rf"{_but(_MARKS)}*+(?>(?:(?:{_IN_ROW}){_but(_MARKS)}*+)*)(?:([(\[{{])|([)\]}}])|({_ANY_STRING}|\\\r?\n)|)"
)
_OPEN, _CLOSE, _JOINED = 1, 2, 3

BEFORE = re.compile(
    rf"(?>(?:{_but(_QUOTES)}++|[^\x00-\xff]++|{_DOUBLE}|{_SINGLE}|{_ANY_STRING}|\#[^\n]*+\n)*)(\#[^\n]*+)?"
)
"""What stands in a line before an offset in code, or in a comment if it has a group.

It may be wrong where quotes stand on both sides of the offset.
"""


def joins(text: str) -> list[int]:
    """The offsets at which text begins whose line ends do not end a logical line, and at which it ends, in turn.

    Raises `LexError` where strings or brackets do not end.
    """
    edges: list[int] = []
    depth = at = 0
    match, end = _UP_TO_EVENT.match, len(text)
    while at < end and depth >= 0 and (found := match(text, at)):
        event = found.lastindex
        if event is None and found.end() == at:
            break
        at = found.end()
        if event == _OPEN:
            if not depth:
                edges.append(at - 1)
            depth += 1
        elif event == _CLOSE:
            depth -= 1
            if not depth:
                edges.append(at)
        elif event == _JOINED and not depth:
            edges += found.span(event)
    return edges if at == end and not depth else _joins_by_scanning(text)


def _joins_by_scanning(text: str) -> list[int]:
    ends = frozenset(split_by_scanning(text))
    line_ends = (match.start() for match in re.finditer("\n", text))
    return [edge for at in line_ends if at + 1 not in ends for edge in (at, at + 1)]


def split_by_scanning(text: str) -> list[int]:
    """The offsets behind each logical line, by the exact scanner: slower, right for all f-strings, and the reference.

    Blank lines and comments count as lines. Raises `LexError` where strings or brackets do not end.
    """
    ends: list[int] = []
    depth = 0
    for stretch in scan(text):
        if stretch.region is Region.OPEN:
            depth += 1
        elif stretch.region is Region.CLOSE:
            depth -= 1
        elif stretch.region is Region.NEWLINE and not depth:
            ends.append(stretch.end)
    if text and (not ends or ends[-1] < len(text)):
        ends.append(len(text))
    return ends
