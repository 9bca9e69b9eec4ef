"""What a search for the importers of a module finds: frozen, sorted, and free of syntax trees."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from ssot_lint.model import Failure


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A place that names a module: `row` starts at 1, `text` is the import or the string, its space folded.

    An import is `is_local` inside a function, `for_typing` where only type checkers see it, and `is_guarded`
    in a `try`.
    """

    row: int
    text: str
    is_local: bool = False
    for_typing: bool = False
    is_guarded: bool = False


@dataclass(frozen=True, slots=True, order=True)
class ImporterFile:
    """A file and its places in order; `path` is relative to the project's root, with forward slashes."""

    path: str
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True, order=True)
class IndirectImporter:
    """A file that reaches the module through others; `chain` has their paths, that of a direct importer last.

    `for_typing` if there is no way but through imports that only type checkers see.
    """

    path: str
    chain: tuple[str, ...]
    for_typing: bool = False

    @property
    def distance(self) -> int:
        """How many imports lead from the file to the module; of a direct importer it would be 1."""
        return len(self.chain) + 1


@dataclass(frozen=True, slots=True)
class Importers:
    """Who imports `module`, or `name` of it if there is one.

    `file` is the module's own, None if the tree has none. `strings_only` name it in strings and do not import
    it. `indirect` is sorted by distance; None if nobody asked. `failures` are files that may import it and
    cannot be read or cut.
    """

    module: str
    name: str | None
    file: str | None
    direct: tuple[ImporterFile, ...]
    strings_only: tuple[ImporterFile, ...]
    indirect: tuple[IndirectImporter, ...] | None = None
    failures: tuple[Failure, ...] = ()

    @property
    def target(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    def within(self, paths: Container[str]) -> Importers:
        """The same for some of the files only; a chain may lead through others."""
        return replace(
            self,
            direct=tuple(file for file in self.direct if file.path in paths),
            strings_only=tuple(file for file in self.strings_only if file.path in paths),
            indirect=self.indirect and tuple(file for file in self.indirect if file.path in paths),
        )

    @property
    def paths(self) -> frozenset[str]:
        """The files that import it themselves."""
        return frozenset(file.path for file in self.direct)
