"""Copies of a tree that hold the same Python files for every tool, and nothing that configures any of them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle.tree import Tree, files

from comparison.errors import SourceError

IDS = '''\
"""IDs."""

import uuid


class Ids:
    @staticmethod
    def make(prefix: str) -> str:
        return f"{prefix}_{uuid.uuid4().hex}"
'''
_OWN_SOURCE = "ssot_ids.Ids"
_HEAD = '''\
"""Orders."""

import logging
import uuid

log = logging.getLogger(__name__)
'''
_FUNCTION = '''

def place_order_{number}(customer: str, items: list[dict[str, int]]) -> dict[str, object]:
    """Order number {number}: what it costs, and for whom."""
    total = 0
    for item in items:
        if item["price"] < 0:
            raise SourceError(f"order {number}: {{item!r}} has no price")  # uuid
        total += item["price"] * item["count"]
    log.info("placed %s for %s", total, customer)
    return {{"id": {made}, "customer": customer, "total": total}}
'''


@dataclass(frozen=True, slots=True)
class Copy:
    """A copied tree: its files, and the modules of its source of truth."""

    root: Path
    paths: tuple[str, ...]
    tree: Tree

    @property
    def own(self) -> frozenset[str]:
        """The files of the source of truth."""
        return frozenset(self.tree.modules[module] for module in self.tree.opaque)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Bytes by file."""
        return tuple((self.root / path).stat().st_size for path in self.paths)


def copy(tree: Path, target: Path, source: str | None = None, percent: float = 100) -> Copy:
    """Copy a share of the Python files of a tree, the same ones each time; the source of truth is always among them.

    A tree without a source is given one. Raises SourceError if the source is not in the tree.
    """
    paths = files(tree)
    original = Tree(tree, paths)
    needed = original.modules[_source_module(original, source)] if source else None
    for path in paths:
        if path == needed or position(path) < percent / 100:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree / path, target / path)
    return _configured(target, source)


def big_file(target: Path, size: int) -> Copy:
    """A tree of one made-up file of at least `size` bytes, in which every tenth function makes an ID."""
    target.mkdir(parents=True)
    functions = [_HEAD]
    length = len(_HEAD)
    while length < size:
        number = len(functions)
        made = "str(uuid.uuid4())" if number % 10 == 0 else 'f"{customer}-{total}"'
        functions.append(_FUNCTION.format(number=number, made=made))
        length += len(functions[-1])
    (target / "orders.py").write_text("".join(functions), "utf-8")
    return _configured(target, None)


def position(path: str) -> float:
    """Where a path stands between 0 and 1: the same for ever, and as good as random."""
    return int.from_bytes(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()[:8]) / 2**64


def clean_files(paths: Sequence[str], found: Collection[str], number: int) -> tuple[str, ...]:
    """Some of the files in which nothing was found."""
    return tuple(sorted(set(paths).difference(found), key=position)[:number])


def _configured(root: Path, source: str | None) -> Copy:
    if source is None:
        (root / "ssot_ids.py").write_text(IDS, "utf-8")
        source = _OWN_SOURCE
    (root / "ssot-lint.toml").write_text(f'source = "{source}"\nexclude = []\n', "utf-8")
    (root / ".semgrepignore").write_text("# Nothing; the default leaves out tests.\n", "utf-8")
    paths = files(root)
    opaque = _source_module(Tree(root, paths), source)
    return Copy(root, tuple(paths), Tree(root, paths, opaque=frozenset({opaque})))


def _source_module(tree: Tree, source: str) -> str:
    parts = source.split(".")
    for end in range(len(parts), 0, -1):
        module = tree.find(".".join(parts[:end]))
        if module in tree.modules:
            return module
    raise SourceError(f"{source} is in no file of the tree")
