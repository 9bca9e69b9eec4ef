"""Code in one form, however it is laid out: formatting a file anew makes no finding a new one."""

from __future__ import annotations

import re
from itertools import accumulate

# Each begins with a character that is soon found.
_INSIDE_BRACKETS = re.compile(r" (?<=[(\[{] )| (?=[)\]}])|, ?(?=[)\]}])|,$")
_SINGLE_QUOTES = re.compile(r"'([^'\"\\]*)'")
_GROUPED = re.compile(
    r"(?P<before>(?:(?:.*?[^=!<>])?=|return|yield|await|assert|if|elif|while|for .*? in) )"
    r"\((?P<inside>.*)\)(?P<after>:?)"
)
_DEPTH = {"(": 1, ")": -1}
_LONGEST_GROUPED = 500
"""Characters; what is longer is searched for its brackets in vain, and in quadratic time."""


def normal_form(code: str) -> str:
    """A statement, or a row of one, in one line: without what formatters add, drop and choose.

    That is white space, the comma in front of a closing bracket, the kind of quotes, and the parentheses that
    let an expression go over several rows. It need not be valid Python.
    """
    folded = _INSIDE_BRACKETS.sub("", " ".join(code.split()))
    return _ungrouped(_SINGLE_QUOTES.sub(r'"\1"', folded))


def shortest(code: str) -> int:
    """A length that the normal form of `code` has at least, found quickly."""
    return len("".join(code.split())) - code.count(",") - len("()")


def _ungrouped(code: str) -> str:
    if len(code) > _LONGEST_GROUPED or " (" not in code or not code.endswith((")", "):")):
        return code
    found = _GROUPED.fullmatch(code)
    if found is None or min(accumulate(_DEPTH.get(char, 0) for char in found["inside"]), default=0) < 0:
        return code
    return f"{found['before']}{found['inside']}{found['after']}"
