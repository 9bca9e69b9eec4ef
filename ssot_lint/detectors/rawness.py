"""What IDs are made of by hand: a UUID, the time or something random, taken and written down on the spot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

import libcst as cst

from ssot_lint.detectors.strings import builder
from ssot_lint.kinds.literal_prefix import FRESH_CALLS, FRESH_MODULES
from ssot_lint.syntax.flow import on_one_path
from ssot_lint.syntax.scopes import Binding, children
from ssot_lint.syntax.tree import Tree

_WRITING = frozenset({"str", "int", "hex", "round", "float", "format", "repr"})
_MADE_OF_SOMETHING = frozenset({"uuid.UUID", "uuid.uuid3", "uuid.uuid5", "random.seed"})
_RANDOM_CALLS = frozenset({"os.urandom"})
_DYNAMIC = frozenset({"__import__", "importlib", "getattr"})
_MAX_STEPS = 6


class Raw(Enum):
    """Where the value comes from; what is random makes those who share it belong together."""

    RANDOM = "random"
    TIME = "time"


class RawValues:
    """Tells the raw values of a tree.

    `is_whole` says that the tree has all of the functions that will be asked about; names that they bind need
    not be looked for elsewhere then.
    """

    def __init__(self, tree: Tree, is_whole: bool) -> None:
        self._tree = tree
        self._is_whole = is_whole
        parts = FRESH_MODULES.union(*(name.split(".") for name in FRESH_CALLS))
        imports = (item for item in tree.scopes.imports if item.imported is not None)
        # A name that may come with a star import is looked up like one that is imported.
        self._roots = {
            item.name for item in imports if not parts.isdisjoint((item.imported or "").split("."))
        }
        self._roots |= _DYNAMIC | (parts if tree.scopes.module.stars else frozenset())

    def raw(self, node: cst.BaseExpression, steps: int = _MAX_STEPS) -> Raw | None:
        """What `node` is made of; None if it is not made on the spot.

        With `steps` 0 no variable is followed.
        """
        kinds = {kind for part in _parts(node) if (kind := self._kind(part, steps)) is not None}
        return Raw.RANDOM if Raw.RANDOM in kinds else next(iter(kinds), None)

    def names(self, call: cst.Call) -> frozenset[str]:
        """The dotted names of what is called, if it can be something raw."""
        root = call.func
        while isinstance(root, (cst.Attribute, cst.Call)):
            root = root.value if isinstance(root, cst.Attribute) else root.func
        may_be = isinstance(root, cst.Name) and root.value in self._roots
        return self._tree.names.resolve(call.func) if may_be else frozenset()

    def variable(self, name: cst.Name, steps: int = _MAX_STEPS) -> Binding | None:
        """The only binding of a variable for something raw that is made in the pass in which it is read."""
        bindings = self._bindings(name)
        if steps <= 0 or len(bindings) != 1 or bindings[0].value is None:
            return None
        value = bindings[0].value
        is_raw = self.raw(value, steps - 1) is not None and on_one_path(self._tree, value, name)
        return bindings[0] if is_raw else None

    def variables_in(self, node: cst.CSTNode) -> Iterator[tuple[cst.Name, Binding]]:
        """The raw variables that are read in `node`, with their bindings."""
        if isinstance(node, cst.Name):
            binding = self.variable(node)
            if binding is not None:
                yield node, binding
        for child in children(node):
            yield from self.variables_in(child)

    def does_nothing_else(self, node: cst.CSTNode) -> bool:
        """Whether evaluating `node` has no effect but that of making something raw."""
        if isinstance(node, cst.Call) and self.raw(node) is None:
            return False
        if isinstance(node, (cst.Await, cst.Yield, cst.NamedExpr)):
            return False
        return all(map(self.does_nothing_else, children(node)))

    def _bindings(self, name: cst.Name) -> Sequence[Binding]:
        place = self._tree.scopes.places.get(name)
        if place is None or (self._is_whole and name.value not in place.scope.bindings):
            return ()
        if self._is_whole:
            return self._tree.scopes.reaching(name.value, place)
        return self._tree.names.bindings(name)

    def _kind(self, node: cst.BaseExpression, steps: int) -> Raw | None:
        if isinstance(node, cst.Call):
            return next(filter(None, map(_kind_of_call, sorted(self.names(node)))), None)
        if isinstance(node, cst.Name):
            binding = self.variable(node, steps)
            return None if binding is None or binding.value is None else self.raw(binding.value, steps - 1)
        return None


def _kind_of_call(name: str) -> Raw | None:
    if name in _MADE_OF_SOMETHING:
        return None
    if name.partition(".")[0] in FRESH_MODULES or name in _RANDOM_CALLS:
        return Raw.RANDOM
    return Raw.TIME if name in FRESH_CALLS else None


def _parts(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The expressions of whose values the value of `node` is written."""
    built = builder(node)
    if built is not None:
        for value in built.values:
            yield from _parts(value)
        return
    match node:
        case (
            cst.Attribute(value=value)
            | cst.Subscript(value=value)
            | cst.Call(func=cst.Attribute(value=value))
        ):
            yield node
            yield from _parts(value)
        case cst.Call(func=cst.Name(name), args=[cst.Arg(value=value), *_]) if name in _WRITING:
            yield from _parts(value)
        case cst.BinaryOperation(left=left, right=right):
            yield from _parts(left)
            yield from _parts(right)
        case _:
            yield node
