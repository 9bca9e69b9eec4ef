from __future__ import annotations

import textwrap
from collections.abc import Mapping

import libcst as cst
import pytest

from ssot_lint.syntax.binder import build
from ssot_lint.syntax.names import Names, literal_text
from ssot_lint.syntax.query import Query

# Each `means(expression, "a|b")` says which dotted names the expression may stand for there.
CASES = {
    "alias": """
        import uuid
        u = uuid
        means(u.uuid4, "uuid.uuid4")
    """,
    "alias of an alias": """
        import uuid
        u = v = uuid
        w = v
        means(w, "uuid")
    """,
    "value of a walrus": """
        import uuid
        (u := uuid)
        means(u, "uuid")
    """,
    "renamed import": """
        import uuid as u
        means(u, "uuid")
        means(uuid, "")
    """,
    "dotted import": """
        import a.b
        means(a.b.c, "a.b.c")
    """,
    "renamed dotted import": """
        import a.b as c
        means(c.d, "a.b.d")
    """,
    "from import": """
        from uuid import uuid4
        means(uuid4, "uuid.uuid4")
    """,
    "renamed from import": """
        from uuid import uuid4 as new
        means(new, "uuid.uuid4")
        means(uuid4, "")
    """,
    "from import of a dotted module": """
        from a.b import c
        means(c.d, "a.b.c.d")
    """,
    "relative imports": """
        from . import x
        from .y import z
        from .. import v
        means(x, "app.sub.x"); means(z, "app.sub.y.z"); means(v, "app.v")
    """,
    "relative import out of the tree": """
        from ....y import z
        means(z, ".y.z")
    """,
    "star import": """
        from uuid import *
        means(uuid4, "uuid.uuid4"); means(other, "")
    """,
    "star import under a name that the module binds": """
        from uuid import *
        def uuid4(): pass
        means(uuid4, "")
    """,
    "__import__": """
        means(__import__("uuid").uuid4, "uuid.uuid4")
    """,
    "__import__ by keyword": """
        means(__import__(name="uuid").uuid4, "uuid.uuid4")
    """,
    "__import__ gives the top package": """
        means(__import__("a.b").c, "a.c")
    """,
    "__import__ that is something else": """
        def __import__(a): pass
        means(__import__("uuid").uuid4, "")
    """,
    "__import__ under a name": """
        u = __import__("uuid")
        means(u.uuid4, "uuid.uuid4")
    """,
    "import_module": """
        import importlib
        means(importlib.import_module("a.b").c, "a.b.c")
    """,
    "import_module, renamed": """
        from importlib import import_module as load
        means(load("uuid").uuid4, "uuid.uuid4")
    """,
    "import_module by keyword": """
        import importlib
        means(importlib.import_module(name="uuid").uuid4, "uuid.uuid4")
    """,
    "import_module that is not imported": """
        means(importlib.import_module("uuid"), "")
    """,
    "getattr": """
        import uuid
        means(getattr(uuid, "uuid4"), "uuid.uuid4")
    """,
    "getattr with a default": """
        import uuid
        means(getattr(uuid, "uuid4", None), "uuid.uuid4")
    """,
    "getattr that is something else": """
        import uuid
        def getattr(a, b): pass
        means(getattr(uuid, "uuid4"), "")
    """,
    "getattr of a name that is not written out": """
        import uuid
        means(getattr(uuid, name), "")
    """,
    "result of a call": """
        import uuid
        means(uuid.uuid4(), "")
    """,
    "result of a call that leads to a target": """
        from app import ids
        means(ids.factory().make, "app.ids.factory().make")
    """,
    "parentheses": """
        import uuid
        means((uuid).uuid4, "uuid.uuid4")
    """,
    "walrus in place": """
        import uuid
        means((u := uuid).uuid4, "uuid.uuid4")
    """,
    "attribute of an object": """
        import uuid
        class A:
            def f(self): means(self.uuid.uuid4, "")
    """,
    "string": """
        means("uuid", "")
    """,
    "conditional value": """
        import uuid, ulid
        u = uuid if a else ulid
        means(u, "")
    """,
    "names of each other": """
        a = b
        b = a
        means(a, "")
    """,
    "name of itself": """
        a = a
        means(a, "")
    """,
    "import of the same name": """
        import uuid
        uuid = uuid
        means(uuid, "uuid")
    """,
}

TARGETS = {"uuid.uuid4", "app.ids.factory().make"}


def resolved(
    code: str, answers: Mapping[Query, str | None] | None = None
) -> tuple[list[tuple[str, str]], Names]:
    """For each `means` in `code` what its expression stands for, and what it should stand for."""
    scopes = build(cst.parse_module(textwrap.dedent(code)), ("app", "sub"))
    names = Names(scopes, TARGETS, answers=answers)
    means = cst.Name("means")
    calls = [
        node.args for node in scopes.places if isinstance(node, cst.Call) and node.func.deep_equals(means)
    ]
    return [
        ("|".join(sorted(names.resolve(one.value))), literal_text(two.value)) for one, two in calls
    ], names


@pytest.mark.parametrize("code", CASES.values(), ids=CASES)
def test_what_an_expression_stands_for(code: str) -> None:
    found, _ = resolved(code)
    assert found
    assert all(meaning == expected for meaning, expected in found), found


# The code of one module, and what others answer: what they bind a name to, None if they do not or made it.
ANSWERED = {
    "re-export": (
        "from app.compat import uuid4\nmeans(uuid4, 'uuid.uuid4')",
        {Query("app.compat", "uuid4"): "uuid.uuid4"},
    ),
    "re-export, by the module": (
        "import app.compat\nmeans(app.compat.uuid4, 'uuid.uuid4')",
        {Query("app.compat", "uuid4"): "uuid.uuid4"},
    ),
    "re-export, relative": (
        "from .compat import uuid4 as new\nmeans(new, 'uuid.uuid4')",
        {Query("app.sub.compat", "uuid4"): "uuid.uuid4"},
    ),
    "re-export of the module": (
        "from app.compat import uuid\nmeans(uuid.uuid4, 'uuid.uuid4')",
        {Query("app.compat", "uuid"): "uuid"},
    ),
    "re-export of a re-export": (
        "from app.one import uuid4\nmeans(uuid4, 'uuid.uuid4')",
        {Query("app.one", "uuid4"): "app.two.uuid4", Query("app.two", "uuid4"): "uuid.uuid4"},
    ),
    "name of the module's own": (
        "from app.compat import uuid4\nmeans(uuid4, 'app.compat.uuid4')",
        {Query("app.compat", "uuid4"): None},
    ),
    "re-export by star import": (
        "from app.compat import *\nmeans(uuid4, 'uuid.uuid4')",
        {Query("app.compat", "uuid4", by_star=True): "uuid.uuid4"},
    ),
    "star import that does not offer it": (
        "from app.compat import *\nmeans(uuid4, '')",
        {Query("app.compat", "uuid4", by_star=True): None},
    ),
    "one of two star imports": (
        "from app.one import *\nfrom app.two import *\nmeans(uuid4, 'uuid.uuid4')",
        {
            Query("app.one", "uuid4", by_star=True): None,
            Query("app.two", "uuid4", by_star=True): "uuid.uuid4",
        },
    ),
    "factory": (
        "from app.api import factory\nmeans(factory().make, 'app.ids.factory().make')",
        {Query("app.api", "factory"): "app.ids.factory"},
    ),
}


@pytest.mark.parametrize(("code", "answers"), ANSWERED.values(), ids=ANSWERED)
def test_names_are_followed_into_other_modules(code: str, answers: dict[Query, str | None]) -> None:
    found, names = resolved(code, answers)
    assert all(meaning == expected for meaning, expected in found), found
    assert names.queries == set()


@pytest.mark.parametrize(("code", "answers"), ANSWERED.values(), ids=ANSWERED)
def test_what_is_not_answered_is_asked(code: str, answers: dict[Query, str | None]) -> None:
    known: dict[Query, str | None] = {}
    for _ in answers:
        _, names = resolved(code, known)
        known |= {query: answers.get(query) for query in names.queries}
    assert answers.items() <= known.items()


def test_re_exports_in_a_circle_end() -> None:
    answers = {Query("app.one", "uuid4"): "app.two.uuid4", Query("app.two", "uuid4"): "app.one.uuid4"}
    ((meaning, _),), _ = resolved("from app.one import uuid4\nmeans(uuid4, '')", answers)
    assert meaning in answers.values()


def test_only_names_that_lead_to_a_target_are_asked_about() -> None:
    _, names = resolved("from app.models import User\nmeans(User.uuid, '')\nmeans(User.name, '')")
    assert names.queries == {Query("app.models.User", "uuid")}


def test_names_that_are_not_there_in_full_are_missed() -> None:
    module = cst.parse_module("import uuid\nu = make()\nu.uuid4\nuuid.uuid4")
    scopes = build(module, ())
    names = Names(scopes, TARGETS, known={"uuid", "uuid4"})
    found = {
        module.code_for_node(node): names.resolve(node)
        for node in scopes.places
        if isinstance(node, cst.Attribute)
    }
    assert found == {"u.uuid4": frozenset(), "uuid.uuid4": frozenset({"uuid.uuid4"})}
    assert names.missing == {"u"}


@pytest.mark.parametrize(
    ("known", "uses", "missing"),
    [(None, (), set()), ({"a"}, {"a"}, {"b"}), ({"a"}, (), {"a", "b"})],
    ids=["whole module", "some", "none"],
)
def test_uses_that_are_not_there_in_full_are_missed(known, uses, missing: set[str]) -> None:
    names = Names(build(cst.parse_module(""), ()), TARGETS, known=known, uses=uses)
    names.want_uses({"a", "b"})
    assert names.missing_uses == missing


LITERALS = {
    "plain": ("'a'", "a"),
    "escapes": (r"'\x61\n'", "a\n"),
    "raw": (r"r'\n'", r"\n"),
    "adjacent": ("('a' \"b\")", "ab"),
    "triple": ("'''a\nb'''", "a\nb"),
    "bytes": ("b'a'", None),
    "f-string": ("f'a'", None),
    "adjacent to an f-string": ("('a' f'b')", None),
    "name": ("a", None),
}


@pytest.mark.parametrize(("code", "text"), LITERALS.values(), ids=LITERALS)
def test_the_text_of_a_literal(code: str, text: str | None) -> None:
    assert literal_text(cst.parse_expression(code)) == text
