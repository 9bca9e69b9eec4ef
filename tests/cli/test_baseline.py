"""What a team sees that adopts the linter with a baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ssot_lint.reporters import formats

if TYPE_CHECKING:
    from tests.cli.conftest import Run

FILE = ".ssot-baseline.jsonl"
CONFIG = '[tool.ssot-lint]\nsource = "app.ids"\n'
SOURCE = "import uuid\n\n\ndef generate_id(prefix: str) -> str:\n    return f'{prefix}_{uuid.uuid4()}'\n"
FUNCTION = "def {name}():\n    return uuid.uuid4()\n"
ORDERS = "import uuid\n\n\n" + FUNCTION.format(name="first") + "\n\n" + FUNCTION.format(name="second")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two findings in app/orders.py, one in app/users.py, and a baseline of the three."""
    write(tmp_path, "pyproject.toml", CONFIG)
    write(tmp_path, "app/ids.py", SOURCE)
    write(tmp_path, "app/orders.py", ORDERS)
    write(tmp_path, "app/users.py", "import uuid\n\nuser_id = uuid.uuid4()\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def adopted(project: Path, run: Run) -> Path:
    assert run("baseline").code == 0
    return project


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def replace(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text("utf-8")
    assert old in text
    write(root, path, text.replace(old, new))


def entries(root: Path, name: str = FILE) -> list[tuple[str, str, int]]:
    lines = map(json.loads, (root / name).read_text("utf-8").splitlines())
    return [(entry["path"], entry["symbol"], entry["count"]) for entry in lines]


def found(run: Run, *arguments: str) -> list[str]:
    """Where a check finds something."""
    lines = run("check", "--quiet", "--output-format", "concise", *arguments).out.splitlines()
    return [line.split(": ")[0] for line in lines]


def test_the_first_baseline_accepts_what_there_is(project: Path, run: Run) -> None:
    result = run("baseline")
    assert (result.code, result.out, result.err) == (0, f"{FILE} accepts 3 findings\n", "")
    assert entries(project) == [
        ("app/orders.py", "first", 1),
        ("app/orders.py", "second", 1),
        ("app/users.py", "", 1),
    ]
    result = run("check")
    assert (result.code, result.out) == (0, "All clear (3 files checked, 3 in the baseline).\n")


def test_a_second_run_changes_nothing(project: Path, run: Run) -> None:
    run("baseline")
    before = (project / FILE).read_bytes()
    assert run("baseline").out == f"{FILE} accepts 3 findings\n"
    assert (project / FILE).read_bytes() == before


def test_without_findings_there_is_no_baseline(project: Path, run: Run) -> None:
    write(project, "app/orders.py", "")
    write(project, "app/users.py", "")
    assert run("baseline").out == f"{FILE} was not written: there is nothing to accept\n"
    assert not (project / FILE).exists()


def test_only_what_is_new_is_reported(adopted: Path, run: Run) -> None:
    write(adopted, "app/new.py", "import uuid\n\nnew_id = uuid.uuid4()\n")
    replace(adopted, "app/orders.py", "def second", "x = uuid.uuid4()\n\n\ndef second")
    assert found(run) == ["app/new.py:3:10", "app/orders.py:8:5"]
    assert run("check").code == 1


def test_a_copy_in_the_same_function_is_new(adopted: Path, run: Run) -> None:
    replace(
        adopted, "app/users.py", "user_id = uuid.uuid4()", "user_id = uuid.uuid4()\nuser_id = uuid.uuid4()"
    )
    assert found(run) == ["app/users.py:4:11"]


@pytest.mark.parametrize(
    "change",
    [
        ("app/orders.py", "import uuid\n", '"""More."""\n\nimport os\nimport uuid\n'),
        ("app/orders.py", "    return uuid.uuid4()", "    return  uuid.uuid4()  # soon"),
        ("app/orders.py", "def first():\n", "def first():\n    x = 1\n"),
    ],
    ids=["rows above", "blanks and comments", "a row before"],
)
def test_what_moves_within_its_function_stays_accepted(
    adopted: Path, run: Run, change: tuple[str, str, str]
) -> None:
    replace(adopted, *change)
    result = run("check")
    assert (result.code, result.err) == (0, "")


def test_a_function_that_moves_to_another_file_stays_accepted(adopted: Path, run: Run) -> None:
    replace(adopted, "app/orders.py", FUNCTION.format(name="second"), "")
    write(adopted, "app/moved.py", "import uuid\n\n\n" + FUNCTION.format(name="second"))
    for arguments in ([], ["app/moved.py"], ["app/moved.py", "app/users.py"]):
        result = run("check", *arguments)
        assert (result.code, result.err) == (0, ""), arguments
    assert run("baseline").out == f"{FILE} accepts 3 findings (1 moved)\n"
    assert ("app/moved.py", "second", 1) in entries(adopted)


def test_a_file_that_is_renamed_stays_accepted(adopted: Path, run: Run) -> None:
    (adopted / "app/orders.py").rename(adopted / "app/purchases.py")
    assert run("check").code == 0
    assert run("check", "app/purchases.py").code == 0


def test_a_function_that_is_copied_is_new_also_to_a_hook(adopted: Path, run: Run) -> None:
    write(adopted, "app/copy.py", "import uuid\n\n\n" + FUNCTION.format(name="second"))
    for arguments in ([], ["app/copy.py"]):
        assert found(run, *arguments) == ["app/copy.py:5:12"]


def test_a_hook_does_not_rely_on_a_file_that_cannot_be_checked(adopted: Path, run: Run) -> None:
    write(adopted, "app/orders.py", "uuid.uuid4(\n")
    write(adopted, "app/copy.py", "import uuid\n\n\n" + FUNCTION.format(name="second"))
    assert found(run, "app/copy.py") == ["app/copy.py:5:12"]


def test_standard_input_is_held_against_the_baseline(
    adopted: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (adopted / "app/orders.py").read_text() + "\nx = uuid.uuid4()\n"
    (adopted / "in").write_text(text)
    with (adopted / "in").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert found(run, "-", "--stdin-filename", "app/orders.py") == ["app/orders.py:11:5"]


# Entries without a finding


def mend(root: Path) -> None:
    replace(root, "app/users.py", "uuid.uuid4()", "None")


@pytest.mark.parametrize(
    ("config", "arguments", "code", "prefix"),
    [
        ("", [], 0, ""),
        ("stale-baseline = 'error'\n", [], 1, "error: "),
        ("", ["--stale-baseline", "error"], 1, "error: "),
        ("", ["--stale-baseline", "error", "--quiet"], 1, "error: "),
        ("", ["--stale-baseline", "error", "--exit-zero"], 0, "error: "),
        ("stale-baseline = 'error'\n", ["--stale-baseline", "warn"], 0, ""),
        ("", ["--quiet"], 0, None),
        ("stale-baseline = 'off'\n", [], 0, None),
        ("stale-baseline = 'error'\n", ["--stale-baseline", "off"], 0, None),
        ("stale-baseline = 'error'\n", ["app/users.py"], 0, None),
        ("stale-baseline = 'error'\n", ["app"], 0, None),
        ("stale-baseline = 'error'\n", ["app/users.py", "app/orders.py"], 0, None),
        ("stale-baseline = 'error'\n", ["--no-baseline", "--exit-zero"], 0, None),
        ("stale-baseline = 'error'\n", ["--ignore", "direct-uuid"], 0, None),
        ("stale-baseline = 'error'\n", ["--select", "unused-suppression"], 0, None),
        ("stale-baseline = 'error'\n", ["--select", "direct-uuid"], 1, "error: "),
    ],
)
def test_a_baseline_that_can_shrink_says_so_to_a_run_over_everything(
    adopted: Path, run: Run, config: str, arguments: list[str], code: int, prefix: str | None
) -> None:
    mend(adopted)
    write(adopted, "pyproject.toml", CONFIG + config)
    result = run("check", *arguments)
    line = f"{prefix}{FILE}: can shrink: 1 finding that it accepts is gone; run ssot-lint baseline --prune\n"
    assert (result.code, result.err) == (code, "" if prefix is None else line)


@pytest.mark.parametrize("name", sorted({*formats()} - {"text", "concise"}))
def test_every_format_for_machines_says_that_the_baseline_must_shrink(
    adopted: Path, run: Run, name: str
) -> None:
    mend(adopted)
    result = run("check", "--output-format", name, "--stale-baseline", "error")
    assert result.code == 1
    assert "stale-baseline" in result.out
    assert f"{FILE}: can shrink: 1 finding that it accepts is gone" in result.err
    assert "gone; run ssot-lint" not in run("check", "--output-format", name).out


def test_people_are_not_told_that_all_is_clear_when_the_baseline_must_shrink(adopted: Path, run: Run) -> None:
    mend(adopted)
    result = run("check", "--stale-baseline", "error")
    assert result.out == "No findings (3 files checked, 2 in the baseline).\n"


def test_nothing_is_concluded_about_a_file_that_cannot_be_checked(adopted: Path, run: Run) -> None:
    write(adopted, "app/orders.py", "uuid.uuid4(\n")
    result = run("check", "--stale-baseline", "error")
    assert result.code == 2
    assert "can shrink" not in result.err
    assert run("baseline", "--prune").code == 2
    assert len(entries(adopted)) == 3


def test_a_deleted_file_leaves_the_baseline(adopted: Path, run: Run) -> None:
    (adopted / "app/users.py").unlink()
    assert "1 finding that it accepts is gone" in run("check").err
    assert run("baseline").out == f"{FILE} accepts 2 findings (1 gone)\n"
    assert run("check").err == ""


# Shrinking and growing


def grow(root: Path) -> None:
    write(root, "app/new.py", "import uuid\n\nnew_id = uuid.uuid4()\n")


def test_a_baseline_does_not_grow_by_itself(adopted: Path, run: Run) -> None:
    mend(adopted)
    grow(adopted)
    before = (adopted / FILE).read_bytes()
    result = run("baseline")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"error: {FILE} was not written: 1 finding more than it accepts; "
        "--explain lists them, --accept-new takes them in, --prune leaves them out\n"
    )
    assert (adopted / FILE).read_bytes() == before


def test_pruning_only_shrinks(adopted: Path, run: Run) -> None:
    mend(adopted)
    grow(adopted)
    result = run("baseline", "--prune")
    assert (result.code, result.out) == (0, f"{FILE} accepts 2 findings (1 gone)\n")
    assert [path for path, _, _ in entries(adopted)] == ["app/orders.py"] * 2
    assert run("check").code == 1


def test_accepting_grows(adopted: Path, run: Run) -> None:
    mend(adopted)
    grow(adopted)
    result = run("baseline", "--accept-new")
    assert (result.code, result.out) == (0, f"{FILE} accepts 3 findings (1 new, 1 gone)\n")
    assert run("check").code == 0


def test_explaining_writes_nothing(adopted: Path, run: Run) -> None:
    mend(adopted)
    grow(adopted)
    replace(adopted, "app/orders.py", FUNCTION.format(name="second"), "")
    write(adopted, "app/moved.py", "import uuid\n\n\n" + FUNCTION.format(name="second"))
    before = (adopted / FILE).read_bytes()
    result = run("baseline", "--explain")
    assert result.code == 1
    assert result.out == (
        "new    app/new.py:3:10: direct-uuid: new_id = uuid.uuid4()\n"
        "moved  app/moved.py:5:12: direct-uuid: return uuid.uuid4(), from app/orders.py\n"
        "gone   app/users.py: direct-uuid: user_id = uuid.uuid4()\n"
    )
    assert (adopted / FILE).read_bytes() == before


@pytest.mark.usefixtures("adopted")
def test_explaining_says_nothing_where_nothing_differs(run: Run) -> None:
    result = run("baseline", "--explain")
    assert (result.code, result.out) == (0, "")


def test_with_paths_only_the_entries_of_those_files_change(adopted: Path, run: Run) -> None:
    mend(adopted)
    grow(adopted)
    (adopted / "app/orders.py").write_text("")
    assert run("baseline", "app/users.py").out == f"{FILE} accepts 2 findings (1 gone)\n"
    assert [path for path, _, _ in entries(adopted)] == ["app/orders.py"] * 2
    assert run("baseline", "app/new.py", "--accept-new").out == f"{FILE} accepts 3 findings (1 new)\n"


def test_only_the_entries_of_selected_rules_change(adopted: Path, run: Run) -> None:
    (adopted / "app/orders.py").write_text("")
    mend(adopted)
    assert run("baseline", "--select", "unused-suppression").out == f"{FILE} accepts 3 findings\n"
    assert run("baseline", "--select", "direct-uuid").out == f"{FILE} accepts 0 findings (3 gone)\n"


def test_a_merged_baseline_is_put_in_order(adopted: Path, run: Run) -> None:
    file = adopted / FILE
    before = file.read_text()
    lines = before.splitlines(keepends=True)
    file.write_text("".join([*reversed(lines), lines[0].replace('"count": 1', '"count": 5')]))
    assert run("check").code == 0
    assert run("baseline", "--quiet").out == ""
    assert file.read_text() == before


@pytest.mark.parametrize("arguments", [["--prune", "--explain"], ["--accept-new", "--prune"], ["-"]])
@pytest.mark.usefixtures("adopted")
def test_flags_that_contradict_each_other(run: Run, arguments: list[str]) -> None:
    assert run("baseline", *arguments, *(["--stdin-filename", "a.py"] if "-" in arguments else [])).code == 2


def test_a_baseline_that_cannot_be_read_stops_the_run(adopted: Path, run: Run) -> None:
    with (adopted / FILE).open("a") as stream:
        stream.write("<<<<<<< HEAD\n")
    for command in ("check", "baseline"):
        result = run(command)
        assert result.code == 2
        assert result.err.startswith(f"error: {(adopted / FILE).as_posix()}: line 4: is a conflict marker")


# More than one configuration


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finding in the project itself and one in each of two services with their own configuration."""
    write(tmp_path, "pyproject.toml", "[tool.ssot-lint]\n")
    for folder in ("", "a/", "b/"):
        write(tmp_path, f"{folder}ids.py", "import uuid\n\nuser_id = uuid.uuid4()\n")
    write(tmp_path, "a/ssot-lint.toml", "")
    write(tmp_path, "b/ssot-lint.toml", 'extend = "../pyproject.toml"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_configuration_has_its_baseline_wherever_the_run_starts(
    services: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("baseline").out.splitlines() == [
        f"{FILE} accepts 1 finding",
        f"a/{FILE} accepts 1 finding",
        f"b/{FILE} accepts 1 finding",
    ]
    for folder in ("", "a", "b"):
        assert entries(services / folder) == [("ids.py", "", 1)]
        monkeypatch.chdir(services / folder)
        assert run("check").code == 0
        assert run("baseline", "--explain").out == ""


def test_a_shared_baseline_is_judged_by_a_run_over_all_who_share_it(
    services: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(services, "pyproject.toml", f'[tool.ssot-lint]\nbaseline = "{FILE}"\nstale-baseline = "error"\n')
    assert run("baseline").out.splitlines() == [f"{FILE} accepts 2 findings", f"a/{FILE} accepts 1 finding"]
    assert entries(services) == [("b/ids.py", "", 1), ("ids.py", "", 1)]
    write(services, "ids.py", "")
    assert run("check", "b").code == 0
    assert run("check").code == 1
    monkeypatch.chdir(services / "b")
    assert run("check").code == 0
    write(services, "b/ids.py", "")
    assert run("check").code == 0
    assert run("baseline", "--prune").out == f"{(services / FILE).as_posix()} accepts 1 finding (1 gone)\n"
    assert entries(services) == [("ids.py", "", 1)]
