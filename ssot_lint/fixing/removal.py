"""Takes out the imports that a rewrite has made useless, and leaves what others may want."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from itertools import groupby

from ssot_lint.fixing.edits import Change
from ssot_lint.fixing.imports import Guard, ImportedName
from ssot_lint.fixing.module import Module, blocks

_KEPT = re.compile(r"#.*\b(?:noqa|F401|unused-import|isort)\b")
_COMMA_AND_COMMENT = re.compile(r"[ \t]*,?[ \t]*(?:#[^\n]*)?\Z")
_IDLE = (
    ast.Name, ast.Attribute, ast.Constant, ast.Tuple, ast.Compare, ast.BoolOp, ast.UnaryOp,
    ast.cmpop, ast.boolop, ast.unaryop, ast.expr_context,
)  # fmt: skip
_PRAGMA = re.compile(r"#\s*(?:[\w-]+:|!)")


def removable(item: ImportedName, module: Module) -> bool:
    """Whether an import that nothing uses may go: not one that is guarded, re-exported or kept on purpose."""
    if item.guard is Guard.MISSING or item.alias.asname == item.alias.name or item.name == "*":
        return False
    assert item.statement.end_lineno is not None
    rows = range(item.statement.lineno, item.statement.end_lineno + 1)
    return not any(_KEPT.search(module.rows.line(row)) for row in rows)


def remove(module: Module, items: Iterable[ImportedName]) -> tuple[Change, ...]:
    """The changes that take the names out of their statements, with comments; no block is left empty.

    With all of its imports goes an `if` that has nothing else in it, and a test that does nothing.
    """
    by_statement: dict[ast.stmt, list[ImportedName]] = {}
    for item in items:
        by_statement.setdefault(item.statement, []).append(item)
    gone: set[ast.stmt] = {statement for statement, found in by_statement.items() if _is_whole(found)}
    for found in by_statement.values():
        for outer in reversed(found[0].path):
            if not _is_idle(outer, gone, module):
                break
            gone.add(outer)
    remover = _Remover(module, gone)
    return tuple(change for found in by_statement.values() for change in remover.changes(found))


def _is_idle(node: ast.stmt, gone: Set[ast.stmt], module: Module) -> bool:
    """Whether a statement is an `if` around nothing but what goes, and no comment."""
    if not isinstance(node, ast.If) or node.orelse or not set(node.body) <= gone:
        return False
    is_plain = node.test.end_lineno == node.lineno and not module.text.startswith("elif", module.start(node))
    if not is_plain or not all(isinstance(part, _IDLE) for part in ast.walk(node.test)):
        return False
    parts: tuple[ast.expr | ast.stmt, ...] = (node.test, *node.body)
    taken = {row for part in parts for row in range(part.lineno, (part.end_lineno or 0) + 1)}
    rows = range(node.lineno, (node.end_lineno or 0) + 1)
    return not any(module.rows.line(row).strip() for row in rows if row not in taken)


def _is_whole(found: Sequence[ImportedName]) -> bool:
    return len(found) == len(found[0].statement.names)


class _Remover:
    def __init__(self, module: Module, gone: Set[ast.stmt]) -> None:
        self._module = module
        self._rows = module.rows
        self._gone = gone
        self._gone_rows = {row for node in gone for row in range(node.lineno, (node.end_lineno or 0) + 1)}

    def changes(self, found: Sequence[ImportedName]) -> Iterator[Change]:
        item = found[0]
        if not _is_whole(found):
            yield from self._names(item.statement, {name.alias for name in found})
            return
        node: ast.stmt = item.statement
        path = list(item.path)
        while path and path[-1] in self._gone:
            if node is not next(blocks(path[-1]))[0]:
                return  # the first statement takes away what is around all of them
            node = path.pop()
        outer = path[-1] if path else self._module.tree
        block = next(block for block in blocks(outer) if node in block)
        yield from self._statement(node, block, is_module=not path)

    def _statement(self, node: ast.stmt, block: Sequence[ast.stmt], *, is_module: bool) -> Iterator[Change]:
        start, end = self._module.start(node), self._module.end(node)
        index = block.index(node)
        after = next((item for item in block[index + 1 :] if item.lineno == node.end_lineno), None)
        before = next((item for item in reversed(block[:index]) if item.end_lineno == node.lineno), None)
        if not is_module and set(block) <= self._gone and node is block[0]:
            yield Change(start, end if after else self._content_end(node), "pass")
        elif after is not None or before is not None:
            yield from self._beside(node, before, after)
        else:
            yield self._whole_rows(node)

    def _beside(self, node: ast.stmt, before: ast.stmt | None, after: ast.stmt | None) -> Iterator[Change]:
        """One of several statements on a row; where a neighbour goes too, it is left alone."""
        if after is not None and after not in self._gone:
            yield Change(self._module.start(node), self._module.start(after), "")
        elif after is None and before is not None and before not in self._gone:
            yield Change(self._module.end(before), self._module.end(node), "")

    def _content_end(self, node: ast.stmt) -> int:
        assert node.end_lineno is not None
        return self._rows.end(node.end_lineno)

    def _whole_rows(self, node: ast.stmt) -> Change:
        """The rows of a statement, blank rows that would double, and a comment that would head nothing."""
        assert node.end_lineno is not None
        below = self._count_blank(node.end_lineno + 1, 1)
        is_last = node.end_lineno + below >= len(self._rows.starts)
        first = node.lineno - (self._orphans(node.lineno) if below or is_last else 0)
        above = first - 1
        while above in self._gone_rows:
            above -= 1
        opens_block = above == 0 or self._rows.line(above).rstrip().endswith(":")
        doubled = below if opens_block else min(below, self._count_blank(above, -1))
        return Change(self._rows.starts[first - 1], self._rows.behind(node.end_lineno + doubled), "")

    def _orphans(self, row: int) -> int:
        """How many rows of comments above `row` belong to nothing else; never those that head the file."""
        first = row
        while first > 1 and self._rows.line(first - 1).lstrip().startswith("#"):
            first -= 1
        comments = [self._rows.line(item).strip() for item in range(first, row)]
        stands_apart = first > 1 and not self._rows.line(first - 1).strip()
        return len(comments) if stands_apart and not any(map(_PRAGMA.match, comments)) else 0

    def _count_blank(self, row: int, step: int) -> int:
        count = 0
        while 1 <= row <= len(self._rows.starts) and not self._rows.line(row).strip():
            count, row = count + 1, row + step
        return count

    def _names(self, node: ast.Import | ast.ImportFrom, gone: Collection[ast.alias]) -> Iterator[Change]:
        head = self._module.text[self._module.start(node) : self._module.start(node.names[0])]
        in_parentheses = "(" in head
        for _, row in groupby(node.names, lambda alias: alias.lineno if in_parentheses else 0):
            aliases = list(row)
            runs = [(is_gone, list(run)) for is_gone, run in groupby(aliases, gone.__contains__)]
            for index, (is_gone, run) in enumerate(runs):
                if is_gone and len(runs) == 1:
                    yield self._whole_row(run)
                elif is_gone:
                    yield self._run(run, runs[index - 1][1] if index else None, aliases)

    def _run(
        self, run: Sequence[ast.alias], before: Sequence[ast.alias] | None, row: Sequence[ast.alias]
    ) -> Change:
        """Neighbours on a row, with the commas up to what stays behind them, or else before them."""
        following = row.index(run[-1]) + 1
        if following < len(row):
            return Change(self._module.start(run[0]), self._module.start(row[following]), "")
        assert before is not None
        return Change(self._module.end(before[-1]), self._module.end(run[-1]), "")

    def _whole_row(self, run: Sequence[ast.alias]) -> Change:
        """All names of a row, with comma and comment behind them, and the row if it holds nothing else."""
        start, end = self._module.start(run[0]), self._module.end(run[-1])
        first, last = self._rows.row(start), self._rows.row(end)
        rest = _COMMA_AND_COMMENT.match(self._module.text, end, self._rows.end(last))
        if rest is None:
            return Change(start, end, "")
        if self._module.text[self._rows.starts[first - 1] : start].strip():
            return Change(start, rest.end(), "")
        return Change(self._rows.starts[first - 1], self._rows.behind(last), "")
