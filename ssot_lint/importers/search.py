"""Which files import a module themselves, and which only name it in strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ssot_lint.importers.model import ImporterFile, Site
from ssot_lint.importers.statements import Import, Text
from ssot_lint.importers.tree import File, Target, target_of


class Search:
    """Looks for one target; `roots` are the folders in which modules of the tree are found."""

    def __init__(self, target: Target, roots: Sequence[Path]) -> None:
        self.direct: list[ImporterFile] = []
        self.strings_only: list[ImporterFile] = []
        self._target = target
        self._roots = roots
        self._bytes = target.word.encode()
        self._word = re.compile(rf"\b{re.escape(target.word)}\b")
        self._name = re.compile(rf"\b{re.escape(target.name)}\b") if target.name else None
        self._same_module: dict[str, bool] = {}

    def run(self, files: Iterable[File]) -> None:
        """Fills `direct` and `strings_only`."""
        for file in files:
            content = file.content()
            has_word = self._bytes in content
            if not has_word and not self._is_inside(file, content):
                continue
            text = file.text(content)
            statements = file.statements(text)
            meant = (item for item in file.imports(statements) if self._is_meant(item, file, text))
            sites = [statements.site(item) for item in meant]
            if sites:
                self.direct.append(_importer(file, sites))
                continue
            sites = [item.site for item in statements.texts(self._word) if self._is_named_by(item)]
            if sites and not self._is_own(file):
                self.strings_only.append(_importer(file, sites))

    def _is_inside(self, file: File, content: bytes) -> bool:
        """Whether a file lies in the package that is looked for, and need not name it to import it."""
        target = self._target
        inside = target.is_package and f"{file.module or ''}.".startswith(f"{target.module}.")
        return inside and b"import" in content

    def _is_own(self, file: File) -> bool:
        return Path(file.source.path) == self._target.file

    def _is_meant(self, item: Import, file: File, text: str) -> bool:
        """Whether an import loads the module, and with it the name that is looked for."""
        target = self._target
        if self._is_own(file):
            return False
        if target.file is None:
            return target.module in (item.loads, item.module)
        if item.loads == target.module:
            return self._name is None or self._name.search(text) is not None
        if item.module != target.module or item.name is None:
            return False
        return target.name in (None, item.name) or item.name == "*"

    def _is_named_by(self, text: Text) -> bool:
        target = self._target
        begin = f"{target.module}.{target.name}." if target.name else f"{target.module}."
        return f"{text.dotted}.".startswith(begin) and self._is_of_module(text.dotted)

    def _is_of_module(self, dotted: str) -> bool:
        """Whether a dotted name below the module's is of the module, and not of another one inside of it."""
        if dotted not in self._same_module:
            self._same_module[dotted] = target_of(dotted, self._roots).file == self._target.file
        return self._same_module[dotted]


def _importer(file: File, sites: Iterable[Site]) -> ImporterFile:
    return ImporterFile(file.path, tuple(sorted(set(sites))))
