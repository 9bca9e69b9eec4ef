"""Code that stands in for something that has failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from ssot_lint.detectors.lines import Lines
from ssot_lint.syntax.tree import Tree


def failed_call(tree: Tree, node: cst.CSTNode, calls: Sequence[cst.Call]) -> cst.CSTNode | None:
    """The innermost handler around `node` whose `try` has one of the calls in it."""
    for outer in tree.ancestors(node):
        if isinstance(outer, cst.FunctionDef):
            return None
        statement = tree.parent(outer)
        match statement:
            case cst.Try(body=body) | cst.TryStar(body=body) if outer in statement.handlers:
                if any(body in tuple(tree.ancestors(call)) for call in calls):
                    return outer
    return None


def tried(lines: Lines, node: cst.CSTNode) -> str:
    """The code whose failure may have led to `node`, which a reduction need not have; empty if none may."""
    return "".join(_tried(lines, lines.line(node))) if "except" in lines.text else ""


def _tried(lines: Lines, line: int) -> Iterator[str]:
    outline = lines.outline
    for header in (line, *outline.ancestors(line)):
        if outline.is_function(header):
            return
        if outline.keyword(header) == "except":
            width = outline.width(header)
            beside = (other for other in outline.lines_before(header) if outline.width(other) == width)
            first = next((other for other in beside if outline.keyword(other) == "try"), 0)
            yield lines.text[first:header]
