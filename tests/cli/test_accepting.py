"""Suppressions and changed lines, from the command line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

CONFIG = '[tool.ssot-lint]\nsource = "app.ids"\n'
SOURCE = "import uuid\n\n\ndef thread_id() -> str:\n    return f'thread_{uuid.uuid4()}'\n"
CODE = "import uuid\n\nkey = str(uuid.uuid4()){}\n"
WHY = "  # ssot-lint: ignore[direct-uuid] -- their format"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, "pyproject.toml", CONFIG)
    write(tmp_path, "app/ids.py", SOURCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def found(run: Run, *arguments: str) -> list[str]:
    """The files, rows and rules of the findings of a check."""
    lines = run("check", "--quiet", "--output-format", "concise", *arguments).out.splitlines()
    places = (line.split()[:2] for line in lines)
    return [f"{place.rsplit(':', 2)[0]} {rule}" for place, rule in places]


def test_a_suppressed_finding_is_counted_and_not_reported(project: Path, run: Run) -> None:
    write(project, "app/a.py", CODE.format(WHY))
    result = run("check")
    assert (result.code, result.out) == (0, "All clear (2 files checked, 1 finding suppressed).\n")


@pytest.mark.parametrize(
    ("config", "arguments", "expected"),
    [
        ("", (), ["app/a.py:3 unused-suppression", "app/a.py:4 unknown-suppression"]),
        ("ignore = ['unused-suppression']\n", (), ["app/a.py:4 unknown-suppression"]),
        ("select = ['direct-uuid']\n", (), []),
        (
            "per-file-ignores = {'a.py' = ['unknown-suppression']}\n",
            (),
            ["app/a.py:3 unused-suppression"],
        ),
        ("per-file-ignores = {'a.py' = ['direct-uuid']}\n", (), ["app/a.py:4 unknown-suppression"]),
        ("", ("--select", "unknown-suppression"), ["app/a.py:4 unknown-suppression"]),
        ("", ("--select", "unused-suppression"), []),
        ("", ("--select", "unused-suppression,direct-uuid"), ["app/a.py:3 unused-suppression"]),
        ("", ("--ignore", "unknown-suppression"), ["app/a.py:3 unused-suppression"]),
        ("", ("--ignore", "direct-uuid"), ["app/a.py:4 unknown-suppression"]),
    ],
)
def test_rules_about_suppressions_are_chosen_like_others(
    project: Path, run: Run, config: str, arguments: tuple[str, ...], expected: list[str]
) -> None:
    write(project, "pyproject.toml", CONFIG + config)
    write(
        project,
        "app/a.py",
        f"import os\n\nname = os.getenv('NAME'){WHY}\nother = 1  # ssot-lint: ignore[x] -- y\n",
    )
    assert found(run, *arguments) == expected


def test_a_finding_about_a_suppression_has_the_severity_that_is_configured(project: Path, run: Run) -> None:
    write(project, "pyproject.toml", CONFIG + "rules.unused-suppression.severity = 'info'\n")
    write(project, "app/a.py", f"x = 1{WHY}\n")
    assert run("check").out.startswith(
        "info[unused-suppression]: nothing here needs the suppression of direct-uuid\n"
    )


def test_a_rule_without_a_source_does_not_run_and_judges_nothing(project: Path, run: Run) -> None:
    write(project, "pyproject.toml", "[tool.ssot-lint]\n")
    write(project, "app/ids.py", "")
    write(project, "app/a.py", "x = 1  # ssot-lint: ignore[hardcoded-id-prefix] -- why\n")
    assert found(run) == []


def test_reasons_need_not_be_given_where_none_are_required(project: Path, run: Run) -> None:
    write(project, "app/a.py", CODE.format("  # ssot-lint: ignore[direct-uuid]"))
    assert found(run) == ["app/a.py:3 unexplained-suppression"]
    write(project, "pyproject.toml", CONFIG + "require-reason = false\n")
    assert found(run) == []


def test_a_file_whose_suppressions_cannot_be_read_is_named(project: Path, run: Run) -> None:
    write(project, "app/a.py", "x = (  # ssot-lint: ignore[direct-uuid] -- why\n")
    result = run("check")
    assert result.code == 2
    assert "error: app/a.py:2:1: its suppressions cannot be read: a bracket is not closed" in result.err


def test_a_second_run_knows_the_suppressions_again(project: Path, run: Run) -> None:
    write(project, "app/a.py", CODE.format(WHY) + f"x = 1{WHY}\n")
    first, second = run("check"), run("check")
    assert first == second
    assert "unused-suppression" in second.out


# Writing suppressions


def test_findings_are_suppressed_in_bulk(project: Path, run: Run) -> None:
    write(project, "app/a.py", CODE.format(""))
    write(project, "app/b.py", "\ufeff" + CODE.format("  # noqa").replace("\n", "\r\n"))
    result = run("check", "--add-ignores", " their format ")
    assert (result.code, result.out) == (0, "All clear (3 files checked, 2 findings suppressed).\n")
    assert (project / "app/a.py").read_bytes() == CODE.format(WHY).encode()
    assert (project / "app/b.py").read_bytes() == (
        "\ufeff" + CODE.format("  # noqa" + WHY).replace("\n", "\r\n")
    ).encode()
    before = (project / "app/a.py").read_bytes()
    assert run("check", "--add-ignores", "their format").code == 0
    assert (project / "app/a.py").read_bytes() == before


def test_what_is_accepted_already_is_not_suppressed(project: Path, run: Run) -> None:
    write(project, "app/a.py", CODE.format(""))
    run("baseline")
    write(project, "app/b.py", CODE.format(""))
    assert run("check", "--add-ignores", "their format").code == 0
    assert (project / "app/a.py").read_bytes() == CODE.format("").encode()
    assert (project / "app/b.py").read_bytes() == CODE.format(WHY).encode()


def test_what_cannot_be_suppressed_is_still_reported(project: Path, run: Run) -> None:
    write(project, "app/a.py", CODE.format("") + f"x = 1{WHY}\n")
    result = run("check", "--add-ignores", "their format", "--output-format", "concise")
    assert result.code == 1
    assert result.out.startswith("app/a.py:4:8: unused-suppression")
    assert result.err == (
        "app/a.py:4:8: unused-suppression was not suppressed: "
        "a finding about a suppression cannot be suppressed\n"
    )


def test_an_encoding_that_cannot_hold_the_reason_leaves_the_file_as_it_was(project: Path, run: Run) -> None:
    content = b"# coding: latin-1\nname = '\xe9'\n" + CODE.format("").encode()
    (project / "app/a.py").write_bytes(content)
    result = run("check", "--add-ignores", "Größe \u2264 36")
    assert result.code == 2
    assert "error: app/a.py: cannot be changed: " in result.err
    assert (project / "app/a.py").read_bytes() == content
    assert run("check", "--add-ignores", "Größe").code == 0
    assert (project / "app/a.py").read_bytes() == content.replace(
        b"())\n", "())  # ssot-lint: ignore[direct-uuid] -- Größe\n".encode("latin-1")
    )


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "until=2027-01-31"])
def test_a_reason_that_is_none_stops_the_run(project: Path, run: Run, reason: str) -> None:
    write(project, "app/a.py", CODE.format(""))
    result = run("check", "--add-ignores", reason)
    assert result.code == 2
    assert result.err == f"error: {reason.strip()!r} cannot stand in a comment as a reason\n"
    assert (project / "app/a.py").read_bytes() == CODE.format("").encode()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("flags", [["--add-ignores", "why"], ["--diff-base", "HEAD"]])
def test_standard_input_is_no_file(run: Run, flags: list[str]) -> None:
    result = run("check", "-", "--stdin-filename", "a.py", *flags)
    assert result.code == 2
    assert "--add-ignores and --diff-base work on files, and - is none" in result.err


# Removing them


def test_what_has_no_use_is_removed_by_a_fix(project: Path, run: Run) -> None:
    write(
        project,
        "app/a.py",
        f"x = 1{WHY}\n"
        "# ssot-lint: ignore-file[hardcoded-id-prefix] -- theirs\n"
        "y = 2  # a  # ssot-lint: ignore[direct-uuid] until=2020-01-01 -- why  # b\n"
        "z = [  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix] -- why\n"
        "    __import__('uuid').uuid4()\n]\n",
    )
    assert run("fix").code == 0
    assert (project / "app/a.py").read_text() == (
        "x = 1\ny = 2  # a  # b\n"
        "z = [  # ssot-lint: ignore[direct-uuid] -- why\n    __import__('uuid').uuid4()\n]\n"
    )


def test_a_fix_leaves_the_suppressions_of_rules_that_did_not_run(project: Path, run: Run) -> None:
    write(project, "app/a.py", f"x = 1{WHY}\n")
    assert run("fix", "--ignore", "direct-uuid").code == 0
    assert (project / "app/a.py").read_text() == f"x = 1{WHY}\n"


# Changed lines


@pytest.fixture
def repository(project: Path) -> Path:
    write(project, "app/a.py", CODE.format(""))
    write(project, "app/b.py", CODE.format(""))
    for arguments in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=Tester", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=state"],
    ):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    return project


def test_only_findings_on_changed_lines_are_reported(repository: Path, run: Run) -> None:
    assert run("check", "--diff-base", "HEAD").code == 0
    write(repository, "app/a.py", CODE.format("") + "other = uuid.uuid4()\n")
    write(repository, "app/c.py", CODE.format(""))
    assert found(run, "--diff-base", "HEAD") == ["app/a.py:4 direct-uuid", "app/c.py:3 direct-uuid"]
    assert len(found(run)) == 4


def test_a_renamed_file_is_not_all_new(repository: Path, run: Run) -> None:
    subprocess.run(["git", "mv", "app/b.py", "app/d.py"], cwd=repository, check=True)
    assert run("check", "--diff-base", "HEAD").code == 0


def test_a_commit_that_is_not_there_stops_the_run(repository: Path, run: Run) -> None:
    result = run("check", "--diff-base", "nowhere", str(repository))
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: cannot tell what has changed since 'nowhere': "
        "there is no such commit, or it was not fetched\n"
    )
