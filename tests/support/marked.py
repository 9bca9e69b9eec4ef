"""Code in which « and » stand around what is meant."""

from __future__ import annotations

import re

from ssot_lint.model import Position, Span


def unmark(code: str) -> tuple[str, list[Span]]:
    """The code without the marks, and the spans that they stood around, in the order of their ends."""
    text, starts, spans = "", [], []
    for piece in re.split("([«»])", code):
        if piece == "«":
            starts.append(len(text))
        elif piece == "»":
            spans.append(Span(position(text, starts.pop()), position(text, len(text))))
        else:
            text += piece
    return text, spans


def position(text: str, offset: int) -> Position:
    """The row and the column of an offset."""
    rows = re.split("\r\n|\r|\n", text[:offset])
    return Position(len(rows), len(rows[-1]) + 1)
