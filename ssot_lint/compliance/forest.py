"""The trees of many commits: which contents have to be scanned, and where each of them stands."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssot_lint.compliance.repository import Commit, Repository
from ssot_lint.compliance.sieve import Sieve
from ssot_lint.discovery import SourceFile
from ssot_lint.planning import Planner
from ssot_lint.settings import Settings

TreeKey = tuple[str, str]
"""A tree's object name, and the path at which it stands."""

_SEPARATOR = ":"
_RELATIVE_IMPORT = re.compile(rb"\bfrom[\s\\]*\.")
"""Finds too much rather than too little."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What counts in a tree: the trees below it, and its Python files with their paths and scans.

    A scan is known by its name; the files of a source of truth have none.
    """

    trees: tuple[TreeKey, ...] = ()
    files: tuple[tuple[str, str | None], ...] = ()


def content_of(scan: str) -> str:
    """The object name of the content that is scanned."""
    return scan.partition(_SEPARATOR)[0]


class Scans:
    """Each content is scanned once, and once more wherever it means something else.

    That is under other settings or sources, and in another folder if it imports relatively. `files` has, by
    the name of the scan, the file that the content is taken for.
    """

    def __init__(self, root: Path, repository: Repository, planner: Planner) -> None:
        self.files: dict[str, SourceFile] = {}
        self._before = os.path.join(root, "")  # noqa: PTH118 - ends in a separator
        self._repository = repository
        self._planner = planner
        self._names: dict[str, dict[tuple[object, ...], str]] = {}
        self._known: dict[int, tuple[Settings, frozenset[str]]] = {}
        self._relative: dict[str, bool] = {}

    def name(self, content: str, path: str, settings: Settings) -> str | None:
        """The name of the scan of a content that stands at a path; None for a source's own file."""
        file = self._before + path.replace("/", os.sep)
        plain, source_files = self._learned(settings)
        if file in source_files:
            return None
        folder, _, name = path.rpartition("/")
        place = (folder, name.rpartition(".")[2], id(plain), settings.sources_for(file))
        names = self._names.setdefault(content, {})
        if place not in names:
            twin = next((each for known, each in names.items() if known[1:] == place[1:]), None)
            if twin is None or self._imports_relatively(content):
                twin = f"{content}{_SEPARATOR}{path}"
                self.files[twin] = SourceFile(file, twin, plain)
            names[place] = twin
        return names[place]

    def _learned(self, settings: Settings) -> tuple[Settings, frozenset[str]]:
        """The settings without what is off in some files, which the sums leave out, and the sources' files."""
        if id(settings) not in self._known:
            plain = replace(settings, per_file_ignores=())
            self._known[id(settings)] = plain, self._planner.source_files(plain)
        return self._known[id(settings)]

    def _imports_relatively(self, content: str) -> bool:
        if content not in self._relative:
            try:
                found = _RELATIVE_IMPORT.search(self._repository.content(content))
            except OSError:
                found = None
            self._relative[content] = found is not None
        return self._relative[content]


class Forest:
    """The trees of all commits, each listed once for each path at which it stands."""

    def __init__(self, repository: Repository, sieve: Sieve, scans: Scans, paths: Sequence[str]) -> None:
        self.listings: dict[TreeKey, Listing] = {}
        self.missing: set[str] = set()
        self._repository = repository
        self._sieve = sieve
        self._scans = scans
        self._paths = paths

    def root(self, commit: Commit, prefix: Iterable[str]) -> TreeKey | None:
        """The tree of the project in a commit, None if it was not there."""
        tree = commit.tree
        for name in prefix:
            entries = self._repository.tree(tree) or ()
            inner = next((each.object for each in entries if each.is_folder and each.name == name), None)
            if inner is None:
                return None
            tree = inner
        self._list(tree)
        return tree, ""

    def _list(self, root: str) -> None:
        pending = [(root, "")]
        while pending:
            key = pending.pop()
            if key not in self.listings:
                self.listings[key] = self._listing(key)
                pending += self.listings[key].trees

    def _listing(self, key: TreeKey) -> Listing:
        tree, path = key
        entries = self._repository.tree(tree)
        if entries is None:
            self.missing.add(tree)
            return Listing()
        trees: list[TreeKey] = []
        files: list[tuple[str, str | None]] = []
        for entry in entries:
            inside = sys.intern(f"{path}/{entry.name}" if path else entry.name)
            if entry.is_folder:
                if self._leads_on(inside) and self._sieve.folder(inside) is not None:
                    trees.append((entry.object, inside))
            elif self._is_asked_for(inside) and (settings := self._sieve.settings(inside)) is not None:
                files.append((inside, self._scans.name(entry.object, inside, settings)))
        return Listing(tuple(trees), tuple(files))

    def _is_asked_for(self, path: str) -> bool:
        return not self._paths or any(f"{path}/".startswith(f"{asked}/") for asked in self._paths)

    def _leads_on(self, path: str) -> bool:
        above = any(f"{asked}/".startswith(f"{path}/") for asked in self._paths)
        return above or self._is_asked_for(path)
