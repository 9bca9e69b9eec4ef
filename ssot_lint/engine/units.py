"""The units of a file: what its rules must see of it, as far as that can be told from its lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping

from ssot_lint.engine.bindings import bind_elsewhere, binding_lines, imported_first
from ssot_lint.engine.plan import RulePlan
from ssot_lint.engine.reach import Given, givens, reached
from ssot_lint.kinds import Extent, Interest, word
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.reduction import CannotReduceError, Reduced, reduce

_MAX_GROWTHS = 12
_TWO = 2


class Units:
    """The units of a file that its rules must see, and those that they turn out to need."""

    def __init__(
        self,
        outline: Outline,
        rules: Iterable[RulePlan],
        needles: Mapping[str, re.Pattern[str]],
        settled: Mapping[str, Container[int]],
    ) -> None:
        self.outline = outline
        self.rules: list[RulePlan] = []
        self.names: frozenset[str] = frozenset()
        self.uses: frozenset[str] = frozenset()
        self._growths = 0
        self._grown: frozenset[str] = frozenset()
        self._needles = needles
        self._hits: dict[str, set[int]] = {}
        for rule in rules:
            is_pair = rule.interest.extent is Extent.PAIR
            hits = self._pairs(rule) if is_pair else self._lines(rule, settled.get(rule.name, ()))
            if hits:
                self._hits[rule.name] = hits
                self.rules.append(rule)
                self.names |= rule.interest.names
                if not settled.get(rule.name):
                    self.uses |= rule.interest.uses  # they are all among the hits

    def grow(self, rules: list[RulePlan], names: Iterable[str], uses: Iterable[str]) -> None:
        """Take in all bindings of `names` and every use of `uses`, for those `rules` that need them."""
        self._growths += 1
        self.rules = rules
        self.uses |= frozenset(uses)
        self._grown |= frozenset(names) | self.uses
        self.names = self._grown.union(*(rule.interest.names for rule in rules))

    def reduced(self) -> Reduced:
        """The module that is left; raises `CannotReduceError` where it would not be the same to the rules."""
        if self._growths > _MAX_GROWTHS:
            raise CannotReduceError
        uses = set(self.outline.offsets(re.compile(word(self.uses)))) if self.uses else set()
        lines = set(map(self.outline.line_at, uses)).union(*(self._hits[rule.name] for rule in self.rules))
        functions: set[int] = set()
        for rule in self.rules:
            if rule.interest.extent is Extent.FUNCTION:
                functions |= self._functions(rule, uses)
            elif rule.interest.extent is Extent.PAIR:
                functions |= self._hits[rule.name]
        lines |= self._visible(set(binding_lines(self.outline, self.names, lines)), lines | functions)
        return reduce(self.outline, lines, functions)

    def _functions(self, rule: RulePlan, uses: set[int]) -> set[int]:
        """The headers of the functions with at least two hits of their own."""
        offsets = uses.union(self.outline.offsets(self._needles[rule.name]))
        owners = Counter(self._function_at(self.outline.line_at(offset)) for offset in offsets)
        return {header for header, count in owners.items() if header is not None and count >= _TWO}

    def _pairs(self, rule: RulePlan) -> set[int]:
        """The headers of the functions with hits of their own that begin with different words."""
        functions: dict[int, list[Given]] = {}
        for given in givens(self.outline, self._needles[rule.name]):
            header = self._function_at(self.outline.line_at(given.start))
            if header is not None:
                functions.setdefault(header, []).append(given)

        def has_company(header: int, beside: re.Pattern[str]) -> bool:
            lines = (header, *self.outline.body(header))
            return _are_pair(reached(self.outline, lines, functions[header], beside))

        pairs = {header for header, found in functions.items() if _are_pair(found)}
        return self._with_company(pairs, rule.interest, has_company)

    def _with_company(
        self, hits: set[int], interest: Interest, has_company: Callable[[int, re.Pattern[str]], bool]
    ) -> set[int]:
        """The lines or headers that have beside them what the rule needs there."""
        if not hits or not interest.beside:
            return hits
        beside, text = re.compile(interest.beside), self.outline.text
        # A file may give another name to what is needed, but that takes time to see.
        found = {line for line in hits if has_company(line, beside)} if beside.search(text) else set()
        is_left = len(found) < len(hits) and any(re.search(each, text) for each in interest.renamed)
        return hits if is_left else found

    def _surroundings(self, line: int) -> tuple[int, int]:
        """The offsets of the outermost function around `line`; of the file where there is none."""
        around = list(filter(self.outline.is_function, self.outline.ancestors(line)))
        return self._extent(around[-1]) if around else (0, len(self.outline.text))

    def _extent(self, header: int) -> tuple[int, int]:
        """The offsets between which a definition stands."""
        return header, self.outline.body_end(header)

    def _function_at(self, line: int) -> int | None:
        return next(filter(self.outline.is_function, self.outline.ancestors(line)), None)

    def _visible(self, bindings: set[int], kept: set[int]) -> set[int]:
        """Those of the lines with bindings that stand in no definition but those around and at the `kept` lines."""
        outline = self.outline
        if bind_elsewhere(outline, bindings):
            return bindings
        around = kept.union(*map(outline.ancestors, kept))
        return {
            line for line in bindings if (owner := outline.definition_around(line)) is None or owner in around
        }

    def _lines(self, rule: RulePlan, settled: Container[int]) -> set[int]:
        outline, text = self.outline, self.outline.text
        offsets = list(outline.offsets(self._needles[rule.name], rule.interest.in_strings, settled))
        if rule.interest.until_imported and imported_first(outline, rule.interest.names, offsets):
            return set()

        def has_company(line: int, beside: re.Pattern[str]) -> bool:
            return beside.search(text, *self._surroundings(line)) is not None

        return self._with_company(set(map(outline.line_at, offsets)), rule.interest, has_company)


def _are_pair(found: Iterable[Given]) -> bool:
    return len({given.name for given in found}) >= _TWO
