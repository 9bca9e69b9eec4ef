from __future__ import annotations

import pytest
from rewriting import code

from ssot_lint.fixing.flow import Flow
from ssot_lint.fixing.module import Module


def unbound(text: str) -> set[str]:
    flow = Flow(Module(code(text))).follow(lambda _: True)
    return {f"{use.symbol}:{use.name}" for use in flow.unbound}


SURE = {
    "parameter": """
        def f(a, /, b, *args, c=1, **rest): return a, b, args, c, rest
    """,
    "global-of-a-later-line": """
        def f(): return LATER
        LATER = 1
    """,
    "both-branches": """
        def f(a):
            if a: x = 1
            else: x = 2
            return x
    """,
    "other-branch-leaves": """
        def f(a):
            if a: x = 1
            else: raise ValueError
            return x
    """,
    "loop-that-only-ends-by-break": """
        def f():
            while True:
                x = 1
                if x: break
            return x
    """,
    "for-else": """
        def f(items):
            for item in items:
                if item:
                    x = item
                    break
            else:
                x = None
            return x
    """,
    "finally": """
        def f():
            try: pass
            finally: x = 1
            return x
    """,
    "try-with-handler-that-leaves": """
        def f():
            try: x = int()
            except ValueError: return None
            return x
    """,
    "with": """
        def f(lock):
            with lock as held: x = held
            return x
    """,
    "match-that-catches-all": """
        def f(value):
            match value:
                case [x, *rest]: return x, rest
                case {"a": a, **others}: return a, others
                case str() as x: pass
                case _: x = 2
            return x
    """,
    "walrus": """
        def f(a):
            if (n := len(a)) > 1: return n
            return n
    """,
    "comprehensions": """
        def f(rows): return [cell for row in rows if row for cell in row], {k: v for k, v in rows}
    """,
    "closure": """
        def f(a):
            def g(): return a
            return g, lambda b=a: b
    """,
    "class-body": """
        class A:
            x = 1
            y = x
            z = [i for i in (x, y)]
    """,
    "dunder-names": """
        def f(): return __name__, __file__, __class__
        class A: name = __qualname__
    """,
    "declared-global": """
        def f():
            global made
            made = 1
        def g(): return made
    """,
    "nonlocal": """
        def f():
            count = 0
            def g():
                nonlocal count
                count += 1
            return g
    """,
    "only-for-type-checkers-otherwise": """
        from typing import TYPE_CHECKING
        if not TYPE_CHECKING: x = 1
        def f(): return x
    """,
    "type-checkers-have-their-own": """
        import typing
        if typing.TYPE_CHECKING: from a import T
        else: T = object
        x = T
    """,
    "star": """
        from somewhere import *
        x = anything
    """,
    "unreachable": """
        def f():
            return 1
            x
    """,
    "augmented": """
        total = 0
        total += 1
    """,
    "annotated": """
        def f():
            x: int = 1
            return x
    """,
    "async": """
        async def f(source):
            async for item in source: pass
            async with source as s: return [x async for x in s]
    """,
    "try-star": """
        def f():
            try: x = 1
            except* ValueError as group: raise group
            return x
    """,
}

UNSURE = {
    "one-branch": (
        """
        def f(a):
            if a:
                from app.ids import Ids
            return Ids
        """,
        {"f:Ids"},
    ),
    "shadowed-by-a-later-local-import": (
        """
        from app.ids import Ids
        def f():
            x = Ids
            from app.ids import Ids
        """,
        {"f:Ids"},
    ),
    "missing-import": ("def f(d): return d.get('k', Ids)", {"f:Ids"}),
    "import-for-type-checkers": (
        """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from app.ids import Ids
        def f(): return Ids
        """,
        {"f:Ids"},
    ),
    "loop-may-not-run": (
        """
        def f(items):
            for x in items: pass
            return x
        """,
        {"f:x"},
    ),
    "handler-goes-on": (
        """
        def f():
            try: x = int()
            except ValueError: pass
            return x
        """,
        {"f:x"},
    ),
    "handler-name-is-gone": (
        """
        def f():
            try: pass
            except ValueError as error: pass
            return error
        """,
        {"f:error"},
    ),
    "deleted": (
        """
        def f():
            x = 1
            del x
            return x
        """,
        {"f:x"},
    ),
    "suppressed": (
        """
        from contextlib import suppress
        def f():
            with suppress(ValueError): x = int()
            return x
        """,
        {"f:x"},
    ),
    "class-name-in-method": (
        """
        class A:
            x = 1
            def f(self): return x
        """,
        {"A.f:x"},
    ),
    "class-name-in-comprehension": (
        """
        class A:
            x = 1
            y = [x for _ in range(2)]
        """,
        {"A:x"},
    ),
    "comprehension-variable-outside": (
        """
        def f(rows):
            found = [row for row in rows]
            return row
        """,
        {"f:row"},
    ),
    "module-before-binding": (
        """
        x = y
        y = 1
        """,
        {":y"},
    ),
    "closure-made-too-early": (
        """
        def f():
            g = lambda: x
            g()
            x = 1
        """,
        {"f:x"},
    ),
    "second-operand": (
        """
        def f(a):
            a and (x := 1)
            return x
        """,
        {"f:x"},
    ),
    "match-without-default": (
        """
        def f(value):
            match value:
                case int(): x = 1
            return x
        """,
        {"f:x"},
    ),
    "decorator-and-default": (
        """
        @later
        def f(a=later): pass
        later = 1
        """,
        {":later"},
    ),
    "local-of-another-function": (
        """
        def f(): x = 1
        def g(): return x
        """,
        {"g:x"},
    ),
    "only-annotated": (
        """
        def f():
            x: int
            return x
        """,
        {"f:x"},
    ),
    "while-condition": (
        """
        def f(a):
            while a:
                x = a.pop()
            return x
        """,
        {"f:x"},
    ),
}


@pytest.mark.parametrize("text", SURE.values(), ids=SURE)
def test_names_that_are_sure_to_be_bound(text: str) -> None:
    assert unbound(text) == set()


@pytest.mark.parametrize(("text", "expected"), UNSURE.values(), ids=UNSURE)
def test_names_that_may_not_be_bound(text: str, expected: set[str]) -> None:
    assert unbound(text) == expected


def test_only_what_is_wanted_is_followed() -> None:
    module = Module("def f(): return x\n\n\nclass A:\n    def g(self): return y\n    z = w\n")
    flow = Flow(module)
    assert not flow.unbound
    assert {use.name for use in flow.follow(lambda node: node.lineno == 1).unbound} == {"x"}
    assert {use.name for use in flow.follow(lambda _: True).unbound} == {"x", "y", "w"}
