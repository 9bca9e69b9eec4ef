"""One of several parts of a run: which files are its own, and what it leaves to be settled with the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from ssot_lint.acceptance import Held, sparing
from ssot_lint.baseline import Match, content
from ssot_lint.catalogue import Rule
from ssot_lint.discovery import Discovery, SourceFile
from ssot_lint.model import Finding, Ledger, Share, Surplus, in_order
from ssot_lint.settings import Settings, StaleBaseline, relative_path


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `index`, from 1, of `count`."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Reads `2/3`; raises ValueError that says what is wrong."""
        index, _, count = text.partition("/")
        if not all(number.isascii() and number.isdigit() for number in (index, count)):
            raise ValueError(f"{text!r} is not of the form I/N, such as 1/3")
        shard = cls(int(index), int(count))
        if not 1 <= shard.index <= shard.count:
            raise ValueError(f"{text!r} names no part: I goes from 1 to N")
        return shard


@dataclass(frozen=True, slots=True)
class Cut:
    """What `shard` has to check, and the `others` among the files of the run, by their relative paths.

    `files` is a digest of the names and sizes of all files of the run.
    """

    shard: Shard
    own: Discovery
    others: frozenset[str]
    files: str


def cut(found: Discovery, shard: Shard) -> Cut:
    """Lays all files end to end, in an order that mixes folders, and gives the shard those whose middles lie
    in its stretch.

    So shards differ by hardly more than the size of a file, on every machine the same, and a change moves few
    files to other shards. What could not be listed is nobody's; the first shard tells of it.
    """
    sizes = {file.relative: _size(file) for file in found.files}
    total = sum(sizes.values())
    own = set()
    end = 0
    for path in sorted(sizes, key=_digest):
        end += sizes[path]
        if (2 * end - sizes[path]) * shard.count // (2 * total) == shard.index - 1:
            own.add(path)
    files = tuple(file for file in found.files if file.relative in own)
    failures = found.failures if shard.index == 1 else ()
    return Cut(
        shard=shard,
        own=replace(found, files=files, failures=failures),
        others=frozenset(sizes.keys() - own),
        files=_digest(repr(sorted(sizes.items()))),
    )


def share(
    cut: Cut,
    asked: object,
    settings: Iterable[Settings],
    rules: Iterable[Rule],
    held: Iterable[Held],
    root: Path,
) -> Share:
    """What the report on a shard says beside its findings; `asked` are the flags that can change these."""
    accepting = [each for each in held if each.before]
    setup = (
        asked,
        sorted({each.digest for each in settings}),
        sorted({repr(replace(rule, file=Path(rule.file.name))) for rule in rules}),
        [sorted((each.before or {}).items()) for each in accepting],
    )
    return Share(
        index=cut.shard.index,
        count=cut.shard.count,
        setup=_digest(repr(setup)),
        files=cut.files,
        ledgers=tuple(_ledger(each, root) for each in accepting),
    )


def _ledger(held: Held, root: Path) -> Ledger:
    accepted = {content(identity) for identity in held.before or ()}
    movable = (each for each in held.match.new if content(each.identity) in accepted)
    return Ledger(
        file=relative_path(str(held.file), str(root)),
        when_stale=held.when_stale if held.seen.paths is None else StaleBaseline.OFF,
        surplus=tuple(Surplus(each, tuple(_spared_for(each, held.match))) for each in movable),
        left=held.match.left,
        looked=held.match.looked,
    )


def _spared_for(moved: Finding, match: Match) -> Iterator[Finding]:
    """The new findings that are reported in another way if `moved` is accepted, too."""
    here = [each for each in match.new if each.path == moved.path]
    before = sparing(here, match.covered)
    after = sparing(here, in_order([*match.covered, moved]))
    return (new for old, new in zip(before, after, strict=True) if old != new)


def _size(file: SourceFile) -> int:
    """In bytes, and one more, so that each file takes up some of the whole."""
    try:
        return os.stat(file.path).st_size + 1  # noqa: PTH116 - thousands of files
    except OSError:
        return 1


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
