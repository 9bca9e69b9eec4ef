"""Statements that are alike to a rule, in the shortest form that they have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest

from ssot_lint.engine.shorthand import KEYWORD, KEYWORDS, NAME, NAMES, REFUSED, TELLS, TEXT, Shorthand, veil
from ssot_lint.kinds import Interest

_MOST_SHORTENED = 1_000
_MOST_PARTS = 50
"""Each part of a statement is as long as what its items have in common."""

_AWAIT, _ELSE, _FOR, _IF, _IN, _LAMBDA, _OR, _RETURN = (
    veil(f" {word} ", KEYWORDS) for word in ("await", "else", "for", "if", "in", "lambda", "or", "return")
)
_GIVEN = "(?:_[=:](?!=))?"
_BEFORE = rf"(?:{_AWAIT}|{_OR}|[_+])"
_PLAIN = rf"[^()\[\]{{}}{NAME}]"
_ITEM = rf"[^()\[\]{{}},{NAME}]*+"


def _inside(depth: int) -> str:
    """What stands in brackets, with so many more of them around each other at most, if there is no name in it."""
    more = rf"|[(\[{{]{_inside(depth - 1)}[)\]}}]" if depth else ""
    return rf"(?>(?:{_PLAIN}++{more})*)"


_INSIDE = _inside(3)
_DISPLAY = rf"[\[{{]{_INSIDE}[\]}}]|\({_INSIDE}\)(?!\)*+[(\[.=:])|\((?:\b_\b|[^\w()\[\]{{}}{NAME}])*+\)"
"""Where something is done to what is in parentheses, its name counts, if it has one."""
_SHORTER = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Keywords bring their own space. Strings are one with those beside them, and like variables.
        (rf" (?=[{KEYWORD})\]}},]|\Z)|(?<=[{KEYWORD}]) ", ""),
        (rf'"" ?(?=f?")|(?<=[{KEYWORD}{TEXT}]") ?""', ""),
        (r'""', "_"),
        # What is in brackets: arguments of a name; a display; arguments and indexes of all else.
        (rf"(?<=[{NAME}])\((?!\)){_INSIDE}\)", "()"),
        (rf"(?<![\w)\]}}\"{NAME}{TEXT}])(?:{_DISPLAY})", "_"),
        (rf"(?<=[\w)\]}}])(?:\({_INSIDE}\)|\[{_INSIDE}\])", "._"),
        (r"(?:(?<=\b_)|(?<=\)))(?:\._)+", ""),
        # Commas that part no items; where some are left, nothing is sure.
        (rf"(?<={_LAMBDA})[^()\[\]{{}}:{KEYWORD}{NAME}]+:", ":"),
        (rf"(?<={_FOR})[^()\[\]{{}}{KEYWORD}{NAME}]+(?={_IN})", "_"),
        (rf"{_LAMBDA}(?!:)|{_FOR}(?!_{_IN})", REFUSED),
        # Items in front, and items behind; those between names are put back, and are not looked at once more.
        (rf"(?<=[(\[{{])(?>(?:{_ITEM},)+)|(?>(?:,{_ITEM})+)(?=[)\]}}])|((?>(?:,{_ITEM})+))", r"\1"),
        # What an item is in.
        (
            rf"\A(?:{_RETURN}|:_=|[,=]|{_BEFORE})*(?:[(\[{{]{_GIVEN}{_BEFORE}*)*[(\[{{]{_GIVEN}"
            rf"((?:[^()\[\]{{}},:]|(?<=[{NAME}])\(\))+)(?:[)\]}}](?:{_FOR}_{_IN}_|{_IF}_{_ELSE}_)*)+\Z",
            r"_(\1)",
        ),
    )
]
_NAME = re.compile(f"[{NAME}]+")
_EVENT = re.compile(rf"[()\[\]{{}},]|[{NAME}]+")


@dataclass(frozen=True, slots=True)
class Part:
    """What one item of a statement is decided on: veiled code, and which hit of the statement ends where in it."""

    code: str
    hits: Mapping[int, int]


class Alikeness:
    """Tells which statements are alike to the rules of an interest, and what there is to decide in them."""

    def __init__(self, interest: Interest) -> None:
        self._literals = frozenset(veil(literal, NAMES) for literal in interest.literals)
        self._short = Shorthand(interest, with_texts=False)
        self._exact = Shorthand(interest, with_texts=True)

    def key(self, tokens: Sequence[str]) -> str:
        """The same for two statements only if they are alike."""
        self._short.make_room()
        self._exact.make_room()
        code = self._short.code(tokens)
        return self._exact.code(tokens) if TELLS in code and TELLS in _shorter(code) else code

    def hits(self, tokens: Sequence[str], start: int) -> list[int]:
        """Where in the file the hits are of a statement that begins at `start`."""
        return self._short.hits_in(tokens, start)

    def parts(self, tokens: Sequence[str]) -> Sequence[Part] | None:
        """A statement once for each of its innermost items with a name, without the others; None where in doubt."""
        parts = self._parts(self._short.code(tokens))
        if parts is None or not any(TELLS in part.code for part in parts):
            return parts
        exact = self._parts(self._exact.code(tokens))
        if exact is None or len(exact) != len(parts):
            return None
        return [told if TELLS in part.code else part for part, told in zip(parts, exact, strict=True)]

    def _parts(self, code: str) -> Sequence[Part] | None:
        code = _shorter(code)
        if REFUSED in code:
            return None
        hits = self._hits(code)
        items = _inner_items(code)
        if not 1 < len(items) <= _MOST_PARTS:
            return [Part(code, {hit.end(): index for index, hit in enumerate(hits)})]
        owners = [next((item for item in items if hit.start() in item), None) for hit in hits]
        return [self._part(code, items, own, owners) for own in items]

    def _part(self, code: str, items: Sequence[range], own: range, owners: Sequence[range | None]) -> Part:
        """The code with one of the items only."""
        starts = [0, *(item.stop for item in items)]
        ends = [*(item.start for item in items), len(code)]
        around = [code[start:end] for start, end in zip(starts, ends, strict=True)]
        kept = [code[item.start : item.stop] if item is own else "_" for item in items]
        left = _shorter("".join(chain.from_iterable(zip_longest(around, kept, fillvalue=""))))
        hits = [index for index, owner in enumerate(owners) if owner is None or owner is own]
        return Part(left, {hit.end(): index for hit, index in zip(self._hits(left), hits, strict=True)})

    def _hits(self, code: str) -> list[re.Match[str]]:
        return [match for match in _NAME.finditer(code) if match[0] in self._literals]


@lru_cache(maxsize=_MOST_SHORTENED)
def _shorter(code: str) -> str:
    for pattern, replacement in _SHORTER:
        code = pattern.sub(replacement, code)
    return code


@dataclass(slots=True)
class _Item:
    """An item that is being read: where it begins, and whether there is a name in it or in its own items."""

    start: int
    has_name: bool = False
    has_inner: bool = False


def _inner_items(code: str) -> list[range]:
    """Where the items with a name stand that have no such items in them."""
    found = []
    items = [_Item(0)]
    for event in _EVENT.finditer(code):
        mark = event[0]
        if mark in "([{":
            items.append(_Item(event.end()))
        elif mark not in ",)]}":
            items[-1].has_name = True
        elif len(items) > 1:
            item = items.pop()
            if item.has_name and not item.has_inner:
                found.append(range(item.start, event.start()))
            items[-1].has_inner |= item.has_name or item.has_inner
            if mark == ",":
                items.append(_Item(event.end()))
    return found
