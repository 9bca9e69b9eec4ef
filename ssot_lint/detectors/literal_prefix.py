"""Finds strings that are put together behind a prefix that the source owns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.freshness import is_fresh
from ssot_lint.detectors.pieces import belonging_for
from ssot_lint.detectors.rewriting import rewrite
from ssot_lint.detectors.slots import is_compared, is_key, is_message, no_id_slot
from ssot_lint.detectors.strings import Builder, builder
from ssot_lint.detectors.values import Made, Refusal, is_cut
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.kinds.literal_prefix import Params, head
from ssot_lint.source.contract import Contract, Prefix
from ssot_lint.syntax.tree import Tree

_BUILDERS = (cst.FormattedString, cst.ConcatenatedString, cst.BinaryOperation, cst.Call)


@dataclass(frozen=True, slots=True, eq=False)
class _Built:
    node: cst.BaseExpression
    head: cst.BaseExpression
    parts: Builder
    prefix: Prefix


def find(tree: Tree, params: Params, context: Context) -> Iterator[Sighting]:
    contract = context.contract
    if contract is None:
        return
    together = belonging_for(tree, context)
    workshop = Workshop(tree, context.text)
    for built in _built_strings(tree, contract):
        if _is_no_id(tree, built) or _is_handed_to_source(tree, built.node, contract):
            continue
        fresh = any(is_fresh(tree, value) for value in built.parts.values)
        if fresh or params.derived:
            yield _sighting(tree, built, fresh, context, together, workshop)


def _sighting(
    tree: Tree,
    built: _Built,
    fresh: bool,
    context: Context,
    together: Mapping[cst.CSTNode, str],
    workshop: Workshop,
) -> Sighting:
    message = _message(built.prefix, fresh)
    if not context.with_fixes or context.contract is None:
        return Sighting(built.head, message)
    try:
        made = _made(tree, built, fresh)
        fix = rewrite(tree, made, context.contract, context, together, workshop)
        return Sighting(built.head, message, fix)
    except Refusal as refusal:
        return Sighting(built.head, message, reason=str(refusal))


def _made(tree: Tree, built: _Built, fresh: bool) -> Made:
    """The ID that the string is; raises Refusal where a new call would not mean the same."""
    last = built.parts.values[-1]
    if not fresh:
        raise Refusal("a derived key must never become a fresh ID")
    if built.parts.texts[-1] or (not is_fresh(tree, last) and any(_fresh_parts(tree, built))):
        raise Refusal("the fresh part is followed by more text")
    if not is_fresh(tree, last, steps=0):
        raise Refusal("the fresh part has a name, and others may share it")
    return Made(built.node, True, 0 if is_cut(last) else None, built.parts)


def _fresh_parts(tree: Tree, built: _Built) -> Iterator[bool]:
    return (is_fresh(tree, value, steps=0) for value in built.parts.values)


def _built_strings(tree: Tree, contract: Contract) -> Iterator[_Built]:
    heads = {f"{prefix.text}{prefix.separator}": prefix for prefix in contract.prefixes.values()}
    built = {
        node: parts for kind in _BUILDERS for node in tree.nodes(kind) if (parts := builder(node)) is not None
    }
    nested = {node for parts in built.values() for node in parts.nested}
    written = re.compile(head(contract))
    for node, parts in built.items():
        prefix = heads.get(parts.texts[0])
        if prefix is None or parts.head is None or node in nested:
            continue
        if written.search(tree.code(parts.head)):
            yield _Built(node, parts.head, parts, prefix)


def _is_no_id(tree: Tree, built: _Built) -> bool:
    text = "".join(built.parts.texts)
    return (
        any(character.isspace() or character == "\\" for character in text)
        or is_message(tree, built.node)
        or is_key(tree, built.node)
        or is_compared(tree, built.node)
        or no_id_slot(tree, built.head) is not None
        or any(no_id_slot(tree, value) is not None for value in built.parts.values)
    )


def _is_handed_to_source(tree: Tree, node: cst.BaseExpression, contract: Contract) -> bool:
    generators = {generator.name for source in contract.sources for generator in source.generators}
    for outer in tree.ancestors(node):
        if isinstance(outer, (cst.BaseStatement, cst.BaseSmallStatement)):
            return False
        if isinstance(outer, cst.Call):
            function = outer.func
            name = function.attr if isinstance(function, cst.Attribute) else function
            if isinstance(name, cst.Name) and name.value in generators:
                return True
    return False


def _message(prefix: Prefix, fresh: bool) -> str:
    if fresh:
        made = f"an ID with the prefix `{prefix.text}` is put together by hand"
        return f"{made}; only its source `{prefix.generator}` may"
    return f"a key with the prefix `{prefix.text}`, which belongs to its source `{prefix.generator}`"
