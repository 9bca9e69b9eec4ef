from __future__ import annotations

import ast
import symtable
import sys
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator

import libcst as cst
import pytest
from hypothesis import HealthCheck, assume, given, settings
from programs import modules

from ssot_lint.syntax.binder import build
from ssot_lint.syntax.names import Names, literal_text
from ssot_lint.syntax.scopes import Scope, ScopeKind

# Each `means(name, "module")` says which module the name stands for there, or that it may be none.
CASES = {
    "import": """
        import uuid
        means(uuid.uuid4, "uuid.uuid4")
    """,
    "parameter": """
        import uuid
        def f(uuid): means(uuid.uuid4, "")
    """,
    "parameters of all kinds": """
        import a,b,c,d,e
        def f(a, /, b, *c, d, **e): means(a, ""); means(b, ""); means(c, ""); means(d, ""); means(e, "")
    """,
    "default, evaluated outside": """
        import uuid
        def f(uuid=means(uuid, "uuid")): means(uuid, "")
    """,
    "default before the import": """
        def f(a=means(uuid, "uuid")): pass
        import uuid
    """,
    "decorator": """
        import uuid
        @means(uuid, "uuid")
        def uuid(): means(uuid, "")
    """,
    "lambda": """
        import uuid
        f = lambda uuid=means(uuid, "uuid"): means(uuid, "")
    """,
    "annotation": """
        import uuid
        def f(uuid: means(uuid, "uuid")) -> means(uuid, "uuid"): pass
    """,
    "assignment": """
        import uuid
        uuid = None
        means(uuid, "")
    """,
    "value of an assignment, evaluated before it": """
        import uuid
        uuid = means(uuid, "uuid")
    """,
    "tuple": """
        import uuid
        uuid, x = 1, 2
        means(uuid, "")
    """,
    "starred": """
        import uuid
        [*uuid] = 1, 2
        means(uuid, "")
    """,
    "augmented": """
        import uuid
        uuid += 1
        means(uuid, "")
    """,
    "attribute target": """
        import uuid
        uuid.x = 1
        means(uuid, "uuid")
    """,
    "annotated assignment": """
        import uuid
        uuid: int = 1
        means(uuid, "")
    """,
    "annotation without a value makes a name local to a function": """
        import uuid
        def f():
            uuid: int
            means(uuid, "")
    """,
    "local import": """
        def f():
            import uuid
            means(uuid, "uuid")
        means(uuid, "")
    """,
    "local name before its assignment": """
        import uuid
        def f():
            means(uuid, "")
            uuid = 1
    """,
    "function before the import": """
        def f(): means(uuid, "uuid")
        import uuid
    """,
    "function sees what the module has in the end": """
        uuid = 1
        def f(): means(uuid, "uuid")
        import uuid
    """,
    "function does not see what the module had before": """
        import uuid
        def f(): means(uuid, "")
        uuid = 1
    """,
    "branch": """
        if a:
            import uuid
        means(uuid, "uuid")
    """,
    "either branch": """
        if a:
            import uuid
        else:
            import uid as uuid
        means(uuid, "uid|uuid")
    """,
    "branch shadows": """
        import uuid
        if a:
            uuid = 1
            means(uuid, "")
        means(uuid, "uuid")
    """,
    "import that may fail": """
        try:
            import uuid
        except ImportError:
            uuid = None
        means(uuid, "uuid")
    """,
    "try2": """
        try:
            from uuid import uuid7 as new
        except ImportError:
            from uuid import uuid4 as new
        means(new, "uuid.uuid4|uuid.uuid7")
    """,
    "loop variable": """
        import uuid
        for uuid in x: means(uuid, "")
        means(uuid, "")
    """,
    "iterable of a loop": """
        import uuid
        for uuid in means(uuid, "uuid"): pass
    """,
    "from the round before": """
        def f():
            for i in x:
                means(uuid, "uuid")
                import uuid
    """,
    "with": """
        import uuid
        with means(uuid, "uuid") as uuid: means(uuid, "")
    """,
    "with tuple": """
        import uuid
        with a as (uuid, b): means(uuid, "")
    """,
    "exception": """
        import uuid
        try: pass
        except E as uuid: means(uuid, "")
        means(uuid, "uuid")
    """,
    "pattern": """
        import uuid
        match a:
            case uuid: means(uuid, "")
    """,
    "match star": """
        import uuid
        match a:
            case [*uuid]: means(uuid, "")
    """,
    "match rest": """
        import uuid
        match a:
            case {**uuid}: means(uuid, "")
    """,
    "match as": """
        import uuid
        match a:
            case (1 as uuid) if means(uuid, ""): pass
    """,
    "match subject": """
        import uuid
        match means(uuid, "uuid"):
            case uuid: pass
    """,
    "match other arm": """
        import uuid
        match a:
            case uuid: pass
            case _: means(uuid, "uuid")
    """,
    "match value": """
        import uuid
        match a:
            case uuid.x: means(uuid, "uuid")
    """,
    "def": """
        import uuid
        def uuid(): means(uuid, "")
        means(uuid, "")
    """,
    "class": """
        import uuid
        class uuid: means(uuid, "uuid")
        means(uuid, "")
    """,
    "class bases": """
        import uuid
        class uuid(means(uuid, "uuid"), metaclass=means(uuid, "uuid")): pass
    """,
    "class body": """
        import uuid
        class A:
            uuid = means(uuid, "uuid")
            means(uuid, "")
            def f(self): means(uuid, "uuid")
            x = [means(uuid, "uuid") for i in means(uuid, "")]
            g = lambda: means(uuid, "uuid")
    """,
    "class import": """
        class A:
            import uuid
            means(uuid, "uuid")
            def f(self, a=means(uuid, "uuid")): means(uuid, "")
    """,
    "class branch": """
        import uuid
        class A:
            if a:
                uuid = 1
            means(uuid, "uuid")
    """,
    "class in function": """
        def f():
            import uuid
            class A:
                means(uuid, "uuid")
                def g(self): means(uuid, "uuid")
    """,
    "closure": """
        def f():
            import uuid
            def g(): means(uuid, "uuid")
            return g
    """,
    "closure later": """
        def f():
            def g(): means(uuid, "uuid")
            import uuid
            return g
    """,
    "closure shadow": """
        import uuid
        def f(uuid):
            def g(): means(uuid, "")
    """,
    "comprehension": """
        import uuid
        [means(uuid, "") for uuid in means(uuid, "uuid")]
        means(uuid, "uuid")
    """,
    "comprehensions of all kinds": """
        import uuid
        {means(uuid, "") for uuid in a}
        {means(uuid, ""): means(uuid, "") for uuid in a}
        (means(uuid, "") for uuid in a)
    """,
    "clauses of a comprehension": """
        import uuid
        [means(uuid, "") for a in means(uuid, "uuid") for uuid in b if means(uuid, "")]
    """,
    "second iterable": """
        import uuid
        [1 for uuid in a for b in means(uuid, "")]
    """,
    "comprehension in a comprehension": """
        import uuid
        [[means(uuid, "") for uuid in a] for b in means(uuid, "uuid")]
    """,
    "walrus": """
        import uuid
        (uuid := 1)
        means(uuid, "")
    """,
    "walrus in a comprehension": """
        import uuid
        [(uuid := 1) for a in b if means(uuid, "uuid")]
        means(uuid, "uuid")
    """,
    "walrus in a comprehension, seen behind it": """
        import uuid
        [(u := uuid) for a in b]
        means(u, "uuid")
    """,
    "walrus in a comprehension of a function": """
        import uuid
        def f():
            [(u := uuid) for a in b if means(u, "uuid")]
            means(u, "uuid")
    """,
    "walrus in a comprehension under global": """
        def f():
            global u
            import uuid
            [(u := uuid) for a in b]
            means(u, "uuid")
        def g(): means(u, "uuid")
    """,
    "global": """
        import uuid
        def f():
            global uuid
            means(uuid, "uuid")
    """,
    "global import": """
        def f():
            global uuid
            import uuid
        def g(): means(uuid, "uuid")
    """,
    "global over outer": """
        import uuid
        def f():
            uuid = 1
            def g():
                global uuid
                means(uuid, "uuid")
    """,
    "global inherited": """
        import uuid
        def f():
            global uuid
            def g(): means(uuid, "uuid")
    """,
    "global set": """
        import uuid
        def f():
            global uuid
            uuid = 1
        def g(): means(uuid, "uuid")
    """,
    "global in class": """
        import uuid
        def f(uuid):
            class A:
                global uuid
                means(uuid, "uuid")
                def g(self): means(uuid, "")
    """,
    "nonlocal": """
        import uuid
        def f():
            uuid = 1
            def g():
                nonlocal uuid
                means(uuid, "")
    """,
    "nonlocal import": """
        def f():
            uuid = 1
            def g():
                nonlocal uuid
                import uuid
            means(uuid, "uuid")
            def h(): means(uuid, "uuid")
    """,
    "nonlocal later": """
        def f():
            def g():
                nonlocal uuid
                uuid = 1
                means(uuid, "uuid")
            import uuid
            means(uuid, "uuid")
    """,
    "nonlocal skips class": """
        def f():
            import uuid
            class A:
                uuid = 1
                def g(self):
                    nonlocal uuid
                    means(uuid, "uuid")
    """,
    "del": """
        import uuid
        del uuid
        means(uuid, "")
    """,
    "del branch": """
        import uuid
        if a:
            del uuid
        means(uuid, "uuid")
    """,
    "del tuple": """
        import uuid
        del (a, [uuid])
        means(uuid, "")
    """,
    "del attribute": """
        import uuid
        del uuid.x
        means(uuid, "uuid")
    """,
    "async": """
        import uuid
        async def f(uuid):
            async for x in y: means(uuid, "")
            async with z as w: pass
    """,
    "async comp": """
        import uuid
        async def f(): [means(uuid, "") async for uuid in x]
    """,
    "fstring": """
        import uuid
        f'{means(uuid, "uuid")} {x:{means(uuid, "uuid")}}'
    """,
    "slice": """
        import uuid
        x[means(uuid, "uuid"):means(uuid, "uuid")] = 1
    """,
    "star args": """
        import uuid
        f(*means(uuid, "uuid"), **means(uuid, "uuid"))
    """,
    "keyword name": """
        import uuid
        f(uuid=means(uuid, "uuid"))
    """,
    "early return": """
        import uuid
        def f(m):
            if m:
                uuid = m
                return means(uuid, "")
            import uuid
            means(uuid, "uuid")
    """,
    "finally": """
        try:
            import uuid
        finally:
            means(uuid, "uuid")
    """,
    "import in try uses": """
        uuid = None
        try:
            import uuid
            means(uuid, "uuid")
        except E:
            means(uuid, "uuid")
    """,
    "import in a branch makes a name local": """
        import uuid
        def f():
            if a:
                import uuid
            means(uuid, "uuid")
    """,
    "else of a loop": """
        import uuid
        for a in b:
            uuid = 1
        else:
            means(uuid, "uuid")
    """,
    "dunder all": """
        import uuid
        __all__ = ['uuid']
        means(uuid, "uuid")
    """,
    "import under TYPE_CHECKING": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            import uuid
        def f(): means(uuid, "uuid")
    """,
}


@pytest.mark.parametrize("code", CASES.values(), ids=CASES)
def test_what_a_name_stands_for(code: str) -> None:
    scopes = build(cst.parse_module(textwrap.dedent(code)), ())
    names = Names(scopes, {"uuid.uuid4"})
    means = cst.Name("means")
    calls = [
        node.args for node in scopes.places if isinstance(node, cst.Call) and node.func.deep_equals(means)
    ]
    found = [("|".join(sorted(names.resolve(one.value))), literal_text(two.value)) for one, two in calls]
    assert found
    assert all(meaning == expected for meaning, expected in found), found


ANNOTATIONS = {
    "parameter": "def f(a: here): pass",
    "result": "def f() -> here: pass",
    "variable": "a: here = 1",
    "variable without a value": "a: here",
    "attribute": "self.a: here = 1",
    "in a subscript": "a: dict[str, here]",
    "alternative": "a: here | None",
    "type alias": "type A = list[here]",
}
NO_ANNOTATIONS = {
    "value": "a: int = here",
    "default": "def f(a: int = here): pass",
    "base": "class A(list[here]): pass",
    "what an annotation calls": "a: Annotated[str, Field(default_factory=here)]",
    "argument": "cast(here, a)",
    "body": "def f() -> int: here",
}


@pytest.mark.parametrize("code", ANNOTATIONS.values(), ids=ANNOTATIONS)
def test_annotations(code: str) -> None:
    assert list(_in_annotations(code)) == [True]


@pytest.mark.parametrize("code", NO_ANNOTATIONS.values(), ids=NO_ANNOTATIONS)
def test_what_runs_is_no_annotation(code: str) -> None:
    assert list(_in_annotations(code)) == [False]


NO_NAMES = {
    "attribute": "a.here",
    "keyword argument": "f(here=1)",
    "keyword pattern": "match a:\n    case f(here=1): pass",
    "import": "import here.a\nfrom here import a as here\nfrom a import here",
    "assignment": "here = 1",
    "parameter": "def here(here, *, b=1): pass",
    "global": "def f():\n    global here",
    "deletion": "del here",
    "string": "'here', b'here', f'here'  # here",
}


@pytest.mark.parametrize("code", NO_NAMES.values(), ids=NO_NAMES)
def test_what_only_looks_like_a_name_that_is_read(code: str) -> None:
    assert list(_in_annotations(code)) == []


def _in_annotations(code: str) -> Iterator[bool]:
    """For each place that reads `here`, whether it is in an annotation."""
    scopes = build(cst.parse_module(code), ())
    for node in scopes.places:
        if isinstance(node, cst.Name) and node.value == "here":
            yield node in scopes.annotations


@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(modules())
def test_functions_bind_the_names_that_the_compiler_makes_local(code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = symtable.symtable(code, "module.py", "exec")
        except SyntaxError:
            assume(False)  # a `nonlocal` that means nothing
    assume(sys.version_info < (3, 12) or not _has_inlined(code))
    kinds = (ScopeKind.FUNCTION, ScopeKind.COMPREHENSION)
    scopes = build(cst.parse_module(code), ())
    found = [(_name(scope), frozenset(scope.bindings)) for scope in scopes.all if scope.kind in kinds]
    assert Counter(found) == Counter(_compiled(table))


def _has_inlined(code: str) -> bool:
    """Whether there is a comprehension whose names newer compilers count among those of its function (PEP 709)."""
    return any(
        isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)) for node in ast.walk(ast.parse(code))
    )


def _name(scope: Scope) -> str:
    return scope.node.name.value if isinstance(scope.node, cst.FunctionDef) else "expression"


def _compiled(table: symtable.SymbolTable) -> Iterator[tuple[str, frozenset[str]]]:
    """The functions, lambdas and comprehensions below, with their local names."""
    for child in table.get_children():
        if isinstance(child, symtable.Function):
            local = {symbol.get_name() for symbol in child.get_symbols() if symbol.is_local()}
            is_expression = child.get_name() in ("lambda", "listcomp", "setcomp", "dictcomp", "genexpr")
            yield "expression" if is_expression else child.get_name(), frozenset(local - {".0"})
        yield from _compiled(child)
