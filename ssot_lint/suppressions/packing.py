"""Suppressions as plain lists and strings, to be kept between runs."""

from __future__ import annotations

from typing import Any

from ssot_lint.model import Span
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
        suppression.names.numbers,
        suppression.removal.numbers,
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
        names=Span.of(names),
        removal=Span.of(removal),
    )


def _pack_place(place: Place) -> list[Any]:
    return [place.span.numbers, place.symbol, place.snippet, place.line]


def _unpack_place(packed: list[Any]) -> Place:
    span, symbol, snippet, line = packed
    return Place(Span.of(span), symbol, snippet, line)
