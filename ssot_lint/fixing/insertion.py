"""Where one new import goes: into a statement that imports from the same module, or on a line of its own."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Change, line_end
from ssot_lint.fixing.extension import extend, wrapped
from ssot_lint.fixing.head import Head, ImportLine, read_head
from ssot_lint.fixing.imports import imported_module
from ssot_lint.fixing.sections import (
    Import,
    Section,
    default_key,
    key_in_use,
    module_of,
    predecessor,
    root_of,
    section_of,
)
from ssot_lint.fixing.spelling import NewImport
from ssot_lint.syntax.outline import Outline

_LINES_BEFORE_DEFINITION = 2


@dataclass(frozen=True, slots=True)
class _Site:
    """A place for a line: at `offset`, with a blank line `before` and `after` it where there is none yet."""

    offset: int
    before: bool = False
    after: bool = False


def insert(
    outline: Outline, new: NewImport, context: FileContext, stop: int | None, is_headed: bool = True
) -> tuple[Change, ...]:
    """The changes that make the import, in front of the offset `stop`; empty if there is no room for it.

    `is_headed` says whether a comment in the first row heads the file.
    """
    head = read_head(outline, stop, is_headed)
    existing = _extensible(head, new, context)
    if existing is not None:
        return extend(outline.text, existing, new.name, context.line_length)
    block = _block(head, new)
    site = _first_of_file(head) if block is None else _in_block(outline, block, new, context)
    floor = _floor(head, block or (), new)
    if site.offset < floor:
        site = _Site(floor, before=floor == head.floor, after=True)
    if stop is not None and site.offset > stop:
        return ()
    return (_line_at(outline, site, new, context.line_length),)


def _extensible(head: Head, new: NewImport, context: FileContext) -> ImportLine | None:
    """The statement that imports from the same module, unless the file imports each name on its own."""
    lines = [line for block in head.blocks for line in block if isinstance(line.first, ast.ImportFrom)]
    if not new.module or _one_name_a_line([line.first for line in lines]):
        return None
    for line in lines:
        node = line.first
        assert isinstance(node, ast.ImportFrom)
        plain = all(alias.asname is None and alias.name != "*" for alias in node.names)
        if plain and len(line.nodes) == 1 and imported_module(node, context.package) == new.module:
            return line
    return None


def _one_name_a_line(nodes: Sequence[Import]) -> bool:
    modules = [module_of(node) for node in nodes if all(alias.asname is None for alias in node.names)]
    return len(set(modules)) < len(modules) and all(len(node.names) == 1 for node in nodes)


def _block(head: Head, new: NewImport) -> Sequence[ImportLine] | None:
    """The block that has imports from the same package, or the first behind all that changes the path."""
    root = root_of(new.target)
    for block in head.blocks:
        if any(root_of(module_of(line.first)) == root for line in block):
            return block
    behind = (block for block in head.blocks if block[0].start >= head.floor)
    blocks = [block for block in behind if any(module_of(line.first) != "__future__" for line in block)]
    if blocks:
        return blocks[0]
    future = [block for block in head.blocks if module_of(block[0].first) == "__future__"]
    return future[0] if future and not head.floor else None


def _floor(head: Head, block: Sequence[ImportLine], new: NewImport) -> int:
    """The offset in front of which the import would not be found, or hidden by a star import."""
    is_found = any(root_of(module_of(line.first)) == root_of(new.target) for line in block)
    return max([0 if is_found else head.floor, *(line.end for line in block if line.has_star)])


def _in_block(outline: Outline, block: Sequence[ImportLine], new: NewImport, context: FileContext) -> _Site:
    """Beside the imports of the same package, else of the same section, else as a section of its own."""
    node = _node(new)
    key = key_in_use([line.first for line in block])
    first_party = {*context.first_party, root_of(new.target)}
    sections = {line: section_of(module_of(line.first), first_party) for line in block}
    section = [line for line in block if sections[line] is Section.FIRST_PARTY]
    related = [line for line in section if root_of(module_of(line.first)) == root_of(new.target)]
    for peers in (related, section):
        alike = [line for line in peers if key is not default_key or type(line.first) is type(node)]
        if alike:
            before = predecessor(alike, [key(line.first) for line in alike], key(node))
            return _in_front(outline, alike[0]) if before is None else _Site(before.end)
    if section:
        return _Site(section[-1].end) if new.module else _in_front(outline, section[0])
    earlier = [line for line in block if sections[line] < Section.FIRST_PARTY]
    if earlier:
        return _Site(earlier[-1].end, before=True, after=earlier[-1] is not block[-1])
    return _in_front(outline, block[0], after=True)


def _in_front(outline: Outline, line: ImportLine, *, after: bool = False) -> _Site:
    """In front of a line, and of the comments that stand directly on it, unless those head the file."""
    first = outline.line_at(line.start)
    for before in outline.lines_before(first):
        if not outline.text.startswith("#", outline.head(before)):
            break
        first = before
    start = first or line.start
    return _Site(start, after=after or start < line.start)


def _first_of_file(head: Head) -> _Site:
    offset = max(head.top, head.floor)
    return _Site(offset, before=bool(offset), after=True)


def _line_at(outline: Outline, site: _Site, new: NewImport, line_length: int) -> Change:
    """The new line, set apart by as many blank lines as isort leaves there."""
    text, offset = outline.text, site.offset
    end = line_end(text, offset)
    above, below = text[:offset], text[offset:]
    prefix = end if above and not above.endswith("\n") else ""
    if site.before and above.strip() and not above.replace("\r", "").endswith("\n\n"):
        prefix += end
    suffix = end * _missing_lines(below) if site.after else ""
    return Change(offset, offset, prefix + _written(new, line_length).replace("\n", end) + end + suffix)


def _missing_lines(below: str) -> int:
    """How many blank lines are to be added in front of what follows an import."""
    code = below.lstrip(" \t\f\r\n")
    blank = below[: len(below) - len(code)].count("\n")
    is_definition = code.startswith(("def ", "class ", "@", "async def "))
    wanted = _LINES_BEFORE_DEFINITION if is_definition else 1
    return max(wanted - blank, 0) if code else 0


def _written(new: NewImport, line_length: int) -> str:
    if not new.module:
        return f"import {new.name}"
    head = f"from {new.module} import "
    return head + (new.name if len(head + new.name) <= line_length else wrapped([new.name], "\n"))


def _node(new: NewImport) -> Import:
    alias = ast.alias(new.name)
    return ast.ImportFrom(new.module, [alias], 0) if new.module else ast.Import([alias])
