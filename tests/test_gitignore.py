from __future__ import annotations

import os
import pickle
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssot_lint.gitignore import compile_patterns, globs_in, parse_pattern, path_below, pattern_lines

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}

PIECES = (
    *("a", "b", "c", ".py", "z", "0", "-", "]", "!", " ", "#", ".", "^"),
    *("*", "*", "**", "/", "/", "**/", "/**", "?", "\\", "\\/", "\r"),
    *("[", "[!", "[^", "]", "[a-b]", "[]a]", "[a-", "[b-a]", "[:", "[[:alpha:]", "[[:digit:]x]", "[[:no:]]"),
)
NAMES = (
    "a",
    "b",
    "ab",
    "abc",
    "c.py",
    "a.py",
    "-",
    "]",
    "!a",
    "#b",
    "[",
    "^",
    "a b",
    "b ",
    "\\",
    "z0",
    "a-b",
    "*",
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], env=GIT, check=True)
    return folder


def ignored_by_git(repository: Path, text: str, paths: Sequence[str]) -> set[str]:
    (repository / ".gitignore").write_bytes(text.encode())
    command = ["git", "-c", "core.ignorecase=false", "check-ignore", "--no-index", "--stdin", "-z"]
    run = subprocess.run(
        command, cwd=repository, env=GIT, input="\0".join(paths).encode(), capture_output=True
    )
    assert run.returncode in (0, 1), run.stderr
    return set(run.stdout.decode().split("\0")) - {""}


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lines=st.lists(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), min_size=1, max_size=4
    ),
    paths=st.lists(
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join),
        min_size=20,
        max_size=60,
        unique=True,
    ),
)
def test_the_same_is_ignored_as_by_git(repository: Path, lines: list[str], paths: list[str]) -> None:
    text = "\n".join(lines)
    patterns = compile_patterns(pattern_lines(text))
    assert {path for path in paths if patterns.covers(path)} == ignored_by_git(repository, text, paths)


@pytest.mark.parametrize(
    ("text", "path", "ignored"),
    [
        pytest.param("build/", "build/a.py", True, id="folder"),
        pytest.param("build/", "build", False, id="folder-only"),
        pytest.param("build", "x/build", True, id="name"),
        pytest.param("/build", "x/build", False, id="anchored"),
        pytest.param("x/build", "y/x/build", False, id="anchored-by-slash"),
        pytest.param("*.pyc", "x/a.pyc", True, id="ending"),
        pytest.param("*.py[co]", "x/a.pyo", True, id="class"),
        pytest.param("x/**/a.py", "x/a.py", True, id="no-folder-between"),
        pytest.param("x/**/a.py", "x/y/z/a.py", True, id="folders-between"),
        pytest.param("x/**", "x/y/a.py", True, id="all-below"),
        pytest.param("x/*", "x/y/a.py", True, id="below-an-ignored-folder"),
        pytest.param("*.py\n!keep.py", "x/keep.py", False, id="negated"),
        pytest.param("!keep.py\n*.py", "x/keep.py", True, id="last-one-wins"),
        pytest.param("x\n!x/keep.py", "x/keep.py", True, id="no-way-back-from-an-ignored-folder"),
        pytest.param("x/*\n!x/keep.py", "x/keep.py", False, id="way-back-from-ignored-files"),
        pytest.param("# a.py\n", "# a.py", False, id="comment"),
        pytest.param("\\#a.py", "#a.py", True, id="escaped-comment"),
        pytest.param("\\!a.py", "!a.py", True, id="escaped-negation"),
        pytest.param("a.py  ", "a.py", True, id="trailing-spaces"),
        pytest.param("a\\ ", "a ", True, id="escaped-trailing-space"),
        pytest.param("a.py\r\nb.py\r\n", "a.py", True, id="crlf"),
        pytest.param("\ufeffa.py", "a.py", True, id="bom"),
        pytest.param("[a-", "[a-", False, id="unclosed-class"),
        pytest.param("a**/b", "ab", True, id="stars-behind-a-name"),
        pytest.param("*\n!*/\n!*.py", "x/y/a.py", False, id="everything-but"),
        pytest.param("", "a.py", False, id="empty"),
        pytest.param("/", "a.py", False, id="slash"),
        pytest.param("!", "a.py", False, id="exclamation-mark"),
    ],
)
def test_what_is_ignored(repository: Path, text: str, path: str, ignored: bool) -> None:
    assert compile_patterns(pattern_lines(text)).covers(path) is ignored
    assert ignored_by_git(repository, text, [path]) == ({path} if ignored else set())


def test_the_three_answers_of_a_set() -> None:
    patterns = compile_patterns(["*.log", "!keep.log", "tmp/"])
    assert patterns.decide("a.log", "x/a.log", False) is True
    assert patterns.decide("keep.log", "x/keep.log", False) is False
    assert patterns.decide("a.py", "x/a.py", False) is None
    assert patterns.decide("tmp", "x/tmp", False) is None
    assert patterns.decide("tmp", "x/tmp", True) is True


@pytest.mark.parametrize("glob", ["", "/", "!", "!/", "[a", "[[:nonsense:]]", "a\\"])
def test_a_pattern_that_can_match_nothing(glob: str) -> None:
    assert parse_pattern(glob) is None


def test_globs_stand_in_their_folder(tmp_path: Path) -> None:
    globs = globs_in(str(tmp_path / "service"), ["./gen", "!./gen/keep.py", "tests/", "*_pb2.py"])
    inside = {
        path: globs.covers(str(tmp_path / path))
        for path in (
            "service/gen/a.py",
            "service/x/gen/a.py",
            "service/x/tests/a.py",
            "gen/a.py",
            "tests/a.py",
        )
    }
    assert [path for path, covered in inside.items() if covered] == [
        "service/gen/a.py",
        "service/x/tests/a.py",
    ]
    assert globs.covers(str(tmp_path / "elsewhere" / "a_pb2.py"))


def test_globs_can_be_sent_to_another_process(tmp_path: Path) -> None:
    globs = globs_in(str(tmp_path), ["*.py[co]", "a/**/b", "c"])
    copy = pickle.loads(pickle.dumps(globs))
    assert copy == globs
    assert copy.covers(str(tmp_path / "a" / "x" / "b"))


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [("/a", "/a/b/c", "b/c"), ("/a", "/a", None), ("/a", "/ab/c", None), ("/", "/a/b", "a/b")],
)
def test_path_below(folder: str, path: str, expected: str | None) -> None:
    assert path_below(folder.replace("/", os.sep), path.replace("/", os.sep)) == expected
