from __future__ import annotations

import json
from dataclasses import replace

from ssot_lint.model import Report
from ssot_lint.reporters import Context
from ssot_lint.reporters import json as reporter


def render(report: Report, context: Context) -> str:
    return "".join(reporter.render(report, context))


def test_an_entry_has_the_shape_that_readers_of_ruff_know(report: Report, context: Context) -> None:
    first, second, failure = json.loads(render(report, context))
    assert first == {
        "code": "direct-uuid",
        "message": "`uuid.uuid4` makes an ID outside the source of truth",
        "severity": "error",
        "filename": "app/orders.py",
        "location": {"row": 5, "column": 20},
        "end_location": {"row": 5, "column": 30},
        "fix": {
            "applicability": "safe",
            "message": "Call `IdGenerator.generate_base_id`",
            "edits": [
                {
                    "content": 'IdGenerator.generate_base_id("order")',
                    "location": {"row": 5, "column": 16},
                    "end_location": {"row": 5, "column": 33},
                }
            ],
        },
        "url": "https://x.test/",
        "fingerprint": first["fingerprint"],
        "reason": None,
    }
    assert (second["fix"], second["url"], second["reason"]) == (None, None, "the value is a file name")
    assert failure == {
        "code": "unparsable-file",
        "message": "invalid syntax",
        "severity": "error",
        "filename": "app/new.py",
        "location": {"row": 3, "column": 7},
        "end_location": {"row": 3, "column": 7},
        "fix": None,
        "url": None,
        "fingerprint": failure["fingerprint"],
        "reason": None,
    }
    assert len({entry["fingerprint"] for entry in (first, second, failure)}) == 3


def test_a_failure_without_a_place_is_at_the_start_of_its_file(report: Report, context: Context) -> None:
    failures = (replace(report.failures[0], position=None),)
    (entry,) = json.loads(render(replace(report, findings=(), failures=failures), context))
    assert entry["location"] == {"row": 1, "column": 1}


def test_each_entry_is_one_line(report: Report, context: Context) -> None:
    lines = render(report, context).split("\n")
    assert (lines[0], lines[-2:]) == ("[", ["]", ""])
    assert len(lines) == 3 + 3


def test_nothing_found_is_an_empty_array_and_needs_no_rules(report: Report, context: Context) -> None:
    without_rules = replace(context, load_rules=lambda: 1 / 0)
    assert render(replace(report, findings=(), failures=()), without_rules) == "[]\n"


def test_what_no_encoding_has_is_escaped(report: Report, context: Context) -> None:
    odd = report.findings[0]._replace(message="caf\u00e9 \U0001f600", path="a\udcff.py")
    text = render(replace(report, findings=(odd,)), context)
    assert text.isascii()
    entry = json.loads(text)[0]
    assert (entry["message"], entry["filename"]) == (odd.message, odd.path)


def test_statistics_count_by_rule(report: Report, context: Context) -> None:
    several = replace(report, findings=(*report.findings, report.findings[0]._replace(path="b.py")))
    assert json.loads("".join(reporter.render_statistics(several, context))) == [
        {"code": "direct-uuid", "count": 2, "files": 2},
        {"code": "hardcoded-id-prefix", "count": 1, "files": 1},
        {"code": "unparsable-file", "count": 1, "files": 1},
    ]
