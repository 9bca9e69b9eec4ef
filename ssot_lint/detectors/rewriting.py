"""Replaces one ID that is made by hand by the call of the source that makes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.columns import check_length
from ssot_lint.detectors.failing import tried
from ssot_lint.detectors.generation import Wanted, new_call
from ssot_lint.detectors.rawness import Raw, RawValues
from ssot_lint.detectors.roles import slot_of
from ssot_lint.detectors.safety import applicability, check, check_name
from ssot_lint.detectors.strings import Builder
from ssot_lint.detectors.values import Made, Refusal
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.model import Edit, Fix
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.spelling import spell
from ssot_lint.syntax.tree import Tree

_SEPARATORS = "_-:."
_NO_PREFIX = re.compile(r"[\s\\{}\"'<>=,;!?]")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*")


def rewrite(
    tree: Tree,
    made: Made,
    contract: Contract,
    context: Context,
    together: Mapping[cst.CSTNode, str],
    workshop: Workshop,
) -> Fix:
    """The fix of one site; raises Refusal with the reason where there is none that can be trusted.

    `together` has the expressions that belong together with others, and with which: see
    `pieces.belonging_for`.
    """
    _check_alone(tree, made.node, together)
    if "#" in tree.code(made.node) and _has_comment(made.node):
        raise Refusal("a comment in it would be lost")
    slot = slot_of(tree, made.node)
    check(tree, made, slot, context.text)
    wanted = _wanted(tree, made, slot.role)
    if wanted.head is not None and wanted.head not in contract.prefixes:
        check_name(wanted.head)
    if wanted.role is None and (slot.name is not None or not _is_prefix(made, wanted.head, contract)):
        raise Refusal(_unknown(slot.name))
    wanted = replace(wanted, tried=tried(workshop.lines, made.node))
    call = new_call(tree, contract, wanted)
    check_length(slot, call, context.text)
    code = _requoted(tree, made.node, call.code)
    shown = spell(code, lambda dotted: dotted.rpartition(".")[2])
    return Fix(
        applicability(made, slot, context), f"Make the ID with `{shown}`", (Edit(tree.span(made.node), code),)
    )


def _is_prefix(made: Made, head: str | None, contract: Contract) -> bool:
    """Whether what the string begins with says that it is an ID, wherever it goes."""
    if made.parts is None or head is None:
        return False
    separator = made.parts.texts[0][len(head) :]
    return head in contract.prefixes or (_PREFIX.fullmatch(head) is not None and separator in ("_", "-"))


def _unknown(name: str | None) -> str:
    """Why there is no role for a place of that name."""
    if name is None:
        return "nothing says that this is an ID by its name"
    if name.lower().strip("_") in ("id", "uuid"):
        return f"`{name}` does not say of what"
    return f"`{name}` is not an ID by its name"


def _check_alone(tree: Tree, node: cst.BaseExpression, together: Mapping[cst.CSTNode, str]) -> None:
    """IDs that share what they are made of, or are made for one thing, are not made apart from each other."""
    for part in (node, *tree.ancestors(node)) if together else ():
        if part in together:
            raise Refusal(f"it belongs together with {together[part]}")
        if isinstance(part, (cst.BaseStatement, cst.BaseSmallStatement)):
            return


def _has_comment(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Comment) or any(map(_has_comment, node.children))


def _wanted(tree: Tree, made: Made, role: str | None) -> Wanted:
    parts = made.parts
    if parts is None:
        return Wanted(made.node, role)
    if parts.values[-1] in parts.formatted:
        raise Refusal("the value is formatted")
    raws = RawValues(tree, is_whole=False)
    if any(raws.raw(value, steps=0) is Raw.RANDOM for value in parts.values[:-1]):
        raise Refusal("another part of it is random, too")
    if _NO_PREFIX.search("".join(parts.texts)):
        raise Refusal("what stands before it is no prefix")
    head = parts.texts[0].rstrip(_SEPARATORS)
    if len(parts.values) == 1:
        return Wanted(made.node, role, head or None)
    return Wanted(made.node, role, head or None, _prefix_code(tree, made.node, parts))


def _prefix_code(tree: Tree, node: cst.BaseExpression, parts: Builder) -> str:
    """The code of everything that stood before the raw ID, as it was written."""
    kept = _before(node, parts.values[-1])
    if kept is None:
        raise Refusal("the prefix cannot be written by itself")
    return tree.code(kept.with_changes(lpar=(), rpar=()))


def _before(node: cst.BaseExpression, last: cst.BaseExpression) -> cst.BaseExpression | None:
    """What is left of a built text without its last value and the separators before it; None if nothing is."""
    match node:
        case cst.FormattedString():
            return _with_parts(node, node.parts[:-1])
        case cst.BinaryOperation(operator=cst.Add()) | cst.ConcatenatedString():
            right = None if node.right is last else _before(node.right, last)
            return _without_end(node.left) if right is None else node.with_changes(right=right)
    return None


def _without_end(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """A text without the separators at its end; None if nothing else is in it."""
    match node:
        case cst.SimpleString():
            text = node.raw_value.rstrip(_SEPARATORS)
            return node.with_changes(value=f"{node.prefix}{node.quote}{text}{node.quote}") if text else None
        case cst.FormattedString():
            return _with_parts(node, node.parts)
        case cst.BinaryOperation(operator=cst.Add()) | cst.ConcatenatedString():
            right = _without_end(node.right)
            return _without_end(node.left) if right is None else node.with_changes(right=right)
    return node


def _with_parts(
    node: cst.FormattedString, parts: Sequence[cst.BaseFormattedStringContent]
) -> cst.FormattedString | None:
    kept = list(parts)
    if kept and isinstance(kept[-1], cst.FormattedStringText):
        text = kept[-1].value.rstrip(_SEPARATORS)
        kept[-1:] = [cst.FormattedStringText(text)] if text else []
    return node.with_changes(parts=kept) if kept else None


def _requoted(tree: Tree, node: cst.BaseExpression, code: str) -> str:
    """`code` in other quotes than the f-string around it, which may not hold its own before Python 3.12."""
    for outer in tree.ancestors(node):
        if isinstance(outer, cst.FormattedString):
            if '"' in outer.quote and "'" not in code:
                code = code.replace('"', "'")
            if outer.quote[0] in code:
                raise Refusal("the quotes would end the string around it")
    return code
