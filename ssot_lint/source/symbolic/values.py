"""What an expression can be: a value is a union of atoms, each of which is one possibility.

Everything is frozen and hashable, so that unions have no duplicates and calls can be remembered.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ssot_lint.source.contract import FRESH, Part, PartKind

if TYPE_CHECKING:
    from ssot_lint.source.module import Module
    from ssot_lint.source.symbolic.frame import Frame

LIMIT = 64
"""Alternatives that are told apart; more are folded into one that is only as good as the worst of them."""

T = TypeVar("T")

Origin: TypeAlias = "tuple[str, int]"
"""File and row."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string, or bytes; `origin` is where its first part was written."""

    parts: tuple[Part, ...]
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is not known but for its range; `high` is `None` when nothing bounds it."""

    kind: PartKind
    low: int
    high: int | None
    integral: bool = True


@dataclass(frozen=True, slots=True)
class Constant:
    """`None`, a truth value or a number that is known; `of` is the parameter that was found to be `None`."""

    value: bool | int | float | None
    of: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Fresh:
    """An object that holds something fresh (unless `kind` is `UNKNOWN`): `uuid`, `datetime`, `bytes`,
    `digest`, `iterator`, or another that becomes a string of `length` characters (`bytes`: bytes)."""

    what: str
    kind: PartKind
    length: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A `tuple`, `list` or `iterator`: its items, or, when their number is not known, what each can be.

    `names` are what the items were called where a tuple was written out, empty where they had no name.
    """

    shape: str
    items: tuple[Value, ...] | None
    element: Value = ()
    names: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A `dict` with the entries that have literal keys; `rest` is what other keys may hold."""

    entries: tuple[tuple[str, Value], ...]
    rest: Value = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A class that only holds named fields; a named tuple also `unpacks`."""

    name: str
    fields: tuple[str, ...]
    unpacks: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An instance of a class that only holds named fields."""

    shape: Shape
    values: tuple[tuple[str, Value], ...]
    owner: Class | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class of a module that was read."""

    node: ast.ClassDef
    module: Module


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enumeration."""

    owner: Class
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class; without `attributes`, one of which nothing is known but its class."""

    owner: Class
    attributes: tuple[tuple[str, Value], ...] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda; `definer` is the class whose body holds it, `receiver` what it is bound to."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    definer: Class | None = None
    receiver: Class | Instance | None = None
    outer: Frame | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of something built in, not yet called."""

    receiver: Atom
    name: str


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial`: a callable with some of its arguments."""

    callee: Value
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Reference:
    """A dotted name that leads out of the module; `is_near` says that it may be followed into the tree."""

    name: str
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """What the caller hands over for a parameter; `nullable` until the function has ruled out `None`."""

    name: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Opaque:
    """Anything else; `label` is what it is made from, `fresh` the freshest thing that went into it."""

    label: str = ""
    fresh: PartKind | None = None


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call; `more` says that others, not known, may be among them."""

    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    more: bool = False

    def get(self, index: int, name: str = "") -> Value | None:
        """The argument at a position from 0, or of a keyword; `None` when it is not given."""
        if index < len(self.positional):
            return self.positional[index]
        return next((value for keyword, value in self.keywords if keyword == name), None)

    @property
    def all(self) -> tuple[Value, ...]:
        return (*self.positional, *(value for _, value in self.keywords))


Atom: TypeAlias = (
    Text | Number | Constant | Fresh | Sequence | Mapping | Shape | Record | Class | Member | Instance
    | Function | Method | Partial | Reference | Argument | Opaque
)  # fmt: skip
Value: TypeAlias = tuple[Atom, ...]

NONE: Value = (Constant(None),)
UNKNOWN: Value = (Opaque(),)


def join(*values: Value) -> Value:
    """The union of values without duplicates, in order; beyond `LIMIT` it is one opaque atom."""
    if len(values) == 1 and len(values[0]) < 2:
        return values[0]
    atoms = distinct([atom for value in values for atom in value])
    if len(atoms) <= LIMIT:
        return atoms
    texts = [atom for atom in atoms if isinstance(atom, Text)]
    if len(texts) == len(atoms):
        return (folded(texts),)
    return (Opaque("", weakest(freshness(atom) for atom in atoms)),)


def distinct(items: list[T]) -> tuple[T, ...]:
    """The items without duplicates, in order."""
    if len(items) < 2:
        return tuple(items)
    if len(items) == 2:
        # By far the most frequent case, and comparing is much cheaper than hashing.
        return (items[0],) if items[0] == items[1] else (items[0], items[1])
    return tuple(dict.fromkeys(items))


def folded(texts: list[Text]) -> Text:
    """One text that stands for any of several: their common head, and a part that promises what all keep."""
    heads = takewhile(lambda parts: len(set(parts)) == 1, zip(*(text.parts for text in texts), strict=False))
    head = tuple(parts[0] for parts in heads)
    rests = [text.parts[len(head) :] for text in texts]
    kind = weakest(strongest(part.kind for part in rest) for rest in rests)
    lengths = [[part.max_length for part in rest] for rest in rests]
    known = [[length for length in row if length is not None] for row in lengths]
    bounded = all(len(row) == len(rest) for row, rest in zip(known, rests, strict=True))
    least = min(sum(part.min_length for part in rest) for rest in rests)
    longest = max(sum(row) for row in known) if bounded else None
    rest = Part(kind or PartKind.UNKNOWN, "any" if kind else "", least, longest)
    return Text((*head, *([rest] if longest != 0 else [])), texts[0].origin)


def freshness(atom: Atom) -> PartKind | None:
    """The strongest fresh kind in an atom, looking at texts, numbers and objects, not into containers."""
    match atom:
        case Text(parts):
            return strongest(part.kind for part in parts)
        case Number(kind=kind) | Fresh(kind=kind):
            return kind if kind in FRESH else None
        case Opaque(fresh=fresh):
            return fresh
        case _:
            return None


def steady(name: str, value: Value) -> Value:
    """A variable that may hold an instance holds none of another kind where only its own name is known."""
    if not any(isinstance(atom, Instance) for atom in value):
        return value
    own = name.rpartition(".")[2]
    return tuple(a for a in value if not (isinstance(a, Opaque) and a.label.rpartition(".")[2] == own))


def taint(*values: Value) -> PartKind | None:
    """The strongest fresh kind that is in one of the values, whichever of its possibilities it is."""
    return strongest(weakest(freshness(atom) for atom in value) for value in values)


def kept(value: Value) -> Value:
    """A value that was made once, at import or in `__init__`: whoever reads it gets the same again."""
    return tuple(_kept(atom) for atom in value)


def _kept(atom: Atom) -> Atom:
    match atom:
        case Text(parts) if freshness(atom):
            return replace(atom, parts=tuple(_kept_part(part) for part in parts))
        case Number():
            return replace(atom, kind=PartKind.UNKNOWN) if atom.kind is not PartKind.COUNTER else atom
        case Fresh(what=what) if what != "iterator":
            return replace(atom, kind=PartKind.UNKNOWN)
        case Opaque(label=label):
            return Opaque(label)
        case Sequence(items=items, element=element):
            stale = None if items is None else tuple(kept(item) for item in items)
            return replace(atom, items=stale, element=kept(element))
        case Mapping(entries, rest):
            return Mapping(tuple((key, kept(value)) for key, value in entries), kept(rest))
        case _:
            return atom


def _kept_part(part: Part) -> Part:
    return replace(part, kind=PartKind.UNKNOWN, text="") if part.kind in FRESH else part


def strongest(kinds: Iterable[PartKind | None]) -> PartKind | None:
    """Of the kinds the one that says most for uniqueness: random, then counter, then timestamp."""
    present = [FRESH.index(kind) for kind in kinds if kind in FRESH]
    return FRESH[max(present)] if present else None


def weakest(kinds: Iterable[PartKind | None]) -> PartKind | None:
    """The kind that every one of them guarantees; `None` if one of them is not fresh."""
    ranks = [FRESH.index(kind) if kind in FRESH else -1 for kind in kinds]
    return FRESH[min(ranks)] if ranks and min(ranks) >= 0 else None


def constant_int(value: Value | None) -> int | None:
    """The one whole number that a value is, or `None`."""
    match value:
        case (Constant(int() as number),):
            return number
        case _:
            return None


def constant_text(value: Value | None) -> str | None:
    """The one string that a value is, or `None`."""
    match value:
        case (Text(parts),) if all(part.kind is PartKind.LITERAL for part in parts):
            return "".join(part.text for part in parts)
        case _:
            return None


def is_none(atom: Atom) -> bool:
    return isinstance(atom, Constant) and atom.value is None
