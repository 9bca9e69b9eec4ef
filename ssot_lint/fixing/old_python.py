"""What an older Python does not accept: some code inside f-strings before 3.12, and newer syntax."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

_FREE_FORMAT_STRINGS = (3, 12)
_QUOTED = {
    '"""': re.compile(r'(?>(?:[^"\\]|\\[\s\S]|"(?!""))*)"""'),
    "'''": re.compile(r"(?>(?:[^'\\]|\\[\s\S]|'(?!''))*)'''"),
    '"': re.compile(r'(?>(?:[^"\\\n]|\\[\s\S])*)"'),
    "'": re.compile(r"(?>(?:[^'\\\n]|\\[\s\S])*)'"),
}
_START = re.compile(r"#[^\n]*|(?P<prefix>\b[A-Za-z]{1,2})?(?P<quote>\"\"\"|'''|\"|')")
_LITERAL = re.compile(r"(?>(?:[^{}\\]|\{\{|\}\}|\\N\{[^}]*\}|\\[^{}]|\\(?=[{}]))*)")
_RAW_LITERAL = re.compile(r"(?>(?:[^{}]|\{\{|\}\})*)")
_SPECIFICATION = re.compile(r"[^{}]*+")
_DEEPEST = 2
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SINCE: Mapping[str, tuple[int, int]] = {
    "NamedExpr": (3, 8),
    "Match": (3, 10),
    "TryStar": (3, 11),
    "TypeAlias": (3, 12),
    "TemplateStr": (3, 14),
}


class OldSyntaxError(ValueError):
    """The text is not valid for Pythons before 3.12."""


def fault_before(version: tuple[int, int], text: str) -> str | None:
    """What a Python of `version` rejects in the strings of a piece of code; None if nothing."""
    if version >= _FREE_FORMAT_STRINGS:
        return None
    try:
        _check_code(text)
    except OldSyntaxError as error:
        return f"Python {version[0]}.{version[1]} rejects it: {error}"
    return None


def newer_syntax(version: tuple[int, int], old: ast.AST, new: ast.AST) -> str | None:
    """What `new` brings in that `old` has not and a Python of `version` does not know."""
    kinds = (type(node).__name__ for node in ast.walk(new))
    newer = [name for name in kinds if _SINCE.get(name, version) > version]
    had = {type(node).__name__ for node in ast.walk(old)} if newer else ()
    name = next((name for name in newer if name not in had), None)
    return None if name is None else f"Python {version[0]}.{version[1]} has no {name}"


def _check_code(text: str) -> None:
    at = 0
    while match := _START.search(text, at):
        at = match.end()
        if match["quote"]:
            at = _check_string(text, at, (match["prefix"] or "").lower(), match["quote"])


def _check_string(text: str, start: int, prefix: str, quote: str) -> int:
    """The offset behind a string that begins with its quotes before `start`."""
    match = _QUOTED[quote].match(text, start)
    if match is None:
        raise OldSyntaxError("an f-string has its own quotes inside a field")
    if "f" in prefix:
        content = text[start : match.end() - len(quote)]
        if _check_format(content, 0, 0, "r" in prefix) < len(content):
            raise OldSyntaxError("an f-string has a single '}'")
    return match.end()


def _check_format(text: str, at: int, depth: int, raw: bool) -> int:
    """Goes through literal text and fields, up to the end or to the brace that closes a specification."""
    if depth >= _DEEPEST:
        raise OldSyntaxError("the fields of an f-string are nested too deeply")
    literal = _RAW_LITERAL if raw else _LITERAL
    while True:
        match = (_SPECIFICATION if depth else literal).match(text, at)
        at = match.end() if match else at
        if at == len(text) or text[at] == "}":
            return at
        at = _check_field(text, at + 1, depth, raw)


def _check_field(text: str, start: int, depth: int, raw: bool) -> int:
    """The offset behind the brace that closes the field whose expression begins at `start`."""
    end = _expression_end(text, start)
    _check_code(text[start:end])
    at = end
    if text[at : at + 1] == "=":
        at += 1 + len(text[at + 1 :]) - len(text[at + 1 :].lstrip())
    if text[at : at + 1] == "!":
        at += 2
    if text[at : at + 1] == ":":
        at = _check_format(text, at + 1, depth + 1, raw)
    if text[at : at + 1] != "}":
        raise OldSyntaxError("an f-string has its own quotes inside a field")
    return at + 1


def _expression_end(text: str, start: int) -> int:
    at, closing = start, ""
    while at < len(text):
        char = text[at]
        if char == "\\":
            raise OldSyntaxError("an f-string has a backslash inside a field")
        if char == "#":
            raise OldSyntaxError("an f-string has a '#' inside a field")
        if char in "\"'":
            at = _quoted_end(text, at)
            continue
        if char in _CLOSING:
            closing = _CLOSING[char] + closing
        elif closing and char == closing[0]:
            closing = closing[1:]
        elif not closing and char in "!:}=":
            if char in "!=" and text[at + 1 : at + 2] == "=":
                at += 2
                continue
            if not (char == "=" and text[at - 1] in "<>"):
                return at
        at += 1
    raise OldSyntaxError("an f-string has its own quotes inside a field")


def _quoted_end(text: str, start: int) -> int:
    quote = next(quote for quote in _QUOTED if text.startswith(quote, start))
    match = _QUOTED[quote].match(text, start + len(quote))
    if match is None:
        raise OldSyntaxError("a string inside a field of an f-string does not end")
    if "\\" in match[0]:
        raise OldSyntaxError("an f-string has a backslash inside a field")
    return match.end()
