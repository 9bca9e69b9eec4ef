"""From a function of the source to a generator, or to the verdict that it is none."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from ssot_lint.source.annotations import allows_none, choices
from ssot_lint.source.contract import (
    Binding,
    Generator,
    Parameter,
    ParameterKind,
    Part,
    PartKind,
    Returns,
    ValueType,
)
from ssot_lint.source.elements import roles_of_elements
from ssot_lint.source.results import Result, ids_in
from ssot_lint.source.roles import (
    is_default_of,
    makes_something_else,
    role_of_function,
    role_of_name,
    words_of,
)
from ssot_lint.source.signature import read_parameters
from ssot_lint.source.symbolic.classes import decorators
from ssot_lint.source.symbolic.frame import Env, Frame, Observed, Written
from ssot_lint.source.symbolic.known import CALLS
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Constant,
    Function,
    Reference,
    Sequence,
    Text,
    Value,
    constant_text,
)
from ssot_lint.source.symbolic.values import Mapping as Dict

_SAME_ARGUMENTS = frozenset(
    ("staticmethod", "classmethod", "override", "final", "abstractmethod", "deprecated")
)
_NO_GENERATORS = frozenset(("property", "cached_property", "lru_cache", "cache"))
"""Decorators under which a call is no call, or gives the same result again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function of the source that may make IDs.

    `path` is its dotted name inside the target, `qualified` its full one, `owner` the name of its class.
    """

    path: str
    qualified: str
    owner: str
    function: Function
    binding: Binding
    is_public: bool

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def row(self) -> int:
        return self.function.node.lineno


@dataclass(frozen=True, slots=True)
class Draft:
    """What was learned of a candidate: the `generator`, if it is one, with the texts of each element of its
    result, and the fresh texts that it writes on its way."""

    candidate: Candidate
    generator: Generator | None
    elements: tuple[tuple[Text, ...], ...]
    written: tuple[Written, ...]


def draft(machine: Interpreter, candidate: Candidate) -> Draft:
    """Learn what a function makes."""
    value, observed = _study(machine, candidate.function, {})
    result = _result(machine, candidate, value)
    written = tuple(observed.written)
    if result is None:
        return Draft(candidate, None, (), written)
    role = role_of_function(candidate.name, candidate.owner)
    head, own = _heads(machine, candidate, result, role)
    usual = _usual_result(machine, candidate, head, own) or result
    generator = Generator(
        name=candidate.name,
        qualified=candidate.qualified,
        parameters=_parameters(candidate.function, observed.needed),
        roles=() if head is not None else _roles(machine, candidate.function, result, role),
        returns=result.returns,
        value_type=result.value_type,
        may_return_none=result.may_be_none,
        prefix_parameter=head,
        is_async=isinstance(candidate.function.node, ast.AsyncFunctionDef),
        binding=candidate.binding,
        formats=result.formats,
        default_formats=usual.formats,
        file=candidate.function.module.file,
        row=candidate.row,
        is_decorated=_is_decorated(candidate.function),
    )
    pairs = zip(result.elements, usual.elements, strict=True)
    return Draft(
        candidate, generator, tuple(tuple(dict.fromkeys(one + other)) for one, other in pairs), written
    )


def forced(machine: Interpreter, candidate: Candidate) -> Generator:
    """A generator that the configuration says is one, though nothing shows what it makes."""
    _, observed = _study(machine, candidate.function, {})
    role = role_of_function(candidate.name, candidate.owner)
    unknown = Result(Returns.ONE, ValueType.STRING, ((),), (), False).formats
    return Generator(
        name=candidate.name,
        qualified=candidate.qualified,
        parameters=_parameters(candidate.function, observed.needed),
        roles=(role,) if role else (),
        returns=Returns.ONE,
        value_type=ValueType.STRING,
        may_return_none=False,
        prefix_parameter=None,
        is_async=isinstance(candidate.function.node, ast.AsyncFunctionDef),
        binding=candidate.binding,
        formats=unknown,
        default_formats=unknown,
        file=candidate.function.module.file,
        row=candidate.row,
        is_decorated=_is_decorated(candidate.function),
    )


def _is_decorated(function: Function) -> bool:
    """Whether a decorator may change which arguments the function takes."""
    return not decorators(function.node) <= _SAME_ARGUMENTS


def _study(machine: Interpreter, function: Function, fixed: Mapping[str, Value]) -> tuple[Value, Observed]:
    """What the function returns for any arguments but those in `fixed`, and what it does on its way."""
    observed = Observed()
    env: Env = {}
    scope = Frame(function.module, scope=function.definer)
    for argument, kind, default in read_parameters(function.node, bound=function.receiver is not None):
        name = argument.arg
        if name in fixed:
            env[name] = fixed[name]
        elif isinstance(default, (ast.Name, ast.Attribute)) and _is_maker(machine.once(default, scope)):
            # A clock or raw generator that only a test hands over.
            env[name] = machine.once(default, scope)
        elif kind is ParameterKind.VAR_POSITIONAL:
            env[name] = (Sequence("tuple", None, UNKNOWN),)
        elif kind is ParameterKind.VAR_KEYWORD:
            env[name] = (Dict((), UNKNOWN),)
        else:
            env[name] = choices(machine, argument.annotation, scope) or (Argument(name),)
    return machine.studied(function, env, observed), observed


def _is_maker(value: Value) -> bool:
    return all(isinstance(a, Function) or (isinstance(a, Reference) and a.name in CALLS) for a in value)


def _result(machine: Interpreter, candidate: Candidate, value: Value) -> Result | None:
    is_other = makes_something_else(candidate.name)
    if is_other or not decorators(candidate.function.node).isdisjoint(_NO_GENERATORS):
        return None
    return ids_in(machine, candidate.function, value)


def _roles(machine: Interpreter, function: Function, result: Result, role: str) -> tuple[str, ...]:
    if result.is_one_kind:
        return (role,) if role else ()
    return roles_of_elements(machine, function, result)


def _parameters(function: Function, needed: set[str]) -> tuple[Parameter, ...]:
    found = read_parameters(function.node, bound=function.receiver is not None)
    return tuple(_parameter(argument, kind, default, needed) for argument, kind, default in found)


def _parameter(
    argument: ast.arg, kind: ParameterKind, default: ast.expr | None, needed: set[str]
) -> Parameter:
    is_none = isinstance(default, ast.Constant) and default.value is None
    return Parameter(
        name=argument.arg,
        kind=kind,
        default=None if default is None else _source(default),
        annotation=None if argument.annotation is None else _source(argument.annotation),
        accepts_none=(is_none or allows_none(argument.annotation)) and argument.arg not in needed,
        row=argument.lineno,
    )


def _source(node: ast.expr) -> str:
    """The expression's source text; the usual short ones without `ast.unparse`, which is slow."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=value) if value is not ...:
            return repr(value)
        case ast.Attribute(value=inner, attr=name):
            return f"{_source(inner)}.{name}"
        case ast.Subscript(value=outer, slice=ast.Name() | ast.Attribute() as inner):
            return f"{_source(outer)}[{_source(inner)}]"
        case _:
            return ast.unparse(node)


def _heads(
    machine: Interpreter, candidate: Candidate, result: Result, role: str
) -> tuple[str | None, str | None]:
    """The parameter that becomes the head of any ID, and the one whose default is the role's own head."""
    if not result.is_one_kind or result.value_type is not ValueType.STRING:
        return None, None
    heads = {_parameter_at_head(text) for text in result.elements[0]}
    defaults = _defaults(machine, candidate.function)
    for name in _names(candidate.function):
        if name in heads and _always_heads(machine, candidate, name):
            default = constant_text(defaults.get(name))
            if default is not None and is_default_of(default, role):
                return None, name
            if "prefix" in words_of(name) or (not role and not role_of_name(name)):
                return name, None
    return None, None


def _names(function: Function) -> list[str]:
    found = read_parameters(function.node, bound=function.receiver is not None)
    return [argument.arg for argument, _, _ in found]


def _parameter_at_head(text: Text) -> str:
    first = text.parts[0]
    return first.text if first.kind is PartKind.PARAMETER and first.max_length is None else ""


def _given(name: str) -> Value:
    """What a caller hands over who does not leave it out."""
    return (Text((Part(PartKind.PARAMETER, name, 1, None),)),)


def _always_heads(machine: Interpreter, candidate: Candidate, name: str) -> bool:
    value, _ = _study(machine, candidate.function, {name: _given(name)})
    result = _result(machine, candidate, value)
    return result is not None and all(_parameter_at_head(text) == name for text in result.elements[0])


def _defaults(machine: Interpreter, function: Function) -> dict[str, Value]:
    scope = Frame(function.module, scope=function.definer)
    found = read_parameters(function.node, bound=function.receiver is not None)
    return {
        argument.arg: machine.once(default, scope) for argument, _, default in found if default is not None
    }


def _usual_result(
    machine: Interpreter, candidate: Candidate, head: str | None, own: str | None
) -> Result | None:
    """The result of calls that leave flags, lengths and optional values at their defaults."""
    defaults = _defaults(machine, candidate.function)
    fixed = {
        name: value
        for name, value in defaults.items()
        if name == own or all(isinstance(atom, Constant) for atom in value)
    }
    if head is not None:
        fixed[head] = _given(head)
    if not fixed:
        return None
    value, _ = _study(machine, candidate.function, fixed)
    return _result(machine, candidate, value)
