"""`mismatched-source-call`: calls that the source does not take, and IDs that their user spoils."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked import Checked, check_cases

from ssot_lint.session import CheckRequest, check

RULE = "mismatched-source-call"
IMPORT = "from app.ids import IdGenerator\n"

CALLS = {
    "unknown keyword": "x = «IdGenerator.generate_session_id(u, kind='web')»",
    "missing argument": "x = «IdGenerator.generate_session_id()»",
    "missing keyword's argument": "x = «IdGenerator.generate_message_id(user_id=u)»",
    "too many arguments": "x = «IdGenerator.generate_base_id('a', True, 8, 9)»",
    "an argument twice": "x = «IdGenerator.generate_session_id(u, user_id=u)»",
    "unknown keyword beside stars": "x = «IdGenerator.generate_base_id(*a, size=3)»",
    "too many beside stars": "x = «IdGenerator.generate_base_id(1, 2, 3, 4, *a)»",
    "over rows": "x = «IdGenerator.generate_session_id(\n    u,  # user\n    kind='web',\n)»",
    "in an f-string": "x = f'{«IdGenerator.generate_session_id()»}'",
    "in a lambda": "x = lambda: «IdGenerator.generate_session_id()»",
    "in an instance's call": "x = «IdGenerator().generate_session_id()»",
    "in the body of a class": "class A:\n    x = «IdGenerator.generate_session_id()»",
    "in a default": "def f(x=«IdGenerator.generate_session_id()»): ...",
    "by a renamed import": "from app.ids import IdGenerator as I\nx = «I.generate_session_id()»",
    "by a local import": "def f():\n    from app.ids import IdGenerator as J\n    return «J.generate_session_id()»",
    "by a relative import": "from .ids import IdGenerator as I\nx = «I.generate_session_id()»",
    "by the module": "import app.ids\nx = «app.ids.IdGenerator.generate_session_id()»",
    "by a star": "from app.ids import *\nx = «IdGenerator.generate_session_id()»",
    "by a re-export": "from app.reexport import IdGenerator\nx = «IdGenerator.generate_session_id()»",
    "by an alias": "G = IdGenerator\nx = «G.generate_session_id()»",
    "by an alias of the function": "new = IdGenerator.generate_session_id\nx = «new()»",
    "by an alias of an alias": "G = IdGenerator\nnew = G.generate_session_id\nx = «new()»",
    "by an alias in a function": "def f():\n    g = IdGenerator\n    return «g.generate_session_id()»",
    "by the same import in two branches": (
        "if a:\n    from app.ids import IdGenerator as I\nelse:\n    from app.ids import IdGenerator as I\n"
        "x = «I.generate_session_id()»"
    ),
    "in a broad try": (
        "def f():\n    try:\n        return «IdGenerator.generate_session_id()»\n"
        "    except Exception:\n        return None"
    ),
    "with another function's handler": (
        "def f():\n    return «IdGenerator.generate_session_id()»\n"
        "def g():\n    try:\n        h()\n    except TypeError:\n        pass"
    ),
}
ATTRIBUTES = {
    "generator": "x = «IdGenerator.generate_thread_id»()",
    "reference": "x = field(default_factory=«IdGenerator.generate_run_id»)",
    "of an instance": "x = «IdGenerator().generate_run_id»()",
    "of an alias": "G = IdGenerator\nx = «G.generate_run_id»()",
    "of a renamed import": "from app.ids import IdGenerator as I\nx = «I.generate_run_id»()",
    "no generator": "«IdGenerator.reset»()",
    "private": "x = «IdGenerator._cache»",
    "deeper": "x = «IdGenerator.cache».clear()",
}
DOUBLED = {
    "f-string": "x = «f\"thread_{IdGenerator.generate_base_id('thread')}\"»",
    "plus": "x = «'thread_' + IdGenerator.generate_base_id('thread')»",
    "percent": "x = «'thread_%s' % IdGenerator.generate_base_id('thread')»",
    "format": "x = «'thread_{}'.format(IdGenerator.generate_base_id('thread'))»",
    "join": "x = «'_'.join(['thread', IdGenerator.generate_base_id('thread')])»",
    "keyword": "x = «'thread_' + IdGenerator.generate_base_id(prefix='thread')»",
    "default": "x = «'id_' + IdGenerator.generate_base_id()»",
    "dedicated": "x = «f'session_{IdGenerator.generate_session_id(u)}'»",
    "longer prefix": "x = «f\"thread_{IdGenerator.generate_base_id('thread_new')}\"»",
    "followed by more": "x = «f\"thread_{IdGenerator.generate_base_id('thread')}_{n}\"»",
}
CUT = {
    "separator kept": "x = «IdGenerator.generate_base_id('thread')[:7]»",
    "within the prefix": "x = «IdGenerator.generate_base_id('thread')[:3]»",
    "dedicated": "x = «IdGenerator.generate_connection_id(u)[:8]»",
    "default": "x = «IdGenerator.generate_base_id()[:2]»",
    "in an f-string": "x = f\"{«IdGenerator.generate_base_id('thread')[:6]»}\"",
}
SPOILT = {**{f"doubled: {name}": code for name, code in DOUBLED.items()},
          **{f"cut: {name}": code for name, code in CUT.items()}}  # fmt: skip
FOUND = {**CALLS, **{f"attribute: {name}": code for name, code in ATTRIBUTES.items()}, **SPOILT}

LEFT_ALONE = {
    "binds": "x = IdGenerator.generate_session_id(u, session_type='web')",
    "stars": "x = IdGenerator.generate_session_id(*a), IdGenerator.generate_session_id(**b)",
    "too few beside stars": "x = IdGenerator.generate_message_id('a', *b)",
    "another class": "class Other: ...\nx = Other.generate_session_id()",
    "parameter": "def f(IdGenerator):\n    return IdGenerator.generate_session_id()",
    "rebound": "IdGenerator = object()\nx = IdGenerator.generate_session_id()",
    "perhaps something else": "G = IdGenerator if a else other\nx = G.generate_session_id()",
    "perhaps rebound": "if a:\n    IdGenerator = None\nx = IdGenerator.generate_session_id()",
    "fallback": (
        "try:\n    from app.ids import IdGenerator as I\nexcept ImportError:\n    I = None\n"
        "x = I.generate_session_id()"
    ),
    "loop": "for G in [IdGenerator]:\n    G.generate_session_id()",
    "string": "x = 'IdGenerator.generate_session_id()'",
    "comment": "x = 1  # IdGenerator.generate_thread_id()",
    "annotation": "x: IdGenerator.Kind = 1",
    "inherited by all": "x = IdGenerator.__name__, IdGenerator.__doc__, IdGenerator.mro()",
    "stored": "IdGenerator.limit = 3",
    "stored and read": "IdGenerator.limit = 3\nx = IdGenerator.limit",
    "looked for": "x = IdGenerator.limit if hasattr(IdGenerator, 'limit') else 3",
    "patched attribute": "with patch.object(IdGenerator, 'generate_span_id'):\n    IdGenerator.generate_span_id()",
    "patched function": (
        "with patch('app.ids.IdGenerator.generate_session_id'):\n    IdGenerator.generate_session_id()"
    ),
    "patched class": "with patch('app.ids.IdGenerator'):\n    IdGenerator.generate_session_id()",
    "replaced function": (
        "IdGenerator.generate_session_id = lambda: 'x'\nx = IdGenerator.generate_session_id()"
    ),
    "expected by pytest": "with pytest.raises(TypeError):\n    IdGenerator.generate_session_id()",
    "expected by unittest": (
        "class T(TestCase):\n    def test(self):\n        with self.assertRaises(TypeError):\n"
        "            IdGenerator.generate_session_id()"
    ),
    "expected by a handler": (
        "def f():\n    try:\n        return IdGenerator.generate_session_id()\n"
        "    except (ValueError, TypeError):\n        return None"
    ),
    "attribute expected by a handler": (
        "try:\n    x = IdGenerator.generate_span_id()\nexcept AttributeError:\n    x = None"
    ),
    "attribute expected by suppress": "with suppress(AttributeError):\n    IdGenerator.generate_span_id()",
    "another prefix": "x = f\"run_{IdGenerator.generate_base_id('thread')}\"",
    "part of a word": "x = f\"thread{IdGenerator.generate_base_id('thread')}\"",
    "prefix not written out": "x = f'thread_{IdGenerator.generate_base_id(p)}'",
    "prefix further on": "x = f\"{a}thread_{IdGenerator.generate_base_id('thread')}\"",
    "not the first value": "x = f\"thread_{a}{IdGenerator.generate_base_id('thread')}\"",
    "logged": "logger.info(f\"thread_{IdGenerator.generate_base_id('thread')}\")",
    "dict key": "x = {f\"thread_{IdGenerator.generate_base_id('thread')}\": 1}",
    "compared": "x = a == f\"thread_{IdGenerator.generate_base_id('thread')}\"",
    "set of IDs": "x = f'thread_{IdGenerator.generate_user_context_ids(u)}'",
    "slice that keeps more": "x = IdGenerator.generate_base_id('thread')[:8]",
    "slice from the end": "x = IdGenerator.generate_base_id('thread')[-6:]",
    "slice with steps": "x = IdGenerator.generate_base_id('thread')[:6:2]",
    "slice of a set": "x = IdGenerator.generate_user_context_ids(u)[:2]",
    "slice of unknown length": "x = IdGenerator.generate_base_id('thread')[:n]",
    "slice of an unknown prefix": "x = IdGenerator.generate_base_id(p)[:3]",
    "nothing is left": "x = IdGenerator.generate_base_id('thread')[:0]",
}
CASES = {name: f"{IMPORT}{code}\n" for name, code in {**FOUND, **LEFT_ALONE}.items()}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    beside = {"reexport.py": "from app.ids import IdGenerator\n"}
    return check_cases(tmp_path_factory.mktemp("calls"), RULE, CASES, beside)


@pytest.mark.parametrize("case", FOUND)
def test_found(checked: Checked, case: str) -> None:
    assert checked.marks[case]
    assert checked.spans(case) == checked.marks[case]
    assert checked.problems(case) == []


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_left_alone(checked: Checked, case: str) -> None:
    assert checked.spans(case) == []
    assert checked.problems(case) == []


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            "unknown keyword",
            "`generate_session_id` got an unexpected keyword argument 'kind'; "
            "its signature is `generate_session_id(user_id, session_type='web')`",
        ),
        (
            "missing keyword's argument",
            "`generate_message_id` missing 1 required positional argument: 'message_type'; "
            "its signature is `generate_message_id(message_type, user_id, thread_id=None)`",
        ),
        (
            "attribute: generator",
            "`IdGenerator` has no attribute `generate_thread_id`; a thread_id comes from "
            "`generate_user_context_ids(user_id, operation='context')`",
        ),
        ("attribute: no generator", "`IdGenerator` has no attribute `reset`"),
        (
            "doubled: plus",
            "an ID of `generate_base_id` begins with `thread_` already, so this doubles it",
        ),
        (
            "cut: within the prefix",
            "`[:3]` is `thr` for every ID of `generate_base_id`, which only differ behind `thread_`",
        ),
    ],
)
def test_messages_say_what_the_source_has(checked: Checked, case: str, message: str) -> None:
    assert [finding.message for finding in checked.findings(case)] == [message]


def source(tmp_path: Path, source: str, code: str, target: str = "app.ids") -> list[str]:
    """What is found in a module beside a source of its own."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").touch()
    (tmp_path / "app/ids.py").write_text(f"import uuid\n\n\n{source}")
    (tmp_path / "app/user.py").write_text(code)
    (tmp_path / "ssot-lint.toml").write_text(f'source = "{target}"\n')
    report = check(CheckRequest(paths=("app/user.py",), cwd=tmp_path, select=(RULE,), jobs=1))
    assert not report.failures
    return [finding.message for finding in report.findings]


MAKE = "    return f'thread_{uuid.uuid4()}'\n"


@pytest.mark.parametrize(
    ("header", "signature"),
    [
        ("def new_id(user_id, /, kind='a', *, size=3):", "new_id(user_id, /, kind='a', *, size=3)"),
        ("def new_id(a, /):", "new_id(a, /)"),
        ("def new_id(a, *rest, size, **more):", "new_id(a, *rest, size, **more)"),
    ],
)
def test_signatures_are_shown_as_they_are(tmp_path: Path, header: str, signature: str) -> None:
    (message,) = source(tmp_path, f"{header}\n{MAKE}", "from app.ids import new_id\nnew_id()\n")
    assert message.endswith(f"; its signature is `{signature}`")


def test_a_module_can_be_the_source(tmp_path: Path) -> None:
    code = "from app import ids\nids.new_id(1)\nids.new_ids()\nids.__file__\nids.uuid\n"
    assert source(tmp_path, f"def new_id():\n{MAKE}", code) == [
        "`new_id` takes 0 positional arguments but 1 was given; its signature is `new_id()`",
        '`ids` has no attribute `new_ids`; did you mean "new_id"?',
    ]


INSTANCE = f"""class Ids:
    def new_id(self, user_id):
    {MAKE}

ids = Ids()


def get_ids():
    return ids
"""


@pytest.mark.parametrize(
    ("call", "is_wrong"),
    [
        ("ids.new_id(1)", False),
        ("ids.new_id()", True),
        ("get_ids().new_id(1)", False),
        ("get_ids().new_id(1, 2)", True),
        ("get_ids().other_id()", True),
        ("Ids().new_id(1)", False),
        ("Ids.new_id(1)", True),
        ("Ids.new_id(ids, 1)", False),
    ],
)
def test_instances_bind_their_methods(tmp_path: Path, call: str, is_wrong: bool) -> None:
    code = f"from app.ids import Ids, get_ids, ids\n{call}\n"
    assert bool(source(tmp_path, INSTANCE, code, "app.ids.Ids")) is is_wrong


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"class Ids(Base):\n    @staticmethod\n    def new_id():\n    {MAKE}", id="unknown base"
        ),
        pytest.param(
            f"class Ids(metaclass=Meta):\n    @staticmethod\n    def new_id():\n    {MAKE}", id="metaclass"
        ),
        pytest.param(
            f"class Ids:\n    def __getattr__(self, name): ...\n    @staticmethod\n    def new_id():\n    {MAKE}",
            id="attributes on demand",
        ),
        pytest.param(
            f"class Ids:\n    @staticmethod\n    def new_id():\n    {MAKE}\nsetattr(Ids, 'a', 1)\n",
            id="setattr",
        ),
        pytest.param(
            f"@register\nclass Ids:\n    @staticmethod\n    def new_id():\n    {MAKE}", id="decorated class"
        ),
    ],
)
def test_attributes_are_missed_only_where_all_are_known(tmp_path: Path, text: str) -> None:
    head = "from lib import Base, Meta, register\n\n\n"
    assert source(tmp_path, head + text, "from app.ids import Ids\nIds.other()\n", "app.ids.Ids") == []


def test_what_bases_have_is_known(tmp_path: Path) -> None:
    text = (
        f"class Base:\n    limit = 3\n\n\nclass Ids(Base):\n    @staticmethod\n    def new_id():\n    {MAKE}"
    )
    code = "from app.ids import Ids\nIds.limit\nIds.new_id\nIds.other\n"
    assert source(tmp_path, text, code, "app.ids.Ids") == ["`Ids` has no attribute `other`"]


def test_a_decorator_may_change_the_signature(tmp_path: Path) -> None:
    text = f"from lib import with_clock\n\n\n@with_clock\ndef new_id(clock):\n{MAKE}"
    assert source(tmp_path, text, "from app.ids import new_id\nnew_id()\nnew_id(a=1)\n") == []
