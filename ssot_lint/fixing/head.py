"""The head of a module, up to its first definition: its docstring, and its imports in contiguous blocks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.fixing.module import ParseError, parse
from ssot_lint.fixing.sections import Import
from ssot_lint.syntax.outline import Outline

_IMPORTS = frozenset({"import", "from"})
_CLAUSES = frozenset({"else", "elif", "except", "finally"})
_CHANGES_PATH = re.compile(r"\bsys\.path\b|\baddsitedir\b")


@dataclass(frozen=True, slots=True, eq=False)
class ImportLine:
    """A logical line at module level that does nothing but import, between two offsets, line end included."""

    start: int
    end: int
    nodes: tuple[Import, ...]

    @property
    def first(self) -> Import:
        return self.nodes[0]

    @property
    def has_star(self) -> bool:
        return any(alias.name == "*" for node in self.nodes for alias in node.names)


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """`blocks` are the runs of import lines with nothing but blank lines and comments between them.

    `top` is the offset behind docstring and leading comments. No import of the project may stand before the
    offset `floor`: the code before it decides where modules are found.
    """

    blocks: tuple[tuple[ImportLine, ...], ...]
    top: int
    floor: int


def read_head(outline: Outline, stop: int | None = None, is_headed: bool = True) -> Head:
    """The head of a text, up to the offset `stop` if that comes before the first definition.

    `is_headed` says whether a comment in the first row heads the file.
    """
    reader = _Reader(outline, len(outline.text) if stop is None else stop, is_headed)
    reader.run()
    return Head(tuple(map(tuple, filter(None, reader.blocks))), reader.top, reader.floor)


class _Reader:
    def __init__(self, outline: Outline, stop: int, is_headed: bool) -> None:
        self._outline = outline
        self._stop = stop
        self.blocks: list[list[ImportLine]] = [[]]
        self.top = _behind_comments(outline, is_headed)
        self.floor = 0

    def run(self) -> None:
        outline = self._outline
        is_first = True
        for line in self._top_lines():
            start, end = outline.bounds(line)
            if start >= self._stop or outline.keyword(line) == "@" or outline.is_definition(line):
                return
            nodes = self._imports(line)
            if nodes:
                self.blocks[-1].append(ImportLine(start, end, nodes))
            elif is_first and self._is_docstring(line):
                self.top = end
            else:
                self.blocks.append([])
                self._look_for_paths(line)
            is_first = False

    def _top_lines(self) -> Iterator[int]:
        outline = self._outline
        return (line for line in outline.lines() if not outline.width(line))

    def _imports(self, line: int) -> tuple[Import, ...]:
        if self._outline.keyword(line) not in _IMPORTS:
            return ()
        body = _parse_line(self._outline, line)
        nodes = tuple(node for node in body if isinstance(node, (ast.Import, ast.ImportFrom)))
        return nodes if len(nodes) == len(body) else ()

    def _is_docstring(self, line: int) -> bool:
        match _parse_line(self._outline, line):
            case [ast.Expr(ast.Constant(str())), *_]:
                return True
        return False

    def _look_for_paths(self, line: int) -> None:
        outline = self._outline
        start = outline.bounds(line)[0]
        end = outline.body_end(line)
        continues = outline.keyword(line) in _CLAUSES and self.floor == start
        if continues or _CHANGES_PATH.search(outline.text, start, end):
            self.floor = end


def _parse_line(outline: Outline, line: int) -> list[ast.stmt]:
    start, end = outline.bounds(line)
    try:
        return parse(outline.text[start:end]).body
    except ParseError:
        return []


def _behind_comments(outline: Outline, at_start: bool) -> int:
    """The offset behind the comments that head the file, those directly above its first statement left out.

    With `at_start`, comments from the first row on head the file in any case.
    """
    top = pending = 0
    for line in outline.lines():
        end = outline.end(line)
        text = outline.text[line:end].strip()
        if not text:
            top, at_start = pending, False
        elif not text.startswith("#"):
            break
        else:
            pending = end
            top = end if at_start else top
    return top
