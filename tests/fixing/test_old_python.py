"""The rules for f-strings before Python 3.12; such a Python, where it runs the tests, is asked too."""

from __future__ import annotations

import ast
import sys
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.fixing.old_python import fault_before, newer_syntax

NEW_STRINGS = (3, 12)
ACCEPTED = [
    """f"{a['b']}" """,
    '''f"""{a["b"]} {f'{x}'}"""''',
    r"""f"\n{x}\t{y:>{z}}" """,
    r"""f"\N{EM DASH}{x}" """,
    r"""rf"\d{x}\{y}" """,
    """f"{{{x}}} {x!r:>{width}.{places}} {x=} {x = !r}" """,
    """f"{x if x != y else z} {x == y} {x <= y} {(lambda: x)()} {(y := x)}" """,
    """f"{x:%H:%M}" f'{y}' "plain {" """,
    """f"{'#'}" """,
    """f"{a['#']}"  # comment "with quotes" """,
    '''f"""{
    x
    }"""''',
    """x = "{" + '}' + f'{x}' """,
    """f"{x:{'>'}10}" """,
    """f"{ {'a': 1}['a'] }" """,
    """f'{x!s}' f"{x:}" """,
    """fr'{x}\\n' """,
    "'''a ' b''' + f'''{x} ' {y}''' ",
]
REJECTED = [
    """f"{a["b"]}" """,
    """f'{a['b']}' """,
    """f"{f"{x}"}" """,
    """f"{f'{f"{x}"}'}" """,
    r"""f"{'\n'.join(x)}" """,
    r"""f"{x['\\']}" """,
    '''f"""{
    x  # why
    }"""''',
    """f"{
    x}" """,
    """f"{x:{y:{z}}}" """,
    """f"{x:{y:{z:>{w}}}}" """,
    '''f"""{"""a"""}"""''',
    """f"{x:{"a"}}" """,
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_old_pythons_accept(text: str) -> None:
    assert fault_before((3, 11), text) is None


@pytest.mark.parametrize("text", REJECTED)
def test_what_old_pythons_reject(text: str) -> None:
    assert fault_before((3, 8), text) is not None
    assert fault_before((3, 12), text) is None


@pytest.mark.skipif(sys.version_info >= NEW_STRINGS, reason="needs a parser of old f-strings")
@pytest.mark.parametrize("text", [*ACCEPTED, *REJECTED])
def test_an_old_python_agrees(text: str) -> None:
    assert compiles(text) is (text in ACCEPTED)


def compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text.strip())
    except SyntaxError:
        return False
    return True


PIECES = st.sampled_from(
    [
        "{x}",
        "{x!r}",
        "{x:>{y}}",
        "{a['k']}",
        '{a["k"]}',
        "{{",
        "}}",
        r"\n",
        "'",
        '"',
        "{f'{x}'}",
        "{x=}",
        "#",
        " a",
    ]
)
FORMATS = st.builds(
    lambda prefix, quote, pieces: f"{prefix}{quote}{''.join(pieces)}{quote}",
    st.sampled_from(["f", "rf", "F"]),
    st.sampled_from(['"', "'", '"""', "'''"]),
    st.lists(PIECES, max_size=5),
)


@pytest.mark.skipif(sys.version_info >= NEW_STRINGS, reason="needs a parser of old f-strings")
@given(FORMATS)
def test_an_old_python_agrees_on_any_format_string(text: str) -> None:
    if compiles(text):
        assert fault_before((3, 11), text) is None


@given(FORMATS)
def test_what_is_accepted_is_valid_everywhere(text: str) -> None:
    if fault_before((3, 11), text) is None and text.count('"') + text.count("'") == 2:
        assert compiles(text)


@pytest.mark.parametrize(
    ("version", "old", "new", "expected"),
    [
        ((3, 7), "x", "(x := 1)", "Python 3.7 has no NamedExpr"),
        ((3, 8), "x", "(x := 1)", None),
        ((3, 7), "(y := 1)", "(x := 1)", None),
        ((3, 9), "x", "match x:\n case _: pass", "Python 3.9 has no Match"),
        ((3, 10), "x", "try: x\nexcept* E: x", "Python 3.10 has no TryStar"),
    ],
)
def test_syntax_that_came_later(version: tuple[int, int], old: str, new: str, expected: str | None) -> None:
    assert newer_syntax(version, ast.parse(old), ast.parse(new)) == expected
