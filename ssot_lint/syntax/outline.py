"""A file as nested logical lines, cut but not parsed: what encloses a line, and what an offset stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Container, Iterator

from ssot_lint.syntax.lexer import Region, Stretch, scan
from ssot_lint.syntax.lines import split

SPACE = r"(?:[ \t\f]|\\\r?\n)"
"""A regular expression for one piece of white space between the tokens of a statement."""

_INDENTATION = re.compile(r"[ \t\f]*")
_MARGIN = re.compile(r"[ \t\f]*+(?P<blank>[\r\n#]|\Z)|(?P<mixed> *+[\t\f][ \t\f]*)| *")
_WORD = re.compile(r"@|\w+")
_JOINED_HEAD = re.compile(r"\n[ \t\f]*+\\")
_DEFINITION = re.compile(rf"(?:(?:async{SPACE}+)?def|class){SPACE}+[^\s:(\[#\\]+")
_FUNCTION = re.compile(rf"(?:async{SPACE}+)?def\b")
_MARK = re.compile(r"[\"'#]")
_TAB = 8
_CODE = (None, Region.OPEN, Region.CLOSE, Region.NEWLINE)
_STRINGS = (Region.STRING, Region.FORMAT_TEXT)


class Outline:
    """The logical lines of `text`, by index; raises `LexError` where it cannot be cut."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = split(text)
        self._heads: dict[int, int] = {}
        self._widths: dict[int, int] = {}
        self._parents: dict[int, int | None] = {}
        self._stretches: dict[int, list[Stretch]] = {}

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def is_clear(self) -> bool:
        """Whether the keyword and the indentation of each line are what they seem.

        They are not if a line begins with a line continuation.
        """
        starts = (match.start() + 1 for match in _JOINED_HEAD.finditer(self.text))
        return not self.text.lstrip(" \t\f").startswith("\\") and not any(
            self._ends[self.line_at(start) - 1] == start for start in starts
        )

    def line_at(self, offset: int) -> int:
        return bisect_right(self._ends, offset)

    def bounds(self, line: int) -> tuple[int, int]:
        """The offsets of a line: its first column, and behind its line end."""
        return (self._ends[line - 1] if line else 0), self._ends[line]

    def indentation(self, line: int) -> str:
        return self.text[self.bounds(line)[0] : self.head(line)]

    def head(self, line: int) -> int:
        """The offset of the first character behind the indentation."""
        head = self._heads.get(line)
        if head is None:
            match = _INDENTATION.match(self.text, self._ends[line - 1] if line else 0)
            head = self._heads[line] = match.end() if match else 0
        return head

    def keyword(self, line: int) -> str:
        """The first word of a line, which need not be a keyword."""
        match = _WORD.match(self.text, self.head(line))
        return match[0] if match else ""

    def is_blank(self, line: int) -> bool:
        head = self.head(line)
        return head >= len(self.text) or self.text[head] in "\r\n#"

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
        width = self._widths.get(line)
        return self._measure(line) if width is None else width

    def _measure(self, line: int) -> int:
        start = self._ends[line - 1] if line else 0
        found = _MARGIN.match(self.text, start)
        assert found is not None
        if found.lastgroup == "blank":
            width = -1
        elif found.lastgroup == "mixed":
            width = len(found["mixed"].rpartition("\f")[2].expandtabs(_TAB))
        else:
            width = found.end() - start
        self._widths[line] = width
        return width

    def parent(self, line: int) -> int | None:
        """The header of the block that holds `line`; None at module level."""
        known, widths = self._parents, self._widths
        if line in known:
            return known[line]
        width = self.width(line)
        candidate: int | None = line - 1
        while candidate is not None and candidate >= 0:
            other = widths.get(candidate)
            if other is None:
                other = self._measure(candidate)
            if -1 < other < width:
                break
            candidate = known[candidate] if other >= width and candidate in known else candidate - 1
        found = None if candidate is None or candidate < 0 else candidate
        known[line] = found
        return found

    def ancestors(self, line: int) -> Iterator[int]:
        """The headers around `line`, innermost first."""
        header = self.parent(line)
        while header is not None:
            yield header
            header = self.parent(header)

    def body(self, header: int) -> range:
        """The lines of the block under `header`, blank lines included; empty if it has none."""
        width = self.width(header)
        end = last = header + 1
        while end < len(self) and (self.is_blank(end) or self.width(end) > width):
            end += 1
            if not self.is_blank(end - 1):
                last = end
        return range(header + 1, last)

    def opens_block(self, line: int) -> bool:
        if self.is_blank(line):
            return False
        for following in range(line + 1, len(self)):
            if not self.is_blank(following):
                return self.width(following) > self.width(line)
        return False

    def decorated(self, line: int) -> int:
        """The definition that the decorator on `line` belongs to."""
        while self.keyword(line) == "@" or self.is_blank(line):
            line += 1
            if line == len(self):
                return line - 1
        return line

    def definition_around(self, line: int) -> int | None:
        """The header of the innermost definition that `line` is in."""
        return next(filter(self.is_definition, self.ancestors(line)), None)

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
        for match in pattern.finditer(text):
            start = match.start()
            if start and _is_word(text[start]) and _is_word(text[start - 1]):
                continue
            if (skipped and self.line_at(start) in skipped) or (where is not None and not where(start)):
                continue
            region = self.region(start)
            if region in _CODE or (in_strings and region in _STRINGS):
                yield start

    def region(self, offset: int) -> Region | None:
        """What `offset` stands in: a comment, a string, the literal part of an f-string; None in code."""
        stretch = self.stretch(offset)
        return None if stretch is None else stretch.region

    def stretch(self, offset: int) -> Stretch | None:
        """The stretch that holds `offset`, unless it is certainly one of code only."""
        line = self.line_at(offset)
        if not _MARK.search(self.text, self.bounds(line)[0], offset):
            return None
        stretches = self.stretches(line)
        before = bisect_right(stretches, offset, key=lambda each: each.start)
        return stretches[before - 1] if before and offset < stretches[before - 1].end else None

    def stretches(self, line: int) -> list[Stretch]:
        found = self._stretches.get(line)
        if found is None:
            found = self._stretches[line] = list(scan(self.text, *self.bounds(line)))
        return found


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
