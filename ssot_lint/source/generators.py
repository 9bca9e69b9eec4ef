"""From a function's symbolic result to a generator, or to the verdict that it is none."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from ssot_lint.source.annotations import allows_none, choices, is_string, result_shape
from ssot_lint.source.contract import (
    Binding,
    Format,
    Generator,
    Parameter,
    ParameterKind,
    Part,
    PartKind,
    Returns,
    ValueType,
)
from ssot_lint.source.roles import (
    is_default_of,
    makes_something_else,
    role_of_function,
    role_of_name,
    role_of_prefix,
    words_of,
)
from ssot_lint.source.signature import read_parameters
from ssot_lint.source.symbolic.classes import decorators
from ssot_lint.source.symbolic.frame import Env, Frame, Observed, Written
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Constant,
    Fresh,
    Function,
    Opaque,
    Record,
    Sequence,
    Text,
    Value,
    constant_text,
    freshness,
    is_none,
    join,
)
from ssot_lint.source.symbolic.values import Mapping as Dict
from ssot_lint.source.symbolic.writing import fresh_text, opaque_text

_NO_GENERATORS = (
    "property",
    "cached_property",
    "lru_cache",
    "cache",
    "contextmanager",
    "asynccontextmanager",
)
"""Decorators under which a call is no call, or gives the same result again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function of the source that may make IDs; `name` is its path inside the target, dotted."""

    name: str
    qualified: str
    owner: str
    function: Function
    binding: Binding
    is_public: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What was learned of a candidate: the `generator`, if it is one, the texts of each element, and what the
    function writes on its way."""

    candidate: Candidate
    generator: Generator | None
    elements: tuple[tuple[Text, ...], ...]
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    returns: Returns
    value_type: ValueType
    elements: tuple[tuple[Text, ...], ...]
    names: tuple[str, ...]
    may_be_none: bool


def draft(machine: Interpreter, candidate: Candidate) -> Draft:
    """Learn what a function makes."""
    value, observed = _study(machine, candidate.function, {})
    written = tuple(observed.written)
    result = _classify(machine, candidate, value)
    if result is None:
        return Draft(candidate, None, (), written)
    parameters = _parameters(candidate.function, observed.needed)
    role = role_of_function(candidate.name.rpartition(".")[2], candidate.owner)
    prefix_parameter, is_own = _prefix_parameter(machine, candidate, result, parameters, role)
    usual = _usual(machine, candidate, parameters, prefix_parameter, is_own) or result
    generator = _generator(machine, candidate, result, usual, parameters, prefix_parameter, role)
    elements = tuple(
        tuple(dict.fromkeys((*all_, *some)))
        for all_, some in zip(result.elements, usual.elements, strict=True)
    )
    return Draft(candidate, generator, elements, written)


def forced(machine: Interpreter, candidate: Candidate) -> Generator:
    """A generator that the configuration says is one, though nothing shows what it makes."""
    _, observed = _study(machine, candidate.function, {})
    parameters = _parameters(candidate.function, observed.needed)
    role = role_of_function(candidate.name.rpartition(".")[2], candidate.owner)
    result = _Result(Returns.ONE, ValueType.STRING, ((),), (), False)
    return _generator(machine, candidate, result, result, parameters, None, role)


def _generator(
    machine: Interpreter,
    candidate: Candidate,
    result: _Result,
    usual: _Result,
    parameters: tuple[Parameter, ...],
    prefix_parameter: str | None,
    role: str,
) -> Generator:
    node = candidate.function.node
    return Generator(
        name=candidate.name.rpartition(".")[2],
        qualified=candidate.qualified,
        parameters=parameters,
        roles=() if prefix_parameter is not None else _roles(machine, candidate.function, result, role),
        returns=result.returns,
        value_type=result.value_type,
        may_return_none=result.may_be_none,
        prefix_parameter=prefix_parameter,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        binding=candidate.binding,
        formats=_formats(result),
        default_formats=_formats(usual),
        file=candidate.function.module.file,
        row=node.lineno,
    )


def _study(machine: Interpreter, function: Function, fixed: Mapping[str, Value]) -> tuple[Value, Observed]:
    observed = Observed()
    env: Env = {}
    scope = Frame(function.module, scope=function.definer)
    for argument, kind, _ in read_parameters(function.node, bound=function.receiver is not None):
        if argument.arg in fixed:
            env[argument.arg] = fixed[argument.arg]
        elif kind is ParameterKind.VAR_POSITIONAL:
            env[argument.arg] = (Sequence("tuple", None, UNKNOWN),)
        elif kind is ParameterKind.VAR_KEYWORD:
            env[argument.arg] = (Dict((), UNKNOWN),)
        else:
            env[argument.arg] = choices(machine, argument.annotation, scope) or (Argument(argument.arg),)
    return machine.studied(function, env, observed), observed


def _classify(machine: Interpreter, candidate: Candidate, value: Value) -> _Result | None:
    node = candidate.function.node
    if makes_something_else(candidate.name) or not decorators(node).isdisjoint(_NO_GENERATORS):
        return None
    atoms = tuple(atom for atom in value if not is_none(atom))
    may_be_none = len(atoms) < len(value)
    scope = Frame(candidate.function.module)
    if is_string(machine, getattr(node, "returns", None), scope):
        atoms = tuple(opaque_text(a, "") if isinstance(a, Opaque) and a.fresh else a for a in atoms)
    return (
        _one(atoms, may_be_none)
        or _tuple(machine, atoms, may_be_none, scope)
        or _list(machine, atoms, may_be_none, scope)
    )


def _one(atoms: Value, may_be_none: bool) -> _Result | None:
    if not atoms:
        return None
    texts = tuple(atom for atom in atoms if isinstance(atom, Text))
    if len(texts) == len(atoms) and all(_is_id(text) for text in texts):
        return _Result(Returns.ONE, ValueType.STRING, (texts,), (), may_be_none)
    objects = [atom for atom in atoms if isinstance(atom, Fresh) and atom.what in ("uuid", "object")]
    if len(objects) < len(atoms) or not all(freshness(atom) for atom in objects):
        return None
    kind = ValueType.UUID if all(atom.what == "uuid" for atom in objects) else ValueType.OBJECT
    return _Result(Returns.ONE, kind, (tuple(fresh_text(atom) for atom in objects),), (), may_be_none)


def _tuple(machine: Interpreter, atoms: Value, may_be_none: bool, scope: Frame) -> _Result | None:
    rows: list[tuple[tuple[str, ...], tuple[Value, ...], Returns]] = []
    for atom in atoms:
        match atom:
            case Sequence(shape="tuple", items=tuple() as items, names=names) if items:
                rows.append((names or ("",) * len(items), items, Returns.TUPLE))
            case Record(shape, values):
                returns = Returns.NAMED_TUPLE if shape.unpacks else Returns.RECORD
                rows.append((shape.fields, tuple(value for _, value in values), returns))
            case _:
                return None
    if not rows or len({(len(items), returns) for _, items, returns in rows}) != 1:
        return None
    columns = [join(*column) for column in zip(*(items for _, items, _ in rows), strict=True)]
    if not any(_all_ids(column) for column in columns):
        return None
    elements = tuple(machine.strings(column, scope) if _some_id(column) else () for column in columns)
    return _Result(rows[0][2], ValueType.STRING, elements, rows[0][0], may_be_none)


def _list(machine: Interpreter, atoms: Value, may_be_none: bool, scope: Frame) -> _Result | None:
    found: Value = ()
    for atom in atoms:
        if not isinstance(atom, Sequence) or atom.shape == "iterator":
            return None
        found = join(found, atom.element, *(atom.items or ()))
    if not found or not _all_ids(found):
        return None
    return _Result(Returns.LIST, ValueType.STRING, (machine.strings(found, scope),), (), may_be_none)


def _all_ids(value: Value) -> bool:
    return bool(value) and all(isinstance(atom, Text) and _is_id(atom) for atom in value)


def _some_id(value: Value) -> bool:
    return any(isinstance(atom, Text) and _is_id(atom) for atom in value)


def _is_id(text: Text) -> bool:
    """A fresh text; the time of day alone is none."""
    is_time = len(text.parts) == 1 and text.parts[0].kind is PartKind.TIMESTAMP
    return freshness(text) is not None and not is_time


def _formats(result: _Result) -> tuple[Format, ...]:
    return tuple(Format(tuple(dict.fromkeys(text.parts for text in texts))) for texts in result.elements)


def _roles(machine: Interpreter, function: Function, result: _Result, role: str) -> tuple[str, ...]:
    if result.returns in (Returns.ONE, Returns.LIST):
        return (role,) if role else ()
    shape = result_shape(machine, getattr(function.node, "returns", None), Frame(function.module))
    fields = shape.fields if shape is not None and len(shape.fields) == len(result.names) else result.names
    rows = zip(result.names, fields, result.elements, strict=True)
    return tuple(_role_of_element(name, field, texts) for name, field, texts in rows)


def _role_of_element(name: str, field: str, texts: tuple[Text, ...]) -> str:
    heads = {text.parts[0].text for text in texts if text.parts and text.parts[0].kind is PartKind.LITERAL}
    from_head = role_of_prefix(heads.pop()) if len(heads) == 1 else ""
    return role_of_name(name) or role_of_name(field) or from_head or field or name


def _parameters(function: Function, needed: set[str]) -> tuple[Parameter, ...]:
    found = read_parameters(function.node, bound=function.receiver is not None)
    return tuple(_parameter(argument, kind, default, needed) for argument, kind, default in found)


def _parameter(
    argument: ast.arg, kind: ParameterKind, default: ast.expr | None, needed: set[str]
) -> Parameter:
    is_none_default = isinstance(default, ast.Constant) and default.value is None
    welcome = is_none_default or allows_none(argument.annotation)
    return Parameter(
        name=argument.arg,
        kind=kind,
        default=None if default is None else _source(default),
        annotation=None if argument.annotation is None else _source(argument.annotation),
        accepts_none=welcome and argument.arg not in needed,
        row=argument.lineno,
    )


def _source(node: ast.expr) -> str:
    """The expression's source text; the usual short ones without the slow general way."""
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


def _prefix_parameter(
    machine: Interpreter, candidate: Candidate, result: _Result, parameters: tuple[Parameter, ...], role: str
) -> tuple[str | None, str | None]:
    """The parameter that becomes the head of any ID, and the one that is the head of this role's IDs only."""
    if result.returns not in (Returns.ONE, Returns.LIST) or result.value_type is not ValueType.STRING:
        return None, None
    heads = {_parameter_at_head(text) for text in result.elements[0]}
    for parameter in parameters:
        if parameter.name in heads and _always_heads(machine, candidate, parameter.name):
            default = _default_text(machine, candidate.function, parameter.name)
            if default is not None and is_default_of(default, role):
                return None, parameter.name
            named_so = "prefix" in words_of(parameter.name)
            if named_so or (not role and not role_of_name(parameter.name)):
                return parameter.name, None
    return None, None


def _parameter_at_head(text: Text) -> str:
    first = text.parts[0]
    return first.text if first.kind is PartKind.PARAMETER and first.max_length is None else ""


def _always_heads(machine: Interpreter, candidate: Candidate, name: str) -> bool:
    given = {name: (Text((Part(PartKind.PARAMETER, name, 1, None),)),)}
    value, _ = _study(machine, candidate.function, given)
    result = _classify(machine, candidate, value)
    return result is not None and all(_parameter_at_head(text) == name for text in result.elements[0])


def _default_text(machine: Interpreter, function: Function, name: str) -> str | None:
    return constant_text(_defaults(machine, function).get(name))


def _defaults(machine: Interpreter, function: Function) -> dict[str, Value]:
    scope = Frame(function.module, scope=function.definer)
    found = read_parameters(function.node, bound=function.receiver is not None)
    return {
        argument.arg: machine.settled(machine.value(default, scope))
        for argument, _, default in found
        if default
    }


def _usual(
    machine: Interpreter,
    candidate: Candidate,
    parameters: tuple[Parameter, ...],
    prefix: str | None,
    own: str | None,
) -> _Result | None:
    """The result of calls that leave what is no part of the ID's text at its default."""
    defaults = _defaults(machine, candidate.function)
    fixed = {
        name: value
        for name, value in defaults.items()
        if name == own or (name != prefix and _is_setting(value))
    }
    if prefix is not None:
        fixed[prefix] = (Text((Part(PartKind.PARAMETER, prefix, 1, None),)),)
    if not fixed:
        return None
    value, _ = _study(machine, candidate.function, fixed)
    result = _classify(machine, candidate, value)
    return result if result is not None else None


def _is_setting(value: Value) -> bool:
    return all(isinstance(atom, Constant) for atom in value)
