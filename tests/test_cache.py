"""What is kept from run to run, proved by runs over whole projects."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssot_lint import session
from ssot_lint.cache_folder import CACHE_FILE
from ssot_lint.engine import decide
from ssot_lint.model import Report

IDS = """
import secrets


class Ids:
    @staticmethod
    def make(prefix: str = "id") -> str:
        return f"{prefix}_{secrets.token_hex(8)}"
"""
FOUND = "import uuid\n\nrun_id = str(uuid.uuid4())\n"
OLD = 1_600_000_000


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.ssot-lint]\nsource = "ids.Ids"\n')
    write(tmp_path / "ids.py", IDS)
    write(tmp_path / "a.py", FOUND)
    return tmp_path


def write(path: Path, text: str) -> None:
    """Writes a file as if it had been there for long, so that its time stamp can be trusted."""
    path.write_text(text)
    os.utime(path, (OLD, OLD))


def check(project: Path, **options: object) -> Report:
    return session.check(session.CheckRequest(paths=(".",), cwd=project, jobs=1, **options))  # type: ignore[arg-type]


def found(project: Path, **options: object) -> list[tuple[str, str, int]]:
    report = check(project, **options)
    return [(finding.path, finding.rule, finding.span.start.row) for finding in report.findings]


@pytest.fixture
def no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise AssertionError("a file was decided again")

    monkeypatch.setattr(decide, "decide", fail)


def test_a_second_run_gives_the_same(project: Path) -> None:
    first = check(project)
    assert check(project) == first
    assert first.findings


def test_a_second_run_decides_nothing(project: Path, request: pytest.FixtureRequest) -> None:
    before = found(project)
    request.getfixturevalue("no_decision")
    assert found(project) == before


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there")
def test_a_file_whose_name_is_no_text_is_remembered(project: Path, request: pytest.FixtureRequest) -> None:
    write(Path(os.fsdecode(bytes(project) + b"/b\xff.py")), FOUND)
    first = found(project)
    assert [path for path, *_ in first] == ["a.py", "b\udcff.py"]
    request.getfixturevalue("no_decision")
    assert found(project) == first


def test_without_a_cache_nothing_is_kept(project: Path) -> None:
    assert found(project, with_cache=False)
    assert not (project / ".ssot-lint-cache").exists()


def test_the_folder_keeps_itself_out_of_git(project: Path) -> None:
    check(project)
    assert (project / ".ssot-lint-cache" / ".gitignore").read_text() == "*\n"


def test_another_folder_can_be_named(project: Path, tmp_path: Path) -> None:
    check(project, cache_dir=tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / CACHE_FILE).exists()
    assert not (project / ".ssot-lint-cache").exists()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda project: write(project / "a.py", "x = 1\n" + FOUND), id="file"),
        pytest.param(
            lambda project: write(project / "a.py", FOUND.replace("run", "ran")), id="file-same-size"
        ),
        pytest.param(
            lambda project: (project / "pyproject.toml").write_text(
                '[tool.ssot-lint]\nsource = "ids.Ids"\nignore = ["direct-uuid"]\n'
            ),
            id="settings",
        ),
        pytest.param(lambda project: write(project / "ids.py", IDS.replace("make", "create")), id="source"),
    ],
)
def test_what_changes_is_seen(project: Path, change: object) -> None:
    check(project)
    change(project)  # type: ignore[operator]
    assert check(project) == check(project, with_cache=False)


def test_a_file_changed_twice_in_an_instant_is_read_again(project: Path) -> None:
    file = project / "a.py"
    file.write_text(FOUND)
    stamp = file.stat().st_mtime_ns
    check(project)
    file.write_text(FOUND.replace("uuid4()", "uuid3()"))
    os.utime(file, ns=(stamp, stamp))
    assert found(project) == []


def test_a_module_that_is_re_exported_from_is_watched(project: Path) -> None:
    write(project / "helpers.py", "from uuid import uuid4\n")
    write(project / "b.py", "from helpers import uuid4\n\nx_id = uuid4()\n")
    assert ("b.py", "direct-uuid", 3) in found(project)
    write(project / "helpers.py", "def uuid4() -> str:\n    return ''\n")
    assert ("b.py", "direct-uuid", 3) not in found(project)


@pytest.mark.parametrize("garbage", [b"", b"SQLite format 3\0 and then nothing of the kind", b"\xff" * 5000])
def test_a_corrupt_cache_is_thrown_away(project: Path, garbage: bytes) -> None:
    expected = found(project)
    (project / ".ssot-lint-cache" / CACHE_FILE).write_bytes(garbage)
    assert found(project) == expected
    assert found(project) == expected


def test_runs_at_the_same_time_agree(project: Path) -> None:
    expected = found(project, with_cache=False)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: found(project), range(8))) == [expected] * 8
