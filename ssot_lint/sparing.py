"""Keeps fixes away from what is accepted: whoever accepted a finding wants its code as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ssot_lint.model import Finding


def spare(findings: Iterable[Finding], accepted: Iterable[Finding], why: str) -> Iterator[Finding]:
    """The findings, without the fixes that would rewrite one of the accepted; `why` ends the reason."""
    by_path: defaultdict[str, list[Finding]] = defaultdict(list)
    for each in accepted:
        by_path[each.path].append(each)
    for finding in findings:
        other = next((each for each in by_path[finding.path] if _rewrites(finding, each)), None)
        yield finding if other is None else without_fix(finding, other.rule, other.span.start.row, why)


def without_fix(finding: Finding, rule: str, row: int, why: str) -> Finding:
    """The finding with the reason that its fix would rewrite what breaks `rule` on `row`."""
    return finding._replace(fix=None, reason=f"the fix would rewrite row {row}, where {why} `{rule}`")


def _rewrites(finding: Finding, other: Finding) -> bool:
    edits = finding.fix.edits if finding.fix else ()
    return any(edit.span.start < other.span.end and other.span.start < edit.span.end for edit in edits)
