"""A JSON array in the shape that Ruff's readers know, with `severity`, `fingerprint` and `reason` besides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ssot_lint.model import Failure, Finding, Fix, Position, Report, Severity, Share, fingerprints
from ssot_lint.reporters import file_namer
from ssot_lint.reporters._counts import counts
from ssot_lint.reporters._machine import failure_fingerprint

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

SHOWS_FIXES = True


def render(report: Report, context: Context) -> Iterator[str]:
    """One entry a line: the findings in their order, then what is wrong with files as a whole.

    The report on a shard ends with an entry that says what `ssot-lint merge` has to know.
    """
    return array(_entries(report, context))


def render_statistics(report: Report, _context: Context) -> Iterator[str]:
    """One entry a rule."""
    return array({"code": each.code, "count": each.count, "files": each.files} for each in counts(report))


def array(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The text of a report; escaped to ASCII, so that no terminal or pipe can garble it."""
    opening = "[\n"
    for entry in entries:
        yield f"{opening}  {json.dumps(entry)}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _entries(report: Report, context: Context) -> Iterator[dict[str, Any]]:
    name = file_namer(report.root, context.cwd)
    rules = context.load_rules() if report.findings else {}
    identities = fingerprints(report.findings)
    for finding, fingerprint in zip(report.findings, identities, strict=True):
        rule = rules.get(finding.rule)
        yield _finding(finding, name, fingerprint, rule.url if rule else None)
    for trouble in report.troubles:
        yield _failure(trouble, name)
    if report.share is not None:
        yield _part(report, report.share, identities, context)


def _finding(
    finding: Finding, name: Callable[[str], str], fingerprint: str, url: str | None
) -> dict[str, Any]:
    return {
        "code": finding.rule,
        "message": finding.message,
        "severity": finding.severity,
        "filename": name(finding.path),
        "location": _location(finding.span.start),
        "end_location": _location(finding.span.end),
        "fix": _fix(finding.fix) if finding.fix else None,
        "url": url,
        "fingerprint": fingerprint,
        "reason": finding.reason,
    }


def _failure(failure: Failure, name: Callable[[str], str]) -> dict[str, Any]:
    location = _location(failure.position or Position(1, 1))
    return {
        "code": failure.kind,
        "message": failure.message,
        "severity": Severity.ERROR,
        "filename": name(failure.path),
        "location": location,
        "end_location": location,
        "fix": None,
        "url": None,
        "fingerprint": failure_fingerprint(failure),
        "reason": None,
    }


def _part(report: Report, share: Share, identities: Sequence[str], context: Context) -> dict[str, Any]:
    """Looks like all entries, for readers that know nothing of parts."""
    from ssot_lint.reporters import _parts

    name = file_namer(report.root, context.cwd)
    location = _location(Position(1, 1))
    paths = [finding.path for finding in report.findings]
    return {
        "code": _parts.KEY,
        "message": f"part {share.index} of {share.count}, to be merged with the others",
        "severity": Severity.INFO,
        "filename": name("."),
        "location": location,
        "end_location": location,
        "fix": None,
        "url": None,
        "fingerprint": share.setup[:32],
        "reason": None,
        _parts.KEY: _parts.describe(
            report, share, context, identities, paths, lambda each: _failure(each, name)
        ),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [
        {
            "content": edit.content,
            "location": _location(edit.span.start),
            "end_location": _location(edit.span.end),
        }
        for edit in fix.edits
    ]
    return {"applicability": fix.applicability, "message": fix.message, "edits": edits}


def _location(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}
