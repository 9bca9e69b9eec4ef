"""From paths to the Python files below them.

Links to folders are not followed, and a folder that is left out is not entered. A path that is named is held
against `exclude` on the whole way from the project's root down to it, so a file is excluded by itself exactly
if it is excluded with its project. `.gitignore` is not asked about what is named, only about what lies below.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.discovery.folder import (
    CONFIGURATION,
    NOTEBOOK,
    Folder,
    first_folder,
    list_folder,
    special_names,
)
from ssot_lint.errors import InputError, Problem, SsotLintError
from ssot_lint.gitignore import path_below
from ssot_lint.settings import Settings, SettingsIndex, default_settings

if TYPE_CHECKING:
    from ssot_lint.model import Failure


class SourceFile(NamedTuple):
    """A file to check; `path` is absolute, `relative` is from the project's root, with forward slashes."""

    path: str
    relative: str
    settings: Settings


Expect = Callable[[Sequence[SourceFile]], None]

_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to check, sorted by `relative`, and what was passed over.

    `excluded` counts the files and folders that `exclude` or a `.gitignore` leave out, a folder as one.
    """

    files: tuple[SourceFile, ...]
    failures: tuple[Failure, ...]
    notebooks: int
    excluded: int


def discover(
    paths: Iterable[str | Path], index: SettingsIndex, root: Path, expect: Expect | None = None
) -> Discovery:
    """The Python files among and below the paths, each real file once.

    `expect` is told once of files that have been found, as soon as they are many.
    Raises SsotLintError with a line for each path that cannot be found, and InputError with the problems of
    all configuration files that were met.
    """
    walk = _Walk(index, _absolute(root), expect)
    for path, is_folder in _existing(paths):
        if is_folder:
            walk.add_folder(path)
        else:
            walk.add_file(path)
    walk.add_links()
    if walk.problems:
        raise InputError(list(dict.fromkeys(walk.problems)))
    files = sorted(walk.files.values(), key=attrgetter("relative"))
    return Discovery(tuple(files), tuple(walk.failures), len(walk.notebooks), len(walk.excluded))


def _existing(paths: Iterable[str | Path]) -> list[tuple[str, bool]]:
    """The absolute paths, and whether each is a folder."""
    found, missing = [], []
    for path in paths:
        try:
            found.append((_absolute(path), stat.S_ISDIR(Path(path).stat().st_mode)))
        except OSError as error:
            missing.append(f"{path}: {error.strerror}")
        except ValueError as error:
            missing.append(f"{path!r}: {error}")
    if missing:
        raise SsotLintError(*missing)
    return found


def _absolute(path: str | Path) -> str:
    return os.path.normpath(Path(path).absolute())


class _Walk:
    """What one run has met so far; `files` are keyed by their real paths."""

    def __init__(self, index: SettingsIndex, root: str, expect: Expect | None) -> None:
        self._index = index
        self._root = root
        self._expect = expect
        self._inside: dict[str, Folder | None] = {}
        self._links: list[SourceFile] = []
        self.files: dict[str, SourceFile] = {}
        self.failures: list[Failure] = []
        self.problems: list[Problem] = []
        self.notebooks: set[str] = set()
        self.excluded: set[str] = set()

    def add_file(self, path: str) -> None:
        """Adds a named file."""
        directory, name = os.path.split(path)
        folder = self._reached_inside(directory)
        if folder is None or folder.excludes(name, False):
            self.excluded.add(path)
        else:
            self._add(folder, name, Path(path).is_symlink())

    def add_folder(self, path: str) -> None:
        """Adds all that is below a named folder."""
        folder = self._reached(path)
        if folder is None:
            self.excluded.add(path)
            return
        pending = [folder]
        while pending:
            pending.extend(self._visit(pending.pop()))
            if self._expect is not None and len(self.files) >= _MANY:
                self._expect(list(self.files.values()))
                self._expect = None

    def add_links(self) -> None:
        """Adds the files behind links, unless they are there under their own names; comes last for that."""
        for link in sorted(self._links, key=attrgetter("path")):
            real = os.path.realpath(link.path)
            if Path(real).is_file():
                self.files.setdefault(real, link)

    def _visit(self, folder: Folder) -> Iterator[Folder]:
        """Adds the files of a folder; yields the folders to visit in it."""
        try:
            listing = list_folder(folder.path)
        except FileNotFoundError:
            return  # deleted since its parent was listed
        except OSError as error:
            from ssot_lint.model import Failure, FailureKind

            path = folder.relative.rstrip("/") or "."
            self.failures.append(Failure(FailureKind.UNREADABLE, path, f"cannot be listed: {error.strerror}"))
            return
        folder = self._entered(folder, listing.special)
        for name, is_link in listing.files:
            if folder.leaves_out(name, False):
                self.excluded.add(folder.path + name)
            else:
                self._add(folder, name, is_link)
        for name in listing.folders:
            if folder.leaves_out(name, True):
                self.excluded.add(folder.path + name)
            else:
                yield folder.child(name)

    def _add(self, folder: Folder, name: str, is_link: bool) -> None:
        file = SourceFile(folder.path + name, folder.relative + name, folder.settings)
        if name.endswith(NOTEBOOK):
            self.notebooks.add(file.path)
        elif is_link:
            self._links.append(file)
        else:
            self.files.setdefault(folder.real + name, file)

    def _reached(self, path: str) -> Folder | None:
        """The folder at a path, None if it or a folder above it in its project is excluded."""
        if self._begins_project(path):
            return first_folder(path, self._root, self._settings(path))
        parent, name = os.path.split(path)
        above = self._reached_inside(parent)
        if above is None or above.excludes(name, True):
            return None
        folder = above.child(name)
        return replace(folder, real=os.path.realpath(path) + os.sep) if Path(path).is_symlink() else folder

    def _begins_project(self, path: str) -> bool:
        """Whether nothing above a folder counts; outside the root, that is where a configuration begins."""
        if path_below(self._root, path) is not None:
            return False
        return path == self._root or path_below(str(self._settings(path).base), path) is None

    def _reached_inside(self, path: str) -> Folder | None:
        """The same with all that stands in the folder itself."""
        if path not in self._inside:
            folder = self._reached(path)
            self._inside[path] = folder and self._entered(folder, special_names(folder.path))
        return self._inside[path]

    def _entered(self, folder: Folder, special: Set[str]) -> Folder:
        """The folder under the configuration file and the `.gitignore` that stand in it."""
        if special & CONFIGURATION and (settings := self._own_settings(folder)):
            folder = folder.with_settings(settings)
        return folder.with_ignore_files(special)

    def _own_settings(self, folder: Folder) -> Settings | None:
        try:
            return self._index.in_directory(os.path.normpath(folder.path))
        except InputError as error:
            self.problems += error.problems
            return None

    def _settings(self, path: str) -> Settings:
        try:
            return self._index.for_directory(path)
        except InputError as error:
            self.problems += error.problems
            return default_settings(Path(path))
