from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ssot_lint.changed_lines import ALL_ROWS, changed_rows, only_changed
from ssot_lint.errors import SsotLintError
from ssot_lint.model import Finding, Position, Severity, Span

Git = Callable[..., str]

TEN = "".join(f"row{row} = {row}\n" for row in range(1, 11))


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """git in a repository with one commit of a.py, whatever is configured on the machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*arguments: str, folder: Path = tmp_path) -> str:
        found = subprocess.run(
            ["git", *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8"
        )
        return found.stdout.strip()

    run("init", "--quiet", "--initial-branch=main")
    run("config", "user.name", "Tester")
    run("config", "user.email", "tester@example.com")
    write(tmp_path, "a.py", TEN)
    commit(run)
    return run


def commit(git: Git) -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message=state")


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def changed(root: Path, revision: str = "HEAD") -> dict[str, list[int] | str]:
    """The changed rows by path; files without any are left out."""
    return {
        path: "all" if ALL_ROWS[0] in rows else [row for each in rows for row in each]
        for path, rows in changed_rows(root, revision).items()
        if any(rows)
    }


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (TEN, []),
        (TEN.replace("row3 = 3", "row3 = 0"), [3]),
        (TEN.replace("row3 = 3\n", "row3 = 0\nnew = 1\n").replace("row7 = 7", "row7 = 0"), [3, 4, 8]),
        ("new = 1\n" + TEN, [1]),
        (TEN + "new = 1", [11]),
        (TEN.removesuffix("\n"), [10]),
        (TEN.replace("row3 = 3\n", ""), []),
        (TEN.replace("row3 = 3\n", "++ b/x.py\n@@ -1 +1 @@\n").replace("row9 = 9", "-- a/x"), [3, 4, 10]),
        (TEN.replace("\n", "\r\n"), list(range(1, 11))),
        ("", []),
    ],
    ids=[
        "nothing",
        "a row",
        "several rows",
        "at the beginning",
        "at the end",
        "the end of the last row",
        "a row less",
        "rows that look like a diff",
        "line ends",
        "emptied",
    ],
)
def test_changed_rows_are_those_of_the_file_as_it_is(tmp_path: Path, text: str, rows: list[int]) -> None:
    write(tmp_path, "a.py", text)
    assert changed(tmp_path) == ({"a.py": rows} if rows else {})


def test_committed_staged_and_unstaged_changes_count(tmp_path: Path, git: Git) -> None:
    for text in ("row1 = 1", "row4 = 4", "row8 = 8"):
        write(tmp_path, "a.py", (tmp_path / "a.py").read_text().replace(text, "changed = 1"))
        if "8" not in text:
            git("add", "a.py")
        if "1" in text:
            git("commit", "--quiet", "--message=state")
    assert changed(tmp_path) == {"a.py": [4, 8]}
    assert changed(tmp_path, "HEAD~1") == {"a.py": [1, 4, 8]}


def test_what_others_did_since_is_not_changed_here(tmp_path: Path, git: Git) -> None:
    git("switch", "--quiet", "--create=topic")
    write(tmp_path, "a.py", TEN.replace("row3 = 3", "mine = 3"))
    commit(git)
    git("switch", "--quiet", "main")
    write(tmp_path, "a.py", TEN.replace("row8 = 8\n", ""))
    commit(git)
    git("switch", "--quiet", "topic")
    assert changed(tmp_path, "main") == {"a.py": [3]}


def test_without_a_common_ancestor_all_that_differs_is_changed(tmp_path: Path, git: Git) -> None:
    git("switch", "--quiet", "--orphan", "other")
    write(tmp_path, "a.py", TEN.replace("row3 = 3", "mine = 3"))
    commit(git)
    assert changed(tmp_path, "main") == {"a.py": [3]}


def test_a_renamed_file_has_changed_where_it_differs(tmp_path: Path, git: Git) -> None:
    git("mv", "a.py", "b.py")
    write(tmp_path, "b.py", TEN.replace("row5 = 5", "changed = 5"))
    assert changed(tmp_path) == {"b.py": [5]}


def test_a_new_file_has_changed_as_a_whole(tmp_path: Path, git: Git) -> None:
    write(tmp_path, ".gitignore", "ignored.py\n")
    write(tmp_path, "ignored.py", "x = 1\n")
    write(tmp_path, "staged.py", "x = 1\ny = 2\n")
    write(tmp_path, "new/untracked.py", "x = 1\n")
    git("add", "staged.py")
    assert changed(tmp_path) == {"staged.py": [1, 2], "new/untracked.py": "all", ".gitignore": "all"}


def test_files_that_went_or_became_another_kind_are_no_trouble(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "link.py", "x = 1\ny = 2\n")
    write(tmp_path, "mode.py", "x = 1\n")
    write(tmp_path, "gone.py", "x = 1\n")
    commit(git)
    (tmp_path / "gone.py").unlink()
    (tmp_path / "link.py").unlink()
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "mode.py").chmod(0o755)
    assert changed(tmp_path) == {"link.py": [1]}


def test_what_git_takes_for_binary_has_changed_as_a_whole(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "b.py", "x = '\0'\n")
    write(tmp_path, "c.py", "x = '\0'\n" + TEN)
    commit(git)
    write(tmp_path, "b.py", "x = '\0'\ny = 1\n")
    (tmp_path / "d and b").mkdir()
    git("mv", "c.py", "d and b/e.py")
    write(tmp_path, "d and b/e.py", "x = '\0'\nnew = 1\n" + TEN)
    assert changed(tmp_path) == {"b.py": "all", "d and b/e.py": "all"}


def test_an_unfinished_merge_shows_what_is_in_the_file(tmp_path: Path, git: Git) -> None:
    git("switch", "--quiet", "--create=topic")
    write(tmp_path, "a.py", TEN.replace("row3 = 3", "theirs = 3"))
    commit(git)
    git("switch", "--quiet", "main")
    write(tmp_path, "a.py", TEN.replace("row3 = 3", "ours = 3"))
    commit(git)
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "topic")
    assert changed(tmp_path) == {"a.py": [3, 5, 6, 7]}


NAMES = ["with space.py", "größe.py", "日本.py", 'qu"ote.py', "tab\t.py", "line\nbreak.py", "back\\slash.py"]
NAMES += [" b/x.py", "a b/b.py", "-x.py", "\\303.py", "x b", "\x01\x7f.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not allow such names")
@pytest.mark.parametrize("name", NAMES)
def test_odd_names(tmp_path: Path, git: Git, name: str) -> None:
    write(tmp_path, name, TEN)
    assert changed(tmp_path) == {name: "all"}
    commit(git)
    write(tmp_path, name, TEN.replace("row2 = 2", "changed = 2"))
    assert changed(tmp_path) == {name: [2]}
    git("mv", "--", name, "plain.py")
    assert changed(tmp_path) == {"plain.py": [2]}
    git("commit", "--quiet", "--all", "--message=state")
    git("mv", "--", "plain.py", name)
    write(tmp_path, name, (tmp_path / name).read_text().replace("row4 = 4", "changed = 4"))
    assert changed(tmp_path) == {name: [4]}


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_name_that_is_no_utf_8(tmp_path: Path, git: Git) -> None:
    name = os.fsdecode(b"\xff.py")
    write(tmp_path, name, TEN)
    commit(git)
    write(tmp_path, name, TEN + "new = 1\n")
    assert changed(tmp_path) == {name: [11]}


def test_paths_are_relative_to_the_project(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "service/src/b.py", TEN)
    commit(git)
    write(tmp_path, "a.py", "")
    write(tmp_path, "service/src/b.py", TEN + "new = 1\n")
    write(tmp_path, "service/new.py", "")
    write(tmp_path, "outside.py", "")
    assert changed(tmp_path / "service") == {"src/b.py": [11], "new.py": "all"}


def test_another_work_tree(tmp_path: Path, git: Git) -> None:
    other = tmp_path / "other"
    git("worktree", "add", "--quiet", str(other))
    write(other, "a.py", TEN + "new = 1\n")
    assert changed(other) == {"a.py": [11]}


@pytest.mark.parametrize(
    "config",
    [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "false"),
        ("diff.context", "5"),
        ("diff.interHunkContext", "9"),
        ("diff.external", "false"),
        ("diff.relative", "false"),
        ("color.ui", "always"),
        ("color.diff", "always"),
        ("core.quotePath", "false"),
        ("status.relativePaths", "false"),
        ("core.autocrlf", "input"),
        ("core.safecrlf", "warn"),
    ],
    ids=lambda pair: pair[0],
)
def test_configuration_changes_nothing(tmp_path: Path, git: Git, config: tuple[str, str]) -> None:
    git("config", *config)
    git("mv", "a.py", "größe.py")
    text = TEN.replace("row2 = 2", "changed = 2").replace("row8 = 8", "changed = 8")
    write(tmp_path, "größe.py", text)
    assert changed(tmp_path) == {"größe.py": [2, 8]}


def test_an_external_diff_and_a_text_conversion_are_not_run(
    tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    write(tmp_path, ".gitattributes", "*.py diff=conversion\n")
    git("config", "diff.conversion.textconv", "false")
    commit(git)
    write(tmp_path, "a.py", TEN + "new = 1\n")
    assert changed(tmp_path) == {"a.py": [11]}


def test_inside_a_hook_the_project_may_be_a_folder(
    tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "service/b.py", TEN)
    commit(git)
    write(tmp_path, "service/b.py", TEN + "new = 1\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    monkeypatch.setenv("GIT_PREFIX", "")
    assert changed(tmp_path / "service") == {"b.py": [11]}


def test_a_work_tree_apart_from_its_repository(
    tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = tmp_path / "apart"
    write(apart, "a.py", TEN + "new = 1\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(apart))
    assert changed(apart, git("rev-parse", "main")) == {"a.py": [11]}


# What git cannot tell


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("revision", ["nowhere", "", "main..main", "main:a.py", "HEAD~99"])
def test_a_revision_that_is_no_commit_is_named(tmp_path: Path, revision: str) -> None:
    with pytest.raises(SsotLintError) as caught:
        changed_rows(tmp_path, revision)
    assert caught.value.lines == (
        f"cannot tell what has changed since {revision!r}: there is no such commit, or it was not fetched",
    )


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("revision", ["--help", "-main", "--all"])
def test_a_revision_is_no_option(tmp_path: Path, revision: str) -> None:
    with pytest.raises(SsotLintError, match=r"there is no such commit$"):
        changed_rows(tmp_path, revision)


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SsotLintError) as caught:
        changed_rows(tmp_path, "HEAD")
    (line,) = caught.value.lines
    assert line.startswith("cannot tell what has changed since 'HEAD': not a git repository")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SsotLintError, match=r"since 'HEAD': git is not installed$"):
        changed_rows(tmp_path, "HEAD")


def test_what_fails_later_is_told_in_a_line(tmp_path: Path, git: Git) -> None:
    bare = tmp_path / "bare"
    git("clone", "--quiet", "--bare", str(tmp_path), str(bare))
    with pytest.raises(SsotLintError) as caught:
        changed_rows(bare, "HEAD")
    assert caught.value.lines == (
        "cannot tell what has changed since 'HEAD': this operation must be run in a work tree",
    )


# Findings


def finding(path: str, *span: int) -> Finding:
    row, column, end_row, end_column = span
    where = Span(Position(row, column), Position(end_row, end_column))
    return Finding("direct-uuid", Severity.ERROR, "bad", path, where, "", "", "")


@pytest.mark.parametrize(
    ("each", "is_changed"),
    [
        (finding("a.py", 2, 1, 2, 9), False),
        (finding("a.py", 3, 1, 3, 9), True),
        (finding("a.py", 4, 5, 4, 5), True),
        (finding("a.py", 5, 1, 5, 9), False),
        (finding("a.py", 1, 1, 3, 2), True),
        (finding("a.py", 1, 1, 3, 1), False),
        (finding("a.py", 4, 1, 9, 1), True),
        (finding("a.py", 3, 1, 3, 1), True),
        (finding("a.py", 9, 1, 9, 2), True),
        (finding("whole.py", 10**6, 1, 10**6, 2), True),
        (finding("other.py", 3, 1, 3, 2), False),
    ],
    ids=[
        "before",
        "first row",
        "last row",
        "behind",
        "reaches in",
        "ends before",
        "begins within",
        "empty",
        "second range",
        "whole file",
        "other file",
    ],
)
def test_a_finding_counts_that_reaches_into_a_changed_row(each: Finding, is_changed: bool) -> None:
    changes = {"a.py": (range(3, 5), range(9, 10)), "whole.py": ALL_ROWS, "removed.py": (range(3, 3),)}
    found: Iterable[Finding] = only_changed([each], changes)
    assert list(found) == [each] * is_changed
