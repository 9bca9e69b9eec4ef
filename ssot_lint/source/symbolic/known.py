"""What the standard library and the usual ID packages return, by dotted name."""

from __future__ import annotations

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.numbers import SECONDS
from ssot_lint.source.symbolic.recipes import (
    CLOCK,
    NOW,
    UUID,
    Recipe,
    always,
    below,
    between,
    bits,
    choice,
    choices,
    derived_uuid,
    digest,
    encoded,
    int_from_bytes,
    partial,
    random_bytes,
    random_object,
    random_string,
    sample,
    second,
    sized_string,
    strftime,
    token_hex,
    token_urlsafe,
)
from ssot_lint.source.symbolic.text import literal
from ssot_lint.source.symbolic.values import (
    Arguments,
    Fresh,
    Number,
    Reference,
    Value,
)

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
        return digest(name.removeprefix("hashlib."))(arguments)
    return None


def known_constant(name: str) -> Value | None:
    """What the dotted name of a constant holds; `None` if it is not a name that is known here."""
    if name.startswith("string.") and name.removeprefix("string.") in _TEXT_CONSTANTS:
        import string  # only alphabets need it

        return (literal(str(getattr(string, name.removeprefix("string.")))),)
    return None


CALLS: dict[str, Recipe] = {
    **{f"uuid.uuid{version}": always(UUID) for version in (1, 4, 6, 7, 8)},
    **{f"uuid{v}.uuid{v}": always(UUID) for v in (6, 7)},
    **{f"uuid6.uuid{version}": always(UUID) for version in (1, 6, 7, 8)},
    **{f"uuid_utils.{inner}uuid{v}": always(UUID) for inner in ("", "compat.") for v in (1, 4, 6, 7)},
    "uuid_extensions.uuid7": always(UUID),
    "uuid_extensions.uuid7str": random_string(36, "uuid"),
    "fastuuid.uuid4": always(UUID),
    "uuid.uuid3": derived_uuid,
    "uuid.uuid5": derived_uuid,
    "uuid.UUID": derived_uuid,
    "time.time": always((Number(PartKind.TIMESTAMP, *SECONDS, integral=False),)),
    "time.time_ns": always((Number(PartKind.TIMESTAMP, SECONDS[0] * 10**9, (SECONDS[1] + 1) * 10**9 - 1),)),
    "time.monotonic": always(CLOCK),
    "time.monotonic_ns": always((Number(PartKind.TIMESTAMP, 0, None),)),
    "time.perf_counter": always(CLOCK),
    "time.perf_counter_ns": always((Number(PartKind.TIMESTAMP, 0, None),)),
    "time.strftime": strftime,
    **{f"datetime.datetime.{name}": always(NOW) for name in ("now", "utcnow", "today")},
    "datetime.date.today": always(NOW),
    **{f"pendulum.{name}": always(NOW) for name in ("now", "today")},
    **{f"arrow.{name}": always(NOW) for name in ("now", "utcnow")},
    "django.utils.timezone.now": always(NOW),
    "secrets.token_hex": token_hex,
    "secrets.token_urlsafe": token_urlsafe,
    "secrets.token_bytes": random_bytes,
    "os.urandom": random_bytes,
    "random.randbytes": random_bytes,
    "secrets.choice": choice,
    "random.choice": choice,
    "random.choices": choices,
    "random.sample": sample,
    "secrets.randbelow": below,
    "random.randrange": below,
    "random.randint": between,
    "secrets.randbits": bits,
    "random.getrandbits": bits,
    "random.random": always((Number(PartKind.RANDOM, 0, None, integral=False),)),
    "random.uniform": always((Number(PartKind.RANDOM, 0, None, integral=False),)),
    "itertools.count": always((Fresh("iterator", PartKind.COUNTER, None),)),
    "base64.urlsafe_b64encode": encoded("urlsafe", 6, 4),
    "base64.b64encode": encoded("base64", 6, 4),
    "base64.standard_b64encode": encoded("base64", 6, 4),
    "base64.b32encode": encoded("base32", 5, 8),
    "base64.b16encode": encoded("hex", 4, 1),
    "binascii.hexlify": encoded("hex", 4, 1),
    "shortuuid.uuid": random_string(22),
    "shortuuid.ShortUUID": always((Reference("shortuuid"),)),
    "shortuuid.random": sized_string(0, "length", 22),
    "nanoid.generate": sized_string(1, "size", 21),
    "ulid.ULID": random_object(26),
    "ulid.new": random_object(26),
    "ulid.monotonic.new": random_object(26),
    "ulid.ulid": random_string(26),
    "cuid.cuid": random_string(25),
    "cuid2.cuid_wrapper": always((Reference("cuid2.generate"),)),
    "cuid2.Cuid": always((Reference("cuid2"),)),
    "cuid2.generate": sized_string(0, "length", 24),
    "ksuid.ksuid": random_object(27),
    "ksuid.Ksuid": random_object(27),
    "svix_ksuid.ksuid": random_object(27),
    "xid.Xid": random_object(20),
    "bson.ObjectId": random_object(24),
    "bson.objectid.ObjectId": random_object(24),
    "django.utils.crypto.get_random_string": sized_string(0, "length", None),
    "typing.cast": second,
    "typing.NewType": second,
    "typing_extensions.NewType": second,
    "functools.partial": partial,
    "int.from_bytes": int_from_bytes,
}
"""Raw generators, clocks and what is commonly done with them."""
