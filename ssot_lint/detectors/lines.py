"""The logical lines of a whole file, as edits need them: where a node stands, what goes and what moves."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

import libcst as cst

from ssot_lint.detectors.values import Refusal
from ssot_lint.model import Edit, Position, Span
from ssot_lint.syntax.lexer import LexError, Region, Stretch
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.tree import Tree

_ABOUT_THE_CODE = re.compile(
    r"#\s*(?:noqa|nosec|type:|pragma\b|pylint:|pyright:|mypy:|fmt:|isort:|ruff:|ssot-lint:)", re.IGNORECASE
)


class Lines:
    """The lines of `text`, which is the whole file that `tree`, perhaps a reduction, was made of.

    Lines are logical ones by their offset; edits hold `\\n` for line ends. Raises Refusal for a text that
    cannot be cut.
    """

    def __init__(self, tree: Tree, text: str) -> None:
        self._tree = tree
        self.text = text
        try:
            self.outline = _outline(text)
        except LexError:
            raise Refusal("the lines of the file cannot be told apart") from None
        self._starts = [0]
        while at := text.find("\n", self._starts[-1]) + 1:
            self._starts.append(at)

    def bounds(self, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets of a node without the parentheses around it."""
        span = self._tree.span(node)
        return self._offset(span.start), self._offset(span.end)

    def code(self, node: cst.CSTNode) -> str:
        """The node as the file has it, without the parentheses around it."""
        start, end = self.bounds(node)
        return self.text[start:end]

    def line(self, node: cst.CSTNode) -> int:
        return self.outline.line_at(self.bounds(node)[0])

    def edit(self, start: int, end: int, content: str) -> Edit:
        return Edit(Span(self._position(start), self._position(end)), content)

    def replace(self, node: cst.CSTNode, content: str) -> Edit:
        return self.edit(*self.bounds(node), content)

    def insert(self, line: int, content: str) -> Edit:
        """Whole new rows in front of a line."""
        return self.edit(line, line, content)

    def remove(self, line: int, unit: str = "") -> Edit:
        """Takes a line away; its comments stay where it was, indented by `unit` more."""
        start, end = self.outline.bounds(line)
        comments = (self.text[item.start : item.end].rstrip() for item in self._comments(line))
        indentation = unit + self.outline.indentation(line)
        kept = [f"{indentation}{comment}\n" for comment in comments if not _ABOUT_THE_CODE.match(comment)]
        return self.edit(start, end, "".join(kept))

    def as_one(self, first: int, last: int, edits: Iterable[Edit]) -> Edit:
        """One edit of all lines from `first` to `last` for several inside of them."""
        start, end = self.outline.head(first), self._without_line_end(self.outline.bounds(last)[1])
        changes = sorted(
            (self._offset(edit.span.start), self._offset(edit.span.end), edit.content) for edit in edits
        )
        pieces, at = [], start
        for begin, stop, content in changes:
            pieces += [self.text[at:begin], content]
            at = stop
        return self.edit(start, end, "".join([*pieces, self.text[at:end]]))

    def is_last(self, line: int) -> bool:
        """Whether the file ends with the line, and without a line end."""
        return not self.text[slice(*self.outline.bounds(line))].endswith("\n")

    def indent(self, first: int, last: int, unit: str, without: Collection[int]) -> Iterator[Edit]:
        """Moves the lines from `first` to `last` to the right, `without` some, but not what strings hold."""
        for line in self.outline.lines(first, self.outline.end(last)):
            if line in without:
                continue
            start, end = self.outline.bounds(line)
            strings = [item for item in self.outline.stretches(line) if item.region is not Region.COMMENT]
            for row in self._rows(start, end):
                is_blank = not self.text[row:end].split("\n", 1)[0].strip()
                if not is_blank and not _is_inside(row, strings):
                    yield self.edit(row, row, unit)

    def is_empty(self, line: int) -> bool:
        """Whether there is nothing but white space or a comment."""
        return self.outline.is_blank(line)

    def suite_end(self, header: int) -> int:
        """The last line of the block under `header`, comments at its end included."""
        end, width = self.outline.body_end(header), self.outline.width(header)
        last = self.outline.line_at(end - 1)
        for line in self.outline.lines(end):
            comment = self.outline.indentation(line).expandtabs()
            is_comment = self.outline.is_blank(line) and self.text[self.outline.head(line) :][:1] == "#"
            if not is_comment or len(comment) <= width:
                break
            last = line
        return last

    def _without_line_end(self, offset: int) -> int:
        head = self.text[:offset]
        return len(head.removesuffix("\n").removesuffix("\r")) if head.endswith("\n") else offset

    def _comments(self, line: int) -> list[Stretch]:
        return [item for item in self.outline.stretches(line) if item.region is Region.COMMENT]

    def _rows(self, start: int, end: int) -> Iterator[int]:
        """The offsets at which rows begin from `start` up to `end`."""
        for index in range(bisect_right(self._starts, start) - 1, len(self._starts)):
            if self._starts[index] >= end:
                break
            yield self._starts[index]

    def _offset(self, position: Position) -> int:
        return self._starts[position.row - 1] + position.column - 1

    def _position(self, offset: int) -> Position:
        row = bisect_right(self._starts, offset)
        return Position(row, offset - self._starts[row - 1] + 1)


@lru_cache(maxsize=1)
def _outline(text: str) -> Outline:
    """The outline that all rules share in one file."""
    return Outline(text)


def _is_inside(offset: int, stretches: list[Stretch]) -> bool:
    return any(item.start < offset < item.end for item in stretches)
