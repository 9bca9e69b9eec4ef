"""Classes and their instances: attributes, inheritance, construction."""

from __future__ import annotations

import ast

from ssot_lint.source.contract import PartKind
from ssot_lint.source.module import Bound, Import
from ssot_lint.source.symbolic.classes import (
    base_names,
    body_of,
    decorators,
    enumeration_kind,
    lineage,
    member,
    members,
    shape_of,
)
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.methods import built_in_attribute
from ssot_lint.source.symbolic.text import literal
from ssot_lint.source.symbolic.unions import freshness, join, kept, steady
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Arguments,
    Atom,
    Class,
    Constant,
    Function,
    Instance,
    Mapping,
    Member,
    Number,
    Opaque,
    Record,
    Reference,
    Sequence,
    Shape,
    Text,
    Value,
    constant_text,
)

_PROPERTIES = ("property", "cached_property")


def attribute_of(machine: Machine, atom: Atom, name: str, frame: Frame) -> Value:
    """An attribute of one possibility."""
    if isinstance(atom, Reference):
        return (Reference(f"{atom.name}.{name}", atom.is_near),)
    found = built_in_attribute(atom, name)
    if found is not None:
        return found
    match atom:
        case Class():
            return _class_attribute(machine, atom, name, atom, frame)
        case Instance():
            return _instance_attribute(machine, atom, name, frame)
        case Record():
            return _record_attribute(machine, atom, name, frame)
        case Member():
            return _member_attribute(machine, atom, name)
        case Argument(argument):
            return (Opaque(f"{argument}.{name}"),)
        case Opaque(label, fresh):
            return (Opaque(f"{label}.{name}" if label else "", fresh),)
        case _:
            return (Opaque("", freshness(atom)),)


def super_attribute(machine: Machine, name: str, frame: Frame) -> Value:
    """`super().name`: from the classes behind the one that defines the running function."""
    receiver = frame.receiver
    if receiver is None or frame.definer is None:
        return UNKNOWN
    cls = receiver if isinstance(receiver, Class) else receiver.owner
    classes = lineage(machine, cls)
    start = classes.index(frame.definer) + 1 if frame.definer in classes else len(classes)
    for each in classes[start:]:
        for bound in body_of(each).get(name, ())[-1:]:
            return _bound(machine, bound, each, receiver, name, frame)
    return UNKNOWN


def construct(machine: Machine, cls: Class, arguments: Arguments, frame: Frame) -> Value:
    """What calling a class gives."""
    if enumeration_kind(cls):
        return _chosen_member(machine, cls, arguments)
    new = find_method(machine, cls, "__new__")
    if new is not None:
        function = Function(new[0], new[1].module, new[1], cls)
        made = machine.function(
            function, Arguments(((cls,), *arguments.positional), arguments.keywords, arguments.more), frame
        )
        if made and all(isinstance(atom, Text) for atom in made):
            return made
    shape = shape_of(machine, cls) if find_method(machine, cls, "__init__") is None else None
    if shape is not None:
        return (make_record(machine, shape, arguments, cls),)
    if any("str" in base_names(each) for each in lineage(machine, cls)):
        return machine.strings(arguments.get(0) or (literal(""),), frame)
    return (Instance(cls, tuple(machine.initialised(cls, arguments, frame).items())),)


def make_record(machine: Machine, shape: Shape, arguments: Arguments, owner: Class | None) -> Record:
    """An instance of a class that only holds named fields."""
    values: list[tuple[str, Value]] = []
    for index, name in enumerate(shape.fields):
        value = arguments.get(index, name)
        if value is None and owner is not None and not arguments.more:
            value = _default(machine, owner, name)
        values.append((name, value or (Opaque(name),)))
    return Record(shape, tuple(values), owner)


def _default(machine: Machine, cls: Class, name: str) -> Value:
    for each in lineage(machine, cls):
        bound = body_of(each).get(name, [None])[-1]
        if isinstance(bound, ast.expr):
            return machine.once(bound, Frame(each.module, scope=each))
    return ()


def _chosen_member(machine: Machine, cls: Class, arguments: Arguments) -> Value:
    known = members(machine, cls)
    text = constant_text(arguments.get(0))
    chosen = tuple(each for each in known if text is not None and constant_text(each.value) == text)
    return chosen or known or UNKNOWN


def _member_attribute(machine: Machine, member_: Member, name: str) -> Value:
    if name in ("name", "value"):
        return (literal(member_.name),) if name == "name" else member_.value
    return machine.attribute((Instance(member_.owner, ()),), name, Frame(member_.owner.module))


def _record_attribute(machine: Machine, record: Record, name: str, frame: Frame) -> Value:
    for field, value in record.values:
        if field == name:
            return value
    if record.owner is None:
        return UNKNOWN
    return _instance_attribute(machine, Instance(record.owner, record.values), name, frame)


def _instance_attribute(machine: Machine, instance: Instance, name: str, frame: Frame) -> Value:
    cls = instance.owner
    known = instance.attributes
    attributes = machine.initialised(cls, None, frame) if known is None else dict(known)
    if name in attributes:
        return _variable(machine, cls, name, attributes[name])
    value = _class_attribute(machine, cls, name, instance, frame)
    shape = shape_of(machine, cls) if known is None else None
    return join(value, (Opaque(name),)) if shape and name in shape.fields else value


def _class_attribute(
    machine: Machine, cls: Class, name: str, receiver: Class | Instance, frame: Frame
) -> Value:
    if name == "__name__":
        return (literal(cls.node.name),)
    for each in lineage(machine, cls):
        bounds = body_of(each).get(name)
        if bounds:
            if enumeration_kind(each) and isinstance(bounds[-1], ast.expr):
                found = member(machine, each, name)
                return (found,) if found else UNKNOWN
            return join(*(_bound(machine, bound, each, receiver, name, frame) for bound in bounds[-2:]))
    label = f"self.{name}" if isinstance(receiver, Instance) else f"{cls.node.name}.{name}"
    return (Opaque(label),)


def _bound(
    machine: Machine, bound: Bound, cls: Class, receiver: Class | Instance, name: str, frame: Frame
) -> Value:
    match bound:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _method(machine, bound, cls, receiver, frame)
        case ast.ClassDef():
            return (Class(bound, cls.module),)
        case Import():
            return (Reference(bound.origin, cls.module.is_near),)
        case _:
            value = machine.once(bound, Frame(cls.module, scope=cls))
            owner = receiver if isinstance(receiver, Class) else receiver.owner
            return _variable(machine, owner, name, value)


def _method(
    machine: Machine,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    cls: Class,
    receiver: Class | Instance,
    frame: Frame,
) -> Value:
    names = decorators(node)
    owner = receiver if isinstance(receiver, Class) else receiver.owner
    if "staticmethod" in names:
        return (Function(node, cls.module, cls),)
    if "classmethod" in names:
        return (Function(node, cls.module, cls, owner),)
    if isinstance(receiver, Class):
        return (Function(node, cls.module, cls),)
    function = Function(node, cls.module, cls, receiver)
    if not names.isdisjoint(_PROPERTIES):
        return machine.function(function, Arguments(), frame)
    return (function,)


def _variable(machine: Machine, cls: Class, name: str, value: Value) -> Value:
    """An attribute that methods may have changed since: a counter, or what else they assign."""
    counted = any(name in each.module.counted for each in lineage(machine, cls))
    if counted and all(isinstance(atom, (Constant, Number)) for atom in value):
        return (Number(PartKind.COUNTER, 0, None),)
    value = kept(opened(value))
    assigned = any(name in _assigned_later(each) for each in lineage(machine, cls))
    return steady(name, join(value, (Opaque(f"self.{name}"),))) if assigned else value


def opened(value: Value) -> Value:
    """An empty container that is kept for later may hold anything by then."""
    match value:
        case (Mapping(entries=()),):
            return (Mapping((), UNKNOWN),)
        case (Sequence(shape="list", items=()),):
            return (Sequence("list", None, UNKNOWN),)
        case _:
            return value


def _assigned_later(cls: Class) -> frozenset[str]:
    """Attributes that methods other than `__init__` assign."""
    key = f"assigned:{cls.node.lineno}:{cls.node.col_offset}"
    known = cls.module.memo.get(key)
    if not isinstance(known, frozenset):
        later = (node for node in cls.node.body if getattr(node, "name", "") not in ("__init__", "__new__"))
        methods = (node for node in later if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
        known = frozenset(name for node in methods for name in cls.module.assigned_attributes(node))
        cls.module.memo[key] = known
    return known


def find_method(
    machine: Machine, cls: Class, name: str
) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, Class] | None:
    for each in lineage(machine, cls):
        for bound in body_of(each).get(name, ())[-1:]:
            if isinstance(bound, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return bound, each
    return None
