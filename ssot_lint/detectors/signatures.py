"""Calls of generators against their signatures: whether they bind, and how the IDs that they make begin."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from ssot_lint.source.contract import (
    Binding,
    Contract,
    Generator,
    Parameter,
    ParameterKind,
    Part,
    PartKind,
    Returns,
    SourceKind,
    ValueType,
)
from ssot_lint.source.signature import BoundCall, bind
from ssot_lint.syntax.names import literal_text

_SELF = Parameter("self", ParameterKind.POSITIONAL_ONLY, None, None, False, 0)


class GivenCall:
    """A call of `generator`, which surely is what its function's dotted `name` leads to."""

    def __init__(self, node: cst.Call, name: str, generator: Generator) -> None:
        self.node = node
        self.generator = generator
        self._name = name

    def error(self, contract: Contract) -> str | None:
        """Why the call cannot bind, in Python's words; None if it can, or if that cannot be told."""
        if self.generator.is_decorated:
            return None
        needs_self = self.generator.binding is Binding.INSTANCE and self._is_of_class(contract)
        return self._bound((_SELF,) if needs_self else ()).error

    @cached_property
    def head(self) -> str:
        """What every ID of this call begins with; empty if that is not known, or if it makes no single ID."""
        generator = self.generator
        is_single = generator.returns is Returns.ONE and generator.value_type is ValueType.STRING
        if not is_single or generator.is_decorated or generator.may_return_none or self._has_stars():
            return ""
        bound = self._bound()
        heads = ["".join(self._constants(parts, bound)) for parts in generator.formats[0].alternatives]
        return os.path.commonprefix(heads)  # noqa: RUF071 - these are texts, not paths

    def _constants(self, parts: tuple[Part, ...], bound: BoundCall) -> Iterator[str]:
        for part in parts:
            text: str | None = None
            if part.kind is PartKind.LITERAL:
                text = part.text
            elif part.kind is PartKind.PARAMETER and part.max_length is None:
                text = self._argument(part.text, bound)
            if text is None:
                return
            yield text

    def _argument(self, name: str, bound: BoundCall) -> str | None:
        """The text that a parameter receives, if it is written out."""
        parameter = next((item for item in self.generator.parameters if item.name == name), None)
        if name in bound.arguments:
            places = bound.arguments[name]
            return literal_text(self._given(places[0])) if len(places) == 1 else None
        if parameter is None or parameter.default is None:
            return None
        try:
            value = ast.literal_eval(parameter.default)
        except (ValueError, SyntaxError):
            return None
        return value if isinstance(value, str) else None

    def _given(self, place: int | str) -> cst.BaseExpression:
        if isinstance(place, int):
            return [argument.value for argument in self.node.args if argument.keyword is None][place]
        return next(item.value for item in self.node.args if item.keyword and item.keyword.value == place)

    def _has_stars(self) -> bool:
        return any(argument.star for argument in self.node.args)

    def _bound(self, before: tuple[Parameter, ...] = ()) -> BoundCall:
        arguments = self.node.args
        stars = {argument.star for argument in arguments}
        return bind(
            (*before, *self.generator.parameters),
            sum(argument.keyword is None and not argument.star for argument in arguments),
            [argument.keyword.value for argument in arguments if argument.keyword is not None],
            star="*" in stars,
            double_star="**" in stars,
        )

    def _is_of_class(self, contract: Contract) -> bool:
        """Whether the name leads through the class itself, not through an instance of it."""
        owner = self._name.rpartition(".")[0]
        for source in contract.sources:
            if self.generator in source.generators and source.kind is not SourceKind.INSTANCE:
                inside = self.generator.qualified.removeprefix(source.target).rpartition(".")[0]
                if owner in {f"{alias}{inside}" for alias in (source.target, *source.aliases)}:
                    return True
        return False


def signature(generator: Generator) -> str:
    """A generator's name and parameters as a header would have them, without annotations."""
    return f"{generator.name}({', '.join(_parameters(generator))})"


def _parameters(generator: Generator) -> Iterator[str]:
    kinds = [parameter.kind for parameter in generator.parameters]
    for index, parameter in enumerate(generator.parameters):
        before = kinds[index - 1] if index else None
        if before is ParameterKind.POSITIONAL_ONLY and parameter.kind is not before:
            yield "/"
        star_is_due = before not in (ParameterKind.VAR_POSITIONAL, ParameterKind.KEYWORD_ONLY)
        if parameter.kind is ParameterKind.KEYWORD_ONLY and star_is_due:
            yield "*"
        marks = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}
        default = "" if parameter.default is None else f"={parameter.default}"
        yield f"{marks.get(parameter.kind, '')}{parameter.name}{default}"
    if kinds and kinds[-1] is ParameterKind.POSITIONAL_ONLY:
        yield "/"
