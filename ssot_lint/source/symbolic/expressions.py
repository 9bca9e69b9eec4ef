"""Expressions, one function for each kind of syntax node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from ssot_lint.source.symbolic import numbers
from ssot_lint.source.symbolic.builtins import chosen, item_of, items_of, need
from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.conditions import truth_of
from ssot_lint.source.symbolic.frame import Frame, Machine, note
from ssot_lint.source.symbolic.methods import argument_method
from ssot_lint.source.symbolic.objects import super_attribute
from ssot_lint.source.symbolic.subscripts import item, sliced
from ssot_lint.source.symbolic.text import literal, product_of
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Arguments,
    Atom,
    Constant,
    Function,
    Mapping,
    Member,
    Number,
    Opaque,
    Sequence,
    Text,
    Value,
    constant_text,
    freshness,
    join,
    strongest,
    taint,
)
from ssot_lint.source.symbolic.writing import percent

Evaluate: TypeAlias = Callable[[Machine, Any, Frame], Value]


def evaluate(machine: Machine, node: ast.expr, frame: Frame) -> Value:
    """What an expression can be."""
    handler = _EXPRESSIONS.get(type(node))
    return UNKNOWN if handler is None else handler(machine, node, frame)


def bind_target(machine: Machine, target: ast.expr, value: Value, frame: Frame) -> None:
    """Assign a value to a name, an attribute, an item or several of them."""
    match target:
        case ast.Name(id=name):
            frame.env[name] = value
        case ast.Attribute():
            frame.env[dotted(target)] = value
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            _store_item(name, constant_text(machine.value(key, frame)), value, frame)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for each, part in zip(targets, _unpacked(value, len(targets)), strict=True):
                bind_target(machine, each, part, frame)
        case ast.Starred(value=inner):
            bind_target(machine, inner, (Sequence("list", None, item_of(value)),), frame)


def slot_of(target: ast.expr) -> str:
    """The name under which an assignment keeps a value; empty if it has none."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            return key
        case _:
            return ""


def _store_item(name: str, key: str | None, value: Value, frame: Frame) -> None:
    atoms: list[Atom] = []
    for atom in frame.env.get(name, ()):
        if isinstance(atom, Mapping):
            entries = dict(atom.entries)
            if key is None:
                atom = Mapping(atom.entries, join(atom.rest, value))
            else:
                atom = Mapping(tuple((entries | {key: value}).items()), atom.rest)
        atoms.append(atom)
    frame.env[name] = tuple(atoms)


def _unpacked(value: Value, count: int) -> list[Value]:
    from ssot_lint.source.symbolic.values import Record

    rows: list[tuple[Value, ...]] = []
    for atom in value:
        match atom:
            case Sequence(shape=shape, items=tuple() as items) if len(items) == count and shape != "split":
                rows.append(items)
            case Record(values=values) if len(values) == count:
                rows.append(tuple(each for _, each in values))
            case _:
                rows.append((item_of((atom,)),) * count)
    return [join(*column) for column in zip(*rows, strict=True)] if rows else [UNKNOWN] * count


def _constant(machine: Machine, node: ast.Constant, frame: Frame) -> Value:
    value = node.value
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        return (literal(value, (frame.module.file, node.lineno)),)
    if value is None or isinstance(value, (bool, int, float)):
        return (Constant(value),)
    return UNKNOWN


def _name(machine: Machine, node: ast.Name, frame: Frame) -> Value:
    return machine.name(node.id, frame)


def _attribute(machine: Machine, node: ast.Attribute, frame: Frame) -> Value:
    stored = frame.env.get(dotted(node))
    if stored is not None:
        return stored
    if _is_super(node.value):
        return super_attribute(machine, node.attr, frame)
    value = machine.value(node.value, frame)
    for atom in value:
        need(atom, frame)
    return machine.attribute(value, node.attr, frame)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _joined(machine: Machine, node: ast.JoinedStr, frame: Frame) -> Value:
    pieces = [_piece(machine, piece, frame) for piece in node.values]
    texts = product_of(pieces) if pieces else (literal(""),)
    origin = (frame.module.file, node.lineno)
    # Before Python 3.12 the parts of an f-string have no row of their own.
    return tuple(text if text.origin else Text(text.parts, origin) for text in texts)


def _piece(machine: Machine, node: ast.expr, frame: Frame) -> tuple[Text, ...]:
    if not isinstance(node, ast.FormattedValue):
        return machine.strings(machine.value(node, frame), frame)
    spec = constant_text(machine.value(node.format_spec, frame)) if node.format_spec else ""
    texts = machine.strings(machine.value(node.value, frame), frame, spec if spec is not None else "?")
    return texts or (literal(""),)


def _binary(machine: Machine, node: ast.BinOp, frame: Frame) -> Value:
    left, right = machine.value(node.left, frame), machine.value(node.right, frame)
    return operate(machine, type(node.op).__name__, left, right, frame)


def operate(machine: Machine, operator: str, left: Value, right: Value, frame: Frame) -> Value:
    """`left operator right`, where the operator is the name of its `ast` class."""
    left, right = machine.settled(left), machine.settled(right)
    results = [_operate(machine, operator, one, other, frame) for one in left for other in right]
    return join(*results) or UNKNOWN


def _operate(machine: Machine, operator: str, left: Atom, right: Atom, frame: Frame) -> Value:
    if operator == "Mod" and isinstance(left, Text):
        texts = percent(machine, left, (right,), frame)
        return texts if texts is not None else (Opaque("", taint((left, right))),)
    need(left, frame)
    need(right, frame)
    match left, right:
        case ((Number() | Constant(value=int() | float())), (Number() | Constant(value=int() | float()))):
            result = numbers.arithmetic(operator, left, right)
            return UNKNOWN if result is None else (result,)
        case (Text() | Member(), _) | (_, Text() | Member()) if operator == "Add":
            return product_of([machine.strings((left,), frame), machine.strings((right,), frame)])
        case Sequence(items=tuple() as one), Sequence(items=tuple() as other) if operator == "Add":
            return (Sequence(left.shape, (*one, *other)),)
        case Text(), Constant(value=int() as count) if operator == "Mult" and 0 <= count <= 256:
            return product_of([(left,)] * count) if count else (literal(""),)
        case _:
            return (Opaque(_label(left, right), strongest((freshness(left), freshness(right)))),)


def _label(left: Atom, right: Atom) -> str:
    names = [
        atom.name if isinstance(atom, Argument) else atom.label
        for atom in (left, right)
        if isinstance(atom, (Argument, Opaque))
    ]
    return names[0] if len(names) == 1 else ""


def _boolean(machine: Machine, node: ast.BoolOp, frame: Frame) -> Value:
    is_or = isinstance(node.op, ast.Or)
    before, kept = frame.env, []
    frame.env = dict(before)
    for index, operand in enumerate(node.values):
        value = machine.value(operand, frame)
        if index == len(node.values) - 1:
            kept.append(value)
            break
        stays = tuple(atom for atom in value if truth_of(atom) is not (not is_or))
        kept.append(tuple(Argument(a.name, False) if isinstance(a, Argument) and is_or else a for a in stays))
        if all(truth_of(atom) is is_or for atom in value) or not machine.narrow(operand, frame, not is_or):
            break
    frame.env = before
    return join(*kept) or UNKNOWN


def _conditional(machine: Machine, node: ast.IfExp, frame: Frame) -> Value:
    verdict = machine.test(node.test, frame)
    before, kept = frame.env, []
    for branch, outcome in ((node.body, True), (node.orelse, False)):
        frame.env = dict(before)
        if verdict is not (not outcome) and machine.narrow(node.test, frame, outcome):
            kept.append(machine.value(branch, frame))
    frame.env = before
    return join(*kept) or UNKNOWN


def _condition(machine: Machine, node: ast.expr, frame: Frame) -> Value:
    verdict = machine.test(node, frame)
    return UNKNOWN if verdict is None else (Constant(verdict),)


def _unary(machine: Machine, node: ast.UnaryOp, frame: Frame) -> Value:
    if isinstance(node.op, ast.Not):
        return _condition(machine, node, frame)
    value = machine.value(node.operand, frame)
    match value:
        case (Constant(value=int() | float() as number),) if isinstance(node.op, ast.USub):
            return (Constant(-number),)
        case _:
            return (Opaque("", taint(value)),)


def _call(machine: Machine, node: ast.Call, frame: Frame) -> Value:
    callee, special = _callee(machine, node, frame)
    arguments = arguments_of(machine, node, frame)
    results = [argument_method(argument.name, argument, name) for argument, name in special]
    if frame.top:
        functions = (atom.node for atom in callee if isinstance(atom, Function))
        frame.observed.callees.update({node: function for function in functions})
    if callee:
        results.append(machine.call(callee, arguments, frame))
    value = join(*results) or UNKNOWN
    if node in frame.observed.callees:
        note(frame, "", value, node)
    return value


def _callee(machine: Machine, node: ast.Call, frame: Frame) -> tuple[Value, list[tuple[Argument, str]]]:
    func = node.func
    if not isinstance(func, ast.Attribute) or _is_super(func.value) or dotted(func) in frame.env:
        return machine.settled(machine.value(func, frame)), []
    receiver = machine.value(func.value, frame)
    special: list[tuple[Argument, str]] = []
    others: list[Atom] = []
    for atom in receiver:
        need(atom, frame)
        if isinstance(atom, Argument):
            special.append((atom, func.attr))
        else:
            others.append(atom)
    return machine.settled(machine.attribute(tuple(others), func.attr, frame)) if others else (), special


def arguments_of(machine: Machine, node: ast.Call, frame: Frame) -> Arguments:
    """The arguments of a call, those behind `*` and `**` included as far as they are known."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    more = False
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            items = items_of(machine.value(argument.value, frame))
            more = more or items is None
            positional.extend(items or ())
        else:
            positional.append(machine.value(argument, frame))
    for keyword in node.keywords:
        value = machine.value(keyword.value, frame)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            note(frame, keyword.arg, value, keyword.value)
            continue
        for atom in value:
            keywords.update(atom.entries if isinstance(atom, Mapping) else ())
            more = more or not isinstance(atom, Mapping) or bool(atom.rest)
    return Arguments(tuple(positional), tuple(keywords.items()), more)


def _subscript(machine: Machine, node: ast.Subscript, frame: Frame) -> Value:
    stored = dotted(node.value).rpartition(".")[2]
    value = machine.settled(machine.value(node.value, frame))
    for atom in value:
        need(atom, frame)
    if isinstance(node.slice, ast.Slice):
        bounds = [
            None if end is None else machine.value(end, frame) for end in (node.slice.lower, node.slice.upper)
        ]
        return sliced(value, bounds[0], bounds[1], has_step=node.slice.step is not None)
    key = machine.value(node.slice, frame)
    if stored in frame.module.counted_items and not any(isinstance(atom, Text) for atom in value):
        from ssot_lint.source.contract import PartKind

        return (Number(PartKind.COUNTER, 0, None),)
    return item(machine, value, key, frame)


def _tuple(machine: Machine, node: ast.Tuple | ast.List | ast.Set, frame: Frame) -> Value:
    shape = "tuple" if isinstance(node, ast.Tuple) else "list"
    items: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = items_of(machine.value(element.value, frame))
            if inner is None:
                return (Sequence(shape, None, join(*items, item_of(machine.value(element.value, frame)))),)
            items.extend(inner)
        else:
            items.append(machine.value(element, frame))
    return (Sequence(shape, tuple(items), names=tuple(slot_of(element) for element in node.elts)),)


def _dict(machine: Machine, node: ast.Dict, frame: Frame) -> Value:
    entries: dict[str, Value] = {}
    rest: Value = ()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = machine.value(value_node, frame)
        if key_node is None:
            for atom in value:
                entries.update(atom.entries if isinstance(atom, Mapping) else ())
                rest = join(rest, atom.rest if isinstance(atom, Mapping) else UNKNOWN)
            continue
        key = _key(machine, key_node, frame)
        if key is None:
            rest = join(rest, value)
        else:
            entries[key] = value
            note(frame, key, value, value_node)
    return (Mapping(tuple(entries.items()), rest),)


def _key(machine: Machine, node: ast.expr, frame: Frame) -> str | None:
    match machine.value(node, frame):
        case (Member(owner, name),):
            return f"{owner.node.name}.{name}"
        case value:
            return constant_text(value)


def _comprehension(
    machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame
) -> Value:
    before = frame.env
    try:
        return _comprehended(machine, node, frame)
    finally:
        frame.env = before


def _comprehended(
    machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame
) -> Value:
    shape = "iterator" if isinstance(node, ast.GeneratorExp) else "list"
    first, *others = node.generators
    before = frame.env
    given = machine.settled(machine.value(first.iter, frame))
    items = items_of(given) if not others else None
    if items is not None:
        made: list[tuple[Value, bool | None]] = []
        for each in items:
            frame.env = dict(before)
            bind_target(machine, first.target, each, frame)
            made.append(_kept(machine, node.elt, first.ifs, frame))
        return chosen(shape, made)
    frame.env = dict(before)
    bind_target(machine, first.target, item_of(given), frame)
    for other in others:
        bind_target(machine, other.target, item_of(machine.value(other.iter, frame)), frame)
    return (Sequence(shape, None, _kept(machine, node.elt, first.ifs, frame)[0]),)


def _kept(
    machine: Machine, element: ast.expr, conditions: list[ast.expr], frame: Frame
) -> tuple[Value, bool | None]:
    sure = True
    for condition in conditions:
        verdict = machine.test(condition, frame)
        if verdict is False or not machine.narrow(condition, frame, True):
            return (), False
        sure = sure and verdict is True
    return machine.value(element, frame), True if sure else None


def _named(machine: Machine, node: ast.NamedExpr, frame: Frame) -> Value:
    value = machine.value(node.value, frame)
    note(frame, node.target.id, value, node.value)
    frame.env[node.target.id] = value
    return value


def _lambda(machine: Machine, node: ast.Lambda, frame: Frame) -> Value:
    return (Function(node, frame.module, frame.definer, outer=frame),)


def _inner(machine: Machine, node: ast.Await | ast.Starred, frame: Frame) -> Value:
    return machine.value(node.value, frame)


def _yield(machine: Machine, node: ast.Yield, frame: Frame) -> Value:
    frame.yields.append(machine.value(node.value, frame) if node.value else UNKNOWN)
    return UNKNOWN


def _yield_from(machine: Machine, node: ast.YieldFrom, frame: Frame) -> Value:
    frame.yields.append(item_of(machine.value(node.value, frame)))
    return UNKNOWN


_EXPRESSIONS: dict[type[ast.expr], Evaluate] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.JoinedStr: _joined,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Compare: _condition,
    ast.UnaryOp: _unary,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Tuple: _tuple,
    ast.List: _tuple,
    ast.Set: _tuple,
    ast.Dict: _dict,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.Await: _inner,
    ast.Starred: _inner,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
}
