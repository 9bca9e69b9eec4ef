"""What formats say about a report as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssot_lint.model import Report


@dataclass(frozen=True, slots=True)
class Count:
    """How often a rule was broken, and in how many files; `code` may also say what is wrong with a file as a whole."""

    code: str
    count: int
    files: int


def counts(report: Report) -> list[Count]:
    """One Count a rule that was broken, or a trouble that files have, the most frequent first."""
    paths: dict[str, list[str]] = {}
    for finding in report.findings:
        paths.setdefault(finding.rule, []).append(finding.path)
    for trouble in report.troubles:
        paths.setdefault(trouble.kind.value, []).append(trouble.path)
    result = [Count(code, len(where), len(set(where))) for code, where in paths.items()]
    return sorted(result, key=lambda each: (-each.count, each.code))


def summary(report: Report) -> str:
    """The run in one sentence; empty if there was nothing to check."""
    if not report.checked and not report.failures:
        return ""
    clauses = [f"{_number(report.checked, 'file')} checked"]
    if report.failures:
        clauses.append(f"{len(report.failures)} could not be")
    if report.suppressed:
        clauses.append(f"{_number(len(report.suppressed), 'finding')} suppressed")
    if report.baselined:
        clauses.append(f"{len(report.baselined)} in the baseline")
    checked = ", ".join(clauses)
    if report.findings:
        files = len({finding.path for finding in report.findings})
        return f"Found {_number(len(report.findings), 'finding')} in {_number(files, 'file')} ({checked})."
    return f"No findings ({checked})." if report.troubles else f"All clear ({checked})."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def table(rows: Iterable[Count]) -> str:
    """One line a Count, the numbers aligned; empty if there is none."""
    lines = list(rows)
    width = len(str(lines[0].count)) if lines else 0
    return "".join(f"{row.count:>{width}}  {row.code} (in {_number(row.files, 'file')})\n" for row in lines)
