"""Fixes that somebody decides on one by one, each shown as the change that it makes to what was accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from ssot_lint.checking import Group, Read
from ssot_lint.engine.scan import Scanner
from ssot_lint.fixing.transaction import Refusal
from ssot_lint.model import Finding, in_order
from ssot_lint.repair import Job, Repair, Takers, mend, prepare


class Answer(Enum):
    """`ALL` and `QUIT` accept and reject this fix and all that follow."""

    ACCEPT = auto()
    REJECT = auto()
    ALL = auto()
    QUIT = auto()


@dataclass(frozen=True, slots=True)
class Offer:
    """A proved fix of `findings`, which leads from `before` to `after`: the file's content with what was
    accepted earlier, and with this as well. It is the fix `number`, from 1, of `total`.
    """

    findings: tuple[Finding, ...]
    before: bytes
    after: bytes
    number: int
    total: int


Decide = Callable[[Offer], Answer]


def choose(
    groups: Sequence[Group], findings: Sequence[Finding], takers: Takers, read: Read, decide: Decide
) -> Iterator[Repair]:
    """What `repair` makes of the findings whose fixes are accepted, file by file.

    Fixes that cannot be proved are not offered, but refused.
    """
    chooser = _Chooser(decide, len(set(map(_key, findings))))
    for plan, jobs in prepare(groups, findings, takers, read):
        scanner = Scanner(plan)
        for job in jobs:
            if chooser.is_done:
                return
            yield chooser.repair(scanner, job)


class _Chooser:
    def __init__(self, decide: Decide, total: int) -> None:
        self._decide = decide
        self._total = total
        self._number = 0
        self._last: Answer | None = None

    @property
    def is_done(self) -> bool:
        return self._last is Answer.QUIT

    def repair(self, scanner: Scanner, job: Job) -> Repair:
        fixes = _by_fix(job.findings)
        best = Repair(job.file.path, job.file.content, None, (), ())
        refused: list[Refusal] = []
        for index, findings in enumerate(fixes):
            if self._last is Answer.ALL:
                rest = (finding for others in fixes[index:] for finding in others)
                best = mend(scanner, replace(job, findings=(*best.applied, *rest)))
                break
            self._number += 1
            trial = mend(scanner, replace(job, findings=(*best.applied, *findings)))
            if len(trial.applied) < len(best.applied) + len(findings):
                refused += _refusals(trial, findings)
            elif self._accepts(findings, best, trial):
                best = trial
            if self.is_done:
                break
        return replace(best, refused=(*refused, *best.refused))

    def _accepts(self, findings: tuple[Finding, ...], best: Repair, trial: Repair) -> bool:
        before = best.before if best.after is None else best.after
        self._last = self._decide(Offer(findings, before, trial.after or b"", self._number, self._total))
        return self._last in (Answer.ACCEPT, Answer.ALL)


def _by_fix(findings: Sequence[Finding]) -> list[tuple[Finding, ...]]:
    """The findings in order, those together that one fix mends."""
    found: dict[object, list[Finding]] = {}
    for finding in in_order(findings):
        found.setdefault(_key(finding), []).append(finding)
    return list(map(tuple, found.values()))


def _key(finding: Finding) -> object:
    return finding.path, finding.fix.edits if finding.fix else None


def _refusals(trial: Repair, findings: tuple[Finding, ...]) -> Iterator[Refusal]:
    reasons = {refusal.finding: refusal.reason for refusal in trial.refused}
    for finding in findings:
        yield Refusal(finding, reasons.get(finding, "it does not go together with fixes that were accepted"))
