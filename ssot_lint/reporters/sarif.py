"""SARIF 2.1.0, within the limits of GitHub code scanning."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ssot_lint import __version__
from ssot_lint.model import Applicability, Failure, FailureKind, Fix, Report, Span
from ssot_lint.reporters._line_hashes import line_hashes
from ssot_lint.reporters._machine import elements, encodable
from ssot_lint.reporters._repository import in_repository
from ssot_lint.reporters._sarif_outcomes import Outcome, most_important, outcomes
from ssot_lint.reporters._sarif_rules import (
    LEVELS,
    bare_descriptor,
    failure_descriptors,
    rule_descriptor,
    short,
)

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

SHOWS_FIXES = True

MAX_RESULTS = 25_000
"""Code scanning rejects a run with more results."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"


def render(report: Report, context: Context) -> Iterator[str]:
    """One run, one result a line; reads the files with findings for what code scanning knows a line by."""
    report = in_repository(report)
    rules = context.load_rules()
    everything = outcomes(report, rules)
    kept = most_important(everything, MAX_RESULTS)
    names = sorted({*rules, *(outcome.finding.rule for outcome in kept)})
    descriptors = [rule_descriptor(rules[name]) if name in rules else bare_descriptor(name) for name in names]
    run = _run(report, descriptors, dropped=len(everything) - len(kept))
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{json.dumps(run)[:-1]}, "results": ['
    yield from elements(_results(report.root, kept, {name: index for index, name in enumerate(names)}))
    yield "]}]}\n"


def _run(report: Report, rules: list[dict[str, Any]], dropped: int) -> dict[str, Any]:
    """All of the run but its results."""
    notifications = [_notification(failure, report.root) for failure in report.troubles]
    if dropped:
        text = f"{dropped} results are left out, as code scanning takes {MAX_RESULTS}: the least severe."
        notifications.append({"level": "warning", "message": {"text": text}})
    driver = {
        "name": "ssot-lint",
        "version": __version__,
        "rules": rules,
        "notifications": failure_descriptors(),
    }
    invocation = {"executionSuccessful": not report.failures, "toolExecutionNotifications": notifications}
    return {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
    }


def _notification(failure: Failure, root: Path) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(root, failure.path)}
    if at := failure.position:
        physical["region"] = {"startLine": at.row, "startColumn": at.column}
    return {
        "descriptor": {"id": failure.kind, "index": list(FailureKind).index(failure.kind)},
        "level": "error",
        "message": {"text": short(encodable(failure.message))},
        "locations": [{"physicalLocation": physical}],
    }


def _results(root: Path, kept: Sequence[Outcome], indexes: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for path, group in groupby(kept, key=lambda outcome: outcome.finding.path):
        of_file = list(group)
        artifact = _artifact(root, path)
        hashes = _hashes(root / path, [outcome for outcome in of_file if outcome.state != "absent"])
        for outcome in of_file:
            yield _result(outcome, artifact, hashes, indexes[outcome.finding.rule])


def _hashes(file: Path, of_file: Sequence[Outcome]) -> dict[int, str]:
    """By row; empty if the file cannot be read, and then nobody can compute others either."""
    rows = {outcome.finding.span.start.row for outcome in of_file}
    try:
        return line_hashes(file.read_bytes(), rows) if rows else {}
    except OSError:
        return {}


def _result(
    outcome: Outcome, artifact: dict[str, Any], hashes: Mapping[int, str], index: int
) -> dict[str, Any]:
    finding = outcome.finding
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": short(encodable(finding.message))},
        "locations": [_location(outcome, artifact)],
        "partialFingerprints": _fingerprints(outcome, hashes),
    }
    if outcome.state:
        result["baselineState"] = outcome.state
    if outcome.suppression:
        result["suppressions"] = [outcome.suppression]
    if finding.fix and finding.fix.applicability is not Applicability.DISPLAY_ONLY:
        result["fixes"] = [_fix(finding.fix, artifact)]
    return result


def _fingerprints(outcome: Outcome, hashes: Mapping[int, str]) -> dict[str, str]:
    line_hash = None if outcome.state == "absent" else hashes.get(outcome.finding.span.start.row)
    return {
        "primaryLocationLineHash": line_hash or f"{outcome.fingerprint[:16]}:1",
        "ssotLint/v1": outcome.fingerprint,
    }


def _location(outcome: Outcome, artifact: dict[str, Any]) -> dict[str, Any]:
    finding = outcome.finding
    physical = {"artifactLocation": artifact}
    if outcome.state != "absent":
        physical["region"] = _region(finding.span)
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.symbol}]
    return location


def _artifact(root: Path, path: str) -> dict[str, Any]:
    """Relative to the repository; of a file outside it, the whole URI."""
    outside = os.path.isabs(path) or path.startswith("../")  # noqa: PTH117 - quicker than a Path for each file
    if outside:
        return {"uri": Path(os.path.normpath(root / path)).as_uri()}
    return {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    start, end = span.start, span.end
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


def _fix(fix: Fix, artifact: dict[str, Any]) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": encodable(edit.content)}}
        for edit in fix.edits
    ]
    return {
        "description": {"text": encodable(fix.message)},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
        "properties": {"applicability": fix.applicability},
    }
