"""The Reviewdog Diagnostic Format; a fix that is complete in one place becomes a suggestion."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ssot_lint.model import Applicability, Edit, Failure, Finding, Position, Report, Severity, Span
from ssot_lint.reporters import file_namer
from ssot_lint.reporters._machine import elements, encodable

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

SHOWS_FIXES = True

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(report: Report, context: Context) -> Iterator[str]:
    """A DiagnosticResult, one diagnostic a line: the findings, then what is wrong with files as a whole."""
    yield '{"source": {"name": "ssot-lint"}, "diagnostics": ['
    yield from elements(_diagnostics(report, context))
    yield "]}\n"


def _diagnostics(report: Report, context: Context) -> Iterator[dict[str, Any]]:
    name = file_namer(report.root, context.cwd)
    rules = context.load_rules() if report.findings else {}
    for finding in report.findings:
        rule = rules.get(finding.rule)
        yield _finding(finding, name(finding.path), rule.url if rule else None)
    for trouble in report.troubles:
        yield _failure(trouble, name(trouble.path))


def _finding(finding: Finding, path: str, url: str | None) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "message": encodable(finding.message),
        "location": {"path": encodable(path), "range": _place(finding)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule, "url": url} if url else {"value": finding.rule},
    }
    if suggestion := _suggestion(finding):
        diagnostic["suggestions"] = [suggestion]
    return diagnostic


def _failure(failure: Failure, path: str) -> dict[str, Any]:
    location: dict[str, Any] = {"path": encodable(path)}
    if failure.position:
        location["range"] = {"start": {"line": failure.position.row}}
    return {
        "message": encodable(failure.message),
        "location": location,
        "severity": "ERROR",
        "code": {"value": failure.kind},
    }


def _place(finding: Finding) -> dict[str, Any]:
    """Whole lines if the span ends on a row whose text, and so whose columns, are not at hand."""
    start, end = finding.span.start, finding.span.end
    return _range(finding, finding.span) or {"start": {"line": start.row}, "end": {"line": end.row}}


def _suggestion(finding: Finding) -> dict[str, Any] | None:
    """The fix in one piece; None if it is only shown or has parts elsewhere: half a fix breaks the code."""
    if not finding.fix or finding.fix.applicability is Applicability.DISPLAY_ONLY:
        return None
    edit = _merged(finding, sorted(finding.fix.edits, key=lambda edit: edit.span))
    place = _range(finding, edit.span) if edit else None
    return {"range": place, "text": encodable(edit.content)} if edit and place else None


def _merged(finding: Finding, edits: list[Edit]) -> Edit | None:
    """One edit in place of several in the finding's row; None if they are not all there."""
    if len(edits) == 1:
        return edits[0]
    row = finding.span.start.row
    if not edits or any((edit.span.start.row, edit.span.end.row) != (row, row) for edit in edits):
        return None
    content = edits[0].content
    for before, edit in pairwise(edits):
        content += finding.line[before.span.end.column - 1 : edit.span.start.column - 1] + edit.content
    return Edit(Span(edits[0].span.start, edits[-1].span.end), content)


def _range(finding: Finding, span: Span) -> dict[str, Any] | None:
    start, end = _position(finding, span.start), _position(finding, span.end)
    return {"start": start, "end": end} if start and end else None


def _position(finding: Finding, position: Position) -> dict[str, int] | None:
    """Columns count bytes in UTF-8 there, so that they need the row's text; only the finding's is at hand."""
    if position.column == 1:
        return {"line": position.row, "column": 1}
    if position.row != finding.span.start.row:
        return None
    before = encodable(finding.line[: position.column - 1])
    return {"line": position.row, "column": len(before.encode()) + 1}
