"""A file as nested logical lines, cut but not parsed: what encloses a line, and what an offset stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cache

from ssot_lint.syntax.lexer import Region, Stretch, scan
from ssot_lint.syntax.lines import BEFORE, joins

SPACE = r"(?:[ \t\f]|\\\r?\n)"
"""A regular expression for one piece of white space between the tokens of a statement."""

_INDENTATION = re.compile(r"[ \t\f]*")
_MARGIN = re.compile(r"[ \t\f]*+(?P<blank>[\r\n#]|\Z)|(?P<mixed> *+[\t\f][ \t\f]*)| *")
_WORD = re.compile(r"@|\w+")
_DEFINITION = re.compile(rf"(?:(?:async{SPACE}+)?def|class){SPACE}+[^\s:(\[#\\]+")
_FUNCTION = re.compile(rf"(?:async{SPACE}+)?def\b")
_MARK = re.compile(r"[\"'#]")
_QUOTES = frozenset("\"'")
_TAB = 8
_CODE = (None, Region.OPEN, Region.CLOSE, Region.NEWLINE)
_STRINGS = (Region.STRING, Region.FORMAT_TEXT)


class Outline:
    """The logical lines of `text`, each by the offset at which it begins.

    Blank lines and comments count as lines. Raises `LexError` where the text cannot be cut.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._joins = joins(text)
        self._parents: dict[int, int | None] = {}
        self._known: dict[int, list[int]] = {}  # the lines in `_parents` by their width
        self._matches: dict[re.Pattern[str], Sequence[int]] = {}
        self._stretches: dict[int, list[Stretch]] = {}

    @property
    def is_clear(self) -> bool:
        """Whether the keyword and the indentation of each line are what they seem.

        They are not if a line begins with a line continuation.
        """
        text = self.text
        joined = self._joins[::2] if "\\" in text else ()
        continuations = (edge for edge in joined if text[edge] in "\\\n")
        return all(text[self.line_at(edge) : edge].strip(" \t\f\r\\") for edge in continuations)

    def lines(self, start: int = 0, end: int | None = None) -> Iterator[int]:
        """The lines from the one that begins at `start`, up to the offset `end`."""
        stop = len(self.text) if end is None else end
        while start < stop:
            yield start
            start = self.end(start)

    def lines_before(self, line: int) -> Iterator[int]:
        """The lines before `line`, the nearest first."""
        while line:
            line = self.line_at(line - 1)
            yield line

    def line_at(self, offset: int) -> int:
        joined = self._joins
        start = self.text.rfind("\n", 0, offset)
        while joined and (edge := bisect_right(joined, start)) % 2:
            start = self.text.rfind("\n", 0, joined[edge - 1])
        return start + 1

    def end(self, line: int) -> int:
        """The offset behind the line end."""
        joined = self._joins
        end = self.text.find("\n", line)
        while end >= 0 and (edge := bisect_right(joined, end)) % 2:
            end = self.text.find("\n", joined[edge])
        return end + 1 or len(self.text)

    def bounds(self, line: int) -> tuple[int, int]:
        """The offsets of a line: its first column, and behind its line end."""
        return line, self.end(line)

    def indentation(self, line: int) -> str:
        return self.text[line : self.head(line)]

    def head(self, line: int) -> int:
        """The offset of the first character behind the indentation."""
        match = _INDENTATION.match(self.text, line)
        return match.end() if match else line

    def keyword(self, line: int) -> str:
        """The first word of a line, which need not be a keyword."""
        match = _WORD.match(self.text, self.head(line))
        return match[0] if match else ""

    def is_blank(self, line: int) -> bool:
        return self.width(line) < 0

    def is_definition(self, line: int) -> bool:
        return self.definition(line) is not None

    def definition(self, line: int) -> str | None:
        """The text of a `def` or `class` up to the name; None for other lines."""
        match = _DEFINITION.match(self.text, self.head(line))
        return match[0] if match else None

    def is_function(self, line: int) -> bool:
        return _FUNCTION.match(self.text, self.head(line)) is not None

    def width(self, line: int) -> int:
        """The indentation in columns, a tab reaching to the next multiple of eight; -1 for a blank line."""
        found = _MARGIN.match(self.text, line)
        assert found is not None
        if found.lastgroup == "blank":
            return -1
        if found.lastgroup == "mixed":
            return len(found["mixed"].rpartition("\f")[2].expandtabs(_TAB))
        return found.end() - line

    def parent(self, line: int) -> int | None:
        """The header of the block that holds `line`; None at module level."""
        if line not in self._parents:
            self._parents[line] = self._find_parent(line)
        return self._parents[line]

    def _find_parent(self, line: int) -> int | None:
        width = self.width(line)
        if width <= 0:
            return None
        known = self._known.setdefault(width, [])
        place = bisect_right(known, line)
        start, end = known[place - 1] if place else 0, line - 1
        known.insert(place, line)
        before = _last_shallower(width)
        while found := before.match(self.text, start, end):
            end = found.end() - 1
            edge = bisect_right(self._joins, end)
            if edge % 2:
                end = self._joins[edge - 1]
            elif -1 < self.width(end + 1) < width:
                return end + 1
        if start:
            return self.parent(start)
        return 0 if self._heads(0, width) else None

    def _heads(self, row: int, width: int) -> bool:
        """Whether a line begins at the row that is indented, but less than by `width`."""
        return not bisect_right(self._joins, row - 1) % 2 and -1 < self.width(row) < width

    def ancestors(self, line: int) -> Iterator[int]:
        """The headers around `line`, innermost first."""
        header = self.parent(line)
        while header is not None:
            yield header
            header = self.parent(header)

    def body(self, header: int) -> list[int]:
        """The lines of the block under `header`, blank lines between them included; empty if it has none."""
        return list(self.lines(self.end(header), self.body_end(header)))

    def body_end(self, header: int) -> int:
        """The offset behind the last line of the block under `header`, or behind the header if it has none."""
        width = self.width(header) + 1
        rows = (match.end() for match in _shallower(width).finditer(self.text, self.end(header) - 1))
        following = next((row for row in rows if self._heads(row, width)), len(self.text))
        last = next(
            line for line in self.lines_before(following) if line == header or not self.is_blank(line)
        )
        return self.end(last)

    def opens_block(self, line: int) -> bool:
        following = (other for other in self.lines(self.end(line)) if not self.is_blank(other))
        return not self.is_blank(line) and self.width(next(following, line)) > self.width(line)

    def decorated(self, line: int) -> int:
        """The definition that the decorator on `line` belongs to."""
        definition = line
        for definition in self.lines(line):
            if self.keyword(definition) != "@" and not self.is_blank(definition):
                break
        return definition

    def definition_around(self, line: int) -> int | None:
        """The header of the innermost definition that `line` is in."""
        return next(filter(self.is_definition, self.ancestors(line)), None)

    def matches(self, pattern: re.Pattern[str]) -> Sequence[int]:
        """Where `pattern` matches, whatever stands there; looked for once."""
        found = self._matches.get(pattern)
        if found is None:
            found = self._matches[pattern] = [match.start() for match in pattern.finditer(self.text)]
        return found

    def offsets(
        self,
        pattern: re.Pattern[str],
        in_strings: bool = False,
        skipped: Container[int] = (),
        where: Callable[[int], bool] | None = None,
    ) -> Iterator[int]:
        """Where `pattern` matches in code, and in strings if that counts, outside the lines that are skipped.

        It does not count in the middle of a word, nor where `where` says no of the offset.
        """
        text = self.text
        for start in self.matches(pattern):
            if start and _is_word(text[start - 1]) and _is_word(text[start]):
                continue
            if (skipped and self.line_at(start) in skipped) or (where is not None and not where(start)):
                continue
            region = self.region(start)
            if region in _CODE or (in_strings and region in _STRINGS):
                yield start

    def region(self, offset: int) -> Region | None:
        """What `offset` stands in: a comment, a string, the literal part of an f-string; None in code."""
        before = None if self.text[offset] in _QUOTES else self._before(offset)
        if before is not None:
            return Region.COMMENT if before.lastindex else None
        stretch = self.stretch(offset)
        return None if stretch is None else stretch.region

    def opens_string(self, quote: int) -> bool:
        """Whether a string certainly begins with the quote at that offset, and without a prefix."""
        if quote and (_is_word(self.text[quote - 1]) or self.text[quote - 1] in _QUOTES):
            return False
        before = self._before(quote)
        return before is not None and not before.lastindex

    def _before(self, offset: int) -> re.Match[str] | None:
        return BEFORE.fullmatch(self.text, self.line_at(offset), offset)

    def stretch(self, offset: int) -> Stretch | None:
        """The stretch that holds `offset`, unless it is certainly one of code only."""
        line = self.line_at(offset)
        if not _MARK.search(self.text, line, offset):
            return None
        stretches = self.stretches(line)
        before = bisect_right(stretches, offset, key=lambda each: each.start)
        return stretches[before - 1] if before and offset < stretches[before - 1].end else None

    def stretches(self, line: int) -> list[Stretch]:
        found = self._stretches.get(line)
        if found is None:
            found = self._stretches[line] = list(scan(self.text, *self.bounds(line)))
        return found


@cache
def _shallower(width: int) -> re.Pattern[str]:
    """What is in front of a row that may be indented by less than `width` columns."""
    return re.compile(rf"\n(?! {{{width}}}(?![ \t]*\f)|[\r\n#])")


@cache
def _last_shallower(width: int) -> re.Pattern[str]:
    """What is in front of the last such row; found from the end."""
    return re.compile(rf"(?s:.*){_shallower(width).pattern}")


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
