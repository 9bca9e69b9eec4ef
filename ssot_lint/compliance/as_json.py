"""For programs: everything that was measured."""

from __future__ import annotations

import json
from typing import Any

from ssot_lint.compliance.numbers import Compliance, Entry, History, Point, Share, Tally
from ssot_lint.model import Position, fingerprints

VERSION = 1
"""Of the shape; it grows when a key changes its meaning or goes."""


def render(compliance: Compliance, history: History | None) -> str:
    """One JSON object in ASCII, which no pipe can garble."""
    document: dict[str, Any] = {
        "version": VERSION,
        "sources": list(compliance.sources),
        "total": _tally(compliance.total),
        "packages": list(map(_share, compliance.packages)),
        "owners": list(map(_share, compliance.owners)),
        "rules": [
            {"rule": each.rule, **each.counts, "findings": each.total, "rate": each.rate}
            for each in compliance.rules
        ],
        "findings": _findings(compliance),
        "failures": [
            {"code": each.kind, "filename": each.path, "message": each.message}
            for each in compliance.failures
        ],
        "checked": compliance.checked,
        "notices": list(compliance.notices),
    }
    if history is not None:
        document["history"] = _history(history)
    return json.dumps(document, indent=1) + "\n"


def _tally(tally: Tally) -> dict[str, Any]:
    return {"by_source": tally.by_source, "elsewhere": tally.elsewhere, "rate": tally.rate}


def _share(share: Share) -> dict[str, Any]:
    return {"name": share.name, **_tally(share.tally)}


def _findings(compliance: Compliance) -> list[dict[str, Any]]:
    marks = fingerprints(entry.finding for entry in compliance.entries)
    return [_finding(entry, mark) for entry, mark in zip(compliance.entries, marks, strict=True)]


def _finding(entry: Entry, fingerprint: str) -> dict[str, Any]:
    finding = entry.finding
    return {
        "code": finding.rule,
        "status": entry.status,
        "message": finding.message,
        "severity": finding.severity,
        "filename": finding.path,
        "location": _location(finding.span.start),
        "end_location": _location(finding.span.end),
        "owner": entry.owner or None,
        "suppression_reason": entry.reason or None,
        "fingerprint": fingerprint,
    }


def _location(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}


def _history(history: History) -> dict[str, Any]:
    return {
        "commits": history.commits,
        "blobs": history.blobs,
        "scans": history.scans,
        "failed": history.failed,
        "missing": history.missing,
        "points": list(map(_point, history.points)),
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "commit": point.commit,
        "time": point.time,
        **_tally(point.tally),
        "files": point.files,
        "rules": dict(sorted(point.rules.items())),
    }
