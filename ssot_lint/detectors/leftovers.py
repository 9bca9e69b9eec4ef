"""Variables that served to make IDs by hand, and what becomes of them when that is done."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from ssot_lint.detectors.lines import Lines
from ssot_lint.detectors.rawness import Raw, RawValues
from ssot_lint.detectors.values import Refusal
from ssot_lint.detectors.variables import Variables
from ssot_lint.syntax.scopes import Binding
from ssot_lint.syntax.tree import Tree

_LOOPS = (cst.For, cst.While)


class Leftovers:
    """The variables in `function` that nobody reads once the expressions in `gone` are."""

    def __init__(
        self, tree: Tree, raws: RawValues, lines: Lines, variables: Variables, gone: Collection[cst.CSTNode]
    ) -> None:
        self._tree = tree
        self._raws = raws
        self._lines = lines
        self._variables = variables
        self._gone = set(gone)
        self._dropped: dict[Binding, int] = {}

    def drop(self, bindings: Collection[Binding]) -> set[int]:
        """The lines of the assignments that can go, with those that only they need.

        Raises Refusal for a random value that something else is made of as well: the two belong together.
        """
        waiting = list(bindings)
        while waiting:
            binding = waiting.pop()
            if binding in self._dropped or binding.value is None:
                continue
            if self._is_needed(binding):
                if self._raws.raw(binding.value) is Raw.RANDOM:
                    raise Refusal(f"`{binding.name}` is used for something else as well")
            elif (line := self._own_line(binding)) is not None:
                self._dropped[binding] = line
                self._gone.add(binding.value)
                waiting += [inner for _, inner in self._raws.variables_in(binding.value)]
        return set(self._dropped.values())

    def _is_needed(self, binding: Binding) -> bool:
        if self._variables.is_shared(binding.name):
            return True
        reads = [node for node in self._variables.nodes(binding.name) if node in self._tree.scopes.places]
        return any(self._may_see(read, binding) for read in reads if not self._is_gone(read))

    def _may_see(self, read: cst.Name, binding: Binding) -> bool:
        """Whether a place may read what `binding` binds, perhaps in the next round of a loop around both."""
        if binding in self._tree.names.bindings(read):
            return True
        around = set(self._loops(binding.node))
        return not around.isdisjoint(self._loops(read)) and self._lines.line(read) < self._lines.line(
            binding.node
        )

    def _loops(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        return (outer for outer in self._tree.ancestors(node) if isinstance(outer, _LOOPS))

    def _is_gone(self, node: cst.CSTNode) -> bool:
        return not self._gone.isdisjoint((node, *self._tree.ancestors(node)))

    def _own_line(self, binding: Binding) -> int | None:
        """The line of an assignment that does nothing but bind the variable; None for any other."""
        parent = self._tree.parent(binding.node)
        statement = self._tree.parent(parent) if isinstance(parent, cst.AssignTarget) else parent
        line = self._tree.parent(statement) if statement is not None else None
        block = self._tree.parent(line) if line is not None else None
        if not isinstance(line, cst.SimpleStatementLine) or not isinstance(block, cst.IndentedBlock):
            return None
        is_alone = len(line.body) == 1 and len(block.body) > 1
        targets = statement.targets if isinstance(statement, cst.Assign) else (None,)
        if not is_alone or len(targets) > 1 or not isinstance(statement, (cst.Assign, cst.AnnAssign)):
            return None
        does_nothing_else = binding.value is not None and self._raws.does_nothing_else(binding.value)
        return self._lines.line(binding.node) if does_nothing_else else None
