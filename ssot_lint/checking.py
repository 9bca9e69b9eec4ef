"""Files by their settings, scanned, and held against the suppressions in them."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.briefs import Brief
from ssot_lint.cache_folder import CacheUse, Stamp, StampOf, exists_in
from ssot_lint.discovery import SourceFile, find_module, module_name
from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan
from ssot_lint.engine.pool import Workers
from ssot_lint.engine.scan import Sieve
from ssot_lint.errors import InputError, Problem
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import Settings, Source, relative_path
from ssot_lint.suppressions import OWN_RULES
from ssot_lint.syntax.query import Query

if TYPE_CHECKING:
    from ssot_lint.model import Failure, Finding, Suppressed
    from ssot_lint.remembering import Consulted, Memory

Progress = Callable[[int, int], None]
"""Is told how many files are done, and how many there are in all."""

Read = Callable[[SourceFile], bytes]
"""The content of a file; may raise OSError."""

_MAX_ROUNDS = 8
_WORTH_NOT_READING = 100
_MOST_BYTES_HELD = 4_000_000
_SAMPLE = 64
_MUCH = 4
"""So many files of a sample have something in them if it is much."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that one plan serves, by their relative paths, without those of the sources of truth.

    `make_plan` gives always the same plan, which takes a while when it is asked for first.
    """

    settings: Settings
    brief: Brief
    files: dict[str, SourceFile]
    make_plan: Callable[[], Plan]

    @property
    def plan(self) -> Plan:
        return self.make_plan()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a number of files gave, in no order; `groups` are the files by what was looked for in them."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    failures: tuple[Failure, ...]
    groups: tuple[Group, ...]


class Checker:
    """Checks files of one project, all with the same rules chosen on the command line."""

    def __init__(
        self, root: Path, planner: Planner, cache: CacheUse | None = None, stamp: StampOf = Stamp.of
    ) -> None:
        self._root = root
        self._planner = planner
        self._cache = cache
        self._stamp = stamp

    def expect(self, files: Sequence[SourceFile], read: Read, workers: Workers) -> None:
        """Start processes if there is likely to be much to decide in a tree of which that many files are known.

        They have things to load while the rest of the tree is walked and its sources are learned.
        """
        settings = files[0].settings
        if self._cache is not None and exists_in(self._cache.directory or settings.cache_dir):
            return
        sieve = Sieve(self._planner.certain_signs(settings), with_suppressions=False)
        sample = files[:: max(1, len(files) // _SAMPLE)]
        if sum(_may_hold(file, read, sieve) for file in sample) >= _MUCH:
            workers.prepare(len(files))

    def check(self, files: Sequence[SourceFile], read: Read, workers: Workers, progress: Progress) -> Checked:
        """Raises InputError with all that is wrong in configuration, rule pages and sources."""
        groups = self._groups(files)
        reader = _Reader(read, self._stamp, len(files), progress)
        findings: list[Finding] = []
        suppressed: list[Suppressed] = []
        for group in groups:
            results = self._scan(group, reader, workers)
            unasked = self._unasked(group, results, read, workers)
            for result in results.values():
                if result.failure:
                    reader.failures.append(result.failure)
                kept, accepted = _held_against_suppressions(result, group, unasked.get(result.path))
                findings += kept
                suppressed += accepted
        return Checked(tuple(findings), tuple(suppressed), tuple(reader.failures), tuple(groups))

    def _groups(self, files: Iterable[SourceFile]) -> list[Group]:
        """The files by their settings and the sources that serve them."""
        problems: list[Problem] = []
        groups = []
        for settings, sources, found in _served(files):
            try:
                groups.append(_group(self._planner, settings, sources, found))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(list(dict.fromkeys(problems)))
        return groups

    def _scan(self, group: Group, reader: _Reader, workers: Workers) -> dict[str, FileResult]:
        """The results of a group's files by path; files with nothing in them have none."""
        recall = self._recall(group)
        results: dict[str, FileResult] = {}
        waiting: Sequence[SourceFile] = list(group.files.values())
        if len(waiting) >= _WORTH_NOT_READING:
            waiting = reader.unknown(waiting, recall, results)
        answers: dict[Query, str | None] = {}
        states: dict[Query, str] = {}
        asked: dict[str, set[Query]] = {file.relative: set() for file in waiting}
        for _ in range(_MAX_ROUNDS):
            inputs = reader.inputs(waiting, group.brief, recall, results)
            found = _scanned(group, inputs, len(waiting), workers, answers)
            scanned = {result.path: result for result in found}
            results |= scanned
            for path, result in scanned.items():
                asked[path] |= result.queries
            waiting = [group.files[path] for path, result in scanned.items() if result.queries]
            if not waiting:
                break
            queries = {query for file in waiting for query in asked[file.relative]} - answers.keys()
            for query in queries:
                answers[query], states[query] = self._answer(query, group)
        if recall is not None:
            consulted = {
                path: {query: states[query] for query in queries & states.keys()}
                for path, queries in asked.items()
            }
            recall.keep(results, consulted)
        return results

    def _unasked(
        self, group: Group, results: Mapping[str, FileResult], read: Read, workers: Workers
    ) -> Mapping[str, FileResult]:
        """What other rules find that are suppressed in files with fixes, which must leave that alone, too."""
        others: dict[str, Set[str]] = {}
        for path, result in results.items():
            if result.suppressions is not None and any(finding.fix for finding in result.findings):
                named = {rule for each in result.suppressions.suppressions for rule in each.rules}
                others[path] = (named & group.brief.rules) - group.brief.ran - OWN_RULES
        names = tuple(sorted(set[str]().union(*others.values())))
        if not names:
            return {}
        files = [group.files[path] for path in others if others[path]]
        planner = Planner(self._root, Selection(names), cache=self._cache)
        silent = _Reader(read, self._stamp, len(files), lambda _done, _total: None)
        sources = group.settings.sources_for(files[0].path)
        return self._scan(_group(planner, group.settings, sources, files), silent, workers)

    def _recall(self, group: Group) -> _Recall | None:
        if self._cache is None:
            return None
        directory = self._cache.directory or group.settings.cache_dir

        def load() -> Memory:
            from ssot_lint.remembering import Memory

            state = functools.partial(self._state, group=group)
            return Memory(directory, self._root, group.brief.digest, group.files, state)

        return _Recall(load, exists_in(directory))

    def _state(self, query: Query, *, group: Group) -> str:
        """A text that changes when the answer to a query may change."""
        found = self._module(query, group)
        return "" if found is None else self._state_of(found)

    def _state_of(self, module: FileInput) -> str:
        if self._cache is None:
            return ""
        from ssot_lint.cache import content_digest

        return f"{module.path} {content_digest(module.content).hex()}"

    def _answer(self, query: Query, group: Group) -> tuple[str | None, str]:
        """What a module of the tree binds the name to, and the state of that answer.

        A source's own module offers its names as its own.
        """
        found = self._module(query, group)
        if found is None:
            return None, ""
        sources = group.plan.contract.sources if group.plan.contract else ()
        if any(query.module == source.module for source in sources):
            return None, self._state_of(found)
        from ssot_lint.engine.exports import answer

        return answer(query, found), self._state_of(found)

    def _module(self, query: Query, group: Group) -> FileInput | None:
        """The module that a query is about, if it can be read."""
        path = find_module(query.module, group.settings.source_roots)
        if path is None:
            return None
        try:
            content = path.read_bytes()
        except OSError:
            return None
        relative = relative_path(str(path), str(self._root))
        return file_input(SourceFile(str(path), relative, group.settings), content)


def _group(
    planner: Planner, settings: Settings, sources: Sequence[Source], files: Iterable[SourceFile]
) -> Group:
    brief = planner.brief(settings, sources)
    return Group(
        settings=settings,
        brief=brief,
        files={file.relative: file for file in files if file.path not in brief.exempt},
        make_plan=functools.partial(planner.plan, settings, sources),
    )


def _scanned(
    group: Group, files: Iterator[FileInput], most: int, workers: Workers, answers: Answers
) -> Iterable[FileResult]:
    """The results of all files, `most` at most; the plan is made for the first with a sign of anything."""
    first = next(filter(group.brief.sieve.keeps_file, files), None)
    if first is None:
        return ()
    workers.prepare(most)  # they have things to load while the plan is made
    return workers.scan(group.plan, chain((first,), files), answers)


def _served(
    files: Iterable[SourceFile],
) -> Iterator[tuple[Settings, tuple[Source, ...], list[SourceFile]]]:
    """The files by their settings and the sources that serve them; most settings have sources for all files."""
    members: dict[int, list[SourceFile]] = {}
    for file in files:
        members.setdefault(id(file.settings), []).append(file)
    for found in members.values():
        settings = found[0].settings
        if all(source.paths is None for source in settings.sources):
            yield settings, settings.sources, found
            continue
        serving: dict[tuple[Source, ...], list[SourceFile]] = {}
        for file in found:
            serving.setdefault(settings.sources_for(file.path), []).append(file)
        yield from ((settings, sources, served) for sources, served in serving.items())


class _Recall:
    """The memory of a group, loaded when there is something in it, or something to put there."""

    def __init__(self, load: Callable[[], Memory], exists: bool) -> None:
        self._load = load
        self._exists = exists
        self._memory: Memory | None = None
        self._unasked: list[tuple[SourceFile, Stamp | None, bytes]] = []
        self._bytes_held = 0

    def memory(self) -> Memory:
        if self._memory is None:
            self._memory = self._load()
            for file, stamp, content in self._unasked:
                self._memory.recall_content(file, stamp, content)
            self._unasked.clear()
        return self._memory

    def known(
        self, file: SourceFile, stamp: Stamp | None, content: bytes, may_find: bool
    ) -> FileResult | None:
        """What is remembered for a file with that content, which can be known again by its stamp if it has one.

        Where nothing can be remembered yet, contents wait until something must be, if they are not too many.
        """
        if self._memory is None and not may_find:
            return None
        if self._memory is None and not self._exists and self._bytes_held < _MOST_BYTES_HELD:
            self._unasked.append((file, stamp, content))
            self._bytes_held += len(content)
            return None
        return self.memory().recall_content(file, stamp, content)

    def keep(self, results: Mapping[str, FileResult], asked: Mapping[str, Consulted]) -> None:
        """Remember the results for the files that were read, and what each depends on."""
        if self._memory is None and all(result.is_empty for result in results.values()):
            return
        memory = self.memory()
        for path, consulted in asked.items():
            memory.keep(results.get(path), path, consulted)
        memory.save()


class _Reader:
    """Reads files as they are needed, tells how far it has come, and keeps what could not be read."""

    def __init__(self, read: Read, stamp: StampOf, total: int, progress: Progress) -> None:
        self.failures: list[Failure] = []
        self._read = read
        self._stamp = stamp
        self._total = total
        self._progress = progress
        self._done = 0

    def unknown(
        self, files: Sequence[SourceFile], recall: _Recall | None, results: dict[str, FileResult]
    ) -> Sequence[SourceFile]:
        """The files that have to be read; the results of the others are added to `results`."""
        if recall is None:
            return files
        unknown, known = recall.memory().recall(files, self._stamp)
        results |= {result.path: result for result in known}
        self._count(len(files) - len(unknown))
        return unknown

    def inputs(
        self,
        files: Iterable[SourceFile],
        brief: Brief,
        recall: _Recall | None,
        results: dict[str, FileResult],
    ) -> Iterator[FileInput]:
        """The files that have to be scanned; results that are known by the content are added to `results`.

        A file with nothing in it needs no memory.
        """
        sieve = brief.sieve
        for file in files:
            self._count()
            try:
                stamp = self._settled_stamp(file) if recall is not None else None
                content = self._read(file)
            except OSError as error:
                self.failures.append(_unreadable(file, error))
                continue
            may_find = sieve.keeps(content)
            known = recall.known(file, stamp, content, may_find) if recall is not None else None
            if known is not None and not known.is_empty:
                results[file.relative] = known
            elif known is None and may_find:
                yield file_input(file, content)

    def _settled_stamp(self, file: SourceFile) -> Stamp | None:
        """The stamp of a file that is read afterwards, None if it does not tell enough."""
        now = time.time_ns()
        stamp = self._stamp(file.path)
        return stamp if stamp.is_settled(now) else None

    def _count(self, files: int = 1) -> None:
        self._done += files
        self._progress(min(self._done, self._total), self._total)


def _may_hold(file: SourceFile, read: Read, sieve: Sieve) -> bool:
    try:
        content = read(file)
    except OSError:
        return False
    return sieve.keeps(content) and sieve.keeps_file(file_input(file, content))


def _unreadable(file: SourceFile, error: OSError) -> Failure:
    from ssot_lint.model import Failure, FailureKind

    return Failure(FailureKind.UNREADABLE, file.relative, f"cannot be read: {error.strerror}")


def file_input(file: SourceFile, content: bytes) -> FileInput:
    name = module_name(file.path, file.settings.source_roots)
    return FileInput(
        path=file.relative,
        module=tuple(name.split(".")) if name else (),
        is_package=file.relative.rpartition("/")[2].rpartition(".")[0] == "__init__",
        content=content,
        skipped_rules=file.settings.ignored_in(file.path),
    )


def _held_against_suppressions(
    result: FileResult, group: Group, unasked: FileResult | None
) -> tuple[Sequence[Finding], Sequence[Suppressed]]:
    if result.suppressions is None:
        return result.findings, ()
    from datetime import date  # needed by few runs, and slow to load

    from ssot_lint.suppressions.matching import Policy, apply

    skipped = group.settings.ignored_in(group.files[result.path].path)
    ran = frozenset[str]() if result.failure else group.brief.ran - skipped
    severities = {rule: each for rule, each in group.brief.suppression_rules.items() if rule not in skipped}
    policy = Policy(group.brief.rules, ran, severities, date.today(), group.settings.require_reason)
    others = unasked.findings if unasked is not None else ()
    outcome = apply(result.findings, result.suppressions, result.path, policy, others)
    return outcome.kept, outcome.suppressed
