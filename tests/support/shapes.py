"""Simple statements for property tests: all that may stand around a name that a rule looks for, in many layouts."""

from __future__ import annotations

import ast
import re
import warnings

from hypothesis import strategies as st

LEAVES = (
    *("uuid.uuid4()",) * 8,
    *("f'{uuid.uuid4()}'", "str(uuid.uuid4())", "uuid.uuid4().hex[:8]", "uuid.uuid1(x)", "uuid.UUID(x)"),
    *(
        "uuid . uuid4()",
        "x",
        "path",
        "a.path",
        "self.dir",
        "a_file",
        "1",
        "0x1f",
        "1.5e3",
        "None",
        "...",
        "[]",
    ),
    *("'a'", "'a b'", "'.png'", "'@c.d'", "'https://x'", "b'.x'", r"r'\.p'", r"'\x2f'", "'''t\n.x'''"),
    *(
        "'uuid4'",
        "'uuid.uuid4'",
        "'a' 'b'",
        "'a' '.c'",
        "f'a{x}'",
        "f'{x}.png'",
        "f'{d[\"k\"]}'",
        "'#'",
        "u'('",
    ),
    *("x[1]", "d['a.b']", "f(x, y)", "open(x)", "{1: 2}", "'it\"s'", "()"),
)
FORMS = (
    *("<c>(<e>)", "<c>(<e>, <e>)", "<c>(<k>=<e>)", "<c>(<e>, <k>=<e>)", "<c>(*<e>, a=<e>, **<e>)"),
    *("f(\n <e>,  # uuid.uuid4() '\n <e>,\n)", "f(<e>).replace('-', '').x(<e>)", "(<e>).path.join(<e>)"),
    *(
        "[<e>, <e>]",
        "[<e>,]",
        "{<e>, <e>}",
        "(<e>, <e>)",
        "(<e>,)",
        "(<e>)",
        "{<e>: <e>, 'k': <e>}",
        "{**<e>}",
    ),
    *("(<e> + <e>)", "<e> / <e>", "(<e> % <e>)", "'%s.png' % (<e>, <e>)", "(<e> or <e>)", "<e> in <e>"),
    *("(<e> if <e> else <e>)", "not <e>", "(await <e>)", "(yield <e>)", "(y := <e>)", "f(y := <e>, <e>)"),
    *(
        "(<e>)[<e>:<e>]",
        "x[<e>, <e>]",
        "(<e>).x",
        "(lambda: <e>)",
        "{lambda a, b: <e>}",
        "f(k=lambda *a, b=1: <e>)",
    ),
    *("{lambda a=[1], b=lambda: 1, c=2: <e>}", "[<e> for a in <e>]", "[<e> for a, (b, path) in <e> if <e>]"),
    *("{<e>: <e> for x[0], y in <e>}", "f(<e> for a in <e>)"),
    *("f'<t>{<e>}<t>'", 'f"<t>{<e>}<t>{<e>}"', "f'{<e>!r:>{x}}<t>'", "f'<t>{<e>:,}' '@c.d'", "'a@' f'{<e>}'"),
    *('f"""{<e>}\n.png"""', "f'a{<e>}' f'{x}.png'", "f'{<e>}' 'a' 'b'"),
)
CALLED = (
    *(
        "f",
        "g.h",
        "str",
        "open",
        "Path",
        "os.path.join",
        "path.join",
        "x.join",
        "','.join",
        "getattr",
        "x[0]",
    ),
    *("f(x)", "self.open", "a.path.x", "uuid.UUID", "(open)", "((open))", "(x.path).join", "(os.path).join"),
)
TEXTS = (
    *(
        "",
        "",
        "a",
        "a b",
        "{{",
        "thread_",
        "x@",
        "@c.d",
        ".png",
        "/y",
        "://",
        "{x}",
        "{x}.x",
        "uuid4 ",
        r"it\n",
    ),
)
TARGETS = (
    *("", "x = ", "self.x = ", "x, y = z = ", "return ", "await ", "yield ", "assert x, ", "raise ", "x += "),
    *(
        "path = ",
        "x.path = ",
        "path.y = ",
        "x[path] = ",
        "path[0] = ",
        "path(x).y = ",
        "(path) = ",
        "[path] = ",
    ),
    *(
        "(x.path) = ",
        "path, x = ",
        "path: str = ",
        "x: path = ",
        "x: Annotated[str, <e>] = ",
        "x: List[uuid.UUID] = ",
    ),
    *("x[<e>] = ", "f(<e>).path = ", "x = <e>; path = ", "return x, "),
)
_DEEPEST = 4


@st.composite
def statements(draw: st.DrawFn) -> str:
    """A statement of an `async` function, which may have several rows."""

    def fill(template: str, depth: int) -> str:
        return re.sub("<(.)>", lambda field: choose(field[1], depth), template)

    def choose(field: str, depth: int) -> str:
        options = {"c": CALLED, "t": TEXTS, "k": ("a", "path", "a_file")}.get(field)
        if options is not None:
            return draw(st.sampled_from(options))
        is_leaf = depth == _DEEPEST or draw(st.integers(0, 3)) == 0
        return draw(st.sampled_from(LEAVES)) if is_leaf else fill(draw(st.sampled_from(FORMS)), depth + 1)

    return fill(draw(st.sampled_from(TARGETS)) + "<e>", 0)


def is_statement(text: str) -> bool:
    """Whether it is one on the Python that runs, which may be too old for a nested f-string."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(f"async def f():\n    {text}\n")
        except SyntaxError:
            return False
    return True
