"""Whether calls of the source bind to the real signatures of its generators."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ssot_lint.fixing.imports import Place
from ssot_lint.fixing.module import walk
from ssot_lint.fixing.scopes import own_expressions
from ssot_lint.source.contract import Contract
from ssot_lint.source.signature import bind


def misfits(statement: ast.stmt, place: Place, contract: Contract) -> Iterator[tuple[ast.Call, str]]:
    """The calls of generators in a statement that do not bind, and why not."""
    for call in calls_in(statement):
        qualified = _qualified(call.func, place)
        generator = None if qualified is None else contract.generator(qualified)
        if generator is None:
            continue
        keywords = [item.arg for item in call.keywords if item.arg is not None]
        stars = sum(isinstance(item, ast.Starred) for item in call.args)
        bound = bind(
            generator.parameters,
            len(call.args) - stars,
            keywords,
            star=bool(stars),
            double_star=len(keywords) < len(call.keywords),
        )
        if bound.error is not None:
            yield call, f"`{generator.name}` {bound.error}"


def calls_in(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls in a statement, or in the header of one that has blocks."""
    nodes = (node for part in own_expressions(statement) for node in walk(part))
    return (node for node in nodes if isinstance(node, ast.Call))


def _qualified(node: ast.expr, place: Place) -> str | None:
    """The dotted name of what is called, `()` for each call in it; None if its first name is not imported."""
    if isinstance(node, ast.Name):
        return place.meaning(node.id)
    if isinstance(node, ast.Attribute):
        base = _qualified(node.value, place)
        return None if base is None else f"{base}.{node.attr}"
    if isinstance(node, ast.Call):
        base = _qualified(node.func, place)
        return None if base is None else f"{base}()"
    return None
