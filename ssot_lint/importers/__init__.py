"""Who imports a module of the tree: by which statements, only in strings, and through which other modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ssot_lint.discovery import SourceFile
from ssot_lint.importers.model import ImporterFile, Importers, IndirectImporter, Site
from ssot_lint.importers.search import Search
from ssot_lint.importers.tree import File, Read, target_of
from ssot_lint.settings import relative_path

__all__ = ["ImporterFile", "Importers", "IndirectImporter", "Site", "importers_of"]


def importers_of(
    dotted: str,
    files: Sequence[SourceFile],
    root: Path,
    read: Read | None = None,
    *,
    transitive: bool = False,
) -> Importers:
    """The files among `files`, of the project at `root`, that import a module or a name in it.

    Nothing is run. The module is the longest beginning of `dotted` that is one of the tree; if none is, all
    of it. With `transitive`, also those that reach it through others of the files.
    """
    roots = list(dict.fromkeys(folder for file in files for folder in file.settings.source_roots))
    target = target_of(dotted, roots)
    tree = [File(file, read or _read) for file in files]
    search = Search(target, roots)
    search.run(tree)
    indirect = tuple(_indirect(tree, search.direct)) if transitive else None
    return Importers(
        module=target.module,
        name=target.name,
        file=relative_path(str(target.file), str(root)) if target.file is not None else None,
        direct=tuple(search.direct),
        strings_only=tuple(search.strings_only),
        indirect=indirect,
        failures=tuple(file.failure for file in tree if file.failure is not None),
    )


def _read(file: SourceFile) -> bytes:
    return Path(file.path).read_bytes()


def _indirect(tree: Sequence[File], direct: Sequence[ImporterFile]) -> Iterator[IndirectImporter]:
    from ssot_lint.importers.graph import Graph  # only this asks about the imports of all files

    graph = Graph(tree)
    importing = {file.path for file in direct}
    running = {file.path for file in direct if not all(site.for_typing for site in file.sites)}
    at_run_time = graph.chains(running, with_typing=False)
    for path, chain in graph.chains(importing, with_typing=True).items():
        if path in at_run_time:
            yield IndirectImporter(path, at_run_time[path])
        else:
            yield IndirectImporter(path, chain, for_typing=True)
