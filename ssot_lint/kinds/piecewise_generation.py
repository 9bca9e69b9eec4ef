"""IDs that one generator makes together, made one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.kinds import Extent, Interest
from ssot_lint.kinds.literal_prefix import FRESH_CALLS, FRESH_MODULES, FRESH_PARTS, RENAMED
from ssot_lint.source.contract import Contract, Generator, Returns, Source, ValueType

# What a value may be followed by that ends it, and the values that make nothing.
_GOES_ON = r"""(?:[rbfRBF]*["']|[-+%.*(\[]|(?:or|and|if)\b)"""
_END = rf"""[ \t]*(?:[,)}}\];]|(?:\#[^\n]*)?(?:\r?\n(?!\s*{_GOES_ON})|\Z))"""
_PLAIN = r"""(?:[\w.]+(?:\[[\w., |"'\[\]]*\])?|"[^"\n{%]*"|'[^'\n{%]*')"""
_MAKES_NOTHING = rf"""(?:[\w., |"'\[\]]+=[ \t]*)?{_PLAIN}{_END}|[{{\[]"""
_IS_GIVEN = (
    r"""["'][ \t]*+\]?\s*+[:=](?!=)""",
    r"""[ \t)\]]*+=(?!=)""",
    r"""[ \t]*+:(?=[^\n]*=|[^\n]*[\[(]\s*\n)""",
)
_IS_UNPACKED = r"""[ \t]*+,(?=[\w\s,.()\\]*+=(?!=))"""


@dataclass(frozen=True, slots=True)
class Params:
    """Takes no parameters."""


def interest(params: Params, contract: Contract | None) -> Interest | None:
    if contract is None:
        return None
    generators = [generator for generator, _ in tuple_generators(contract)]
    names = sorted({name for item in generators for role in item.roles for name in spellings(role)})
    if not names:
        return None
    targets = {name for name, item in contract.spellings.items() if item in generators}
    parts = {part for target in targets for part in target.replace("()", "").split(".")[-2:]}
    return Interest(
        literals=tuple(names),
        needle=_needle(names),
        extent=Extent.PAIR,
        in_strings=True,
        names=FRESH_PARTS.union(parts) - {"now", "today"},
        targets=FRESH_CALLS | targets,
        beside=rf"{'|'.join(sorted(FRESH_MODULES))}|(?:{'|'.join(_tails())})[ \t]*\(",
        renamed=RENAMED,
    )


def _tails() -> list[str]:
    return sorted({name.rpartition(".")[2] for name in FRESH_CALLS})


def _needle(names: list[str]) -> str:
    """A name or key that is given a value which may make something."""
    given = rf"(?:{'|'.join(_IS_GIVEN)})[\s\\]*+(?!{_MAKES_NOTHING})"
    return rf"(?:{'|'.join(map(re.escape, names))})(?:{given}|{_IS_UNPACKED})"


def tuple_generators(contract: Contract) -> Iterator[tuple[Generator, Source]]:
    """The generators that make several IDs for different roles at once, each with its source."""
    for source in contract.sources:
        for generator in source.generators:
            is_tuple = generator.returns in (Returns.TUPLE, Returns.NAMED_TUPLE)
            if is_tuple and generator.value_type is ValueType.STRING and len(set(generator.roles) - {""}) > 1:
                yield generator, source


def spellings(role: str) -> frozenset[str]:
    """The names that a variable, attribute, keyword or key for a role is given; none for the empty role."""
    if not role:
        return frozenset()
    first, *others = role.split("_")
    return frozenset({role, f"_{role}", first + "".join(word.capitalize() for word in others)})
