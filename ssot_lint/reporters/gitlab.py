"""GitLab's code quality report, in which a fingerprint tells what is new in a merge request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ssot_lint.model import Failure, Finding, Report, Severity, fingerprints
from ssot_lint.reporters._machine import elements, encodable, failure_fingerprint
from ssot_lint.reporters._repository import in_repository

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, _context: Context) -> Iterator[str]:
    """A JSON array, one entry a line: the findings in their order, then what is wrong with files as a whole."""
    yield "["
    yield from elements(_entries(in_repository(report)))
    yield "]\n"


def _entries(report: Report) -> Iterator[dict[str, Any]]:
    for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True):
        yield _finding(finding, fingerprint)
    yield from map(_failure, report.troubles)


def _finding(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "description": encodable(f"{finding.rule}: {finding.message}"),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": encodable(finding.path),
            "lines": {"begin": finding.span.start.row, "end": finding.span.end.row},
        },
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "description": encodable(f"{failure.kind}: {failure.message}"),
        "check_name": failure.kind,
        "fingerprint": failure_fingerprint(failure),
        "severity": "critical",
        "location": {
            "path": encodable(failure.path),
            "lines": {"begin": failure.position.row if failure.position else 1},
        },
    }
