"""What stands in front of a statement, as far as it can change what names in the statement mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from ssot_lint.engine.bindings import bind_elsewhere, binding_lines
from ssot_lint.engine.plan import FileInput, RulePlan
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.reduction import CannotReduceError, Reduced, reduce

_RELATIVE = re.compile(r"from\W*\.")
_HEADERS = {"def": "def _():\n", "class": "class _:\n"}

_Lines = Mapping[int | None, Set[int]]


@dataclass(frozen=True, slots=True)
class Front:
    """Code up to the indentation of a statement, with the offsets of its logical lines and of the statement; and
    the package that its relative imports start from.
    """

    code: str
    starts: tuple[int, ...]
    package: tuple[str, ...]


class Place(NamedTuple):
    """In what a line stands: `def` in any function, `class` in classes only; and the dotted name of all of it."""

    scope: str
    symbol: str


class Places(dict[int | None, Place]):
    """In what the lines of a block stand, by its header."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self[None] = Place("", "")

    def __missing__(self, header: int) -> Place:
        outer = self[self.outline.parent(header)]
        definition = self.outline.definition(header)
        place = outer if definition is None else self._inside(outer, header, definition.split()[-1])
        self[header] = place
        return place

    def _inside(self, outer: Place, header: int, name: str) -> Place:
        is_function = outer.scope == "def" or self.outline.is_function(header)
        return Place("def" if is_function else "class", f"{outer.symbol}.{name}".lstrip("."))


class Fronts:
    """The fronts of the statements of a file; `lines` bind the names of a rule, by the header of the definition for
    which they do, None for the module.
    """

    def __init__(self, places: Places, package: tuple[str, ...], bound: Reduced, lines: _Lines) -> None:
        self._places = places
        self._outline = places.outline
        self._package = package
        self._bound = bound
        self._lines = lines
        self._last = max(lines[None], default=-1)
        self._owners = lines.keys() - {None}
        self._made: dict[tuple[str, int | None], Front] = {}

    def binds(self, line: int) -> bool:
        """Whether a line that has a front is part of it."""
        return any(line in lines for lines in self._lines.values())

    def of(self, line: int) -> Front | None:
        """What stands in front of a line; None where names may have other meanings than those of imports there."""
        around = (line, *self._outline.ancestors(line)) if self._owners else ()
        owners = [each for each in around if each in self._owners]
        if owners:
            is_plain = len(owners) == 1 and self._is_plain(owners[0], line)
            return self._front("def", owners[0]) if is_plain else None
        scope = self._places[self._outline.parent(line)].scope
        is_early = scope != "def" and self._last > line
        is_other = line in self._lines[None] and not self._is_import(line, None)
        return None if is_early or is_other else self._front(scope)

    def _is_plain(self, header: int, line: int) -> bool:
        """Whether a function only imports, and in front of `line`, which stands in no other definition."""
        return (
            self._outline.is_function(header)
            and self._outline.definition_around(line) == header
            and max(self._lines[header]) <= line
            and all(self._is_import(each, header) for each in self._lines[header])
        )

    def _is_import(self, line: int, header: int | None) -> bool:
        return self._outline.keyword(line) in ("import", "from") and self._outline.parent(line) == header

    def _front(self, scope: str, header: int | None = None) -> Front:
        """The front in such a scope, and in the function with that header if it imports."""
        key = scope, header
        if key not in self._made:
            self._made[key] = self._make(scope, () if header is None else sorted(self._lines[header]))
        return self._made[key]

    def _make(self, scope: str, imports: Sequence[int]) -> Front:
        code, starts = self._bound.text, [*self._bound.lines]
        if scope:
            starts.append(len(code))
            code += _HEADERS[scope]
        for line in imports:
            starts.append(len(code) + 1)
            code += f" {self._outline.text[self._outline.head(line) : self._outline.end(line)].rstrip()}\n"
        code += " " if scope else ""
        return Front(code, (*starts, len(code)), self._package if _RELATIVE.search(code) else ())


def fronts(file: FileInput, places: Places, rule: RulePlan) -> Fronts | None:
    """None where statements cannot be told apart from what else is in the file."""
    if rule.interest.alike is None:
        return None
    outline = places.outline
    found = set(binding_lines(outline, rule.interest.names))
    if bind_elsewhere(outline, found):
        return None
    lines: dict[int | None, set[int]] = {None: set()}
    for line in found:
        lines.setdefault(outline.definition_around(line), set()).add(line)
        if outline.is_definition(line):
            lines.setdefault(line, set()).add(line)
    try:
        return Fronts(places, file.package, reduce(outline, lines[None], ()), lines)
    except CannotReduceError:
        return None
