"""What formats for machines share: text that any encoding can hold, JSON piece by piece, an identity."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ssot_lint.model import Failure

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which stand for bytes of a file name that are no UTF-8."""
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def elements(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What stands between the brackets of a JSON array, an entry a line; ASCII, which no pipe can garble."""
    before = "\n"
    for entry in entries:
        yield before + json.dumps(entry)
        before = ",\n"
    yield "\n"


def failure_fingerprint(failure: Failure) -> str:
    """A 32-digit hex identity for what is wrong with a file as a whole, whatever the message."""
    from hashlib import sha256  # as slow to load as in model.fingerprints

    identity = f"{failure.kind}\0{failure.path}".encode("utf-8", "surrogatepass")
    return sha256(identity).hexdigest()[:32]
