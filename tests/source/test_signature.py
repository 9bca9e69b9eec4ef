"""Binding a call's arguments, against Python itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.source.contract import Binding, Generator, Parameter, ParameterKind, Returns, ValueType
from ssot_lint.source.facts import describe_signature
from ssot_lint.source.signature import bind

DEFAULT = "left at its default"


def parameter(name: str, kind: ParameterKind, default: str | None = None) -> Parameter:
    return Parameter(name, kind, default, None, False, 1)


POSITIONAL = ParameterKind.POSITIONAL_OR_KEYWORD
CONTEXT = (parameter("user_id", POSITIONAL), parameter("operation", POSITIONAL, "'context'"))


@pytest.mark.parametrize(
    ("positional", "keywords", "arguments"),
    [
        (1, [], {"user_id": (0,)}),
        (2, [], {"user_id": (0,), "operation": (1,)}),
        (0, ["operation", "user_id"], {"user_id": ("user_id",), "operation": ("operation",)}),
    ],
)
def test_says_which_parameter_takes_which_argument(positional, keywords, arguments):
    bound = bind(CONTEXT, positional, keywords)
    assert bound.ok
    assert bound.arguments == arguments


@pytest.mark.parametrize(
    ("positional", "keywords", "error"),
    [
        (0, [], "missing 1 required positional argument: 'user_id'"),
        (3, [], "takes from 1 to 2 positional arguments but 3 were given"),
        (1, ["user_id"], "got multiple values for argument 'user_id'"),
        (1, ["thread_id"], "got an unexpected keyword argument 'thread_id'"),
    ],
)
def test_says_in_python_s_words_why_it_does_not_bind(positional, keywords, error):
    assert bind(CONTEXT, positional, keywords).error == error


def test_knows_every_kind_of_parameter():
    parameters = (
        parameter("only", ParameterKind.POSITIONAL_ONLY),
        parameter("either", POSITIONAL),
        parameter("rest", ParameterKind.VAR_POSITIONAL),
        parameter("named", ParameterKind.KEYWORD_ONLY),
        parameter("others", ParameterKind.VAR_KEYWORD),
    )
    assert bind(parameters, 4, ["named", "x", "only"]).arguments == {
        "only": (0,),
        "either": (1,),
        "rest": (2, 3),
        "named": ("named",),
        "others": ("x", "only"),
    }
    assert bind(parameters, 2, []).error == "missing 1 required keyword-only argument: 'named'"
    assert bind(parameters[:1], 0, ["only"]).error == (
        "got some positional-only arguments passed as keyword arguments: 'only'"
    )
    assert bind(parameters[:2], 0, []).error == "missing 2 required positional arguments: 'only' and 'either'"


def test_stars_may_hold_what_is_missing_but_not_mend_what_is_wrong():
    assert bind(CONTEXT, 0, [], star=True).ok
    assert bind(CONTEXT, 0, [], double_star=True).ok
    assert not bind((parameter("k", ParameterKind.KEYWORD_ONLY),), 0, [], star=True).ok
    assert not bind((parameter("p", ParameterKind.POSITIONAL_ONLY),), 0, [], double_star=True).ok
    assert not bind(CONTEXT, 3, [], star=True).ok
    assert not bind(CONTEXT, 1, ["nothing"], double_star=True).ok


@st.composite
def signatures(draw) -> list[Parameter]:
    parameters: list[Parameter] = []
    names = iter("abcdefghij")
    optional = False
    for kind in (ParameterKind.POSITIONAL_ONLY, POSITIONAL):
        for _ in range(draw(st.integers(0, 2))):
            optional = optional or draw(st.booleans())
            parameters.append(parameter(next(names), kind, "DEFAULT" if optional else None))
    if draw(st.booleans()):
        parameters.append(parameter("args", ParameterKind.VAR_POSITIONAL))
    for _ in range(draw(st.integers(0, 2))):
        default = "DEFAULT" if draw(st.booleans()) else None
        parameters.append(parameter(next(names), ParameterKind.KEYWORD_ONLY, default))
    if draw(st.booleans()):
        parameters.append(parameter("kwargs", ParameterKind.VAR_KEYWORD))
    return parameters


@given(signatures(), st.integers(0, 6), st.sets(st.sampled_from("abcdefgx"), max_size=5))
def test_agrees_with_python(parameters, positional, keywords):
    names = sorted(keywords)
    ours = bind(parameters, positional, names)
    try:
        theirs = defined(parameters)(*range(positional), **{name: name for name in names})
    except TypeError:
        assert not ours.ok
        return
    assert ours.ok, ours.error
    taken = {name: value for name, value in theirs.items() if value not in (DEFAULT, (), {})}
    assert {name: set(value) for name, value in ours.arguments.items()} == {
        name: set(value) if isinstance(value, (tuple, dict)) else {value} for name, value in taken.items()
    }


def defined(parameters: list[Parameter]) -> Callable[..., dict[str, object]]:
    """A function with these parameters that says what each of them was given."""
    shown = describe_signature(generator_with(parameters))
    scope: dict[str, object] = {"DEFAULT": DEFAULT}
    exec(f"def function{shown}: return locals()", scope)
    return scope["function"]


def generator_with(parameters: list[Parameter]) -> Generator:
    return Generator(
        *("f", "f", tuple(parameters), (), Returns.ONE, ValueType.STRING, False, None, False),
        *(Binding.FUNCTION, (), (), "ids.py", 1),
    )
