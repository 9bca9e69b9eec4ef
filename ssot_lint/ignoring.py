"""Suppresses what a run has found, in the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from ssot_lint.files import replace_file
from ssot_lint.fixing.encoding import EncodingError, encode, read
from ssot_lint.model import Failure, FailureKind, Finding, Report, Suppressed
from ssot_lint.suppressions.writing import Ignored, add_ignores, check_reason
from ssot_lint.syntax.lexer import LexError


def ignore_findings(report: Report, reason: str) -> Report:
    """Writes a suppression with that reason for each finding into its file; returns what is left to report.

    What could not be suppressed is still a finding, and a notice says why; a file that could not be written
    is a failure, and as it was. Raises SsotLintError, before anything is written, if no suppression could
    give that reason.
    """
    check_reason(reason)
    left: list[Finding] = []
    suppressed: list[Suppressed] = []
    failures: list[Failure] = []
    notices: list[str] = []
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        findings = list(group)
        try:
            done = _ignore_in_file(report.root / path, findings, reason)
        except (OSError, EncodingError, LexError) as error:
            failures.append(Failure(FailureKind.UNREADABLE, path, f"cannot be changed: {_why(error)}"))
            left += findings
            continue
        suppressed += (Suppressed(finding, reason) for finding in done.placed)
        left += (finding for finding, _ in done.unplaced)
        notices += (_refusal(finding, why) for finding, why in done.unplaced)
    return replace(
        report,
        findings=tuple(left),
        failures=tuple(sorted((*report.failures, *failures), key=lambda each: (each.path, each.message))),
        notices=(*report.notices, *notices),
        suppressed=tuple(sorted((*report.suppressed, *suppressed), key=lambda each: each.finding.sort_key)),
    )


def _ignore_in_file(file: Path, findings: Sequence[Finding], reason: str) -> Ignored:
    content = file.read_bytes()
    text = read(content)
    done = add_ignores(text, findings, reason)
    if done.text != text:
        replace_file(file, encode(done.text, content))
    return done


def _refusal(finding: Finding, why: str) -> str:
    start = finding.span.start
    return f"{finding.path}:{start.row}:{start.column}: {finding.rule} was not suppressed: {why}"


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
