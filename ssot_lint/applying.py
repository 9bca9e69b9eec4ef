"""Puts fixes on disk: all of them, or those under which a check of the user passes; keeps record of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ssot_lint.fixing.bisection import Verdict, bisect
from ssot_lint.fixing.manifest import Changed, Entry, Failed, Manifest, Skipped
from ssot_lint.fixing.write import WriteError, replace
from ssot_lint.model import Applicability, Finding
from ssot_lint.repair import Repair
from ssot_lint.session import Fixes

Passes = Callable[[int], bool]
"""Runs the user's check on the tree as it is, with so many files changed."""

_TAKEN_BACK = "the command of --verify fails with the fixes of this file"


@dataclass(frozen=True, slots=True)
class Applied:
    """What is on disk: `written` are; `taken_back` make the check fail; `failed` could not be written.

    If the check fails on the untouched tree, `is_untestable` and nothing is written.
    """

    written: tuple[Repair, ...]
    taken_back: tuple[Repair, ...] = ()
    failed: tuple[Failed, ...] = ()
    is_untestable: bool = False


def apply(fixes: Fixes, passes: Passes | None = None) -> Applied:
    """Writes the files one by one, each at once or not at all; with `passes`, keeps only what it bears.

    Whatever is raised while the check runs, every file is first put back.
    """
    disk = _Disk(fixes)
    if passes is None:
        disk.change(disk.repairs)
        return disk.applied()
    return _verified(disk, passes)


def record(fixes: Fixes, applied: Applied, unsafe: bool) -> Manifest:
    """All that a run did and did not do, and why."""
    done = {finding.sort_key for repair in applied.written for finding in repair.applied}
    reasons = {finding.sort_key: reason for finding, reason in refusals(fixes, applied)}
    skipped = (
        Skipped(finding.path, Entry.of(finding), reasons.get(finding.sort_key) or _unfixed(finding, unsafe))
        for finding in fixes.found
        if finding.sort_key not in done
    )
    unchecked = (Failed(failure.path, failure.message) for failure in fixes.failures)
    return Manifest(tuple(_changes(applied.written)), tuple(skipped), (*applied.failed, *unchecked))


def plan(fixes: Fixes) -> Manifest:
    """What is about to be written: saved first, it undoes also a run that was killed."""
    return Manifest(tuple(_changes(fixes.repairs)))


def refusals(fixes: Fixes, applied: Applied) -> Iterator[tuple[Finding, str]]:
    """The findings whose fixes were tried and are not on disk, each with the reason."""
    for repair in fixes.repairs:
        yield from ((refusal.finding, refusal.reason) for refusal in repair.refused)
    for repair in applied.taken_back:
        yield from ((finding, _TAKEN_BACK) for finding in repair.applied)
    failed = {each.path: f"the file was not written: {each.reason}" for each in applied.failed}
    for repair in fixes.repairs:
        if repair.path in failed:
            yield from ((finding, failed[repair.path]) for finding in repair.applied)


class _Disk:
    """The files of the repairs, each either as it was or fixed; one that somebody else changes is let go."""

    def __init__(self, fixes: Fixes) -> None:
        self.repairs = {repair.path: repair for repair in fixes.repairs if repair.after is not None}
        self._files = fixes.files
        self._changed: set[str] = set()
        self._failed: dict[str, str] = {}

    def change(self, paths: Collection[str]) -> None:
        """Fix these files, and put the others back."""
        for path, repair in self.repairs.items():
            if path in self._failed or (path in paths) == (path in self._changed):
                continue
            assert repair.after is not None
            states = (repair.before, repair.after)
            old, new = states if path in paths else reversed(states)
            try:
                replace(Path(self._files[path]), new, old)
            except WriteError as error:
                self._failed[path] = str(error)
            else:
                self._changed ^= {path}

    def writable(self) -> list[str]:
        return [path for path in self.repairs if path not in self._failed]

    def applied(self, taken_back: Iterable[str] = (), is_untestable: bool = False) -> Applied:
        return Applied(
            written=tuple(self.repairs[path] for path in self.repairs if path in self._changed),
            taken_back=tuple(self.repairs[path] for path in taken_back if path not in self._changed),
            failed=tuple(Failed(path, reason) for path, reason in self._failed.items()),
            is_untestable=is_untestable,
        )


def _verified(disk: _Disk, passes: Passes) -> Applied:
    def try_out(paths: frozenset[str]) -> bool:
        disk.change(paths)
        return passes(len(paths))

    try:
        disk.change(disk.repairs)
        files = disk.writable()
        if not files:
            return disk.applied()
        outcome = bisect(files, try_out)
    except BaseException:
        disk.change(())
        raise
    disk.change(outcome.kept)
    return disk.applied(outcome.taken_back, outcome.verdict is Verdict.BROKEN_BEFORE)


def _changes(repairs: Iterable[Repair]) -> Iterator[Changed]:
    for repair in repairs:
        if repair.after is not None:
            yield Changed.of(repair.path, repair.before, repair.after, repair.applied)


def _unfixed(finding: Finding, unsafe: bool) -> str:
    """Why nothing was tried."""
    if finding.fix is None:
        return finding.reason or "there is no fix"
    if finding.fix.applicability is Applicability.DISPLAY_ONLY:
        return "its fix is shown only"
    is_left = finding.fix.applicability is Applicability.UNSAFE and not unsafe
    return "its fix is unsafe" if is_left else "its fix was not chosen"
