from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from ssot_lint.model import Position, Report, Severity, Span
from ssot_lint.reporters import Context
from ssot_lint.reporters import gitlab as reporter

_SCHEMA = Path(__file__).parent / "schemas" / "gitlab-code-quality.json"


def render(report: Report, context: Context) -> list[dict[str, Any]]:
    entries = json.loads("".join(reporter.render(report, context)))
    assert isinstance(entries, list)
    return entries


def test_an_entry_has_the_fields_of_a_code_quality_report(report: Report, context: Context) -> None:
    assert render(report, context) == snapshot(
        [
            {
                "description": "direct-uuid: `uuid.uuid4` makes an ID outside the source of truth",
                "check_name": "direct-uuid",
                "fingerprint": "d3b6f0799078dd1761a1a9d297cd6e68",
                "severity": "major",
                "location": {"path": "app/orders.py", "lines": {"begin": 5, "end": 5}},
            },
            {
                "description": "hardcoded-id-prefix: `thread_` belongs to the source of truth",
                "check_name": "hardcoded-id-prefix",
                "fingerprint": "bfa2ab90e46dfcbde44b99b8384cd24f",
                "severity": "minor",
                "location": {"path": "app/orders.py", "lines": {"begin": 12, "end": 14}},
            },
            {
                "description": "unparsable-file: invalid syntax",
                "check_name": "unparsable-file",
                "fingerprint": "6915357f6cccbcd1fba72b3cdf1fa6ef",
                "severity": "critical",
                "location": {"path": "app/new.py", "lines": {"begin": 3}},
            },
        ]
    )


def test_every_report_follows_the_schema(any_report: Report, context: Context) -> None:
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    entries = render(any_report, context)
    jsonschema.validate(entries, schema)
    assert len(entries) == len(any_report.findings) + len(any_report.troubles)


def test_what_is_nasty_is_read_back(nasty: Report, context: Context) -> None:
    inline, _, lost, failed = render(nasty, context)
    finding = nasty.findings[0]
    assert inline["description"] == f"direct-uuid: {finding.message}".replace("\ud800", "\ufffd")
    assert inline["location"] == {"path": finding.path, "lines": {"begin": 2, "end": 2}}
    assert lost["location"]["path"] == "b\ufffd.py"
    assert failed["location"] == {"path": "c:\n,%.py", "lines": {"begin": 1}}


@pytest.mark.parametrize(
    ("severity", "expected"), list(zip(Severity, ["major", "minor", "info"], strict=True))
)
def test_severities_are_gitlabs(report: Report, context: Context, severity: Severity, expected: str) -> None:
    one = replace(report, findings=(report.findings[0]._replace(severity=severity),))
    assert render(one, context)[0]["severity"] == expected


def test_equal_findings_have_different_fingerprints(report: Report, context: Context) -> None:
    twice = replace(report, findings=report.findings[:1] * 3, failures=())
    assert len({entry["fingerprint"] for entry in render(twice, context)}) == 3


def test_fingerprints_stay_when_lines_move(report: Report, context: Context) -> None:
    moved = [each._replace(span=Span(Position(90, 3), Position(90, 9))) for each in report.findings]
    before, after = render(report, context), render(replace(report, findings=tuple(moved)), context)
    assert [entry["fingerprint"] for entry in before] == [entry["fingerprint"] for entry in after]


def test_projects_of_one_repository_have_different_fingerprints(
    report: Report, context: Context, tmp_path: Path
) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    first, second = (render(replace(report, root=tmp_path / name), context) for name in ("chat", "billing"))
    assert first[0]["location"]["path"] == "chat/app/orders.py"
    assert {entry["fingerprint"] for entry in first}.isdisjoint(entry["fingerprint"] for entry in second)


def test_each_entry_is_one_line_of_ascii(nasty: Report, context: Context) -> None:
    text = "".join(reporter.render(nasty, context))
    assert text.isascii()
    assert len(text.splitlines()) == len(nasty.findings) + len(nasty.failures) + 2
