"""What the fixes of one rule in one file share, so that they get along with each other."""

from __future__ import annotations

from functools import cached_property

import libcst as cst

from ssot_lint.detectors.lines import Lines
from ssot_lint.detectors.variables import Variables
from ssot_lint.syntax.tree import Tree


class Workshop:
    """The lines of the file and the variables of its functions.

    Two fixes in one function, or in functions inside of each other, never get the same fresh name.
    """

    def __init__(self, tree: Tree, text: str) -> None:
        self._tree = tree
        self._text = text
        self._variables: dict[cst.FunctionDef, Variables] = {}
        self._taken: dict[cst.CSTNode, set[str]] = {}

    @cached_property
    def lines(self) -> Lines:
        """Raises Refusal for a text that cannot be cut."""
        return Lines(self._tree, self._text)

    def variables(self, function: cst.FunctionDef) -> Variables:
        """Raises Refusal for a function that looks them up by text."""
        if function not in self._variables:
            outermost = [
                outer for outer in self._tree.ancestors(function) if isinstance(outer, cst.FunctionDef)
            ]
            taken = self._taken.setdefault(outermost[-1] if outermost else function, set())
            self._variables[function] = Variables(self._tree, function, taken)
        return self._variables[function]
