"""One file, one transaction: fixes become new bytes that are proved, or are refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ssot_lint.fixing.assembly import Assembly, Candidate, Draft
from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import ConflictError, combine, to_edits
from ssot_lint.fixing.encoding import EncodingError, read
from ssot_lint.fixing.module import Module, ParseError
from ssot_lint.model import Edit, Finding
from ssot_lint.syntax.lexer import LexError

_MOST_ATTEMPTS = 64
Accept = Callable[[bytes], str | None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding whose fix was not applied, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: `content` are its new bytes, None if nothing was applied.

    `edits` lead from the old text to the new one, imports included.
    """

    content: bytes | None
    edits: tuple[Edit, ...]
    applied: tuple[Finding, ...]
    refused: tuple[Refusal, ...]


def rewrite(
    content: bytes, findings: Sequence[Finding], context: FileContext, accept: Accept | None = None
) -> Outcome:
    """Apply the fixes of all findings that can be proved together; of two that overlap, the first.

    The edits of one fix are applied all or none. `accept` is asked about new bytes and may give a reason
    against them. Whatever the file holds, nothing is raised.
    """
    try:
        module = Module(read(content))
        assembly = Assembly(content, module, findings, context)
        return _Transaction(assembly, findings, accept).run()
    except (EncodingError, ParseError, LexError) as error:
        return _refuse_all(findings, f"the file cannot be rewritten: {error}")
    except RecursionError:
        return _refuse_all(findings, "an expression is nested too deeply")


def _refuse_all(findings: Iterable[Finding], reason: str) -> Outcome:
    return Outcome(None, (), (), tuple(Refusal(finding, reason) for finding in findings))


class _Transaction:
    def __init__(self, assembly: Assembly, findings: Sequence[Finding], accept: Accept | None) -> None:
        self._assembly = assembly
        self._findings = findings
        self._accept = accept
        self._attempts = 0
        self._best: tuple[tuple[Candidate, ...], Draft] | None = None
        self._reasons: dict[int, str] = {}

    def run(self) -> Outcome:
        self._settle((), self._without_conflicts())
        refused = tuple(
            Refusal(finding, self._reasons[index])
            for index, finding in enumerate(self._findings)
            if index in self._reasons
        )
        if self._best is None:
            return Outcome(None, (), (), refused)
        candidates, draft = self._best
        edits = to_edits(draft.changes, self._assembly.module.rows)
        applied = tuple(self._findings[candidate.index] for candidate in candidates)
        return Outcome(draft.proof.content, edits, applied, refused)

    def _without_conflicts(self) -> tuple[Candidate, ...]:
        candidates = []
        for index, candidate in enumerate(self._assembly.candidates):
            if isinstance(candidate, str):
                self._reasons[index] = candidate
            else:
                candidates.append(candidate)
        if _agree(candidates):
            return tuple(candidates)
        accepted: list[Candidate] = []
        for candidate in candidates:
            if _agree([*accepted, candidate]):
                accepted.append(candidate)
            else:
                self._reasons[candidate.index] = "another fix rewrites the same code"
        return tuple(accepted)

    def _settle(self, base: tuple[Candidate, ...], items: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """As many of `items` as can be applied on top of `base`, which can; found by halving."""
        if not items:
            return base
        draft = self._attempt(sorted(base + items, key=lambda item: item.index))
        if isinstance(draft, Draft):
            self._best = (*base, *items), draft
            return base + items
        if len(items) == 1 or self._attempts >= _MOST_ATTEMPTS:
            self._reasons.update((item.index, draft) for item in items)
            return base
        middle = len(items) // 2
        return self._settle(self._settle(base, items[:middle]), items[middle:])

    def _attempt(self, candidates: Sequence[Candidate]) -> Draft | str:
        self._attempts += 1
        draft = self._assembly.draft(candidates)
        if isinstance(draft, str) or self._accept is None:
            return draft
        return self._accept(draft.proof.content) or draft


def _agree(candidates: Iterable[Candidate]) -> bool:
    try:
        combine(change for candidate in candidates for change in candidate.changes)
    except ConflictError:
        return False
    return True
