"""Puts the fixes of one file together: names spelled, imports added and dropped, and all of it proved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ssot_lint.fixing.cleanup import dead_imports
from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Change, ConflictError, Shift, apply, combine, compose, to_change
from ssot_lint.fixing.flow import Flow
from ssot_lint.fixing.imports import Guard, ImportedName, Place, Places
from ssot_lint.fixing.insertion import insert
from ssot_lint.fixing.module import Module
from ssot_lint.fixing.removal import remove
from ssot_lint.fixing.spelling import NewImport, Spelling, Symbol, Unavailable, spell
from ssot_lint.fixing.structure import check_lines
from ssot_lint.fixing.verify import Proof, Proposal, Use, holders, verify
from ssot_lint.model import Finding
from ssot_lint.syntax.lexer import LexError
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.spelling import named_in
from ssot_lint.syntax.spelling import spell as write_names


@dataclass(frozen=True, slots=True)
class Candidate:
    """The fix of the finding at `index`, spelled for the file.

    `uses` have offsets within their changes; `needs` has the offset in front of which each import must stand.
    """

    index: int
    changes: tuple[Change, ...]
    uses: tuple[tuple[Change, Use], ...]
    needs: Mapping[NewImport, int | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A proved state of the file, and the changes that lead there."""

    changes: tuple[Change, ...]
    proof: Proof


class Assembly:
    """All fixes of a file; `candidates` has one for each finding, or the reason why there is none.

    Raises `LexError` if the file cannot be cut into lines.
    """

    def __init__(
        self, content: bytes, module: Module, findings: Sequence[Finding], context: FileContext
    ) -> None:
        self.module = module
        self._content = content
        self._context = context
        self._modules = [source.module for source in context.contract.sources] if context.contract else []
        changes = [self._changes(finding) for finding in findings]
        ranges = [
            (change.start, change.end) for found in changes if not isinstance(found, str) for change in found
        ]
        self._flow = Flow(module).follow(holders(module, ranges, ()))
        self._places = Places(module, self._flow, context.package)
        self.candidates = [
            found if isinstance(found, str) else self._spelled(index, found)
            for index, found in enumerate(changes)
        ]

    def _changes(self, finding: Finding) -> tuple[Change, ...] | str:
        if finding.fix is None:
            return finding.reason or "there is no fix"
        try:
            rows = self.module.rows
            return combine(to_change(edit, self.module.text, rows) for edit in finding.fix.edits)
        except ValueError as error:
            return f"the fix does not fit the file: {error}"

    def _spelled(self, index: int, changes: Sequence[Change]) -> Candidate | str:
        written: list[Change] = []
        uses: list[tuple[Change, Use]] = []
        needs: dict[NewImport, int | None] = {}
        for change in changes:
            names = named_in(change.content)
            place = self._places.at(change.start) if names else None
            spellings: dict[str, Spelling] = {}
            for name in names:
                if place is None:
                    return "the fix stands in no statement"
                found = spell(Symbol.of(name, self._modules), place, self._places, self._context)
                if isinstance(found, Unavailable):
                    return found.reason
                spellings[name] = found
                if found.needs is not None:
                    needs[found.needs] = _earlier(needs.get(found.needs), self._limit(place))
            plain, found_uses = _write(change, spellings)
            written.append(plain)
            uses.extend((plain, use) for use in found_uses)
        fault = check_lines(self.module, written, self._context.target_python)
        return fault or Candidate(index, tuple(written), tuple(uses), needs)

    def _limit(self, place: Place) -> int | None:
        """The offset that an import must stand in front of, if its use runs with the module."""
        return self.module.first(place.path[0]) if place.runs_at_import else None

    def draft(self, candidates: Sequence[Candidate]) -> Draft | str:
        """The state of the file with these fixes, or what speaks against it."""
        try:
            return self._draft(candidates)
        except (ConflictError, LexError) as error:
            return f"the result cannot be put together: {error}"

    def preview(self, candidate: Candidate) -> tuple[Change, ...] | str:
        """The changes of one fix by itself: its imports are added, nothing is dropped, nothing is proved."""
        try:
            added = self._imports(candidate.changes, candidate.needs)
            return (
                added if isinstance(added, str) else compose(len(self.module.text), candidate.changes, added)
            )
        except (ConflictError, LexError) as error:
            return f"the result cannot be put together: {error}"

    def _draft(self, candidates: Sequence[Candidate]) -> Draft | str:
        rewrites = combine(change for candidate in candidates for change in candidate.changes)
        needs = _needs(candidates)
        dropped, without = self._without_imports(rewrites, needs)
        added = self._imports(without, needs)
        if isinstance(added, str):
            return added
        changes = compose(len(self.module.text), without, added)
        positions = dict(zip(without, (start for start, _ in Shift(without).ranges()), strict=True))
        shift = Shift(added)
        uses = {
            Use(shift.moved(positions[change] + use.offset), use.name, use.target)
            for candidate in candidates
            for change, use in candidate.uses
        }
        lost = frozenset(item.name for item in dropped)
        proposal = Proposal(self.module, self._flow, changes, tuple(uses), lost)
        proof = verify(self._content, proposal, self._context)
        return proof if isinstance(proof, str) else Draft(changes, proof)

    def _without_imports(
        self, rewrites: Sequence[Change], needs: Iterable[NewImport]
    ) -> tuple[list[ImportedName], tuple[Change, ...]]:
        """Imports that are dead now, and those for type checkers that the new ones make superfluous; and the
        changes without them.
        """
        targets = {(need.name, need.target) for need in needs}
        for_typing = [
            item
            for item in self._places.imports
            if item.guard is Guard.TYPING and not item.scopes and (item.name, item.target) in targets
        ]
        dropped: list[ImportedName] = []
        changes = tuple(rewrites)
        found = [*for_typing, *dead_imports(self._places, changes, self._context)]
        while more := [item for item in dict.fromkeys(found) if item not in dropped]:
            dropped += more
            changes = combine((*rewrites, *remove(self.module, dropped)))
            found = dead_imports(self._places, changes, self._context)
        return dropped, changes

    def _imports(
        self, without: Sequence[Change], needs: Mapping[NewImport, int | None]
    ) -> tuple[Change, ...] | str:
        """The changes to the text that `without` leaves which add the imports."""
        before = apply(self.module.text, without)
        is_headed = self.module.text.startswith("#")
        added: tuple[Change, ...] = ()
        for need, limit in sorted(needs.items()):
            stop = None if limit is None else Shift(added).moved(Shift(without).moved(limit))
            found = insert(Outline(apply(before, added)), need, self._context, stop, is_headed)
            if not found:
                return f"there is no place for the import of `{need.target}` in front of its first use"
            added = compose(len(before), added, found)
        return added


def _write(change: Change, spellings: Mapping[str, Spelling]) -> tuple[Change, list[Use]]:
    """The change with its names written out, and where they stand in it."""
    pieces = write_names(change.content, lambda name: f"\0{name}\0").split("\0")
    content, uses = "", []
    for index, piece in enumerate(pieces):
        if index % 2:
            spelling = spellings[piece]
            uses.append(Use(len(content), spelling.head, spelling.target))
            content += spelling.text
        else:
            content += piece
    return change._replace(content=content), uses


def _needs(candidates: Iterable[Candidate]) -> dict[NewImport, int | None]:
    needs: dict[NewImport, int | None] = {}
    for candidate in candidates:
        for need, limit in candidate.needs.items():
            needs[need] = _earlier(needs.get(need), limit)
    return needs


def _earlier(first: int | None, second: int | None) -> int | None:
    return min((limit for limit in (first, second) if limit is not None), default=None)
