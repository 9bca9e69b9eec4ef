"""Which class or module of a tree is likely the source of truth: it makes IDs, and others import it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssot_lint.adoption.imports import ImportIndex
from ssot_lint.discovery import SourceFile
from ssot_lint.errors import InputError
from ssot_lint.source import Target, learn
from ssot_lint.source.contract import Generator, Source

Progress = Callable[[int, int], None]

_STUDIED = 40
"""Modules that are read thoroughly; the best of them by names and importers."""

_FRESH = re.compile(rb"uuid|ulid|nanoid|secrets|random|token_hex|time_ns|time\(|count\(")
_MAKER = re.compile(
    rb"^[ \t]*(?:async[ \t]+)?def[ \t]+(_*(?:generate|gen|make|create|new|next|build|mint|issue|random)_?\w*"
    rb"(?:[iI]d|ID|uuid|UUID|ulid|identifier)s?(?![a-z])\w*|\w*?_?(?:id|uuid|ulid)s?)[ \t]*\(",
    re.MULTILINE,
)
_TEST = re.compile(r"(?:^|/)tests?/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.pyi?$")
_CLEAR_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A class or module that makes IDs; `target` is its dotted name, below the project's folder `root`.

    `importers` counts the files that import it, `functions` the public ones that it has, `generators` those
    of them that make IDs, `prefixes` the heads of IDs that it writes. `file` is relative to the project.
    """

    target: str
    root: str
    file: str
    row: int
    importers: int
    functions: int
    generators: int
    prefixes: int

    @property
    def share(self) -> float:
        """How much of what it does is making IDs, from 0 to 1."""
        return self.generators / max(self.functions, self.generators)

    @property
    def score(self) -> float:
        """More for what makes more IDs for more files, less for what mostly does something else."""
        return self.importers * (self.generators + self.prefixes) * self.share

    @property
    def is_clear(self) -> bool:
        """Whether it may be chosen without asking anybody."""
        return self.importers > 0 and self.share >= _CLEAR_SHARE


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates, the likeliest first, and a line for each that cannot be read."""

    candidates: tuple[Candidate, ...]
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A module whose text looks as if it made IDs, and how many of its functions are called so."""

    file: SourceFile
    parts: tuple[str, ...]
    makers: int
    names: tuple[str, ...]


def rank(files: Sequence[SourceFile], root: Path, progress: Progress) -> Ranking:
    """The likely sources of truth among the files of a project; tests are none."""
    index = ImportIndex()
    suspects = list(_suspects(files, index, progress))
    suspects.sort(key=lambda each: (-each.makers * _best_root(each.parts, each.names, index)[0], each.parts))
    found: list[Candidate] = []
    unreadable: list[str] = []
    for suspect in suspects[:_STUDIED]:
        try:
            found += _candidates(suspect, root, index)
        except InputError as error:
            unreadable += (item.message for item in error.problems if "not valid" in item.message)
    found.sort(key=lambda each: (-each.score, -each.generators, each.target))
    return Ranking(tuple(found), tuple(unreadable))


def is_test(path: str) -> bool:
    """Whether a path, with forward slashes, is that of a test or of what belongs to tests."""
    return bool(_TEST.search(path))


def _suspects(files: Sequence[SourceFile], index: ImportIndex, progress: Progress) -> Iterator[_Suspect]:
    for number, file in enumerate(files, 1):
        progress(number, len(files))
        try:
            content = Path(file.path).read_bytes()
        except OSError:
            continue
        stem = tuple(file.relative.rpartition(".")[0].split("/"))
        index.add(stem, content)
        parts = stem[:-1] if stem[-1] == "__init__" else stem
        if parts and not is_test(file.relative) and _FRESH.search(content):
            makers = set(_MAKER.findall(content))
            if makers and all(part.isidentifier() for part in parts):
                yield _Suspect(file, parts, len(makers), tuple(_public_names(content)))


def _public_names(content: bytes) -> Iterator[str]:
    for name in re.findall(rb"^(?:class|(?:async[ \t]+)?def)[ \t]+(\w+)", content, re.MULTILINE):
        yield name.decode("utf-8", "replace")


def _best_root(parts: tuple[str, ...], names: Sequence[str], index: ImportIndex) -> tuple[int, int]:
    """How many files import a module, and how many leading parts of its path are no package to them."""
    counts = ((len(index.importers(parts, root, names)), -root) for root in range(len(parts)))
    importers, root = max(counts)
    return importers, -root


def _candidates(suspect: _Suspect, root: Path, index: ImportIndex) -> Iterator[Candidate]:
    """What a module has to offer: its classes that make IDs, and its functions together."""
    _, depth = _best_root(suspect.parts, suspect.names, index)
    source_root = "/".join(suspect.parts[:depth]) or "."
    roots = [root / source_root]
    module = ".".join(suspect.parts[depth:])
    studied = learn([Target(module)], roots, root, {}).sources[0]
    public = _public_functions(Path(suspect.file.path))
    for owner, generators in _by_owner(studied).items():
        target = f"{module}.{owner}" if owner else module
        names = [owner] if owner else [generator.name for generator in generators]
        own = learn([Target(target)], roots, root, {}).sources[0]
        yield Candidate(
            target=target,
            root=source_root,
            file=suspect.file.relative,
            row=own.row,
            importers=len(index.importers(suspect.parts, depth, names)),
            functions=public[owner],
            generators=len(generators),
            prefixes=len(own.prefixes),
        )


def _by_owner(source: Source) -> dict[str, list[Generator]]:
    """The generators of a module by the class that they belong to, empty for those that are functions."""
    found: defaultdict[str, list[Generator]] = defaultdict(list)
    for generator in source.generators:
        inside = generator.qualified.removeprefix(f"{source.target}.")
        found[inside.rpartition(".")[0]].append(generator)
    return found


def _public_functions(file: Path) -> defaultdict[str, int]:
    """How many public functions each class has, and the module itself under the empty name."""
    counts: defaultdict[str, int] = defaultdict(int)
    module = ast.parse(file.read_bytes())
    bodies = [("", module.body)]
    bodies += [(node.name, node.body) for node in module.body if isinstance(node, ast.ClassDef)]
    for owner, body in bodies:
        functions = [node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        counts[owner] = sum(not node.name.startswith("_") for node in functions)
    return counts
