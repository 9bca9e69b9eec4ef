"""What single functions of the standard library and of ID packages make of their arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.text import alphabet_of, concat, length_of, literal, part, random_text
from ssot_lint.source.symbolic.unions import join, taint
from ssot_lint.source.symbolic.values import (
    Arguments,
    Fresh,
    Number,
    Opaque,
    Partial,
    Sequence,
    Text,
    Value,
    constant_int,
    constant_text,
)

Recipe: TypeAlias = Callable[[Arguments], Value]

UUID: Value = (Fresh("uuid", PartKind.RANDOM, 36),)
NOW: Value = (Fresh("datetime", PartKind.TIMESTAMP, None),)
CLOCK: Value = (Number(PartKind.TIMESTAMP, 0, None, integral=False),)

_DIGEST_SIZES = {
    "md5": 16,
    "sha1": 20,
    "sha224": 28,
    "sha256": 32,
    "sha384": 48,
    "sha512": 64,
    "sha3_256": 32,
}
_MOST_ITEMS, _MOST_BITS = 256, 192
"""Beyond these no ID is made, and exact lengths only cost time."""


def always(value: Value) -> Recipe:
    """The same whatever the arguments."""
    return lambda _: value


def random_object(length: int) -> Recipe:
    """An object that becomes a random string of `length` characters."""
    return lambda _: (Fresh("object", PartKind.RANDOM, length),)


def random_string(length: int, alphabet: str = "any") -> Recipe:
    """A random string of `length` characters."""
    return lambda _: (random_text(length, alphabet),)


def sized_string(position: int, name: str, default: int | None) -> Recipe:
    """A random string whose length is an argument."""

    def recipe(arguments: Arguments) -> Value:
        given = arguments.get(position, name)
        return (random_text(default if given is None else constant_int(given)),)

    return recipe


def token_hex(arguments: Arguments) -> Value:
    """`secrets.token_hex(nbytes)`."""
    count = _byte_count(arguments)
    return (random_text(None if count is None else 2 * count, "hex"),)


def token_urlsafe(arguments: Arguments) -> Value:
    """`secrets.token_urlsafe(nbytes)`."""
    count = _byte_count(arguments)
    return (random_text(None if count is None else -(-count * 8 // 6), "urlsafe"),)


def random_bytes(arguments: Arguments) -> Value:
    """`os.urandom(size)`, `secrets.token_bytes(nbytes)`."""
    return (Fresh("bytes", PartKind.RANDOM, _byte_count(arguments)),)


def between(arguments: Arguments) -> Value:
    """`random.randint(a, b)`."""
    low, high = constant_int(arguments.get(0, "a")), constant_int(arguments.get(1, "b"))
    return (Number(PartKind.RANDOM, low or 0, high if low is not None else None),)


def below(arguments: Arguments) -> Value:
    """`secrets.randbelow(stop)`, `random.randrange(start, stop)`."""
    first, second_ = constant_int(arguments.get(0)), arguments.get(1)
    if second_ is None:
        return (Number(PartKind.RANDOM, 0, None if first is None else first - 1),)
    stop = constant_int(second_)
    return (Number(PartKind.RANDOM, first or 0, None if stop is None or first is None else stop - 1),)


def bits(arguments: Arguments) -> Value:
    """`random.getrandbits(k)`."""
    count = constant_int(arguments.get(0, "k"))
    known = count is not None and 0 <= count <= _MOST_BITS
    return (Number(PartKind.RANDOM, 0, 2 ** (count or 0) - 1 if known else None),)


def choice(arguments: Arguments) -> Value:
    """`random.choice(seq)`."""
    return (_drawn(arguments.get(0, "seq")),)


def choices(arguments: Arguments) -> Value:
    """`random.choices(population, k=count)`."""
    given = arguments.get(2, "k")
    return _many(_drawn(arguments.get(0)), constant_int(given) if given is not None else 1)


def sample(arguments: Arguments) -> Value:
    """`random.sample(population, k)`."""
    return _many(_drawn(arguments.get(0)), constant_int(arguments.get(1, "k")))


def derived_uuid(arguments: Arguments) -> Value:
    """A UUID that is only as fresh as what it is made from."""
    items = (atom.items or () for value in arguments.all for atom in value if isinstance(atom, Sequence))
    inside = join(*(item for each in items for item in each))
    return (Fresh("uuid", taint(*arguments.all, inside) or PartKind.UNKNOWN, 36),)


def strftime(arguments: Arguments) -> Value:
    """`time.strftime(format)`."""
    from ssot_lint.source.symbolic.writing import date_text  # which needs this module

    pattern = constant_text(arguments.get(0, "format"))
    return (Opaque("", PartKind.TIMESTAMP) if pattern is None else date_text(pattern),)


def digest(name: str) -> Recipe:
    """A hash object, which is as fresh as the data; `name` is the algorithm's."""

    def recipe(arguments: Arguments) -> Value:
        size = _DIGEST_SIZES.get(name)
        if name in ("blake2b", "blake2s"):
            given = arguments.get(1, "digest_size")
            size = (64 if name == "blake2b" else 32) if given is None else constant_int(given)
        return (Fresh("digest", taint(*arguments.all) or PartKind.UNKNOWN, size),)

    return recipe


def encoded(alphabet: str, bits_each: int, block: int) -> Recipe:
    """Bytes written in characters of `bits_each` bits, filled up with `=` to blocks of `block` characters."""

    def recipe(arguments: Arguments) -> Value:
        for atom in arguments.get(0, "s") or ():
            if isinstance(atom, Fresh) and atom.what == "bytes" and atom.length is not None:
                count = -(-atom.length * 8 // bits_each)
                return (concat([part(atom.kind, alphabet, count, count), literal("=" * (-count % block))]),)
        return (Opaque("", taint(*arguments.all)),)

    return recipe


def int_from_bytes(arguments: Arguments) -> Value:
    """`int.from_bytes(bytes, byteorder)`."""
    for atom in arguments.get(0, "bytes") or ():
        if isinstance(atom, Fresh) and atom.what == "bytes":
            known = atom.length is not None and atom.length * 8 <= _MOST_BITS
            return (Number(atom.kind, 0, 256 ** (atom.length or 0) - 1 if known else None),)
    return (Opaque("", taint(*arguments.all)),)


def second(arguments: Arguments) -> Value:
    """The second argument, of which the first only says the type."""
    return arguments.get(1) or (Opaque(),)


def partial(arguments: Arguments) -> Value:
    """`functools.partial(callee, ...)`."""
    callee, *rest = arguments.positional or ((Opaque(),),)
    return (Partial(callee, Arguments(tuple(rest), arguments.keywords, arguments.more)),)


def _byte_count(arguments: Arguments) -> int | None:
    given = arguments.get(0, "nbytes")
    count = constant_int(given) if given is not None else 32
    return count if count is None or count >= 0 else None


def _drawn(population: Value | None) -> Text:
    """One item drawn at random: a character of a string, or one of several strings."""
    match population:
        case (Text() as alphabet,):
            return random_text(1, alphabet_of(constant_text((alphabet,)) or "~"))
        case (Sequence(items=tuple() as items),) if items:
            lengths = [length_of(atom) for item in items for atom in item if isinstance(atom, Text)]
            highs = [high for _, high in lengths if high is not None]
            longest = max(highs) if len(lengths) == len(items) == len(highs) else None
            return part(PartKind.RANDOM, "any", min((low for low, _ in lengths), default=0), longest)
        case _:
            return random_text(None)


def _many(text: Text, count: int | None) -> Value:
    if count is None or not 0 <= count <= _MOST_ITEMS:
        return (Sequence("list", None, (text,)),)
    return (Sequence("list", ((text,),) * count),)
