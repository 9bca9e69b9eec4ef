"""What annotations say: whether `None` is welcome, which strings are, and what a result unpacks to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ssot_lint.source.symbolic.classes import dotted, enumeration_kind, members
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.values import Class, Reference, Shape, Value

_STRINGS = ("str", "AnyStr", "LiteralString", "Text", "SupportsStr")


def parsed(annotation: ast.expr | None) -> ast.expr | None:
    """The annotation, also where it is quoted."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None
    return annotation


def allows_none(annotation: ast.expr | None) -> bool:
    """Whether `Optional`, a union or `None` itself says that `None` is welcome; `Any` says nothing."""
    return any(_is_none(member) for member in _alternatives(annotation))


def is_string(machine: Machine, annotation: ast.expr | None, frame: Frame) -> bool:
    """Whether a value so annotated is a string: `str`, an alias or `NewType` of it, or such or `None`."""
    kinds = [member for member in _alternatives(annotation) if not _is_none(member)]
    return bool(kinds) and all(_is_string(machine, member, frame) for member in kinds)


def choices(machine: Machine, annotation: ast.expr | None, frame: Frame) -> Value:
    """The values that `Literal[...]` or an enumeration of strings allows; empty if it is neither."""
    node = parsed(annotation)
    if isinstance(node, ast.Subscript) and _last(node.value) == "Literal":
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return tuple(atom for element in elements for atom in machine.value(element, frame))
    if isinstance(node, (ast.Name, ast.Attribute)):
        for atom in machine.settled(machine.value(node, frame)):
            if isinstance(atom, Class) and enumeration_kind(atom):
                return members(machine, atom)
    return ()


def result_shape(machine: Machine, annotation: ast.expr | None, frame: Frame) -> Shape | None:
    """The fields of the named tuple that a function says it returns."""
    from ssot_lint.source.symbolic.classes import shape_of

    node = parsed(annotation)
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return None
    for atom in machine.settled(machine.value(node, frame)):
        if isinstance(atom, Shape):
            return atom
        if isinstance(atom, Class):
            return shape_of(machine, atom)
    return None


def names_class(machine: Machine, annotation: ast.expr | None, frame: Frame) -> Class | None:
    """The class of the user's code that an annotation names."""
    for member in _alternatives(annotation):
        if isinstance(member, (ast.Name, ast.Attribute)):
            for atom in machine.settled(machine.value(member, frame)):
                if isinstance(atom, Class):
                    return atom
    return None


def _alternatives(annotation: ast.expr | None) -> Iterator[ast.expr]:
    node = parsed(annotation)
    match node:
        case None:
            return
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            yield from _alternatives(left)
            yield from _alternatives(right)
        case ast.Subscript(value=outer, slice=inner) if _last(outer) in ("Optional", "Union"):
            for member in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
                yield from _alternatives(member)
            if _last(outer) == "Optional":
                yield ast.Constant(None)
        case ast.Subscript(value=outer, slice=ast.Tuple(elts=[inner, *_])) if _last(outer) == "Annotated":
            yield from _alternatives(inner)
        case _:
            yield node


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_string(machine: Machine, node: ast.expr, frame: Frame) -> bool:
    if _last(node) in _STRINGS:
        return True
    atoms = machine.settled(machine.value(node, frame)) if isinstance(node, (ast.Name, ast.Attribute)) else ()
    return bool(atoms) and all(
        (isinstance(atom, Reference) and atom.name == "str")
        or (isinstance(atom, Class) and any(_last(base) == "str" for base in atom.node.bases))
        for atom in atoms
    )


def _last(node: ast.expr) -> str:
    return dotted(node).rpartition(".")[2]
