"""Commits, trees and contents of a git repository, each object read once through one long-lived process."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from ssot_lint.errors import SsotLintError

_FOLDER = b"40000"
_FILES = (b"100644", b"100755", b"100664")
_NUL = b"\0"
_LATEST = 253_402_300_799
"""The end of the year 9999; what calls itself later has a broken clock."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `time` is its commit time in seconds since the epoch."""

    name: str
    tree: str
    time: int


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file or a folder in a tree; links and submodules are left out."""

    name: str
    object: str
    is_folder: bool


class Repository:
    """The repository around a folder, for a `with` statement; raises SsotLintError if there is none.

    Nothing is fetched: an object that a partial clone lacks is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
        self._objects: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._objects is not None:
            self._objects.communicate()

    def prefix(self) -> list[str]:
        """The names of the folders that lead from the repository's top to the folder."""
        path = os.fsdecode(self._run("rev-parse", "--show-prefix").rstrip(b"\n"))
        return [name for name in path.split("/") if name]

    def commits(self, revisions: str) -> list[Commit]:
        """The commits of a range or up to a revision, along first parents, oldest first."""
        if revisions.startswith("-"):
            raise SsotLintError(f"{revisions!r} is no revision")
        log = self._run(
            "log", "--first-parent", "--reverse", "--no-show-signature", "--format=%H %T %ct", revisions, "--"
        )
        rows = (line.split() for line in log.decode("ascii").splitlines())
        return [Commit(name, tree, min(max(int(time), 0), _LATEST)) for name, tree, time in rows]

    def tree(self, name: str) -> list[TreeEntry] | None:
        """What a tree holds, None if it is missing."""
        content = self._read(name)
        return None if content is None else list(_entries(content, len(name) // 2))

    def content(self, name: str) -> bytes:
        """The content of a file; raises OSError if it is missing."""
        content = self._read(name)
        if content is None:
            raise OSError(errno.ENOENT, "the repository lacks it")
        return content

    def _read(self, name: str) -> bytes | None:
        if self._objects is None:
            command = [*self._command(), "cat-file", "--batch"]
            self._objects = subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        sent, received = self._objects.stdin, self._objects.stdout
        assert sent is not None
        assert received is not None
        sent.write(name.encode("ascii") + b"\n")
        sent.flush()
        header = received.readline().split()
        if not header:
            raise SsotLintError("git ended while it was asked for objects")
        if header[-1] == b"missing":
            return None
        size = int(header[2])
        return received.read(size + 1)[:size]

    def _run(self, *arguments: str) -> bytes:
        try:
            result = subprocess.run(
                [*self._command(), *arguments], env=self._environment, capture_output=True, check=False
            )
        except FileNotFoundError:
            raise SsotLintError("the history cannot be read: git is not installed") from None
        if result.returncode:
            raise SsotLintError(f"the history cannot be read: {_complaint(result.stderr)}")
        return result.stdout

    def _command(self) -> list[str]:
        return ["git", "-C", str(self._folder)]


def _entries(content: bytes, size: int) -> Iterator[TreeEntry]:
    """The entries of a tree object, whose object names have `size` bytes."""
    at = 0
    while at < len(content):
        nul = content.index(_NUL, at)
        mode, _, name = content[at:nul].partition(b" ")
        at = nul + 1 + size
        if mode == _FOLDER or mode in _FILES:
            yield TreeEntry(os.fsdecode(name), content[nul + 1 : at].hex(), mode == _FOLDER)


def _complaint(stderr: bytes) -> str:
    """What git says is wrong, in its first line."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else "git gave no reason"
