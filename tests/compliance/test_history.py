"""The history of repositories made for it: each commit measured as if it had been checked out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ssot_lint.cache_folder import CacheUse
from ssot_lint.compliance.history import HistoryRequest, measure_history
from ssot_lint.compliance.numbers import History
from ssot_lint.compliance.repository import Repository
from ssot_lint.engine.plan import Answers, FileInput, FileResult
from ssot_lint.engine.scan import Scanner
from ssot_lint.errors import SsotLintError
from tests.compliance.conftest import PROJECT
from tests.support.projects import git, write

if TYPE_CHECKING:
    from tests.support.projects import Run

RAW = "import uuid\n\n\ndef make_{name}():\n    return uuid.uuid4()\n"
USE = "from app.ids import Ids\n\n\ndef make_{name}():\n    return Ids.make()\n"

Commit = Callable[[], str]


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "--quiet", "--initial-branch", "main")
    write(project, {".gitignore": ".ssot-lint-cache/\n"})
    return project


@pytest.fixture
def commit(repository: Path) -> Commit:
    """Commits all that is there and returns the commit's name; each one is a day later."""
    days = iter(range(1, 29))

    def commit() -> str:
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--allow-empty", "--message", "Change", day=next(days))
        return git(repository, "rev-parse", "HEAD").strip()

    return commit


def history(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("report", "--output-format", "json", "--no-cache", *arguments, "--history")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)["history"]
    return found


def tallies(found: dict[str, Any]) -> list[tuple[int, int]]:
    return [(point["by_source"], point["elsewhere"]) for point in found["points"]]


def tallies_of(found: History) -> list[tuple[int, int]]:
    return [(point.tally.by_source, point.tally.elsewhere) for point in found.points]


def grow(repository: Path, commit: Commit) -> list[str]:
    """Commits in which debt grows, moves, is paid, is excluded and is deleted."""
    names = [commit()]
    write(repository, {"app/a.py": RAW.format(name="a"), "app/sub/b.py": RAW.format(name="b") * 2})
    names.append(commit())
    git(repository, "mv", "app/sub", "app/moved")
    names.append(commit())
    write(repository, {"app/a.py": USE.format(name="a"), "build/c.py": RAW.format(name="c")})
    names.append(commit())
    (repository / "app" / "orders.py").unlink()
    names.append(commit())
    return names


def test_each_commit_is_measured(repository: Path, commit: Commit, run: Run) -> None:
    names = grow(repository, commit)
    found = history(run)
    assert [point["commit"] for point in found["points"]] == names
    assert tallies(found) == [(2, 1), (2, 4), (2, 4), (3, 3), (3, 2)]
    assert [point["files"] for point in found["points"]] == [4, 6, 6, 6, 5]
    assert found["points"][1]["rules"] == {"direct-uuid": 4}


def test_a_commit_counts_what_a_report_of_it_counts(repository: Path, commit: Commit, run: Run) -> None:
    names = grow(repository, commit)
    measured = tallies(history(run))
    counted = []
    for name in names:
        git(repository, "checkout", "--quiet", name)
        total = json.loads(run("report", "--output-format", "json", "--no-cache").out)["total"]
        counted.append((total["by_source"], total["elsewhere"]))
    assert measured == counted


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """How often each content has been scanned in this process."""
    counts: Counter[bytes] = Counter()
    scan = Scanner.scan

    def counting(self: Scanner, file: FileInput, answers: Answers) -> FileResult:
        counts[file.content] += 1
        return scan(self, file, answers)

    monkeypatch.setattr(Scanner, "scan", counting)
    return counts


def test_each_content_is_scanned_once_however_many_commits_hold_it(
    repository: Path, commit: Commit, scanned: Counter[bytes]
) -> None:
    grow(repository, commit)
    found = measure_history(HistoryRequest(repository, "HEAD"), lambda _done, _total: None)
    assert set(scanned.values()) == {1}
    assert {RAW.format(name="a").encode(), USE.format(name="a").encode()} <= set(scanned)
    objects = git(repository, "rev-list", "--objects", "HEAD").splitlines()
    excluded = (" build/c.py", " app/ids.py")
    files = {row.split()[0] for row in objects if row.endswith(".py") and not row.endswith(excluded)}
    assert found.blobs == len(files)


def test_what_was_scanned_before_is_remembered(
    repository: Path, commit: Commit, scanned: Counter[bytes], tmp_path: Path
) -> None:
    grow(repository, commit)
    request = HistoryRequest(repository, "HEAD", cache=CacheUse(tmp_path / "cache"))
    first = measure_history(request, lambda _done, _total: None)
    scanned.clear()
    assert measure_history(request, lambda _done, _total: None) == first
    assert not scanned
    write(repository, {"app/later.py": RAW.format(name="later")})
    commit()
    assert tallies_of(measure_history(request, lambda _done, _total: None))[-1] == (3, 3)
    assert list(scanned) == [RAW.format(name="later").encode()]


@pytest.mark.parametrize(
    ("path", "content", "moved", "expected", "again"),
    [
        pytest.param("old/ids.py", PROJECT["app/ids.py"], "app/ids.py", [(2, 5), (2, 1)], 0, id="source"),
        pytest.param(
            "app/a.py",
            "from .ids import Ids\n\nx = Ids.make()\n",
            "b/a.py",
            [(3, 1), (2, 1)],
            1,
            id="relative",
        ),
        pytest.param("app/a.py", RAW.format(name="a"), "lax/a.py", [(2, 2), (2, 1)], 1, id="configured"),
        pytest.param(
            "lax/a.py", RAW.format(name="a"), "app/a.py", [(2, 1), (2, 2)], 1, id="configured before"
        ),
    ],
)
def test_what_is_moved_counts_by_where_it_stands(
    repository: Path,
    commit: Commit,
    run: Run,
    path: str,
    content: str,
    moved: str,
    expected: list[Any],
    again: int,
) -> None:
    write(repository, {"lax/ssot-lint.toml": 'ignore = ["direct-uuid"]\n'})
    (repository / moved).unlink(missing_ok=True)
    write(repository, {path: content})
    commit()
    git(repository, "rm", "--quiet", path)
    write(repository, {moved: content})
    commit()
    found = history(run)
    assert (tallies(found), found["scans"] - found["blobs"]) == (expected, again)
    total = json.loads(run("report", "--output-format", "json", "--no-cache").out)["total"]
    assert (total["by_source"], total["elsewhere"]) == expected[-1]


def test_a_range_leaves_out_what_was_before(repository: Path, commit: Commit, run: Run) -> None:
    names = grow(repository, commit)
    result = run("report", "--output-format", "json", f"--history={names[1]}..{names[3]}")
    assert [point["commit"] for point in json.loads(result.out)["history"]["points"]] == names[2:4]


@pytest.mark.parametrize(("every", "kept"), [("2", [0, 2, 4]), ("3", [1, 4]), ("9", [4])])
def test_samples_end_with_the_last_commit(
    repository: Path, commit: Commit, run: Run, every: str, kept: list[int]
) -> None:
    names = grow(repository, commit)
    found = history(run, "--every", every)
    assert [point["commit"] for point in found["points"]] == [names[at] for at in kept]
    assert found["commits"] == len(names)


def test_paths_confine_it(repository: Path, commit: Commit, run: Run) -> None:
    grow(repository, commit)
    assert tallies(history(run, "app/moved")) == [(0, 0), (0, 0), (0, 2), (0, 2), (0, 2)]
    assert tallies(history(run, "app/a.py")) == [(0, 0), (0, 1), (0, 1), (1, 0), (1, 0)]


def test_merges_count_once_along_first_parents(repository: Path, commit: Commit, run: Run) -> None:
    first = commit()
    git(repository, "checkout", "--quiet", "-b", "topic")
    write(repository, {"app/a.py": RAW.format(name="a")})
    commit()
    git(repository, "checkout", "--quiet", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--message", "Merge", "topic", day=9)
    found = history(run)
    last = git(repository, "rev-parse", "HEAD").strip()
    assert [point["commit"] for point in found["points"]] == [first, last]
    assert tallies(found) == [(2, 1), (2, 2)]


def test_the_settings_of_today_hold(repository: Path, commit: Commit, run: Run) -> None:
    write(repository, {"tests/test_a.py": RAW.format(name="a"), "tests/copy.py": PROJECT["app/orders.py"]})
    commit()
    configuration = PROJECT["pyproject.toml"]
    ignores = f'{configuration}[tool.ssot-lint.per-file-ignores]\n"tests/" = ["direct-uuid"]\n'
    write(repository, {"pyproject.toml": ignores})
    assert tallies(history(run)) == [(2, 1)], "a content that stands in tests too counts where it is checked"
    write(repository, {"pyproject.toml": f'{configuration}extend-exclude = ["app/orders.py"]\n'})
    assert tallies(history(run)) == [(2, 2)]
    write(repository, {"pyproject.toml": configuration, ".gitignore": "tests/\n"})
    assert tallies(history(run)) == [(2, 1)]


def test_the_source_of_today_holds(repository: Path, commit: Commit, run: Run) -> None:
    write(repository, {"app/ids.py": "import uuid\n\nraw = uuid.uuid4\n"})
    commit()
    write(repository, {"app/ids.py": PROJECT["app/ids.py"]})
    commit()
    assert tallies(history(run)) == [(2, 1), (2, 1)]


def test_a_project_below_the_top_of_its_repository(
    repository: Path, commit: Commit, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit()
    write(repository / "services" / "chat", PROJECT)
    commit()
    monkeypatch.chdir(repository / "services" / "chat")
    assert tallies(history(run)) == [(0, 0), (2, 1)]


def test_what_cannot_be_parsed_is_counted(repository: Path, commit: Commit, run: Run) -> None:
    write(repository, {"app/broken.py": "import uuid\n\nuuid.uuid4(\n"})
    commit()
    write(repository, {"app/broken.py": ""})
    commit()
    found = history(run)
    assert (tallies(found), found["failed"]) == ([(2, 1), (2, 1)], 1)


def test_objects_that_are_missing_are_counted_and_passed_over(
    repository: Path, commit: Commit, run: Run
) -> None:
    write(repository, {"app/a.py": RAW.format(name="a"), "app/sub/b.py": RAW.format(name="b")})
    commit()
    for name in ("HEAD:app/a.py", "HEAD:app/sub"):
        found = git(repository, "rev-parse", name).strip()
        (repository / ".git" / "objects" / found[:2] / found[2:]).unlink()
    measured = history(run)
    assert (tallies(measured), measured["missing"]) == ([(2, 1)], 2)


def test_a_commit_that_is_missing_is_told(repository: Path, commit: Commit, run: Run) -> None:
    gone, _ = commit(), commit()
    (repository / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    result = run("report", "--history")
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert result.err.startswith("error: the history cannot be read: ")
    assert (result.err.count("error: "), gone in result.err) == (1, True)


def test_links_and_strange_names(repository: Path, commit: Commit, run: Run) -> None:
    write(repository, {'app/"ä\n.py': RAW.format(name="a")})
    (repository / "app" / "link.py").symlink_to("orders.py")
    commit()
    assert tallies(history(run)) == [(2, 2)]


@pytest.mark.parametrize(
    ("revisions", "told"),
    [
        pytest.param("nowhere", "nowhere", id="unknown"),
        pytest.param("a..b", "a..b", id="unknown range"),
        pytest.param("", "''", id="nothing"),
    ],
)
def test_a_revision_that_is_none_is_told(commit: Commit, run: Run, revisions: str, told: str) -> None:
    commit()
    result = run("report", f"--history={revisions}")
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert told in result.err


def test_clocks_that_are_wrong_and_signatures_that_are_shown(
    repository: Path, commit: Commit, run: Run
) -> None:
    commit()
    tree = git(repository, "rev-parse", "HEAD^{tree}").strip()
    content = f"tree {tree}\nauthor a <a> 1 +0000\ncommitter a <a> 999999999999999 +0000\ngpgsig none\n\nm\n"
    write(repository, {"commit": content})
    name = git(repository, "hash-object", "-t", "commit", "-w", "--literally", "commit").strip()
    git(repository, "update-ref", "refs/heads/main", name)
    git(repository, "config", "log.showSignature", "true")
    for format in ("text", "html"):
        assert run("report", "--output-format", format, "--history").code == 0
    assert [point["time"] for point in history(run)["points"]] == [253_402_300_799]


def test_a_revision_is_never_taken_for_an_option(repository: Path, commit: Commit) -> None:
    commit()
    with Repository(repository) as opened, pytest.raises(SsotLintError, match="'--all' is no revision"):
        opened.commits("--all")


@pytest.mark.usefixtures("project")
def test_without_a_repository_there_is_no_history(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = run("report", "--history")
    assert result.code == 2
    assert result.err.startswith("error: the history cannot be read: not a git repository")


@pytest.mark.parametrize("name", ["text", "markdown", "json", "html"])
def test_a_range_without_commits_has_no_points(commit: Commit, run: Run, name: str) -> None:
    commit()
    assert run("report", "--output-format", name, "--history=HEAD..HEAD").code == 0


def test_the_story_begins_with_the_first_id(repository: Path, commit: Commit, run: Run) -> None:
    write(repository, dict.fromkeys(PROJECT, ""))
    commit()
    write(repository, PROJECT)
    for _ in range(2):
        name = commit()
    assert tallies(history(run)) == [(0, 0), (2, 1), (2, 1)]
    out = run("report", "--history").out
    assert "From 66.7 % to 66.7 % since 2024-01-02; as many places make IDs elsewhere.\n" in out
    html = run("report", "--output-format", "html", "--history").out
    assert ("2024-01-01 12:00" in html, "2024-01-02 12:00" in html, name[:10] in html) == (False, True, True)


def test_each_format_tells_the_story(repository: Path, commit: Commit, run: Run) -> None:
    names = grow(repository, commit)
    text = run("report", "--history")
    assert "From 66.7 % to 60.0 % since 2024-01-01; 1 more place makes IDs elsewhere.\n" in text.out
    assert text.err.startswith("5 commits, 6 different file contents, each scanned once.")
    assert names[2][:10] in text.out
    markdown = run("report", "--output-format", "markdown", "--history").out
    assert f"| 2024-01-03 12:00 | `{names[2][:10]}` | 2 | 4 | 33.3 % |" in markdown
