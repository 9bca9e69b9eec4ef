from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import replace

import pytest
from rewriting import Fixer, code

from ssot_lint.fixing.edits import apply
from ssot_lint.fixing.imports import imported_names
from ssot_lint.fixing.module import Module
from ssot_lint.fixing.removal import removable, remove


def without(text: str, names: Collection[str]) -> str:
    module = Module(text)
    gone = [item for item in imported_names(module, ()) if item.name in names and removable(item, module)]
    return apply(text, remove(module, gone))


CASES = {
    "whole-statement": (
        """
        import os
        import uuid
        import re
        """,
        """
        import os
        import re
        """,
    ),
    "trailing-comment-goes": (
        """
        import os
        import uuid  # for IDs
        """,
        """
        import os
        """,
    ),
    "one-of-several": (
        """
        import os, uuid, re
        """,
        """
        import os, re
        """,
    ),
    "first-of-several": (
        """
        import uuid, re  # two
        """,
        """
        import re  # two
        """,
    ),
    "last-of-several": (
        """
        from x import (a, uuid)
        """,
        """
        from x import (a)
        """,
    ),
    "two-neighbours-at-the-end": (
        """
        from x import a, uuid, time
        """,
        """
        from x import a
        """,
    ),
    "vertical": (
        """
        from x import (
            a,
            # about b
            b,
            uuid,  # for IDs
            z,
        )
        """,
        """
        from x import (
            a,
            # about b
            b,
            z,
        )
        """,
    ),
    "vertical-last-without-comma": (
        """
        from x import (
            a,
            uuid  # for IDs
        )
        """,
        """
        from x import (
            a,
        )
        """,
    ),
    "beside-the-parentheses": (
        """
        from x import (uuid,  # for IDs
                       a,
                       time)
        """,
        """
        from x import (
                       a,
                       )
        """,
    ),
    "grid": (
        """
        from x import (a, uuid, b,
                       c, time)
        """,
        """
        from x import (a, b,
                       c)
        """,
    ),
    "continued-line": (
        """
        from x import a, \\
            uuid, b
        """,
        """
        from x import a, \\
            b
        """,
    ),
    "continued-line-last": (
        """
        from x import a, \\
            uuid
        """,
        """
        from x import a
        """,
    ),
    "renamed": (
        """
        import os as o, uuid as time
        """,
        """
        import os as o
        """,
    ),
    "beside-another-statement": (
        """
        import uuid; x = 1
        y = 2; import uuid
        """,
        """
        x = 1
        y = 2
        """,
    ),
    "only-statement-of-a-block": (
        """
        if x:
            import uuid  # for IDs
        else:
            import time
        """,
        """
        if x:
            pass
        else:
            pass
        """,
    ),
    "block-on-one-row": (
        """
        if x(): import uuid
        """,
        """
        if x(): pass
        """,
    ),
    "all-of-an-if": (
        """
        x = 1

        if TYPE_CHECKING and sys.version_info > (3, 9):
            import uuid
            if y:

                import time

        z = 2
        """,
        """
        x = 1

        z = 2
        """,
    ),
    "all-of-an-if-on-one-row": (
        """
        if not x: import uuid; import time
        y = 1
        """,
        """
        y = 1
        """,
    ),
    "all-of-an-if-in-a-function": (
        """
        def f():
            if x:
                import uuid
        """,
        """
        def f():
            pass
        """,
    ),
    "an-if-with-a-comment": (
        """
        if x:
            # on old ones
            import uuid
        """,
        """
        if x:
            # on old ones
            pass
        """,
    ),
    "all-of-an-elif": (
        """
        if x:
            y = 1
        elif z:
            import uuid
        """,
        """
        if x:
            y = 1
        elif z:
            pass
        """,
    ),
    "all-of-a-function": (
        """
        def f():
            import uuid
            import time
        """,
        """
        def f():
            pass
        """,
    ),
    "function-with-docstring": (
        '''
        def f():
            """Doc."""
            import uuid
        ''',
        '''
        def f():
            """Doc."""
        ''',
    ),
    "blank-row-at-the-start-of-a-block": (
        """
        def f():
            import uuid

            return 1
        """,
        """
        def f():
            return 1
        """,
    ),
    "section-of-its-own": (
        '''
        """Doc."""

        import uuid

        from x import y
        ''',
        '''
        """Doc."""

        from x import y
        ''',
    ),
    "last-before-a-definition": (
        '''
        """Doc."""

        import time
        import uuid


        def f(): ...
        ''',
        '''
        """Doc."""


        def f(): ...
        ''',
    ),
    "first-of-the-file": (
        """
        import uuid

        x = 1
        """,
        """
        x = 1
        """,
    ),
    "comment-above-stays-with-what-follows": (
        """
        import os

        # standard library
        import uuid
        import re
        """,
        """
        import os

        # standard library
        import re
        """,
    ),
    "comment-above-would-head-nothing": (
        """
        import os

        # for IDs
        import uuid

        x = 1
        """,
        """
        import os

        x = 1
        """,
    ),
    "comment-that-heads-the-file": (
        """
        # License
        import uuid

        x = 1
        """,
        """
        # License

        x = 1
        """,
    ),
    "comment-for-tools": (
        """
        import os

        # pylint: disable=all
        import uuid

        x = 1
        """,
        """
        import os

        # pylint: disable=all

        x = 1
        """,
    ),
}

KEPT = {
    "in-a-try": """
        try:
            import uuid
        except ImportError:
            uuid = None
    """,
    "in-place-of-what-failed": """
        try:
            import fast as uuid
        except ImportError:
            import uuid
    """,
    "if-missing-is-suppressed": """
        from contextlib import suppress
        with suppress(ImportError):
            import uuid
    """,
    "re-exported": "import uuid as uuid\n",
    "kept-on-purpose": "import uuid  # noqa: F401\n",
    "kept-for-pylint": """
        from x import (  # pylint: disable=unused-import
            a, uuid,
        )
    """,
    "two-on-one-row": "import uuid; import time\n",
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_names_go_with_what_belongs_to_them(before: str, after: str, end: str) -> None:
    result = without(code(before).replace("\n", end), {"uuid", "time"})
    assert result == code(after).replace("\n", end)
    ast.parse(result)


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_is_kept_on_purpose_stays(text: str) -> None:
    assert without(code(text), {"uuid", "time"}) == code(text)


DEAD = {
    "module": ("import uuid\n\nx = uuid.uuid4()\n", "x = str()\n"),
    "from": (
        "from uuid import UUID, uuid4 as uuid\n\nx = uuid.uuid4(), UUID\n",
        "from uuid import UUID\n\nx = str(), UUID\n",
    ),
    "local": ("def f():\n    import uuid\n    return uuid.uuid4()\n", "def f():\n    return str()\n"),
    "other-function-has-its-own": (
        """
        import uuid
        def f(): return uuid.uuid4()
        def g():
            import uuid
            return uuid.uuid1()
        """,
        """
        def f(): return str()
        def g():
            import uuid
            return uuid.uuid1()
        """,
    ),
    "parameter-of-that-name": (
        "import uuid\n\ndef f(uuid): return uuid\n\nx = uuid.uuid4()\n",
        "def f(uuid): return uuid\n\nx = str()\n",
    ),
    "attribute-and-keyword-of-that-name": (
        "import uuid\n\nx = str.uuid, dict(uuid=1), uuid.uuid4()\n",
        "x = str.uuid, dict(uuid=1), str()\n",
    ),
    "key-of-that-name": ("import uuid\n\nx = {'uuid': uuid.uuid4()}\n", "x = {'uuid': str()}\n"),
    "comment": ("import uuid\n\nx = uuid.uuid4()  # as uuid\n", "x = str()  # as uuid\n"),
    "format-string": ("import uuid\n\nx = f'uuid {uuid.uuid4()}'\n", "x = f'uuid {str()}'\n"),
}

ALIVE = {
    "declared-global": "def f():\n    global uuid\n    import uuid\n    x = uuid.uuid4()\n",
    "declared-nonlocal": "def f():\n    uuid = None\n    def g():\n        nonlocal uuid\n        import uuid\n"
    "        x = uuid.uuid4()\n    return g(), uuid\n",
    "uuid-type": "import uuid\n\nx: uuid.UUID = uuid.uuid4()\n",
    "other-generator": "import uuid\n\nx = uuid.uuid4(), uuid.uuid5(a, b)\n",
    "in-all": "import uuid\n\n__all__ = ['uuid']\nx = uuid.uuid4()\n",
    "in-all-extended": "import uuid\n\n__all__ += ['uuid']\nx = uuid.uuid4()\n",
    "quoted-annotation": "import uuid\n\ndef f(a: 'uuid.UUID'): return uuid.uuid4()\n",
    "quoted-in-a-subscript": "import uuid\n\nT = Optional['uuid.UUID']\nx = uuid.uuid4()\n",
    "quoted-result": "import uuid\n\ndef f() -> 'uuid.UUID': return uuid.uuid4()\n",
    "quoted-and-no-expression": "import uuid\n\nx: 'uuid ...' = uuid.uuid4()\n",
    "beside-a-lambda-with-that-name": "import uuid\n\nx = uuid.uuid4(), uuid, lambda uuid: uuid\n",
    "another-fix-brings-it-back": "import uuid\n\nx = uuid.uuid4()\ny = MARK\n",
    "quoted-in-cast": "import uuid\n\nx = cast('uuid.UUID', uuid.uuid4())\n",
    "type-comment": "import uuid\n\nx = uuid.uuid4()  # type: uuid.UUID\n",
    "doctest": 'import uuid\n\ndef f():\n    """\n    >>> uuid.UUID(f())\n    """\n    return uuid.uuid4()\n',
    "deleted-later": "import uuid\n\nx = uuid.uuid4()\ndel uuid\n",
    "format-string": "import uuid\n\nx = uuid.uuid4()\ny = f'{uuid.NAMESPACE_DNS}'\n",
    "nested-function": "import uuid\n\ndef f():\n    def g(): return uuid.UUID\n    return uuid.uuid4()\n",
    "default-of-a-parameter": "import uuid\n\ndef f(uuid=uuid): return uuid\n\nx = uuid.uuid4()\n",
    "class-attribute": "class A:\n    import uuid\n    x = uuid.uuid4()\n    def f(self): return self.uuid\n",
    "global": "import uuid\n\ndef f():\n    global uuid\n    uuid = uuid.uuid4()\n",
}


@pytest.mark.parametrize(("before", "after"), DEAD.values(), ids=DEAD)
def test_an_import_that_died_goes(before: str, after: str, fix: Fixer) -> None:
    assert fix(code(before), {"uuid.uuid4()": "str()"}).after == code(after)


@pytest.mark.parametrize("text", ALIVE.values(), ids=ALIVE)
def test_an_import_that_is_used_stays(text: str, fix: Fixer) -> None:
    fixed = fix(text, {"uuid.uuid4()": "str()", "MARK": "uuid.UUID"})
    assert fixed.reasons == []
    assert "import uuid" in fixed.after


def test_an_import_that_was_dead_before_stays(fix: Fixer) -> None:
    fixed = fix("import time\nimport uuid\n\nx = uuid.uuid4()\n", {"uuid.uuid4()": "str()"})
    assert fixed.after == "import time\n\nx = str()\n"


@pytest.mark.parametrize(
    ("path", "exported", "stays"),
    [
        pytest.param("app/__init__.py", None, True, id="package-nobody-knows"),
        pytest.param("app/__init__.py", frozenset(), False, id="package-nobody-imports"),
        pytest.param("app/code.py", None, False, id="module-nobody-knows"),
        pytest.param("app/code.py", frozenset({"uuid"}), True, id="module-others-import-from"),
    ],
)
def test_others_may_import_it_from_here(
    path: str, exported: frozenset[str] | None, stays: bool, fix: Fixer
) -> None:
    fix = Fixer(replace(fix.context, path=path, exported=exported))
    assert ("import uuid" in fix("import uuid\n\nx = uuid.uuid4()\n", {"uuid.uuid4()": "1"}).after) is stays
