"""Source files as text."""

from __future__ import annotations

import io
import re
import tokenize
from codecs import BOM_UTF8

_COOKIE_REACH = 2
_LONE_RETURN = re.compile("\r(?!\n)")


class DecodeError(ValueError):
    """The bytes are not in the encoding that the file declares, or in UTF-8 if it declares none."""


def decode(content: bytes) -> str:
    """The text of a source file without a BOM; obeys an encoding cookie (PEP 263).

    Line ends are as they are, but a carriage return by itself, which ends a line for Python and for hardly
    anything else, is a line feed; no offset changes by that.
    """
    if b"\0" in content:
        row = _row(content, content.index(0))
        raise DecodeError(f"row {row} has a null byte, which no source file may have")
    text = _decode(content)
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


def _decode(content: bytes) -> str:
    head = content.split(b"\n", _COOKIE_REACH)[:_COOKIE_REACH]
    try:
        if not any(b"coding" in line for line in head):
            return content.removeprefix(BOM_UTF8).decode("utf-8")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = _row(content, error.start)
        raise DecodeError(f"row {row} is not {error.encoding}: {error.reason}") from None
    except (SyntaxError, LookupError, UnicodeError) as error:
        raise DecodeError(str(error)) from None


def _row(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1
