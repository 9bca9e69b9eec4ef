"""What was learned as a list of facts, each with the line it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ssot_lint.source.contract import (
    Contract,
    Format,
    Generator,
    Parameter,
    ParameterKind,
    Part,
    PartKind,
    Returns,
    Source,
)


class FactKind(StrEnum):
    SOURCE = "source"
    GENERATOR = "generator"
    PARAMETER = "parameter"
    FORMAT = "format"
    PREFIX = "prefix"
    INSTANCE = "instance"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was learned about `name`, with the posix path and the row it comes from."""

    kind: FactKind
    name: str
    detail: str
    file: str
    row: int


def facts(contract: Contract) -> list[Fact]:
    """Everything in the contract, source by source, in the order of the source's code."""
    return [fact for source in contract.sources for fact in _of_source(source)]


def describe(parts: Sequence[Part]) -> str:
    """A format as one line: `thread_{operation}_{ms:13}_{counter}_{hex:8}`.

    Behind the colon stands the length, or the range of it (`0-8`, `6+`), where anything is known of it.
    """
    return "".join(part.text if part.kind is PartKind.LITERAL else _placeholder(part) for part in parts)


def describe_format(form: Format) -> str:
    """All alternatives of a format, separated by ` | `."""
    return " | ".join(describe(parts) for parts in form.alternatives) or "no ID"


def describe_signature(generator: Generator) -> str:
    """The parameters as a definition would write them, without annotations."""
    shown: list[str] = []
    parameters = generator.parameters
    for index, parameter in enumerate(parameters):
        kind = parameter.kind
        before = parameters[index - 1].kind if index else None
        if kind is ParameterKind.KEYWORD_ONLY and before not in (kind, ParameterKind.VAR_POSITIONAL):
            shown.append("*")
        shown.append(_written(parameter))
        after = parameters[index + 1].kind if index + 1 < len(parameters) else None
        if kind is ParameterKind.POSITIONAL_ONLY and after is not kind:
            shown.append("/")
    return f"({', '.join(shown)})"


def _of_source(source: Source) -> Iterator[Fact]:
    scope = f" for {', '.join(source.paths)}" if source.paths else ""
    yield Fact(FactKind.SOURCE, source.target, f"{source.kind}{scope}", source.file, source.row)
    for generator in source.generators:
        yield from _of_generator(generator)
    for prefix in source.prefixes:
        role = f" for {prefix.role}" if prefix.role else ""
        detail = f"{prefix.text}{prefix.separator}{role}, written by {prefix.generator}"
        yield Fact(FactKind.PREFIX, prefix.text, detail, prefix.file, prefix.row)
    for singleton in source.singletons:
        call = "returns" if singleton.is_call else "is"
        detail = f"{call} an instance of {singleton.of}"
        yield Fact(FactKind.INSTANCE, singleton.name, detail, source.file, singleton.row)
    for export in source.exports:
        if export.origin is not None:
            name = f"{export.module}.{export.name}"
            yield Fact(FactKind.EXPORT, name, export.origin, source.file, export.row)


def _of_generator(generator: Generator) -> Iterator[Fact]:
    file, row = generator.file, generator.row
    yield Fact(FactKind.GENERATOR, generator.qualified, _summary(generator), file, row)
    for parameter in generator.parameters:
        if parameter.accepts_none:
            detail = f"of {generator.name} accepts None"
            yield Fact(FactKind.PARAMETER, parameter.name, detail, file, parameter.row)
    roles = generator.roles if len(generator.roles) == len(generator.formats) else (generator.name,)
    for role, form in zip(roles, generator.formats, strict=True):
        yield Fact(FactKind.FORMAT, role or "?", describe_format(form), file, row)


def _summary(generator: Generator) -> str:
    words = [f"{'async ' if generator.is_async else ''}{generator.binding}{describe_signature(generator)}"]
    shape = {Returns.ONE: "", Returns.LIST: "list of "}.get(generator.returns, f"{generator.returns} of ")
    if generator.prefix_parameter is not None:
        words.append(f"{shape}any role, headed by {generator.prefix_parameter}")
    else:
        words.append(f"{shape}{', '.join(role or '?' for role in generator.roles) or 'any role'}")
    return " -> ".join(words) + (" or None" if generator.may_return_none else "")


def _written(parameter: Parameter) -> str:
    stars = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    default = "" if parameter.default is None else f"={parameter.default}"
    return f"{stars}{parameter.name}{default}"


def _placeholder(part: Part) -> str:
    names = {PartKind.COUNTER: "counter", PartKind.UNKNOWN: f"?{part.text}"}
    name = names.get(part.kind, part.text or part.kind)
    least, most = part.min_length, part.max_length
    if least == most:
        return f"{{{name}:{least}}}"
    if most is None:
        return f"{{{name}}}" if least <= 1 else f"{{{name}:{least}+}}"
    return f"{{{name}:{least}-{most}}}"
