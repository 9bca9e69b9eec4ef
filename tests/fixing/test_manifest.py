from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rewriting import finding

from ssot_lint.errors import InputError
from ssot_lint.fixing import manifest as manifests
from ssot_lint.fixing.manifest import Changed, Entry, Failed, Manifest, Skipped, load, save, undo
from ssot_lint.model import Edit, Position, Span

FINDING = finding(Edit(Span(Position(3, 5), Position(3, 9)), "x"))
OLD, NEW = "x = 'é'\r\n".encode(), b"x = 1\r\n"


@pytest.fixture
def record() -> Manifest:
    return Manifest(
        (Changed.of("app/code.py", OLD, NEW, [FINDING]), Changed.of("app/é b.py", b"", b"\xff", [])),
        (Skipped("app/code.py", Entry.of(FINDING), "it is a file name"),),
        (Failed("app/other.py", "it may not be written"),),
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "code.py").write_bytes(NEW)
    (tmp_path / "app" / "é b.py").write_bytes(b"\xff")
    return tmp_path


def test_a_manifest_is_read_back(record: Manifest, tmp_path: Path) -> None:
    save(record, tmp_path / "run.json")
    assert load(tmp_path / "run.json") == record
    save(record, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "run.json").read_bytes()


def test_a_manifest_keeps_to_its_schema(record: Manifest, tmp_path: Path) -> None:
    save(record, tmp_path / "run.json")
    schema = json.loads(files(manifests.__package__).joinpath("manifest.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    data = json.loads((tmp_path / "run.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(data)
    assert data["skipped"] == [
        {
            "path": "app/code.py",
            "finding": {"rule": "direct-uuid", "row": 3, "column": 5},
            "reason": "it is a file name",
        }
    ]


def test_undo_puts_every_file_back(record: Manifest, project: Path) -> None:
    undone = undo(record, project)
    assert undone.restored == ("app/code.py", "app/é b.py")
    assert (project / "app" / "code.py").read_bytes() == OLD
    assert (project / "app" / "é b.py").read_bytes() == b""
    again = undo(record, project)
    assert (again.restored, again.untouched) == ((), ("app/code.py", "app/é b.py"))


def test_undo_leaves_what_has_changed_since(record: Manifest, project: Path) -> None:
    (project / "app" / "code.py").write_bytes(b"edited by hand")
    (project / "app" / "é b.py").unlink()
    undone = undo(record, project)
    assert (undone.restored, undone.untouched) == ((), ())
    assert [item.path for item in undone.left] == ["app/code.py", "app/é b.py"]
    assert undone.left[0].reason == "it has changed since the run"
    assert (project / "app" / "code.py").read_bytes() == b"edited by hand"


def edited(tmp_path: Path, record: Manifest, **changes: object) -> Path:
    path = tmp_path / "run.json"
    save(record, path)
    data = json.loads(path.read_text("utf-8"))
    for key, value in changes.items():
        if key in data:
            data[key] = value
        else:
            data["changed"][0][key] = value
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 2}, "version: 2 is not 1"),
        ({"path": "../x.py"}, "no path in the project"),
        ({"path": "/x.py"}, "no path in the project"),
        ({"path": "C:/x.py"}, "no path in the project"),
        ({"path": "a\\..\\..\\x.py"}, "no path in the project"),
        ({"path": ""}, "no path in the project"),
        ({"original": "AAAA"}, "is damaged"),
        ({"original": "!"}, "is damaged"),
        ({"before": "0" * 64}, "is not what was there before"),
        ({"findings": [{}]}, "no manifest of ssot-lint"),
        ({"skipped": [1]}, "no manifest of ssot-lint"),
        ({"changed": None}, "no manifest of ssot-lint"),
    ],
)
def test_a_manifest_that_is_none_is_refused(
    changes: dict[str, object], message: str, record: Manifest, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        load(edited(tmp_path, record, **changes))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'"x"'])
def test_any_other_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(InputError, match=r"run\.json: "):
        load(tmp_path / "run.json")
    with pytest.raises(InputError):
        load(tmp_path / "missing.json")
