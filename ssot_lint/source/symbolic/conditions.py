"""Conditions: what is known to hold, and what a name can still be once a condition has held or failed."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.text import length_of, part
from ssot_lint.source.symbolic.values import (
    NONE,
    Argument,
    Atom,
    Class,
    Constant,
    Fresh,
    Function,
    Mapping,
    Member,
    Number,
    Opaque,
    Partial,
    Record,
    Reference,
    Sequence,
    Shape,
    Text,
    Value,
    constant_int,
    constant_text,
    is_none,
)

_ALWAYS_TRUE = (Class, Fresh, Function, Member, Partial, Record, Reference, Shape)
_TRUSTED_CHECKS = ("isinstance", "callable", "hasattr")


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; `None` when it may or may not."""
    verdicts = {truth_of(atom) for atom in value}
    return verdicts.pop() if len(verdicts) == 1 else None


def truth_of(atom: Atom) -> bool | None:
    """Whether one possibility counts as true."""
    match atom:
        case Constant(value):
            return bool(value)
        case Text():
            shortest, longest = length_of(atom)
            return True if shortest else False if longest == 0 else None
        case Number(low=low):
            return True if low > 0 else None
        case Sequence(items=items):
            return None if items is None else bool(items)
        case Mapping(entries, rest):
            return True if entries else None if rest else False
        case _:
            return True if isinstance(atom, _ALWAYS_TRUE) else None


def test(machine: Machine, node: ast.expr, frame: Frame) -> bool | None:
    """Whether a condition holds; its parts are run in order, each knowing what the earlier ones imply."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            verdict = machine.test(operand, frame)
            return None if verdict is None else not verdict
        case ast.BoolOp(op=op, values=values):
            return _test_chain(machine, values, isinstance(op, ast.Or), frame)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(op, machine.value(left, frame), machine.value(right, frame))
        case ast.Compare(left=left, comparators=others):
            for operand in (left, *others):
                machine.value(operand, frame)
            return None
        case _:
            return truth(machine.value(node, frame))


def narrow(machine: Machine, node: ast.expr, frame: Frame, outcome: bool) -> bool:
    """Keep in the frame what agrees with the outcome; false when nothing does."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return machine.narrow(operand, frame, not outcome)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is outcome:
            return all(machine.narrow(value, frame, outcome) for value in values)
        case ast.NamedExpr(target=target):
            return machine.narrow(target, frame, outcome)
        case ast.Name(id=name):
            return _keep(name, frame, lambda atom: truth_of(atom) is not (not outcome), solid=outcome)
        case ast.Compare(
            left=ast.Name(id=name) | ast.NamedExpr(target=ast.Name(id=name)), ops=[op], comparators=[right]
        ):
            return _narrow_compare(machine, name, op, right, frame, outcome)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]), ops=[op], comparators=[right]
        ):
            return _narrow_length(name, op, constant_int(machine.value(right, frame)), frame, outcome)
        case ast.Call(func=ast.Name(id=check), args=[ast.Name(id=name), *_]) if check in _TRUSTED_CHECKS:
            return _keep(name, frame, lambda atom: not (outcome and is_none(atom)), solid=outcome)
        case _:
            return True


def _test_chain(machine: Machine, values: list[ast.expr], is_or: bool, frame: Frame) -> bool | None:
    before, verdict = frame.env, not is_or
    sure = True
    frame.env = dict(before)
    for value in values:
        outcome = machine.test(value, frame)
        if outcome is is_or:
            verdict = is_or
            break
        sure = sure and outcome is not None
        if not machine.narrow(value, frame, not is_or):
            break
    # Names that a walrus bound stay bound; what was merely narrowed does not stay narrowed.
    frame.env = before | {name: value for name, value in frame.env.items() if name not in before}
    return verdict if sure or verdict is is_or else None


def _compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    verdict = _equal(left, right)
    if isinstance(op, (ast.Is, ast.Eq)):
        return verdict
    if isinstance(op, (ast.IsNot, ast.NotEq)):
        return None if verdict is None else not verdict
    if isinstance(op, (ast.In, ast.NotIn)):
        inside = _contains(left, right)
        return None if inside is None else inside is isinstance(op, ast.In)
    return None


def _equal(left: Value, right: Value) -> bool | None:
    if len(left) == len(right) == 1:
        one, other = left[0], right[0]
        if isinstance(one, (Constant, Member, Class)) and isinstance(other, (Constant, Member, Class)):
            return one == other
        texts = constant_text(left), constant_text(right)
        if None not in texts:
            return texts[0] == texts[1]
    for some, others in ((left, right), (right, left)):
        if some == NONE and others and not any(_may_be_none(atom) for atom in others):
            return False
    return None


def _contains(left: Value, right: Value) -> bool | None:
    text = constant_text(left)
    match right:
        case (Sequence(items=tuple() as items),) if text is not None:
            known = [constant_text(item) for item in items]
            return None if None in known else text in known
        case (Mapping(entries=entries, rest=()),) if text is not None:
            return any(text == key for key, _ in entries)
        case _:
            return None


def _may_be_none(atom: Atom) -> bool:
    return is_none(atom) or isinstance(atom, Opaque) or (isinstance(atom, Argument) and atom.nullable)


def _narrow_compare(
    machine: Machine, name: str, op: ast.cmpop, right: ast.expr, frame: Frame, outcome: bool
) -> bool:
    other = machine.value(right, frame)
    same = isinstance(op, (ast.Is, ast.Eq))
    if not same and not isinstance(op, (ast.IsNot, ast.NotEq)):
        return True
    if other == NONE:
        return _narrow_none(name, frame, same is outcome)
    return _narrow_constant(name, frame, other, same is outcome)


def _narrow_length(name: str, op: ast.cmpop, bound: int | None, frame: Frame, outcome: bool) -> bool:
    """`len(name) < bound` bounds a parameter's length, as does `>=` where it fails."""
    longest = {
        (ast.Lt, True): -1,
        (ast.LtE, True): 0,
        (ast.GtE, False): -1,
        (ast.Gt, False): 0,
        (ast.Eq, True): 0,
    }
    change = longest.get((type(op), outcome))
    if name in frame.env and bound is not None and change is not None and bound + change >= 0:
        frame.env[name] = tuple(
            part(PartKind.PARAMETER, atom.name, 0, bound + change) if isinstance(atom, Argument) else atom
            for atom in frame.env[name]
        )
    return True


def _narrow_none(name: str, frame: Frame, none: bool) -> bool:
    if not none:
        return _keep(name, frame, lambda atom: not is_none(atom), solid=True)
    if name not in frame.env:
        return True
    possible = [atom for atom in frame.env[name] if _may_be_none(atom)]
    arguments = [Constant(None, atom.name) for atom in possible if isinstance(atom, Argument)]
    frame.env[name] = tuple(arguments[:1]) or NONE
    return bool(possible)


def _narrow_constant(name: str, frame: Frame, other: Value, same: bool) -> bool:
    known = frame.env.get(name)
    if known is None or len(other) != 1 or not _is_constant(other[0]):
        return True
    if not same:
        return _keep(name, frame, lambda atom: atom != other[0] or not _is_constant(atom), solid=False)
    if all(_is_constant(atom) for atom in known) and other[0] not in known:
        return False
    frame.env[name] = other
    return True


def _is_constant(atom: Atom) -> bool:
    return isinstance(atom, Member) or constant_text((atom,)) is not None


def _keep(name: str, frame: Frame, agrees: Callable[[Atom], bool], *, solid: bool) -> bool:
    if name not in frame.env:
        return True
    kept = tuple(atom for atom in frame.env[name] if agrees(atom))
    if solid:
        kept = tuple(Argument(atom.name, False) if isinstance(atom, Argument) else atom for atom in kept)
    frame.env[name] = kept
    return bool(kept)
