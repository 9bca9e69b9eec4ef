"""Workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssot_lint.model import Failure, Finding, Position, Report, Severity
from ssot_lint.reporters._machine import encodable
from ssot_lint.reporters._repository import in_repository

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, _context: Context) -> Iterator[str]:
    """A line a command; what is wrong with whole files comes first: only the first ten errors are shown."""
    report = in_repository(report)
    yield from map(_failure, report.troubles)
    yield from map(_finding, report.findings)


def _finding(finding: Finding) -> str:
    start, end = finding.span.start, finding.span.end
    place = {"line": start.row, "col": start.column, "endLine": end.row, "endColumn": end.column}
    if end.row > start.row:  # columns mean something to GitHub within one line only
        place = {"line": start.row, "endLine": end.row}
    return _command(_COMMANDS[finding.severity], finding.path, place, finding.rule, start, finding.message)


def _failure(failure: Failure) -> str:
    at = failure.position
    place = {"line": at.row, "col": at.column} if at else {}
    return _command("error", failure.path, place, failure.kind, at, failure.message)


def _command(
    command: str, path: str, place: dict[str, int], code: str, at: Position | None, message: str
) -> str:
    """The message begins with its place, as the log shows nothing else of a command."""
    properties = {"file": path, **place, "title": f"ssot-lint ({code})"}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    where = f"{path}:{at.row}:{at.column}" if at else path
    return f"::{command} {listed}::{_data(f'{where}: {code} {message}')}\n"


def _data(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
