from __future__ import annotations

import pytest

from ssot_lint.engine.bindings import binding_lines
from ssot_lint.syntax.outline import Outline

BINDING = {
    "import": "import a, uuid",
    "renamed": "import a as uuid",
    "from": "from uuid import a",
    "dotted": "import uuid.a",
    "function": "def uuid(): pass",
    "class": "class \\\n uuid(a): pass",
    "assignment": "uuid = 1",
    "item": "for uuid in a: pass",
    "star": "from a import *",
    "star without space": "from a import*",
    "star behind more space": "from a import \t *",
    "star in the next row": "from a import\\\n*",
    "star with a comment": "from a import *  # b",
    "star and another statement": "from a import * ; b",
    "star and an empty row": "from a import * \\\n\n",
    "star and the row's end": "from a import *\r",
}
OTHERS = {
    "attribute": "uuid.a = 1",
    "call": "uuid (a)",
    "item of it": "uuid[0] = 1",
    "longer word": "my_uuid = uuids = 1",
    "string": "a = 'uuid'",
    "comment": "a  # uuid = 1, import *",
    "product": "a = important * b",
    "product over rows": "a = (b *\n c)",
    "arguments": "def f(a, *, b, *c, **d): pass",
    "string with a star": "a = 'import *\\\n'",
}


@pytest.mark.parametrize("statement", BINDING.values(), ids=BINDING)
def test_lines_that_may_bind(statement: str) -> None:
    assert _lines(statement) == [2]


@pytest.mark.parametrize("statement", OTHERS.values(), ids=OTHERS)
def test_lines_that_bind_nothing(statement: str) -> None:
    assert _lines(statement) == []


def test_a_star_at_the_end_of_the_file() -> None:
    assert [*binding_lines(Outline("from a import *"), {"uuid"})] == [0]


def _lines(statement: str) -> list[int]:
    return [*binding_lines(Outline(f"b\n{statement}\nc\n"), {"uuid"})]
