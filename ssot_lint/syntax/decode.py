"""Source files as text."""

from __future__ import annotations

import io
import tokenize
from codecs import BOM_UTF8

_COOKIE_REACH = 2


class DecodeError(ValueError):
    """The bytes are not in the encoding that the file declares, or in UTF-8 if it declares none."""


def decode(content: bytes) -> str:
    """The text of a source file, its line ends as they are, without a BOM; obeys an encoding cookie (PEP 263)."""
    head = content.split(b"\n", _COOKIE_REACH)[:_COOKIE_REACH]
    try:
        if not any(b"coding" in line for line in head):
            return content.removeprefix(BOM_UTF8).decode("utf-8")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise DecodeError(f"row {row} is not {error.encoding}: {error.reason}") from None
    except (SyntaxError, LookupError) as error:
        raise DecodeError(str(error)) from None
