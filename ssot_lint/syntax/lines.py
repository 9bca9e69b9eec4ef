"""Logical lines: where each statement or header of a file begins and ends."""

from __future__ import annotations

import re

from ssot_lint.syntax.lexer import Region, scan


def _string(quote: str, inside: str) -> str:
    """A string literal, but no f-string in which a field holds the same quotes again (PEP 701).

    `inside` matches a quote character that does not end the string.
    """
    mark = quote[0]
    stop = mark if inside else rf"{mark}\n"
    more = rf"|{inside}" if inside else ""
    opening = quote if inside else rf"{mark}(?!{mark}{mark})"
    field = rf"\{{(?>(?:[^{{}}{stop}]++{more}|\{{[^{{}}{stop}]*+\}})*)\}}"
    escape = r"\\(?:\r\n|[\s\S])"
    plain = rf"(?<![fFtT])(?<![fFtT][rR]){opening}(?>(?:[^{stop}\\]++{more}|{escape})*){quote}"
    formatted = rf"{opening}(?>(?:[^{stop}\\{{}}]++{more}|{escape}|\{{\{{|\}}\}}|{field})*){quote}"
    return f"{plain}|{formatted}"


_ATOM = "|".join(
    (
        r'[^\n\\()\[\]{}"\'#]++',
        _string('"', ""),
        _string("'", ""),
        r"\#[^\n]*+",
        _string('"""', r'"(?!"")'),
        _string("'''", r"'(?!'')"),
        r"\\\r?\n",
    )
)
_NESTED = rf"(?>(?:{_ATOM}|\n|[(\[{{](?>(?:{_ATOM}|\n)*)[)\]}}])*)"
_UP_TO_EVENT = re.compile(rf"(?>(?:{_ATOM}|[(\[{{]{_NESTED}[)\]}}])*)(?:([\n()\[\]{{}}])|\Z)")


def split(text: str) -> list[int]:
    """The offsets behind each logical line of `text`; blank lines and comments count as lines.

    Raises `LexError` where strings or brackets do not end.
    """
    ends: list[int] = []
    depth = at = 0
    match = _UP_TO_EVENT.match
    while found := match(text, at):
        at = found.end()
        event = found[1]
        if event == "\n":
            if not depth:
                ends.append(at)
        elif not event:
            break
        elif event in "([{":
            depth += 1
        else:
            depth -= 1
            if depth < 0:
                break
    if not found or depth:
        return split_by_scanning(text)
    return _with_last(ends, len(text))


def split_by_scanning(text: str) -> list[int]:
    """The same as `split` by the exact scanner: slower, right for all f-strings, and the reference for it."""
    ends: list[int] = []
    depth = 0
    for stretch in scan(text):
        if stretch.region is Region.OPEN:
            depth += 1
        elif stretch.region is Region.CLOSE:
            depth -= 1
        elif stretch.region is Region.NEWLINE and not depth:
            ends.append(stretch.end)
    return _with_last(ends, len(text))


def _with_last(ends: list[int], length: int) -> list[int]:
    if length and (not ends or ends[-1] < length):
        ends.append(length)
    return ends
