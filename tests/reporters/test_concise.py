from __future__ import annotations

from dataclasses import replace

import pytest

from ssot_lint.model import Report, Suppressed
from ssot_lint.reporters import Context
from ssot_lint.reporters import concise as reporter


def render(report: Report, context: Context) -> str:
    return "".join(reporter.render(report, context))


def test_a_finding_is_a_line(report: Report, context: Context) -> None:
    assert render(report, context) == (
        "app/orders.py:5:20: direct-uuid `uuid.uuid4` makes an ID outside the source of truth\n"
        "app/orders.py:12:12: hardcoded-id-prefix `thread_` belongs to the source of truth\n"
        "Found 2 findings in 1 file (17 files checked, 1 could not be).\n"
    )


def test_quiet_leaves_the_findings(report: Report, context: Context) -> None:
    lines = render(report, replace(context, quiet=True)).splitlines()
    assert [line.split(":")[0] for line in lines] == ["app/orders.py"] * 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"failures": ()}, "Found 2 findings in 1 file (17 files checked)."),
        ({"findings": (), "failures": ()}, "All clear (17 files checked)."),
        ({"findings": (), "failures": (), "checked": 1}, "All clear (1 file checked)."),
        ({"findings": ()}, "No findings (17 files checked, 1 could not be)."),
        ({"findings": (), "checked": 0}, "No findings (0 files checked, 1 could not be)."),
    ],
)
def test_the_summary_says_what_was_done(
    report: Report, context: Context, changes: dict[str, object], expected: str
) -> None:
    assert render(replace(report, **changes), context).splitlines()[-1] == expected  # type: ignore[arg-type]


def test_the_summary_counts_what_is_accepted(report: Report, context: Context) -> None:
    finding = report.findings[0]
    accepted = replace(
        report, findings=(), failures=(), suppressed=(Suppressed(finding, "why"),), baselined=(finding,) * 2
    )
    assert (
        render(accepted, context)
        == "All clear (17 files checked, 1 finding suppressed, 2 in the baseline).\n"
    )


def test_nothing_checked_is_no_success(report: Report, context: Context) -> None:
    assert render(replace(report, findings=(), failures=(), checked=0), context) == ""


def test_color_is_only_added(report: Report, context: Context) -> None:
    colored = render(report, replace(context, color=True))
    assert "\x1b[1;31mdirect-uuid\x1b[0m" in colored
    assert "\x1b[1;33mhardcoded-id-prefix\x1b[0m" in colored


def test_nothing_reaches_the_terminal_as_a_command(report: Report, context: Context) -> None:
    odd = report.findings[0]._replace(path="a\x1b[2J\n.py", message="x\x07\u202e\x9b")
    line = render(replace(report, findings=(odd,)), context).split("\n")[0]
    assert line == "a\u241b[2J\u240a.py:5:20: direct-uuid x\u2407\ufffd\ufffd"


def test_statistics_count_by_rule(report: Report, context: Context) -> None:
    many = replace(report, findings=report.findings[:1] + report.findings[1:] * 10)
    assert "".join(reporter.render_statistics(many, context)) == (
        "10  hardcoded-id-prefix (in 1 file)\n"
        " 1  direct-uuid (in 1 file)\n"
        " 1  unparsable-file (in 1 file)\n"
        "Found 11 findings in 1 file (17 files checked, 1 could not be).\n"
    )
