"""Statements that are alike are decided once: which are, what of each is looked at, and that it changes nothing."""

from __future__ import annotations

import pytest
from ladder import PROJECT, module_input, project_ladder

from ssot_lint.engine.alike import look_at
from ssot_lint.engine.statement import Statement
from ssot_lint.kinds import Alike

NAMES = frozenset({"uuid", "uuid4"})
ALIKE = Alike(words=r"(?:\w*_)?path", texts=r"[@./]", enough=r"[^ ]*@[^ ]*")


def look(code: str) -> list[Statement] | None:
    return look_at(code, 0, len(code), NAMES, ALIKE)


LEFT = {
    "all of it": ("x = str(uuid.uuid4())", "x = str(uuid.uuid4())"),
    "comment": ("x = uuid.uuid4()  # uuid", "x = uuid.uuid4() "),
    "rows": ("x = f(\n    uuid4(),\n)", "x = f(uuid4())"),
    "arguments": ("f(1, uuid4(), g(2, 3))", "f(_,uuid4(),_)"),
    "keywords": ("f(a=1, b=uuid4(), c=g(2))", "f(b=uuid4())"),
    "stars": ("f(*a, b, **c, d=uuid4())", "f(*a,_,**c,d=uuid4())"),
    "entries": ("x = {'a': 1, 'b': uuid4(), **c}", "x = {'b': uuid4(),**c}"),
    "items": ("x = [a, uuid4(), b]", "x = [_,uuid4(),_]"),
    "nested": ("f(a, g(b, h(c, uuid4())), d)", "f(_,g(_,h(_,uuid4())),_)"),
    "an item in front": ("f({'a': uuid4(), 'b': 2}, c)", "f({'a': uuid4()},_)"),
    "index": ("x[a:b].f(uuid4())", "x[_:_].f(uuid4())"),
    "lambda": ("f(a=lambda b: b, c=lambda: uuid4())", "f(a=lambda b: b,c=lambda: uuid4())"),
    "comprehension": ("f(a for a in b if uuid4())", "f(a for a in b if uuid4())"),
    "walrus": ("f((a := 1), uuid4())", "f((a := 1),uuid4())"),
    "outside of brackets": ("a, b = c, uuid4()", "a, b = c, uuid4()"),
    "several": ("f(a=1, b=uuid4(), c=uuid())", "f(b=uuid4()) / f(c=uuid())"),
    "several in their places": ("[a, uuid4(), uuid()]", "[_,uuid4(),_] / [_,_,uuid()]"),
    "several deep down": (
        "x = f({'a': [uuid4(), uuid()], 'b': g(uuid)}, a, c=uuid4(),)",
        "x = f({'a': [uuid4(),_]},_) / x = f({'a': [_,uuid()]},_) / x = f({'b': g(uuid)},_) / x = f(_,_,c=uuid4())",
    ),
    "several, and one beside": ("uuid(f(a=uuid4(), b=uuid4()))", "uuid(f(a=uuid4())) / uuid(f(b=uuid4()))"),
    "one that stays": (
        "f(a := uuid4(), uuid(), uuid4())",
        "f(a := uuid4(),uuid(),_) / f(a := uuid4(),_,uuid4())",
    ),
    "tuple of one": ("x = (uuid4(),)", "x = (uuid4(),)"),
    "product": ("f(a=b * 2, c=uuid4())", "f(c=uuid4())"),
    "f-string": ("x = f(f'a', f'{b}_{uuid4():>{c}}')", "x = f(_,f'{b}_{uuid4():>{c}}')"),
}


@pytest.mark.parametrize(("code", "left"), LEFT.values(), ids=LEFT)
def test_what_is_left_to_decide_on(code: str, left: str) -> None:
    statements = look(code)
    assert statements is not None
    assert [_joined(each) for each in statements] == left.split(" / ")
    assert all(code.startswith(piece, start) for each in statements for piece, start in _written(each))


def _joined(statement: Statement) -> str:
    return "".join(statement.pieces)


def _written(statement: Statement) -> list[tuple[str, int]]:
    pairs = zip(statement.pieces, statement.starts, strict=True)
    return [(piece, start) for piece, start in pairs if piece not in ("_", "_:_", " ")]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("x = '''\n''' + uuid4()", id="string over rows"),
        pytest.param("x = getattr(uuid, 'uuid4')", id="name in a string"),
        pytest.param("x = f'{\"a\"}{uuid4()}'", id="string in an f-string"),
        pytest.param("x = f'\\n{uuid4()}'", id="escape in an f-string"),
        pytest.param("x = t'{uuid4()}'", id="template string"),
        pytest.param("x = (getattr)(a, uuid4)", id="call of no name"),
        pytest.param("f(lambda a, b: a, uuid4())", id="comma of a lambda"),
        pytest.param("x = [a for b, c in uuid4()]", id="comma of a comprehension"),
        pytest.param("x = f(uuid4()", id="open bracket"),
        pytest.param("x = uuid4())", id="closed bracket"),
        pytest.param("if uuid4(): x", id="compound statement"),
        pytest.param("del uuid4", id="deletion"),
    ],
)
def test_what_is_not_looked_at_by_itself(code: str) -> None:
    assert look(code) is None


ALIKES = {
    "targets": ("x = uuid4()", "self = uuid4()", True),
    "attributes": ("a.b = uuid4()", "c.d = uuid4()", True),
    "keywords": ("f(a=uuid4())", "f(b=uuid4())", True),
    "entries": ("{'a': uuid4()}", "{'b': uuid4()}", True),
    "texts": ("x = f'a_{uuid4()}'", "x = f'bc_{uuid4()}'", True),
    "other items": ("f(1, uuid4())", "f(g(a, b), uuid4())", True),
    "rows": ("f(a=1,\n  b=uuid4())", "f(b=1, c=uuid4())", True),
    "names that are looked for": ("x = uuid4()", "x = uuid()", False),
    "called names": ("x = f(uuid4())", "x = g(uuid4())", True),
    "called names that tell": ("x = path(uuid4())", "x = g(uuid4())", False),
    "names that tell": ("x = uuid4()", "x_path = uuid4()", False),
    "what texts say": ("x = f'a_{uuid4()}'", "x = f'-{uuid4()}'", True),
    "doubled braces": ("x = f'{{a.b}}{uuid4()}'", "x = f'{{a.c}}{uuid4()}'", False),
    "quotes": ("x = f'a{uuid4()}', 'b'", 'x = f"a{uuid4()}", "b"', True),
    "numbers": ("x = uuid4().hex[:8]", "x = uuid4().hex[:12]", True),
    "numbers in fields": ("x = f'{uuid4().hex[:8]}'", "x = f'{uuid4().hex[:12]}'", True),
    "last comma": ("f(a=uuid4(),)", "f(a=uuid4())", True),
    "space": ("f( uuid4() , a)", "f(uuid4(), a)", True),
    "texts that say enough": ("x = f'a_{uuid4()}@b.c'", "x = f'b.{uuid4()}@c.d'", True),
    "texts that would say enough": ("x = f'a_{uuid4()}@b'", "x = f'a_{uuid4()}_b'", False),
    "texts that say too much": ("x = f'a {uuid4()}@b.c'", "x = f'a {uuid4()}@b.d'", False),
    "texts that tell": ("x = f'a_{uuid4()}.b'", "x = f'a_{uuid4()}.c'", False),
    "number of items": ("f(a, uuid4())", "f(uuid4())", False),
    "keywords of Python": ("x = a or uuid4()", "x = a and uuid4()", False),
    "name and keyword of Python": ("return uuid4", "x uuid4", False),
    "prefixes of strings": ("f('a' + uuid4())", "f(b'a' + uuid4())", False),
    "depth": ("f(uuid4())", "f((uuid4()))", False),
}


@pytest.mark.parametrize(("first", "second", "are_alike"), ALIKES.values(), ids=ALIKES)
def test_what_is_alike(first: str, second: str, are_alike: bool) -> None:
    keys = [[each.key for each in look(code) or ()] for code in (first, second)]
    assert all(keys)
    assert (keys[0] == keys[1]) is are_alike


FILES = {
    "plain": "import uuid\ndef f():\n    a = str(uuid.uuid4())\n    b = g(1, key=f'x{uuid.uuid4()}')\n",
    "another": "import uuid\nclass C:\n    def f(self):\n        self.x = str(uuid.uuid4())\n",
    "import behind": "x = str(uuid.uuid4())\nimport uuid\ny = str(uuid.uuid4())\n",
    "import in a function": (
        "import uuid\ndef f():\n    import other as uuid\n    a = str(uuid.uuid4())\n"
        "def g():\n    a = str(uuid.uuid4())\n"
    ),
    "parameter": "import uuid\ndef f(uuid):\n    a = str(uuid.uuid4())\na = str(uuid.uuid4())\n",
    "global": "import uuid\ndef f():\n    global uuid\n    uuid = 1\ndef g():\n    a = str(uuid.uuid4())\n",
    "class": "import uuid\nclass C:\n    uuid = None\n    a = str(uuid.uuid4())\na = str(uuid.uuid4())\n",
    "nothing imported": "def f():\n    a = str(uuid.uuid4())\n",
    "other module": "import other as uuid\ndef f():\n    a = str(uuid.uuid4())\n",
    "relative": "from . import uuid\ndef f():\n    a = str(uuid.uuid4())\n",
    "from": "from uuid import uuid4\ndef f():\n    a = str(uuid4())\n    b = [uuid4, uuid4()]\n",
    "from, renamed": "from uuid import uuid4 as new\ndef f():\n    a = str(new())\n    b = str(uuid4())\n",
    "star": "from uuid import *\ndef f():\n    a = str(uuid4())\n",
    "binds a name": "import uuid\ndef f():\n    uuid = uuid.uuid4()\n    a = str(uuid.uuid4())\n",
    "file names": "import uuid\ndef f():\n    a_path = str(uuid.uuid4())\n    open(f'{uuid.uuid4()}')\n",
    "text": "import uuid\ndef f():\n    '''uuid.uuid4()'''\n    # uuid.uuid4()\n    a = 'uuid.uuid4()'\n",
    "braces": "import uuid\ndef f():\n    a = f'{{{uuid.uuid4()}}}.png'\n    a = f'{{{uuid.uuid4()}}}.'\n",
    "several": (
        "import uuid\ndef f():\n"
        "    g(a=uuid.uuid4(), path=uuid.uuid4(), b={'c': f'{uuid.uuid4()}@a.b', 'd': uuid.uuid4})\n"
        "    open(uuid.uuid4(), f'{uuid.uuid4()}.png', *uuid.uuid4()) + uuid.uuid4()\n"
        "    return [uuid.uuid4(), (a := uuid.uuid4), a(), lambda: uuid.uuid4(), uuid.uuid4() == uuid.uuid4()]\n"
    ),
    "e-mail addresses": (
        "import uuid\ndef f():\n    a = f'a{uuid.uuid4()}@b.c'\n    a = f'b.{uuid.uuid4()}@c'\n"
        "    a = f'b {uuid.uuid4()}@c.d'\n    a = f'b {uuid.uuid4()}@c.'\n    a = f'{uuid.uuid4()}' '@c.d'\n"
    ),
    "needed by others": (
        "import uuid\ndef f():\n    run_id = str(uuid.uuid4())\n    x = f'thread_{run_id}', getattr(uuid, 'uuid4')\n"
    ),
}


def test_what_was_decided_elsewhere_changes_nothing() -> None:
    ladder = project_ladder(PROJECT)
    alone = [project_ladder(PROJECT).whole(module_input(text)).findings for text in FILES.values()]
    for _ in range(2):
        together = [ladder.climbed(module_input(text)).findings for text in FILES.values()]
        assert together == alone
