"""What an ID is for, told from the place to which its value goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import libcst as cst

from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.scopes import ScopeKind
from ssot_lint.syntax.tree import Tree


class SlotKind(Enum):
    """The sort of place that a value goes to."""

    NAMED = auto()
    DEFAULT = auto()
    KEY = auto()
    PARAMETER_DEFAULT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """Where a value goes: `name` as the code has it, the `annotation` of the place, and the calls on the way.

    `owner` is the class whose field it is, for a field that is called just `id`.
    """

    kind: SlotKind
    name: str | None = None
    annotation: cst.BaseExpression | None = None
    calls: tuple[cst.Call, ...] = ()
    owner: str | None = None

    @property
    def role(self) -> str | None:
        """The role, such as `thread_id`; None if the place is not one for an ID, as far as its name tells."""
        return role_of_name(self.name, self.owner) if self.name else None


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VERBS = re.compile(r"_*(?:(?:generate|create|make|new|next|get|build|gen|fresh|mint|ensure|or)_+)+")
_ID_WORDS = frozenset({"id", "uuid", "guid", "identifier"})
_DEFAULTS = frozenset({"default", "default_factory", "factory", "insert_default", "onupdate"})
_KEYED_GETTERS = frozenset({"get", "setdefault", "pop"})
_PAIR = 2


def role_of_name(name: str, owner: str | None = None) -> str | None:
    """`threadId`, `x-thread-id`, `thread_ids` and `thread_uuid` give `thread_id`; None if it names no ID."""
    words = _CAMEL.sub("_", name.replace("-", "_")).lower().strip("_").removeprefix("x_").split("_")
    if words[-1] in ("ids", "uuids"):
        words[-1] = "id"
    if words[-1] not in _ID_WORDS:
        return None
    stem = [word for word in words[:-1] if word]
    if not stem and owner is not None:
        stem = _CAMEL.sub("_", owner).lower().strip("_").split("_")
    return "_".join((*stem, "id")) if stem else None


def slot_of(tree: Tree, node: cst.BaseExpression) -> Slot:
    """Where the value of `node` goes, through the frames that hand it on unchanged."""
    inner: cst.CSTNode = node
    calls: list[cst.Call] = []
    for outer in tree.ancestors(node):
        found = _slot_at(tree, inner, outer, tuple(calls))
        if found is not None:
            return found
        if not _hands_on(inner, outer):
            return Slot(SlotKind.OTHER, calls=tuple(calls))
        if isinstance(outer, cst.Call):
            calls.append(outer)
        inner = outer
    return Slot(SlotKind.OTHER, calls=tuple(calls))


def _slot_at(tree: Tree, inner: cst.CSTNode, outer: cst.CSTNode, calls: tuple[cst.Call, ...]) -> Slot | None:
    match outer:
        case cst.Tuple():
            return _unpacked_slot(tree, inner, outer, calls)
        case cst.Assign(targets=targets):
            slots = [_target_slot(tree, outer, target.target, calls) for target in targets]
            return slots[0] if len({slot.role for slot in slots}) == 1 else Slot(SlotKind.OTHER, calls=calls)
        case cst.AnnAssign(target=target):
            return _target_slot(tree, outer, target, calls)
        case cst.NamedExpr(target=cst.Name(name)):
            return Slot(SlotKind.NAMED, name, None, calls)
        case cst.DictElement(key=key):
            return Slot(SlotKind.KEY) if key is inner else _key_slot(key, calls)
        case cst.DictComp(key=key):
            return Slot(SlotKind.KEY) if key is inner else None
        case cst.Index():
            return Slot(SlotKind.KEY)
        case cst.Param():
            return Slot(SlotKind.PARAMETER_DEFAULT)
        case cst.Return() | cst.Yield():
            return _return_slot(tree, outer, calls)
        case cst.Arg():
            return _argument_slot(tree, outer, calls)
    return None


def unpacked(assign: cst.Assign) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The variables and attributes of `a, b.c = x, y` with their values."""
    match assign:
        case cst.Assign(
            targets=[cst.AssignTarget(target=cst.Tuple(elements=targets))], value=cst.Tuple(elements=values)
        ) if len(targets) == len(values) and all(
            isinstance(item, cst.Element) for item in (*targets, *values)
        ):
            for target, value in zip(targets, values, strict=True):
                if isinstance(target.value, (cst.Name, cst.Attribute)):
                    yield target.value, value.value


def _unpacked_slot(
    tree: Tree, inner: cst.CSTNode, outer: cst.Tuple, calls: tuple[cst.Call, ...]
) -> Slot | None:
    """The place of an element that is assigned by itself."""
    assign = tree.parent(outer)
    if isinstance(assign, cst.Assign) and isinstance(inner, cst.Element):
        for target, value in unpacked(assign):
            if value is inner.value:
                return _target_slot(tree, assign, target, calls)
    return None


def _hands_on(inner: cst.CSTNode, outer: cst.CSTNode) -> bool:
    """Whether the value of `inner` can be the value of `outer`, or an element of it."""
    match outer:
        case cst.BooleanOperation() | cst.Lambda() | cst.ListComp() | cst.SetComp() | cst.GeneratorExp():
            return True
        case cst.DictComp(value=value):
            return value is inner
        case cst.IfExp(test=test):
            return test is not inner
        case cst.List() | cst.Tuple() | cst.Set() | cst.Element() | cst.Arg() | cst.Call():
            return True
    return False


def _target_slot(
    tree: Tree, statement: cst.Assign | cst.AnnAssign, target: cst.BaseExpression, calls: tuple[cst.Call, ...]
) -> Slot:
    annotation = statement.annotation.annotation if isinstance(statement, cst.AnnAssign) else None
    match target:
        case cst.Name(name):
            in_class = tree.scopes.places[statement].scope.kind is ScopeKind.CLASS
            owner = _class_around(tree, statement) if in_class else None
            return Slot(SlotKind.NAMED, name, annotation, calls, owner)
        case cst.Attribute(attr=cst.Name(name)):
            return Slot(SlotKind.NAMED, name, annotation, calls, _class_around(tree, statement))
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
            return _key_slot(key, calls)
    return Slot(SlotKind.OTHER, calls=calls)


def _class_around(tree: Tree, node: cst.CSTNode) -> str | None:
    return next((outer.name.value for outer in tree.ancestors(node) if isinstance(outer, cst.ClassDef)), None)


def _key_slot(key: cst.BaseExpression, calls: tuple[cst.Call, ...]) -> Slot:
    text = literal_text(key)
    return Slot(SlotKind.OTHER, calls=calls) if text is None else Slot(SlotKind.NAMED, text, None, calls)


def _return_slot(tree: Tree, node: cst.CSTNode, calls: tuple[cst.Call, ...]) -> Slot:
    function = tree.function(node)
    if not isinstance(function, cst.FunctionDef):
        return Slot(SlotKind.OTHER, calls=calls)
    annotation = function.returns.annotation if function.returns is not None else None
    return Slot(SlotKind.NAMED, _VERBS.sub("", function.name.value), annotation, calls)


def _argument_slot(tree: Tree, argument: cst.Arg, calls: tuple[cst.Call, ...]) -> Slot | None:
    """The slot that a keyword or the key of a getter names; None where the call hands the value on."""
    call = tree.parent(argument)
    if not isinstance(call, cst.Call):
        return Slot(SlotKind.OTHER, calls=calls)  # the base of a class
    if argument.keyword is not None:
        name = argument.keyword.value
        return None if name in _DEFAULTS else Slot(SlotKind.NAMED, name, None, calls)
    texts = [literal_text(item.value) for item in call.args[:_PAIR]]
    index = list(call.args).index(argument)
    getter = call.func.attr.value if isinstance(call.func, cst.Attribute) else None
    if getter in _KEYED_GETTERS and index == 1 and texts[0] is not None:
        return Slot(SlotKind.NAMED, texts[0], None, calls)
    if isinstance(call.func, cst.Name) and call.func.value == "getattr" and index == _PAIR and texts[1]:
        return Slot(SlotKind.NAMED, texts[1], None, calls)
    return Slot(SlotKind.OTHER, calls=calls)
