"""Fixes files: every one in a transaction of its own, spread over processes, and held against a new scan."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import PurePath
from typing import TypeVar

from ssot_lint.checking import Group, Read, file_input
from ssot_lint.discovery import SourceFile, module_name
from ssot_lint.engine.plan import FileInput, Plan
from ssot_lint.engine.pool import collected_afterwards, packed, process_context, scanner_for
from ssot_lint.engine.scan import Scanner
from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Rows
from ssot_lint.fixing.preview import preview
from ssot_lint.fixing.transaction import Refusal, rewrite
from ssot_lint.model import Applicability, Finding
from ssot_lint.surroundings import Cycles, chains_from, first_party, imported_words, taken_names
from ssot_lint.syntax.decode import DecodeError, decode

Taken = Mapping[str, Collection[str]]
"""By module, the names that others take from it."""

Takers = Callable[[Sequence[SourceFile], Collection[str]], Taken]
"""Tells which of some names others take from the modules that some files are, and maybe more; asked only if
that matters.
"""

T = TypeVar("T")

_OLDEST_PYTHON = (3, 6)
_JOBS_IN_BATCH = 8
_WORTH_A_PROCESS = 12
_WORD = re.compile(r"[^\W\d]\w*")
_IF_WITH_IMPORT = re.compile(r"if(?<=\bif)\b([^\n]*):(?:[ \t]*#[^\n]*)?\s*(?:from|import|if)\b")


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of one file: `after` is its new content, None if nothing could be applied."""

    path: str
    before: bytes
    after: bytes | None
    applied: tuple[Finding, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A file, and the findings that are to be mended in it."""

    file: FileInput
    findings: tuple[Finding, ...]
    context: FileContext


def wanted(findings: Iterable[Finding], unsafe: bool) -> list[Finding]:
    """The findings whose fixes are to be applied."""
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    return [
        finding for finding in findings if finding.fix is not None and finding.fix.applicability in allowed
    ]


def repair(
    groups: Sequence[Group],
    findings: Sequence[Finding],
    takers: Takers,
    read: Read,
    jobs: int | None,
) -> Iterator[Repair]:
    """Applies the fixes of the findings to the files of the groups, in memory; in no order.

    Findings of a file that cannot be read any more are left out.
    """
    for plan, prepared in prepare(groups, findings, takers, read):
        ready = list(prepared)
        before = {job.file.path: job.file.content for job in ready}
        for each in _spread(partial(_repair_batch, packed(plan)), ready, jobs):
            yield replace(each, before=before[each.path])


def prepare(
    groups: Sequence[Group], findings: Sequence[Finding], takers: Takers, read: Read
) -> Iterator[tuple[Plan, Iterator[Job]]]:
    """What there is to be done for each group, in the order of the paths, and the plan for scans of it."""
    by_path = _by_path(findings)
    taken = _taken_from(groups, by_path, takers, read)
    for group in groups:
        yield replace(group.plan, with_fixes=False), _jobs(group, by_path, taken, read)


def mend(scanner: Scanner, job: Job) -> Repair:
    """Applies the fixes of a file's findings as far as they can be proved together."""
    content = job.file.content
    proof = _Rescan(scanner, job.file)
    outcome = rewrite(content, job.findings, job.context, proof.objection)
    refused = outcome.refused
    after, applied = outcome.content, outcome.applied
    if after is not None and (remaining := proof.remaining(after, applied)):
        reason = f"`{remaining}` would still be found"
        refused = (*refused, *(Refusal(finding, reason) for finding in applied))
        after, applied = None, ()
    return Repair(job.file.path, content, after, applied, refused)


def names_taken(
    files: Iterable[SourceFile], names: Collection[str], tree: Iterable[SourceFile], read: Read
) -> Taken:
    """Which of some names the files of `tree` take from the modules that `files` are, and maybe more."""
    everyone = {file.path: file for file in tree}.values()
    packaged = ((_package(file), content) for file, content in _readable(everyone, read))
    return taken_names(packaged, {_module(file) for file in files}, names)


def show(
    groups: Sequence[Group], findings: Sequence[Finding], read: Read, jobs: int | None
) -> Iterator[Finding]:
    """All findings, in no order, their fixes complete, each as if applied alone, and not yet proved."""
    by_path = _by_path(finding for finding in findings if finding.fix is not None)
    yield from (finding for finding in findings if finding.fix is None)
    for group in groups:
        yield from _spread(_show_batch, list(_jobs(group, by_path, {}, read)), jobs)


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    return by_path


def _taken_from(
    groups: Sequence[Group], by_path: Mapping[str, Sequence[Finding]], takers: Takers, read: Read
) -> Taken:
    """The names that others take from the files that are to be fixed, of those whose import may go."""
    files = [file for group in groups for path, file in group.files.items() if path in by_path]
    names = {
        name for file, content in _readable(files, read) for name in _may_go(content, by_path[file.relative])
    }
    return takers(files, names) if names else {}


def _may_go(content: bytes, findings: Iterable[Finding]) -> Iterator[str]:
    """The imported names in the code that fixes replace, and in the tests of an `if` that may go with its
    imports: no other import can become useless.
    """
    try:
        text = decode(content)
    except DecodeError:
        return
    rows, imported = Rows(text), imported_words(text)
    spans = {edit.span for finding in findings if finding.fix for edit in finding.fix.edits}
    for span in spans:
        with suppress(ValueError):
            start, end = rows.offset(span.start), rows.offset(span.end)
            yield from imported.intersection(_WORD.findall(text, start, end))
    for test in _IF_WITH_IMPORT.findall(text):
        yield from imported.intersection(_WORD.findall(test))


def _readable(files: Iterable[SourceFile], read: Read) -> Iterator[tuple[SourceFile, bytes]]:
    for file in files:
        with suppress(OSError):
            yield file, read(file)


def _module(file: SourceFile) -> str:
    return module_name(file.path, file.settings.source_roots) or ""


def _package(file: SourceFile) -> list[str]:
    parts = [part for part in _module(file).split(".") if part]
    return parts if PurePath(file.path).stem == "__init__" else parts[:-1]


def _jobs(group: Group, by_path: Mapping[str, Sequence[Finding]], taken: Taken, read: Read) -> Iterator[Job]:
    files = [group.files[path] for path in sorted(by_path.keys() & group.files.keys())]
    if not files:
        return
    roots = group.settings.source_roots
    own = first_party(roots)
    sources = group.plan.contract.sources if group.plan.contract is not None else ()
    chains = {name: chain for source in sources for name, chain in chains_from(source.module, roots).items()}
    for file, content in _readable(files, read):
        given = file_input(file, content)
        module = ".".join(given.module)
        context = FileContext(
            path=file.relative,
            package=given.package,
            contract=group.plan.contract,
            target_python=group.settings.target_python or _OLDEST_PYTHON,
            first_party=own,
            exported=frozenset(taken.get(module, ())) if module else None,
            cycle=Cycles(module, chains),
        )
        yield Job(given, tuple(by_path[file.relative]), context)


def _spread(task: Callable[[Sequence[Job]], list[T]], ready: Sequence[Job], jobs: int | None) -> Iterator[T]:
    """What a task gives for all files, which are shared out among processes if there are enough of them."""
    processes = min(jobs or os.cpu_count() or 1, len(ready) // _WORTH_A_PROCESS)
    if processes <= 1:
        yield from task(ready)
        return
    from concurrent.futures import ProcessPoolExecutor

    batches = [ready[at : at + _JOBS_IN_BATCH] for at in range(0, len(ready), _JOBS_IN_BATCH)]
    with ProcessPoolExecutor(processes, process_context()) as executor:
        for results in executor.map(task, batches):
            yield from results


def _show_batch(batch: Sequence[Job]) -> list[Finding]:
    return [shown for job in batch for shown in preview(job.file.content, job.findings, job.context)]


def _repair_batch(plan: bytes, batch: Sequence[Job]) -> list[Repair]:
    """The repairs without the old contents, which need not be sent back."""
    scanner = scanner_for(plan)
    repairs = []
    for job in batch:
        with collected_afterwards():
            repairs.append(replace(mend(scanner, job), before=b""))
    return repairs


class _Rescan:
    """Holds new content against a scan: nothing may be found that was not there before."""

    def __init__(self, scanner: Scanner, file: FileInput) -> None:
        self._file = file
        self._count = cache(partial(_count, scanner, file))

    def objection(self, content: bytes) -> str | None:
        new = self._beside(content, ())
        if new is None:
            return "the result cannot be checked"
        return f"`{next(iter(new))}` would be found in the result" if new else None

    def remaining(self, content: bytes, applied: Iterable[Finding]) -> str | None:
        """A rule whose findings were not all mended that should have been."""
        left = self._beside(content, applied)
        return "something" if left is None else next(iter(left), None)

    def _beside(self, content: bytes, mended: Iterable[Finding]) -> Counter[str] | None:
        """What is found that was not there before, or is said to be mended; None where that cannot be told."""
        found = self._count(content)
        if not found:
            return found
        before = self._count(self._file.content, frozenset(found))
        return None if before is None else found - (before - Counter(finding.rule for finding in mended))


def _count(
    scanner: Scanner, file: FileInput, content: bytes, rules: frozenset[str] | None = None
) -> Counter[str] | None:
    """How often each of the rules, or of all, is found in a file with that content; None where that cannot be told."""
    skipped = file.skipped_rules if rules is None else file.skipped_rules | (scanner.rules - rules)
    result = scanner.scan(replace(file, content=content, skipped_rules=skipped), {})
    return None if result.failure is not None else Counter(finding.rule for finding in result.findings)
