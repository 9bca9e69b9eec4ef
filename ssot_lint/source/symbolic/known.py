"""What the standard library and the usual ID packages return, by dotted name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.numbers import SECONDS
from ssot_lint.source.symbolic.text import alphabet_of, length_of, literal, part, random_text
from ssot_lint.source.symbolic.values import (
    Arguments,
    Fresh,
    Number,
    Opaque,
    Partial,
    Reference,
    Sequence,
    Text,
    Value,
    constant_int,
    constant_text,
    join,
    taint,
)

Call: TypeAlias = Callable[[Arguments], Value]

_RANDOM = PartKind.RANDOM
_UUID: Value = (Fresh("uuid", _RANDOM, 36),)
_NOW: Value = (Fresh("datetime", PartKind.TIMESTAMP, None),)
_CLOCK: Value = (Number(PartKind.TIMESTAMP, 0, None, integral=False),)
_TEXT_CONSTANTS = (
    "ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "octdigits", "punctuation",
)  # fmt: skip
_SAME_MODULE = {"random.SystemRandom": "random", "random.Random": "random", "secrets.SystemRandom": "random"}


def known_call(name: str, arguments: Arguments) -> Value | None:
    """What a call of the dotted name returns; `None` if it is not a name that is known here."""
    if name in _SAME_MODULE:
        return (Reference(_SAME_MODULE[name]),)
    call = CALLS.get(name)
    if call is not None:
        return call(arguments)
    if name.startswith("hashlib."):
        return _digest(name.removeprefix("hashlib."), arguments)
    return None


def known_constant(name: str) -> Value | None:
    """What the dotted name of a constant holds; `None` if it is not a name that is known here."""
    if name.startswith("string.") and name.removeprefix("string.") in _TEXT_CONSTANTS:
        import string  # only alphabets need it

        return (literal(str(getattr(string, name.removeprefix("string.")))),)
    return None


def drawn(population: Value | None) -> Text:
    """One item drawn at random: a character of a string, or one of several strings."""
    match population:
        case (Text() as alphabet,):
            return random_text(1, alphabet_of(constant_text((alphabet,)) or "~"))
        case (Sequence(items=tuple() as items),) if items:
            lengths = [length_of(atom) for item in items for atom in item if isinstance(atom, Text)]
            highs = [high for _, high in lengths if high is not None]
            complete = len(lengths) == len(items) == len(highs)
            return part(
                _RANDOM, "any", min((low for low, _ in lengths), default=0), max(highs) if complete else None
            )
        case _:
            return random_text(None)


def _constant(value: Value) -> Call:
    return lambda _: value


def _random_object(length: int) -> Call:
    return lambda _: (Fresh("object", _RANDOM, length),)


def _random_string(length: int, alphabet: str = "any") -> Call:
    return lambda _: (random_text(length, alphabet),)


def _sized_string(position: int, name: str, default: int | None) -> Call:
    def call(arguments: Arguments) -> Value:
        given = arguments.get(position, name)
        return (random_text(default if given is None else constant_int(given)),)

    return call


def _byte_count(arguments: Arguments) -> int | None:
    given = arguments.get(0, "nbytes")
    count = constant_int(given) if given is not None else 32
    return count if count is None or count >= 0 else None


def _token_hex(arguments: Arguments) -> Value:
    count = _byte_count(arguments)
    return (random_text(None if count is None else 2 * count, "hex"),)


def _token_urlsafe(arguments: Arguments) -> Value:
    count = _byte_count(arguments)
    return (random_text(None if count is None else -(-count * 8 // 6), "urlsafe"),)


def _random_bytes(arguments: Arguments) -> Value:
    return (Fresh("bytes", _RANDOM, _byte_count(arguments)),)


def _between(arguments: Arguments) -> Value:
    low, high = constant_int(arguments.get(0, "a")), constant_int(arguments.get(1, "b"))
    return (Number(_RANDOM, low or 0, high if low is not None else None),)


def _below(arguments: Arguments) -> Value:
    first, second = constant_int(arguments.get(0)), arguments.get(1)
    if second is None:
        return (Number(_RANDOM, 0, None if first is None else first - 1),)
    last = constant_int(second)
    return (Number(_RANDOM, first or 0, None if last is None or first is None else last - 1),)


def _bits(arguments: Arguments) -> Value:
    count = constant_int(arguments.get(0, "k"))
    return (Number(_RANDOM, 0, None if count is None or not 0 <= count <= 192 else 2**count - 1),)


def _choices(arguments: Arguments) -> Value:
    given = arguments.get(2, "k")
    count = constant_int(given) if given is not None else 1
    return _many(drawn(arguments.get(0)), count)


def _sample(arguments: Arguments) -> Value:
    return _many(drawn(arguments.get(0)), constant_int(arguments.get(1, "k")))


def _many(text: Text, count: int | None) -> Value:
    if count is None or not 0 <= count <= 256:
        return (Sequence("list", None, (text,)),)
    return (Sequence("list", ((text,),) * count),)


def _derived_uuid(arguments: Arguments) -> Value:
    return (Fresh("uuid", taint(*arguments.all, _inside(arguments)) or PartKind.UNKNOWN, 36),)


def _inside(arguments: Arguments) -> Value:
    return join(
        *(
            item
            for value in arguments.all
            for atom in value
            if isinstance(atom, Sequence)
            for item in atom.items or ()
        )
    )


def _strftime(arguments: Arguments) -> Value:
    from ssot_lint.source.symbolic.writing import date_text

    pattern = constant_text(arguments.get(0, "format"))
    return (Opaque("", PartKind.TIMESTAMP) if pattern is None else date_text(pattern),)


def _digest(name: str, arguments: Arguments) -> Value:
    sizes = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64, "sha3_256": 32}
    size = sizes.get(name)
    if name in ("blake2b", "blake2s"):
        given = arguments.get(1, "digest_size")
        size = (64 if name == "blake2b" else 32) if given is None else constant_int(given)
    return (Fresh("digest", taint(*arguments.all) or PartKind.UNKNOWN, size),)


def _base64(arguments: Arguments) -> Value:
    for atom in arguments.get(0, "s") or ():
        if isinstance(atom, Fresh) and atom.what == "bytes" and atom.length is not None:
            full, rest = divmod(atom.length * 8, 6)
            count = full + (rest > 0)
            padding = literal("=" * (-count % 4))
            return (Text((*random_text(count, "urlsafe").parts, *padding.parts)),)
    return (Opaque("", taint(*arguments.all)),)


def _base32(arguments: Arguments) -> Value:
    for atom in arguments.get(0, "s") or ():
        if isinstance(atom, Fresh) and atom.what == "bytes" and atom.length is not None:
            count = -(-atom.length * 8 // 5)
            padding = literal("=" * (-count % 8))
            return (Text((*random_text(count, "base32").parts, *padding.parts)),)
    return (Opaque("", taint(*arguments.all)),)


def _hexlify(arguments: Arguments) -> Value:
    for atom in arguments.get(0, "data") or ():
        if isinstance(atom, Fresh) and atom.what == "bytes":
            return (random_text(None if atom.length is None else 2 * atom.length, "hex"),)
    return (Opaque("", taint(*arguments.all)),)


def _int_from_bytes(arguments: Arguments) -> Value:
    for atom in arguments.get(0, "bytes") or ():
        if isinstance(atom, Fresh) and atom.what == "bytes":
            known = atom.length is not None and atom.length <= 24
            return (Number(atom.kind, 0, 256 ** (atom.length or 0) - 1 if known else None),)
    return (Opaque("", taint(*arguments.all)),)


def _second(arguments: Arguments) -> Value:
    return arguments.get(1) or (Opaque(),)


def _partial(arguments: Arguments) -> Value:
    callee, *rest = arguments.positional or ((Opaque(),),)
    return (Partial(callee, Arguments(tuple(rest), arguments.keywords, arguments.more)),)


CALLS: dict[str, Call] = {
    **{f"uuid.uuid{version}": _constant(_UUID) for version in (1, 4, 6, 7, 8)},
    **{f"uuid{v}.uuid{v}": _constant(_UUID) for v in (6, 7)},
    **{f"uuid6.uuid{version}": _constant(_UUID) for version in (1, 6, 7, 8)},
    **{f"uuid_utils.{inner}uuid{v}": _constant(_UUID) for inner in ("", "compat.") for v in (1, 4, 6, 7)},
    "uuid_extensions.uuid7": _constant(_UUID),
    "uuid_extensions.uuid7str": _random_string(36, "uuid"),
    "fastuuid.uuid4": _constant(_UUID),
    "uuid.uuid3": _derived_uuid,
    "uuid.uuid5": _derived_uuid,
    "uuid.UUID": _derived_uuid,
    "time.time": _constant((Number(PartKind.TIMESTAMP, *SECONDS, integral=False),)),
    "time.time_ns": _constant(
        (Number(PartKind.TIMESTAMP, SECONDS[0] * 10**9, (SECONDS[1] + 1) * 10**9 - 1),)
    ),
    "time.monotonic": _constant(_CLOCK),
    "time.monotonic_ns": _constant((Number(PartKind.TIMESTAMP, 0, None),)),
    "time.perf_counter": _constant(_CLOCK),
    "time.perf_counter_ns": _constant((Number(PartKind.TIMESTAMP, 0, None),)),
    "time.strftime": _strftime,
    **{f"datetime.datetime.{name}": _constant(_NOW) for name in ("now", "utcnow", "today")},
    "datetime.date.today": _constant(_NOW),
    **{f"pendulum.{name}": _constant(_NOW) for name in ("now", "today")},
    **{f"arrow.{name}": _constant(_NOW) for name in ("now", "utcnow")},
    "django.utils.timezone.now": _constant(_NOW),
    "secrets.token_hex": _token_hex,
    "secrets.token_urlsafe": _token_urlsafe,
    "secrets.token_bytes": _random_bytes,
    "os.urandom": _random_bytes,
    "random.randbytes": _random_bytes,
    "secrets.choice": lambda arguments: (drawn(arguments.get(0, "seq")),),
    "random.choice": lambda arguments: (drawn(arguments.get(0, "seq")),),
    "random.choices": _choices,
    "random.sample": _sample,
    "secrets.randbelow": _below,
    "random.randrange": _below,
    "random.randint": _between,
    "secrets.randbits": _bits,
    "random.getrandbits": _bits,
    "random.random": _constant((Number(_RANDOM, 0, None, integral=False),)),
    "random.uniform": _constant((Number(_RANDOM, 0, None, integral=False),)),
    "itertools.count": _constant((Fresh("iterator", PartKind.COUNTER, None),)),
    "hashlib.new": lambda arguments: _digest(constant_text(arguments.get(0)) or "", arguments),
    "base64.urlsafe_b64encode": _base64,
    "base64.b64encode": _base64,
    "base64.standard_b64encode": _base64,
    "base64.b32encode": _base32,
    "base64.b16encode": _hexlify,
    "binascii.hexlify": _hexlify,
    "shortuuid.uuid": _random_string(22),
    "shortuuid.ShortUUID": _constant((Reference("shortuuid"),)),
    "shortuuid.random": _sized_string(0, "length", 22),
    "nanoid.generate": _sized_string(1, "size", 21),
    "ulid.ULID": _random_object(26),
    "ulid.new": _random_object(26),
    "ulid.monotonic.new": _random_object(26),
    "ulid.ulid": _random_string(26),
    "cuid.cuid": _random_string(25),
    "cuid2.cuid_wrapper": _constant((Reference("cuid2.generate"),)),
    "cuid2.Cuid": _constant((Reference("cuid2"),)),
    "cuid2.generate": _sized_string(0, "length", 24),
    "ksuid.ksuid": _random_object(27),
    "ksuid.Ksuid": _random_object(27),
    "svix_ksuid.ksuid": _random_object(27),
    "xid.Xid": _random_object(20),
    "bson.ObjectId": _random_object(24),
    "bson.objectid.ObjectId": _random_object(24),
    "django.utils.crypto.get_random_string": _sized_string(0, "length", None),
    "typing.cast": _second,
    "typing.NewType": _second,
    "typing_extensions.NewType": _second,
    "functools.partial": _partial,
    "int.from_bytes": _int_from_bytes,
}
"""Raw generators, clocks and what is commonly done with them."""
