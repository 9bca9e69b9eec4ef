from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ssot_lint.model import Position, Report, Span
from ssot_lint.reporters import Context
from ssot_lint.reporters import text as reporter
from ssot_lint.reporters.text import WIDTH


def render(report: Report, context: Context) -> str:
    return "".join(reporter.render(report, context))


def shown(report: Report, context: Context, line: str, start: int, end: int) -> tuple[str, str]:
    """The line of code and the one that underlines it."""
    span = Span(Position(5, start), Position(5, end))
    one = replace(report, findings=(report.findings[0]._replace(line=line, span=span),))
    lines = render(one, context).split("\n")
    return lines[3][len("5 | ") :], lines[4][len("  | ") :]


def test_a_finding_shows_its_line(report: Report, context: Context) -> None:
    assert render(report, context) == (
        "error[direct-uuid]: `uuid.uuid4` makes an ID outside the source of truth\n"
        " --> app/orders.py:5:20\n"
        "  |\n"
        "5 |     order_id = str(uuid.uuid4())\n"
        "  |                    ^^^^^^^^^^\n"
        "  |\n"
        "  = safe fix: Call `IdGenerator.generate_base_id`\n"
        "\n"
        "warning[hardcoded-id-prefix]: `thread_` belongs to the source of truth\n"
        "  --> app/orders.py:12:12\n"
        "   |\n"
        '12 |     return f"""thread_\n'
        "   |            ^^^^^^^^^^^\n"
        "   |\n"
        "   = no fix: the value is a file name\n"
        "\n"
        "Found 2 findings in 1 file (17 files checked, 1 could not be).\n"
    )


def test_without_fix_and_reason_there_is_no_note(report: Report, context: Context) -> None:
    bare = report.findings[0]._replace(fix=None)
    text = render(replace(report, findings=(bare,)), context)
    assert text.split("\n\n")[0].endswith("^")


@pytest.mark.parametrize(
    ("line", "start", "end", "expected"),
    [
        ("x = bad()\n", 5, 8, ("x = bad()", "    ^^^")),
        ("x = bad()\r\n", 5, 8, ("x = bad()", "    ^^^")),
        ("\tbad()", 2, 5, ("    bad()", "    ^^^")),
        ("ab\tbad()", 4, 7, ("ab  bad()", "    ^^^")),
        ("日本 = bad()", 6, 9, ("日本 = bad()", "       ^^^")),
        ("'日本' + bad()", 2, 4, ("'日本' + bad()", " ^^^^")),
        ("e\u0301 = bad()", 6, 9, ("e\u0301 = bad()", "    ^^^")),
        ("'\x1b[31m' + bad()", 11, 14, ("'\u241b[31m' + bad()", "          ^^^")),
        ("'\u202e' + bad()", 7, 10, ("'\ufffd' + bad()", "      ^^^")),
        ("'\udcff' + bad()", 7, 10, ("'\ufffd' + bad()", "      ^^^")),
        ("\x0cbad()", 2, 5, ("\u240cbad()", " ^^^")),
        ("bad()", 4, 4, ("bad()", "   ^")),
        ("", 1, 1, ("", "^")),
        ("bad()", 9, 12, ("bad()", "     ^")),
    ],
    ids=[
        "plain",
        "crlf",
        "tab",
        "tab after text",
        "wide before",
        "wide inside",
        "combining",
        "escape sequence",
        "bidirectional override",
        "undecodable byte",
        "form feed",
        "empty span",
        "empty line",
        "beyond the line",
    ],
)
def test_the_span_is_underlined(
    report: Report, context: Context, line: str, start: int, end: int, expected: tuple[str, str]
) -> None:
    assert shown(report, context, line, start, end) == expected


@pytest.mark.parametrize("before", [0, 30, 90, 110, 119, 120, 500, 5000])
@pytest.mark.parametrize("after", [0, 20, 5000])
@pytest.mark.parametrize("filling", ["a", "日", "\t"])
def test_a_long_line_is_cut_around_the_span(
    report: Report, context: Context, before: int, after: int, filling: str
) -> None:
    line = f"{filling * before}bad(){filling * after}"
    code, underline = shown(report, context, line, before + 1, before + 4)
    columns = "".join(character * (2 if character == "日" else 1) for character in code)
    assert len(columns) <= WIDTH + 2 * len("...")
    assert columns[underline.index("^") : len(underline)] == "bad"


def test_a_line_that_fits_is_not_cut(report: Report, context: Context) -> None:
    line = "a" * (WIDTH - 5) + "bad()"
    assert shown(report, context, line, WIDTH - 4, WIDTH - 1) == (line, " " * (WIDTH - 5) + "^^^")


def test_a_long_span_is_cut_with_its_line(report: Report, context: Context) -> None:
    code, underline = shown(report, context, "x = " + "bad" * 100 + " + y", 5, 305)
    assert code == "x = " + "bad" * 38 + "ba" + "..."
    assert underline == "    " + "^" * 116


def test_color_is_only_added(report: Report, context: Context) -> None:
    colored = render(report, replace(context, color=True))
    assert "\x1b[1;31m^^^^^^^^^^\x1b[0m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == render(report, context)


def test_quiet_leaves_the_findings(report: Report, context: Context) -> None:
    assert "Found" not in render(report, replace(context, quiet=True))


def test_statistics_only_count(report: Report, context: Context) -> None:
    text = "".join(reporter.render_statistics(report, context))
    assert text.splitlines()[0] == "1  direct-uuid (in 1 file)"
