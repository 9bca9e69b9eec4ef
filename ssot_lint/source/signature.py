"""Parameters read from a definition, and Python's rules for binding a call's arguments to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ssot_lint.source.contract import Parameter, ParameterKind

_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)
_BY_KEYWORD = (ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class BoundCall:
    """A call's arguments by the parameter that takes them: a position from 0 or the keyword itself.

    Parameters left at their defaults are absent. `error` says in Python's words why the call cannot bind.
    """

    arguments: Mapping[str, tuple[int | str, ...]]
    error: str | None

    @property
    def ok(self) -> bool:
        return self.error is None


def bind(
    parameters: Sequence[Parameter],
    positional: int,
    keywords: Sequence[str],
    *,
    star: bool = False,
    double_star: bool = False,
) -> BoundCall:
    """Bind `positional` arguments and `keywords` as Python would.

    With `star` (`*args`) or `double_star` (`**kwargs`) in the call, only what is wrong whatever they hold
    is an error.
    """
    arguments: dict[str, tuple[int | str, ...]] = {}
    error = (
        _bind_positional(parameters, positional, arguments)
        or _bind_keywords(parameters, keywords, arguments)
        or _missing(parameters, arguments, star, double_star)
    )
    return BoundCall(arguments, error)


def read_parameters(
    definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, *, bound: bool
) -> Iterator[tuple[ast.arg, ParameterKind, ast.expr | None]]:
    """The parameters in order with kind and default; `bound` leaves out the first one (`self`, `cls`)."""
    arguments = definition.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    for index, (argument, default) in enumerate(
        zip(positional, [*defaults, *arguments.defaults], strict=True)
    ):
        if index or not bound:
            only = index < len(arguments.posonlyargs)
            yield argument, _BY_POSITION[0 if only else 1], default
    if arguments.vararg:
        yield arguments.vararg, ParameterKind.VAR_POSITIONAL, None
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument, ParameterKind.KEYWORD_ONLY, default
    if arguments.kwarg:
        yield arguments.kwarg, ParameterKind.VAR_KEYWORD, None


def _bind_positional(
    parameters: Sequence[Parameter], count: int, arguments: dict[str, tuple[int | str, ...]]
) -> str | None:
    slots = [parameter for parameter in parameters if parameter.kind in _BY_POSITION]
    for index, parameter in enumerate(slots[:count]):
        arguments[parameter.name] = (index,)
    if count <= len(slots):
        return None
    rest = _of_kind(parameters, ParameterKind.VAR_POSITIONAL)
    if rest is None:
        return _too_many(slots, count)
    arguments[rest.name] = tuple(range(len(slots), count))
    return None


def _too_many(slots: Sequence[Parameter], count: int) -> str:
    least = sum(parameter.required for parameter in slots)
    takes = f"{len(slots)}" if least == len(slots) else f"from {least} to {len(slots)}"
    plural = "" if takes == "1" else "s"
    return f"takes {takes} positional argument{plural} but {count} {'was' if count == 1 else 'were'} given"


def _bind_keywords(
    parameters: Sequence[Parameter], keywords: Sequence[str], arguments: dict[str, tuple[int | str, ...]]
) -> str | None:
    by_keyword = {parameter.name for parameter in parameters if parameter.kind in _BY_KEYWORD}
    rest = _of_kind(parameters, ParameterKind.VAR_KEYWORD)
    for keyword in keywords:
        if keyword in by_keyword:
            if keyword in arguments:
                return f"got multiple values for argument '{keyword}'"
            arguments[keyword] = (keyword,)
        elif rest is not None:
            arguments[rest.name] = (*arguments.get(rest.name, ()), keyword)
        else:
            return _unexpected(parameters, keyword)
    return None


def _unexpected(parameters: Sequence[Parameter], keyword: str) -> str:
    kinds = {parameter.name: parameter.kind for parameter in parameters}
    if kinds.get(keyword) is ParameterKind.POSITIONAL_ONLY:
        return f"got some positional-only arguments passed as keyword arguments: '{keyword}'"
    return f"got an unexpected keyword argument '{keyword}'"


def _missing(
    parameters: Sequence[Parameter],
    arguments: Mapping[str, tuple[int | str, ...]],
    star: bool,
    double_star: bool,
) -> str | None:
    elsewhere = (*(_BY_POSITION if star else ()), *(_BY_KEYWORD if double_star else ()))
    missing = [
        parameter
        for parameter in parameters
        if parameter.required and parameter.name not in arguments and parameter.kind not in elsewhere
    ]
    for kinds, words in ((_BY_POSITION, "positional"), ((ParameterKind.KEYWORD_ONLY,), "keyword-only")):
        names = [parameter.name for parameter in missing if parameter.kind in kinds]
        if names:
            plural = "" if len(names) == 1 else "s"
            return f"missing {len(names)} required {words} argument{plural}: {_listed(names)}"
    return None


def _listed(names: Sequence[str]) -> str:
    *first, last = (f"'{name}'" for name in names)
    if not first:
        return last
    return f"{', '.join(first)}{',' if len(first) > 1 else ''} and {last}"


def _of_kind(parameters: Sequence[Parameter], kind: ParameterKind) -> Parameter | None:
    return next((parameter for parameter in parameters if parameter.kind is kind), None)
