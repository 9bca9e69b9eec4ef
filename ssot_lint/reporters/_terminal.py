"""Text on a terminal: what a string looks like there, how wide it is, and colour."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.model import Severity

TAB = 4

_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "34"}


@dataclass(frozen=True, slots=True)
class Style:
    """Wraps text in escape sequences, or leaves it as it is."""

    color: bool

    def bold(self, text: str) -> str:
        return self._wrap("1", text)

    def frame(self, text: str) -> str:
        return self._wrap("34", text)

    def severity(self, severity: Severity, text: str) -> str:
        return self._wrap(f"1;{_COLORS[severity]}", text)

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text


def printable(text: str) -> str:
    """The text in one line without anything that a terminal would obey instead of showing."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown for shown, _ in cells(text))


def cells(text: str) -> Iterator[tuple[str, int]]:
    """For each code point what is shown for it and how many columns that takes, 0 for combining ones."""
    column = 0
    for character in text:
        cell = (" " * (TAB - column % TAB), TAB - column % TAB) if character == "\t" else _cell(character)
        column += cell[1]
        yield cell


def _cell(character: str) -> tuple[str, int]:
    if character < "\x20":
        return chr(0x2400 + ord(character)), 1
    if character.isascii() and character != "\x7f":
        return character, 1
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return "\N{REPLACEMENT CHARACTER}", 1
    if category in ("Mn", "Me"):
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
