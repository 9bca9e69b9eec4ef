"""Who reaches a module through others: a walk against the direction of the imports.

An import of `a.b.c` counts as one of that module alone, though Python runs `a` and `a.b` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ssot_lint.importers.statements import Import
from ssot_lint.importers.tree import File

_STATEMENT = re.compile(r"import[^\n(]*(?:\\\r?\n[^\n(]*)*(?:\([^)]*\))?[^\n]*")
_WORD = re.compile(r"[^\W\d]\w*")


class Graph:
    """The imports between `files`; a file is cut and parsed only when the walk comes near it."""

    def __init__(self, files: Sequence[File]) -> None:
        self._files = {file.path: file for file in files}
        self._by_module: dict[str, File] = {}
        for file in files:
            if file.module is not None and (file.is_package or file.module not in self._by_module):
                self._by_module[file.module] = file
        self._by_word = self._index()
        self._loaded: dict[str, tuple[set[str], set[str]]] = {}

    def chains(self, direct: Iterable[str], with_typing: bool) -> dict[str, tuple[str, ...]]:
        """The files that reach one of the files `direct`, each with a shortest way there, nearest first.

        With `with_typing`, imports count too that only type checkers see.
        """
        chains: dict[str, tuple[str, ...]] = dict.fromkeys(direct, ())
        level = sorted(chains)
        while level:
            following: dict[str, tuple[str, ...]] = {}
            for path in level:
                for importer in self._importers(self._files[path], with_typing):
                    if importer not in chains:
                        following.setdefault(importer, (path, *chains[path]))
            level = sorted(following)
            chains |= {path: following[path] for path in level}
        return {path: chain for path, chain in chains.items() if chain}

    def _index(self) -> dict[str, list[File]]:
        """The files by each module's name that stands in their imports, or in what looks like them."""
        by_word: dict[str, list[File]] = {module.rpartition(".")[2]: [] for module in self._by_module}
        for file in self._files.values():
            text = file.text(file.content())
            words: set[str] = set()
            for match in _STATEMENT.finditer(text):
                start = text.rfind("\n", 0, match.start()) + 1
                words.update(_WORD.findall(text, start, match.end()))
            for word in words & by_word.keys():
                by_word[word].append(file)
        return by_word

    def _importers(self, file: File, with_typing: bool) -> Iterator[str]:
        if file.module is None or self._by_module[file.module] is not file:
            return
        candidates = self._by_word[file.module.rpartition(".")[2]]
        if file.is_package:
            candidates = [*candidates, *self._inside(file.module)]
        yield from (other.path for other in candidates if file.path in self._loads(other, with_typing))

    def _inside(self, package: str) -> Iterator[File]:
        """The files of a package, which need not name it to import from it."""
        return (file for name, file in self._by_module.items() if name.startswith(f"{package}."))

    def _loads(self, file: File, with_typing: bool) -> set[str]:
        """The files whose modules a file imports."""
        if file.path not in self._loaded:
            at_run_time: set[str] = set()
            for_typing: set[str] = set()
            statements = file.statements(file.text(file.content()))
            for item in file.imports(statements):
                found = self._module(item)
                if found is not None:
                    (for_typing if statements.is_for_typing(item) else at_run_time).add(found.path)
            self._loaded[file.path] = at_run_time, for_typing
        at_run_time, for_typing = self._loaded[file.path]
        return at_run_time | for_typing if with_typing else at_run_time

    def _module(self, item: Import) -> File | None:
        """The module that an import loads: what it names if that is one, else where the name comes from."""
        found = self._by_module.get(item.loads)
        return found if found is not None or item.name is None else self._by_module.get(item.module)
