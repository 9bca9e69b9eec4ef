from __future__ import annotations

import io
import re
import sysconfig
import tokenize
from itertools import pairwise
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import modules

from ssot_lint.syntax.decode import DecodeError, decode
from ssot_lint.syntax.lexer import LexError
from ssot_lint.syntax.lines import split_by_scanning
from ssot_lint.syntax.outline import Outline


def split(text: str) -> list[int]:
    """The ends of the logical lines, as the outline of a file has them."""
    outline = Outline(text)
    return [outline.end(line) for line in outline.lines()]


LINES = {
    "empty": [],
    "one without a line end": ["x"],
    "several": ["x\n", "y\n"],
    "blank lines and comments": ["\n", "# a\n", "  \n", "x"],
    "CRLF": ["x\r\n", "y\r\n"],
    "brackets": ["f(\n1,\n[2,\n3])\n", "x\n"],
    "comment in brackets": ["f(  # )\n1)\n", "x"],
    "blank line in brackets": ["f(\n\n)\n", "x"],
    "brackets in a string": ["x = '('\n", "y\n"],
    "brackets in a comment": ["x # (\n", "y\n"],
    "continued": ["x = 1 + \\\n 2\n", "y"],
    "continued, CRLF": ["x = 1 + \\\r\n 2\r\n", "y"],
    "continued string": ["'a\\\nb'\n", "y"],
    "continued string, CRLF": ["'a\\\r\nb'\r\n", "y"],
    "continued f-string, CRLF": ["f'a\\\r\nb'\r\n", "y"],
    "triple": ["'''a\n'b''\n\"\"\"\n'''\n", "y"],
    "triple in brackets": ["f('''\n)''')\n", "y"],
    "form feed": ["\f\n", "\fx\n", "y"],
    "semicolons": ["a; b\n", "c"],
    "f-string over lines": ["f'''{\na\n}'''\n", "y"],
    "f-string over lines with a comment": ["f'''{\na # }'''\n}'''\n", "y"],
    "same quotes in an f-string": ["f'{a['b']}'\n", "y"],
    "same triple quotes in an f-string": ["f'''{a['''\n''']}'''\n", "y"],
    "line end in a field of a single-quoted f-string": ["f'{\na}'\n", "y"],
    "nested f-strings": ["f'{f\"{f'{1}'}\"}'\n", "y"],
    "quote in a format": ["f'''{a:'b'}'''\n", "y"],
    "brace in a string of a field": ["f'{a[\"}\"]}'\n", "y"],
    "opening brace in a string of a field": ["f'{a[\"{\"]}'\n", "y"],
    "keyword before a string with a brace": ["x if'{' else'}'\n", "y"],
    "name that ends in f before a string": ["xf'{'\n", "y"],
    "separators that end no line": ["x = '\u2028'  # \u2029 \x85 \x0b\n", "y"],
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
@pytest.mark.parametrize("cut", [split, split_by_scanning])
def test_logical_lines(cut, lines: list[str]) -> None:
    text = "".join(lines)
    assert [text[start:end] for start, end in pairwise([0, *cut(text)])] == lines


BROKEN = {
    "string": "x = 'a\ny'\n",
    "triple": "x = '''a\n",
    "bracket": "x = (1,\ny\n",
    "closed without being opened": "x)\n",
    "f-string": "f'{a\n",
    "format": "f'{a:b\n",
    "format with a field": "f'{a:{b}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("cut", [split, split_by_scanning])
def test_what_does_not_end_is_an_error(cut, text: str) -> None:
    with pytest.raises(LexError):
        cut(text)


PIECES = st.sampled_from(
    [
        *"'\"{}()[]#\\\nrfbtN:!x ",
        "'''",
        '"""',
        "f'",
        'f"',
        "f'''",
        'rf"',
        "{{",
        "}}",
        "\\\r\n",
        "\r\n",
        "\\N{",
    ]
)


@settings(max_examples=800, derandomize=True, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_fast_way_never_differs_from_the_exact_one(text: str) -> None:
    """On text that is hardly ever valid, the fast way either agrees or leaves it to the exact one."""
    assert _outcome(split, text) == _outcome(split_by_scanning, text)


@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(modules())
def test_modules_are_cut_as_the_standard_library_cuts_them(text: str) -> None:
    assert split(text) == split_by_scanning(text) == _cut_by_tokenize(text)


@settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(hypothesmith.from_grammar())
def test_the_grammar_is_cut_as_the_standard_library_cuts_it(text: str) -> None:
    text = decode(text.encode())
    assert split(text) == split_by_scanning(text) == _cut_by_tokenize(text)


@pytest.mark.slow
@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(hypothesmith.from_node())
def test_nodes_are_cut_as_the_standard_library_cuts_them(text: str) -> None:
    text = decode(text.encode())
    assert split(text) == split_by_scanning(text) == _cut_by_tokenize(text)


LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([file for file in LIBRARY if "test" not in file.parts][::80], id="some"),
        pytest.param(LIBRARY[::9], id="more", marks=pytest.mark.slow),
    ],
)
def test_the_standard_library_is_cut_as_it_cuts_itself(files: list[Path]) -> None:
    differing = []
    for file in files:
        try:
            text = decode(file.read_bytes())
            expected = _cut_by_tokenize(text)
        except (DecodeError, SyntaxError, tokenize.TokenError):
            continue  # its own tests have files that are broken on purpose
        if not split(text) == split_by_scanning(text) == expected:
            differing.append(file)
    assert differing == []


def _outcome(cut, text: str) -> list[int] | None:
    try:
        return cut(text)
    except LexError:
        return None


def _cut_by_tokenize(text: str) -> list[int]:
    """The ends of the logical lines, blank ones and comments included, as `tokenize` has them."""
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    ends = []
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        elif token.type in (tokenize.NEWLINE, tokenize.NL) and token.string and not depth:
            ends.append(starts[token.start[0]])
    return ends if not text or text.endswith("\n") else [*ends, len(text)]
