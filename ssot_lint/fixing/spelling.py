"""How new code can name something of another module at a place, and which import that takes."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.imports import Guard, ImportedName, Place, Places

_IDENTIFIER = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, order=True)
class NewImport:
    """`from module import name`, or `import name` where there is no `module`."""

    module: str
    name: str

    @property
    def target(self) -> str:
        return f"{self.module}.{self.name}" if self.module else self.name


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a dotted name of new code comes down to: `name` in `module`, and what follows (`.make`)."""

    module: str
    name: str
    rest: str

    @property
    def target(self) -> str:
        return f"{self.module}.{self.name}"

    @classmethod
    def of(cls, dotted: str, modules: Iterable[str]) -> Symbol:
        """Split at the longest of `modules` that holds the name, or else before the name's last part."""
        holding = [module for module in modules if dotted.startswith(f"{module}.")]
        module = max(holding, key=len) if holding else dotted.rpartition(".")[0]
        inside = dotted[len(module) + 1 :]
        match = _IDENTIFIER.match(inside)
        name = match[0] if match else ""
        return cls(module, name, inside[len(name) :])


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a symbol is written at a place: `text` begins with `head`, which must mean `target` there."""

    text: str
    head: str
    target: str
    needs: NewImport | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a symbol cannot be named at a place."""

    reason: str


def spell(symbol: Symbol, place: Place, places: Places, context: FileContext) -> Spelling | Unavailable:
    """The first way that works: by an import that is there, a new one of the name, one of its module."""
    for spelling in _existing(symbol, place, places, context):
        if place.meaning(spelling.head) == spelling.target:
            return spelling
    reason = _forbidden(symbol, places, context)
    if reason is not None:
        return Unavailable(reason)
    taken = None
    for spelling in _fresh(symbol):
        why = _taken(spelling, place, places)
        if why is None:
            return spelling
        taken = taken or why
    return Unavailable(f"`{symbol.name}` cannot be imported: {taken}")


def _existing(symbol: Symbol, place: Place, places: Places, context: FileContext) -> Iterator[Spelling]:
    """By the imports that the place may see: local ones first, the name itself before its module."""
    same = _same_objects(symbol, context)
    visible = [item for item in places.imports if not item.scopes or item.scopes[-1] in place.path]
    visible.sort(key=lambda item: (-len(item.scopes), item.loads not in same))
    for item in visible:
        if item.target in same:
            yield Spelling(item.name + symbol.rest, item.name, item.target)
        elif item.target == symbol.module:
            yield Spelling(f"{item.name}.{symbol.name}{symbol.rest}", item.name, item.target)
        elif item.loads == symbol.module and _is_sure(item, place):
            yield Spelling(symbol.target + symbol.rest, item.name, item.target)


def _is_sure(item: ImportedName, place: Place) -> bool:
    """Whether `import a.b` has run: other imports may bind `a` and load no `a.b`."""
    return item.is_top_level and (item.row < place.statement.lineno or not place.runs_at_import)


def _same_objects(symbol: Symbol, context: FileContext) -> set[str]:
    """The dotted names of the same object: the source may be re-exported."""
    sources = context.contract.sources if context.contract is not None else ()
    return {symbol.target}.union(*(source.aliases for source in sources if source.target == symbol.target))


def _forbidden(symbol: Symbol, places: Places, context: FileContext) -> str | None:
    """Why the module must not import that of the symbol."""
    for item in places.imports:
        of_module = item.loads == symbol.module or item.loads.startswith(f"{symbol.module}.")
        if of_module and (item.guard is Guard.MISSING or (not item.scopes and item.guard is Guard.BRANCH)):
            return f"`{symbol.module}` {item.guard.value}, in line {item.row}"
    chain = context.cycle(symbol.module)
    return f"the import would close a cycle: {' -> '.join(chain)}" if chain else None


def _fresh(symbol: Symbol) -> Iterator[Spelling]:
    yield Spelling(
        symbol.name + symbol.rest, symbol.name, symbol.target, NewImport(symbol.module, symbol.name)
    )
    package, _, module = symbol.module.rpartition(".")
    yield Spelling(f"{module}.{symbol.name}{symbol.rest}", module, symbol.module, NewImport(package, module))


def _taken(spelling: Spelling, place: Place, places: Places) -> str | None:
    """Why a new import cannot give the place this name."""
    name = spelling.head
    bound = places.in_module(name)
    if place.is_shadowed(name):
        return f"`{name}` is a local name here"
    if bound or places.may_be_rebound(name):
        row = min((item.row for item in bound if item is not None), default=None)
        return f"`{name}` is something else in this module" + (
            f", by the import in line {row}" if row else ""
        )
    if hasattr(builtins, name) and re.search(rf"\b{name}\b", places.module.text):
        return f"`{name}` is a built-in name that the module uses"
    return None
