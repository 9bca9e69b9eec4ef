"""For people: each finding with its line of code, the span underlined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from ssot_lint.reporters import concise, file_namer
from ssot_lint.reporters._counts import summary
from ssot_lint.reporters._terminal import Style, cells, printable

if TYPE_CHECKING:
    from ssot_lint.model import Finding, Report
    from ssot_lint.reporters import Context

WIDTH = 120
"""Columns of code that are shown; of a longer line, the part around the span."""

_CUT = "..."

render_statistics = concise.render_statistics


def render(report: Report, context: Context) -> Iterator[str]:
    """The findings, a blank line behind each, then the summary."""
    name = file_namer(report.root, context.cwd)
    style = Style(context.color)
    for finding in report.findings:
        yield _finding(finding, name(finding.path), style)
    line = summary(report)
    if line and not context.quiet:
        yield f"{line}\n"


def _finding(finding: Finding, path: str, style: Style) -> str:
    start = finding.span.start
    margin = " " * len(str(start.row))
    bar = style.frame(f"{margin} |")
    code, underline = excerpt(finding)
    rule = style.severity(finding.severity, f"{finding.severity}[{finding.rule}]")
    lines = [
        f"{rule}: {style.bold(printable(finding.message))}",
        f"{margin}{style.frame('-->')} {printable(path)}:{start.row}:{start.column}",
        bar,
        f"{style.frame(f'{start.row} |')} {code}".rstrip(),
        f"{bar} {' ' * underline[0]}{style.severity(finding.severity, '^' * underline[1])}",
    ]
    if note := _note(finding):
        lines += [bar, f"{margin} {style.frame('=')} {printable(note)}"]
    return "\n".join(lines) + "\n\n"


def _note(finding: Finding) -> str | None:
    if finding.fix:
        return f"{finding.fix.applicability} fix: {finding.fix.message}"
    return f"no fix: {finding.reason}" if finding.reason else None


def excerpt(finding: Finding) -> tuple[str, tuple[int, int]]:
    """What is shown of the finding's line, and which of its terminal columns to underline: offset, width."""
    line = finding.line.rstrip("\r\n")
    start, end = finding.span.start, finding.span.end
    first = min(start.column - 1, len(line))
    last = end.column - 1 if end.row == start.row else len(line.rstrip())
    shown, widths = _unzip(line)
    columns = [0, *accumulate(widths)]
    low, high = _window(columns, first)
    last = max(first, min(last, high))
    before, after = _CUT if low else "", _CUT if high < len(shown) else ""
    underline = columns[first] - columns[low] + len(before), max(1, columns[last] - columns[first])
    return before + "".join(shown[low:high]) + after, underline


def _unzip(line: str) -> tuple[list[str], list[int]]:
    pairs = list(cells(line))
    return [shown for shown, _ in pairs], [width for _, width in pairs]


def _window(columns: Sequence[int], first: int) -> tuple[int, int]:
    """The first code point that is shown and the one behind the last, a quarter of them before `first`."""
    end = len(columns) - 1
    if columns[end] <= WIDTH:
        return 0, end
    low = 0
    if columns[first] > WIDTH // 2:
        low = next(i for i in range(first + 1) if columns[i] >= columns[first] - WIDTH // 4)
    high = next((i for i in range(low, end) if columns[i + 1] - columns[low] > WIDTH), end)
    return low, high
