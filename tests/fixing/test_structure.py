from __future__ import annotations

import pytest
from rewriting import code

from ssot_lint.fixing.edits import Change, apply
from ssot_lint.fixing.module import Module, ParseError
from ssot_lint.fixing.structure import RearrangedError, check_lines, touched_statements

VERSION = (3, 12)


def change(text: str, old: str, new: str) -> Change:
    start = text.index(old)
    return Change(start, start + len(old), new)


def fault(text: str, old: str, new: str, version: tuple[int, int] = VERSION) -> str | None:
    module = Module(text)
    changes = [change(text, old, new)]
    reason = check_lines(module, changes, version)
    if reason is None:
        touched_statements(module, Module(apply(text, changes)), changes)
    return reason


WHOLE = {
    "assignment": ("x = str(uuid4())\n", "str(uuid4())", "make()"),
    "argument": ("f(a, uuid4(), k=1)\n", "uuid4()", "make(a)"),
    "f-string": ("x = f'a{uuid4()}b'\n", "f'a{uuid4()}b'", "make('a')"),
    "field": ("x = f'a{uuid4()}b'\n", "uuid4()", "make()"),
    "field-of-many-rows": ('x = f"""\n{\nuuid4()\n}\n"""\n', "uuid4()", "make()"),
    "default": ("def f(a=uuid4()): pass\n", "uuid4()", "make()"),
    "decorator": ("@f(uuid4())\nclass A: pass\n", "uuid4()", "make()"),
    "header": ("if uuid4():\n    pass\nelif 1:\n    pass\n", "uuid4()", "make()"),
    "elif": ("if 1:\n    pass\nelif uuid4():  # why\n    pass\n", "uuid4()", "make()"),
    "else-on-one-row": ("if 1: pass\nelse: x = uuid4()\n", "uuid4()", "make()"),
    "except": ("try:\n    pass\nexcept uuid4():\n    pass\n", "uuid4()", "make()"),
    "finally-on-one-row": ("try: pass\nfinally: x = uuid4()\n", "uuid4()", "make()"),
    "match": ("match uuid4():\n    case 1: pass\n", "uuid4()", "make()"),
    "case": ("match a:\n    case 1 if uuid4():\n        pass\n", "uuid4()", "make()"),
    "variable-called-case": ("case = uuid4()\n", "uuid4()", "make()"),
    "with": ("for a in b:\n    with uuid4() as c: pass\n", "uuid4()", "make()"),
    "two-conditions-as-one": ("if not a:\n    pass\n", "not a", "not a or not b"),
    "async": ("async def f():\n    return await g(uuid4())\n", "uuid4()", "make()"),
    "whole-statement": ("a = 1\nb = 2\nc = 3\n", "b = 2", "b, d = f()"),
    "whole-statement-before-a-comment": ("b = 2  # two\n", "b = 2", "b, d = f()"),
    "whole-rows": ("if a:\n    b = 2\n    c = 3\n", "    b = 2\n", ""),
    "several-statements": ("b = 1\nc = 2\nd = 3\n", "b = 1\nc = 2", "b, c = f()"),
    "new-statement-in-front": ("if a:\n    b = 2\n", "b = 2", "n = f()\n    b = 2"),
}

BROKEN = {
    "binds-less-tightly": ("x = y + uuid4()\n", "uuid4()", "a or b"),
    "becomes-two-arguments": ("f(uuid4())\n", "uuid4()", "a, b"),
    "becomes-a-keyword": ("f(uuid4())\n", "uuid4()", "a=1"),
    "part-of-an-expression": ("x = a + uuid4() * 2\n", "a + uuid4()", "make()"),
    "part-of-a-string": ("x = 'a_' 'b'\n", "'b'", "make()"),
    "comments-out-the-rest": ("f(uuid4(), 1)\n", "uuid4()", "a  # b"),
    "several-statements-in-part": ("x = f(a)\ny = g(b)\n", "f(a)\ny = g(b)", "1"),
    "written-out-for-debugging": ("x = f'{uuid4()=}'\n", "uuid4()", "make()"),
    "adds-an-argument": ("f(a)\n", "a", "a, b"),
}


@pytest.mark.parametrize(("text", "old", "new"), WHOLE.values(), ids=WHOLE)
def test_whole_expressions_and_statements_may_change(text: str, old: str, new: str) -> None:
    assert fault(text, old, new) is None


@pytest.mark.parametrize(("text", "old", "new"), BROKEN.values(), ids=BROKEN)
def test_nothing_else_may_change(text: str, old: str, new: str) -> None:
    assert fault(text, old, new) is not None


def test_a_change_must_not_move_its_neighbours() -> None:
    text = code("""
        if a:
            b = 1
            c = 2
        d = 3
    """)
    with pytest.raises(RearrangedError):
        fault(text, "    b = 1\n", "    b = 1\nif e:\n")


def test_old_statements_must_not_become_part_of_new_ones() -> None:
    with pytest.raises(RearrangedError):
        fault("a = 1\nb = 2\n", "a = 1\n", "if a:\n    pass\nelse:\n    ")
    with pytest.raises(ParseError):
        fault("a = 1\nb = 2\n", "a = 1", "if a:")


def test_the_old_rules_for_format_strings_are_kept() -> None:
    text = "x = f'{uuid4()}'\n"
    assert fault(text, "uuid4()", "make('a')", (3, 11)) is not None
    assert fault(text, "uuid4()", 'make("a")', (3, 8)) is None


def test_newer_syntax_is_refused_for_old_pythons() -> None:
    assert fault("x = uuid4()\n", "uuid4()", "(y := make())", (3, 7)) == "Python 3.7 has no NamedExpr"


def test_blocks_must_not_come_or_go() -> None:
    with pytest.raises(RearrangedError, match="add or remove a block"):
        fault("if a:\n    b\nc = 1\n", "    b\n", "    b\nelse:\n    d\n")


def test_touched_statements_are_paired() -> None:
    text = "import os\n\n\ndef f():\n    a = uuid4()\n    return a\n"
    changes = [Change(0, 9, "import re"), change(text, "a = uuid4()", "b = c\n    a = b")]
    pairs = touched_statements(Module(text), Module(apply(text, changes)), changes)
    assert [(pair.old is None, type(pair.new).__name__) for pair in pairs] == [
        (False, "FunctionDef"),
        (True, "Assign"),
        (True, "Assign"),
    ]
