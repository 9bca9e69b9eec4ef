from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from inline_snapshot import snapshot

import ssot_lint
from ssot_lint.catalogue import load_rules
from ssot_lint.model import Identity, Report, Severity, StaleEntry, Suppressed
from ssot_lint.reporters import Context
from ssot_lint.reporters import sarif as reporter
from ssot_lint.reporters._line_hashes import line_hashes
from ssot_lint.rule_pages import rules_directory

_SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"

_PAGE = """+++
kind = "forbidden-call"
severity = "error"
since = "0.1.0"
default = {default}
{url}
+++

## What it finds

A call of `uuid.uuid4`, see [the docs](https://x.test/), in
two rows. And more.

Another paragraph.

## Why

Because.

## Avoid

```python
bad()  # error: [{name}]
```

## Prefer

```python
good()
```

## Leaves alone

```python
other()
```

## Limits

None.
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    folder = tmp_path / "pages"
    folder.mkdir()
    pages = {"direct-uuid": ("true", 'url = "https://x.test/direct-uuid"'), "quiet-rule": ("false", "")}
    for name, (default, url) in pages.items():
        (folder / f"{name}.md").write_text(_PAGE.format(name=name, default=default, url=url), "utf-8")
    return Context(cwd=tmp_path, color=False, quiet=False, load_rules=lambda: load_rules([folder]))


def render(report: Report, context: Context) -> dict[str, Any]:
    log = json.loads("".join(reporter.render(report, context)))
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def locations(run: dict[str, Any]) -> list[dict[str, Any]]:
    return [result["locations"][0]["physicalLocation"] for result in run["results"]]


def test_a_report_is_one_run(report: Report, context: Context) -> None:
    rule = context.load_rules()["direct-uuid"]
    text = "".join(reporter.render(report, replace(context, load_rules=lambda: {rule.name: rule})))
    assert json.loads(text.replace(f'"{ssot_lint.__version__}"', '"VERSION"')) == snapshot(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "ssot-lint",
                            "version": "VERSION",
                            "rules": [
                                {
                                    "id": "direct-uuid",
                                    "shortDescription": {
                                        "text": "A call of uuid.uuid4, see the docs, in two rows."
                                    },
                                    "fullDescription": {
                                        "text": "A call of uuid.uuid4, see the docs, in two rows. And more."
                                    },
                                    "help": {
                                        "text": """\
A call of `uuid.uuid4`, see [the docs](https://x.test/), in
two rows. And more.

Another paragraph.

Because.\
""",
                                        "markdown": """\
## What it finds

A call of `uuid.uuid4`, see [the docs](https://x.test/), in
two rows. And more.

Another paragraph.

## Why

Because.

## Avoid

```python
bad()  # error: [direct-uuid]
```

## Prefer

```python
good()
```

## Leaves alone

```python
other()
```

## Limits

None.\
""",
                                    },
                                    "helpUri": "https://x.test/direct-uuid",
                                    "defaultConfiguration": {"level": "error"},
                                    "properties": {
                                        "tags": ["maintainability", "forbidden-call"],
                                        "precision": "high",
                                        "problem.severity": "error",
                                    },
                                },
                                {
                                    "id": "hardcoded-id-prefix",
                                    "shortDescription": {"text": "Hardcoded id prefix."},
                                    "fullDescription": {"text": "Hardcoded id prefix."},
                                    "help": {"text": "Hardcoded id prefix."},
                                },
                            ],
                            "notifications": [
                                {
                                    "id": "unreadable-file",
                                    "shortDescription": {"text": "A file could not be read."},
                                    "fullDescription": {"text": "A file could not be read."},
                                    "help": {"text": "A file could not be read."},
                                },
                                {
                                    "id": "unparsable-file",
                                    "shortDescription": {
                                        "text": "A file with something to look at is no valid Python."
                                    },
                                    "fullDescription": {
                                        "text": "A file with something to look at is no valid Python."
                                    },
                                    "help": {"text": "A file with something to look at is no valid Python."},
                                },
                                {
                                    "id": "stale-baseline",
                                    "shortDescription": {
                                        "text": "A baseline accepts findings that are gone, and can shrink."
                                    },
                                    "fullDescription": {
                                        "text": "A baseline accepts findings that are gone, and can shrink."
                                    },
                                    "help": {
                                        "text": "A baseline accepts findings that are gone, and can shrink."
                                    },
                                },
                            ],
                        }
                    },
                    "invocations": [
                        {
                            "executionSuccessful": False,
                            "toolExecutionNotifications": [
                                {
                                    "descriptor": {"id": "unparsable-file", "index": 1},
                                    "level": "error",
                                    "message": {"text": "invalid syntax"},
                                    "locations": [
                                        {
                                            "physicalLocation": {
                                                "artifactLocation": {
                                                    "uri": "app/new.py",
                                                    "uriBaseId": "%SRCROOT%",
                                                },
                                                "region": {"startLine": 3, "startColumn": 7},
                                            }
                                        }
                                    ],
                                }
                            ],
                        }
                    ],
                    "originalUriBaseIds": {
                        "%SRCROOT%": {"description": {"text": "The root of the repository."}}
                    },
                    "columnKind": "unicodeCodePoints",
                    "results": [
                        {
                            "ruleId": "direct-uuid",
                            "ruleIndex": 0,
                            "level": "error",
                            "message": {"text": "`uuid.uuid4` makes an ID outside the source of truth"},
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {
                                            "uri": "app/orders.py",
                                            "uriBaseId": "%SRCROOT%",
                                        },
                                        "region": {
                                            "startLine": 5,
                                            "startColumn": 20,
                                            "endLine": 5,
                                            "endColumn": 30,
                                        },
                                    },
                                    "logicalLocations": [{"fullyQualifiedName": "open_order"}],
                                }
                            ],
                            "partialFingerprints": {
                                "primaryLocationLineHash": "d3b6f0799078dd17:1",
                                "ssotLint/v1": "d3b6f0799078dd1761a1a9d297cd6e68",
                            },
                            "fixes": [
                                {
                                    "description": {"text": "Call `IdGenerator.generate_base_id`"},
                                    "artifactChanges": [
                                        {
                                            "artifactLocation": {
                                                "uri": "app/orders.py",
                                                "uriBaseId": "%SRCROOT%",
                                            },
                                            "replacements": [
                                                {
                                                    "deletedRegion": {
                                                        "startLine": 5,
                                                        "startColumn": 16,
                                                        "endLine": 5,
                                                        "endColumn": 33,
                                                    },
                                                    "insertedContent": {
                                                        "text": 'IdGenerator.generate_base_id("order")'
                                                    },
                                                }
                                            ],
                                        }
                                    ],
                                    "properties": {"applicability": "safe"},
                                }
                            ],
                        },
                        {
                            "ruleId": "hardcoded-id-prefix",
                            "ruleIndex": 1,
                            "level": "warning",
                            "message": {"text": "`thread_` belongs to the source of truth"},
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {
                                            "uri": "app/orders.py",
                                            "uriBaseId": "%SRCROOT%",
                                        },
                                        "region": {
                                            "startLine": 12,
                                            "startColumn": 12,
                                            "endLine": 14,
                                            "endColumn": 2,
                                        },
                                    }
                                }
                            ],
                            "partialFingerprints": {
                                "primaryLocationLineHash": "bfa2ab90e46dfcbd:1",
                                "ssotLint/v1": "bfa2ab90e46dfcbde44b99b8384cd24f",
                            },
                        },
                    ],
                }
            ],
        }
    )


@pytest.fixture
def accepted(report: Report) -> Report:
    """One finding is new, one is suppressed, one is in the baseline, and two of the baseline are gone."""
    new, old = report.findings
    suppressed = (
        Suppressed(new._replace(path="app/a.py"), "legacy wire format", date(2027, 1, 31)),
        Suppressed(new._replace(path="app/z.py"), ""),
    )
    stale = StaleEntry(Identity("app/gone.py", "direct-uuid", "open", "uuid4()"), 2)
    return replace(
        report, findings=(new,), failures=(), suppressed=suppressed, baselined=(old,), stale=(stale,)
    )


@pytest.mark.parametrize("name", ["report", "nothing", "only_failures", "only_faults", "nasty", "accepted"])
def test_every_report_follows_the_schema(name: str, context: Context, request: pytest.FixtureRequest) -> None:
    text = "".join(reporter.render(request.getfixturevalue(name), context))
    assert text.isascii()
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(text))


def test_the_own_rules_are_described(nothing: Report, context: Context) -> None:
    run = render(nothing, replace(context, load_rules=lambda: load_rules([rules_directory()])))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(file.stem for file in rules_directory().glob("*-*.md"))
    for rule in rules:
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert 0 < len(text) <= 1024
            assert "`" not in text
        assert "## Limits" in rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 10


def test_a_rule_that_is_off_by_default_says_so(nothing: Report, context: Context) -> None:
    on, off = (rule["defaultConfiguration"] for rule in render(nothing, context)["tool"]["driver"]["rules"])
    assert (on, off) == ({"level": "error"}, {"level": "error", "enabled": False})


def test_results_refer_to_their_rules(report: Report, context: Context) -> None:
    run = render(report, context)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        finding.rule for finding in report.findings
    ]


@pytest.mark.parametrize(
    ("severity", "level"), list(zip(Severity, ["error", "warning", "note"], strict=True))
)
def test_severities_are_levels(report: Report, context: Context, severity: Severity, level: str) -> None:
    one = replace(report, findings=(report.findings[0]._replace(severity=severity),))
    assert render(one, context)["results"][0]["level"] == level


def test_files_are_relative_and_percent_encoded(nasty: Report, context: Context) -> None:
    uris = [location["artifactLocation"] for location in locations(render(nasty, context))]
    assert {uri["uriBaseId"] for uri in uris} == {"%SRCROOT%"}
    assert uris[0]["uri"] == "a%20dir/%C3%BC%20%23%2541%3Bx%2Cy.py"
    assert [unquote_to_bytes(uri["uri"]).decode("utf-8", "surrogateescape") for uri in uris] == [
        finding.path for finding in nasty.findings
    ]


def test_files_are_seen_from_the_root_of_the_repository(
    report: Report, context: Context, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    inner = replace(report, root=tmp_path / "services" / "chat")
    run = render(inner, context)
    assert locations(run)[0]["artifactLocation"]["uri"] == "services/chat/app/orders.py"
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    place = notification["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "services/chat/app/new.py"


def test_what_was_accepted_is_seen_from_there_too(accepted: Report, context: Context, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    run = render(replace(accepted, root=tmp_path / "services" / "chat"), context)
    uris = [location["artifactLocation"]["uri"] for location in locations(run)]
    assert [uri.removeprefix("services/chat/app/") for uri in uris] == [
        "a.py",
        "orders.py",
        "orders.py",
        "z.py",
        "gone.py",
        "gone.py",
    ]


def test_a_file_outside_the_repository_has_a_whole_uri(
    report: Report, context: Context, tmp_path: Path
) -> None:
    outside = report.findings[0]._replace(path="../other place/a.py")
    run = render(replace(report, root=tmp_path / "project", findings=(outside,)), context)
    artifact = locations(run)[0]["artifactLocation"]
    assert artifact == {"uri": (tmp_path / "other place" / "a.py").as_uri()}


def test_line_hashes_are_those_of_the_file(nasty: Report, context: Context) -> None:
    run = render(nasty, context)
    prints = [result["partialFingerprints"] for result in run["results"]]
    content = (nasty.root / nasty.findings[0].path).read_bytes()
    hashes = line_hashes(content, {2, 3})
    assert [each["primaryLocationLineHash"] for each in prints[:2]] == [hashes[2], hashes[3]]
    assert prints[2]["primaryLocationLineHash"] == f"{prints[2]['ssotLint/v1'][:16]}:1"
    assert len({each["ssotLint/v1"] for each in prints}) == 3


def test_fixes_make_the_edits(nasty: Report, context: Context) -> None:
    inline = render(nasty, context)["results"][0]
    (fix,) = inline["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == inline["locations"][0]["physicalLocation"]["artifactLocation"]
    line = nasty.findings[0].line
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        assert (region["startLine"], region["endLine"]) == (2, 2)
        start, end = region["startColumn"] - 1, region["endColumn"] - 1
        line = line[:start] + replacement["insertedContent"]["text"] + line[end:]
    assert line == '\ttítulo = "\N{GRINNING FACE}é"; key = ids.new("\N{GRINNING FACE}")\n\tx()'
    assert fix["properties"] == {"applicability": "unsafe"}


def test_what_is_nasty_is_read_back(nasty: Report, context: Context) -> None:
    run = render(nasty, context)
    assert run["results"][0]["message"]["text"] == nasty.findings[0].message.replace("\ud800", "\ufffd")
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "Permission denied: 'c'"
    place = notification["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "c%3A%0A%2C%25.py", "uriBaseId": "%SRCROOT%"}}


def test_a_failure_is_a_notification_of_its_kind(report: Report, context: Context) -> None:
    run = render(report, context)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    kinds = run["tool"]["driver"]["notifications"]
    assert kinds[notification["descriptor"]["index"]]["id"] == notification["descriptor"]["id"]


def test_a_run_without_failures_succeeded(nothing: Report, context: Context) -> None:
    run = render(nothing, context)
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert run["results"] == []


def test_a_baseline_that_must_shrink_is_a_notification_of_a_run_that_succeeded(
    only_faults: Report, context: Context
) -> None:
    (invocation,) = render(only_faults, context)["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert (invocation["executionSuccessful"], notification["descriptor"]) == (
        True,
        {"id": "stale-baseline", "index": 2},
    )


def test_what_was_accepted_says_by_whom(accepted: Report, context: Context) -> None:
    results = render(accepted, context)["results"]
    assert [(result["baselineState"], result.get("suppressions")) for result in results] == [
        (
            "new",
            [
                {
                    "kind": "inSource",
                    "justification": "legacy wire format",
                    "properties": {"until": "2027-01-31"},
                }
            ],
        ),
        ("new", None),
        ("unchanged", [{"kind": "external", "justification": "accepted by the baseline"}]),
        ("new", [{"kind": "inSource"}]),
        ("absent", None),
        ("absent", None),
    ]


def test_what_is_gone_has_a_file_but_no_place_in_it(accepted: Report, context: Context) -> None:
    gone = locations(render(accepted, context))[-1]
    assert gone == {"artifactLocation": {"uri": "app/gone.py", "uriBaseId": "%SRCROOT%"}}


def test_without_a_baseline_there_is_no_baseline_state(accepted: Report, context: Context) -> None:
    without = replace(accepted, baselined=(), stale=())
    assert all("baselineState" not in result for result in render(without, context)["results"])


def test_accepting_a_finding_does_not_change_the_identity_of_its_equals(
    report: Report, context: Context
) -> None:
    first, second = (report.findings[0]._replace() for _ in range(2))
    both = replace(report, findings=(first, second))
    one = replace(report, findings=(second,), suppressed=(Suppressed(first, "because"),))

    def identities(report: Report) -> set[str]:
        return {each["partialFingerprints"]["ssotLint/v1"] for each in render(report, context)["results"]}

    assert identities(both) == identities(one)


def test_of_too_many_results_the_least_important_are_left_out(report: Report, context: Context) -> None:
    error, warning = report.findings
    size = reporter.MAX_RESULTS
    many = replace(
        report,
        findings=(*[warning] * 2, *[error] * (size - 2)),
        failures=(),
        baselined=(error._replace(path="app/a.py"),) * 3,
    )
    run = render(many, context)
    assert len(run["results"]) == size
    assert [result["level"] for result in run["results"]].count("warning") == 2
    assert {result["baselineState"] for result in run["results"]} == {"new"}
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "warning"
    assert notification["message"]["text"].startswith("3 results are left out")


def test_the_most_severe_results_stay(report: Report, context: Context) -> None:
    error, warning = report.findings
    many = replace(report, findings=(warning, *[error] * reporter.MAX_RESULTS), failures=())
    levels = {result["level"] for result in render(many, context)["results"]}
    assert levels == {"error"}


def test_long_texts_are_cut(report: Report, context: Context) -> None:
    one = replace(report, findings=(report.findings[0]._replace(message="x" * 5000),))
    text = render(one, context)["results"][0]["message"]["text"]
    assert (len(text), text[-4:]) == (1024, "x...")
