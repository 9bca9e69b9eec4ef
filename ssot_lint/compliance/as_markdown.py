"""For the summary of a CI job, a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ssot_lint.compliance.numbers import Compliance, History, Share, Status, sampled, since_first_id
from ssot_lint.compliance.wording import change, headline, minute, number, percent, scope, unmeasured
from ssot_lint.reporters._terminal import printable

_POINTS = 12
_SHARES = 25


def render(compliance: Compliance, history: History | None) -> str:
    """The whole report, GitHub's tables in it."""
    return "\n".join(_lines(compliance, history)) + "\n"


def _lines(compliance: Compliance, history: History | None) -> Iterator[str]:
    yield from ("## ID compliance", "", headline(compliance.total, compliance.sources))
    if remark := unmeasured(compliance):
        yield from ("", remark)
    for notice in compliance.notices:
        yield from ("", notice)
    if compliance.packages:
        yield from ("", "### By package", "", *_shares("package", compliance.packages))
    if compliance.owners:
        yield from ("", "### By owner", "", *_shares("owner", compliance.owners))
    if compliance.rules:
        yield from ("", "### By rule", "", *_rules(compliance))
    if history is not None and history.points:
        yield from ("", "### History", "", *_history(history))


def _shares(what: str, shares: Sequence[Share]) -> Iterator[str]:
    rows = [
        (
            _code(share.name) if what == "package" else _escaped(share.name or "(nobody)"),
            number(share.tally.by_source),
            number(share.tally.elsewhere),
            percent(share.tally.rate),
        )
        for share in shares[:_SHARES]
    ]
    yield from _table((what, "by the source", "elsewhere", "compliance"), rows)
    if len(shares) > _SHARES:
        yield from ("", f"{number(len(shares) - _SHARES)} more are left out.")


def _rules(compliance: Compliance) -> Iterator[str]:
    rows = [
        (
            _code(each.rule),
            *(number(each.counts[status]) for status in Status),
            number(each.total),
            percent(each.rate),
        )
        for each in compliance.rules
    ]
    yield from _table(("rule", *Status, "findings", "compliance"), rows)


def _history(history: History) -> Iterator[str]:
    if story := change(history.points):
        yield from (story, "")
    rows = [
        (
            minute(point.time),
            _code(point.commit[:10]),
            number(point.tally.by_source),
            number(point.tally.elsewhere),
            percent(point.tally.rate),
        )
        for point in sampled(since_first_id(history.points), _POINTS)
    ]
    yield from _table(("time (UTC)", "commit", "by the source", "elsewhere", "compliance"), rows)
    yield from ("", scope(history))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first column to the left, numbers to the right."""
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _code(text: str) -> str:
    """A code span; a path may hold anything."""
    text = printable(text).replace("|", "\\|")
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _escaped(text: str) -> str:
    return re.sub(r"[\\`*\[\]<>|&]", r"\\\g<0>", printable(text))
