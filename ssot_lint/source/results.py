"""From a function's symbolic result to the IDs in it: one, a tuple or record of several, or a list."""

from __future__ import annotations

from dataclasses import dataclass

from ssot_lint.source.annotations import is_string
from ssot_lint.source.contract import Format, Part, PartKind, Returns, ValueType
from ssot_lint.source.symbolic.frame import Frame
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.text import EMPTY
from ssot_lint.source.symbolic.unions import freshness, join
from ssot_lint.source.symbolic.values import Fresh, Function, Opaque, Record, Sequence, Text, Value, is_none
from ssot_lint.source.symbolic.writing import fresh_text, opaque_text


@dataclass(frozen=True, slots=True)
class Result:
    """The IDs that a function returns: each element's possible texts (none: it is no ID) and its name."""

    returns: Returns
    value_type: ValueType
    elements: tuple[tuple[Text, ...], ...]
    names: tuple[str, ...]
    may_be_none: bool

    @property
    def is_one_kind(self) -> bool:
        return self.returns in (Returns.ONE, Returns.LIST)

    @property
    def formats(self) -> tuple[Format, ...]:
        return tuple(Format(_alternatives(texts)) for texts in self.elements)


def _alternatives(texts: tuple[Text, ...]) -> tuple[tuple[Part, ...], ...]:
    """The texts' parts; those that differ in lengths only become one with the widest lengths."""
    alike: dict[tuple[tuple[PartKind, str], ...], list[tuple[Part, ...]]] = {}
    for text in texts:
        alike.setdefault(tuple((part.kind, part.text) for part in text.parts), []).append(text.parts)
    return tuple(_widest(rows) if len(rows) > 1 else rows[0] for rows in alike.values())


def _widest(rows: list[tuple[Part, ...]]) -> tuple[Part, ...]:
    return tuple(_hull(column) for column in zip(*rows, strict=True))


def _hull(parts: tuple[Part, ...]) -> Part:
    highs = [part.max_length for part in parts if part.max_length is not None]
    longest = max(highs) if len(highs) == len(parts) else None
    return Part(parts[0].kind, parts[0].text, min(part.min_length for part in parts), longest)


def ids_in(machine: Interpreter, function: Function, value: Value) -> Result | None:
    """The IDs in what a function returns; `None` if it is not sure that it makes any."""
    scope = Frame(function.module)
    atoms = tuple(atom for atom in value if not is_none(atom) and atom != EMPTY)
    if is_string(machine, getattr(function.node, "returns", None), scope):
        atoms = tuple(opaque_text(a, "") if isinstance(a, Opaque) and a.fresh else a for a in atoms)
    may_be_none = len(atoms) < len(value)
    if not atoms:
        return None
    return (
        _one(atoms, may_be_none)
        or _several(machine, atoms, may_be_none, scope)
        or _list(machine, atoms, may_be_none, scope)
    )


def _one(atoms: Value, may_be_none: bool) -> Result | None:
    texts = tuple(atom for atom in atoms if isinstance(atom, Text))
    if len(texts) == len(atoms) and _all_ids(texts):
        return Result(Returns.ONE, ValueType.STRING, (texts,), (), may_be_none)
    objects = [atom for atom in atoms if isinstance(atom, Fresh) and atom.what in ("uuid", "object")]
    if len(objects) < len(atoms) or not all(freshness(atom) for atom in objects):
        return None
    kind = ValueType.UUID if all(atom.what == "uuid" for atom in objects) else ValueType.OBJECT
    return Result(Returns.ONE, kind, (tuple(fresh_text(atom) for atom in objects),), (), may_be_none)


def _several(machine: Interpreter, atoms: Value, may_be_none: bool, scope: Frame) -> Result | None:
    rows: list[tuple[Returns, tuple[str, ...], tuple[Value, ...]]] = []
    for atom in atoms:
        match atom:
            case Sequence(shape="tuple", items=tuple() as items, names=names) if items:
                rows.append((Returns.TUPLE, names or ("",) * len(items), items))
            case Record(shape, values):
                returns = Returns.NAMED_TUPLE if shape.unpacks else Returns.RECORD
                rows.append((returns, shape.fields, tuple(value for _, value in values)))
            case _:
                return None
    if len({(returns, len(items)) for returns, _, items in rows}) != 1:
        return None
    columns = [join(*column) for column in zip(*(items for _, _, items in rows), strict=True)]
    if sum(_all_ids(column) for column in columns) < len(columns) / 2:
        # What has an ID among other things is not there to make IDs.
        return None
    elements = tuple(machine.strings(column, scope) if _some_id(column) else () for column in columns)
    return Result(rows[0][0], ValueType.STRING, elements, rows[0][1], may_be_none)


def _list(machine: Interpreter, atoms: Value, may_be_none: bool, scope: Frame) -> Result | None:
    found: Value = ()
    for atom in atoms:
        if not isinstance(atom, Sequence) or atom.shape == "iterator":
            return None
        found = join(found, atom.element, *(atom.items or ()))
    if not _all_ids(found):
        return None
    return Result(Returns.LIST, ValueType.STRING, (machine.strings(found, scope),), (), may_be_none)


def _all_ids(value: Value) -> bool:
    return bool(value) and all(isinstance(atom, Text) and _is_id(atom) for atom in value)


def _some_id(value: Value) -> bool:
    return any(isinstance(atom, Text) and _is_id(atom) for atom in value)


def _is_id(text: Text) -> bool:
    """A fresh text; the time of day alone is none, nor is prose."""
    is_time = len(text.parts) == 1 and text.parts[0].kind is PartKind.TIMESTAMP
    is_prose = any(part.kind is PartKind.LITERAL and len(part.text.split()) > 1 for part in text.parts)
    return freshness(text) is not None and not is_time and not is_prose
