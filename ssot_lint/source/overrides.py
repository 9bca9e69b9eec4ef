"""What the configuration says about single generators, over what was learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ssot_lint.source.contract import Generator, Parameter, Prefix, Returns, Source
from ssot_lint.source.prefixes import split_prefix
from ssot_lint.source.targets import Override
from ssot_lint.typed import did_you_mean


@dataclass(frozen=True, slots=True)
class Learned:
    """A source with the names of all its functions, and a way to take one of them for a generator."""

    source: Source
    functions: tuple[str, ...]
    force: Callable[[str], Generator]


def overridden(
    learned: Sequence[Learned], overrides: Mapping[str, Override]
) -> tuple[tuple[Source, ...], list[tuple[str, str]]]:
    """The sources as overridden, and what is wrong: pairs of a dotted key and a message."""
    sources = [each.source for each in learned]
    problems: list[tuple[str, str]] = []
    for name, override in overrides.items():
        found = False
        for index, each in enumerate(learned):
            names = [known for known in each.functions if _is_called(known, name)]
            found = found or bool(names)
            for qualified in names:
                sources[index] = _apply(sources[index], each, qualified, name, override, problems)
        if not found:
            short = (known.rpartition(".")[2] for each in learned for known in each.functions)
            hint = did_you_mean(name, {known for known in short if not known.startswith("_")})
            problems.append((f"overrides.{name}", f"no source has a function of that name{hint}"))
    return tuple(sources), list(dict.fromkeys(problems))


def _is_called(qualified: str, name: str) -> bool:
    return qualified == name or qualified.endswith(f".{name}")


def _apply(
    source: Source,
    learned: Learned,
    qualified: str,
    name: str,
    override: Override,
    problems: list[tuple[str, str]],
) -> Source:
    known = next((each for each in source.generators if each.qualified == qualified), None)
    if override.generator is False:
        return source if known is None else _without(source, known)
    if known is None and not override.generator:
        message = "is not seen to make IDs; if it does, say `generator = true`"
        problems.append((f"overrides.{name}", message))
        return source
    generator = known or _of_several(learned.force(qualified), override)
    problems.extend(
        (f"overrides.{name}.{key}", message) for key, message in _contradictions(generator, override)
    )
    changed = _changed(generator, override)
    generators = [each for each in source.generators if each.qualified != qualified]
    generators = sorted(
        [*generators, changed], key=lambda each: (each.file != source.file, each.file, each.row)
    )
    return replace(source, generators=tuple(generators), prefixes=_prefixes(source, changed, override))


def _of_several(generator: Generator, override: Override) -> Generator:
    """A generator that nothing is known of makes as many IDs as the override names roles."""
    count = len(override.roles or ())
    if count < 2:
        return generator
    formats = generator.formats * count
    return replace(generator, returns=Returns.TUPLE, formats=formats, default_formats=formats)


def _without(source: Source, generator: Generator) -> Source:
    generators = tuple(each for each in source.generators if each != generator)
    return replace(source, generators=generators, prefixes=_prefixes_without(source, generator))


def _contradictions(generator: Generator, override: Override) -> Iterator[tuple[str, str]]:
    names = [parameter.name for parameter in generator.parameters]
    asked = [("prefix-parameter", override.prefix_parameter)] if override.prefix_parameter else []
    for key, name in (*asked, *(("optional", name) for name in override.optional or ())):
        if name not in names:
            yield key, f"{generator.name} has no parameter {name}{did_you_mean(name, names)}"
    several = generator.returns not in (Returns.ONE, Returns.LIST)
    expected = len(generator.formats) if several else 1
    if override.roles and generator.formats and len(override.roles) != expected:
        elements = f"{expected} element{'' if expected == 1 else 's'}"
        yield "roles", f"{generator.name} returns {elements}, not {len(override.roles)}"
    for text in override.prefixes or ():
        if split_prefix(text) is None:
            yield "prefixes", f'"{text}" can head no ID'


def _changed(generator: Generator, override: Override) -> Generator:
    # Who names roles says that it is not generic, and the other way round.
    head = override.prefix_parameter or (None if override.roles else generator.prefix_parameter)
    roles = tuple(override.roles or ()) if override.roles is not None or head else generator.roles
    return replace(generator, roles=roles, prefix_parameter=head, parameters=_parameters(generator, override))


def _parameters(generator: Generator, override: Override) -> tuple[Parameter, ...]:
    optional = override.optional
    if optional is None:
        return generator.parameters
    return tuple(replace(each, accepts_none=each.name in optional) for each in generator.parameters)


def _prefixes(source: Source, generator: Generator, override: Override) -> tuple[Prefix, ...]:
    if override.prefixes is None:
        return source.prefixes
    path = _path(source, generator)
    sole = generator.roles[0] if len(generator.roles) == 1 else ""
    own = []
    for index, text in enumerate(override.prefixes):
        found = split_prefix(text)
        role = sole or next(iter(generator.roles[index : index + 1]), "")
        if found is not None:
            own.append(Prefix(*found, role or None, path, generator.file, generator.row))
    prefixes = (*_prefixes_without(source, generator), *own)
    return tuple(sorted(prefixes, key=lambda prefix: (prefix.file, prefix.row, prefix.text)))


def _prefixes_without(source: Source, generator: Generator) -> tuple[Prefix, ...]:
    path = _path(source, generator)
    return tuple(prefix for prefix in source.prefixes if prefix.generator != path)


def _path(source: Source, generator: Generator) -> str:
    """The generator's name inside its source, as prefixes refer to it."""
    if generator.qualified == source.target:
        return generator.name
    return generator.qualified.removeprefix(f"{source.target}.")
