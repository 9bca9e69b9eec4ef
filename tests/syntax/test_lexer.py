from __future__ import annotations

import io
import re
import tokenize
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from programs import modules

from ssot_lint.syntax.lexer import LexError, Region, scan

MARKS = {Region.COMMENT: "#", Region.STRING: "s", Region.FORMAT_TEXT: "f"}
PREFIXED = re.compile(r"[A-Za-z]*['\"]")


def texts(code: str) -> list[str]:
    """The strings and comments of `code`, each behind a letter for its kind."""
    return [
        f"{MARKS[item.region]} {code[item.start : item.end]}" for item in scan(code) if item.region in MARKS
    ]


TRAPS = {
    "no string": ("x = a + b", []),
    "comment": ("x  # it's (open", ["# # it's (open"]),
    "comment up to the line end": ("# a\nb", ["# # a"]),
    "carriage return is part of the comment": ("# a\r\nb", ["# # a\r"]),
    "hash in a string": ("'#' # '", ["s '#'", "# # '"]),
    "quotes in the other quotes": ("\"'\" '\"'", ['s "\'"', "s '\"'"]),
    "escaped quote": (r"'a\'b' c", [r"s 'a\'b'"]),
    "escaped backslash": (r"'\\' 'b'", [r"s '\\'", "s 'b'"]),
    "raw strings escape quotes, too": (r"r'\'' x", [r"s r'\''"]),
    "adjacent": ("'a''b'", ["s 'a'", "s 'b'"]),
    "empty": ("'' \"\"", ["s ''", 's ""']),
    "empty, then a quoted comment": ("''  # '", ["s ''", "# # '"]),
    "triple": ('"""a"b""c"""', ['s """a"b""c"""']),
    "triple with line ends": ("'''a\n#b\n'''", ["s '''a\n#b\n'''"]),
    "triple that ends in an escaped quote": (r'"""a\""""', [r's """a\""""']),
    "triple, empty": ("''''''", ["s ''''''"]),
    "all prefixes of plain strings": (
        "r'' R'' u'' b'' B'' br'' bR'' Rb'' RB''",
        ["s r''", "s R''", "s u''", "s b''", "s B''", "s br''", "s bR''", "s Rb''", "s RB''"],
    ),
    "braces in bytes": ("b'{'", ["s b'{'"]),
    "keyword before a string": ("x if'a' else'b'", ["s 'a'", "s 'b'"]),
    "name before a string": ("print'a'", ["s 'a'"]),
    "continued line": ("'a\\\nb' c", ["s 'a\\\nb'"]),
    "continued line, CRLF": ("'a\\\r\nb' c", ["s 'a\\\r\nb'"]),
    "line and paragraph separators end nothing": ("'\u2028\x85\x0c'", ["s '\u2028\x85\x0c'"]),
    "emoji and surrogates": ("'\U0001f600\ud800'", ["s '\U0001f600\ud800'"]),
    "f-string": ("f'a{b}c'", ["f f'a{", "f }c'"]),
    "f-string without fields": ("f'a'", ["f f'a'"]),
    "t-string": ("t'a{b}c'", ["f t'a{", "f }c'"]),
    "all prefixes of f-strings": (
        "F'' fr'' Rf'' rF'' T'' tr'' rT''",
        ["f F''", "f fr''", "f Rf''", "f rF''", "f T''", "f tr''", "f rT''"],
    ),
    "doubled braces": ("f'{{a}}{{'", ["f f'{{a}}{{'"]),
    "doubled braces around a field": ("f'{{{a}}}'", ["f f'{{{", "f }}}'"]),
    "named character": (r"f'\N{EM DASH}{a}'", [r"f f'\N{EM DASH}{", "f }'"]),
    "no named character in raw": (r"rf'\N{a}'", [r"f rf'\N{", "f }'"]),
    "backslash before a brace": (r"f'\{a}'", [r"f f'\{", "f }'"]),
    "backslash before doubled braces": (r"f'\{{a}}'", [r"f f'\{{a}}'"]),
    "other quotes in a field": ("f'{a[\"b\"]}'", ["f f'{", 's "b"', "f }'"]),
    "same quotes in a field": ("f'{a['b']}'", ["f f'{", "s 'b'", "f }'"]),
    "brace in a string of a field": ("f'{a[\"}\"]}'", ["f f'{", 's "}"', "f }'"]),
    "nested": ("f'{f\"{f'{1}'}\"}'", ["f f'{", 'f f"{', "f f'{", "f }'", 'f }"', "f }'"]),
    "brackets in a field": ("f'{ {1: (2)}[1] }'", ["f f'{", "f }'"]),
    "comment in a field": ("f'{a # }\n}'", ["f f'{", "# # }", "f }'"]),
    "format": ("f'{a:>10}b'", ["f f'{", "f :>10", "f }b'"]),
    "field in a format": ("f'{a!r:>{b}.{c}}'", ["f f'{", "f :>", "f .", "f }'"]),
    "field in a format of a field in a format": ("f'{a:{b:{c}}}'", ["f f'{", "f :", "f :", "f }'"]),
    "string in a field of a format": ("f'{a:{\"}\"}}'", ["f f'{", "f :", 's "}"', "f }'"]),
    "quotes in a format": ("f'''{a:'b'}'''", ["f f'''{", "f :'b'", "f }'''"]),
    "colon in a subscript is no format": ("f'{a[1:2]}'", ["f f'{", "f }'"]),
    "colon in a lambda in parentheses is no format": ("f'{(lambda: 1)}'", ["f f'{", "f }'"]),
    "walrus without parentheses is a format": ("f'{a:=5}'", ["f f'{", "f :=5", "f }'"]),
    "comparison is no conversion": ("f'{a!=b}'", ["f f'{", "f }'"]),
    "line end in a field": ("f'{\na\n}'", ["f f'{", "f }'"]),
    "continued line in an f-string": ("f'\\\r\n{a}'", ["f f'\\\r\n{", "f }'"]),
}


@pytest.mark.parametrize(("code", "expected"), TRAPS.values(), ids=TRAPS)
def test_strings_and_comments(code: str, expected: list[str]) -> None:
    assert texts(code) == expected


BROKEN = {
    "string": ("x = 'a", 4),
    "string at the line end": ("x = 'a\n'", 4),
    "triple": ('x = """a"', 4),
    "string in an f-string": ("f'{", 3),
    "f-string": ("f'a", 0),
    "f-string with a single closing brace": ("f'}'", 0),
    "field": ('f"""{a', 6),
    "format": ("f'{a:b", 4),
    "bracket": ("(a", 2),
    "bracket in a field": ("f'{a[", 5),
    "closed twice": ("(a))", 3),
    "closed in a field": ("f'{a)}'", 4),
}


@pytest.mark.parametrize(("code", "offset"), BROKEN.values(), ids=BROKEN)
def test_what_does_not_end_is_an_error(code: str, offset: int) -> None:
    with pytest.raises(LexError) as caught:
        list(scan(code))
    assert caught.value.offset == offset


def test_a_stretch_of_the_text_is_scanned_by_itself() -> None:
    code = "'a' + ('b') + 'c'"
    assert [code[item.start : item.end] for item in scan(code, 6, 11)] == ["(", "'b'", ")"]


@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(modules())
def test_the_tokens_are_those_of_the_standard_library(code: str) -> None:
    stretches = list(scan(code))
    assert [item.start for item in stretches] == sorted(item.start for item in stretches)
    assert all(one.end <= two.start for one, two in pairwise(stretches))
    found = {
        (item.region, item.start, item.start + len(code[item.start : item.end].rstrip("\r")))
        for item in stretches
    }
    tokens = {
        (Region.COMMENT if kind == tokenize.COMMENT else Region.STRING, start, end)
        for kind, start, end in _tokens(code)
    }
    assert {item for item in found if item[0] in (Region.COMMENT, Region.STRING)} == tokens


def _tokens(code: str) -> list[tuple[int, int, int]]:
    """The comments and the strings, without f-strings, with their offsets."""
    starts = [0, *(match.end() for match in re.finditer("\n", code))]
    return [
        (token.type, starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1])
        for token in tokenize.generate_tokens(io.StringIO(code, newline="\n").readline)
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string[0] not in "fF")
    ]
