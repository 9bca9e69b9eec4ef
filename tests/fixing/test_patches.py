"""Patches are tested by those that they are for: git and, where it is installed, patch."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssot_lint.fixing.patches import FileChange, diff, directory_of, group

LONG = b"".join(b"%d\n" % number for number in range(100))
CHANGES = {
    "one-line": (b"a\nb\nc\n", b"a\nB\nc\n"),
    "crlf": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n"),
    "line-end-changes": (b"a\nb\n", b"a\r\nb\n"),
    "no-line-end-at-all": (b"a\nb", b"a\nc"),
    "line-end-added": (b"a\nb", b"a\nb\n"),
    "line-end-removed": (b"a\nb\n", b"a\nb"),
    "unchanged-last-line-without-end": (b"a\nb\nc", b"x\nb\nc"),
    "from-nothing": (b"", b"a\nb\n"),
    "to-nothing": (b"a\n", b""),
    "two-hunks": (LONG, LONG.replace(b"\n10\n", b"\nten\n").replace(b"\n90\n", b"\n")),
    "first-and-last": (LONG, b"start\n" + LONG + b"end\n"),
    "latin-1": (b"\xe9 = 1\n", b"\xe9 = 2\n"),
    "form-feed-and-lone-returns": (b"a\x0cb\rc\nd\n", b"a\x0cb\rc\ne\n"),
    "looks-like-a-header": (b"-- a\n++ b\n", b"-- c\n++ d\n"),
}
PATHS = (
    "code.py",
    "app/code.py",
    "with space/code.py",
    "é/ü.py",
    'quo"te.py',
    "tab\there.py",
    "back\\slash.py",
)


def apply(folder: Path, patch: bytes, *command: str) -> None:
    run = subprocess.run([*command], cwd=folder, input=patch, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def written(folder: Path, path: str, content: bytes) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_git_applies_a_patch(before: bytes, after: bytes, tmp_path: Path) -> None:
    file = written(tmp_path, "app/code.py", before)
    patch = diff(FileChange("app/code.py", before, after))
    apply(tmp_path, patch, "git", "apply", "--whitespace=nowarn", "-")
    assert file.read_bytes() == after
    apply(tmp_path, patch, "git", "apply", "--whitespace=nowarn", "--reverse", "-")
    assert file.read_bytes() == before


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@pytest.mark.parametrize(
    ("before", "after"),
    [pytest.param(*change, id=name) for name, change in CHANGES.items() if name not in ("to-nothing",)],
)
def test_patch_applies_a_patch(before: bytes, after: bytes, tmp_path: Path) -> None:
    file = written(tmp_path, "app/code.py", before)
    apply(tmp_path, diff(FileChange("app/code.py", before, after)), "patch", "-p1", "--binary", "--quiet")
    assert file.read_bytes() == after


@pytest.mark.parametrize("path", PATHS)
def test_git_finds_any_path(path: str, tmp_path: Path) -> None:
    file = written(tmp_path, path, b"a\n")
    apply(tmp_path, diff(FileChange(path, b"a\n", b"b\n")), "git", "apply", "-")
    assert file.read_bytes() == b"b\n"


CONTENTS = st.lists(st.sampled_from([b"a\n", b"b\n", b"a\r\n", b"\n", b"c"]), max_size=12).map(b"".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(before=CONTENTS, after=CONTENTS)
def test_git_applies_any_patch(before: bytes, after: bytes, tmp_path: Path) -> None:
    file = written(tmp_path, "code.py", before)
    patch = diff(FileChange("code.py", before, after))
    assert bool(patch) is (before != after)
    if patch:
        apply(tmp_path, patch, "git", "apply", "--whitespace=nowarn", "-")
    assert file.read_bytes() == after


def test_a_hunk_is_as_git_writes_it() -> None:
    assert diff(FileChange("a.py", b"1\n2\n3\n4\n5\n6\n7\n8\n9", b"1\n2\n3\n4\n5\n6\n7\n8\nnine")) == (
        b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n"
        b"\\ No newline at end of file\n+nine\n\\ No newline at end of file\n"
    )


def test_each_group_applies_alone(tmp_path: Path) -> None:
    paths = ["app/api/a.py", "app/db/b.py", "tests/c.py", "d.py", "APP/e.py"]
    for path in paths:
        written(tmp_path, path, b"old\n")
    changes = [FileChange(path, b"old\n", b"new\n") for path in paths]
    patches = group(reversed(changes), directory_of)
    assert [(patch.name, patch.group) for patch in patches] == [
        ("other", ""),
        ("APP", "APP"),
        ("app-2", "app"),
        ("tests", "tests"),
    ]
    for patch in patches:
        apply(tmp_path, patch.content, "git", "apply", "-")
    assert {(tmp_path / path).read_bytes() for path in paths} == {b"new\n"}


def test_names_of_patches_are_safe_for_any_file_system() -> None:
    changes = [FileChange(f"{name}.py", b"", b"x\n") for name in "abc"]
    owners = {"a.py": "@org/team one", "b.py": "../../etc", "c.py": "..."}
    assert {patch.name for patch in group(changes, owners.__getitem__)} == {"@org-team-one", "etc", "patch"}


@pytest.mark.parametrize(
    ("path", "depth", "expected"),
    [("a.py", 1, ""), ("a/b.py", 1, "a"), ("a/b/c/d.py", 2, "a/b"), ("a/b.py", 3, "a")],
)
def test_directories_to_a_depth(path: str, depth: int, expected: str) -> None:
    assert directory_of(path, depth) == expected
