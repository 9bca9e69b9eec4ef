"""Strings, comments and code: the lexical grammar as far as cutting statements out of a file needs it.

Follows chapter 2 of the language reference, with the nested f-strings and t-strings of PEP 701 and PEP 750.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class LexError(ValueError):
    """The text is no complete sequence of tokens; `offset` is where that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Region(Enum):
    """What a stretch of text is to Python; everything between the stretches is code."""

    COMMENT = "comment"
    STRING = "string"
    FORMAT_TEXT = "format text"
    OPEN = "open"
    CLOSE = "close"
    NEWLINE = "newline"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open range of character offsets; strings include prefix and quotes.

    The literal pieces of an f-string include the brace that opens the field behind them; line ends inside
    fields are no stretches.
    """

    region: Region
    start: int
    end: int


_QUOTE = r"(?P<quote>\"\"\"|'''|\"|')"
_CODE = re.compile(
    rf"(?P<comment>\#[^\n]*)|(?P<prefix>\b[A-Za-z]{{1,2}})?{_QUOTE}"
    r"|(?P<joined>\\\r?\n)|(?P<newline>\n)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<colon>:)"
)
# Python before 3.11.5 gets possessive quantifiers behind groups wrong, so these are atomic groups instead.
_STRING_REST = {
    '"""': re.compile(r'[^"\\]*+(?>(?:(?:\\[\s\S]|"(?!""))[^"\\]*+)*)"""'),
    "'''": re.compile(r"[^'\\]*+(?>(?:(?:\\[\s\S]|'(?!''))[^'\\]*+)*)'''"),
    '"': re.compile(r'[^"\\\n]*+(?>(?:\\(?:\r\n|[\s\S])[^"\\\n]*+)*)"'),
    "'": re.compile(r"[^'\\\n]*+(?>(?:\\(?:\r\n|[\s\S])[^'\\\n]*+)*)'"),
}
_FORMAT_TEXT = {
    (quote, raw): re.compile(rf"(?>(?:{plain}|\{{\{{|\}}\}}|{escape})*)(?P<stop>{quote}|\{{)")
    for quote, plain in (
        ('"""', r'[^"\\{}]|"(?!"")'),
        ("'''", r"[^'\\{}]|'(?!'')"),
        ('"', r'[^"\\{}\n]'),
        ("'", r"[^'\\{}\n]"),
    )
    for raw, escape in (
        (False, r"\\N\{[^}\n]*\}|\\(?:\r\n|[^{}]|(?=[{}]))"),
        (True, r"\\(?:\r\n|[^{}]|(?=[{}]))"),
    )
}
_FORMAT_SPEC = re.compile(r"[^{}]*+")
_STRING_PREFIXES = frozenset({"r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"})
_FORMAT_MARKS = frozenset("ft")


def scan(text: str, start: int = 0, end: int | None = None) -> Iterator[Stretch]:
    """The strings, comments, brackets and line ends of `text[start:end]`, in order.

    `start` must stand outside any string or comment. Raises `LexError` where a string does not end or
    brackets do not match.
    """
    return _Scanner(text, len(text) if end is None else end).code(start, closer="")


class _Scanner:
    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._at = 0

    def code(self, start: int, closer: str) -> Iterator[Stretch]:
        """Code up to `end`, or, inside a field, up to the `}` or the `:` that ends the expression."""
        depth = 0
        at = start
        while match := _CODE.search(self._text, at, self._end):
            begin, at = match.span()
            kind = match.lastgroup
            if kind == "comment":
                yield Stretch(Region.COMMENT, begin, at)
            elif kind == "quote":
                begin = begin if self._is_prefix(match["prefix"]) else match.start("quote")
                yield from self._string(begin, at, (match["prefix"] or "").lower(), match["quote"])
                at = self._at
            elif kind == "open":
                depth += 1
                yield Stretch(Region.OPEN, begin, at)
            elif kind == "close":
                if depth == 0:
                    if closer and self._text[begin] == closer:
                        self._at = begin
                        return
                    raise LexError("a bracket is closed that was not opened", begin)
                depth -= 1
                yield Stretch(Region.CLOSE, begin, at)
            elif kind == "newline" and not closer:
                yield Stretch(Region.NEWLINE, begin, at)
            elif kind == "colon" and closer and depth == 0:
                self._at = begin
                return
        if depth or closer:
            raise LexError("a bracket is not closed", self._end)

    @staticmethod
    def _is_prefix(prefix: str | None) -> bool:
        return prefix is not None and prefix.lower() in _STRING_PREFIXES

    def _string(self, begin: int, at: int, prefix: str, quote: str) -> Iterator[Stretch]:
        if prefix in _STRING_PREFIXES and not _FORMAT_MARKS.isdisjoint(prefix):
            yield from self._format_string(begin, at, quote, "r" in prefix)
            return
        match = _STRING_REST[quote].match(self._text, at, self._end)
        if match is None:
            raise LexError("a string does not end", begin)
        self._at = match.end()
        yield Stretch(Region.STRING, begin, self._at)

    def _format_string(self, begin: int, at: int, quote: str, raw: bool) -> Iterator[Stretch]:
        text_start = begin
        pattern = _FORMAT_TEXT[quote, raw]
        while True:
            match = pattern.match(self._text, at, self._end)
            if match is None:
                raise LexError("an f-string does not end", begin)
            yield Stretch(Region.FORMAT_TEXT, text_start, match.end())
            if match["stop"] != "{":
                self._at = match.end()
                return
            yield from self._field(match.end())
            text_start = self._at - 1
            at = self._at

    def _field(self, at: int) -> Iterator[Stretch]:
        """The expression behind a `{` and its format specification; ends behind the `}`."""
        yield from self.code(at, closer="}")
        while not self._text.startswith("}", self._at):
            spec = _FORMAT_SPEC.match(self._text, self._at, self._end)
            assert spec is not None
            yield Stretch(Region.FORMAT_TEXT, self._at, spec.end())
            if spec.end() >= self._end:
                raise LexError("an f-string does not end", self._at)
            self._at = spec.end()
            if self._text[self._at] == "{":
                yield from self._field(self._at + 1)
        self._at += 1
