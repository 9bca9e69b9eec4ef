"""Adds a name to a `from` import in the form that the statement has."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from ssot_lint.fixing.edits import Change, Rows, line_end
from ssot_lint.fixing.head import ImportLine
from ssot_lint.fixing.sections import member_key, predecessor

_AFTER_NAME = re.compile(r"(?P<comma>[ \t]*,)?[ \t]*(?:#[^\r\n]*)?(?=\r?\n)")
_INDENT = "    "


def extend(text: str, line: ImportLine, name: str, line_length: int) -> tuple[Change, ...]:
    """The changes that add `name` in its sorted place; a line that gets too long is wrapped."""
    return _Statement(text, line).add(name, line_length)


def wrapped(names: Sequence[str], end: str) -> str:
    """The names in parentheses, one on each line."""
    return "".join((f"({end}", *(f"{_INDENT}{name},{end}" for name in names), ")"))


class _Statement:
    def __init__(self, text: str, line: ImportLine) -> None:
        self._text = text
        self._line = line
        self._end = line_end(text, line.start)
        self._rows = Rows(text[line.start : line.end])
        self._aliases = line.first.names

    def add(self, name: str, line_length: int) -> tuple[Change, ...]:
        keys = [member_key(alias.name) for alias in self._aliases]
        before = predecessor(self._aliases, keys, member_key(name))
        if self._is_vertical():
            return self._on_own_row(before, name)
        if before is None:
            at = self._start(self._aliases[0])
            change = Change(at, at, f"{name}, ")
        else:
            change = Change(self._stop(before), self._stop(before), f", {name}")
        written = self._text[self._line.start : self._line.end].rstrip()
        if "\n" in written or len(written) + len(change.content) <= line_length:
            return (change,)
        return self._wrap(before, name)

    def _is_vertical(self) -> bool:
        """Whether each name has a row of its own, apart from that of `import (`."""
        rows = [alias.lineno for alias in self._aliases]
        is_apart = rows[0] > self._line.first.lineno and len(set(rows)) == len(rows)
        return is_apart and self._opening() is not None

    def _opening(self) -> int | None:
        """The offset behind the parenthesis, if there is one."""
        head = self._text[self._line.start : self._start(self._aliases[0])]
        at = head.find("(")
        return None if at < 0 else self._line.start + at + 1

    def _on_own_row(self, before: ast.alias | None, name: str) -> tuple[Change, ...]:
        first = self._start(self._aliases[0])
        row_start = self._text.rfind("\n", 0, first) + 1
        indent = self._text[row_start:first]
        if before is None:
            opening = self._opening()
            assert opening is not None
            at = self._text.index("\n", opening) + 1
            return (Change(at, at, f"{indent}{name},{self._end}"),)
        stop = self._stop(before)
        after = _AFTER_NAME.match(self._text, stop)
        if after is None:
            return (Change(stop, stop, f",{self._end}{indent}{name}"),)
        if after["comma"]:
            return (Change(after.end(), after.end(), f"{self._end}{indent}{name},"),)
        if after.end() == stop:
            return (Change(stop, stop, f",{self._end}{indent}{name}"),)
        return Change(stop, stop, ","), Change(after.end(), after.end(), f"{self._end}{indent}{name}")

    def _wrap(self, before: ast.alias | None, name: str) -> tuple[Change, ...]:
        """All names behind `import` in parentheses; a comment behind them goes to the first row."""
        names = [alias.name for alias in self._aliases]
        names.insert(0 if before is None else self._aliases.index(before) + 1, name)
        opening = self._opening()
        start = self._start(self._aliases[0]) if opening is None else opening - 1
        row_end = self._line.start + self._rows.end(1)
        closing = self._stop(self._aliases[-1])
        if opening is not None:
            closing = self._text.index(")", closing) + 1
        comment = self._text[closing:row_end].strip()
        content = wrapped(names, self._end)
        if comment:
            content = content.replace("(", f"(  {comment}", 1)
        return (Change(start, row_end, content),)

    def _start(self, alias: ast.alias) -> int:
        return self._offset(alias.lineno, alias.col_offset)

    def _stop(self, alias: ast.alias) -> int:
        assert alias.end_lineno is not None
        assert alias.end_col_offset is not None
        return self._offset(alias.end_lineno, alias.end_col_offset)

    def _offset(self, row: int, column: int) -> int:
        """The offset in the whole text of a position in the statement, whose columns count bytes."""
        head = self._rows.line(row).encode()[:column].decode()
        return self._line.start + self._rows.starts[row - 1] + len(head)
