"""Replaces one ID that is made by hand by the call of the source that makes it."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.generation import Wanted, new_call, text_code
from ssot_lint.detectors.roles import slot_of
from ssot_lint.detectors.safety import applicability, check, check_length
from ssot_lint.detectors.strings import Builder
from ssot_lint.detectors.values import Made, Refusal
from ssot_lint.model import Edit, Fix
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.spelling import spell
from ssot_lint.syntax.tree import Tree

_SEPARATORS = "_-:."
_UNQUOTABLE = ("'", '"', "\\", "{", "}", "\n", "#")


def rewrite(
    tree: Tree, made: Made, contract: Contract, context: Context, together: Mapping[cst.CSTNode, str]
) -> Fix:
    """The fix of one site; raises Refusal with the reason where there is none that can be trusted.

    `together` has the expressions that belong together with others, and with which: see
    `pieces.belonging_for`.
    """
    _check_alone(tree, made.node, together)
    slot = slot_of(tree, made.node)
    check(tree, made, slot, context.text)
    wanted = _wanted(tree, made, slot.role)
    if wanted.role is None and (wanted.head is None or slot.name is not None):
        what = f"`{slot.name}` is not" if slot.name else "nothing says that this is"
        raise Refusal(f"{what} an ID by its name")
    call = new_call(tree, contract, wanted)
    check_length(slot, call)
    code = _requoted(tree, made.node, call.code)
    shown = spell(code, lambda dotted: dotted.rpartition(".")[2])
    return Fix(
        applicability(made, context), f"Make the ID with `{shown}`", (Edit(tree.span(made.node), code),)
    )


def _check_alone(tree: Tree, node: cst.BaseExpression, together: Mapping[cst.CSTNode, str]) -> None:
    """IDs that share what they are made of, or are made for one thing, are not made apart from each other."""
    for part in (node, *tree.ancestors(node)) if together else ():
        if part in together:
            raise Refusal(f"it belongs together with {together[part]}")
        if isinstance(part, (cst.BaseStatement, cst.BaseSmallStatement)):
            return


def _wanted(tree: Tree, made: Made, role: str | None) -> Wanted:
    parts = made.parts
    if parts is None:
        return Wanted(made.node, role)
    head = parts.texts[0].rstrip(_SEPARATORS)
    if len(parts.values) == 1:
        return Wanted(made.node, role, head or None)
    return Wanted(made.node, role, head or None, _prefix_code(tree, made.node, parts))


def _prefix_code(tree: Tree, node: cst.BaseExpression, parts: Builder) -> str:
    """An expression for everything that stood before the raw ID; its parts are evaluated in their order."""
    if isinstance(node, cst.FormattedString):
        return _shortened(tree, node)
    codes = [tree.code(value) for value in parts.values[:-1]]
    if any(mark in code for code in codes for mark in _UNQUOTABLE) or isinstance(node, cst.Call):
        raise Refusal("the prefix cannot be written as one f-string")
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
        raise Refusal("the prefix cannot be written as one f-string")
    texts = [text_code(text)[1:-1].replace("{", "{{").replace("}", "}}") for text in parts.texts[:-1]]
    texts[-1] = texts[-1].rstrip(_SEPARATORS)
    fields = [f"{{{code}}}" for code in codes]
    return 'f"' + "".join(text + field for text, field in zip(texts, [*fields, ""], strict=True)) + '"'


def _shortened(tree: Tree, node: cst.FormattedString) -> str:
    """The f-string without its last field and the separator before it."""
    kept = list(node.parts[:-1])
    if kept and isinstance(kept[-1], cst.FormattedStringText):
        text = kept[-1].value.rstrip(_SEPARATORS)
        kept[-1:] = [cst.FormattedStringText(text)] if text else []
    return tree.code(node.with_changes(parts=kept, lpar=(), rpar=()))


def _requoted(tree: Tree, node: cst.BaseExpression, code: str) -> str:
    """`code` in other quotes than the f-string around it, which may not hold its own before Python 3.12."""
    for outer in tree.ancestors(node):
        if isinstance(outer, cst.FormattedString):
            if '"' in outer.quote and "'" not in code:
                code = code.replace('"', "'")
            if outer.quote[0] in code:
                raise Refusal("the quotes would end the string around it")
    return code
