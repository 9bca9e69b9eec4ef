"""Suppressions as plain lists and strings, to be kept between runs."""

from __future__ import annotations

from typing import Any

from ssot_lint.model import Position, Span
from ssot_lint.suppressions.model import Malformed, Place, Suppression, Suppressions


def pack(suppressions: Suppressions) -> list[Any]:
    """Something that JSON can hold, and `unpack` turns back."""
    return [
        [_pack_suppression(each) for each in suppressions.suppressions],
        [[_pack_place(each.place), each.message] for each in suppressions.malformed],
    ]


def unpack(packed: list[Any]) -> Suppressions:
    """Raises ValueError, TypeError or IndexError for what `pack` has not made."""
    suppressions, malformed = packed
    return Suppressions(
        tuple(_unpack_suppression(each) for each in suppressions),
        tuple(Malformed(_unpack_place(place), message) for place, message in malformed),
    )


def _pack_suppression(suppression: Suppression) -> list[Any]:
    return [
        _pack_place(suppression.place),
        suppression.rules,
        [suppression.rows.start, suppression.rows.stop],
        suppression.whole_file,
        suppression.until and suppression.until.isoformat(),
        suppression.reason,
        _pack_span(suppression.names),
        _pack_span(suppression.removal),
    ]


def _unpack_suppression(packed: list[Any]) -> Suppression:
    from datetime import date  # needed by few runs, and slow to load

    place, rules, rows, whole_file, until, reason, names, removal = packed
    return Suppression(
        place=_unpack_place(place),
        rules=tuple(rules),
        rows=range(*rows),
        whole_file=whole_file,
        until=until and date.fromisoformat(until),
        reason=reason,
        names=_unpack_span(names),
        removal=_unpack_span(removal),
    )


def _pack_place(place: Place) -> list[Any]:
    return [_pack_span(place.span), place.symbol, place.snippet, place.line]


def _unpack_place(packed: list[Any]) -> Place:
    span, symbol, snippet, line = packed
    return Place(_unpack_span(span), symbol, snippet, line)


def _pack_span(span: Span) -> list[int]:
    return [span.start.row, span.start.column, span.end.row, span.end.column]


def _unpack_span(packed: list[int]) -> Span:
    row, column, end_row, end_column = packed
    return Span(Position(row, column), Position(end_row, end_column))
