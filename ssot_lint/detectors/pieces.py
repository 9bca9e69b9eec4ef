"""IDs that are made one by one in a function although one generator of the source makes them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.makers import maker, named_values
from ssot_lint.detectors.rawness import RawValues
from ssot_lint.detectors.roles import role_of_name, slot_of
from ssot_lint.detectors.strings import builder
from ssot_lint.detectors.values import Made
from ssot_lint.kinds.piecewise_generation import spellings, tuple_generators
from ssot_lint.source.contract import Contract, Generator, Source
from ssot_lint.syntax.flow import on_one_path
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.scopes import Binding
from ssot_lint.syntax.tree import Tree


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An expression that makes an ID for `role` by hand.

    `holder` is what the ID becomes a part of: a call or a dict for a keyword or an entry, the statement for a
    variable, attribute or element. `own` are the raw variables that only such IDs are made of, `others` the
    values in it, and in those, that are not raw.
    """

    made: Made
    role: str
    holder: cst.CSTNode
    own: tuple[Binding, ...] = ()
    others: tuple[cst.BaseExpression, ...] = ()

    @property
    def node(self) -> cst.BaseExpression:
        return self.made.node


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Pieces for different roles of one generator, in the order of the text."""

    generator: Generator
    source: Source
    pieces: tuple[Piece, ...]


def piece_groups(tree: Tree, contract: Contract, is_whole: bool) -> list[Group]:
    """The pieces that belong together, each in one group only; `is_whole` as `RawValues` has it."""
    raws = RawValues(tree, is_whole)
    groups: list[Group] = []
    for generator, source in tuple_generators(contract):
        roles = {name: role for role in generator.roles for name in spellings(role)}
        grouped = {piece.node for group in groups for piece in group.pieces}
        for function, candidates in _candidates(tree, raws, roles).items():
            left = [candidate for candidate in candidates if candidate.node not in grouped]
            related = _related(tree, _pieces(tree, raws, function, left, roles))
            groups += (Group(generator, source, tuple(members)) for members in related)
    return groups


def belonging_for(tree: Tree, context: Context) -> Mapping[cst.CSTNode, str]:
    """For every piece, and every value that pieces share: the roles that it belongs together with.

    Empty where no fixes are asked for, as it matters to them only.
    """
    found: dict[cst.CSTNode, str] = {}
    if not context.with_fixes or context.contract is None:
        return found
    for group in piece_groups(tree, context.contract, is_whole=False):
        everyone = listed([piece.role for piece in group.pieces])
        for piece in group.pieces:
            found.update({binding.value: everyone for binding in piece.own if binding.value is not None})
        for piece in group.pieces:
            found[piece.node] = listed([other.role for other in group.pieces if other is not piece])
    return found


def listed(names: Sequence[str]) -> str:
    """The names in code marks, as a sentence lists them."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def _candidates(tree: Tree, raws: RawValues, roles: Mapping[str, str]) -> dict[cst.FunctionDef, list[Piece]]:
    """What is made by hand under the name of a role, by function; some may be derived from other IDs."""
    found: dict[cst.FunctionDef, list[Piece]] = defaultdict(list)
    for name, value, holder in named_values(tree, roles):
        function = tree.scopes.places[value].scope.node
        made = maker(raws, value) if isinstance(function, cst.FunctionDef) else None
        if made is not None and slot_of(tree, made.node).role == roles[name]:
            assert isinstance(function, cst.FunctionDef)
            found[function].append(Piece(made, roles[name], holder))
    return found


def _pieces(
    tree: Tree,
    raws: RawValues,
    function: cst.FunctionDef,
    candidates: Sequence[Piece],
    roles: Mapping[str, str],
) -> list[Piece]:
    """The candidates that are not derived from another ID, in the order of the text."""
    nodes = {candidate.node for candidate in candidates}

    def is_own(name: str) -> bool:
        """Whether a variable is there only to make such IDs of it, and is not one itself."""
        return name not in roles and (
            role_of_name(name) is None
            or all(not nodes.isdisjoint(tree.ancestors(read)) for read in _reads(tree, function, name))
        )

    pieces = []
    for candidate in candidates:
        variables = {binding: name.value for name, binding in raws.variables_in(candidate.node)}
        own = tuple(binding for binding, name in variables.items() if is_own(name))
        parts = candidate.made.parts
        values = parts.values if parts is not None else (candidate.node,)
        if any(_is_fresh(raws, value, own) for value in values):
            others = tuple(other for value in values for other in _others(raws, value, own))
            pieces.append(replace(candidate, own=own, others=others))
    return sorted(pieces, key=lambda piece: tree.span(piece.node).start)


def _others(
    raws: RawValues, value: cst.BaseExpression, own: Sequence[Binding]
) -> Iterator[cst.BaseExpression]:
    """What a value is made of, by way of its own variables, that is not raw."""
    if not _is_fresh(raws, value, own):
        yield value
        return
    for _, binding in raws.variables_in(value):
        parts = builder(binding.value) if binding in own and binding.value is not None else None
        for part in parts.values if parts is not None else ():
            yield from _others(raws, part, own)


def _reads(tree: Tree, function: cst.FunctionDef, name: str) -> Iterator[cst.Name]:
    for node in tree.nodes(cst.Name):
        if node.value == name and function in tuple(tree.ancestors(node)):
            yield node


def _is_fresh(raws: RawValues, value: cst.BaseExpression, own: Sequence[Binding]) -> bool:
    if raws.raw(value, steps=0) is not None:
        return True
    return any(binding in own for _, binding in raws.variables_in(value))


def _related(tree: Tree, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces for different roles that are made in one pass for one thing, two or more at a time."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        for group in groups:
            is_new = all(other.role != piece.role for other in group)
            is_related = is_new and any(_belong(tree, other, piece) for other in group)
            if is_related and on_one_path(tree, group[0].node, piece.node):
                group.append(piece)
                break
        else:
            groups.append([piece])
    yield from (group for group in groups if len(group) > 1)


def _belong(tree: Tree, first: Piece, second: Piece) -> bool:
    """Whether two IDs are for one thing: variables, parts of one object, entries of one call."""
    return (
        _owner(tree, first) == _owner(tree, second)
        or is_used_in(first, second.holder)
        or is_used_in(second, first.holder)
    )


def _owner(tree: Tree, piece: Piece) -> object:
    """What pieces have in common that are for one thing."""
    match piece.holder:
        case cst.Assign(targets=[cst.AssignTarget(target=target)]) | cst.AnnAssign(target=target):
            return tree.code(target.value) if isinstance(target, (cst.Attribute, cst.Subscript)) else ""
    return piece.holder


def is_used_in(piece: Piece, holder: cst.CSTNode) -> bool:
    """Whether the variable of a piece is handed to the call, or put into the dict, `holder`."""
    match piece.holder:
        case cst.Assign(targets=[cst.AssignTarget(target=target)]) | cst.AnnAssign(target=target):
            name = target.value if isinstance(target, cst.Name) else None
        case _:
            return False
    return any(isinstance(value, cst.Name) and value.value == name for _, value in entries(holder))


def entries(holder: cst.CSTNode) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The arguments of a call or the values of a dict, with their keywords or keys, empty without one."""
    if isinstance(holder, cst.Call):
        for argument in holder.args:
            yield argument.keyword.value if argument.keyword else "", argument.value
    elif isinstance(holder, cst.Dict):
        for element in holder.elements:
            if isinstance(element, cst.DictElement):
                yield literal_text(element.key) or "", element.value
