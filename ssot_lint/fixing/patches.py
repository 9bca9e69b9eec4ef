"""Changed files as unified diffs that `git apply` and `patch -p1` take, a patch for each group of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

_CONTEXT = 3
_SPACE, _DELETE = 32, 127
_NO_END = b"\\ No newline at end of file\n"
_PLAIN_PATH = re.compile(r"[ !#-\[\]-~]+")
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
_UNSAFE = re.compile(r"[^\w.@+-]+")


Opcode: TypeAlias = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class FileChange:
    """The bytes of a file before and after; `path` is relative to the root, with forward slashes."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Patch:
    """Several files' changes; `name` is a file name without ending that no other patch has."""

    name: str
    group: str
    content: bytes


def diff(change: FileChange) -> bytes:
    """One file's change as a unified diff in the manner of git; empty if there is none."""
    old, new = _lines(change.before), _lines(change.after)
    hunks = [_hunk(old, new, group) for group in _groups(old, new)]
    if not hunks:
        return b""
    a, b = _quoted(f"a/{change.path}"), _quoted(f"b/{change.path}")
    tab = "\t" if " " in change.path and a[0] != '"' else ""
    header = f"diff --git {a} {b}\n--- {a}{tab}\n+++ {b}{tab}\n"
    return header.encode("utf-8", "surrogateescape") + b"".join(hunks)


def group(
    changes: Iterable[FileChange], group_of: Callable[[str], str], unnamed: str = "other"
) -> tuple[Patch, ...]:
    """A patch for each group of files, in the order of their groups; `group_of` is asked for each path."""
    groups: dict[str, list[FileChange]] = {}
    for change in sorted(changes, key=lambda item: item.path):
        groups.setdefault(group_of(change.path), []).append(change)
    names: set[str] = set()
    patches = []
    for key, members in sorted(groups.items()):
        name = _name(key or unnamed, names)
        names.add(name.lower())
        patches.append(Patch(name, key, b"".join(map(diff, members))))
    return tuple(patches)


def directory_of(path: str, depth: int = 1) -> str:
    """The first `depth` folders of a path; empty for a file at the root."""
    return "/".join(path.split("/")[:-1][:depth])


def _name(key: str, names: set[str]) -> str:
    """A file name for a group, also where upper and lower case are the same."""
    plain = _UNSAFE.sub("-", key).strip("-.") or "patch"
    name, count = plain, 1
    while name.lower() in names:
        count += 1
        name = f"{plain}-{count}"
    return name


def _lines(content: bytes) -> list[bytes]:
    """Lines as diff sees them: only a line feed ends one."""
    lines = content.split(b"\n")
    return [*(line + b"\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def _groups(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Sequence[Opcode]]:
    """The differences with their context; what both have at the start and at the end is not compared."""
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - head
    tail = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    head, tail = max(head - _CONTEXT, 0), max(tail - _CONTEXT, 0)
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for codes in matcher.get_grouped_opcodes(_CONTEXT):
        yield [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in codes]


def _hunk(old: Sequence[bytes], new: Sequence[bytes], codes: Sequence[Opcode]) -> bytes:
    first, last = codes[0], codes[-1]
    ranges = f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
    pieces = [ranges.encode("ascii")]
    for tag, old_start, old_end, new_start, new_end in codes:
        if tag == "equal":
            pieces.extend(_marked(b" ", old[old_start:old_end]))
        else:
            pieces.extend(_marked(b"-", old[old_start:old_end]))
            pieces.extend(_marked(b"+", new[new_start:new_end]))
    return b"".join(pieces)


def _range(start: int, end: int) -> str:
    """A range of lines as the header of a hunk has it; an empty one stands behind the line before."""
    length = end - start
    if length == 1:
        return f"{start + 1}"
    return f"{start + 1 if length else start},{length}"


def _marked(mark: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield mark + line if line.endswith(b"\n") else mark + line + b"\n" + _NO_END


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes with octal bytes, if it has anything but plain characters."""
    if _PLAIN_PATH.fullmatch(path):
        return path
    octets = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(_escaped(octet) for octet in octets) + '"'


def _escaped(octet: int) -> str:
    if octet in _ESCAPES:
        return f"\\{_ESCAPES[octet]}"
    return chr(octet) if _SPACE <= octet < _DELETE else f"\\{octet:03o}"
