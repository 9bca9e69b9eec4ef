from __future__ import annotations

import re

import libcst as cst
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider
from marked import unmark
from programs import modules

from ssot_lint.model import Position, Span
from ssot_lint.syntax.binder import build
from ssot_lint.syntax.names import Names
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.positions import Layout
from ssot_lint.syntax.reduction import CannotReduceError, reduce
from ssot_lint.syntax.tree import Tree

# The expressions between « and » are all alike, and there is no other like them.
MARKED = {
    "name": "x = «here»",
    "attribute": "x = «a.here»",
    "call": "x = «a.here(1)»",
    "several on a row": "«here», b, «here»",
    "several on rows": "«here»\nb\n«here»",
    "same name in a string and a comment": "'here', «here»  # here",
    "same name as an attribute, keyword and parameter": "def f(here): x.here(here=«here»)",
    "behind a tab": "if a:\n\t«here»",
    "behind a form feed": "\f«here»",
    "behind wide characters": "'\u00e4\u6f22\U0001f600', «here»",
    "in brackets over rows": "f(\n    1,\n    «here»,\n)",
    "over rows": "«a(\n    1,\n)»\nb",
    "over rows, indented": "if a:\n    «a(\n        1,\n    )»\n    b",
    "behind a continued row": "x = 1 + \\\n  «here»",
    "in an f-string": "f'a {«here»} b'",
    "in an f-string over rows": "f'''\na {\n  «here»\n} b {«here»:>{«here»}}\n'''",
    "in a nested f-string": "f'{f\"{«here»}\"} {«here»}'",
    "string": "x = «'here'»",
    "strings": "f(«'here'», \"here\", «'here'»)",
    "string behind an f-string": "f'{a}' + «'here'»",
    "string in an f-string": "f'{a[«\"here\"»]} b' + x",
    "f-string": "x = «f'here {a} {b}'»",
    "f-string with a prefix of two letters": "x = «rf'here {a}'», f'{b}'",
    "strings in a row": "x = (\n  «'here'\n  'there'»\n)",
    "conditional expression, out of order in the tree": "«a.here» if a.b else «a.here»",
    "keyword arguments": "f(a=«here», b=«here»)",
    "decorator": "@f(«here»)\n# comment\n@g(«here»)\ndef f(a=«here») -> «here»: pass",
    "parameters of all kinds": "def f(a=«here», /, b=«here», *c, d=«here», **e): «here»",
    "lambda": "lambda a=«here»: «here»",
    "class": "class A(«here», a=«here»): «here»",
    "comprehension, out of order in the tree": "[«here» for a in «here» if «here»]",
    "dict comprehension": "{«here»: «here» for a in «here»}",
    "annotations": "a: «here» = «here»\nb: «here»",
    "statements on a row": "«here»; x = «here»; del a",
    "suite on a row": "if «here»: «here»\nelse: «here»",
    "loop": "for a in «here»: «here»\nelse: «here»",
    "with": "with «here» as a, «here» as b: «here»",
    "try": "try: «here»\nexcept «here» as e: «here»\nelse: «here»\nfinally: «here»",
    "match": "match «here»:\n  case f(a=1) if «here»: «here»\n  case _:\n    «here»",
    "import": "from a import b\n«here»",
    "assertion": "assert «here», «here»",
    "comparison": "«here» < «here» < a",
    "slice": "a[«here»:«here», «here»]",
    "walrus": "(a := «here») + «here»",
    "CRLF": "a\r\nb = (\r\n  «here»)\r\n«here»\r\n",
}


@pytest.mark.parametrize("code", MARKED.values(), ids=MARKED)
def test_where_expressions_stand(code: str) -> None:
    text, expected = unmark(code)
    wanted = re.split("[«»]", code)[1]
    tree = _tree(text, _layout(text))
    spans = {
        tree.span(node)
        for node in tree.scopes.places
        if isinstance(node, cst.BaseExpression) and _bare(tree, node) == "".join(wanted.split())
    }
    assert spans == set(expected)


def _bare(tree: Tree, node: cst.BaseExpression) -> str:
    """The code without the parentheses around it and without white space."""
    return "".join(tree.code(node.with_changes(lpar=(), rpar=())).split())


PROPERTY = settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@PROPERTY
@given(modules())
def test_positions_are_those_of_the_provider(text: str) -> None:
    module = cst.parse_module(text)
    assume(module.code == text)  # LibCST loses form feeds, and the space in `except E :`
    tree = _tree(text, _layout(text), module)
    assert {node: tree.span(node) for node in _expressions(tree)} == _provided(tree)


@PROPERTY
@given(modules(), st.data())
def test_positions_in_a_reduction_are_those_in_the_file(text: str, data: st.DataObject) -> None:
    outline = Outline(text)
    kept = data.draw(st.sets(st.sampled_from([*outline.lines()]), max_size=8))
    try:
        reduced = reduce(outline, kept, ())
    except CannotReduceError:
        return
    tree = _tree(reduced.text, Layout(reduced.text, reduced.lines, reduced.rows))
    rows = text.split("\n")
    for node in _expressions(tree):
        span = tree.span(node)
        if isinstance(node, cst.Name) and not node.lpar:
            assert rows[span.start.row - 1][span.start.column - 1 :].startswith(node.value)
            assert span.end == Position(span.start.row, span.start.column + len(node.value))


def _layout(text: str) -> Layout:
    outline = Outline(text)
    return Layout(text, [outline.head(line) for line in outline.lines() if not outline.is_blank(line)])


def _tree(text: str, layout: Layout, module: cst.Module | None = None) -> Tree:
    module = module or cst.parse_module(text)
    scopes = build(module, ())
    return Tree(module, scopes, Names(scopes, ()), layout)


def _expressions(tree: Tree) -> list[cst.CSTNode]:
    return [node for node in tree.scopes.places if isinstance(node, cst.BaseExpression)]


def _provided(tree: Tree) -> dict[cst.CSTNode, Span]:
    positions = MetadataWrapper(tree.module, unsafe_skip_copy=True).resolve(PositionProvider)
    return {
        node: Span(
            Position(positions[node].start.line, positions[node].start.column + 1),
            Position(positions[node].end.line, positions[node].end.column + 1),
        )
        for node in _expressions(tree)
    }
