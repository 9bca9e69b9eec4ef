from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from ssot_lint.model import Applicability, Edit, Finding, Fix, Position, Report, Severity, Span
from ssot_lint.reporters import Context
from ssot_lint.reporters import rdjson as reporter

_SCHEMA = Path(__file__).parent / "schemas" / "rdjson.json"


def render(report: Report, context: Context) -> dict[str, Any]:
    result = json.loads("".join(reporter.render(report, context)))
    assert isinstance(result, dict)
    return result


def suggestions(report: Report, context: Context, finding: Finding) -> list[dict[str, Any]]:
    (diagnostic,) = render(replace(report, findings=(finding,), failures=()), context)["diagnostics"]
    return diagnostic.get("suggestions", [])


def edited(content: bytes, suggestion: dict[str, Any]) -> bytes:
    """The content after the suggestion, columns read as the specification says: as bytes of UTF-8."""
    lines = content.splitlines(keepends=True)
    start, end = (
        sum(map(len, lines[: place["line"] - 1])) + place["column"] - 1
        for place in (suggestion["range"]["start"], suggestion["range"]["end"])
    )
    return content[:start] + suggestion["text"].encode() + content[end:]


def fix(*edits: tuple[int, int, int, int, str], applicability: Applicability = Applicability.SAFE) -> Fix:
    spans = [(Span(Position(a, b), Position(c, d)), text) for a, b, c, d, text in edits]
    return Fix(applicability, "Do it", tuple(Edit(span, text) for span, text in spans))


def test_a_diagnostic_has_the_fields_of_the_format(report: Report, context: Context) -> None:
    assert render(report, context) == snapshot(
        {
            "source": {"name": "ssot-lint"},
            "diagnostics": [
                {
                    "message": "`uuid.uuid4` makes an ID outside the source of truth",
                    "location": {
                        "path": "app/orders.py",
                        "range": {"start": {"line": 5, "column": 20}, "end": {"line": 5, "column": 30}},
                    },
                    "severity": "ERROR",
                    "code": {"value": "direct-uuid", "url": "https://x.test/"},
                    "suggestions": [
                        {
                            "range": {"start": {"line": 5, "column": 16}, "end": {"line": 5, "column": 33}},
                            "text": 'IdGenerator.generate_base_id("order")',
                        }
                    ],
                },
                {
                    "message": "`thread_` belongs to the source of truth",
                    "location": {
                        "path": "app/orders.py",
                        "range": {"start": {"line": 12}, "end": {"line": 14}},
                    },
                    "severity": "WARNING",
                    "code": {"value": "hardcoded-id-prefix"},
                },
                {
                    "message": "invalid syntax",
                    "location": {"path": "app/new.py", "range": {"start": {"line": 3}}},
                    "severity": "ERROR",
                    "code": {"value": "unparsable-file"},
                },
            ],
        }
    )


def test_every_report_follows_the_schema(any_report: Report, context: Context) -> None:
    result = render(any_report, context)
    jsonschema.validate(result, json.loads(_SCHEMA.read_text("utf-8")))
    assert len(result["diagnostics"]) == len(any_report.findings) + len(any_report.troubles)


def test_columns_count_bytes(nasty: Report, context: Context) -> None:
    inline = render(nasty, context)["diagnostics"][0]
    content = (nasty.root / nasty.findings[0].path).read_bytes()
    line = content.splitlines()[1]
    place = inline["location"]["range"]
    assert line[place["start"]["column"] - 1 : place["end"]["column"] - 1] == b"uuid.uuid4"


def test_edits_of_one_row_are_one_suggestion(nasty: Report, context: Context) -> None:
    finding = nasty.findings[0]
    (suggestion,) = suggestions(nasty, context, finding)
    content = (nasty.root / finding.path).read_bytes()
    assert edited(content, suggestion).decode().splitlines()[1:3] == [
        '\ttítulo = "\N{GRINNING FACE}é"; key = ids.new("\N{GRINNING FACE}")',
        "\tx()",
    ]


@pytest.mark.parametrize(
    ("edits", "place"),
    [
        ([(5, 5, 5, 13, "x")], ((5, 5), (5, 13))),
        ([(5, 5, 5, 5, "x")], ((5, 5), (5, 5))),
        ([(5, 1, 6, 1, "")], ((5, 1), (6, 1))),
        ([(2, 1, 2, 1, "import x\n")], ((2, 1), (2, 1))),
        ([(5, 5, 6, 3, "x")], None),
        ([(4, 5, 5, 3, "x")], None),
        ([(2, 1, 2, 1, "import x\n"), (5, 5, 5, 13, "x")], None),
        ([(5, 5, 5, 13, "x"), (5, 20, 6, 1, "y")], None),
    ],
    ids=[
        "in the row",
        "insertion",
        "the whole row",
        "at the start of another row",
        "ends inside another row",
        "starts inside another row",
        "import elsewhere",
        "last part leaves the row",
    ],
)
def test_only_a_fix_that_is_complete_in_one_place_is_suggested(
    report: Report,
    context: Context,
    edits: list[tuple[int, int, int, int, str]],
    place: tuple[tuple[int, int], tuple[int, int]] | None,
) -> None:
    found = suggestions(report, context, report.findings[0]._replace(fix=fix(*edits)))
    ranges = [
        tuple((end["line"], end["column"]) for end in (each["range"]["start"], each["range"]["end"]))
        for each in found
    ]
    assert ranges == ([place] if place else [])


def test_edits_may_come_in_any_order(report: Report, context: Context) -> None:
    finding = report.findings[0]._replace(fix=fix((5, 16, 5, 33, "ids.new()"), (5, 5, 5, 13, "key")))
    (suggestion,) = suggestions(report, context, finding)
    assert suggestion["text"] == "key = ids.new()"


@pytest.mark.parametrize(
    ("applicability", "suggested"), list(zip(Applicability, [True, True, False], strict=True))
)
def test_what_is_only_shown_is_not_suggested(
    report: Report, context: Context, applicability: Applicability, suggested: bool
) -> None:
    finding = report.findings[0]._replace(fix=fix((5, 5, 5, 13, "x"), applicability=applicability))
    assert bool(suggestions(report, context, finding)) is suggested


def test_a_span_of_several_rows_is_whole_lines(nasty: Report, context: Context) -> None:
    block = render(nasty, context)["diagnostics"][1]
    assert block["location"]["range"] == {"start": {"line": 3}, "end": {"line": 4}}


@pytest.mark.parametrize(
    ("severity", "expected"), list(zip(Severity, ["ERROR", "WARNING", "INFO"], strict=True))
)
def test_severities_are_reviewdogs(
    report: Report, context: Context, severity: Severity, expected: str
) -> None:
    one = replace(report, findings=(report.findings[0]._replace(severity=severity),))
    assert render(one, context)["diagnostics"][0]["severity"] == expected


def test_what_is_nasty_is_read_back(nasty: Report, context: Context) -> None:
    inline, _, lost, failed = render(nasty, replace(context, cwd=nasty.root))["diagnostics"]
    assert inline["message"] == nasty.findings[0].message.replace("\ud800", "\ufffd")
    assert inline["location"]["path"] == nasty.findings[0].path
    assert lost["location"]["path"] == "b\ufffd.py"
    assert failed["location"] == {"path": "c:\n,%.py"}


def test_nothing_found_needs_no_rules(nothing: Report, context: Context) -> None:
    without_rules = replace(context, load_rules=lambda: 1 / 0)
    assert render(nothing, without_rules)["diagnostics"] == []
