"""Count direct uses of raw ID generators in a tree of Python files, by the standard library's `ast` alone.

It is a second opinion on the rule `direct-uuid`: nothing of ssot-lint is imported, and names are resolved
another way. Needs Python 3.12 or newer, since `ast` misplaces what stands inside f-strings before that.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from oracle.flow import Interpreter
from oracle.scopes import External
from oracle.tree import EXCLUDED, Imports, Tree, UnparsableError, files, positions, read

RAW = frozenset({"uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7", "uuid.uuid8"})


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """One use: row and column (code points), from 1, of the callee or of the bare reference."""

    path: str
    row: int
    column: int
    generator: str
    called: bool


@dataclass(frozen=True, slots=True)
class Count:
    """What a tree holds; `unparsable` are the files that name uuid but do not parse, with the error."""

    files: int
    sites: tuple[Site, ...]
    unparsable: dict[str, str]


def sites(tree: Tree, path: str) -> list[Site]:
    """The uses in one file, in order; raises UnparsableError."""
    source = read(tree.root / path)
    position = positions(source)
    found: dict[ast.expr, Site] = {}

    def use(node: ast.expr, value: External, called: bool) -> bool:
        if value.path in RAW:
            found[node] = Site(path, *position(node), value.path, called)
        return value.path in RAW

    Interpreter(Imports(tree, path), use).run(source.tree)
    return sorted(found.values())


def count(tree: Tree) -> Count:
    """The uses in all files of a tree but those of the source of truth."""
    found: list[Site] = []
    unparsable: dict[str, str] = {}
    own = {tree.modules[module] for module in tree.opaque if module in tree.modules}
    for path in tree.paths:
        if path in own or b"uuid" not in (tree.root / path).read_bytes():
            continue
        try:
            found += sites(tree, path)
        except UnparsableError as error:
            unparsable[path] = str(error)
    return Count(len(tree.paths), tuple(found), unparsable)


def open_tree(arguments: argparse.Namespace) -> Tree:
    """The tree that the command line names, without the folders it excludes."""
    root = arguments.tree.resolve()
    paths = files(root, EXCLUDED | set(arguments.exclude))
    tree = Tree(root, paths, ("", "src", *arguments.source_root))
    opaque = {module for module in map(tree.find, arguments.source) if module}
    return Tree(root, paths, tree.source_roots, frozenset(opaque))


def add_tree_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tree", type=Path, help="folder to look at")
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="NAME", help="folder name to leave out"
    )
    parser.add_argument(
        "--source", action="append", default=[], metavar="MODULE", help="module of a source of truth"
    )
    parser.add_argument("--source-root", action="append", default=[], metavar="DIR", help="besides . and src")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_tree_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print every site as JSON")
    arguments = parser.parse_args(argv)
    if sys.version_info < (3, 12):
        parser.error("needs Python 3.12 or newer")
    result = count(open_tree(arguments))
    if arguments.json:
        print(json.dumps(asdict(result), indent=2))
        return 0
    by_generator = Counter(
        (site.generator, "calls" if site.called else "references") for site in result.sites
    )
    for (generator, how), number in sorted(by_generator.items()):
        print(f"{number:7} {how} of {generator}")
    print(f"{len(result.sites):7} in {len({site.path for site in result.sites})} of {result.files} files")
    for path, error in result.unparsable.items():
        print(f"{path}: not parsed: {error}")
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    sys.exit(main())
