"""Merges calls of one generator that each use another part of what it makes into the first of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.calls import GeneratorCall, argument_names
from ssot_lint.detectors.safety import is_test
from ssot_lint.detectors.sites import Site, SiteKind, Take, Task, joined
from ssot_lint.detectors.slots import is_message
from ssot_lint.detectors.taking import take_together
from ssot_lint.detectors.values import Refusal
from ssot_lint.detectors.variables import Variables
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.model import Applicability, Fix
from ssot_lint.source.contract import Returns
from ssot_lint.syntax.scopes import ScopeKind
from ssot_lint.syntax.tree import Tree

_UNPACKED = (Returns.TUPLE, Returns.NAMED_TUPLE)


def merge(tree: Tree, calls: Sequence[GeneratorCall], workshop: Workshop, context: Context) -> Fix:
    """One fix for all calls of a group, the first one included; raises Refusal where they cannot be one."""
    first = calls[0]
    function = tree.function(first.node)
    if not isinstance(function, cst.FunctionDef) or tree.scopes.places[first.node].scope.node is not function:
        raise Refusal("the calls are not a part of the function itself")
    if first.generator.returns not in _UNPACKED:
        raise Refusal(f"the result of `{first.generator.name}` cannot be unpacked")
    lines, variables = workshop.lines, workshop.variables(function)
    _check_arguments(tree, calls, variables)
    task = Task(
        tree=tree,
        lines=lines,
        variables=variables,
        sites=joined(_site(tree, call) for call in calls),
        code=lines.code(_value(tree, first)),
        roles=first.generator.roles,
    )
    edits = take_together(task)
    applicability = Applicability.UNSAFE if is_test(context.path) else Applicability.SAFE
    return Fix(applicability, f"Take all of them from one call of `{first.generator.name}`", tuple(edits))


def _site(tree: Tree, call: GeneratorCall) -> Site:
    value = _value(tree, call)
    statement = _statement(tree, value)
    parent = tree.parent(value)
    target, assigned = _assigned(statement)
    if isinstance(parent, cst.Subscript):
        (slot,) = call.slots
        if assigned is parent and isinstance(target, (cst.Name, cst.Attribute)):
            return Site(SiteKind.ASSIGNS, statement, (Take(slot, (parent,), target),), value)
        return Site(SiteKind.USES, statement, (Take(slot, (parent,)),), value)
    if isinstance(target, (cst.Tuple, cst.List)) and assigned is value:
        takes = (Take(slot, (), target.elements[slot].value) for slot in sorted(call.slots))
        return Site(SiteKind.ASSIGNS, statement, tuple(takes), value)
    if isinstance(target, cst.Name) and assigned is value:
        return Site(SiteKind.KEEPS, statement, tuple(_kept(tree, call, target)), value, target.value)
    raise Refusal("the result of a call is handed on as a whole")


def _assigned(statement: cst.CSTNode) -> tuple[cst.CSTNode | None, cst.CSTNode | None]:
    """The only target of an assignment and what is assigned to it."""
    match statement:
        case cst.Assign(targets=[cst.AssignTarget(target=target)], value=value):
            return target, value
    return None, None


def _kept(tree: Tree, call: GeneratorCall, target: cst.Name) -> Iterator[Take]:
    """What is read from the tuple that a call is assigned to."""
    function = tree.function(target)
    reads: dict[int, list[cst.BaseExpression]] = {}
    for name in tree.nodes(cst.Name):
        if name.value == target.value and function in set(tree.ancestors(name)):
            if [binding.node for binding in tree.names.bindings(name)] != [target]:
                raise Refusal(f"`{name.value}` has several meanings")
            subscript = cst.ensure_type(tree.parent(name), cst.Subscript)
            index = ast.literal_eval(tree.code(subscript.slice[0].slice))
            reads.setdefault(index % len(call.generator.roles), []).append(subscript)
    for slot, values in sorted(reads.items()):
        yield Take(slot, tuple(values))


def _value(tree: Tree, call: GeneratorCall) -> cst.BaseExpression:
    """The call, or what awaits it."""
    parent = tree.parent(call.node)
    return parent if isinstance(parent, cst.Await) else call.node


def _statement(tree: Tree, node: cst.CSTNode) -> cst.CSTNode:
    statements = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    return next(outer for outer in tree.ancestors(node) if isinstance(outer, statements))


def _check_arguments(tree: Tree, calls: Sequence[GeneratorCall], variables: Variables) -> None:
    """Raises Refusal where code between the calls might change what an argument is without naming it."""
    first = calls[0]
    scope = tree.scopes.places[first.node].scope
    for name in sorted(argument_names(first.arguments or ())):
        if variables.is_shared(name):
            raise Refusal(f"`{name}` may be changed by another function")
        bindings = tree.names.bindings_at(name, tree.scopes.places[first.node])
        is_global = any(binding.place.scope.kind is ScopeKind.MODULE for binding in bindings)
        if name not in scope.bindings and is_global and len(bindings) > 1:
            raise Refusal(f"`{name}` may be changed by another function")
    objects = _objects(first)
    if objects:
        _check_objects(tree, calls, objects, objects - scope.bindings.keys())


def _objects(call: GeneratorCall) -> frozenset[str]:
    """The variables of which the arguments read an attribute or an element."""
    nodes = (node for _, text in call.arguments or () for node in ast.walk(ast.parse(text, mode="eval")))
    inner = (
        node
        for outer in nodes
        if isinstance(outer, (ast.Attribute, ast.Subscript))
        for node in ast.walk(outer)
    )
    return frozenset(node.id for node in inner if isinstance(node, ast.Name))


def _check_objects(
    tree: Tree, calls: Sequence[GeneratorCall], objects: frozenset[str], foreign: frozenset[str]
) -> None:
    """Raises Refusal where an object may be another one, or be changed, at the last of the calls.

    A call can change an object that it is handed, and those that are not the function's own.
    """
    for node in _between(tree, calls):
        if isinstance(node, (cst.Await, cst.Yield)):
            raise Refusal("other code runs between the calls and may change the arguments")
        is_handed = isinstance(node, cst.Name) and node.value in objects and _is_in_call(tree, node)
        if is_handed or (foreign and isinstance(node, cst.Call) and not is_message(tree, node)):
            raise Refusal("an argument may be changed between the calls")


def _between(tree: Tree, calls: Sequence[GeneratorCall]) -> Iterator[cst.CSTNode]:
    """What is evaluated after the first call and before the last, without the calls themselves."""
    own = {node for call in calls for node in (call.node, _value(tree, call))}
    started = False
    for node in tree.scopes.places:
        if node is calls[-1].node:
            return
        is_relevant = started and isinstance(node, (cst.Await, cst.Yield, cst.Name, cst.Call))
        if is_relevant and own.isdisjoint((node, *tree.ancestors(node))):
            yield node
        started = started or node is calls[0].node


def _is_in_call(tree: Tree, node: cst.Name) -> bool:
    """Whether a call that is no message to people gets to see the variable."""
    for outer in tree.ancestors(node):
        if isinstance(outer, (cst.BaseStatement, cst.BaseSmallStatement)):
            return False
        if isinstance(outer, cst.Call):
            return not is_message(tree, node)
    return False
