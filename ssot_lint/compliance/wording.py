"""Numbers as people read them, alike in every form of the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ssot_lint.compliance.numbers import Compliance, History, Point, Tally, since_first_id

_PERCENT = 100
_COMPARABLE = 2
_DISTINCT = 0.1
"""Percentage points below which a rate that is neither 0 nor 1 would look as if it were."""


def percent(rate: float | None) -> str:
    """A rate with one decimal; only nothing reads as 0 and only everything as 100."""
    if rate is None:
        return "\N{EN DASH}"
    value = round(rate * _PERCENT, 1)
    if 0 < rate < 1:
        value = min(max(value, _DISTINCT), _PERCENT - _DISTINCT)
    return f"{value:.1f} %" if value % _PERCENT else f"{value:.0f} %"


def number(count: int) -> str:
    return f"{count:,}"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def day(time: int) -> str:
    """The day of a time in seconds since the epoch, in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")


def minute(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")


def headline(total: Tally, sources: tuple[str, ...]) -> str:
    """The measurement in one sentence."""
    if total.rate is None:
        return "No IDs are made here."
    if not sources:
        return f"No source of truth is configured; {counted(total.total, 'place')} make IDs."
    source = " and ".join(f"`{name}`" for name in sources)
    places = f"{number(total.by_source)} of {counted(total.total, 'place')} that make IDs"
    return f"{percent(total.rate)} of the IDs come from the source of truth: {places} use {source}."


def scope(history: History) -> str:
    """How much was measured, in one sentence."""
    measured = counted(len(history.points), "commit")
    of = "" if len(history.points) == history.commits else f" of {number(history.commits)}"
    line = f"{measured}{of}, {counted(history.blobs, 'different file content')}, each scanned once"
    if again := history.scans - history.blobs:
        line += f", {number(again)} scanned again where they mean something else"
    if history.failed:
        line += f"; {number(history.failed)} could not be parsed"
    if history.missing:
        line += f"; the repository lacks {counted(history.missing, 'object')}"
    return f"{line}."


def change(points: Sequence[Point]) -> str:
    """What has become of the rate and of what is made elsewhere, empty if there is nothing to compare."""
    since = since_first_id(points)
    if len(since) < _COMPARABLE:
        return ""
    first, last = since[0], since[-1]
    grown = last.tally.elsewhere - first.tally.elsewhere
    if not grown:
        elsewhere = "as many places make"
    else:
        comparison = "more" if grown > 0 else "fewer"
        elsewhere = f"{number(abs(grown))} {comparison} {'place makes' if abs(grown) == 1 else 'places make'}"
    rates = f"From {percent(first.tally.rate)} to {percent(last.tally.rate)}"
    return f"{rates} since {day(first.time)}; {elsewhere} IDs elsewhere."


def unmeasured(compliance: Compliance) -> str:
    """What the numbers lack, empty if they lack nothing."""
    count = len(compliance.failures)
    return (
        f"{counted(count, 'file')} could not be checked, and what they make is not counted." if count else ""
    )
