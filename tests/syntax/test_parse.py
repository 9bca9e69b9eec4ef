from __future__ import annotations

from collections.abc import Callable

import pytest

from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.parse import ParseError, TooDeepError, parse

NESTED: dict[str, Callable[[int], str]] = {
    "sum": lambda depth: f"x = {' + '.join(['a'] * depth)}\n",
    "sum over rows": lambda depth: "x = (\n" + "a +\n" * depth + "a)\n",
    "attributes": lambda depth: f"x = a{'.b' * depth}\n",
    "calls": lambda depth: f"x = a{'.b()' * depth}\n",
    "signs": lambda depth: f"x = {'-' * depth}a\n",
    "negations": lambda depth: f"x = {'not ' * depth}a\n",
    "lambdas": lambda depth: f"x = {'lambda: ' * depth}a\n",
    "conditions": lambda depth: f"x = {'a if b else ' * depth}c\n",
    "strings in a row": lambda depth: "x = (" + "'a' " * depth + ")\n",
    "dotted import": lambda depth: f"import a{'.b' * depth}\n",
    "elif": lambda depth: "if a: pass\n" + "elif b: pass\n" * depth,
}
"""Modules that nest `depth` levels."""


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_deep_nesting_is_refused_before_it_ends_the_process(nested: Callable[[int], str]) -> None:
    with pytest.raises(TooDeepError):
        parse(nested(20_000))


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("with_lines", [True, False], ids=["lines known", "lines not known"])
def test_usual_nesting_is_parsed(nested: Callable[[int], str], with_lines: bool) -> None:
    text = nested(100)
    lines = [*Outline(text).lines()] if with_lines else []
    assert parse(text, lines).code == text


BRACKETS = {
    "closed": "x = " + "[" * 250 + "]" * 250 + "\n",
    "not closed": "x = " + "(\n" * 250,
    "of several kinds": "x = " + "[{(" * 100 + ")}]" * 100 + "\n",
}


@pytest.mark.parametrize("text", BRACKETS.values(), ids=BRACKETS)
def test_brackets_are_counted_as_python_counts_them(text: str) -> None:
    with pytest.raises(TooDeepError):
        parse(text)
    with pytest.raises(SyntaxError, match="too many nested parentheses"):
        compile(text, "module.py", "exec")


FLAT = {
    "statements": "x = a.b + c\n" * 1_200,
    "list": "x = [\n" + "    a.b + 'c',\n" * 1_200 + "]\n",
    "list on a row": f"x = [{'a.b, ' * 1_200}]\n",
    "calls": f"f({'g(a.b), ' * 1_200})\n",
    "dict": "x = {" + "'a': (1, -2), " * 1_200 + "}\n",
    "statements on a row": "x = a.b; " * 1_200 + "\n",
    "text": f"x = '{'- ' * 1_200}'  # {'- ' * 1_200}\n",
}


@pytest.mark.parametrize("text", FLAT.values(), ids=FLAT)
def test_what_is_long_and_not_deep_is_parsed(text: str) -> None:
    lines = [*Outline(text).lines()]
    assert parse(text, lines).code == parse(text).code == text


WRONG = {
    "syntax": "x = 1\ny = = 2\n",
    "bracket": "x = (1 +\n",
    "string": "x = 'a\n",
    "string in a long line": f"x = 'a {'b' * 3_000}\n",
    "lone surrogate": "x = '\ud800'\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_kind_of_error_in_one_line(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_valid_code_that_libcst_takes_for_wrong_is_an_error_of_the_same_kind() -> None:
    with pytest.raises(ParseError):
        parse("if a: pass\nelif(lambda: b): pass\n")
