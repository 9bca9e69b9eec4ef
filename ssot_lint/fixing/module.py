"""A file's text with its syntax tree by the standard library: quick to make, and exact about statements."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from ssot_lint.fixing.edits import Rows
from ssot_lint.syntax.outline import Outline

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody")
_LEAVES = frozenset(
    {
        "ctx",
        "op",
        "ops",
        "kind",
        "type_comment",
        "type_ignores",
        "id",
        "attr",
        "arg",
        "conversion",
        "kwd_attrs",
    }
)
_CHILDLESS = (ast.Constant, ast.Global, ast.Nonlocal)

_CHILD_FIELDS = {
    kind: () if kind in _CHILDLESS else tuple(name for name in kind._fields if name not in _LEAVES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


class ParseError(ValueError):
    """The text is no Python that the running interpreter knows; `row` is where that shows, 0 if unknown."""

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(f"row {row}: {message}" if row else message)
        self.row = row


def parse(text: str) -> ast.Module:
    """The tree of a text; raises `ParseError`, and nothing else, where there is none."""
    try:
        with warnings.catch_warnings():
            # An invalid escape in the user's string is for their own Python to complain about.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        raise ParseError(f"not valid for {version}: {error.msg}", error.lineno or 0) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ParseError(str(error) or type(error).__name__) from None


class Module:
    """One state of a file, parsed; raises `ParseError`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse(text)
        self.rows = Rows(text)

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.text)

    def start(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """The offset of a node's first character; not reliable inside f-strings before Python 3.12."""
        return self._offset(node.lineno, node.col_offset)

    def first(self, statement: ast.stmt) -> int:
        """The offset of a statement, or of the row of its first decorator."""
        row = first_row(statement)
        return self.start(statement) if row == statement.lineno else self.rows.starts[row - 1]

    def end(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """The offset behind a node's last character; not reliable inside f-strings before Python 3.12."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, row: int, bytes_before: int) -> int:
        start = self.rows.starts[row - 1]
        head = self.text[start : start + bytes_before]
        if head.isascii():
            return start + bytes_before
        return start + len(
            self.rows.line(row).encode("utf-8", "surrogatepass")[:bytes_before].decode("utf-8", "ignore")
        )


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly under a node, in the order of its fields; contexts and operators left out."""
    found: list[ast.AST] = []
    for name in _CHILD_FIELDS[type(node)]:
        value = getattr(node, name, None)
        if type(value) is list:
            found.extend(filter(None, value))
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and all nodes under it that `children` gives, in no particular order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))


def word(name: str, *, before: str = r"\w", after: str = "") -> re.Pattern[str]:
    """Finds a name as a word, with no character of the class `before` in front of it and `after` behind it.

    The literal comes first in the pattern: that is what makes the search quick.
    """
    literal = re.escape(name)
    return re.compile(rf"{literal}(?<![{before}]{literal})\b{after}")


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements that stand directly under `node`, handlers and cases included."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
    for holder in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield holder.body


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Every statement under `node` at any depth, in the order of the text."""
    for block in blocks(node):
        for statement in block:
            yield statement
            yield from statements(statement)


def first_row(statement: ast.stmt) -> int:
    """The row on which a statement begins, its decorators included."""
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min((decorator.lineno for decorator in decorators), default=statement.lineno)


def path_to(tree: ast.Module, row: int, offset: int, module: Module) -> list[ast.stmt]:
    """The statements around an offset on `row`, outermost first; empty between statements."""
    path: list[ast.stmt] = []
    found: ast.stmt | None = _at(tree, row, offset, module)
    while found is not None:
        path.append(found)
        found = _at(found, row, offset, module)
    return path


def _at(node: ast.AST, row: int, offset: int, module: Module) -> ast.stmt | None:
    for block in blocks(node):
        for index in range(bisect_right(block, row, key=first_row) - 1, -1, -1):
            statement = block[index]
            assert statement.end_lineno is not None
            if statement.end_lineno < row:
                break
            if _holds(statement, row, offset, module):
                return statement
    return None


def _holds(statement: ast.stmt, row: int, offset: int, module: Module) -> bool:
    """Whether a statement whose rows include `row` includes the offset; several may share a row."""
    starts_here = first_row(statement) == row
    ends_here = statement.end_lineno == row
    return not (starts_here and module.first(statement) > offset) and not (
        ends_here and module.end(statement) < offset
    )
