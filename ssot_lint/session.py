"""One run: which files, under which settings, against which contract, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.cache_folder import CacheUse
from ssot_lint.checking import Checked, Checker, Progress
from ssot_lint.discovery import Discovery, SourceFile, discover
from ssot_lint.engine.pool import Workers
from ssot_lint.errors import InputError, Problem
from ssot_lint.files import read_file
from ssot_lint.model import Report, in_order
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import Settings, SettingsIndex, StaleBaseline, project_root, relative_path

if TYPE_CHECKING:
    from ssot_lint.acceptance import Held
    from ssot_lint.catalogue import Rule
    from ssot_lint.choosing import Decide
    from ssot_lint.model import Failure, Finding, Share
    from ssot_lint.repair import Repair, Taken
    from ssot_lint.sharding import Cut, Shard
    from ssot_lint.source.contract import Contract

_NO_SOURCE = (
    "no source of truth is configured, so only rules that need none were run; name it as "
    '`source = "package.module.Class"` in [tool.ssot-lint] of pyproject.toml'
)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What the command line asks for.

    `paths` are as they were written, relative to `cwd`. `config` replaces all configuration files; `select`
    and `ignore` go before and beside what is configured; `jobs` is the most processes to use (None: as many
    as there are processors). `stdin` is the name and the content of one file that is checked instead of
    paths. `diff_base` confines the findings to lines that have changed since that commit. `stale_baseline`
    goes before what is configured; without `with_baseline` no baseline is read. `shard` makes the report of a
    check one of several parts; nothing else knows it.
    """

    paths: tuple[str, ...]
    cwd: Path
    config: Path | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    stdin: tuple[str, bytes] | None = None
    diff_base: str | None = None
    with_baseline: bool = True
    with_cache: bool = True
    with_fixes: bool = False
    cache_dir: Path | None = None
    stale_baseline: StaleBaseline | None = None
    shard: Shard | None = None


@dataclass(frozen=True, slots=True)
class FixRequest:
    """What to fix: findings as `check` reports them, in the files of `paths` only, if these are given.

    With `unsafe`, fixes that a consumer may notice are applied too; with `baselined`, accepted findings are
    fixed as well. `decide`, if given, is offered each fix, in order, and says which are applied.
    `taken`, if known, are the names that others take from the modules that are fixed; without it, all of the
    project is read for them.
    """

    check: CheckRequest
    unsafe: bool = False
    baselined: bool = False
    paths: frozenset[str] | None = None
    decide: Decide | None = None
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Fixes:
    """What can be written: nothing has been yet. `found` are the findings that were looked at, fixable or
    not.

    Paths are relative to `root`; `files` leads from them to absolute ones. `failures` could not be checked.
    """

    root: Path
    repairs: tuple[Repair, ...]
    found: tuple[Finding, ...]
    files: Mapping[str, str]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against the baselines of its files; `checked` counts the files, failures are sorted."""

    root: Path
    held: tuple[Held, ...]
    failures: tuple[Failure, ...]
    checked: int


def check(request: CheckRequest, progress: Progress | None = None) -> Report:
    """The findings of one run; raises InputError for configuration that is wrong, with all its problems."""
    return _Run(request, progress).report()


def fix(request: FixRequest, progress: Progress | None = None) -> Fixes:
    """The new contents of files whose findings can be fixed; raises InputError like `check`."""
    return _Run(replace(request.check, with_fixes=True), progress).fixes(request)


def compare(request: CheckRequest, progress: Progress | None = None) -> Comparison:
    """What a run makes of the baselines; raises InputError like `check`."""
    return _Run(request, progress).comparison()


def rule_names(request: CheckRequest) -> list[str]:
    """The names of the rules that the settings of the working directory offer."""
    run = _Run(request)
    return run.planner.rule_names(run.index.for_directory(str(request.cwd)))


def load_catalogue(request: CheckRequest) -> dict[str, Rule]:
    """The rules that the settings of the working directory offer."""
    run = _Run(request)
    return run.planner.rules(run.index.for_directory(str(request.cwd)))


def contracts(request: CheckRequest) -> list[tuple[Settings, Contract]]:
    """What was learned from the sources of the working directory's settings; empty without a source."""
    run = _Run(request)
    settings = run.index.for_directory(str(request.cwd))
    contract = run.planner.contract(settings, settings.sources)
    return [] if contract is None else [(settings, contract)]


class _Run:
    def __init__(self, request: CheckRequest, progress: Progress | None = None) -> None:
        self.root = project_root(request.cwd)
        self.index = SettingsIndex(self.root, request.config)
        self._request = request
        selection = Selection(request.select, request.ignore)
        self.planner = Planner(self.root, selection, request.with_fixes, self._cache())
        self._checker = Checker(self.root, self.planner, self._cache())
        self._workers = Workers(request.jobs)
        self._progress = progress or _say_nothing

    def report(self) -> Report:
        everything = self._discover()
        cut = self._cut(everything)
        found = cut.own if cut is not None else everything
        checked = self._check(found.files, self._workers, self._progress)
        held: list[Held] = []
        found_now: Iterable[Finding] = checked.findings
        if self._request.with_baseline:
            held = self._hold(everything, checked, cut is not None, cut)
            found_now = _new(checked, held)
        findings = tuple(self._only_changed(found_now))
        if self._request.with_fixes:
            findings = tuple(self._shown(checked, _spared(findings, held)))
        return Report(
            root=self.root,
            findings=in_order(findings),
            failures=_failures(found, checked),
            checked=len(found.files),
            notices=(*_notices(everything), *self._advice(held)),
            suppressed=tuple(
                replace(each, finding=each.finding._replace(fix=None))
                for each in sorted(checked.suppressed, key=lambda each: each.finding.sort_key)
            ),
            baselined=in_order(each._replace(fix=None) for each in _covered(held)),
            stale=tuple(sorted(each for one in held for each in one.stale)),
            faults=tuple(self._outgrown(held, StaleBaseline.ERROR)),
            share=None if cut is None else self._share(everything, cut, held),
        )

    def _advice(self, held: Sequence[Held]) -> Iterator[str]:
        for each in self._outgrown(held, StaleBaseline.WARN):
            yield f"{each.path}: {each.message}"

    def _outgrown(self, held: Sequence[Held], mode: StaleBaseline) -> Iterator[Failure]:
        if held:
            from ssot_lint.acceptance import outgrown

            yield from outgrown(held, mode, self.root)

    def _cut(self, found: Discovery) -> Cut | None:
        if self._request.shard is None:
            return None
        from ssot_lint.sharding import cut

        return cut(found, self._request.shard)

    def _share(self, found: Discovery, cut: Cut, held: Sequence[Held]) -> Share:
        from ssot_lint.sharding import share

        request = self._request
        asked = (request.select, request.ignore, request.diff_base, request.with_baseline, request.with_fixes)
        settings = list({id(file.settings): file.settings for file in found.files}.values())
        rules = [rule for each in settings for rule in self.planner.rules(each).values()]
        return share(cut, (asked, request.stale_baseline), settings, rules, held, self.root)

    def fixes(self, request: FixRequest) -> Fixes:
        from ssot_lint.repair import wanted

        found = self._discover()
        checked = self._check(found.files, self._workers, self._progress)
        findings: Iterable[Finding] = checked.findings
        if self._request.with_baseline and not request.baselined:
            held = self._hold(found, checked, False)
            findings = _spared(_new(checked, held), held)
        findings = [
            each
            for each in self._only_changed(findings)
            if request.paths is None or each.path in request.paths
        ]
        fixable = wanted(findings, request.unsafe)
        repairs = self._repairs(found, checked, fixable, request)
        return Fixes(
            root=self.root,
            repairs=tuple(sorted(repairs, key=lambda each: each.path)),
            found=in_order(findings),
            files={file.relative: file.path for file in found.files},
            failures=_failures(found, checked),
        )

    def comparison(self) -> Comparison:
        found = self._discover()
        checked = self._check(found.files, self._workers, self._progress)
        held = self._hold(found, checked, True)
        return Comparison(self.root, tuple(held), _failures(found, checked), len(found.files))

    def _discover(self) -> Discovery:
        """Raises InputError with the problems of all configuration files, and of the rules and sources in them."""
        path = self._stdin_path()
        try:
            if path is None:
                return discover(self._paths(), self.index, self.root, self._expect)
            settings = self.index.for_directory(os.path.dirname(path))  # noqa: PTH120
        except InputError as error:
            self._workers.close()
            problems = [*error.problems, *self._problems_behind()]
            raise InputError(list(dict.fromkeys(problems))) from None
        return Discovery((SourceFile(path, relative_path(path, str(self.root)), settings),), (), 0, 0)

    def _expect(self, files: Sequence[SourceFile]) -> None:
        self._checker.expect(files, self._read, self._workers)

    def _problems_behind(self) -> Iterator[Problem]:
        """What is wrong with the rules and sources of settings in which something else is wrong too."""
        for settings in self.index.faulty:
            try:
                self.planner.plan(settings, settings.sources)
            except InputError as error:
                yield from error.problems

    def _paths(self) -> list[str]:
        return [os.path.normpath(self._request.cwd / path) for path in self._request.paths]

    def _stdin_path(self) -> str | None:
        return self._request.stdin and os.path.normpath(self._request.cwd / self._request.stdin[0])

    def _check(self, files: Sequence[SourceFile], workers: Workers, progress: Progress) -> Checked:
        try:
            return self._checker.check(files, self._read, workers, progress)
        finally:
            workers.close()

    def _cache(self) -> CacheUse | None:
        keeps = self._request.with_cache and self._request.stdin is None
        return CacheUse(self._request.cache_dir) if keeps else None

    def _read(self, file: SourceFile) -> bytes:
        if self._request.stdin is not None and file.path == self._stdin_path():
            return self._request.stdin[1]
        return read_file(file.path)

    def _hold(
        self, found: Discovery, checked: Checked, even_without: bool, cut: Cut | None = None
    ) -> list[Held]:
        """What the baselines make of the findings; nothing where there are none to read."""
        folders = [path for path in self._paths() if Path(path).is_dir()]
        baselines = {group.settings.baseline for group in checked.groups}
        is_read = (checked.findings or folders) and any(map(_may_exist, baselines))
        if not (is_read or even_without):
            return []
        from ssot_lint.acceptance import Sight, hold
        from ssot_lint.baseline import Seen

        failed = {failure.path for failure in _failures(found, checked)}
        others = cut.others if cut is not None else None
        sight = Sight(
            root=self.root,
            folders=folders,
            files={file.relative: file.settings for file in found.files},
            seen=Seen(None, failed, self._request.select, self._request.ignore, others),
        )
        mode = self._request.stale_baseline
        return list(hold(checked.findings, sight, self._look, mode, even_without))

    def _look(self, path: str) -> Iterable[Finding] | None:
        """The findings in a file that the run was not asked about; None if it cannot be checked."""
        file = self.root / path
        if not file.is_file():
            return ()
        found = discover([file], self.index, self.root)
        checked = self._check(found.files, Workers(1), _say_nothing)
        return None if _failures(found, checked) else checked.findings

    def _repairs(
        self, found: Discovery, checked: Checked, fixable: Sequence[Finding], request: FixRequest
    ) -> Iterator[Repair]:
        if not fixable:
            return
        from ssot_lint.choosing import choose
        from ssot_lint.repair import names_taken, repair

        def takers(files: Sequence[SourceFile], names: Collection[str]) -> Taken:
            """All of the project, whatever was asked about."""
            if request.taken is not None:
                return request.taken
            tree = (*discover([self.root], self.index, self.root).files, *found.files)
            return names_taken(files, names, tree, self._read)

        if request.decide is not None:
            yield from choose(checked.groups, fixable, takers, self._read, request.decide)
            return
        total = len({each.path for each in fixable})
        repairs = repair(checked.groups, fixable, takers, self._read, self._request.jobs)
        for done, each in enumerate(repairs, 1):
            self._progress(done, total)
            yield each

    def _shown(self, checked: Checked, findings: Sequence[Finding]) -> list[Finding]:
        """The findings with complete fixes."""
        from ssot_lint.repair import show

        return list(show(checked.groups, findings, self._read, self._request.jobs))

    def _only_changed(self, findings: Iterable[Finding]) -> Iterable[Finding]:
        if self._request.diff_base is None:
            return findings
        from ssot_lint.changed_lines import changed_rows, only_changed

        return only_changed(findings, changed_rows(self.root, self._request.diff_base))


def _may_exist(file: Path) -> bool:
    try:
        file.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        pass  # who reads it says what is wrong
    return True


def _new(checked: Checked, held: Sequence[Held]) -> Iterable[Finding]:
    """The findings that no baseline accepts."""
    return [each for one in held for each in one.match.new] if held else checked.findings


def _spared(findings: Iterable[Finding], held: Sequence[Held]) -> Sequence[Finding]:
    """The findings, without fixes that would rewrite what the baselines accept."""
    covered = _covered(held)
    if not covered:
        return tuple(findings)
    from ssot_lint.acceptance import sparing

    return tuple(sparing(findings, covered))


def _covered(held: Iterable[Held]) -> list[Finding]:
    """What the baselines accept."""
    return [each for one in held for each in one.match.covered]


def _say_nothing(_done: int, _total: int) -> None:
    pass


def _failures(found: Discovery, checked: Checked) -> tuple[Failure, ...]:
    every = (*found.failures, *checked.failures)
    return tuple(sorted(every, key=lambda failure: (failure.path, failure.message)))


def _notices(found: Discovery) -> Iterator[str]:
    if any(not file.settings.sources for file in found.files):
        yield _NO_SOURCE
    if found.notebooks:
        yield f"{found.notebooks} notebooks were skipped: only .py and .pyi files are linted"
