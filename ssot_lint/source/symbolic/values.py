"""What an expression can be: a value is a union of atoms, each of which is one possibility.

Everything is frozen and hashable, so that unions have no duplicates and calls can be remembered.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ssot_lint.source.contract import Part, PartKind

if TYPE_CHECKING:
    from ssot_lint.source.module import Module
    from ssot_lint.source.symbolic.frame import Frame

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
