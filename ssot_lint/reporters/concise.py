"""One line a finding, `path:row:column: rule message`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssot_lint.reporters import file_namer
from ssot_lint.reporters._counts import counts, summary, table
from ssot_lint.reporters._terminal import Style, printable

if TYPE_CHECKING:
    from ssot_lint.model import Report
    from ssot_lint.reporters import Context


def render(report: Report, context: Context) -> Iterator[str]:
    """The findings, then the summary."""
    name = file_namer(report.root, context.cwd)
    style = Style(context.color)
    for finding in report.findings:
        path = style.bold(printable(name(finding.path)))
        start = finding.span.start
        rule = style.severity(finding.severity, finding.rule)
        yield f"{path}:{start.row}:{start.column}: {rule} {printable(finding.message)}\n"
    yield from _summary(report, context)


def render_statistics(report: Report, context: Context) -> Iterator[str]:
    """A line a rule, the most frequent first, then the summary."""
    yield table(counts(report))
    yield from _summary(report, context)


def _summary(report: Report, context: Context) -> Iterator[str]:
    line = summary(report)
    if line and not context.quiet:
        yield f"{line}\n"
