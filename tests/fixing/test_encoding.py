from __future__ import annotations

import codecs

import pytest

from ssot_lint.fixing.encoding import EncodingError, encode, read

FILES = {
    "utf-8": "x = 'é'\n".encode(),
    "bom": codecs.BOM_UTF8 + "x = 'é'\n".encode(),
    "bom-and-cookie": codecs.BOM_UTF8 + "# coding: utf-8\nx = 'é'\n".encode(),
    "latin-1": "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
    "shift-jis": "# coding: shift_jis\nx = 'テ'\n".encode("shift_jis"),
    "ascii": b"# coding: ascii\nx = 1\n",
    "crlf": b"x = 1\r\ny = 2\n",
    "empty": b"",
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_text_goes_back_into_its_bytes(content: bytes) -> None:
    text = read(content)
    assert encode(text, content) == content
    assert read(encode(text + "y = 1\n", content)) == text + "y = 1\n"


@pytest.mark.parametrize(
    ("text", "content", "message"),
    [
        ("x = 'é'\n", b"# coding: ascii\n", "'é' cannot be written in ascii"),
        ("# coding: latin-1\nx = 'é'\n", b"x = 1\n", "would not be read"),
        ("x = 'é'\n", b"# coding: latin-1\n", "invalid or missing encoding"),
    ],
    ids=["unencodable", "cookie-appears", "cookie-disappears"],
)
def test_a_text_that_would_be_read_as_another_is_refused(text: str, content: bytes, message: str) -> None:
    with pytest.raises(EncodingError, match=message):
        encode(text, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\n", "row 1 is not utf-8"),
        (b"# coding: klingon\n", "unknown encoding"),
        (b"a = 1\rb = 2\r", "carriage returns"),
        (b"# coding: utf-7\nx = '+AGE-'\n", "no plain utf-7"),
    ],
    ids=["invalid", "unknown", "lone-carriage-returns", "more-than-one-spelling"],
)
def test_bytes_that_a_text_does_not_give_back_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(EncodingError, match=message):
        read(content)
