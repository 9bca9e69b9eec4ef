"""A name of the source where nothing has bound it yet, or nothing ever does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.kinds import Extent, Interest
from ssot_lint.kinds.source_call import last_part, needle
from ssot_lint.source.contract import Binding, Contract, Source, SourceKind


@dataclass(frozen=True, slots=True)
class Params:
    """Takes no parameters."""


def interest(_params: Params, contract: Contract | None) -> Interest | None:
    if contract is None:
        return None
    words = frozenset(symbols(contract))
    followed = objects(contract)
    modules = {last_part(name) for name in followed} - words
    return Interest(
        literals=tuple(sorted(words | modules)),
        needle=needle(words, modules),
        extent=Extent.FUNCTION,
        names=words | modules,
        targets=followed,
        uses=words,
        until_imported=True,
    )


def symbols(contract: Contract) -> dict[str, str]:
    """The names that are imported from the source's modules to reach it, with what they stand for."""
    found: dict[str, str] = {}
    for source in contract.sources:
        for dotted in _importable(source):
            found.setdefault(last_part(dotted), dotted)
    return found


def objects(contract: Contract) -> frozenset[str]:
    """The dotted names of all that is imported to reach the source, its modules included."""
    modules = {source.module for source in contract.sources}
    aliases = {alias for source in contract.sources for alias in source.aliases}
    return frozenset({*symbols(contract).values(), *modules, *aliases})


def _importable(source: Source) -> Iterator[str]:
    if source.kind is not SourceKind.MODULE:
        yield f"{source.module}.{source.symbol.partition('.')[0]}"
    else:
        for generator in source.generators:
            owner = generator.qualified.rpartition(".")[0]
            yield generator.qualified if generator.binding is Binding.FUNCTION else owner
    exported = {f"{export.module}.{export.name}" for export in source.exports}
    yield from (item.name for item in source.singletons if item.name in exported)
