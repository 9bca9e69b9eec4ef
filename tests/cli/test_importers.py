from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

STORE = """\
from app.ids import make


def save():
    try:
        import app.ids
    finally:
        pass
"""
FILES = {
    "pyproject.toml": "[tool.ssot-lint]\n",
    "app/__init__.py": "",
    "app/ids.py": "def make(): ...\n",
    "app/store.py": STORE,
    "app/main.py": "import app.store\n",
    "tests/test_store.py": "patch('app.ids.make')\n",
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text_lists_every_place_and_sums_up(run: Run) -> None:
    result = run("importers", "app.ids", "--transitive")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "app/store.py:1: from app.ids import make",
        "app/store.py:6: import app.ids  (in a function, in a try)",
        "",
        "Named in strings only:",
        "tests/test_store.py:1: 'app.ids.make'",
        "",
        "Through other modules:",
        "app/main.py: app/store.py",
        "",
        "app.ids: imported in 2 places of 1 file, named only in strings of 1, "
        "reached through other modules by 1",
    ]


def test_concise_is_a_line_a_place(run: Run) -> None:
    assert run("importers", "app.ids", "--transitive", "--output-format", "concise").out.splitlines() == [
        "app/store.py:1: imports app.ids",
        "app/store.py:6: imports app.ids",
        "tests/test_store.py:1: names app.ids",
        "app/main.py: reaches app.ids by 2 imports",
    ]


def test_json_has_everything(run: Run) -> None:
    found = json.loads(run("importers", "app.ids.make", "--transitive", "--output-format", "json").out)
    assert (found["module"], found["name"], found["filename"]) == ("app.ids", "make", "app/ids.py")
    (file,) = found["importers"]
    assert file["filename"] == "app/store.py"
    assert file["places"][1] == {
        "row": 6, "text": "import app.ids", "is_local": True, "for_typing": False, "is_guarded": True
    }  # fmt: skip
    assert [item["filename"] for item in found["strings_only"]] == ["tests/test_store.py"]
    assert found["indirect"] == [
        {"filename": "app/main.py", "distance": 2, "through": ["app/store.py"], "for_typing": False}
    ]
    assert json.loads(run("importers", "app.ids", "--output-format", "json").out)["indirect"] is None


def test_paths_confine_what_is_listed_and_not_the_ways(run: Run) -> None:
    result = run("importers", "app.ids", "app/main.py", "tests", "--transitive", "--output-format", "concise")
    assert result.out.splitlines() == [
        "tests/test_store.py:1: names app.ids",
        "app/main.py: reaches app.ids by 2 imports",
    ]


def test_files_are_named_as_seen_from_the_working_directory(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "app")
    assert run("importers", "app.ids", "--output-format", "concise").out.startswith("store.py:1: ")


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("app.main", "nothing there imports app.main"),
        ("nowhere", "nothing there imports nowhere, and no module of the source roots has that name"),
    ],
)
def test_that_there_are_none_is_said_and_no_failure(run: Run, module: str, says: str) -> None:
    result = run("importers", module)
    assert (result.code, result.out, result.err) == (0, "", f"{says}\n")


def test_a_file_that_cannot_be_read_fails_the_run_and_the_others_are_listed(run: Run, project: Path) -> None:
    (project / "bad.py").write_text("import app.ids\nx = (\n")
    result = run("importers", "app.ids", "--output-format", "concise")
    assert result.code == 2
    assert "app/store.py:1: imports app.ids" in result.out
    assert result.err.startswith("error: bad.py:3: ")


def test_a_path_that_is_not_there_is_a_failure(run: Run) -> None:
    result = run("importers", "app.ids", "nope")
    assert (result.code, result.out) == (2, "")
    assert "nope" in result.err
