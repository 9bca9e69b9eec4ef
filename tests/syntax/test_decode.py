from __future__ import annotations

import pytest

from ssot_lint.syntax.decode import DecodeError, decode

READ = {
    "UTF-8": ("ä\n".encode(), "ä\n"),
    "BOM": (b"\xef\xbb\xbfx", "x"),
    "BOM and cookie": (b"\xef\xbb\xbf# coding: utf-8\nx", "# coding: utf-8\nx"),
    "cookie": ("# coding: latin-1\nä".encode("latin-1"), "# coding: latin-1\nä"),
    "cookie on the second row": (
        b"#!python\n# -*- coding: cp1252 -*-\n\x80",
        "#!python\n# -*- coding: cp1252 -*-\n€",
    ),
    "no cookie on the third row": ("\n\n# coding: latin-1\nä".encode(), "\n\n# coding: latin-1\nä"),
    "no cookie in code": ('coding = "latin-1"\nä'.encode(), 'coding = "latin-1"\nä'),
    "line ends": (b"a\nb\r\nc", "a\nb\r\nc"),
    "lone carriage returns": (b"a\rb\r\r\nc\r", "a\nb\n\r\nc\n"),
    "empty": (b"", ""),
}


@pytest.mark.parametrize(("content", "text"), READ.values(), ids=READ)
def test_a_file_is_read_as_python_reads_it(content: bytes, text: str) -> None:
    assert decode(content) == text


REFUSED = {
    "not UTF-8": (b"a\nb\xff\n", "row 2 is not utf-8: invalid start byte"),
    "not what the cookie says": (b"# coding: ascii\n\n\xe4", "row 3 is not ascii: ordinal not in range(128)"),
    "unknown cookie": (b"# coding: nonsense\n", "unknown encoding: nonsense"),
    "BOM against the cookie": (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: utf-8"),
    "cookie of no text encoding": (b"# coding: rot13\n", "'rot13' is not a text encoding"),
    "cookie of an encoding that has nothing": (b"# coding: undefined\n", "undefined encoding"),
    "null byte": (b"a\nb\0", "row 2 has a null byte, which no source file may have"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_source_file_is_an_error(content: bytes, message: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(content)
    assert message in str(caught.value)
