"""The parts of the page, from the number that a manager wants to the rule that a developer needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence

from ssot_lint.compliance.numbers import (
    Compliance,
    History,
    Point,
    RuleCount,
    Share,
    Status,
    sampled,
    since_first_id,
)
from ssot_lint.compliance.page.charts import (
    NARROW,
    WIDE,
    Series,
    bar,
    count_text,
    lines,
    plain_bar,
    rate_text,
    ring,
)
from ssot_lint.compliance.page.markup import element, escape, rule_name, table
from ssot_lint.compliance.wording import change, counted, minute, number, percent, scope, unmeasured

_SHOWN = 12
_ROWS = 60
_PERCENT = 100

EXPLANATION = (
    "The compliance rate is the share of the places in the code that make IDs by calling the source of "
    "truth. A place is counted once, however many rules it breaks, and whether its finding is new, in the "
    "baseline or suppressed: accepting a finding does not make its ID come from the source. The rate of a "
    "rule weighs what the source makes against what that rule finds; rules that find no places that make IDs "
    "have none."
)


def summary(compliance: Compliance, history: History | None) -> str:
    """The rate, what it is made of, and what has become of it."""
    total = compliance.total
    by_status = {status: sum(each.counts[status] for each in compliance.rules) for status in Status}
    tiles = [
        _tile("source", number(total.by_source), "places use the source"),
        _tile("elsewhere", number(total.elsewhere), "places make IDs elsewhere"),
        _tile("", number(by_status[Status.NEW]), "findings are new"),
        _tile(
            "", number(by_status[Status.BASELINED] + by_status[Status.SUPPRESSED]), "findings are accepted"
        ),
    ]
    remarks = [*compliance.notices, unmeasured(compliance)]
    if history is not None:
        remarks.insert(0, change(history.points))
    notes = "".join(element("p", escape(remark), class_="note") for remark in remarks if remark)
    return element(
        "section",
        ring(total),
        element("div", element("dl", *tiles, class_="tiles"), notes),
        class_="summary",
        aria_label="Summary",
    )


def over_time(history: History) -> str:
    """The burn-down, and the rate below it; the numbers in a table for those who cannot see or print them."""
    points = since_first_id(history.points)
    made = [
        Series("elsewhere", "elsewhere", tuple(point.tally.elsewhere for point in points)),
        Series("by source", "source", tuple(point.tally.by_source for point in points)),
    ]
    rates = [Series("compliance", "source", tuple(_PERCENT * (point.tally.rate or 0) for point in points))]
    rows = [_point_cells(point) for point in sampled(points, _ROWS)]
    data = json.dumps([[minute(point.time), point.commit[:10], *_point_numbers(point)] for point in points])
    return _section(
        "history",
        "Burn-down",
        _figure("Places that make IDs", points, made, count_text),
        _figure("Compliance rate", points, rates, rate_text),
        '<p class="readout" role="status"></p>',
        element("p", escape(scope(history)), class_="note"),
        element(
            "details",
            element("summary", "The numbers behind the charts"),
            table(
                "Places that make IDs, by commit",
                ("Time (UTC)", "Commit", "By source", "Elsewhere", "Compliance"),
                rows,
                2,
            ),
        ),
        f'<script type="application/json" id="points">{script_data(data)}</script>',
    )


def _figure(
    caption: str, points: Sequence[Point], series: Sequence[Series], written: Callable[[float], str]
) -> str:
    """A chart in both sizes, of which the page shows the one that fits."""
    keys = [_key(each.name, each.css) for each in series if len(series) > 1]
    drawn = [lines(points, series, f"{caption} over time", written, canvas) for canvas in (WIDE, NARROW)]
    return element("figure", element("figcaption", element("span", escape(caption)), *keys), *drawn)


def _key(name: str, css: str) -> str:
    """What a colour stands for."""
    return element("span", escape(name), class_=f"key {css}")


def parts(identifier: str, title: str, column: str, shares: Sequence[Share]) -> str:
    """Packages or owners with a bar each; a click shows the findings in them."""
    most = max((share.tally.total for share in shares), default=1)
    rows = [_share_cells(share, most, identifier) for share in shares]
    head = (column, "", _key("By source", "source"), _key("Elsewhere", "elsewhere"), "Compliance")
    content = [table(f"{title}: places that make IDs", head, rows[:_SHOWN], 2)]
    if rest := rows[_SHOWN:]:
        more = table(f"{title}, continued", head, rest, 2)
        content.append(element("details", element("summary", f"{counted(len(rest), 'more row')}"), more))
    return _section(identifier, title, *content)


def rules(counts: Sequence[RuleCount], explained: Collection[str]) -> str:
    """How often each rule is broken; the name leads to the rule, if it is explained, the count to its findings."""
    most = max((each.total for each in counts), default=1)
    rows = [_rule_cells(each, most, explained) for each in counts]
    head = ("Rule", "", "Findings", "Compliance", "New", "Baselined", "Suppressed")
    return _section("rules", "Rules", table("Findings by rule", head, rows, 2))


def rule_texts(pages: Mapping[str, str]) -> str:
    """The pages of the rules; `pages` has HTML by name."""
    texts = (
        element(
            "details",
            element("summary", element("code", escape(name))),
            element("article", element("h3", escape(name), id=f"rule-{name}"), page),
        )
        for name, page in pages.items()
    )
    return _section("rule-texts", "What the rules say", *texts)


def explanation(compliance: Compliance) -> str:
    failures = [
        element("li", element("code", escape(failure.path)), f": {escape(failure.message)}")
        for failure in compliance.failures
    ]
    listed = ""
    if failures:
        text = counted(len(failures), "file") + " could not be checked"
        listed = element("details", element("summary", text), element("ul", *failures))
    return _section("method", "How this is counted", element("p", EXPLANATION), listed)


def script_data(text: str) -> str:
    """JSON that no HTML parser takes for the end of its script."""
    return text.replace("<", "\\u003c")


def _section(identifier: str, title: str, *content: str) -> str:
    heading = element("h2", escape(title), id=identifier)
    return element("section", heading, *content, aria_labelledby=identifier)


def _tile(css: str, value: str, text: str) -> str:
    return element("div", element("dt", escape(text)), element("dd", escape(value)), class_=css or None)


def _point_numbers(point: Point) -> tuple[str, str, str]:
    tally = point.tally
    return number(tally.by_source), number(tally.elsewhere), percent(tally.rate)


def _point_cells(point: Point) -> tuple[str, ...]:
    return minute(point.time), element("code", point.commit[:10]), *_point_numbers(point)


def _share_cells(share: Share, most: int, kind: str) -> tuple[str, ...]:
    tally = share.tally
    name = escape(share.name or "(nobody)")
    if tally.elsewhere:
        name = element("a", name, href="#findings", data_filter=kind, data_value=share.name or "(nobody)")
    return name, bar(tally, most), number(tally.by_source), number(tally.elsewhere), percent(tally.rate)


def _rule_cells(each: RuleCount, most: int, explained: Collection[str]) -> tuple[str, ...]:
    name = rule_name(each.rule, explained)
    total = element("a", number(each.total), href="#findings", data_filter="rule", data_value=each.rule)
    counts = (number(each.counts[status]) for status in Status)
    return name, plain_bar(each.total, most), total, percent(each.rate), *counts
