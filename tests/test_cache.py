"""What is kept from run to run, proved by runs over whole projects."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ssot_lint import cache, checking, session
from ssot_lint.cache_folder import CACHE_FILE, Stamp
from ssot_lint.engine import decide, exports
from ssot_lint.model import Report
from ssot_lint.planning import Planner

IDS = """
import secrets


class Ids:
    @staticmethod
    def make(prefix: str = "id") -> str:
        return f"{prefix}_{secrets.token_hex(8)}"
"""
FOUND = "import uuid\n\nrun_id = str(uuid.uuid4())\n"
OLD = 1_600_000_000


class Today(date):
    """The first day of a year that tests choose."""

    year_now = 2029

    @classmethod
    def today(cls) -> date:
        return date(cls.year_now, 1, 1)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Confines the files that this process writes to so many bytes."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(autouse=True, params=["few files", "many files"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is promised holds for both ways to remember files, by each one and by all together."""
    if request.param == "many files":
        monkeypatch.setattr(checking, "_WORTH_NOT_READING", 1)


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


def test_a_second_run_makes_no_plan_where_there_is_nothing_to_decide(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(project)

    def fail(*_arguments: object) -> None:
        raise AssertionError("a plan was made")

    monkeypatch.setattr(Planner, "plan", fail)
    assert found(project) == before
    write(project / "b.py", "x = 1\n")
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


# What changes a result


def test_an_edit_that_restores_the_time_stamp_is_seen(project: Path) -> None:
    check(project)
    write(project / "a.py", FOUND.replace("uuid4()", "uuid3()"))
    assert found(project) == []


def test_another_file_in_its_place_is_seen(project: Path) -> None:
    """Of the same size and time."""
    check(project)
    write(project / "other.txt", FOUND.replace("uuid4()", "uuid3()"))
    (project / "other.txt").replace(project / "a.py")
    assert found(project) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"select": ("hardcoded-id-prefix",)}, id="select"),
        pytest.param({"ignore": ("direct-uuid",)}, id="ignore"),
        pytest.param({"with_fixes": True}, id="fixes"),
    ],
)
def test_what_is_asked_for_counts(project: Path, change: dict[str, object]) -> None:
    check(project)
    assert check(project, **change) == check(project, with_cache=False, **change)
    assert check(project) == check(project, with_cache=False)


def test_a_rule_about_suppressions_counts(project: Path) -> None:
    """Without one, nobody looks for suppressions in a file in which nothing else may be found."""
    write(project / "a.py", "x = 1  # ssot-lint: ignore[direct-uuid] -- a test\n")
    rules = ("direct-uuid", "unused-suppression")
    assert [found(project, select=rules[:count]) for count in (1, 2, 1)] == [
        [],
        [("a.py", "unused-suppression", 1)],
        [],
    ]


def test_what_is_asked_about_counts(project: Path) -> None:
    write(project / "b.py", FOUND)
    for paths in ((".",), ("a.py",), ("b.py", "ids.py"), (".",)):
        request = session.CheckRequest(paths=paths, cwd=project)
        assert session.check(request) == session.check(replace(request, with_cache=False))


def test_a_file_that_is_gone_or_new_counts(project: Path) -> None:
    write(project / "b.py", FOUND)
    for change in (lambda: None, (project / "a.py").unlink, lambda: write(project / "c.py", FOUND)):
        change()
        assert check(project) == check(project, with_cache=False)


RULE = """+++
kind = "forbidden-call"
severity = "{severity}"
since = "1.0"

[params]
calls = ["{call}"]
+++
## What it finds

x

## Why

x

## Avoid

x

## Prefer

x

## Leaves alone

x

## Limits

x
"""


def test_a_rule_page_counts(project: Path) -> None:
    page = project / "rules" / "own-rule.md"
    page.parent.mkdir()
    settings = '[tool.ssot-lint]\nsource = "ids.Ids"\nrule-paths = ["rules"]\n'
    (project / "pyproject.toml").write_text(settings)
    write(project / "b.py", "import os\n\nx = os.urandom(3)\ny = os.getpid()\n")
    seen = []
    for call, severity in (("os.urandom", "error"), ("os.getpid", "error"), ("os.getpid", "warning")):
        page.write_text(RULE.format(call=call, severity=severity))
        report = check(project)
        assert report == check(project, with_cache=False)
        seen += [(each.span.start.row, each.severity) for each in report.findings if each.rule == "own-rule"]
    assert seen == [(3, "error"), (4, "error"), (4, "warning")]


def test_a_date_that_has_passed_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "run_id = str(uuid.uuid4())  # ssot-lint: ignore[direct-uuid] until=2030-01-01 -- a test\n"
    write(project / "a.py", f"import uuid\n\n{line}")
    monkeypatch.setattr("datetime.date", Today)
    assert found(project) == []
    monkeypatch.setattr(Today, "year_now", 2031)
    assert [rule for _, rule, _ in found(project)] == ["direct-uuid", "expired-suppression"]


def test_a_module_that_appears_counts(project: Path) -> None:
    write(project / "b.py", "from helpers import new_id\n\nx_id = new_id()\n")
    assert ("b.py", "direct-uuid", 3) not in found(project)
    write(project / "helpers.py", "from uuid import uuid4 as new_id\n")
    assert check(project) == check(project, with_cache=False)


def test_a_helper_of_the_source_that_is_mended_counts(project: Path) -> None:
    """It could not be read when the source was learned."""
    imports = "from parts import tail\n"
    write(
        project / "ids.py", imports + IDS.replace("secrets.token_hex(8)}", "secrets.token_hex(8)}_{tail()}")
    )
    write(project / "parts.py", "def tail(:\n")
    check(project)
    write(project / "parts.py", "import secrets\n\n\ndef tail() -> str:\n    return secrets.token_hex(4)\n")
    request = session.CheckRequest(paths=(".",), cwd=project)
    ((_, learned),) = session.contracts(request)
    ((_, expected),) = session.contracts(replace(request, with_cache=False))
    assert learned == expected


def test_a_module_that_changes_during_the_run_is_not_taken_for_what_was_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "helpers.py", "from uuid import uuid4\n")
    write(project / "b.py", "from helpers import uuid4\n\nx_id = uuid4()\n")
    answer = exports.answer

    def change_afterwards(*arguments: Any) -> str | None:
        answered = answer(*arguments)
        write(project / "helpers.py", "def uuid4() -> str:\n    return ''\n")
        return answered

    monkeypatch.setattr(exports, "answer", change_afterwards)
    assert ("b.py", "direct-uuid", 3) in found(project)
    assert ("b.py", "direct-uuid", 3) not in found(project)


# What happens to the file


def cache_of(project: Path) -> Path:
    return project / ".ssot-lint-cache" / CACHE_FILE


def many_results(project: Path) -> list[tuple[str, str, int]]:
    for index in range(12):
        write(project / f"many{index}.py", FOUND * (index % 3 + 1))
    return found(project)


def test_no_damage_is_taken_for_a_result(project: Path) -> None:
    expected = many_results(project)
    whole = cache_of(project).read_bytes()
    random = Random(7)
    for _ in range(16):
        damaged = bytearray(whole)
        for _ in range(random.choice([1, 20, 400])):
            damaged[random.randrange(len(whole))] ^= 1 << random.randrange(8)
        cache_of(project).write_bytes(damaged)
        assert found(project) == expected


def test_a_damaged_result_is_none(project: Path) -> None:
    expected = found(project)
    with closing(sqlite3.connect(cache_of(project))) as connection, connection:
        for table in ("results", "together"):
            connection.execute(f"UPDATE {table} SET result = replace(result, 'direct', 'oblique')")
    assert found(project) == expected


def test_no_cut_is_taken_for_a_result(project: Path) -> None:
    expected = many_results(project)
    whole = cache_of(project).read_bytes()
    for length in range(0, len(whole), len(whole) // 6):
        cache_of(project).write_bytes(whole[:length])
        assert found(project) == expected


def test_what_was_damaged_is_mended(project: Path, request: pytest.FixtureRequest) -> None:
    expected = found(project)
    with closing(sqlite3.connect(cache_of(project))) as connection:
        connection.execute("DROP TABLE results")
    assert found(project) == expected
    assert found(project) == expected
    request.getfixturevalue("no_decision")
    assert found(project) == expected


@pytest.mark.parametrize("name", ["briefs.json", "contracts.json"])
def test_what_was_learned_and_is_damaged_is_learned_again(project: Path, name: str) -> None:
    expected = check(project)
    file = project / ".ssot-lint-cache" / name
    whole = file.read_text()
    wrong_types = whole.replace("[", "{").replace("]", "}")
    for damaged in (whole.replace("ids", "odd"), whole[:-20], wrong_types, "[" * 100_000, "{}", "[]", "\0"):
        (project / ".ssot-lint-cache" / "briefs.json").unlink()
        file.write_text(damaged)
        assert check(project) == expected


def test_the_cache_of_another_version_is_replaced(project: Path, request: pytest.FixtureRequest) -> None:
    cache_of(project).parent.mkdir()
    with closing(sqlite3.connect(cache_of(project))) as connection:
        connection.executescript("CREATE TABLE results (other TEXT); PRAGMA user_version = 1;")
    expected = found(project)
    request.getfixturevalue("no_decision")
    assert found(project) == expected


@pytest.mark.parametrize(
    "name", ["a.py", "x" * 300, "a.py/cache"], ids=["a file", "too long", "below a file"]
)
def test_a_folder_that_cannot_be_had_is_done_without(project: Path, name: str) -> None:
    expected = found(project, with_cache=False)
    assert found(project, cache_dir=project / name) == expected


def test_a_disk_that_is_full_is_done_without(project: Path) -> None:
    """Files of a process may not grow beyond some size, which is told like a full disk."""
    expected = many_results(project)
    shutil.rmtree(project / ".ssot-lint-cache")
    for limit in (0, 1, 5_000, 20_000, 40_000):
        with largest_file(limit):
            assert found(project) == expected
        assert found(project) == expected
    assert (project / ".ssot-lint-cache" / ".gitignore").read_text() == "*\n"


def test_numbers_of_a_stamp_may_be_large(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = Stamp.of
    monkeypatch.setattr(Stamp, "of", lambda path: stamp(path)._replace(inode=2**127))
    assert check(project) == check(project, with_cache=False)


# Size


def rows(project: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(cache_of(project))) as connection:
        (keys,) = connection.execute("SELECT count(*) FROM runs").fetchone()
        (results,) = connection.execute("SELECT count(*) FROM results").fetchone()
    return keys, results


def test_few_ways_to_run_are_remembered(project: Path, request: pytest.FixtureRequest) -> None:
    for index in range(12):
        (project / "pyproject.toml").write_text(
            f'[tool.ssot-lint]\nsource = "ids.Ids"\nexclude = ["x{index}"]\n'
        )
        found(project)
    assert rows(project)[0] == 8
    request.getfixturevalue("no_decision")
    found(project)


def test_files_that_are_gone_are_forgotten(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_BY_NAME", 0)
    many_results(project)
    for file in project.glob("many*.py"):
        file.unlink()
    write(project / "b.py", FOUND)
    found(project)
    assert rows(project)[1] == 2


def test_too_large_a_cache_is_thrown_away(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST_BYTES", 1000)
    expected = found(project)
    assert not cache_of(project).exists()
    assert found(project) == expected
