"""For a terminal: lines of text and tables, which the command line lays out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ssot_lint.compliance.numbers import Compliance, History, Share, Status, Tally, sampled, since_first_id
from ssot_lint.compliance.wording import change, headline, minute, number, percent, unmeasured
from ssot_lint.reporters._terminal import printable

_SHOWN = 20
_POINTS = 12
_CELLS = 16
_HEAD = ("by source", "elsewhere", "compliance", "")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns under their heads; numbers are padded to stand below each other."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def blocks(compliance: Compliance, history: History | None) -> Iterator[str | Table]:
    """The report for a terminal: lines of text, and tables."""
    yield headline(compliance.total, compliance.sources) + "\n"
    if remark := unmeasured(compliance):
        yield remark + "\n"
    yield from _shares("package", compliance.packages)
    yield from _shares("owner", compliance.owners)
    yield from _rules(compliance)
    if history is not None and history.points:
        yield from _history(history)


def _shares(what: str, shares: Sequence[Share]) -> Iterator[str | Table]:
    if not shares:
        return
    most = max(share.tally.total for share in shares)
    rows = [(printable(share.name or "(nobody)"), *_numbers(share.tally, most)) for share in shares[:_SHOWN]]
    yield "\n"
    yield Table((what, *_HEAD), rows)
    if len(shares) > _SHOWN:
        yield f"and {number(len(shares) - _SHOWN)} more\n"


def _rules(compliance: Compliance) -> Iterator[str | Table]:
    if compliance.rules:
        rows = [
            (
                each.rule,
                *(f"{number(each.counts[status]):>9}" for status in Status),
                f"{percent(each.rate):>10}",
            )
            for each in compliance.rules
        ]
        yield "\n"
        yield Table(("rule", *(f"{status:>9}" for status in Status), "compliance"), rows)


def _history(history: History) -> Iterator[str | Table]:
    points = sampled(since_first_id(history.points), _POINTS)
    most = max(point.tally.total for point in points) or 1
    rows = [
        (
            minute(point.time),
            point.commit[:10],
            *_numbers(point.tally, most),
        )
        for point in points
    ]
    yield "\n"
    yield Table(("time (UTC)", "commit", *_HEAD), rows)
    if story := change(history.points):
        yield f"\n{story}\n"


def _numbers(tally: Tally, most: int) -> tuple[str, ...]:
    """The cells below `_HEAD`; in the bar the source's part is full, and nothing rounds to nothing."""
    full, shaded = (-(-_CELLS * count // most) for count in (tally.by_source, tally.elsewhere))
    bar = "\N{FULL BLOCK}" * full + "\N{LIGHT SHADE}" * shaded
    return f"{number(tally.by_source):>9}", f"{number(tally.elsewhere):>9}", f"{percent(tally.rate):>10}", bar
