"""What a value is for, as far as the place shows it to which it goes."""

from __future__ import annotations

import re

import libcst as cst

from ssot_lint.kinds.forbidden_call import FILE_CALLS, FILE_WORDS
from ssot_lint.syntax.binder import dotted
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.tree import Tree

_FILE_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")
_LOG_CALLS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"})
_SEARCHES = frozenset({"startswith", "endswith", "removeprefix", "find", "index", "count", "match", "search"})
_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "warnings", "console"})


def no_id_slot(tree: Tree, node: cst.CSTNode) -> str | None:
    """What the string is that `node` becomes a part of, if that is plainly no ID: "an e-mail address"."""
    for inner, outer in _upward(tree, node):
        if isinstance(outer, cst.FormattedString):
            text = "".join(part.value for part in outer.parts if isinstance(part, cst.FormattedStringText))
            if (found := _by_text(text)) is not None:
                return found
        if isinstance(outer, cst.BinaryOperation):
            if isinstance(outer.operator, cst.Divide) and outer.right is inner:
                return "a file name"
            text = "".join(literal_text(side) or "" for side in (outer.left, outer.right))
            if (found := _by_text(text)) is not None:
                return found
        if isinstance(outer, cst.Arg) and (found := _by_call(tree, outer)) is not None:
            return found
    target = target_name(tree, node)
    if target is not None and target.lower().split("_")[-1] in FILE_WORDS:
        return "a file name"
    return None


def is_message(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether `node` is part of what is logged, printed or raised."""
    for outer in tree.ancestors(node):
        if isinstance(outer, cst.Raise):
            return True
        if isinstance(outer, (cst.BaseStatement, cst.BaseSmallStatement)):
            return False
        if isinstance(outer, cst.Call) and _is_logging(outer.func):
            return True
    return False


def is_key(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether `node` is the key of a dict display or of a subscript."""
    for inner, outer in _upward(tree, node):
        if isinstance(outer, cst.DictElement):
            return outer.key is inner
        if isinstance(outer, cst.DictComp):
            return outer.key is inner
        if isinstance(outer, (cst.Index, cst.SubscriptElement)):
            return True
        if isinstance(outer, (cst.Arg, cst.BaseSmallStatement)):
            return False
    return False


def is_compared(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether `node` is only looked for: an operand of a comparison, or what a text is asked to begin with."""
    outer = tree.parent(node)
    if isinstance(outer, (cst.Comparison, cst.ComparisonTarget)):
        return True
    call = tree.parent(outer) if isinstance(outer, cst.Arg) else None
    return isinstance(call, cst.Call) and _last_name(call.func) in _SEARCHES


def target_name(tree: Tree, node: cst.CSTNode) -> str | None:
    """The name of the variable, attribute or keyword that the statement or call gives the value of `node`."""
    for outer in tree.ancestors(node):
        if isinstance(outer, cst.Arg) and outer.keyword is not None:
            return outer.keyword.value
        if isinstance(outer, cst.Assign) and len(outer.targets) == 1:
            return _last_name(outer.targets[0].target)
        if isinstance(outer, cst.AnnAssign):
            return _last_name(outer.target)
        if isinstance(outer, (cst.Arg, cst.BaseStatement, cst.BaseSmallStatement)):
            return None
    return None


def _upward(tree: Tree, node: cst.CSTNode) -> list[tuple[cst.CSTNode, cst.CSTNode]]:
    """The steps from `node` to its statement, as pairs of a node and the node around it."""
    steps = []
    inner = node
    for outer in tree.ancestors(node):
        if isinstance(outer, (cst.BaseStatement, cst.BaseSmallStatement, cst.Lambda)):
            break
        steps.append((inner, outer))
        inner = outer
    return steps


def _by_text(text: str) -> str | None:
    if "@" in text and " " not in text:
        return "an e-mail address"
    if "://" in text:
        return "a URL"
    if _FILE_NAME.search(text) or text.startswith("/"):
        return "a file name"
    return None


def _by_call(tree: Tree, argument: cst.Arg) -> str | None:
    call = tree.parent(argument)
    if isinstance(call, cst.Call) and argument.keyword is None and _last_name(call.func) in FILE_CALLS:
        receiver = call.func.value if isinstance(call.func, cst.Attribute) else None
        if _last_name(call.func) != "join" or (receiver is not None and _last_name(receiver) == "path"):
            return "a file name"
    return None


def _last_name(node: cst.CSTNode) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else None


def _is_logging(function: cst.BaseExpression) -> bool:
    if isinstance(function, cst.Name):
        return function.value == "print"
    name = dotted(function)
    if name is None or not isinstance(function, cst.Attribute):
        return False
    receiver = name.split(".")[-2].lower()
    return function.attr.value in _LOG_CALLS and (
        receiver in _LOGGERS or receiver.endswith(("logger", "_log"))
    )
