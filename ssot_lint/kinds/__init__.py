"""What each kind of rule takes as parameters, and what must stand in a file for it to be worth parsing.

A kind's module here is cheap to import; the detector of the same name in `ssot_lint.detectors` decides.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from ssot_lint.errors import Problem
from ssot_lint.source.contract import Contract
from ssot_lint.typed import read_table


class Extent(Enum):
    """How much of a file a rule must see at once.

    `FUNCTION` are those with two needles in them, besides the statements with one. `PAIR` are only those with
    two needles that begin with different words; what stands elsewhere is nothing to the rule. A needle then is
    a name, or a string that is one, with what stands before the value that it is given.
    """

    STATEMENT = "statement"
    FUNCTION = "function"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Alike:
    """What a rule tells apart in a statement besides the names that it looks for, unless it makes fixes.

    To what it finds in one item of a call or a display, it is the same what the others are, and what that call or
    display is in. So are numbers, and attributes, indexes and calls of a value that is made; what a variable,
    function, attribute or keyword is called, unless the regular expression `words` matches all of it; and what
    strings say, and that they are strings, unless `texts` matches in one of the statement. An f-string around a
    name says nothing more than what `texts` finds in it if `enough` matches all of it.
    """

    words: str
    texts: str
    enough: str


@dataclass(frozen=True, slots=True)
class Interest:
    """What a rule looks for before anything is parsed.

    Where the rule could be broken, one of `literals` stands in the file and the regular expression `needle`
    matches; a match in a comment or in the middle of a word never counts, one inside a string only with
    `in_strings`. The bindings of `names` are always kept. `targets` are the dotted names that the rule
    follows through imports, `uses` the words that `needle` matches of which it is likely to ask for every use.
    With `beside`, what stands in a function counts only if `beside` matches in that function as well, or one of
    `renamed` somewhere in the file; what stands elsewhere, if either matches in the file. For a `PAIR`, `beside`
    matches in the value, or where a variable in it gets its own. `signs` find together what `needle` does,
    quicker, as each begins with a certain character. With `until_imported`, nothing is found where imports at
    module level bind what is named before it is, and nothing else binds it. With `alike`, statements may
    be decided once that differ in nothing that it says; then `literals` are all the words that `needle` matches.
    """

    literals: tuple[str, ...]
    needle: str
    extent: Extent
    in_strings: bool = False
    names: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    beside: str = ""
    renamed: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    until_imported: bool = False
    alike: Alike | None = None


class Kind(Protocol):
    """A kind's module: its parameters, and what rules of the kind look for."""

    Params: type[Any]

    def interest(self, params: Any, contract: Contract | None) -> Interest | None:
        """None if there is nothing that a rule with these parameters could find."""


def kind_names() -> list[str]:
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Kind:
    """The kind of that kebab-case name, which must be one of `kind_names()`."""
    module: Any = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return module  # type: ignore[no-any-return]


def read_params(kind: Kind, table: Mapping[str, object], file: str, key: str, problems: list[Problem]) -> Any:
    """The parameters of a rule as its kind has them; what is wrong is added to `problems`."""
    return read_table(kind.Params, table, file, key, problems)


def word(names: Iterable[str]) -> str:
    """A regular expression for any of the identifiers, up to the end of the word."""
    return rf"(?:{'|'.join(sorted(map(re.escape, names)))})(?!\w)"
