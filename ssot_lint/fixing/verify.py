"""The proof that a file's new text is what its rewrites were meant to make, and as sound as the old one."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ssot_lint.fixing.calls import calls_in, misfits
from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Change, Shift, apply
from ssot_lint.fixing.encoding import EncodingError, encode
from ssot_lint.fixing.flow import Flow
from ssot_lint.fixing.imports import Places
from ssot_lint.fixing.module import Module, ParseError, first_row, word
from ssot_lint.fixing.structure import RearrangedError, StatementPair, touched_statements


@dataclass(frozen=True, slots=True)
class Use:
    """A name in new code that must mean `target`; `offset` is where it stands in the new text."""

    offset: int
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new state of a file, to which `changes` lead from the old text; `flow` is that of the old text.

    `structure.check_lines` has passed those of the changes that fixes ask for. `lost` are the names that some
    import no longer binds.
    """

    old: Module
    flow: Flow
    changes: tuple[Change, ...]
    uses: tuple[Use, ...]
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """New bytes of a file that may be written, and the text they hold."""

    content: bytes
    text: str


def verify(original: bytes, proposal: Proposal, context: FileContext) -> Proof | str:
    """The proof of a proposal, or the reason why there is none; user code raises nothing."""
    text = apply(proposal.old.text, proposal.changes)
    try:
        content = encode(text, original)
        new = Module(text)
        pairs = touched_statements(proposal.old, new, proposal.changes)
        fault = _head_fault(proposal.old, new) or _Names(proposal, new, context).fault(pairs)
    except (EncodingError, RearrangedError) as error:
        fault = str(error)
    except ParseError as error:
        fault = f"the result does not parse: {error}"
    except RecursionError:
        fault = "an expression is nested too deeply"
    return Proof(content, text) if fault is None else fault


def _head_fault(old: Module, new: Module) -> str | None:
    """What would no longer be in the place that Python looks for it."""
    if ast.get_docstring(old.tree, clean=False) != ast.get_docstring(new.tree, clean=False):
        return "the module would have another docstring"
    if _late_future(new.tree) and not _late_future(old.tree):
        return "`from __future__` would no longer come first"
    return None


def _late_future(tree: ast.Module) -> bool:
    """Whether something else than the docstring stands in front of an import from `__future__`."""
    is_future = [isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body]
    start = 1 if ast.get_docstring(tree, clean=False) is not None else 0
    return any(later and not earlier for earlier, later in pairwise(is_future[start:]))


class _Names:
    """What the names in the new text stand for, compared with the old one."""

    def __init__(self, proposal: Proposal, new: Module, context: FileContext) -> None:
        self._proposal = proposal
        self._context = context
        self._new = new
        old = proposal.old
        ranges = ((change.start, change.end) for change in proposal.changes)
        self._old_flow = proposal.flow.follow(holders(old, ranges, proposal.lost))
        self._new_flow = Flow(new).follow(holders(new, Shift(proposal.changes).ranges(), proposal.lost))
        self._places = Places(new, self._new_flow, context.package)

    def fault(self, pairs: Sequence[StatementPair]) -> str | None:
        return self._unbound() or self._meanings() or self._calls(pairs)

    def _unbound(self) -> str | None:
        worse = self._new_flow.unbound - self._old_flow.unbound
        if worse:
            # The changes may touch one more function in one of the two texts than in the other.
            worse = self._new_flow.follow(_all).unbound - self._old_flow.follow(_all).unbound
        use = min(worse, default=None)
        if use is None:
            return None
        where = f" in `{use.symbol}`" if use.symbol else ""
        return f"`{use.name}` may not be bound{where}"

    def _meanings(self) -> str | None:
        for use in self._proposal.uses:
            place = self._places.at(use.offset)
            if place is None or place.meaning(use.name) != use.target:
                return f"`{use.name}` would not be `{use.target}`"
        return None

    def _calls(self, pairs: Sequence[StatementPair]) -> str | None:
        contract = self._context.contract
        if contract is None:
            return None
        for pair in pairs:
            place = self._places.of(pair.new)
            for call, reason in misfits(pair.new, place, contract) if place is not None else ():
                if not _was_there(call, pairs):
                    return reason
        return None


def _was_there(call: ast.Call, pairs: Iterable[StatementPair]) -> bool:
    """Whether one of the old statements has the same call."""
    dumped = ast.dump(call)
    olds = (pair.old for pair in pairs if pair.old is not None)
    return any(ast.dump(other) == dumped for old in olds for other in calls_in(old))


def _all(_statement: ast.stmt) -> bool:
    return True


def holders(
    module: Module, ranges: Iterable[tuple[int, int]], names: Iterable[str]
) -> Callable[[ast.stmt], bool]:
    """Whether a statement holds any of the ranges, or one of the names."""
    rows = {row for start, end in ranges for row in range(module.rows.row(start), module.rows.row(end) + 1)}
    matches = (match for name in names for match in word(name).finditer(module.text))
    rows.update(module.rows.row(match.start()) for match in matches)
    ordered = sorted(rows)

    def holds(statement: ast.stmt) -> bool:
        assert statement.end_lineno is not None
        at = bisect_left(ordered, first_row(statement))
        return at < len(ordered) and ordered[at] <= statement.end_lineno

    return holds
