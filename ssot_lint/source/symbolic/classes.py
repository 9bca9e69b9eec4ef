"""Classes: what they inherit, what their bodies bind, and which of them are enumerations or mere records."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ssot_lint.source.module import Bound, bindings_of
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.text import literal
from ssot_lint.source.symbolic.values import Class, Member, Sequence, Shape, Value, constant_text

_ENUMS = ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag")
_RECORD_DECORATORS = ("dataclass", "define", "frozen", "mutable", "attrs", "s", "attrib")
_RECORD_BASES = ("NamedTuple", "BaseModel", "Struct", "TypedDict", "SQLModel")
_NO_FIELDS = ("ClassVar", "InitVar")


def dotted(node: ast.expr) -> str:
    """The dotted name an expression spells, calls and subscripts left out; empty if it spells none."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            inner = dotted(value)
            return f"{inner}.{attr}" if inner else ""
        case ast.Call(func=inner_node) | ast.Subscript(value=inner_node):
            return dotted(inner_node)
        case _:
            return ""


def decorators(node: ast.expr | ast.AST) -> set[str]:
    """The last names of a definition's decorators."""
    return {dotted(decorator).rpartition(".")[2] for decorator in getattr(node, "decorator_list", ())}


def base_names(cls: Class) -> list[str]:
    """The last names of a class's bases, as its header spells them."""
    return [dotted(base).rpartition(".")[2] for base in cls.node.bases]


def body_of(cls: Class) -> dict[str, list[Bound]]:
    """What the class's own body binds."""
    key = f"class:{cls.node.lineno}:{cls.node.col_offset}"
    known = cls.module.memo.get(key)
    if known is None:
        known = cls.module.memo[key] = bindings_of(cls.node.body, cls.module.package)
    return known  # type: ignore[return-value]  # one memo serves several types


def lineage(machine: Machine, cls: Class) -> list[Class]:
    """The class and the bases whose code can be read, nearest first."""
    key = f"lineage:{cls.node.lineno}:{cls.node.col_offset}"
    known = cls.module.memo.get(key)
    if not isinstance(known, list):
        found: dict[Class, None] = {}
        for each in _ancestors(machine, cls, 8):
            found.pop(each, None)
            found[each] = None
        known = cls.module.memo[key] = list(found)
    return known


def _ancestors(machine: Machine, cls: Class, depth: int) -> Iterator[Class]:
    yield cls
    for base in cls.node.bases if depth else ():
        node = base.value if isinstance(base, ast.Subscript) else base
        for atom in machine.settled(machine.value(node, Frame(cls.module))):
            if isinstance(atom, Class):
                yield from _ancestors(machine, atom, depth - 1)


def enumeration_kind(cls: Class) -> str:
    """`StrEnum` for enumerations whose members are strings, `Enum` for others, empty for no enumeration."""
    names = base_names(cls)
    if not any(name in _ENUMS for name in names):
        return ""
    is_string = "StrEnum" in names or "str" in names or "__str__" in body_of(cls)
    return "StrEnum" if is_string else "Enum"


def member(machine: Machine, cls: Class, name: str) -> Member | None:
    """The member of an enumeration with that name."""
    bound = body_of(cls).get(name, [None])[-1]
    if not isinstance(bound, ast.expr) or name.startswith("__"):
        return None
    if dotted(bound) == "auto" or dotted(bound).endswith(".auto"):
        return Member(cls, name, (literal(name.lower()),))
    return Member(cls, name, machine.value(bound, Frame(cls.module, scope=cls)))


def members(machine: Machine, cls: Class) -> tuple[Member, ...]:
    """All members of an enumeration."""
    found = (member(machine, cls, name) for name in body_of(cls) if not name.startswith("_"))
    return tuple(each for each in found if each is not None)


def shape_of(machine: Machine, cls: Class) -> Shape | None:
    """The fields of a class that only holds named fields, inherited ones first; `None` for other classes."""
    known = lineage(machine, cls)
    names = {name for each in known for name in base_names(each)}
    decorated = any(name in _RECORD_DECORATORS for each in known for name in decorators(each.node))
    if not decorated and names.isdisjoint(_RECORD_BASES):
        return None
    fields = dict.fromkeys(name for each in reversed(known) for name in _fields(each.node))
    return Shape(cls.node.name, tuple(fields), "NamedTuple" in names)


def functional_shape(name: str, fields: Value | None) -> Shape | None:
    """The shape that `namedtuple(name, fields)` or `NamedTuple(name, fields)` makes."""
    text = constant_text(fields)
    if text is not None:
        return Shape(name, tuple(text.replace(",", " ").split()), True)
    match fields:
        case (Sequence(items=tuple() as items),):
            names = [constant_text(_first_of_pair(item)) for item in items]
            return Shape(name, tuple(each or "" for each in names), True)
        case _:
            return None


def _first_of_pair(item: Value) -> Value:
    match item:
        case (Sequence(items=(first, *_)),):
            return first
        case _:
            return item


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                if dotted(annotation).rpartition(".")[2] not in _NO_FIELDS:
                    yield name
