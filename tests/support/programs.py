"""Modules for property tests: small, valid, and full of the names that the rules look for.

Few names are bound, shadowed, deleted, used and merely mentioned in every way that the grammar has, in nested
blocks with all sorts of indentation, comments and blank lines.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

_T = TypeVar("_T")
Pick = Callable[[Sequence[_T]], _T]

NAMES = ("uuid", "uuid4", "u", "new", "ids", "make", "Ids", "x", "user")
SETS = (
    "Ids.ids(user)[0]",
    "Ids.ids(user)[1]",
    "Ids.ids(user)",
    "ids(user)[1]",
    "make(user)[0]",
    "make(user)[2]",
    "Ids.ids(user, 'a')[0]",
    "Ids.ids(x)[0]",
    "Ids().ids(user)[2]",
    "Ids.ids(name=user, kind='a')[1]",
)
FRESH = ("uuid.uuid4()", "uuid4()", "x", "new()", "u.uuid4().hex[:8]")
LEAVES = (
    *NAMES,
    *SETS,
    *FRESH,
    "uuid.uuid4",
    "x()",
    "__import__('uuid').uuid4()",
    "getattr(uuid, 'uuid4')",
    "getattr(u, 'uuid4')()",
    "importlib.import_module('uuid').uuid4()",
    "uuid.UUID",
    "Ids.ids",
    "1",
    "None",
    "''",
    "'#'",
    "u'('",
    "r'\\''",
    "b'uuid4'",
    "'uuid.uuid4()'",
    "'''a\nuuid4\n   b'''",
    '"""(\'"""',
    "'it\\\n  goes on'",
    "'thread_'",
    '"thread"',
    "'run_%s' % x",
    "'req_{}'.format(u)",
)
BUILT = (
    "(<e>)",
    "[<e>, <e>]",
    "<e> or <e>",
    "(<e> if <e> else <e>)",
    "(lambda <n>=<e>: <e>)",
    "(lambda: <e>)",
    "[<e> for <n> in <e>]",
    "{<e> for <n> in <e> if <e>}",
    "(<e> for <n> in <e> for <n> in <e>)",
    "[(<n> := <e>) for <n> in <e>]",
    "(<n> := <e>)",
    "f(<e>, <n>=<e>)",
    "{'<n>': <e>}",
    "f'thread_{<fresh>}'",
    'f"""{{\n{<fresh>}\n}} a {<n>!r:>{<n>}}"""',
    "'thread_' + <e>",
    "'thread_%s_%s' % (<e>, <e>)",
    "'_'.join(['run', <e>])",
    "(\n  <e>  # uuid4(\n\n   , <e>\n)",
    "<n> \\\n  + <e>",
    "<n>.<n>",
    "<n>.<n>(<e>)",
)
IMPORTS = (
    "import uuid",
    "import uuid as u",
    "import uuid, x",
    "import x.uuid",
    "import uuid.x as x",
    "import importlib",
    "import app",
    "from uuid import uuid4",
    "from uuid import uuid4 as new",
    "from uuid import (uuid4,\n  UUID as u)",
    "from uuid import *",
    "from uuid import \\\n *",
    "from uuid import*",
    "from x import *",
    "from app.ids import Ids",
    "from app.ids import Ids as make",
    "from app.ids import ids",
    "from .ids import ids as make",
    "from app import ids",
)
STATEMENTS = (
    *IMPORTS,
    "pass",
    "return",
    "continue",
    "raise x",
    "global uuid",
    "global uuid4, new",
    "nonlocal uuid",
    "nonlocal u, x",
    "del uuid",
    "del (uuid4, new)",
    "<n> = <e>",
    "<n> = <e>",
    "<n> = <n> = <e>",
    "<n>, <n> = <e>",
    "(<n>) = <e>",
    "[<n>, *<n>] = <e>",
    "<n>.<n> = <e>",
    "<n>[0] = <e>",
    "<n>: <e> = <e>",
    "<n>: <e>",
    "<n> += <e>",
    "<n> = <set>",
    "_, <n>, _ = <set>",
    "<n>, _, _ = <set>",
    "<n>, _, <n> = <set>",
    "<n> = <e>; <n> = <e>",
    "import uuid; <e>",
    "pass;<e>;",
    "<e>",
    "<e>",
    "f(<n>, <n>)",
    "print(<e>, <n>)",
    "log.info(<e>)",
    "return <e>",
    "return <n>, <n>",
    "yield <e>",
    "assert <e>, <e>",
    "type = <e>",
    "match = <e>",
    "if <n>: <n> = <e>",
    "for <n> in <e>: <e>",
    "while <e>: <e>",
    "with <e> as <n>: <n> = <e>",
    "with <e> as <n>, <e> as <n>: pass",
    "def <n>(<n>): return <e>",
    "class <n>: <n> = <e>",
    "'''uuid4\nat column 0\n  uuid.uuid4() # '''",
)
SUITES = (
    "<n> = <e>",
    "<e>",
    "<n>, _, _ = <set>",
    "return <set>",
    "import uuid",
    "from uuid import uuid4 as new",
    "pass; import uuid as u",
)
PATTERNS = (
    "<n>",
    "<n> if <e>",
    "[<n>, *_]",
    "[*<n>]",
    "{'a': 1, **<n>}",
    "f(<n>, x=1)",
    "f(uuid4=<n>)",
    "'a' as <n>",
    "uuid.uuid4",
    "1 | 2",
    "_",
)
COMPOUND = (
    "if",
    "if",
    "for",
    "while",
    "try",
    "try",
    "finally",
    "with",
    "def",
    "def",
    "def",
    "class",
    "match",
)
INDENTATIONS = (" ", "  ", "    ", "    ", "\t", "        ", "  \t")
COMMENTS = ("", "", "", "", "  # uuid.uuid4()", " # 'it\" (open", "\t# import uuid", "#")
BETWEEN: tuple[list[str], ...] = (
    *([] for _ in range(5)),
    [""],
    ["\t"],
    ["     "],
    ["", "\f", ""],
    ["# uuid4()"],
    ["   # at odd columns: uuid"],
)
HEADS: tuple[list[str], ...] = (
    [],
    ['"""Docstring about uuid4."""'],
    ["import uuid"],
    ["# comment", "import uuid"],
    ["from app.ids import Ids"],
    ["from app.ids import Ids"],
    ["from uuid import uuid4", "from app.ids import Ids, ids", "import uuid"],
)
_DEEPEST_BLOCK = 3
_DEEPEST_EXPRESSION = 3


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Modules that parse, with all of the above."""
    text = _Writer(lambda options: draw(st.sampled_from(options))).module()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)
    return text


class _Writer:
    """Writes a module as `pick` chooses."""

    def __init__(self, pick: Pick) -> None:
        self._pick = pick

    def module(self) -> str:
        lines = [*self._pick(HEADS), *self._block(0, "")]
        return self._pick(("\n", "\n", "\n", "\r\n")).join(lines) + self._pick(("\n", "", "\n\n"))

    def _maybe(self, odds: int = 2) -> bool:
        return self._pick(range(odds)) == 0

    def _fill(self, template: str, depth: int = 0) -> str:
        """The template with `<n>`, `<set>`, `<fresh>` and `<e>` replaced, each by a choice of its own."""
        return re.sub(r"<(\w+)>", lambda field: self._field(field[1], depth), template)

    def _field(self, field: str, depth: int) -> str:
        options = {"n": NAMES, "set": SETS, "fresh": FRESH}.get(field)
        return self._pick(options) if options else self._expression(depth + 1)

    def _expression(self, depth: int) -> str:
        if depth > _DEEPEST_EXPRESSION or not self._maybe(3):
            return self._pick(LEAVES)
        return self._fill(self._pick(BUILT), depth)

    def _block(self, depth: int, indentation: str) -> list[str]:
        lines = []
        for _ in range(self._pick((1, 1, 1, 2, 2) if depth else (1, 2, 3, 4))):
            lines += self._pick(BETWEEN)
            if depth and self._maybe(6):
                lines += [indentation + self._fill("_, <n>, _ = <set>") for _ in range(2)]
            if depth >= _DEEPEST_BLOCK or self._maybe():
                feed = "\f" if not indentation and self._maybe(9) else ""
                lines.append(f"{feed}{indentation}{self._fill(self._pick(STATEMENTS))}{self._pick(COMMENTS)}")
            else:
                lines += getattr(self, f"_{self._pick(COMPOUND)}")(depth, indentation)
        return lines

    def _clause(self, depth: int, indentation: str, head: str) -> list[str]:
        head = indentation + self._fill(head)
        if self._maybe(4):
            suite = self._pick((" ", " ", "  ", "")) + self._fill(self._pick(SUITES))
            return [f"{head}:{suite}{self._pick(COMMENTS)}"]
        body = self._block(depth + 1, indentation + self._pick(INDENTATIONS))
        return [f"{head}{self._pick(('', '', '', ' '))}:{self._pick(COMMENTS)}", *body]

    def _clauses(self, depth: int, indentation: str, *heads: str) -> list[str]:
        return [line for head in heads for line in self._clause(depth, indentation, head)]

    def _optional(self, *heads: str) -> list[str]:
        return [head for head in heads if self._maybe()]

    def _if(self, *place: int | str) -> list[str]:
        branches = [self._pick(("elif <e>", "elif(<n>)")) for _ in range(self._pick((0, 0, 1, 2)))]
        return self._clauses(*place, "if <e>", *branches, *self._optional("else"))

    def _for(self, *place: int | str) -> list[str]:
        return self._clauses(*place, "for <n> in <e>", *self._optional("else"))

    def _while(self, *place: int | str) -> list[str]:
        return self._clauses(*place, "while <e>", *self._optional("else"))

    def _try(self, *place: int | str) -> list[str]:
        star = self._pick(("", "", "*"))
        heads = [f"except{star} E", f"except{star} E as <n>", f"except{star} (<n>, E)"]
        handlers = [self._pick(heads) for _ in range(self._pick((1, 1, 2)))]
        return self._clauses(*place, "try", *handlers, *self._optional("else", "finally"))

    def _finally(self, *place: int | str) -> list[str]:
        return self._clauses(*place, "try", "finally")

    def _with(self, *place: int | str) -> list[str]:
        heads = ("with <e>", "with <e> as <n>", "with (\n <e> as <n>,\n)", "with open(<e>) as (<n>, x)")
        return self._clauses(*place, self._pick(heads))

    def _def(self, depth: int, indentation: str) -> list[str]:
        lines = []
        for _ in range(self._pick((0, 0, 0, 1, 2))):
            lines += [indentation + self._fill("@f(<e>)") + self._pick(COMMENTS), *self._pick(BETWEEN)]
        word = self._pick(
            ("def ", "def ", "def\t", "async def ", "async  def ", "async \\\n def ", "def \\\n ")
        )
        result = self._pick(("", "", " -> uuid.uuid4"))
        head = f"{word}<n>({self._parameters()}){result}"
        return lines + self._clause(depth, indentation, head)

    def _parameters(self) -> str:
        names = self._pick(((), (), ("user",), ("user",), ("uuid",), ("user", "x"), ("uuid4", "u")))
        parts = [name + self._pick(("=None", "=1", ": <e> = 1", "=<e>")) for name in names]
        return ", ".join(parts + self._optional(self._pick(("*rest", "**rest", "*, new=1", "*_, **rest"))))

    def _class(self, depth: int, indentation: str) -> list[str]:
        decorator = [indentation + self._fill(line) for line in self._optional("@<n>.f(<e>)")]
        head = self._pick(("class <n>", "class <n>(<e>, metaclass=<e>)"))
        return decorator + self._clause(depth, indentation, head)

    def _match(self, depth: int, indentation: str) -> list[str]:
        cases = [f"case {self._pick(PATTERNS)}" for _ in range(self._pick((1, 2, 3)))]
        inside = indentation + self._pick(INDENTATIONS)
        return [indentation + self._fill("match <e>:"), *self._clauses(depth, inside, *cases)]
