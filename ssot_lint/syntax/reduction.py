"""Cuts a file down to the statements that matter, as a module that is valid by itself.

Every kept line keeps its columns. Of the headers around them, definitions keep their names and their place
among the scopes; those of other blocks become `if 1:`, so that a reduction never needs their siblings. No one
may look at what such a header was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ssot_lint.syntax.outline import Outline

_PATTERN_BLOCKS = frozenset({"match", "case"})
_STAND_IN = "if 1:"


@dataclass(frozen=True, slots=True)
class Reduced:
    """A module's text, where its logical lines begin behind their indentation, and for each of its rows, from
    0, the row of the file that it came from, from 1.
    """

    text: str
    lines: list[int]
    rows: list[int]


class CannotReduceError(ValueError):
    """The lines cannot be cut out without shifting a column; the whole file must be taken."""


def reduce(outline: Outline, lines: Iterable[int], functions: Iterable[int]) -> Reduced:
    """Keep `lines`, and all of the bodies of the definitions whose headers are in `functions`.

    Raises `CannotReduceError` where that cannot be done with all columns in place.
    """
    return _Reduction(outline, set(lines), set(functions)).run()


class _Reduction:
    def __init__(self, outline: Outline, lines: set[int], functions: set[int]) -> None:
        self._outline = outline
        self._whole = {line for header in functions for line in outline.body(header)}
        self._kept = lines | functions | self._whole
        self._kept |= {outline.decorated(line) for line in lines if outline.keyword(line) == "@"}
        self._frames = {header for line in self._kept for header in outline.ancestors(line)} - self._kept
        self._pieces: list[str] = []
        self._length = 0
        self._lines: list[int] = []
        self._rows: list[int] = []

    def run(self) -> Reduced:
        outline = self._outline
        inhabited = {outline.parent(line) for line in self._kept | self._frames if not outline.is_blank(line)}
        row, at = 1, 0
        for line in sorted(self._kept | self._frames):
            row += outline.text.count("\n", at, line)
            at = line
            self._emit_line(line, row)
            if line not in inhabited and line not in self._whole and outline.opens_block(line):
                self._emit_filler(line, row)
        return Reduced("".join(self._pieces), self._lines, self._rows)

    def _emit_line(self, line: int, row: int) -> None:
        outline = self._outline
        indentation = outline.indentation(line)
        text = outline.text[outline.head(line) : outline.end(line)]
        word = outline.keyword(line)
        if line in self._frames and word not in _PATTERN_BLOCKS:
            text = _frame(outline.definition(line))
        elif line not in self._whole:
            if word == "except":
                self._emit(indentation, "try: pass", row)
            text = _freestanding(text, word)
        self._emit(indentation, text, row)

    def _emit_filler(self, line: int, row: int) -> None:
        body = "case _: pass" if self._outline.keyword(line) == "match" else "pass"
        self._emit(f"{self._outline.indentation(line)} ", body, row)

    def _emit(self, indentation: str, text: str, row: int) -> None:
        text = text if text.endswith("\n") else text + "\n"
        if text[0] not in "\r\n#":
            self._lines.append(self._length + len(indentation))
        self._length += len(indentation) + len(text)
        self._pieces += (indentation, text)
        self._rows.extend(range(row, row + text.count("\n")))


def _frame(definition: str | None) -> str:
    """The header of a block that is there only for what is in it."""
    if definition is None:
        return _STAND_IN
    return f"{definition}:" if definition.startswith("class") else f"{definition}():"


def _freestanding(text: str, word: str) -> str:
    """A clause that needs an `if` or `try` before it, as one that does not; columns stay where they are."""
    if word == "elif":
        return "if  " + text[len(word) :]
    if word not in ("else", "finally", "try"):
        return text
    rest = text[len(word) :].lstrip(" \t\f\\\r\n")
    if not rest.startswith(":"):
        return text
    colon = len(text) - len(rest)
    if "\n" in text[:colon]:
        raise CannotReduceError
    body = text[colon + 1 :]
    if not body.strip() or body.lstrip(" \t\f").startswith("#"):
        return _STAND_IN
    padding = colon + 1 - len(_STAND_IN)
    if padding < 0 and not body.startswith(" "):
        raise CannotReduceError
    return "if 1" + " " * max(padding, 0) + ":" + body[max(-padding, 0) :]
