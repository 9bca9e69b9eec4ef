"""What names are given in a function, and whether something that is looked for can be in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ssot_lint.syntax.lexer import Region, Stretch
from ssot_lint.syntax.outline import Outline

_WORD = re.compile(r"\w+")
_KEY_START = re.compile(r"[rRuU]?[\"']+")
_GAP = r"(?>(?:[\s\\]|\#[^\n]*\n)*)"
_KEYWORD = rf"[(,]{_GAP}\w+{_GAP}(?:=(?!=)|:(?!=))"
_VARIABLE = re.compile(rf"{_KEYWORD}|(\w+)(?>(?:[\s\\)]|\#[^\n]*\n)*)(?::|=(?!=))")
_QUOTES = ("'", '"')
_NO_CODE = (Region.STRING, Region.FORMAT_TEXT, Region.COMMENT)
_CALLED = re.compile(r"[\w\])]")


@dataclass(frozen=True, slots=True)
class Given:
    """A name, or a string that is one, in code at `start`; what it is given stands from `end` on."""

    name: str
    start: int
    end: int


def givens(outline: Outline, needle: re.Pattern[str]) -> Iterator[Given]:
    """The names with which `needle` matches; the value stands behind the match, or behind others after a comma."""
    for match in needle.finditer(outline.text):
        word = _WORD.match(outline.text, match.start())
        if word is not None and _stands_alone(outline, *word.span()):
            yield Given(word[0], *match.span())


def _stands_alone(outline: Outline, start: int, end: int) -> bool:
    """Whether a word is one in code, or all of a string."""
    text = outline.text
    if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    if before not in _QUOTES:
        return outline.region(start) not in _NO_CODE
    if before == after and outline.opens_string(start - 1):
        return True
    stretch = outline.stretch(start)
    if stretch is None or stretch.region not in _NO_CODE:
        return True
    begins = _KEY_START.fullmatch(text, stretch.start, start) is not None
    return stretch.region is Region.STRING and begins and not text[end : stretch.end].strip("\"'")


def reached(
    outline: Outline, lines: Sequence[int], found: Iterable[Given], pattern: re.Pattern[str]
) -> Iterator[Given]:
    """Those in whose value `pattern` matches, or a variable stands that has such a value in one of the lines."""
    values = {given: _value(outline, given) for given in found}
    names = _names(outline, lines, pattern) if len(values) > 1 else set()
    for given, value in values.items():
        if pattern.search(value) or not names.isdisjoint(_WORD.findall(value)):
            yield given


def _names(outline: Outline, lines: Sequence[int], pattern: re.Pattern[str]) -> set[str]:
    """The variables with something in their value in which `pattern` matches; other names may be among them."""
    texts = [outline.text[slice(*outline.bounds(line))] for line in lines]
    latest = [text for text in texts if pattern.search(text)]
    left = {text: set(_WORD.findall(text)) for text in texts if "=" in text}
    names: set[str] = set()
    while latest:
        names |= {match[1] for text in latest for match in _VARIABLE.finditer(text) if match[1]}
        latest = [text for text, words in left.items() if not names.isdisjoint(words)]
        for text in latest:
            del left[text]
    return names


def _value(outline: Outline, given: Given) -> str:
    """The code up to the end of the argument or the item; for a variable all of its statement."""
    text, at = outline.text, given.end
    line = outline.line_at(given.start)
    stretches = outline.stretches(line)
    following = bisect_right(stretches, at - 1, key=lambda each: each.start)
    opening = _opening(text, stretches[:following])
    is_unpacked = text[at - 1] == ","
    if opening is None or (is_unpacked and not _CALLED.match(text, opening - 1)):
        return text[slice(*outline.bounds(line))]
    return "" if is_unpacked else text[at : _end_of_item(text, at, stretches[following:])]


def _opening(text: str, stretches: Sequence[Stretch]) -> int | None:
    """The offset of the innermost bracket, or field of a string, that is open behind the stretches."""
    depth = 0
    for each in reversed(stretches):
        depth += _step(text, each)
        if depth > 0:
            return each.end - 1
    return None


def _end_of_item(text: str, at: int, stretches: Iterable[Stretch]) -> int:
    """Where the next comma is, or the bracket is closed, that is not in other brackets."""
    depth = 0
    for each in stretches:
        comma = -1 if depth else text.find(",", at, each.start)
        if comma >= 0:
            return comma
        depth += _step(text, each)
        at = each.end
        if depth < 0:
            break
    return at


def _step(text: str, stretch: Stretch) -> int:
    """By how much the nesting is deeper behind a stretch than before it."""
    if stretch.region is Region.FORMAT_TEXT:
        return (text[stretch.end - 1] == "{") - (text[stretch.start] == "}")
    return (stretch.region is Region.OPEN) - (stretch.region is Region.CLOSE)
