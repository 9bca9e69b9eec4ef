"""The compliance of many commits: each content is scanned once, each tree is added up once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ssot_lint.checking import Checker
from ssot_lint.compliance.numbers import History, Point, Tally
from ssot_lint.compliance.repository import Commit, Repository
from ssot_lint.compliance.sieve import Sieve
from ssot_lint.compliance.sites import GENERATION, USE, Surveyor, tally_by_file
from ssot_lint.discovery import SourceFile
from ssot_lint.engine.pool import Workers
from ssot_lint.model import Finding
from ssot_lint.settings import Settings, SettingsIndex

Progress = Callable[[int, int], None]

_TreeKey = tuple[str, str]
"""A tree's object name, and the path at which it stands."""


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What is to be measured: every `every`-th commit of `revisions`, the last one among them.

    `root` is the project's. Only what is at or below one of `paths` counts; they are relative to the root,
    with forward slashes, and without any of them everything does. `config` replaces all configuration files.
    """

    root: Path
    revisions: str
    every: int = 1
    paths: tuple[str, ...] = ()
    config: Path | None = None
    jobs: int | None = None


def measure_history(request: HistoryRequest, progress: Progress) -> History:
    """Measures commits by the configuration and the source of truth of the working tree.

    Raises SsotLintError if git cannot tell, and InputError for configuration that is wrong.
    """
    sieve = Sieve(request.root, SettingsIndex(request.root, request.config))
    with Repository(request.root) as repository:
        commits = repository.commits(request.revisions)
        chosen = commits[::-1][:: request.every][::-1]
        forest = _Forest(repository, sieve, request.paths)
        prefix = repository.prefix()
        roots = [forest.root(commit, prefix) for commit in chosen]
        numbers = _scan(request, repository, forest.blobs, progress)
        sums = _Sums(forest, numbers.by_blob, sieve)
        points = [sums.point(commit, root) for commit, root in zip(chosen, roots, strict=True)]
    return History(
        points=tuple(points),
        commits=len(commits),
        blobs=numbers.count,
        failed=numbers.failed,
        missing=len(forest.missing) + numbers.missing,
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    """What counts in a tree: the trees below it, and the blobs of its Python files by their paths."""

    trees: tuple[_TreeKey, ...] = ()
    blobs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What one content, or a whole tree, gives."""

    tally: Tally = field(default_factory=Tally)
    rules: Mapping[str, int] = field(default_factory=dict)
    files: int = 0


@dataclass(frozen=True, slots=True)
class _Scanned:
    """What scanning `count` contents gave; of those without anything there is nothing in `by_blob`."""

    by_blob: Mapping[str, _Numbers]
    count: int
    failed: int
    missing: int


class _Forest:
    """The trees of all commits, each listed once for each path at which it stands.

    `blobs` has the path and the settings under which each content was met first.
    """

    def __init__(self, repository: Repository, sieve: Sieve, paths: Sequence[str]) -> None:
        self.listings: dict[_TreeKey, _Listing] = {}
        self.blobs: dict[str, tuple[str, Settings]] = {}
        self.missing: set[str] = set()
        self._repository = repository
        self._sieve = sieve
        self._paths = paths

    def root(self, commit: Commit, prefix: Iterable[str]) -> _TreeKey | None:
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

    def _listing(self, key: _TreeKey) -> _Listing:
        tree, path = key
        entries = self._repository.tree(tree)
        if entries is None:
            self.missing.add(tree)
            return _Listing()
        trees: list[_TreeKey] = []
        blobs: list[tuple[str, str]] = []
        for entry in entries:
            inside = f"{path}/{entry.name}" if path else entry.name
            if entry.is_folder:
                if self._leads_on(inside) and self._sieve.folder(inside) is not None:
                    trees.append((entry.object, inside))
            elif self._is_asked_for(inside) and (settings := self._sieve.settings(inside)) is not None:
                self.blobs.setdefault(entry.object, (inside, settings))
                blobs.append((entry.object, inside))
        return _Listing(tuple(trees), tuple(blobs))

    def _is_asked_for(self, path: str) -> bool:
        return not self._paths or any(f"{path}/".startswith(f"{asked}/") for asked in self._paths)

    def _leads_on(self, path: str) -> bool:
        above = any(f"{asked}/".startswith(f"{path}/") for asked in self._paths)
        return above or self._is_asked_for(path)


def _scan(
    request: HistoryRequest,
    repository: Repository,
    blobs: Mapping[str, tuple[str, Settings]],
    progress: Progress,
) -> _Scanned:
    """Scans each content as if it stood, today, at the path where it was met first."""
    missing: set[str] = set()

    def read(file: SourceFile) -> bytes:
        try:
            return repository.content(file.relative)
        except OSError:
            missing.add(file.relative)
            raise

    workers = Workers(request.jobs)
    try:
        checker = Checker(request.root, Surveyor(request.root, with_rules=True))
        checked = checker.check(_as_files(request.root, blobs), read, workers, progress)
    finally:
        workers.close()
    return _Scanned(
        by_blob=_numbers([*checked.findings, *(each.finding for each in checked.suppressed)]),
        count=sum(len(group.files) for group in checked.groups),
        failed=len(checked.failures) - len(missing),
        missing=len(missing),
    )


def _as_files(root: Path, blobs: Mapping[str, tuple[str, Settings]]) -> list[SourceFile]:
    """The contents as files that are known by their object names.

    What does not run in some files is left out when paths are known, not for a content as such.
    """
    plain: dict[int, Settings] = {}
    files = []
    for name, (path, settings) in blobs.items():
        if id(settings) not in plain:
            plain[id(settings)] = replace(settings, per_file_ignores=())
        files.append(SourceFile(str(root / path), name, plain[id(settings)]))
    return files


def _numbers(findings: Sequence[Finding]) -> Mapping[str, _Numbers]:
    """What each content gives, by its object name."""
    rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.rule != USE:
            rules[finding.path][finding.rule] += 1
    tallies = tally_by_file(findings)
    names = tallies.keys() | rules.keys()
    return {name: _Numbers(tallies.get(name, Tally()), dict(rules[name])) for name in names}


class _Sums:
    """Adds up the numbers of trees; one that has not changed since an earlier commit has its sum already."""

    def __init__(self, forest: _Forest, by_blob: Mapping[str, _Numbers], sieve: Sieve) -> None:
        self._forest = forest
        self._by_blob = by_blob
        self._sieve = sieve
        self._known: dict[_TreeKey, _Numbers] = {}

    def point(self, commit: Commit, root: _TreeKey | None) -> Point:
        numbers = _Numbers() if root is None else self._of_tree(root)
        return Point(commit.name, commit.time, numbers.tally, numbers.files, numbers.rules)

    def _of_tree(self, key: _TreeKey) -> _Numbers:
        if key not in self._known:
            listing = self._forest.listings[key]
            parts = [self._of_tree(inner) for inner in listing.trees]
            parts += (self._of_file(blob, path) for blob, path in listing.blobs)
            rules: Counter[str] = Counter()
            for part in parts:
                rules.update(part.rules)
            tally = sum((part.tally for part in parts), Tally())
            self._known[key] = _Numbers(tally, dict(rules), sum(part.files for part in parts))
        return self._known[key]

    def _of_file(self, blob: str, path: str) -> _Numbers:
        numbers = self._by_blob.get(blob)
        if numbers is None:
            return _Numbers(files=1)
        ignored = self._sieve.ignored_rules(path)
        tally = numbers.tally if GENERATION.isdisjoint(ignored) else Tally()
        rules = {rule: count for rule, count in numbers.rules.items() if rule not in ignored}
        return _Numbers(tally, rules, 1)
