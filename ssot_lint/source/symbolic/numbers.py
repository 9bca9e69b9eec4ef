"""Numbers that are known by their range: arithmetic on them, and how long they are when written out."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from ssot_lint.source.contract import Part, PartKind
from ssot_lint.source.symbolic.text import literal, padded, part
from ssot_lint.source.symbolic.unions import freshness, strongest
from ssot_lint.source.symbolic.values import Constant, Number, Text

SECONDS = (1_577_836_800, 10**10 - 1)
"""Seconds since 1970, from the year 2020 to the end of the ten digits in 2286."""

_UNITS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
_BASES = {"x": 16, "X": 16, "o": 8, "b": 2}
_DIGITS = "0123456789abcdef"
_SPEC = re.compile(
    r"(?:.?[<>=^])?[+ -]?#?0?(?P<width>\d+)?[,_]?(?:\.(?P<precision>\d+))?(?P<type>[a-zA-Z%]?)"
)
_HUGE = 10**60
"""Beyond any number an ID is made of; folding larger ones would only cost time."""

_FOLDED: dict[str, Callable[[float, float], float]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
}
_FOLDED_WHOLE: dict[str, Callable[[int, int], int]] = {
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "RShift": operator.rshift,
}


def arithmetic(name: str, left: Number | Constant, right: Number | Constant) -> Number | Constant | None:
    """`left name right`, where `name` is that of the operator's `ast` class; `None` when it is not known."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _fold(name, left.value, right.value)
    kind = strongest((freshness(left), freshness(right))) or PartKind.UNKNOWN
    integral = _is_whole(left) and _is_whole(right) and name != "Div"
    try:
        low, high = _range_of(name, _range(left), _range(right))
    except OverflowError:
        low, high = 0, None
    return Number(kind, low, None if high is not None and high > _HUGE else high, integral)


def whole(number: Number | Constant) -> Number | Constant:
    """`int(number)`, `round(number)`."""
    if isinstance(number, Number):
        return Number(number.kind, number.low, number.high)
    return Constant(int(number.value or 0)) if abs(number.value or 0) < _HUGE else number


def digits(number: int, base: int = 10) -> int:
    """How many characters a whole number has, written in a base, with its sign."""
    text = (
        str(abs(number))
        if base == 10
        else f"{abs(number):{'x' if base == 16 else 'o' if base == 8 else 'b'}}"
    )
    return len(text) + (number < 0)


def written(number: Number, spec: str = "") -> Text:
    """The number as `format(number, spec)` writes it."""
    if not spec and number.integral:
        return _digits_text(number, 10)
    match = _SPEC.fullmatch(spec)
    if match is None:
        return part(number.kind, _name(number, 10), 1, None)
    base = _BASES.get(match["type"], 10)
    plain = number.integral or match["precision"] == "0"
    text = _digits_text(number, base) if plain else _decimals_text(number, match["precision"])
    return padded(text, int(match["width"])) if match["width"] else text


def written_constant(value: bool | int | float | None, spec: str = "") -> Text:
    """A known value as `format(value, spec)` writes it."""
    try:
        return literal(format(value, spec))
    except (ValueError, TypeError, OverflowError):
        return part(PartKind.UNKNOWN, "", 0, None)


def _digits_text(number: Number, base: int) -> Text:
    longest = None if number.high is None else digits(number.high, base)
    shortest = digits(max(number.low, 0), base)
    if number.low < 0 and longest is not None:
        longest = max(longest, digits(number.low, base))
    return Text((Part(number.kind, _name(number, base), shortest, longest),))


def _decimals_text(number: Number, precision: str | None) -> Text:
    shortest = digits(max(number.low, 0))
    if precision is not None:
        point = int(precision) + 1
        longest = None if number.high is None else digits(number.high) + point
        return part(number.kind, _name(number, 10), shortest + point, longest)
    # repr() of a float has at most 17 significant digits, and a point.
    return part(number.kind, _name(number, 10), shortest + 2, None if number.high is None else 18)


def _name(number: Number, base: int) -> str:
    in_base = {16: "hex", 8: "octal", 2: "binary"}.get(base, "decimal")
    if number.kind is PartKind.TIMESTAMP:
        unit = _UNITS.get(digits(number.low), "") if number.high and number.low else ""
        return unit if base == 10 else f"{unit} {in_base}".strip()
    return "" if number.kind is PartKind.UNKNOWN else in_base


def _fold(name: str, left: float | None, right: float | None) -> Constant | None:
    if left is None or right is None or max(abs(left), abs(right)) > _HUGE:
        return None
    try:
        if name in _FOLDED:
            return Constant(_FOLDED[name](left, right))
        if not (isinstance(left, int) and isinstance(right, int)):
            return None
        if name in _FOLDED_WHOLE:
            return Constant(_FOLDED_WHOLE[name](left, right))
        if name in ("Pow", "LShift") and 0 <= right <= 128:
            return Constant(left**right if name == "Pow" else left << right)
    except (ArithmeticError, ValueError):
        pass
    return None


def _range(number: Number | Constant) -> tuple[float, float | None]:
    if isinstance(number, Number):
        return number.low, number.high
    return number.value or 0, number.value or 0


def _is_whole(number: Number | Constant) -> bool:
    return number.integral if isinstance(number, Number) else isinstance(number.value, int)


def _range_of(
    name: str, left: tuple[float, float | None], right: tuple[float, float | None]
) -> tuple[int, int | None]:
    (low, high), (other_low, other_high) = left, right
    known = low >= 0 and other_low >= 0
    bounded = high is not None and other_high is not None
    if name == "Mod" and other_high and other_low > 0:
        return 0, int(other_high) - 1
    if name == "BitAnd" and known and (high is not None or other_high is not None):
        return 0, int(min(each for each in (high, other_high) if each is not None))
    if name == "Add":
        return int(low + other_low), int((high or 0) + (other_high or 0)) if bounded else None
    if not known or name not in ("Mult", "Div", "FloorDiv", "LShift", "RShift"):
        return 0, None
    return _scaled(name, left, right)


def _scaled(
    name: str, left: tuple[float, float | None], right: tuple[float, float | None]
) -> tuple[int, int | None]:
    (low, high), (factor, other_high) = left, right
    if factor != other_high:
        return 0, None
    factor = int(factor) if factor == int(factor) else factor
    if name in ("LShift", "RShift"):
        if factor > 128:
            return 0, None
        name, factor = "Mult" if name == "LShift" else "FloorDiv", 2 ** int(factor)
    if name == "Mult":
        # The largest number with the unit's digits, not 9999999999 * 1000: every one of them may follow.
        return int(low * factor), None if high is None else int((high + 1) * factor - 1)
    if not factor:
        return 0, None
    return int(low // factor), None if high is None else int(high // factor)
