"""SARIF 2.1.0, within the limits of GitHub code scanning."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ssot_lint import __version__
from ssot_lint.model import Applicability, Failure, FailureKind, Fix, Report, Share, Span
from ssot_lint.reporters import file_namer
from ssot_lint.reporters._line_hashes import line_hashes
from ssot_lint.reporters._machine import elements, encodable
from ssot_lint.reporters._parts import KEY, describe
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
    """One run, one result a line; reads the files with findings for what code scanning knows a line by.

    The report on a shard is not cut, and its run has a property that says what `ssot-lint merge` must know.
    """
    rules = context.load_rules()
    report = _with_left_over(report)
    moved = in_repository(report)
    everything = outcomes(moved, rules)
    kept = everything if report.share else most_important(everything, MAX_RESULTS, attrgetter("weight"))
    names = sorted({*rules, *(outcome.finding.rule for outcome in kept)})
    descriptors = [rule_descriptor(rules[name]) if name in rules else bare_descriptor(name) for name in names]
    run = _run(moved, descriptors, dropped=len(everything) - len(kept))
    results = _results(moved.root, kept, {name: index for index, name in enumerate(names)})
    if report.share is not None:
        found = [outcome for outcome in kept if outcome.state != "absent"]
        present = list(islice(results, len(found)))
        run["properties"] = {KEY: _part(report, report.share, moved, context, found, results)}
        results = iter(present)
    yield from document(run, results)


def _with_left_over(report: Report) -> Report:
    """The report with all as stale that may turn out to be, if it is one on a shard."""
    ledgers = report.share.ledgers if report.share is not None else ()
    left = (entry for ledger in ledgers if ledger.when_stale != "off" for entry in ledger.left)
    return replace(report, stale=(*report.stale, *sorted(left)))


def _part(
    report: Report,
    share: Share,
    moved: Report,
    context: Context,
    found: Sequence[Outcome],
    absent: Iterator[dict[str, Any]],
) -> dict[str, Any]:
    """The property; `moved` is the report as seen from the repository, `absent` are the results for `stale`."""
    fingerprints = {id(outcome.finding): outcome.fingerprint for outcome in found}
    name = file_namer(report.root, moved.root)
    return describe(
        report,
        share,
        context,
        [fingerprints[id(finding)] for finding in moved.findings],
        [outcome.finding.path for outcome in found],
        lambda each: _notification(replace(each, path=name(each.path)), moved.root),
        {entry: list(islice(absent, entry.count)) for entry in report.stale},
    )


def document(run: Mapping[str, Any], results: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The text of a report; `run` is all of the run but its results."""
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{json.dumps(run)[:-1]}, "results": ['
    yield from elements(results)
    yield "]}]}\n"


def _run(report: Report, rules: list[dict[str, Any]], dropped: int) -> dict[str, Any]:
    """All of the run but its results."""
    notifications = [
        *(_notification(failure, report.root) for failure in report.troubles),
        *omission(dropped),
    ]
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


def omission(dropped: int) -> list[dict[str, Any]]:
    """The notification that this many results are left out; none if it is none."""
    text = f"{dropped} results are left out, as code scanning takes {MAX_RESULTS}: the least severe."
    return [{"level": "warning", "message": {"text": text}}] if dropped else []


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
