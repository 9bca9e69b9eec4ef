"""Which rows of which files have changed since a commit, as git tells it."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ssot_lint.errors import SsotLintError
from ssot_lint.model import Finding

Rows = tuple[range, ...]
Changes = Mapping[str, Rows]
"""The changed rows of each changed file, as they are now; by the file's path below the project's root."""

ALL_ROWS: Rows = (range(1, 1 << 60),)

_DIFF = (
    "diff",
    "--relative",
    "--unified=0",
    "--inter-hunk-context=0",
    "--find-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--ignore-submodules",
)
_FILE = b"diff --git "
_RENAMED = b"rename to "
_BINARY = b"Binary files "
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
# git sets these for hooks, where they would move the top of the work tree to the project's root.
_OF_HOOKS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX")


def changed_rows(root: Path, revision: str) -> Changes:
    """What has changed below `root` since HEAD and `revision` parted, whether it is committed or not.

    Files that git neither tracks nor ignores have changed as a whole. If the two have no common ancestor,
    what differs from `revision` counts. Raises SsotLintError if git cannot tell.
    """
    git = _Git(root, revision)
    base = git.base()
    changes = _parse(git.lines(*_DIFF, base, "--"))
    for path in git.output("ls-files", "--others", "--exclude-standard", "-z").split(b"\0"):
        if path:
            changes[os.fsdecode(path)] = ALL_ROWS
    return changes


def only_changed(findings: Iterable[Finding], changes: Changes) -> Iterator[Finding]:
    """Those of the findings that reach into a changed row."""
    for finding in findings:
        first, last = finding.span.start.row, finding.span.end.row
        if finding.span.end.column == 1:
            last = max(first, last - 1)
        if any(first < rows.stop and rows.start <= last for rows in changes.get(finding.path, ())):
            yield finding


class _Git:
    """git in a folder; what goes wrong names the revision that is asked about."""

    def __init__(self, root: Path, revision: str) -> None:
        self._root = root
        self._revision = revision
        self._environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        if "GIT_WORK_TREE" not in os.environ:
            for name in _OF_HOOKS:
                self._environment.pop(name, None)

    def base(self) -> str:
        """The commit to compare with."""
        if self._revision.startswith("-"):
            raise self._error("there is no such commit")
        commit = f"{self._revision}^{{commit}}"
        found = self._run("rev-parse", "--verify", "--quiet", commit)
        if found.returncode:
            raise self._error(_complaint(found.stderr) or "there is no such commit, or it was not fetched")
        ancestor = self._run("merge-base", found.stdout.decode().strip(), "HEAD")
        return (ancestor.stdout or found.stdout).decode().strip()

    def output(self, *arguments: str) -> bytes:
        result = self._run(*arguments)
        if result.returncode:
            raise self._error(_complaint(result.stderr))
        return result.stdout

    def lines(self, *arguments: str) -> Iterator[bytes]:
        """The output line by line, however large it is."""
        with tempfile.TemporaryFile() as stderr:
            command = self._command(arguments)
            with subprocess.Popen(
                command, env=self._environment, stdout=subprocess.PIPE, stderr=stderr
            ) as process:
                assert process.stdout is not None
                yield from process.stdout
            if process.returncode:
                stderr.seek(0)
                raise self._error(_complaint(stderr.read()))

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                self._command(arguments), env=self._environment, capture_output=True, check=False
            )
        except FileNotFoundError:
            raise self._error("git is not installed") from None

    def _command(self, arguments: Iterable[str]) -> list[str]:
        return ["git", "-C", str(self._root), *arguments]

    def _error(self, why: str) -> SsotLintError:
        return SsotLintError(f"cannot tell what has changed since {self._revision!r}: {why}")


def _complaint(stderr: bytes) -> str:
    """What git says is wrong, without its advice; empty if it says nothing."""
    lines = stderr.decode("utf-8", "replace").split("\n")
    said = (line.partition(": ")[2] for line in lines if line.startswith(("fatal: ", "error: ")))
    return next(said, "")


def _parse(diff: Iterable[bytes]) -> dict[str, Rows]:
    """The changed rows of each file in a diff without context."""
    changes: defaultdict[str, list[range]] = defaultdict(list)
    path = ""
    remaining = 0
    for line in diff:
        if remaining:  # the lines of a hunk, which may look like anything
            remaining -= line[:1] != b"\\"
        elif line.startswith(_FILE):
            path = _path_of_both_sides(line.removeprefix(_FILE).rstrip(b"\n"))
        elif line.startswith(_RENAMED):
            path = _path(line.removeprefix(_RENAMED).rstrip(b"\n"))
        elif line.startswith(_BINARY):
            changes[path] += ALL_ROWS
        elif hunk := _HUNK.match(line):
            removed, added = (1 if count is None else int(count) for count in hunk.group(1, 3))
            remaining = removed + added
            changes[path].append(range(int(hunk[2]), int(hunk[2]) + added))
    return {path: tuple(rows) for path, rows in changes.items()}


def _path_of_both_sides(names: bytes) -> str:
    """The path in `a/path b/path`; means nothing if the two differ, which then are named once more."""
    return _path(names[len(names) // 2 + 1 :]).removeprefix("b/")


def _path(name: bytes) -> str:
    """A path as git writes it, in quotes if it holds anything unusual."""
    if name.startswith(b'"'):
        name = _ESCAPE.sub(lambda match: _unescape(match[1]), name[1:-1])
    return os.fsdecode(name)


def _unescape(escape: bytes) -> bytes:
    return bytes([int(escape, 8)]) if len(escape) > 1 else _ESCAPES.get(escape, escape)
