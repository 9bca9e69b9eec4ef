"""What a scan gave as plain values: to be kept between runs, and quick to hand from one process to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ssot_lint.engine.plan import FileResult
from ssot_lint.model import (
    Applicability,
    Edit,
    Failure,
    FailureKind,
    Finding,
    Fix,
    Position,
    Severity,
    Span,
)
from ssot_lint.syntax.query import Query

if TYPE_CHECKING:
    from ssot_lint.suppressions.model import Suppressions


_SEVERITIES = {severity.value: severity for severity in Severity}


def pack(result: FileResult) -> Sequence[Any]:
    """All but the path, as something that JSON can hold, and `unpack` turns back."""
    suppressions = None if result.suppressions is None else _pack_suppressions(result.suppressions)
    failed = None if result.failure is None else _pack_failure(result.failure)
    return [_pack_finding(each) for each in result.findings], failed, sorted(result.queries), suppressions


def unpack(path: str, packed: Sequence[Any]) -> FileResult:
    """Raises ValueError, TypeError or LookupError for what `pack` has not made."""
    findings, failed, queries, suppressions = packed
    return FileResult(
        path,
        tuple([_unpack_finding(path, item) for item in findings]),
        None if failed is None else _unpack_failure(path, failed),
        frozenset(Query(*item) for item in queries),
        None if suppressions is None else _unpack_suppressions(suppressions),
    )


def _pack_suppressions(suppressions: Suppressions) -> Sequence[Any]:
    from ssot_lint.suppressions.packing import pack  # few files have any

    return pack(suppressions)


def _unpack_suppressions(packed: Any) -> Suppressions:
    from ssot_lint.suppressions.packing import unpack

    return unpack(packed)


def _pack_failure(failure: Failure) -> Sequence[Any]:
    where = failure.position
    return failure.kind.value, failure.message, where and (where.row, where.column)


def _unpack_failure(path: str, packed: Sequence[Any]) -> Failure:
    kind, message, where = packed
    return Failure(FailureKind(kind), path, message, where and Position(*where))


def _pack_finding(finding: Finding) -> Sequence[Any]:
    fix = finding.fix
    return (
        finding.rule,
        finding.severity.value,
        finding.message,
        finding.span.numbers,
        finding.symbol,
        finding.snippet,
        finding.line,
        fix
        and (
            fix.applicability.value,
            fix.message,
            [(each.span.numbers, each.content) for each in fix.edits],
        ),
        finding.reason,
        [each.numbers for each in finding.related],
    )


def _unpack_finding(path: str, packed: Sequence[Any]) -> Finding:
    rule, severity, message, span, symbol, snippet, line, fix, reason, related = packed
    return Finding(
        rule,
        _SEVERITIES[severity],
        message,
        path,
        Span.of(span),
        symbol,
        snippet,
        line,
        fix and _unpack_fix(fix),
        reason,
        tuple([Span.of(each) for each in related]) if related else (),
    )


def _unpack_fix(packed: Sequence[Any]) -> Fix:
    applicability, message, edits = packed
    return Fix(
        Applicability(applicability),
        message,
        tuple(Edit(Span.of(span), content) for span, content in edits),
    )
