from __future__ import annotations

import pytest
from rewriting import Fixer, code

from ssot_lint.fixing.spelling import Symbol
from ssot_lint.syntax.spelling import named

WRITTEN = {
    "not-imported": (
        """
        x = uuid.uuid4()
        """,
        """
        from app.ids import Ids

        x = Ids.make()
        """,
    ),
    "imported": (
        """
        from app.ids import Ids
        x = uuid.uuid4()
        """,
        """
        from app.ids import Ids
        x = Ids.make()
        """,
    ),
    "renamed": (
        """
        from app.ids import Ids as Make
        x = uuid.uuid4()
        """,
        """
        from app.ids import Ids as Make
        x = Make.make()
        """,
    ),
    "relative": (
        """
        from .ids import Ids
        x = uuid.uuid4()
        """,
        """
        from .ids import Ids
        x = Ids.make()
        """,
    ),
    "module": (
        """
        import app.ids
        x = uuid.uuid4()
        """,
        """
        import app.ids
        x = app.ids.Ids.make()
        """,
    ),
    "renamed-module": (
        """
        import app.ids as source
        x = uuid.uuid4()
        """,
        """
        import app.ids as source
        x = source.Ids.make()
        """,
    ),
    "module-from-its-package": (
        """
        from app import ids
        x = uuid.uuid4()
        """,
        """
        from app import ids
        x = ids.Ids.make()
        """,
    ),
    "package-only": (
        """
        import app.users
        x = uuid.uuid4()
        """,
        """
        import app.users
        from app.ids import Ids
        x = Ids.make()
        """,
    ),
    "local-import-that-has-run": (
        """
        def f():
            from app.ids import Ids as Make
            if f:
                return uuid.uuid4()
        """,
        """
        def f():
            from app.ids import Ids as Make
            if f:
                return Make.make()
        """,
    ),
    "local-import-in-another-function": (
        """
        def f():
            from app.ids import Ids
            return Ids
        def g(): return uuid.uuid4()
        """,
        """
        from app.ids import Ids


        def f():
            from app.ids import Ids
            return Ids
        def g(): return Ids.make()
        """,
    ),
    "local-import-in-one-branch": (
        """
        def f(a):
            if a:
                from app.ids import Ids
            return uuid.uuid4()
        """,
        """
        from app import ids


        def f(a):
            if a:
                from app.ids import Ids
            return ids.Ids.make()
        """,
    ),
    "local-import-behind-the-use": (
        """
        from app.ids import Ids
        def f():
            x = uuid.uuid4()
            from app.ids import Ids
            return x, Ids
        """,
        """
        from app import ids
        from app.ids import Ids
        def f():
            x = ids.Ids.make()
            from app.ids import Ids
            return x, Ids
        """,
    ),
    "parameter-of-that-name": (
        """
        from app.ids import Ids
        def f(Ids): return uuid.uuid4()
        def g(): return uuid.uuid4()
        """,
        """
        from app import ids
        from app.ids import Ids
        def f(Ids): return ids.Ids.make()
        def g(): return Ids.make()
        """,
    ),
    "lambda-and-comprehension-variables": (
        """
        from app.ids import Ids
        f = lambda Ids: uuid.uuid4()
        g = [uuid.uuid4() for Ids in f]
        """,
        """
        from app import ids
        from app.ids import Ids
        f = lambda Ids: ids.Ids.make()
        g = [ids.Ids.make() for Ids in f]
        """,
    ),
    "class-attribute-of-that-name": (
        """
        class A:
            Ids = None
            x = uuid.uuid4()
            def f(self): return uuid.uuid4()
        """,
        """
        from app import ids
        from app.ids import Ids


        class A:
            Ids = None
            x = ids.Ids.make()
            def f(self): return Ids.make()
        """,
    ),
    "name-of-something-else": (
        """
        class Ids: ...
        x = uuid.uuid4()
        """,
        """
        from app import ids


        class Ids: ...
        x = ids.Ids.make()
        """,
    ),
    "imported-behind-the-use": (
        """
        x = uuid.uuid4()
        from app.ids import Ids
        """,
        """
        from app import ids

        x = ids.Ids.make()
        from app.ids import Ids
        """,
    ),
    "for-type-checkers-only": (
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from app.ids import Ids
            from app.users import User

        def f(a: "Ids", b: "User"): return uuid.uuid4()
        """,
        """
        from typing import TYPE_CHECKING

        from app.ids import Ids

        if TYPE_CHECKING:
            from app.users import User

        def f(a: "Ids", b: "User"): return Ids.make()
        """,
    ),
    "all-of-what-type-checkers-import": (
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from app.ids import Ids

        def f(a: "Ids"): return uuid.uuid4()
        """,
        """
        from app.ids import Ids


        def f(a: "Ids"): return Ids.make()
        """,
    ),
    "assigned-by-a-function": (
        """
        from app.ids import Ids
        def f():
            global Ids
            Ids = None
        def g(): return uuid.uuid4()
        """,
        """
        from app import ids
        from app.ids import Ids
        def f():
            global Ids
            Ids = None
        def g(): return ids.Ids.make()
        """,
    ),
    "deleted": (
        """
        from app.ids import Ids
        x = Ids.make()
        del Ids
        def f(): return uuid.uuid4()
        """,
        """
        from app import ids
        from app.ids import Ids
        x = Ids.make()
        del Ids
        def f(): return ids.Ids.make()
        """,
    ),
    "two-uses-one-import": (
        """
        def f(): return uuid.uuid4(), uuid.uuid4()
        def g(): return uuid.uuid4()
        """,
        """
        from app.ids import Ids


        def f(): return Ids.make(), Ids.make()
        def g(): return Ids.make()
        """,
    ),
}

REFUSED = {
    "expected-to-be-missing": (
        """
        try:
            from app.ids import Ids
        except ImportError:
            Ids = None
        def f(): return uuid.uuid4()
        """,
        "`app.ids` is imported in a `try` that expects it to be missing, in line 2",
    ),
    "fallback-of-a-missing-source": (
        """
        def f():
            try:
                from app.ids import Ids
                return Ids.make()
            except ImportError:
                return uuid.uuid4()
        """,
        "`app.ids` is imported in a `try` that expects it to be missing, in line 3",
    ),
    "under-a-condition": (
        """
        import sys
        if sys.platform == "linux":
            from app.ids import Ids
        def f(): return uuid.uuid4()
        """,
        "`app.ids` is imported under a condition, in line 3",
    ),
    "both-names-taken": (
        """
        ids = []
        def f(Ids): return uuid.uuid4()
        """,
        "`Ids` cannot be imported: `Ids` is a local name here",
    ),
}


@pytest.mark.parametrize(("before", "after"), WRITTEN.values(), ids=WRITTEN)
def test_a_symbol_is_written_as_the_file_can(before: str, after: str, fix: Fixer) -> None:
    fixed = fix(code(before))
    assert fixed.reasons == []
    assert fixed.after == code(after)


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_symbol_that_cannot_be_named_is_refused(text: str, reason: str, fix: Fixer) -> None:
    fixed = fix(code(text))
    assert (fixed.reasons, fixed.after) == ([reason], code(text))


def test_an_import_that_would_close_a_cycle_is_refused(fix: Fixer) -> None:
    chain = ["app.code", "app.ids", "app.code"]
    fixed = fix("x = uuid.uuid4()\n", cycle={"app.ids": chain}.get)
    assert fixed.reasons == ["the import would close a cycle: app.code -> app.ids -> app.code"]


def test_a_builtin_that_the_module_uses_is_not_hidden(fix: Fixer) -> None:
    text = "def f(a): return id(a), uuid.uuid4()\n"
    assert fix(text, {"uuid.uuid4()": f"{named('app.ids.id')}()"}).after == (
        "from app import ids\n\n\ndef f(a): return id(a), ids.id()\n"
    )


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        ("app.ids.Ids", Symbol("app.ids", "Ids", "")),
        ("app.ids.Ids.make", Symbol("app.ids", "Ids", ".make")),
        ("app.ids.factory().make", Symbol("app.ids", "factory", "().make")),
        ("uuid.UUID", Symbol("uuid", "UUID", "")),
    ],
)
def test_a_dotted_name_is_split_at_its_module(dotted: str, expected: Symbol) -> None:
    assert Symbol.of(dotted, ["app", "app.ids", "app.id"]) == expected
