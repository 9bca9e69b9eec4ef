"""How far the fix of one site may be trusted, judged by what the same file shows of those who use the value."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.generation import NewCall
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
    | {"credential", "credentials", "signature", "apikey"}
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
_TEST_FILES = re.compile(
    r"(?:^|/)(?:tests?|testing|test_framework|e2e)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$"
)
_STRING_COLUMNS = frozenset({"String", "VARCHAR", "Unicode", "CHAR", "NVARCHAR", "CharField", "varchar"})
_UUID_COLUMNS = frozenset({"UUID", "Uuid", "UUIDField", "GUID", "PG_UUID", "PGUUID", "UUID4"})


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
        _check_name(slot.name)
        if re.search(rf"\b{re.escape(slot.name)}\b[\"'`]?\s+(?:Nullable\()?UUID\b", text):
            raise Refusal(f"a column `{slot.name}` holds a UUID")
    if slot.annotation is not None and _mentions(slot.annotation, _UUID_COLUMNS):
        raise Refusal("the place is declared to hold a UUID")
    if any(_mentions(call, _UUID_COLUMNS) for call in slot.calls):
        raise Refusal("the column holds a UUID")


def check_length(slot: Slot, call: NewCall) -> None:
    """Raises Refusal where a column is too short for the longest ID that the call can make."""
    for limit in (found for outer in slot.calls for found in _column_lengths(outer)):
        if call.longest is None:
            raise Refusal(f"the column holds {limit} characters, and nothing bounds the length of an ID")
        if call.longest > limit:
            raise Refusal(f"the column holds {limit} characters, and an ID can have {call.longest}")


def applicability(made: Made, context: Context) -> Applicability:
    """Safe only if nothing in the file parses such values, and no test may expect their shape."""
    if made.cut_to is not None or is_test(context.path) or reads_uuids(context.text):
        return Applicability.UNSAFE
    return Applicability.SAFE


def is_test(path: str) -> bool:
    return _TEST_FILES.search(PurePosixPath(path).as_posix()) is not None


def reads_uuids(text: str) -> bool:
    """Whether something in the file takes strings for UUIDs: `UUID(x)`, a pattern, a length of 36 or 32."""
    return _READS_UUIDS.search(text) is not None


def _check_name(name: str) -> None:
    words = set(re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()))
    if words & _SECRET_WORDS:
        raise Refusal(f"`{name}` is a secret, and an ID can be guessed")
    if "_".join(re.split(r"[^a-z0-9]+", name.lower())) in _TRACE_NAMES:
        raise Refusal(f"`{name}` has a format of its own")
    if words & _TABLE_WORDS:
        raise Refusal(f"`{name}` is no ID")


def _mentions(node: cst.CSTNode, names: frozenset[str]) -> bool:
    if isinstance(node, cst.Name):
        return node.value in names
    return any(_mentions(child, names) for child in node.children)


def _column_lengths(call: cst.Call) -> list[int]:
    """The lengths of the string types among the arguments of a column, and of the call itself."""
    candidates = [call, *(argument.value for argument in call.args if isinstance(argument.value, cst.Call))]
    lengths = []
    for item in candidates:
        name = item.func.attr if isinstance(item.func, cst.Attribute) else item.func
        if isinstance(name, cst.Name) and name.value in _STRING_COLUMNS:
            lengths += [_length(argument) for argument in item.args if _is_length(argument)]
        elif item is call:
            lengths += [_length(argument) for argument in item.args if _is_named_length(argument)]
    return lengths


def _is_length(argument: cst.Arg) -> bool:
    unnamed = argument.keyword is None or argument.keyword.value in ("length", "max_length")
    return unnamed and isinstance(argument.value, cst.Integer)


def _is_named_length(argument: cst.Arg) -> bool:
    return argument.keyword is not None and argument.keyword.value == "max_length" and _is_length(argument)


def _length(argument: cst.Arg) -> int:
    return int(cst.ensure_type(argument.value, cst.Integer).value, 0)
