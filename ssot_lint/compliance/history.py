"""The compliance of many commits: each content is scanned once, each tree is added up once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ssot_lint.cache_folder import CacheUse, Stamp
from ssot_lint.checking import Checker
from ssot_lint.compliance.forest import Forest, Scans, TreeKey, content_of
from ssot_lint.compliance.numbers import History, Point, Tally
from ssot_lint.compliance.repository import Commit, Repository
from ssot_lint.compliance.sieve import Sieve
from ssot_lint.compliance.sites import GENERATION, USE, Surveyor, tally_by_file
from ssot_lint.discovery import SourceFile
from ssot_lint.engine.pool import Workers
from ssot_lint.model import Finding
from ssot_lint.settings import SettingsIndex

Progress = Callable[[int, int], None]

_UNCHANGING = Stamp(0, 0, 0, 0)
"""Of a content that is named by what it holds."""


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What is to be measured: every `every`-th commit of `revisions`, the last one among them.

    `root` is the project's. Only what is at or below one of `paths` counts; they are relative to the root,
    with forward slashes, and without any of them everything does. `config` replaces all configuration files.
    Without a `cache`, nothing is remembered for the next time.
    """

    root: Path
    revisions: str
    every: int = 1
    paths: tuple[str, ...] = ()
    config: Path | None = None
    jobs: int | None = None
    cache: CacheUse | None = None


def measure_history(request: HistoryRequest, progress: Progress) -> History:
    """Measures commits by the configuration and the source of truth of the working tree.

    Raises SsotLintError if git cannot tell, and InputError for configuration that is wrong.
    """
    sieve = Sieve(request.root, SettingsIndex(request.root, request.config))
    planner = Surveyor(request.root, with_rules=True)
    with Repository(request.root) as repository:
        commits = repository.commits(request.revisions)
        chosen = commits[::-1][:: request.every][::-1]
        scans = Scans(request.root, repository, planner)
        forest = Forest(repository, sieve, scans, request.paths)
        prefix = repository.prefix()
        roots = [forest.root(commit, prefix) for commit in chosen]
        scanned = _scan(request, planner, repository, list(scans.files.values()), progress)
    sums = _Sums(forest, scanned.numbers, sieve)
    points = [sums.point(commit, root) for commit, root in zip(chosen, roots, strict=True)]
    return History(
        points=tuple(points),
        commits=len(commits),
        blobs=len({content_of(scan) for scan in scans.files}),
        scans=len(scans.files),
        failed=len(scanned.failed),
        missing=len(forest.missing | scanned.missing),
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What one scan, or a whole tree, gives."""

    tally: Tally = field(default_factory=Tally)
    rules: Mapping[str, int] = field(default_factory=dict)
    files: int = 0


@dataclass(frozen=True, slots=True)
class _Scanned:
    """What the scans gave, without those that gave nothing; `failed` and `missing` are contents."""

    numbers: Mapping[str, _Numbers]
    failed: set[str]
    missing: set[str]


def _scan(
    request: HistoryRequest,
    planner: Surveyor,
    repository: Repository,
    files: Sequence[SourceFile],
    progress: Progress,
) -> _Scanned:
    missing: set[str] = set()

    def read(file: SourceFile) -> bytes:
        content = content_of(file.relative)
        try:
            return repository.content(content)
        except OSError:
            missing.add(content)
            raise

    workers = Workers(request.jobs)
    try:
        checker = Checker(request.root, planner, request.cache, lambda _path: _UNCHANGING)
        checked = checker.check(files, read, workers, progress)
    finally:
        workers.close()
    return _Scanned(
        numbers=_numbers([*checked.findings, *(each.finding for each in checked.suppressed)]),
        failed={content_of(each.path) for each in checked.failures} - missing,
        missing=missing,
    )


def _numbers(findings: Sequence[Finding]) -> Mapping[str, _Numbers]:
    """What each scan gives, by its name."""
    rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.rule != USE:
            rules[finding.path][finding.rule] += 1
    tallies = tally_by_file(findings)
    names = tallies.keys() | rules.keys()
    return {name: _Numbers(tallies.get(name, Tally()), dict(rules[name])) for name in names}


_NOTHING = _Numbers(files=1)
"""What a file gives in which no IDs are made."""


class _Sums:
    """Adds up the numbers of trees; one that has not changed since an earlier commit has its sum already."""

    def __init__(self, forest: Forest, by_scan: Mapping[str, _Numbers], sieve: Sieve) -> None:
        self._forest = forest
        self._by_scan = by_scan
        self._sieve = sieve
        self._known: dict[TreeKey, _Numbers] = {}

    def point(self, commit: Commit, root: TreeKey | None) -> Point:
        numbers = _Numbers() if root is None else self._of_tree(root)
        return Point(commit.name, commit.time, numbers.tally, numbers.files, numbers.rules)

    def _of_tree(self, key: TreeKey) -> _Numbers:
        if key not in self._known:
            listing = self._forest.listings[key]
            parts = [self._of_tree(inner) for inner in listing.trees]
            parts += (self._of_file(path, scan) for path, scan in listing.files)
            rules: Counter[str] = Counter()
            for part in parts:
                rules.update(part.rules)
            tally = sum((part.tally for part in parts), Tally())
            self._known[key] = _Numbers(tally, dict(rules), sum(part.files for part in parts))
        return self._known[key]

    def _of_file(self, path: str, scan: str | None) -> _Numbers:
        numbers = self._by_scan.get(scan) if scan is not None else None
        if numbers is None:
            return _NOTHING
        ignored = self._sieve.ignored_rules(path)
        tally = numbers.tally if GENERATION.isdisjoint(ignored) else Tally()
        rules = {rule: count for rule, count in numbers.rules.items() if rule not in ignored}
        return _Numbers(tally, rules, 1)
