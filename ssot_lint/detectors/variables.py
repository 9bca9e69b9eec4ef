"""The variables of one function: where they are mentioned, which names are free."""

from __future__ import annotations

from itertools import chain, count

import libcst as cst

from ssot_lint.detectors.values import Refusal
from ssot_lint.syntax.scopes import children
from ssot_lint.syntax.tree import Tree

_BY_NAME = frozenset({"locals", "vars", "eval", "exec"})
_DEFERRED = (cst.FunctionDef, cst.Lambda, cst.GeneratorExp)


class Variables:
    """The names in `function` and in the functions inside it, and those that are `taken` by other fixes.

    Raises Refusal where the function looks its variables up by text.
    """

    def __init__(self, tree: Tree, function: cst.FunctionDef, taken: set[str]) -> None:
        self._tree = tree
        self._taken = taken
        self._nodes: dict[str, list[cst.Name]] = {}
        self._captured: set[str] = set()
        for child in children(function):
            self._gather(child, is_deferred=False)
        if not _BY_NAME.isdisjoint(self._nodes):
            raise Refusal("the function looks its variables up by name")

    def nodes(self, name: str) -> list[cst.Name]:
        """Every place that binds or reads the variable."""
        return self._nodes.get(name, [])

    def is_read(self, name: str) -> bool:
        return any(node in self._tree.scopes.places for node in self.nodes(name))

    def is_shared(self, name: str) -> bool:
        """Whether some scope of the module binds the name in another one, as with `global` and `nonlocal`."""
        return any(name in scope.redirected for scope in self._tree.scopes.all)

    def is_captured(self, name: str) -> bool:
        """Whether code that runs later, such as a function inside this one, mentions the name."""
        return name in self._captured

    def fresh(self, *wanted: str) -> str:
        """The first of the wanted names that nothing in the function has, or the last of them with a number.

        It is taken then.
        """
        numbered = (f"{wanted[-1]}_{number}" for number in count(2))
        name = next(
            name for name in chain(wanted, numbered) if name not in self._nodes and name not in self._taken
        )
        self._taken.add(name)
        return name

    def _gather(self, node: cst.CSTNode, is_deferred: bool) -> None:
        """Takes in the names that stand for variables, not those of attributes and keywords."""
        if isinstance(node, cst.Name):
            self._nodes.setdefault(node.value, []).append(node)
            if is_deferred:
                self._captured.add(node.value)
            return
        inner = (node.value,) if isinstance(node, (cst.Attribute, cst.Arg)) else children(node)
        for child in inner:
            self._gather(child, is_deferred or isinstance(node, _DEFERRED))
