from __future__ import annotations

import ast
import re
import warnings

import hypothesmith
import libcst as cst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider
from programs import NAMES, modules

from ssot_lint.syntax.binder import build
from ssot_lint.syntax.decode import decode
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.reduction import CannotReduceError, Reduced, reduce
from ssot_lint.syntax.scopes import Scopes

# Kept are the lines that end in `#k`, and the functions whose headers end in `#f` with all of their bodies.
CASES = {
    "nothing": ("x\n", ""),
    "statement": ("x\ny  #k\nz\n", "y  #k\n"),
    "several statements on a row": ("a; b  #k\nc; d\n", "a; b  #k\n"),
    "last row without a line end": ("x\ny  #k", "y  #k\n"),
    "if": ("if a:\n    x  #k\n    y\n", "if 1:\n    x  #k\n"),
    "elif": ("if a:\n    x\nelif b:\n    y  #k\n", "if 1:\n    y  #k\n"),
    "elif that is kept": ("if a:\n    x\nelif b:  #k\n    y\n", "if   b:  #k\n pass\n"),
    "elif without a space": ("if a:\n    x\nelif(b):  #k\n    y\n", "if  (b):  #k\n pass\n"),
    "else": ("if a:\n    x\nelse:\n    y  #k\n", "if 1:\n    y  #k\n"),
    "else of a loop": ("while a:\n    x\nelse:\n    y  #k\n", "if 1:\n    y  #k\n"),
    "else on one row": ("if a: x\nelse: y  #k\n", "if 1: y  #k\n"),
    "else on one row, without a space": ("if a: x\nelse:y  #k\n", "if 1:y  #k\n"),
    "elif on one row": ("if a: x\nelif b: y  #k\n", "if   b: y  #k\n"),
    "for that is kept": ("for a in b:  #k\n    x\nelse:\n    y\n", "for a in b:  #k\n pass\n"),
    "try": ("try:\n    x  #k\nexcept E:\n    y\n", "if 1:\n    x  #k\n"),
    "try on one row": ("try: x  #k\nexcept E: y\n", "if 1:x  #k\n"),
    "finally": ("try:\n    x\nfinally:\n    y  #k\n", "if 1:\n    y  #k\n"),
    "finally on one row": ("try: x\nfinally: y  #k\n", "if 1   : y  #k\n"),
    "finally with a space": ("try: x\nfinally : y  #k\n", "if 1    : y  #k\n"),
    "except": ("try:\n    x\nexcept E:\n    y  #k\n", "if 1:\n    y  #k\n"),
    "except that is kept": (
        "try:\n    x\nexcept E as e:  #k\n    y\nelse:\n    z  #k\n",
        "try: pass\nexcept E as e:  #k\n pass\nif 1:\n    z  #k\n",
    ),
    "except on one row": (
        "try: x\nexcept E: y  #k\nexcept F: z  #k\n",
        "try: pass\nexcept E: y  #k\ntry: pass\nexcept F: z  #k\n",
    ),
    "exception groups": ("try: x\nexcept* E as e:  #k\n    y\n", "try: pass\nexcept* E as e:  #k\n pass\n"),
    "match": (
        "match a:\n    case b:\n        x\n    case c if d:\n        y  #k\n",
        "match a:\n    case c if d:\n        y  #k\n",
    ),
    "match that is kept": ("match a:  #k\n    case b:\n        x\n", "match a:  #k\n case _: pass\n"),
    "case on one row": ("match a:\n  case b: x\n  case c: y  #k\n", "match a:\n  case c: y  #k\n"),
    "match that is a name": ("match = a  #k\ncase = b\n", "match = a  #k\n"),
    "with": (
        "with a:\n    with (\n        b as c,\n    ):  #k\n        x\n",
        "if 1:\n    with (\n        b as c,\n    ):  #k\n     pass\n",
    ),
    "async blocks": (
        "async def f():\n    async with a:\n        async for b in c:\n            x  #k\n",
        "async def f():\n    if 1:\n        if 1:\n            x  #k\n",
    ),
    "definitions": (
        "class A(B):\n    '''doc'''\n    def f(self, a=1) -> int:\n        '''doc'''\n        x  #k\n",
        "class A:\n    def f():\n        x  #k\n",
    ),
    "nested functions": (
        "def f():\n    a\n    def g():\n        b\n        async def h():\n            x  #k\n",
        "def f():\n    def g():\n        async def h():\n            x  #k\n",
    ),
    "type parameters": (
        "def f[T](a: T):\n  x  #k\nclass A[T](B):\n  y  #k\n",
        "def f():\n  x  #k\nclass A:\n  y  #k\n",
    ),
    "definition over several rows": (
        "async \\\n def f(\n  a\n):\n  x  #k\ndef \\\n g():\n  y  #k\n",
        "async \\\n def f():\n  x  #k\ndef \\\n g():\n  y  #k\n",
    ),
    "name with a combining character": ("def cafe\u0301():\n  x  #k\n", "def cafe\u0301():\n  x  #k\n"),
    "definitions on one row": ("def f(): x  #k\nclass A: y  #k\n", "def f(): x  #k\nclass A: y  #k\n"),
    "decorators": (
        "@a  #k\n@b\n# comment\n@c  #k\ndef f():\n    x\n",
        "@a  #k\n@c  #k\ndef f():\n pass\n",
    ),
    "decorator of a class": ("@a  #k\nclass A:\n    x = 1\n", "@a  #k\nclass A:\n pass\n"),
    "function": (
        "def f():  #f\n    if a:\n        x\n    else:\n        y\n\n    # comment\n    return z\n\nx = 1\n",
        "def f():  #f\n    if a:\n        x\n    else:\n        y\n\n    # comment\n    return z\n",
    ),
    "function beside lines": (
        "class A:\n    def f():  #f\n        x\n    def g():\n        y  #k\n        z\n",
        "class A:\n    def f():  #f\n        x\n    def g():\n        y  #k\n",
    ),
    "comments at odd columns": (
        "if a:\n  # b\n        # c\n# d\n    x  #k\n  # e\n    y\n",
        "if 1:\n    x  #k\n",
    ),
    "text at column 0": (
        "def f():\n    x = '''\na\nb'''  #k\n    y\n",
        "def f():\n    x = '''\na\nb'''  #k\n",
    ),
    "continued row": ("if a:\n    x = 1 + \\\n  2  #k\n", "if 1:\n    x = 1 + \\\n  2  #k\n"),
    "tabs": ("if a:\n\tif b:\n\t\tx  #k\n\ty\n", "if 1:\n\tif 1:\n\t\tx  #k\n"),
    "tabs and spaces": ("if a:\n    \tx  #k\n    \ty\n", "if 1:\n    \tx  #k\n"),
    "form feeds": ("\fif a:\n    x  #k\n\fy  #k\n", "\fif 1:\n    x  #k\n\fy  #k\n"),
    "CRLF": ("if a:\r\n    x\r\nelse:\r\n    y  #k\r\n", "if 1:\n    y  #k\r\n"),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_is_left(text: str, expected: str) -> None:
    reduced = _reduced(text)
    assert reduced.text == expected
    cst.parse_module(reduced.text)


@pytest.mark.parametrize("text", [text for text, _ in CASES.values()], ids=CASES)
def test_rows_lead_back_to_the_file(text: str) -> None:
    reduced = _reduced(text)
    kept = [row for row, line in enumerate(reduced.text.split("\n")) if re.search("#[kf]\r?$", line)]
    assert [reduced.rows[row] for row in kept] == [
        row for row, line in enumerate(text.split("\n"), 1) if re.search("#[kf]\r?$", line)
    ]
    assert len(reduced.rows) == reduced.text.count("\n")


SHIFTING = {
    "no room for a stand-in": "try:x  #k\nexcept E: y\n",
    "colon on another row": "if a: x\nelse \\\n : y  #k\n",
}


@pytest.mark.parametrize("text", SHIFTING.values(), ids=SHIFTING)
def test_what_would_shift_is_refused(text: str) -> None:
    with pytest.raises(CannotReduceError):
        _reduced(text)


def _reduced(text: str) -> Reduced:
    outline = Outline(text)
    lines = {mark: [line for line in outline.lines() if _ends_in(outline, line, mark)] for mark in "kf"}
    return reduce(outline, lines["k"], lines["f"])


def _ends_in(outline: Outline, line: int, mark: str) -> bool:
    return outline.text[slice(*outline.bounds(line))].rstrip().endswith(f"#{mark}")


PROPERTY = settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@PROPERTY
@given(modules(), st.data())
def test_any_lines_of_a_module_are_a_module(text: str, data: st.DataObject) -> None:
    _check_any_lines(text, data)


@pytest.mark.slow
@settings(PROPERTY, max_examples=100)
@given(hypothesmith.from_node(), st.data())
def test_any_lines_of_the_grammar_are_a_module(text: str, data: st.DataObject) -> None:
    _check_any_lines(decode(text.encode()), data)


def _check_any_lines(text: str, data: st.DataObject) -> None:
    """What is left parses, and all names in the lines that were to be kept stand where they stood."""
    outline = Outline(text)
    if not text:
        return
    every = st.sampled_from([*outline.lines()])
    lines = data.draw(st.sets(every, max_size=6))
    functions = data.draw(st.sets(every.filter(outline.is_function), max_size=2)) if "def" in text else set()
    try:
        reduced = reduce(outline, lines, functions)
    except CannotReduceError:
        return
    kept = lines | functions | {line for header in functions for line in outline.body(header)}
    rows = {row for line in kept for row in _rows(outline, line)}
    expected = {name for name in _names(text) if name[1] in rows}
    found = {(name, reduced.rows[row - 1], column) for name, row, column in _names(reduced.text)}
    assert expected <= found <= _names(text)
    cst.parse_module(reduced.text)


def _rows(outline: Outline, line: int) -> range:
    start, end = outline.bounds(line)
    first = outline.text.count("\n", 0, start) + 1
    return range(first, first + max(outline.text.count("\n", start, end), 1))


def _names(text: str) -> set[tuple[str, int, int]]:
    """The names outside f-strings, with row and column; those inside have no true positions before 3.12."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    return {
        (node.id, node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node not in inside
    }


@PROPERTY
@given(modules(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_names_mean_the_same_as_in_the_whole_module(text: str, names: set[str]) -> None:
    outline = Outline(text)
    mentions = re.finditer(rf"\b(?:{'|'.join(names)})\b|import *\*", text)
    try:
        reduced = reduce(outline, {outline.line_at(mention.start()) for mention in mentions}, ())
    except CannotReduceError:
        return
    whole = _meanings(text, list(range(1, text.count("\n") + 2)), names)
    assert _meanings(reduced.text, reduced.rows, names) == whole


Place = tuple[int, int]


def _meanings(text: str, rows: list[int], names: set[str]) -> dict[Place, list[Place]]:
    """For each place that reads one of the names, the places that may have bound it, the latest first."""
    module = cst.parse_module(text)
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)

    def place(node: cst.CSTNode) -> Place:
        start = positions[_anchor(node)].start
        return rows[start.line - 1], start.column

    scopes: Scopes = build(module, ("app",))
    return {
        place(node): [place(binding.node) for binding in scopes.reaching(node.value, at)]
        for node, at in scopes.places.items()
        if isinstance(node, cst.Name) and node.value in names
    }


def _anchor(node: cst.CSTNode) -> cst.CSTNode:
    """The name in a binding's node."""
    while not isinstance(node, cst.Name):
        node = next(
            getattr(node, field)
            for field in ("asname", "name", "rest", "value", "param")
            if isinstance(getattr(node, field, None), cst.CSTNode)
        )
    return node
