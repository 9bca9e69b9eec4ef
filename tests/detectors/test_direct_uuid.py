"""`direct-uuid`: every spelling of a raw generator is found where it stands, and nothing that merely looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked import Checked, check_cases

from ssot_lint.session import CheckRequest, check

BESIDE = {
    "compat.py": "from uuid import uuid4\nimport uuid\n",
    "guarded.py": (
        "try:\n    from uuid import uuid7, uuid4\nexcept ImportError:\n    from uuid import uuid4\n"
    ),
    "everything.py": "from uuid \\\n    import \\\n    *\n",
    "some.py": "from uuid import uuid1, uuid4\n__all__ = ['uuid4']\n",
    "own.py": "def uuid4():\n    return 'mine'\n\n\nuuid = object()\n",
    "renaming.py": "from uuid import uuid4 as new_id\n",
}

FOUND = {
    "attribute": "import uuid\nx = «uuid.uuid4»()",
    "from import": "from uuid import uuid4\nx = «uuid4»()",
    "all that generate": (
        "import uuid\n«uuid.uuid1»(), «uuid.uuid4»(), «uuid.uuid6»(), «uuid.uuid7»(), «uuid.uuid8»()"
    ),
    "renamed module": "import uuid as u\nx = «u.uuid4»()",
    "renamed function": "from uuid import uuid4 as new\nx = «new»()\ny = [«new», «new»()]",
    "several names imported": (
        "from uuid import (\n    UUID,\n    uuid4,  # comment\n    uuid1 as one,\n)\n«uuid4»(), «one»()"
    ),
    "star import": "from uuid import *\nx = «uuid4»()",
    "star import without a space": "from uuid import*\nx = «uuid4»()",
    "star import over rows": "from uuid import \\\n    *\nx = «uuid4»()",
    "import in a function": "def f():\n    import uuid\n    return «uuid.uuid4»()",
    "from import in a function": "def f():\n    from uuid import uuid4 as new\n    return «new»()",
    "import in a class": "class A:\n    import uuid\n    id = «uuid.uuid4»()",
    "import in a branch": "if a:\n    import uuid\nelse:\n    uuid = None\n«uuid.uuid4»()",
    "import on one row": "import uuid; x = «uuid.uuid4»()",
    "import in a suite on one row": "if a: import uuid\n«uuid.uuid4»()",
    "import in an else on one row": "if a: pass\nelse: import uuid\n«uuid.uuid4»()",
    "import in a try on one row": "try:import uuid\nexcept E: uuid = None\n«uuid.uuid4»()",
    "import that may fail": (
        "try:\n    import uuid\nexcept ImportError:\n    uuid = None\n\n\ndef f():\n    return «uuid.uuid4»()"
    ),
    "import after the function": "def f():\n    return «uuid.uuid4»()\n\n\nimport uuid",
    "import after a line continuation": "\\\nimport uuid\nx = «uuid.uuid4»()",
    "global import": (
        "def load():\n    global uuid\n    import uuid\n\n\ndef f():\n    return «uuid.uuid4»()"
    ),
    "nonlocal import": (
        "def f():\n    uuid = None\n    def load():\n"
        "        nonlocal uuid\n        import uuid\n    load()\n"
        "    return «uuid.uuid4»()"
    ),
    "closure": "def f():\n    import uuid\n    def g():\n        return lambda: «uuid.uuid4»()",
    "alias, where it is made and not where it is called": (
        "import uuid\nnew = «uuid.uuid4»\nx = new()\ny = field(default_factory=new)"
    ),
    "alias in a function": (
        "from uuid import uuid4\ndef f():\n    new = «uuid4»\n    return [new() for _ in x]"
    ),
    "alias of the module": "import uuid\nu = uuid\nx = «u.uuid4»()",
    "alias of an alias of the module": "import uuid\nu = uuid\nv = u\nx = «v.uuid4»()",
    "alias by a walrus": "import uuid\nif (u := uuid):\n    «u.uuid4»()",
    "alias in an attribute": (
        "import uuid\nclass A:\n    def __init__(self):\n"
        "        self.new = «uuid.uuid4»\n    def f(self):\n"
        "        return self.new()"
    ),
    "default factory": "from uuid import uuid4\nid: str = field(default_factory=«uuid4»)",
    "default factory of an attribute": (
        "import uuid\nclass A:\n    id: uuid.UUID = Field(default_factory=«uuid.uuid4»)"
    ),
    "lambda": "import uuid\nclass A:\n    id = Column(String, default=lambda: str(«uuid.uuid4»()))",
    "partial": "import functools, uuid\nnew = functools.partial(«uuid.uuid4»)\nnew()",
    "argument": "import uuid\nmap(«uuid.uuid4», x)",
    "default of a parameter": "import uuid\ndef f(a=«uuid.uuid4»(), *, b=«uuid.uuid4»): pass",
    "decorator": "import uuid\n@f(«uuid.uuid4»())\n# comment\n@g\ndef h(): pass",
    "decorator of a method": "import uuid\nclass A:\n    @f(«uuid.uuid4»)\n    async def h(self): pass",
    "base and keyword of a class": "import uuid\nclass A(f(«uuid.uuid4»), x=«uuid.uuid4»()): pass",
    "what an annotation calls": "from uuid import uuid4\ndef f(a: Annotated[str, Depends(«uuid4»)]): pass",
    "__import__": 'x = «__import__("uuid").uuid4»()',
    "__import__ under a name": 'u = __import__("uuid")\nx = «u.uuid4»()',
    "import_module": 'import importlib\nx = «importlib.import_module("uuid").uuid4»()',
    "import_module, imported": 'from importlib import import_module as load\nx = «load("uuid").uuid4»()',
    "import_module by keyword": 'import importlib\nx = «importlib.import_module(name="uuid").uuid4»()',
    "getattr": 'import uuid\nx = «getattr(uuid, "uuid4")»()',
    "getattr with a default": 'import uuid\nx = «getattr(uuid, "uuid4", None)»',
    "getattr of an import": '«getattr(__import__("uuid"), "uuid4")»()',
    "shadowed elsewhere": "import uuid\ndef f(uuid): pass\ndef g(): return «uuid.uuid4»()",
    "shadowed in the class": (
        "import uuid\nclass A:\n    uuid = None\n    def f(self): return «uuid.uuid4»()"
    ),
    "shadowed in a branch that returns": (
        "def f(m):\n    if m:\n        uuid = m\n"
        "        return uuid.uuid4()\n    import uuid\n"
        "    return «uuid.uuid4»()"
    ),
    "shadowed in a branch": "import uuid\nif a:\n    uuid = None\n«uuid.uuid4»()",
    "shadowed in a branch of a class": (
        "import uuid\nclass A:\n    if a:\n        uuid = None\n    id = «uuid.uuid4»()"
    ),
    "shadowed by a comprehension's variable": (
        "import uuid\n[uuid.uuid4() for uuid in [«uuid.uuid4»()]]\n«uuid.uuid4»()"
    ),
    "global that may be something else": (
        "import uuid\ndef f():\n    global uuid\n    uuid = Clock()\n«uuid.uuid4»()"
    ),
    "bound again": "import uuid\nuuid = None\nuuid.uuid4()\nimport uuid\n«uuid.uuid4»()",
    "deleted in a branch": "import uuid\nif a:\n    del uuid\n«uuid.uuid4»()",
    "conversion and slice": (
        "import uuid\nx = str(«uuid.uuid4»()).replace('-', '')[:8]\ny = «uuid.uuid4»().hex[:8]"
    ),
    "fallbacks": (
        "import uuid\nx = a or «uuid.uuid4»()\n"
        "y = d.get('id', «uuid.uuid4»())\n"
        "z = a if a else «uuid.uuid4»()"
    ),
    "collections": (
        "import uuid\nx = {'id': «uuid.uuid4»(), **{f: [«uuid.uuid4»()]}}\ny = (i, *[«uuid.uuid4»()])"
    ),
    "comprehensions": (
        "import uuid\nx = [«uuid.uuid4»() for _ in a]\n"
        "y = {i: «uuid.uuid4»() for i in a}\n"
        "z = (f(«uuid.uuid4») for i in a)"
    ),
    "statements": (
        "import uuid\n"
        "async def f():\n"
        "    assert «uuid.uuid4»(), «uuid.uuid4»()\n"
        "    async with a(«uuid.uuid4»()) as b:\n"
        "        await «uuid.uuid4»()\n"
        "    for x in «uuid.uuid4»(): yield «uuid.uuid4»()\n"
        "    while «uuid.uuid4»(): raise E(«uuid.uuid4»()) from «uuid.uuid4»()\n"
        "    x[«uuid.uuid4»()] = x.y = «uuid.uuid4»()\n"
        "    x += «uuid.uuid4»()\n"
        "    del x[«uuid.uuid4»()]\n"
        "    return «uuid.uuid4»()"
    ),
    "branches": (
        "import uuid\n"
        "if «uuid.uuid4»(): «uuid.uuid4»()\n"
        "elif «uuid.uuid4»(): «uuid.uuid4»()\n"
        "else: «uuid.uuid4»()\n"
        "try: «uuid.uuid4»()\n"
        "except f(«uuid.uuid4»): «uuid.uuid4»()\n"
        "else: «uuid.uuid4»()\n"
        "finally: «uuid.uuid4»()\n"
        "match «uuid.uuid4»():\n"
        "    case a if «uuid.uuid4»(): «uuid.uuid4»()\n"
        "    case _:\n"
        "        «uuid.uuid4»()"
    ),
    "exception groups": "import uuid\ntry:\n    pass\nexcept* E:\n    «uuid.uuid4»()",
    "two on a row": "import uuid\nx = («uuid.uuid4»(), «uuid.uuid4»())",
    "over rows": "import uuid\nx = f(\n    «uuid\n    .uuid4»(),\n)",
    "f-string": "import uuid\nx = f'a_{«uuid.uuid4»()}_{«uuid.uuid4»().hex:>8}'",
    "f-string over rows": "import uuid\nx = f'''\n  {a} {\n  «uuid.uuid4»()\n  } {«uuid.uuid4»()!r}\n'''",
    "f-string in an f-string": "import uuid\nx = f'{f\"{«uuid.uuid4»()}\"} {a:{«uuid.uuid4»()}}'",
    "f-string with the same quotes inside": "import uuid\nx = f'{d['a']} {«uuid.uuid4»()}'\n'''\n'''",
    "f-string with a comment inside": "import uuid\nx = f'''{\n«uuid.uuid4»()  # }'''\n}'''",
    "bytes and raw strings before it": "import uuid\nx = rb'\\'', r'\\\\', «uuid.uuid4»(), '#'",
    "wide characters before it": "import uuid\nx = 'ä漢😀', «uuid.uuid4»()",
    "tabs": "import uuid\nif a:\n\tif b:\n\t\t«uuid.uuid4»()",
    "form feeds": "\fimport uuid\n\f\nclass A:\n    x = «uuid.uuid4»()\n\f\n\f«uuid.uuid4»()",
    "CRLF": "import uuid\r\nx = (\r\n    «uuid.uuid4»(),\r\n)\r\n'a\\\r\nb', «uuid.uuid4»()\r\n",
    "carriage returns only": "# comment\rimport uuid\rx = «uuid.uuid4»()  # comment\ry = «uuid.uuid4»()\r",
    "BOM": "\ufeffimport uuid\nx = «uuid.uuid4»()",
    "nested functions": (
        "import uuid\nclass A:\n    def f(self):\n        def g():\n            return «uuid.uuid4»()"
    ),
    "text at column 0 in a function": (
        "import uuid\ndef f():\n    '''\nuuid\n'''\n    x = '''\n''' + str(«uuid.uuid4»())"
    ),
    "comments at odd columns": (
        "import uuid\ndef f():\n# one\n        # two\n    «uuid.uuid4»()\n  # three\n    «uuid.uuid4»()"
    ),
    "definitions over several rows": (
        "async \\\n def f(\n    uuid=None,\n):\n    def \\\n g():\n"
        "        uuid.uuid4()\nimport uuid\n«uuid.uuid4»()"
    ),
    "type parameters": "import uuid\ndef f[T](a: T) -> T:\n    return «uuid.uuid4»()",
    "re-export": "from app.compat import uuid4\nx = «uuid4»()",
    "re-export, renamed here": "from app.compat import uuid4 as new\nx = «new»()",
    "re-export, by the module": "import app.compat\nx = «app.compat.uuid4»()",
    "re-export, by a renamed module": "from app import compat as c\nx = «c.uuid4»()",
    "re-export, relative": (
        "from .compat import uuid4\nfrom . import compat\nx = «uuid4»(), «compat.uuid4»()"
    ),
    "re-export of the module": "from app.compat import uuid\nx = «uuid.uuid4»()",
    "re-export that may fail": "from app.guarded import uuid4, uuid7\nx = «uuid4»(), «uuid7»()",
    "re-export of everything": "from app.everything import uuid4\nx = «uuid4»()",
    "re-export by a star import": "from app.compat import \\\n    *\nx = «uuid4»()",
    "re-export of everything by a star import": "from app.everything import *\nx = «uuid4»()",
    "re-export that `__all__` offers": "from app.some import *\nx = «uuid4»(), uuid1()",
}

LEFT_ALONE = {
    "types and parsing": "import uuid\nfrom uuid import UUID\nx = uuid.UUID(a), UUID(b), uuid.getnode()",
    "what derives an ID": (
        "import uuid\nx = uuid.uuid3(uuid.NAMESPACE_DNS, a), uuid.uuid5(uuid.NAMESPACE_URL, a)"
    ),
    "import that is not used": "import uuid\nfrom uuid import uuid4, uuid1 as one",
    "names that begin or end alike": "import uuid\nuuid.uuid4_short(), my_uuid4(), uuid4s, uuid.uuid44()",
    "parameter": "import uuid\ndef f(uuid): return uuid.uuid4()",
    "parameters of all kinds": (
        "from uuid import uuid4\ndef f(uuid4, /): uuid4()\n"
        "def g(*uuid4): uuid4()\ndef h(*, uuid4=1): uuid4()\n"
        "def i(**uuid4): uuid4()"
    ),
    "parameter of a lambda": "from uuid import uuid4\nf = lambda uuid4: uuid4()",
    "parameter of an outer function": (
        "import uuid\ndef f(uuid):\n    def g():\n        return uuid.uuid4()"
    ),
    "assignment": "import uuid\ndef f():\n    uuid = Clock()\n    return uuid.uuid4()",
    "assignment below": "import uuid\ndef f():\n    uuid.uuid4()\n    uuid = Clock()",
    "annotation without a value": "import uuid\ndef f():\n    uuid: Clock\n    uuid.uuid4()",
    "unpacking": "import uuid\nuuid, x = a\nuuid.uuid4()\n(x, [*uuid4]) = a",
    "walrus": "import uuid\nif (uuid := a): uuid.uuid4()",
    "loop variable": "import uuid\nfor uuid in a: uuid.uuid4()",
    "comprehension variable": (
        "import uuid\n[uuid.uuid4() for uuid in a]\n"
        "{uuid.uuid4() for x, uuid in a}\n"
        "{uuid: uuid.uuid4() for uuid in a}"
    ),
    "context": "import uuid\nwith a as uuid: uuid.uuid4()\nwith b as (x, uuid): uuid.uuid4()",
    "exception": "import uuid\ntry: pass\nexcept E as uuid: uuid.uuid4()",
    "pattern": (
        "import uuid\nmatch a:\n    case [uuid]: uuid.uuid4()\n"
        "    case {**uuid}: uuid.uuid4()\n"
        "    case (1 as uuid): uuid.uuid4()"
    ),
    "keyword pattern": "from uuid import uuid4\nmatch a:\n    case Event(uuid4=x): x()",
    "global that is something else": (
        "def f():\n    global uuid\n    uuid = Clock()\ndef g():\n    return uuid.uuid4()"
    ),
    "deleted": "import uuid\ndel uuid\nuuid.uuid4()",
    "class body's own": "import uuid\nclass A:\n    uuid = Clock()\n    x = uuid.uuid4()",
    "own function": "def uuid4(): return 1\nx = uuid4()",
    "own function in a function": (
        "from uuid import uuid4\ndef f():\n    def uuid4(): return 1\n    return uuid4()"
    ),
    "own class": "class uuid:\n    uuid4 = str\nx = uuid.uuid4()",
    "own method": "class Clock:\n    def uuid4(self): return self.uuid4()\nClock().uuid4()",
    "attribute of something else": (
        "import uuid\nself.uuid.uuid4(), clock.uuid4(), a['uuid'].uuid4(), f().uuid4()"
    ),
    "keyword argument": "from uuid import uuid4\nf(uuid4=1, uuid=uuid5)",
    "another module of that name": (
        "from a import uuid\nfrom b.uuid import uuid4\nimport c.uuid\nuuid.uuid4(), uuid4(), c.uuid.uuid4()"
    ),
    "module under that name": "import clock as uuid\nuuid.uuid4()",
    "not imported": "uuid.uuid4()",
    "what another module of the tree makes itself": (
        "from app.own import uuid4, uuid\nfrom app import own\nuuid4(), own.uuid4(), uuid.uuid4()"
    ),
    "star import of what is made there": "from app.own import *\nuuid4()",
    "star import that does not offer it": "from app.renaming import *\nuuid4()",
    "local name over a star import": "from uuid import *\ndef uuid4(): return 1\nuuid4()",
    "getattr of another name": (
        'import uuid\ngetattr(uuid, "UUID"), getattr(clock, "uuid4"), getattr(uuid, name)'
    ),
    "getattr that is something else": 'import uuid\ndef getattr(a, b): return 1\ngetattr(uuid, "uuid4")',
    "__import__ of another module": '__import__("clock").uuid4()',
    "import_module that is something else": (
        'def import_module(name): return 1\nimport_module("uuid").uuid4()'
    ),
    "strings": (
        "import uuid\nx = 'uuid.uuid4()', f'uuid.uuid4() {{uuid.uuid4()}}', b'uuid4', r'''\nuuid.uuid4()\n'''"
    ),
    "docstring": 'import uuid\ndef f():\n    """Calls uuid.uuid4()."""',
    "comment": "import uuid\n# uuid.uuid4()\nx = 1  # uuid.uuid4()",
    "annotations": (
        "import uuid\nx: uuid.uuid4\ndef f(a: uuid.uuid4 = 1, *b: 'uuid.uuid4') -> list[uuid.uuid4]: pass"
    ),
    "type alias": "import uuid\ntype A = uuid.uuid4",
    "dunder all": "from uuid import uuid4\n__all__ = ['uuid4']",
    "replaced": (
        "import uuid\nuuid.uuid4 = fake\ndel uuid.uuid4\nfor uuid.uuid4 in a: pass\nuuid.uuid4, x = a"
    ),
    "patched": "with patch('uuid.uuid4'), patch.object(uuid, 'uuid4'): pass",
    "global statement": "def f():\n    global uuid4\n    uuid4 = 1",
    "name with a combining character": "from uuid import uuid4\nuuid4\u0301 = 1\nuuid4\u0301()",
}

LIMITS = {
    "re-export under another name": "from app.renaming import new_id\nnew_id()",
    "names made of parts": (
        "import uuid\ngetattr(uuid, 'uu' 'id4'), getattr(uuid, 'uuid\\x34'), getattr(uuid, 'uuid' + '4')"
    ),
    "built by hand": "import os\nfrom uuid import UUID\nUUID(bytes=os.urandom(16))",
    "names that only exist at run time": (
        "import uuid\neval('uuid.uuid4()'), globals()['uuid'].uuid4(), vars(uuid)['uuid4']()"
    ),
    "container": "import uuid\nmakers = {'a': «uuid.uuid4»}\nmakers['a']()",
}

CASES = {**FOUND, **LEFT_ALONE, **LIMITS}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check_cases(tmp_path_factory.mktemp("direct-uuid"), "direct-uuid", CASES, BESIDE)


@pytest.mark.parametrize("case", FOUND)
def test_found(checked: Checked, case: str) -> None:
    assert checked.marks[case]
    assert checked.spans(case) == checked.marks[case]
    assert checked.problems(case) == []


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_left_alone(checked: Checked, case: str) -> None:
    assert not checked.marks[case]
    assert checked.spans(case) == []
    assert checked.problems(case) == []


@pytest.mark.parametrize("case", LIMITS)
def test_limits(checked: Checked, case: str) -> None:
    assert checked.spans(case) == checked.marks[case]
    assert checked.problems(case) == []


MESSAGES = {
    "called": ("import uuid\n«uuid.uuid4»()", "`uuid.uuid4` is called outside the source of truth"),
    "referred to": (
        "import uuid\nf(«uuid.uuid4»)",
        "`uuid.uuid4` is referred to outside the source of truth",
    ),
    "called by getattr": ("import uuid\n«getattr(uuid, 'uuid1')»()", "`uuid.uuid1` is called outside"),
    "names the source": ("import uuid\n«uuid.uuid4»()", "make the ID with `IdGenerator`"),
    "e-mail address": ("import uuid\nf'a{«uuid.uuid4»()}@b.org'", "an e-mail address, no place for an ID"),
    "e-mail address by +": (
        "import uuid\nstr(«uuid.uuid4»()) + '@b.org'",
        "an e-mail address, no place for an ID",
    ),
    "URL": ("import uuid\nf'https://b.org/{«uuid.uuid4»()}'", "a URL, no place for an ID"),
    "file name": ("import uuid\nopen(f'{«uuid.uuid4»()}.log')", "a file name, no place for an ID"),
    "path": ("import uuid\nroot / str(«uuid.uuid4»())", "a file name, no place for an ID"),
}


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    cases = {case: code for case, (code, _) in MESSAGES.items()}
    return check_cases(tmp_path_factory.mktemp("messages"), "direct-uuid", cases)


@pytest.mark.parametrize(
    ("case", "text"), [(case, text) for case, (_, text) in MESSAGES.items()], ids=MESSAGES
)
def test_messages(messages: Checked, case: str, text: str) -> None:
    (finding,) = messages.findings(case)
    assert [finding.span] == messages.marks[case]
    assert text in finding.message


def test_a_module_that_is_the_source_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.ssot-lint]\nsource = "ids"\n')
    (tmp_path / "ids.py").write_text("import uuid\n\n\ndef new_id():\n    return f'id_{uuid.uuid4()}'\n")
    (tmp_path / "a.py").write_text("import uuid\n\nkey = uuid.uuid4()\n")
    (finding,) = check(CheckRequest(paths=(".",), cwd=tmp_path, jobs=1)).findings
    assert finding.message.endswith("make the ID with `ids`")
