from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ssot_lint.catalogue import SECTIONS, load_rules
from ssot_lint.rule_pages import rules_directory

if TYPE_CHECKING:
    from tests.cli.conftest import Run

NAMES = list(load_rules([rules_directory()]))

pytestmark = pytest.mark.usefixtures("session")


def test_without_a_name_all_rules_are_listed(run: Run) -> None:
    result = run("rule")
    head, *rows = result.out.splitlines()
    assert head.split() == ["RULE", "SEVERITY", "FINDS"]
    assert [row.split()[0] for row in rows] == NAMES
    finds = head.index("FINDS")
    assert all(row[finds - 1] == " " and row[finds].isupper() for row in rows)


def test_a_page_is_printed_as_markdown(run: Run) -> None:
    text = run("rule", "direct-uuid").out
    assert text.startswith('# direct-uuid\n\n```toml\nkind = "forbidden-call"\n')
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)
    assert "+++" not in text


def test_several_pages_are_printed_in_the_order_asked_for(run: Run) -> None:
    text = run("rule", *reversed(NAMES)).out
    assert [line[2:] for line in text.splitlines() if line[2:] in NAMES] == NAMES[::-1]
    assert run("rule", "--all").out == run("rule", *NAMES).out


def test_pages_are_data_in_json(run: Run) -> None:
    (rule,) = json.loads(run("rule", "direct-uuid", "--output-format", "json").out)
    assert list(rule["sections"]) == list(SECTIONS)
    assert rule["summary"].startswith("A raw ID generator")
    assert {key: rule[key] for key in ("name", "kind", "severity", "default", "url")} == {
        "name": "direct-uuid",
        "kind": "forbidden-call",
        "severity": "error",
        "default": True,
        "url": None,
    }
    assert "uuid.uuid4" in rule["params"]["calls"]
    assert [rule["name"] for rule in json.loads(run("rule", "--output-format", "json").out)] == NAMES


def test_on_a_terminal_pages_are_laid_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    text = run("rule", "direct-uuid", terminal=True).out
    assert "\x1b[" in text
    assert "## Why" not in text
    assert "Why" in text


def test_on_a_terminal_the_list_is_wrapped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    lines = run("rule", terminal=True).out.splitlines()
    assert len(lines) > len(NAMES) + 1
    assert max(map(len, lines)) <= 60
