"""Adds to YAML files without touching what stands in them, and proves it by reading the result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import yaml

Shape: TypeAlias = tuple[str, object]

_DEEPEST = 100


class CannotAddError(Exception):
    """Why nothing can be added to a file safely."""


def document(text: str) -> yaml.MappingNode | None:
    """The mapping that a file consists of, None if it is empty; raises CannotAddError."""
    node = _last(text)
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return None
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise CannotAddError("it is no mapping of keys, one a line")
    return node


def value_of(mapping: yaml.MappingNode, key: str) -> yaml.Node | None:
    """What stands under a key."""
    return next((value for name, value in mapping.value if name.value == key), None)


def with_item(text: str, key: str, item: str) -> str:
    """The text with an item at the end of the list under a key; `item` is written without indentation.

    Raises CannotAddError where the list is not written one item a line, or anything else would change.
    """
    top = document(text)
    items = None if top is None else value_of(top, key)
    if not isinstance(items, yaml.SequenceNode) or items.flow_style or not items.value:
        raise CannotAddError(f"it has no list under `{key}` that is written one item a line")
    at = _end_of(text, items)
    indentation = " " * items.start_mark.column
    block = "".join(f"{indentation}{line}\n" for line in item.splitlines())
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text[:at] if text[:at].endswith("\n") else text[:at] + newline
    after = before + block.replace("\n", newline) + text[at:]
    added = _items(_shape(_last(item)))
    _prove(after, [(n, (s[0], _items(s) + added) if n == key else s) for n, s in _pairs(top)])
    return after


def with_key(text: str, key: str, value: str) -> str:
    """The text with a key at its end; `value` is the text below it. Raises CannotAddError as above."""
    top = document(text)
    if top is not None and value_of(top, key) is not None:
        raise CannotAddError(f"`{key}` is there already")
    indentation = " " * (0 if top is None else top.start_mark.column)
    block = "".join(f"{indentation}{line}\n" if line else "\n" for line in f"{key}:\n{value}".splitlines())
    newline = "\r\n" if "\r\n" in text else "\n"
    end = "" if not text or text.endswith("\n") else newline
    gap = newline if text.strip() else ""
    after = text + end + gap + block.replace("\n", newline)
    _prove(after, [*_pairs(top), (key, _shape(_last(value)))])
    return after


def _last(text: str) -> yaml.Node | None:
    """The last document of a file: what is added at its end belongs there."""
    try:
        nodes = list(yaml.compose_all(text, yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise CannotAddError(f"it is not valid YAML{where}") from None
    return nodes[-1] if nodes else None


def _end_of(text: str, items: yaml.SequenceNode) -> int:
    """The offset behind the last line of a list, comments that are indented like its last item included."""
    node: yaml.Node = items
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = int(node.end_mark.index)
    if text[end - 1] != "\n":
        end = text.find("\n", end) + 1 or len(text)
    comments = re.compile(rf"(?:[ \t]*\r?\n)*[ ]{{{items.start_mark.column + 1},}}#[^\n]*(?:\n|\Z)")
    while match := comments.match(text, end):
        end = match.end()
    return end


def _prove(after: str, expected: Sequence[tuple[str, Shape]]) -> None:
    """Holds an addition to its word: what was there says what it said."""
    if list(_pairs(_last(after))) != expected:
        raise CannotAddError("adding to it would change what it says")


def _items(shape: Shape) -> tuple[object, ...]:
    return shape[1] if isinstance(shape[1], tuple) else ()


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, Shape]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        yield key.value, _shape(value)


def _shape(node: yaml.Node | None, depth: int = 0) -> Shape:
    """A node as a value that can be compared, whatever its tags mean."""
    if depth > _DEEPEST:
        raise CannotAddError("it is nested too deeply")
    match node:
        case yaml.SequenceNode():
            return node.tag, tuple(_shape(item, depth + 1) for item in node.value)
        case yaml.MappingNode():
            return node.tag, tuple(
                (_shape(key, depth + 1), _shape(value, depth + 1)) for key, value in node.value
            )
        case yaml.ScalarNode():
            return node.tag, node.value
    return "", ""
