"""Proves that edits change what they cover and nothing else: the rest has the same tree as before."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ssot_lint.fixing.edits import Change, Shift, apply
from ssot_lint.fixing.module import Module, ParseError, blocks, parse
from ssot_lint.fixing.old_python import fault_before, newer_syntax
from ssot_lint.syntax.outline import Outline

_HOLE = "_ssot_lint_hole_"
_COLON = re.compile(r"\w+[ \t]*:[ \t]*")
_INLINE_CLAUSES = frozenset({"else", "finally", "try"})


def check_lines(module: Module, changes: Sequence[Change], version: tuple[int, int]) -> str | None:
    """Whether each change inside a line replaces one whole expression by another; the reason if not.

    Changes of whole logical lines are not looked at. The new lines must be valid for Python `version`, if
    the old ones are.
    """
    outline = module.outline
    by_line: dict[int, list[Change]] = {}
    for change in changes:
        line = outline.line_at(change.start)
        if not _covers_lines(outline, change):
            by_line.setdefault(line, []).append(change)
    reasons = (_check_line(outline, line, found, version) for line, found in sorted(by_line.items()))
    return next((reason for reason in reasons if reason is not None), None)


def _covers_lines(outline: Outline, change: Change) -> bool:
    """Whether a change replaces logical lines in full, or stands in front of one."""
    first, last = outline.line_at(change.start), outline.line_at(max(change.start, change.end - 1))
    starts = (outline.bounds(first)[0], outline.head(first))
    if change.start == change.end:
        return change.start in starts
    rest = outline.text[change.end : outline.bounds(last)[1]].strip()
    return change.start in starts and (not rest or rest.startswith("#"))


def _check_line(
    outline: Outline, line: int, changes: Sequence[Change], version: tuple[int, int]
) -> str | None:
    start, end = outline.bounds(line)
    if any(change.end > end for change in changes):
        return f"the edit in row {_row(outline, line)} covers parts of several statements"
    inside = [Change(change.start - start, change.end - start, change.content) for change in changes]
    holes = [change._replace(content=f"({_HOLE}{index})") for index, change in enumerate(inside)]
    old = outline.text[start:end]
    new = apply(old, inside)
    try:
        before, after = (parse(_alone(text, outline, line)) for text in (old, new))
        if _matches(before, after):
            return None  # only comments and blanks change
        pattern = parse(_alone(apply(old, holes), outline, line))
    except ParseError:
        return f"the edit in row {_row(outline, line)} does not replace a whole expression"
    if not (_matches(pattern, before) and _matches(pattern, after)):
        return f"the edit in row {_row(outline, line)} would change what stands around it"
    fault = fault_before(version, new)
    if fault is not None and fault_before(version, old) is None:
        return fault
    return newer_syntax(version, before, after)


def _row(outline: Outline, line: int) -> int:
    return outline.text.count("\n", 0, outline.bounds(line)[0]) + 1


def _alone(text: str, outline: Outline, line: int) -> str:
    """A logical line as a program of its own, with a body if it heads a block."""
    text = text.lstrip(" \t\f").rstrip("\r\n")
    word = outline.keyword(line)
    if outline.opens_block(line):
        text += "\n  case _: pass" if word == "match" else "\n  pass"
    if word == "@":
        return f"{text}\ndef f(): pass"
    if word == "elif":
        return text[2:]
    if word in _INLINE_CLAUSES and (match := _COLON.match(text)):
        return text[match.end() :].lstrip()
    if word == "except":
        return f"try: pass\n{text}"
    return f"match _:\n {text}" if word == "case" and _is_in_match(outline, line) else text


def _is_in_match(outline: Outline, line: int) -> bool:
    header = outline.parent(line)
    return header is not None and outline.keyword(header) == "match"


def _matches(pattern: ast.AST, tree: ast.AST) -> bool:
    """Whether two trees are equal but for the holes of the first, each of which stands for any expression."""
    if isinstance(pattern, ast.Name) and pattern.id.startswith(_HOLE):
        return isinstance(tree, ast.expr)
    if type(pattern) is not type(tree):
        return False
    return all(_equal(getattr(pattern, name, None), getattr(tree, name, None)) for name in pattern._fields)


def _equal(pattern: object, value: object) -> bool:
    if isinstance(pattern, ast.AST) and isinstance(value, ast.AST):
        return _matches(pattern, value)
    if isinstance(pattern, list) and isinstance(value, list):
        return len(pattern) == len(value) and all(map(_equal, pattern, value))
    return type(pattern) is type(value) and pattern == value


@dataclass(frozen=True, slots=True)
class StatementPair:
    """A statement that edits touch, before and after; `old` is None for one that is new."""

    old: ast.stmt | None
    new: ast.stmt


class RearrangedError(ValueError):
    """Statements outside of the edits do not correspond before and after."""


def touched_statements(old: Module, new: Module, changes: Sequence[Change]) -> list[StatementPair]:
    """The statements that the changes from `old` to `new` touch; imports are left out.

    Raises `RearrangedError` if any other statement is not where it was.
    """
    return list(_Comparison(old, new, changes).blocks(old.tree, new.tree))


class _Comparison:
    def __init__(self, old: Module, new: Module, changes: Sequence[Change]) -> None:
        self._old = old
        self._new = new
        self._shift = Shift(changes)
        self._inserted = list(self._shift.ranges())
        self._inserted_ends = [end for _, end in self._inserted]

    def blocks(self, old: ast.AST, new: ast.AST) -> Iterator[StatementPair]:
        olds, news = list(blocks(old)), list(blocks(new))
        if len(olds) != len(news):
            raise RearrangedError("the edits add or remove a block")
        for before, after in zip(olds, news, strict=True):
            yield from self._block(before, after)

    def _block(self, olds: Iterable[ast.stmt], news: Iterable[ast.stmt]) -> Iterator[StatementPair]:
        kept = [node for node in olds if not (_is_import(node) or self._is_replaced(node))]
        left = []
        for node in news:
            if not _is_import(node):
                if self._is_inserted(node):
                    yield StatementPair(None, node)
                else:
                    left.append(node)
        if len(kept) != len(left):
            raise RearrangedError("the edits would make other statements out of those around them")
        for old, new in zip(kept, left, strict=True):
            yield from self._pair(old, new)

    def _pair(self, old: ast.stmt, new: ast.stmt) -> Iterator[StatementPair]:
        start, end = self._old.first(old), self._old.end(old)
        fault = type(old) is not type(new) or self._shift.moved(start) != self._new.first(new)
        touched = self._shift.touches(start, end)
        if fault or (not touched and self._shift.moved(end) != self._new.end(new)):
            raise RearrangedError(f"the edits would change the statement in row {old.lineno}")
        if touched:
            yield StatementPair(old, new)
            yield from self.blocks(old, new)

    def _is_replaced(self, node: ast.stmt) -> bool:
        return self._shift.covers(self._old.first(node), self._old.end(node))

    def _is_inserted(self, node: ast.stmt) -> bool:
        index = bisect_left(self._inserted_ends, self._new.end(node))
        return index < len(self._inserted) and self._inserted[index][0] <= self._new.first(node)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))
