"""The algebra of texts: literal and fresh parts joined, cut, split and padded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from ssot_lint.source.contract import FRESH, Part, PartKind
from ssot_lint.source.symbolic.unions import LIMIT, distinct, folded, strongest
from ssot_lint.source.symbolic.values import Origin, Text

EMPTY = Text(())
_ALPHABETS = (("decimal", frozenset("0123456789")), ("hex", frozenset("0123456789abcdefABCDEF")))
_NEVER_IN = {
    "hex": frozenset("_-:./~|# "),
    "decimal": frozenset("_-:./~|# "),
    "uuid": frozenset("_:./~|# "),
    "any": frozenset(),
}


def literal(text: str, origin: Origin | None = None) -> Text:
    """A text that is known."""
    return Text((Part(PartKind.LITERAL, text, len(text), len(text)),), origin) if text else EMPTY


def part(kind: PartKind, text: str, shortest: int, longest: int | None) -> Text:
    """A text of one part between `shortest` and `longest` characters."""
    return Text((Part(kind, text, shortest, longest),))


def random_text(length: int | None, alphabet: str = "any") -> Text:
    """A random text of a length in characters, `None` when that is not known."""
    return part(PartKind.RANDOM, alphabet, length or 0, length)


def alphabet_of(characters: str) -> str:
    """The name of the smallest known alphabet that has all the characters."""
    return next((name for name, known in _ALPHABETS if known.issuperset(characters)), "any")


def concat(pieces: Iterable[Text]) -> Text:
    """The texts one after the other; neighbouring literals, and random parts of one alphabet, become one."""
    parts: list[Part] = []
    origin: Origin | None = None
    for piece in pieces:
        if not parts:
            origin = piece.origin
        for each in piece.parts:
            if each.max_length == 0:
                continue
            if parts and _melts(parts[-1], each):
                parts[-1] = _melted(parts[-1], each)
            else:
                parts.append(each)
    return Text(tuple(parts), origin)


def product_of(pieces: Sequence[tuple[Text, ...]]) -> tuple[Text, ...]:
    """Every way to put the pieces together, each of which has several alternatives.

    When there are too many ways, only the first piece, which holds the head, keeps its alternatives.
    """
    if prod(len(alternatives) for alternatives in pieces) > LIMIT:
        pieces = [pieces[0], *((folded(list(alternatives)),) for alternatives in pieces[1:])]
    return distinct([concat(choice) for choice in product(*pieces)])


def length_of(text: Text) -> tuple[int, int | None]:
    """The least and the most characters that a text can have."""
    highs = [each.max_length for each in text.parts if each.max_length is not None]
    least = sum(each.min_length for each in text.parts)
    return least, sum(highs) if len(highs) == len(text.parts) else None


def blurred(text: Text) -> Text:
    """One part instead of many, of the same length and freshness."""
    kind = strongest(each.kind for each in text.parts)
    names = {each.text for each in text.parts if each.kind in (PartKind.PARAMETER, PartKind.UNKNOWN)}
    name = names.pop() if not kind and len(names) == 1 else _blurred(kind)
    return part(kind or PartKind.UNKNOWN, name, *length_of(text))


def head(text: Text, count: int) -> Text:
    """`text[:count]` for a `count` that is not negative."""
    parts: list[Part] = []
    least = most = 0
    for each in text.parts:
        if least >= count:
            break
        rest = count - least
        exact = most == least
        parts.append(_first(each, rest) if exact else _shortened(each, max(0, count - most), rest))
        least += each.min_length
        most = most + each.max_length if each.max_length is not None else count
        most = max(most, least)
    return Text(tuple(each for each in parts if each.max_length != 0), text.origin)


def tail(text: Text, count: int) -> Text:
    """`text[-count:]` for a positive `count`."""
    mirrored = Text(tuple(_mirrored(each) for each in reversed(text.parts)))
    return Text(tuple(_mirrored(each) for each in reversed(head(mirrored, count).parts)), text.origin)


def drop(text: Text, count: int) -> Text:
    """`text[count:]` for a `count` that is not negative; exact as far as lengths are."""
    parts = list(text.parts)
    while parts and count:
        first = parts[0]
        if first.max_length != first.min_length:
            return blurred(Text(tuple(parts)))
        parts[:1] = [] if first.min_length <= count else [_last(first, first.min_length - count)]
        count = max(0, count - first.min_length)
    return Text(tuple(parts), text.origin)


def drop_end(text: Text, count: int) -> Text:
    """`text[:-count]`."""
    mirrored = Text(tuple(_mirrored(each) for each in reversed(text.parts)))
    return Text(tuple(_mirrored(each) for each in reversed(drop(mirrored, count).parts)), text.origin)


def split(text: Text, separator: str) -> list[tuple[Text, bool]]:
    """The pieces between separators; of a piece that may hold more separators the flag is false."""
    pieces: list[tuple[list[Text], bool]] = [([], True)]
    for each in text.parts:
        if each.kind is PartKind.LITERAL:
            first, *others = each.text.split(separator)
            pieces[-1][0].append(literal(first))
            pieces.extend(([literal(other)], True) for other in others)
        else:
            texts, sure = pieces[-1]
            pieces[-1] = ([*texts, Text((each,))], sure and _never_holds(each, separator))
    return [(concat(texts), sure) for texts, sure in pieces]


def map_literals(text: Text, change: Callable[[str], str]) -> Text:
    """The text with every literal changed, other parts as they are."""
    changed = [literal(change(p.text)) if p.kind is PartKind.LITERAL else Text((p,)) for p in text.parts]
    return replace(concat(changed), origin=text.origin)


def strip_ends(text: Text, change: Callable[[str], str], *, left: bool, right: bool) -> Text:
    """The text with its outer literals changed, for `strip` and the like."""
    parts = list(text.parts)
    for index in {*([0] if left else []), *([len(parts) - 1] if right else [])} if parts else ():
        if parts[index].kind is PartKind.LITERAL:
            kept = change(parts[index].text)
            parts[index] = Part(PartKind.LITERAL, kept, len(kept), len(kept))
    return Text(tuple(each for each in parts if each.max_length != 0), text.origin)


def padded(text: Text, width: int) -> Text:
    """The text filled up to `width` characters where it may be shorter."""
    least, most = length_of(text)
    if least >= width:
        return text
    if len(text.parts) == 1 and text.parts[0].kind is not PartKind.LITERAL:
        longest = None if most is None else max(most, width)
        return Text((replace(text.parts[0], min_length=width, max_length=longest),), text.origin)
    longest = None if most is None else max(0, width - least)
    return concat([text, part(PartKind.UNKNOWN, "", 0, longest)])


def repeated(before: Text, after: Text) -> Text:
    """What a text becomes in a loop of unknown length, of which one round made `after` of `before`."""
    if before.parts == after.parts:
        return after
    start = _common(before.parts, after.parts)
    limit = min(len(before.parts), len(after.parts)) - start
    end = min(limit, _common(before.parts[::-1], after.parts[::-1]))
    grown = after.parts[start : len(after.parts) - end]
    kind = strongest(each.kind for each in grown)
    middle = Part(kind or PartKind.UNKNOWN, _blurred(kind), 0, None)
    return Text((*after.parts[:start], middle, *after.parts[len(after.parts) - end :]), after.origin)


def _common(one: Sequence[Part], other: Sequence[Part]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _melts(left: Part, right: Part) -> bool:
    if left.kind is not right.kind:
        return False
    return left.kind is PartKind.LITERAL or (
        left.kind is PartKind.RANDOM and left.text == right.text != "uuid"
    )


def _melted(left: Part, right: Part) -> Part:
    longest = None
    if left.max_length is not None and right.max_length is not None:
        longest = left.max_length + right.max_length
    text = left.text + right.text if left.kind is PartKind.LITERAL else left.text
    return Part(left.kind, text, left.min_length + right.min_length, longest)


def _first(each: Part, count: int) -> Part:
    if each.max_length is not None and each.max_length <= count:
        return each
    if each.kind is PartKind.LITERAL:
        return Part(PartKind.LITERAL, each.text[:count], count, count)
    name = each.text
    if name == "uuid":
        name = "hex" if count <= 8 else "any"
    return Part(each.kind, name, min(each.min_length, count), count)


def _last(each: Part, count: int) -> Part:
    return _mirrored(_first(_mirrored(each), count))


def _shortened(each: Part, least: int, most: int) -> Part:
    longest = most if each.max_length is None else min(most, each.max_length)
    if each.kind is PartKind.LITERAL and least >= each.min_length:
        return each
    kind = PartKind.UNKNOWN if each.kind is PartKind.LITERAL else each.kind
    text = {"uuid": "any"}.get(each.text, each.text) if kind is PartKind.RANDOM else each.text
    return Part(kind, "" if kind is PartKind.UNKNOWN else text, min(least, each.min_length), longest)


def _mirrored(each: Part) -> Part:
    return replace(each, text=each.text[::-1]) if each.kind is PartKind.LITERAL else each


def _blurred(kind: PartKind | None) -> str:
    return "any" if kind in FRESH else ""


def _never_holds(each: Part, separator: str) -> bool:
    if each.kind in (PartKind.COUNTER, PartKind.TIMESTAMP):
        return "%" not in each.text and each.text != "iso" and separator in "_-:/~|# "
    return each.kind is PartKind.RANDOM and separator in _NEVER_IN.get(each.text, frozenset())
