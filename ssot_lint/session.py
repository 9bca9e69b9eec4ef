"""One run: which files, under which settings, against which contract, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ssot_lint.catalogue import Rule
from ssot_lint.discovery import Discovery, SourceFile, discover, find_module, module_name
from ssot_lint.engine.plan import FileInput, FileResult, Plan
from ssot_lint.engine.pool import Workers
from ssot_lint.engine.scan import Scanner
from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Failure, FailureKind, Report
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import Settings, SettingsIndex, Source, project_root, relative_path
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.query import Query

Progress = Callable[[int, int], None]

_MAX_ROUNDS = 8
_NO_SOURCE = (
    'no source of truth is configured, so only rules that need none were run; name it as `source = "package.module.Class"`'
    " in [tool.ssot-lint] of pyproject.toml"
)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What the command line asks for.

    `paths` are as they were written, relative to `cwd`. `config` replaces all configuration files; `select` and
    `ignore` go before and beside what is configured; `jobs` is the most processes to use (None: as many as there
    are processors). `stdin` is the name and the content of one file that is checked instead of paths.
    """

    paths: tuple[str, ...]
    cwd: Path
    config: Path | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    stdin: tuple[str, bytes] | None = None


def check(request: CheckRequest, progress: Progress | None = None) -> Report:
    """The findings of one run; raises InputError for configuration that is wrong, with all its problems."""
    return _Run(request, progress).report()


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


@dataclass(frozen=True, slots=True)
class _Group:
    """Files that one plan serves, and the files among them that are sources of truth."""

    settings: Settings
    plan: Plan
    files: list[SourceFile]
    exempt: frozenset[str]


class _Run:
    def __init__(self, request: CheckRequest, progress: Progress | None = None) -> None:
        self.root = project_root(request.cwd)
        self.index = SettingsIndex(self.root, request.config)
        self.planner = Planner(self.root, Selection(request.select, request.ignore))
        self._request = request
        self._progress = progress or (lambda done, total: None)
        self._failures: list[Failure] = []
        self._done = 0

    def report(self) -> Report:
        found = self._discover()
        groups = self._groups(found.files)
        results: dict[str, FileResult] = {}
        workers = Workers(self._request.jobs)
        try:
            for group in groups:
                results |= self._scan(group, workers, len(found.files))
        finally:
            workers.close()
        failures = (*found.failures, *self._failures, *(item.failure for item in results.values() if item.failure))
        findings = (finding for result in results.values() for finding in result.findings)
        return Report(
            root=self.root,
            findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
            failures=tuple(sorted(failures, key=lambda failure: (failure.path, failure.message))),
            checked=len(found.files),
            notices=tuple(self._notices(found, groups)),
        )

    def _discover(self) -> Discovery:
        if self._request.stdin is None:
            paths = [os.path.join(self._request.cwd, path) for path in self._request.paths]  # noqa: PTH118
            return discover(paths, self.index, self.root)
        path = os.path.normpath(self._request.cwd / self._request.stdin[0])
        settings = self.index.for_directory(os.path.dirname(path))  # noqa: PTH120
        return Discovery((SourceFile(path, relative_path(path, str(self.root)), settings),), (), 0, 0)

    def _groups(self, files: Iterable[SourceFile]) -> list[_Group]:
        """The files by their settings and the sources that serve them; raises InputError with all problems."""
        members: dict[tuple[int, tuple[Source, ...]], list[SourceFile]] = {}
        for file in files:
            serving = file.settings.sources_for(file.path)
            members.setdefault((id(file.settings), serving), []).append(file)
        problems: list[Problem] = []
        groups = []
        for (_, sources), found in members.items():
            settings = found[0].settings
            try:
                plan = self.planner.plan(settings, sources)
                everything = self.planner.contract(settings, settings.sources)
            except InputError as error:
                problems += error.problems
                continue
            exempt = (name for source in (everything.sources if everything else ()) for name in source.files)
            groups.append(_Group(settings, plan, found, frozenset(exempt)))
        if problems:
            raise InputError(list(dict.fromkeys(problems)))
        return groups

    def _scan(self, group: _Group, workers: Workers, total: int) -> dict[str, FileResult]:
        """The results of a group's files by path; files with nothing in them have none."""
        files = {file.relative: file for file in group.files if file.relative not in group.exempt}
        answers: dict[Query, str | None] = {}
        results: dict[str, FileResult] = {}
        waiting = list(files.values())
        for _ in range(_MAX_ROUNDS):
            inputs = self._inputs(waiting, group, total)
            results |= {result.path: result for result in workers.scan(group.plan, inputs, answers)}
            queries = {query for result in results.values() for query in result.queries} - answers.keys()
            if not queries:
                break
            waiting = [files[path] for path, result in results.items() if result.queries - answers.keys()]
            answers |= {query: self._answer(query, group) for query in queries}
        return results

    def _inputs(self, files: Iterable[SourceFile], group: _Group, total: int) -> Iterator[FileInput]:
        """The files that may hold something, read; what cannot be read is a failure."""
        scanner = Scanner(group.plan)
        for file in files:
            self._done += 1
            self._progress(min(self._done, total), total)
            content = self._read(file)
            if content is not None and scanner.may_find(content):
                yield _file_input(file, content)

    def _read(self, file: SourceFile) -> bytes | None:
        if self._request.stdin is not None:
            return self._request.stdin[1]
        try:
            return Path(file.path).read_bytes()
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            self._failures.append(Failure(FailureKind.UNREADABLE, file.relative, message))
            return None

    def _answer(self, query: Query, group: _Group) -> str | None:
        """What a module of the tree binds the name to; a source's own module offers its names as its own."""
        sources = group.plan.contract.sources if group.plan.contract else ()
        path = find_module(query.module, group.settings.source_roots)
        if path is None or any(query.module == source.module for source in sources):
            return None
        from ssot_lint.engine.exports import answer  # noqa: PLC0415 - parses with LibCST

        try:
            content = path.read_bytes()
        except OSError:
            return None
        relative = relative_path(str(path), str(self.root))
        return answer(query, _file_input(SourceFile(str(path), relative, group.settings), content))

    def _notices(self, found: Discovery, groups: list[_Group]) -> Iterator[str]:
        if any(not group.settings.sources for group in groups):
            yield _NO_SOURCE
        if found.notebooks:
            yield f"{found.notebooks} notebooks were skipped: only .py and .pyi files are linted"


def _file_input(file: SourceFile, content: bytes) -> FileInput:
    name = module_name(file.path, file.settings.source_roots)
    return FileInput(
        path=file.relative,
        module=tuple(name.split(".")) if name else (),
        is_package=Path(file.path).stem == "__init__",
        content=content,
        skipped_rules=file.settings.ignored_in(file.path),
    )
