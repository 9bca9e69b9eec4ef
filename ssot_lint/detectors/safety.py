"""How far the fix of one site may be trusted, judged by what the same file shows of those who use the value."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath

from ssot_lint.detectors import Context
from ssot_lint.detectors.columns import check_type
from ssot_lint.detectors.roles import Slot, SlotKind
from ssot_lint.detectors.slots import no_id_slot
from ssot_lint.detectors.values import Made, Refusal
from ssot_lint.model import Applicability
from ssot_lint.syntax.tree import Tree

_SECRET_WORDS = frozenset(
    {
        "secret",
        "token",
        "nonce",
        "jti",
        "salt",
        "password",
        "passwd",
        "csrf",
        "otp",
        "verifier",
        "challenge",
        "state",
    }
    | {"credential", "credentials", "signature", "apikey", "cookie", "pin", "passcode", "passphrase"}
    | {"reset", "verification", "activation", "confirmation", "invite", "invitation"}
)
_TRACE_NAMES = frozenset({"span_id", "trace_id", "parent_span_id", "traceparent"})
_TABLE_WORDS = frozenset(
    {"table", "tablename", "schema", "database", "bucket", "email", "mail", "url", "username"}
)
_READS_UUIDS = re.compile(
    r"(?<![\w.])(?:uuid\.)?UUID\((?!\s*(?:as_uuid|\)))"
    r"|\[0-9a-f(?:A-F)?\]\{8\}|\[a-f0-9\]\{8\}|uuid_?(?:regex|pattern|re)\b|is_(?:valid_)?uuid"
    r"|\blen\([^()\n]*\)\s*(?:==|!=)\s*(?:36|32)\b",
    re.IGNORECASE,
)
_TAKES_APART = (
    r"""{name}(?<=\b{name})\b["'\])]*+(?:\[[^\]\n]*:"""
    r"|\.(?:r?split|r?partition|replace|startswith|endswith|removeprefix|r?find|r?index|isalnum|isascii|encode)\()"
)
_MOST_KEPT = 64
_LOGS = re.compile(r"\b_?(?:log|logger|logging|print|console)\b[.(]", re.IGNORECASE)
_TEST_FILES = re.compile(
    r"(?:^|/)(?:tests?|testing|test_framework|e2e)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$"
)


def check(tree: Tree, made: Made, slot: Slot, text: str) -> None:
    """Raises Refusal where no ID of the source may stand, whatever it looks like."""
    if not made.is_text:
        raise Refusal("the value is a UUID object, not a string")
    other = no_id_slot(tree, made.node)
    if other is not None:
        raise Refusal(f"this is {other}, no ID")
    if slot.kind is SlotKind.KEY:
        raise Refusal("the value is a key")
    if slot.kind is SlotKind.PARAMETER_DEFAULT:
        raise Refusal("a parameter's default is made once, when the function is defined")
    if slot.name is not None:
        check_name(slot.name)
    check_type(slot, text)


def applicability(made: Made, slot: Slot, context: Context) -> Applicability:
    """Safe only if nothing in the file parses such values, and no test may expect their shape."""
    is_noticed = made.cut_to is not None or is_test(context.path) or reads_uuids(context.text)
    if is_noticed or (slot.name is not None and _is_taken_apart(slot.name, context.text)):
        return Applicability.UNSAFE
    return Applicability.SAFE


def is_test(path: str) -> bool:
    return _TEST_FILES.search(PurePosixPath(path).as_posix()) is not None


@lru_cache(_MOST_KEPT)
def reads_uuids(text: str) -> bool:
    """Whether something in the file takes strings for UUIDs: `UUID(x)`, a pattern, a length of 36 or 32."""
    return _READS_UUIDS.search(text) is not None


@lru_cache(_MOST_KEPT)
def _is_taken_apart(name: str, text: str) -> bool:
    """Whether a part is cut out of a value of that name, or looked for in it, other than for people to read."""
    found = re.finditer(_TAKES_APART.format(name=re.escape(name)), text)
    return any(
        not _LOGS.search(text, text.rfind("\n", 0, match.start()) + 1, match.start()) for match in found
    )


def check_name(name: str) -> None:
    """Raises Refusal for what is called like something that is no ID, or not just one."""
    words = set(re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()))
    if words & _SECRET_WORDS:
        raise Refusal(f"`{name}` is a secret, and an ID can be guessed")
    if "_".join(re.split(r"[^a-z0-9]+", name.lower())) in _TRACE_NAMES:
        raise Refusal(f"`{name}` has a format of its own")
    if words & _TABLE_WORDS:
        raise Refusal(f"`{name}` is no ID")
