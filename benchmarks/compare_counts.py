"""Compare the findings of `ssot-lint check --select direct-uuid` with the independent count, site by site.

Prints each difference on a line of its own and exits 1 if there is any, 2 if ssot-lint could not run.
Needs Python 3.12 or newer; ssot-lint itself may be installed elsewhere (`--ssot-lint`).
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from count_with_ast import Count, add_tree_arguments, count, open_tree

UNCHECKED = ("unparsable-file", "unreadable-file")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A site by its path from the tree's root and its row and column, from 1."""

    path: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.row}:{self.column}"


@dataclass(frozen=True, slots=True)
class Linted:
    """What ssot-lint reported: its findings, and the files that it could not check."""

    places: list[Place]
    unchecked: set[str]


class LinterError(Exception):
    """ssot-lint did not give a report; the text is what it said."""


def lint(root: Path, command: Sequence[str]) -> Linted:
    """Run `command` in a tree and read its JSON; raises LinterError."""
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    try:
        entries = json.loads(run.stdout)
    except ValueError as error:
        raise LinterError(run.stderr.strip() or f"{shlex.join(command)} printed no JSON") from error
    places: list[Place] = []
    unchecked: set[str] = set()
    for entry in entries:
        path = (root / entry["filename"]).resolve().relative_to(root).as_posix()
        if entry["code"] in UNCHECKED:
            unchecked.add(path)
        else:
            places.append(Place(path, entry["location"]["row"], entry["location"]["column"]))
    return Linted(places, unchecked)


def differences(counted: Count, linted: Linted) -> list[str]:
    """One line for each site, or file, that one side has and the other has not."""
    ours = {Place(site.path, site.row, site.column) for site in counted.sites}
    theirs = Counter(linted.places)
    unread = counted.unparsable.keys()
    return [
        *(f"only counted: {place}" for place in sorted(ours - theirs.keys())),
        *(f"only found by ssot-lint: {place}" for place in sorted(theirs.keys() - ours)),
        *(f"found twice by ssot-lint: {place}" for place, times in sorted(theirs.items()) if times > 1),
        *(f"not parsed by ast alone: {path}" for path in sorted(unread - linted.unchecked)),
        *(f"not checked by ssot-lint alone: {path}" for path in sorted(linted.unchecked - unread)),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_tree_arguments(parser)
    parser.add_argument("--ssot-lint", default="ssot-lint", metavar="COMMAND", help="how to run ssot-lint")
    parser.add_argument(
        "--option", action="append", default=[], help="handed on to `ssot-lint check`, as --option=…"
    )
    arguments = parser.parse_args(argv)
    if sys.version_info < (3, 12):
        parser.error("needs Python 3.12 or newer")
    check = ["check", "--select", "direct-uuid", "--output-format", "json", *arguments.option, "."]
    tree = open_tree(arguments)
    try:
        linted = lint(tree.root, [*shlex.split(arguments.ssot_lint), *check])
    except (LinterError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    counted = count(tree)
    lines = differences(counted, linted)
    print(*lines, sep="\n", end="\n" if lines else "")
    print(f"{len(counted.sites)} sites counted and {len(linted.places)} found in {counted.files} files")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    sys.exit(main())
