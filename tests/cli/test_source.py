from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

IDS = """\
import uuid


class IdGenerator:
    @staticmethod
    def generate_thread_id(user_id: str) -> str:
        return f"thread_{user_id}_{uuid.uuid4().hex}"
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.ssot-lint]\nsource = "app.ids.IdGenerator"\n')
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "ids.py").write_text(IDS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_fact_has_its_line(run: Run) -> None:
    head, *rows = run("source").out.splitlines()
    assert head.split() == ["FROM", "FACT", "NAME", "LEARNED"]
    facts = {tuple(row.split()[1:3]): row.split()[0] for row in rows}
    assert facts["source", "app.ids.IdGenerator"] == "app/ids.py:4"
    assert facts["generator", "app.ids.IdGenerator.generate_thread_id"] == "app/ids.py:6"
    assert facts["prefix", "thread"] == "app/ids.py:7"


def test_files_are_named_as_seen_from_the_working_directory(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "app")
    assert run("source").out.splitlines()[1].startswith("ids.py:4 ")


def test_the_contract_is_data_in_json(run: Run) -> None:
    (source,) = json.loads(run("source", "--output-format", "json").out)["sources"]
    assert source["target"] == "app.ids.IdGenerator"
    assert [generator["roles"] for generator in source["generators"]] == [["thread_id"]]


def test_without_a_source_it_says_how_to_name_one(run: Run, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.ssot-lint]\n")
    result = run("source")
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert 'source = "package.module.Class"' in result.err


def test_another_configuration_can_be_given(run: Run, project: Path) -> None:
    (project / "other.toml").write_text('source = "app.nowhere"\n')
    result = run("source", "--config", "other.toml")
    assert result.code == 2
    assert "other.toml: source: " in result.err


def test_on_a_terminal_facts_are_wrapped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setenv("NO_COLOR", "1")
    assert max(map(len, run("source", terminal=True).out.splitlines())) <= 70
