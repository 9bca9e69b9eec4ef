"""Statements that are alike are decided once: which are, what of each is looked at, and that it changes nothing."""

from __future__ import annotations

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ladder import PROJECT, module_input, project_ladder
from shapes import is_statement, statements

from ssot_lint.engine.alike import Alikeness
from ssot_lint.engine.shorthand import reveal, tokens_of
from ssot_lint.kinds import Alike, Extent, Interest

INTEREST = Interest(
    literals=("uuid4",),
    needle=r"uuid4(?!\w)",
    extent=Extent.STATEMENT,
    names=frozenset({"uuid", "uuid4"}),
    alike=Alike(words=r"(?:\w*_)?path", texts=r"[@./]", enough=r"[^ ]*@[^ ]*"),
)


def look(code: str) -> list[str] | None:
    """What is decided of a statement, part by part; None if it is not looked at by itself."""
    tokens = tokens_of(code)
    parts = None if tokens is None else Alikeness(INTEREST).parts(tokens)
    return None if parts is None else [reveal(part.code) for part in parts]


LEFT = {
    "all of it": ("x = uuid.uuid4()", "_=uuid.uuid4()"),
    "comment": ("x = uuid.uuid4()  # uuid", "_=uuid.uuid4()"),
    "comment between items": ("x[path] = f(a,  # uuid4(\n  uuid4())  # uuid4", "_(uuid4())"),
    "rows": ("x = f(\n    uuid4(),\n)", "_(uuid4())"),
    "continued rows": ("x = a or \\\n    uuid4()", "_=_ or uuid4()"),
    "arguments": ("f(1, uuid4(), g(2, 3))", "_(uuid4())"),
    "keywords": ("f(a=1, b=uuid4(), c=g(2))", "_(uuid4())"),
    "keywords that tell": ("f(a=1, path=uuid4(), c=g(2))", "_(path=uuid4())"),
    "stars": ("f(*a, b, **c, d=uuid4())", "_(uuid4())"),
    "stars with names": ("f(*uuid4(), **uuid4())", "_(*uuid4()) / _(**uuid4())"),
    "entries": ("x = {'a': 1, 'b': uuid4(), **c}", "_(uuid4())"),
    "items": ("x = [a, uuid4(), b]", "_(uuid4())"),
    "nested": ("f(a, g(b, h(c, uuid4())), d)", "_(uuid4())"),
    "nested in what tells": ("f(a, path(b, h(c, uuid4())), d)", "_(path(_(uuid4())))"),
    "an item in front": ("f({'a': uuid4(), 'b': 2}, c)", "_(uuid4())"),
    "index": ("x[a:b].f(uuid4())", "_(uuid4())"),
    "index of what tells": ("path[a] = uuid4()", "path._=uuid4()"),
    "what tells in parentheses": ("((path))(uuid4())", "((path))(uuid4())"),
    "attributes": ("self.a.b = c.d(uuid4().hex).e(f)", "_(uuid4())"),
    "attributes that tell": ("self.path = c.path.d(uuid4())", "_.path=_.path._(uuid4())"),
    "arguments of a name": ("x = uuid4(1, a=f(2))", "_=uuid4()"),
    "keywords of Python": ("return await f(a, uuid4())", "_(uuid4())"),
    "lambda": ("f(a=lambda b: b, c=lambda: uuid4())", "_(_= lambda :uuid4())"),
    "commas of a lambda": ("x = {lambda a, b=(1, 2): uuid4()}", "_={ lambda :uuid4()}"),
    "comprehension": ("f(a for a in b if uuid4())", "_(_ for _ in _ if uuid4())"),
    "commas of a comprehension": ("x = [a for b, (c, d) in uuid4()]", "_(_ for _ in uuid4())"),
    "walrus": ("f((a := 1), uuid4())", "_(uuid4())"),
    "outside of brackets": ("a, b = c, uuid4()", "_,_=_,uuid4()"),
    "several": ("f(a=1, b=uuid4(), c=uuid())", "_(uuid4()) / _(uuid())"),
    "several in an item": ("f(a, b=uuid4() or uuid(), c=c)", "_(uuid4() or uuid())"),
    "several deep down": (
        "x = f({'a': [uuid4(), uuid()], 'b': path(uuid)}, a, c=uuid4(),)",
        "_(uuid4()) / _(uuid()) / _=_({_:path(uuid)}) / _(uuid4())",
    ),
    "several, and one beside": ("uuid(f(a=uuid4(), b=uuid4()))", "uuid(_(_=uuid4())) / uuid(_(_=uuid4()))"),
    "tuple of one": ("x = (uuid4(),)", "_(uuid4())"),
    "product": ("f(a=b * 2, c=uuid4())", "_(uuid4())"),
    "f-string": ("x = f(f'a', f'{b}_{uuid4():>{c}}')", '_=_(f"{uuid4():>_}")'),
    "string in a field": ('x = f\'{a["b"]}{f(uuid4(), "c")}\'', '_=f"{_(uuid4())}"'),
    "f-string over rows": ('x = f"""\n{uuid4()}"""', '_=f"{uuid4()}"'),
    "escape in an f-string": ("x = f'\\n{uuid4()}'", '_=f"{uuid4()}"'),
    "string over rows": ("x = '''\n''' + uuid4()", "_=_+uuid4()"),
    "strings beside strings": ("x = 'a' 'b' f'{uuid4()}' 'c'", '_=f"{uuid4()}"'),
    "strings that tell": ("x = 'a' 'b.c' f'{uuid4()}'", "_='a'  'b.c'  f\"{uuid4()}\""),
    "strings that may tell": ("x = '\\x2f' + uuid4()", "_='\\x2f' +uuid4()"),
    "strings that tell in other items": ("x = f('a.b', g('/c'), uuid4())", "_(uuid4())"),
    "names in a string": ("x = 'uuid.uuid4()' + f'uuid4{uuid4()}'", "_='uuid.uuid4()' +f\"{uuid4()}\""),
}


@pytest.mark.parametrize(("code", "left"), LEFT.values(), ids=LEFT)
def test_what_is_left_to_decide_on(code: str, left: str) -> None:
    ast.parse(f"async def f():\n    {code}")
    assert look(code) == left.split(" / ")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("x = getattr(uuid, 'uuid4')", id="name in a string"),
        pytest.param("x = f(getattr(uuid, r'uuid4'), 'uuid4')", id="names in strings"),
        pytest.param('x = f\'{f(uuid4(), "a.b") + "a.b"}\'', id="string that tells in an f-string"),
        pytest.param("x = f'\\N{DASH}{uuid4()}'", id="name of a character in an f-string"),
        pytest.param("x = f'{ {uuid4()} }'", id="braces in an f-string"),
        pytest.param("x = f'{f\"{uuid4()}\"}'", id="f-string in an f-string"),
        pytest.param("x = f'{d['a']}{uuid4()}'", id="the same quotes in an f-string"),
        pytest.param("x = f'a.\\n\"{uuid4()}'", id="quotes in an f-string that tells"),
        pytest.param("x = t'{uuid4()}'", id="template string"),
        pytest.param("x = {lambda a=lambda: 1, b=2: uuid4()}", id="lambda in front of a comma of a lambda"),
        pytest.param("x = [a for b[uuid()], c in uuid4()]", id="comma behind a name in a comprehension"),
        pytest.param("x = a$b + uuid4()", id="no token"),
        pytest.param("x = 'a + uuid4()", id="open string"),
        pytest.param("if uuid4(): x", id="compound statement"),
        pytest.param("del uuid4", id="deletion"),
    ],
)
def test_what_is_not_looked_at_by_itself(code: str) -> None:
    assert look(code) is None


ALIKES = {
    "targets": ("x = uuid4()", "self = uuid4()", True),
    "attributes": ("a.b = uuid4()", "c = uuid4()", True),
    "keywords": ("f(a=uuid4())", "f(uuid4())", True),
    "entries": ("{'a': uuid4()}", "{b: uuid4()}", True),
    "displays": ("x = {'a': uuid4()}", "return [uuid4()]", True),
    "texts": ("x = f'a_{uuid4()}'", "x = f'bc_{uuid4()}'", True),
    "fields": ("x = f'a_{uuid4()}'", "x = f'{b}_{uuid4()}'", True),
    "other items": ("f(1, uuid4())", "f(g(a, b), uuid4())", True),
    "number of items": ("f(a, uuid4())", "f(uuid4())", True),
    "rows": ("f(a=1,\n  b=uuid4())", "f(b=1, c=uuid4())", True),
    "names that are looked for": ("x = uuid4()", "x = uuid()", False),
    "called names": ("x = f(uuid4())", "x = g(uuid4())", True),
    "called names that tell": ("x = path(uuid4())", "x = g(uuid4())", False),
    "names that tell": ("x = uuid4()", "x_path = uuid4()", False),
    "names that tell around what does not": ("x_path = f(uuid4())", "x = f(uuid4())", False),
    "what texts say": ("x = f'a_{uuid4()}'", "x = f'-{uuid4()}'", True),
    "texts and variables": ("x = 'a' + uuid4()", "x = a + uuid4()", True),
    "doubled braces": ("x = f'{{a.b}}{uuid4()}'", "x = f'{{a.c}}{uuid4()}'", False),
    "quotes": ("x = f'a{uuid4()}', 'b'", 'x = f"a{uuid4()}", "b"', True),
    "numbers": ("x = uuid4().hex[:8]", "x = uuid4().hex[:12]", True),
    "numbers in fields": ("x = f'{uuid4().hex[:8]}'", "x = f'{uuid4().hex[:12]}'", True),
    "what is made of it": ("x = uuid4().hex[:8]", "x = uuid4().bytes.f(1)", True),
    "last comma": ("f(a=uuid4(),)", "f(a=uuid4())", True),
    "space": ("f( uuid4() , a)", "f(uuid4(), a)", True),
    "texts that say enough": ("x = f'a_{uuid4()}@b.c'", "x = f'b.{uuid4()}@c.d'", True),
    "texts that would say enough": ("x = f'a_{uuid4()}@b'", "x = f'a_{uuid4()}_b'", False),
    "texts that say too much": ("x = f'a {uuid4()}@b.c'", "x = f'a {uuid4()}@b.d'", False),
    "texts that tell": ("x = f'a_{uuid4()}.b'", "x = f'a_{uuid4()}.c'", False),
    "operators of Python": ("x = a or uuid4()", "x = a and uuid4()", False),
    "name and keyword of Python": ("return uuid4", "x uuid4", False),
    "call and reference": ("f(uuid4())", "f(uuid4)", False),
}


@pytest.mark.parametrize(("first", "second", "are_alike"), ALIKES.values(), ids=ALIKES)
def test_what_is_alike(first: str, second: str, are_alike: bool) -> None:
    parts = [look(code) for code in (first, second)]
    assert all(parts)
    assert (parts[0] == parts[1]) is are_alike


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(f"x = {'a, ' * 50_000}uuid4()", id="items"),
        pytest.param(f"x = [uuid4(), {'a, ' * 50_000}uuid4()]", id="items between names"),
        pytest.param(f"x = [{'f(uuid4()), ' * 20_000}]", id="items with names"),
        pytest.param(f"x = f({'[' * 60}{'a, ' * 20_000}{']' * 60}, uuid4())", id="brackets"),
        pytest.param(f"x = {'(path)' * 20_000}.y = uuid4()", id="parentheses"),
        pytest.param(f"x = f({'a or ' * 20_000}uuid4())", id="operators"),
    ],
)
def test_no_statement_takes_for_ever(code: str) -> None:
    assert look(code)


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
    "names of files": (
        "import uuid\ndef f():\n"
        "    g(a=uuid.uuid4())\n    g(path=uuid.uuid4())\n    g(uuid.uuid4())\n    path = uuid.uuid4()\n"
        "    path = g(uuid.uuid4())\n    g(path=[uuid.uuid4()])\n    g(path=(g(a=1) + uuid.uuid4())[0])\n"
        "    path(x)[0] = uuid.uuid4()\n    (path) = uuid.uuid4()\n    ((open))(uuid.uuid4())\n"
        "    a.path.join(uuid.uuid4())\n    (path).join(uuid.uuid4())\n    path[0].join(uuid.uuid4())\n"
        "    path: g[uuid.UUID] = uuid.uuid4()\n    a: g(uuid.uuid4()) = path(uuid.uuid4())\n"
    ),
    "functions in functions": (
        "import uuid\ndef f():\n"
        "    open({lambda a, b: uuid.uuid4()}, {lambda a=[1], b=lambda: 1, c=2: uuid.uuid4()})\n"
        "    open([a for b, (c, d) in e(uuid.uuid4())], {a: b for c[0], d in e(uuid.uuid4())})\n"
    ),
    "text that names": (
        "import uuid\ndef f():\n"
        "    a = getattr(__import__('uuid'), 'uuid4')()\n    a = g(__import__('uuid'), 'uuid4')()\n"
        "    patch('uuid.uuid4')\n    patch('uuid4', return_value=uuid.uuid4())\n"
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


SHARED = project_ladder(PROJECT)


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(statements().filter(is_statement), min_size=4, max_size=8))
def test_statements_of_all_shapes(found: list[str]) -> None:
    text = "".join(("import uuid\n", *(f"async def f():\n    {statement}\n" for statement in found)))
    assert SHARED.differences(module_input(text)) == []
