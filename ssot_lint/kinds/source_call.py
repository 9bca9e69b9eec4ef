"""A call or an attribute of the source that its code does not have, or a result that is not used as an ID."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ssot_lint.kinds import Extent, Interest
from ssot_lint.source.contract import Contract, Members, Source, SourceKind


@dataclass(frozen=True, slots=True)
class Params:
    """Takes no parameters."""


def interest(_params: Params, contract: Contract | None) -> Interest | None:
    if contract is None:
        return None
    known = owners(contract)
    targets = frozenset(contract.spellings) | known.keys()
    modules = {last_part(source.target) for source in contract.sources if source.kind is SourceKind.MODULE}
    objects = {last_part(name) for name in known} - modules
    words = objects | {last_part(name) for name in contract.spellings}
    return Interest(
        literals=tuple(sorted(words | modules)),
        needle=needle(words, modules),
        extent=Extent.STATEMENT,
        names=frozenset(part for name in targets for part in name.replace("()", "").split(".")[-2:]),
        targets=targets,
        uses=frozenset(objects),
    )


def owners(contract: Contract) -> dict[str, Members]:
    """The attributes of each object of the sources, under every dotted name that leads to the object."""
    found: dict[str, Members] = {}
    for source in contract.sources:
        for members in source.members:
            for name in _names_of(source, members.owner):
                found.setdefault(name, members)
    return found


def _names_of(source: Source, owner: str) -> Iterator[str]:
    is_class = source.kind is SourceKind.CLASS or owner != source.target
    for alias in (source.target, *source.aliases):
        yield alias + owner.removeprefix(source.target)
        if is_class:
            yield f"{alias}{owner.removeprefix(source.target)}()"
    for singleton in source.singletons:
        if singleton.of == owner:
            yield f"{singleton.name}()" if singleton.is_call else singleton.name


def last_part(name: str) -> str:
    """The last of the names in a dotted name, without the `()` of a call."""
    return name.replace("()", "").rpartition(".")[2]


def needle(words: Collection[str], modules: Collection[str]) -> str:
    """A regular expression for the words, and for imports of the modules, whose names are common words."""
    plain = "|".join(sorted(map(re.escape, words)))
    if not modules:
        return rf"(?:{plain})(?!\w)"
    imported = "|".join(sorted(map(re.escape, modules)))
    return rf"(?:(?:{plain})(?!\w)|import[ \t]*(?:\([^)]*?|[^\n(]*?)\b(?:{imported})(?!\w))"
