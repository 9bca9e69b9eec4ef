"""Source text back into the bytes of its file: the same encoding, the same byte order mark, nothing lost."""

from __future__ import annotations

import io
import tokenize
from codecs import BOM_UTF8

from ssot_lint.syntax.decode import DecodeError, decode


class EncodingError(ValueError):
    """A text cannot become the bytes of a file; the message says why."""


def encode(text: str, original: bytes) -> bytes:
    """`text` in the encoding of the file `original`; raises `EncodingError` if it is read back as another."""
    encoding = _encoding(original)
    content = _encoded(text, encoding, original)
    if _encoding(content) != encoding or _decoded(content) != text:
        raise EncodingError("the new text would not be read in the encoding of the file")
    return content


def read(original: bytes) -> str:
    """The text of a file; raises `EncodingError` where its bytes cannot be had back from it."""
    text = _decoded(original)
    if b"\r" in original.replace(b"\r\n", b""):
        raise EncodingError("it has carriage returns that end lines by themselves")
    if _encoded(text, _encoding(original), original) != original:
        raise EncodingError(f"its bytes are no plain {_encoding(original)}")
    return text


def _decoded(content: bytes) -> str:
    try:
        return decode(content)
    except DecodeError as error:
        raise EncodingError(str(error)) from None


def _encoded(text: str, encoding: str, original: bytes) -> bytes:
    try:
        if encoding == "utf-8":
            mark = BOM_UTF8 if original.startswith(BOM_UTF8) else b""
            return mark + text.encode()
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise EncodingError(
            f"{error.object[error.start : error.end]!r} cannot be written in {encoding}"
        ) from None


def _encoding(content: bytes) -> str:
    """The declared encoding; a byte order mark of UTF-8 is told apart from it."""
    try:
        found, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError as error:
        raise EncodingError(str(error)) from None
    return "utf-8" if found == "utf-8-sig" else found
