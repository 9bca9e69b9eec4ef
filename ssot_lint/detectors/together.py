"""Makes IDs together that were made one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.arguments import arguments_for
from ssot_lint.detectors.calls import generator_calls
from ssot_lint.detectors.columns import check_length
from ssot_lint.detectors.failing import failed_call, tried
from ssot_lint.detectors.generation import NewCall, Wanted, call_code, generic_call, prefix_for
from ssot_lint.detectors.leftovers import Leftovers
from ssot_lint.detectors.lines import Lines
from ssot_lint.detectors.pieces import Group, Piece
from ssot_lint.detectors.rawness import RawValues
from ssot_lint.detectors.roles import slot_of
from ssot_lint.detectors.safety import applicability, check
from ssot_lint.detectors.sites import Site, SiteKind, Take, Task, joined
from ssot_lint.detectors.taking import take_together
from ssot_lint.detectors.values import Refusal
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.model import Applicability, Edit, Fix
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.tree import Tree

_UNQUOTABLE = ("'", '"', "\\", "{", "}", "\n", "#")


def make_together(tree: Tree, group: Group, contract: Contract, workshop: Workshop, context: Context) -> Fix:
    """The fix of one group; raises Refusal with the reason where there is none that can be trusted."""
    for piece in group.pieces:
        check(tree, piece.made, slot_of(tree, piece.node), context.text)
    function = tree.function(group.pieces[0].node)
    assert isinstance(function, cst.FunctionDef)
    lines, variables = workshop.lines, workshop.variables(function)
    raws = RawValues(tree, is_whole=True)
    leftovers = Leftovers(tree, raws, lines, variables, [piece.node for piece in group.pieces])
    dropped = leftovers.drop([binding for piece in group.pieces for binding in piece.own])
    name = group.generator.name
    calls = [call.node for call in generator_calls(tree, contract) if call.generator is group.generator]
    if _stands_in_for_failure(tree, group, calls):
        message = f"Make each with its own prefix, as `{name}` has just failed"
        edits = [_alone(tree, lines, piece, contract) for piece in group.pieces]
        edits += map(lines.remove, dropped)
    else:
        message = f"Make them together with one call of `{name}`"
        # The calls that are there may be merged at the same time, and get the other names then.
        is_called = any(tree.function(call) is function for call in calls)
        prefixes = ("made_",) if is_called else ("", "new_")
        edits = take_together(_task(tree, raws, workshop, group, prefixes, dropped))
    safety = {applicability(piece.made, slot_of(tree, piece.node), context) for piece in group.pieces}
    worst = Applicability.UNSAFE if Applicability.UNSAFE in safety else Applicability.SAFE
    return Fix(worst, message, tuple(edits))


def _stands_in_for_failure(tree: Tree, group: Group, calls: Sequence[cst.Call]) -> bool:
    """Whether the IDs are made because one of `calls` failed; raises Refusal if that is so for some only."""
    failing = {failed_call(tree, piece.node, calls) for piece in group.pieces}
    if len(failing) > 1:
        raise Refusal(f"only some of them are made where `{group.generator.name}` fails")
    return failing != {None}


def _alone(tree: Tree, lines: Lines, piece: Piece, contract: Contract) -> Edit:
    """One ID by the generator of any role, behind the prefix of its own, with what else was part of it."""
    wanted = Wanted(piece.node, piece.role, tried=tried(lines, piece.node))
    if piece.others:
        prefix = prefix_for(contract, wanted)
        wanted = replace(wanted, prefix_code=_prefix_code(tree, piece, prefix, contract))
    call = generic_call(tree, contract, wanted)
    check_length(slot_of(tree, piece.node), call, lines.text)
    return lines.replace(piece.node, call.code)


def _prefix_code(tree: Tree, piece: Piece, prefix: str, contract: Contract) -> str:
    owned = contract.prefixes.get(prefix)
    separator = owned.separator if owned is not None else "_"
    node = piece.node
    if not isinstance(node, cst.FormattedString) or any(
        part.conversion or part.format_spec is not None
        for part in node.parts
        if isinstance(part, cst.FormattedStringExpression)
    ):
        raise Refusal("the prefix cannot be written as one f-string")
    codes = [tree.code(value) for value in piece.others]
    if any(mark in code for code in codes for mark in _UNQUOTABLE):
        raise Refusal("the prefix cannot be written as one f-string")
    return f'f"{separator.join([prefix, *(f"{{{code}}}" for code in codes)])}"'


def _task(
    tree: Tree,
    raws: RawValues,
    workshop: Workshop,
    group: Group,
    prefixes: tuple[str, ...],
    dropped: Collection[int],
) -> Task:
    """What is to be done so that one call of the generator makes all of a group."""
    first = group.pieces[0].node
    function = tree.function(first)
    assert isinstance(function, cst.FunctionDef)
    sites = [_site(tree, piece, _slot(tree, group, piece, workshop.lines.text)) for piece in group.pieces]
    calls = (call for call in tree.nodes(cst.Call) if tree.function(call) is function)
    code = call_code(tree, first, group.generator, group.source, arguments_for(tree, group))
    return Task(
        tree=tree,
        lines=workshop.lines,
        variables=workshop.variables(function),
        sites=joined(sites),
        code=code[1:-1] if group.generator.is_async else code,
        roles=group.generator.roles,
        prefixes=prefixes,
        dropped=dropped,
        harmless=[call for call in calls if raws.raw(call) is not None and raws.does_nothing_else(call)],
    )


def _slot(tree: Tree, group: Group, piece: Piece, text: str) -> int:
    """Which result of the generator a piece becomes; raises Refusal if that would not do."""
    generator = group.generator
    if generator.may_return_none:
        raise Refusal(f"`{generator.name}` may return None")
    slot = generator.roles.index(piece.role)
    made = generator.default_formats[slot]
    if not made.unique:
        raise Refusal(f"`{generator.name}` does not make `{piece.role}` unique")
    check_length(slot_of(tree, piece.node), NewCall("", generator, made.longest), text)
    return slot


def _site(tree: Tree, piece: Piece, slot: int) -> Site:
    match piece.holder:
        case cst.Assign(targets=[cst.AssignTarget(target=target)], value=value) if value is piece.node:
            if isinstance(target, (cst.Name, cst.Attribute)):
                return Site(SiteKind.ASSIGNS, piece.holder, (Take(slot, (value,), target),))
    statements = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    statement = next(outer for outer in tree.ancestors(piece.node) if isinstance(outer, statements))
    return Site(SiteKind.USES, statement, (Take(slot, (piece.node,)),))
