"""What was learned from the sources of truth: frozen, comparable, picklable, and free of syntax trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class ParameterKind(StrEnum):
    """How a parameter takes its argument, as `inspect` tells them apart."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL_OR_KEYWORD = "positional-or-keyword"
    VAR_POSITIONAL = "var-positional"
    KEYWORD_ONLY = "keyword-only"
    VAR_KEYWORD = "var-keyword"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a generator; `default` and `annotation` are source text.

    `accepts_none` is true only where `None` is declared or the default, and nothing in sight takes it apart.
    """

    name: str
    kind: ParameterKind
    default: str | None
    annotation: str | None
    accepts_none: bool
    row: int

    @property
    def required(self) -> bool:
        variadic = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
        return self.default is None and self.kind not in variadic


class PartKind(StrEnum):
    LITERAL = "literal"
    PARAMETER = "parameter"
    TIMESTAMP = "timestamp"
    COUNTER = "counter"
    RANDOM = "random"
    UNKNOWN = "unknown"


FRESH = (PartKind.TIMESTAMP, PartKind.COUNTER, PartKind.RANDOM)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an ID between `min_length` and `max_length` characters; `None` is no upper bound.

    `text` is the literal itself, the name of the parameter, or of a random part its alphabet (`hex`, `uuid`,
    `decimal`, `urlsafe`, `any`), of a counter its base (`decimal`, `hex`), of a timestamp its unit (`s`,
    `ms`, `us`, `ns`, with ` hex` if it is written so), `iso` or its `strftime` format, of an unknown part
    what it is made from as far as that has a name.
    """

    kind: PartKind
    text: str
    min_length: int
    max_length: int | None


@dataclass(frozen=True, slots=True)
class Format:
    """How an ID is built: like one of the `alternatives`; without any, it is not known or no ID."""

    alternatives: tuple[tuple[Part, ...], ...]

    @property
    def shortest(self) -> int:
        """Characters of the shortest ID that can be made."""
        return min((sum(part.min_length for part in parts) for parts in self.alternatives), default=0)

    @property
    def longest(self) -> int | None:
        """Characters of the longest ID that can be made; `None` when nothing bounds it."""
        totals = []
        for parts in self.alternatives:
            lengths = [part.max_length for part in parts if part.max_length is not None]
            if len(lengths) < len(parts):
                return None
            totals.append(sum(lengths))
        return max(totals, default=None)

    @property
    def unique(self) -> bool:
        """Whether every ID of this format holds a random or a counter part."""
        return bool(self.alternatives) and all(
            any(part.kind in (PartKind.RANDOM, PartKind.COUNTER) for part in parts)
            for parts in self.alternatives
        )


@dataclass(frozen=True, slots=True)
class Prefix:
    """A literal head that only the source may write; `separator` is what stands between it and the rest.

    `generator` names the function that writes it, which need not make IDs itself.
    """

    text: str
    separator: str
    role: str | None
    generator: str
    file: str
    row: int


class Binding(StrEnum):
    """How a generator is reached: through its class, an instance of it, or the module."""

    STATIC = "static"
    CLASS = "class"
    INSTANCE = "instance"
    FUNCTION = "function"


class Returns(StrEnum):
    """The shape of a result; a `NAMED_TUPLE` unpacks and has attributes, a `RECORD` has attributes only."""

    ONE = "one"
    TUPLE = "tuple"
    NAMED_TUPLE = "named-tuple"
    RECORD = "record"
    LIST = "list"


class ValueType(StrEnum):
    """What an ID is when it leaves the generator."""

    STRING = "str"
    UUID = "uuid"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Generator:
    """A callable of the source that makes IDs.

    `qualified` is the dotted name under which the configured target offers it. `parameters` are without
    `self` or `cls`. `roles` has one name for each element of the result, empty where an element has none; a
    generator that serves any role has no roles. `prefix_parameter` is the parameter that becomes the ID's
    head; only generic generators have one. `formats` has one entry for each element (one, if the result is
    one ID or a list of them); `default_formats` are the formats of calls that leave flags, lengths and
    optional values at their defaults. One that `may_return_none` returns `None` or an empty string for
    some arguments.
    """

    name: str
    qualified: str
    parameters: tuple[Parameter, ...]
    roles: tuple[str, ...]
    returns: Returns
    value_type: ValueType
    may_return_none: bool
    prefix_parameter: str | None
    is_async: bool
    binding: Binding
    formats: tuple[Format, ...]
    default_formats: tuple[Format, ...]
    file: str
    row: int
    is_decorated: bool = False

    @property
    def is_generic(self) -> bool:
        return self.prefix_parameter is not None


@dataclass(frozen=True, slots=True)
class Singleton:
    """A dotted name that gives an instance of the class `of` (dotted too), when called if `is_call`."""

    name: str
    of: str
    is_call: bool
    row: int


@dataclass(frozen=True, slots=True)
class Export:
    """A name that a module of the source binds; `origin` is the dotted name of what it imports or renames.

    A star import is the name `*`.
    """

    name: str
    module: str
    origin: str | None
    row: int


@dataclass(frozen=True, slots=True)
class Members:
    """All attributes that the class or module `owner` can have, but for those that every one of its kind has.

    `owner` is a dotted name; what instances of a class have is among its own.
    """

    owner: str
    names: tuple[str, ...]


class SourceKind(StrEnum):
    CLASS = "class"
    MODULE = "module"
    FUNCTION = "function"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of truth, as configured by `target` for the files that the globs `paths` match (none: all).

    `module` and `symbol` are the two halves of `target`; `aliases` are other dotted names of the same object.
    `files` are the files whose code is the source's, the defining one first, relative to the project's root
    (absolute outside it), with forward slashes. `members` has only owners about which nothing is in doubt.
    """

    target: str
    kind: SourceKind
    module: str
    symbol: str
    aliases: tuple[str, ...]
    files: tuple[str, ...]
    paths: tuple[str, ...]
    generators: tuple[Generator, ...]
    prefixes: tuple[Prefix, ...]
    exports: tuple[Export, ...]
    singletons: tuple[Singleton, ...]
    row: int
    members: tuple[Members, ...] = ()

    @property
    def file(self) -> str:
        return self.files[0]


@dataclass(frozen=True, slots=True)
class Contract:
    """All that was learned, with lookups over every source; of equal names the first source's counts.

    `spellings` has each generator under every dotted name that leads to it.
    """

    sources: tuple[Source, ...]
    spellings: Mapping[str, Generator] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        generators: dict[str, Generator] = {}
        for source in self.sources:
            for name, generator in _spellings(source):
                generators.setdefault(name, generator)
        object.__setattr__(self, "spellings", generators)

    def generator(self, qualified: str) -> Generator | None:
        """The generator behind a dotted name, also through a singleton, `factory().x` or `Class().x`."""
        return self.spellings.get(qualified)

    @property
    def generators(self) -> tuple[Generator, ...]:
        return tuple(generator for source in self.sources for generator in source.generators)

    @property
    def prefixes(self) -> Mapping[str, Prefix]:
        """The owned prefixes by their text, without separator."""
        owned: dict[str, Prefix] = {}
        for prefix in (prefix for source in self.sources for prefix in source.prefixes):
            owned.setdefault(prefix.text, prefix)
        return MappingProxyType(owned)

    def export(self, qualified: str) -> Export | None:
        """The name `module.name` that a source's module binds, or `None`."""
        module, _, name = qualified.rpartition(".")
        exports = (export for source in self.sources for export in source.exports)
        return next((export for export in exports if export.name == name and export.module == module), None)

    def is_source_file(self, path: str) -> bool:
        """Whether the posix path, relative to the project's root, is a file of a source."""
        return any(path in source.files for source in self.sources)

    @property
    def digest(self) -> str:
        """64 hex digits that change whenever anything learned changes."""
        from hashlib import sha256  # OpenSSL is slow to load, and not every run needs it

        return sha256(repr(self.sources).encode("utf-8", "surrogatepass")).hexdigest()


def _spellings(source: Source) -> Iterator[tuple[str, Generator]]:
    for generator in source.generators:
        inside = generator.qualified.removeprefix(source.target)
        for alias in (source.target, *source.aliases):
            spelled = f"{alias}{inside}"
            yield spelled, generator
            if generator.binding is not Binding.FUNCTION and source.kind is not SourceKind.INSTANCE:
                owner, _, name = spelled.rpartition(".")
                yield f"{owner}().{name}", generator
    yield from _through_singletons(source)


def _through_singletons(source: Source) -> Iterator[tuple[str, Generator]]:
    for singleton in source.singletons:
        spelled = f"{singleton.name}()" if singleton.is_call else singleton.name
        for generator in source.generators:
            owner = generator.qualified.removesuffix(f".{generator.name}")
            if generator.binding is not Binding.FUNCTION and owner == singleton.of:
                yield f"{spelled}.{generator.name}", generator
