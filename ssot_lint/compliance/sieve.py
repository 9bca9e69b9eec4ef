"""Which paths of a tree that may lie in the past would be checked if they were there today."""

from __future__ import annotations

import os
from pathlib import Path

from ssot_lint.discovery.folder import CONFIGURATION, PYTHON, Folder, first_folder, special_names
from ssot_lint.settings import Settings, SettingsIndex


class Sieve:
    """Decides by the configuration and the `.gitignore` files of the working tree.

    All paths are relative to the project's root, with forward slashes.
    """

    def __init__(self, root: Path, index: SettingsIndex) -> None:
        self._root = str(root)
        self._index = index
        self._folders: dict[str, Folder | None] = {}

    def folder(self, path: str) -> Folder | None:
        """The folder at a path, None if it is left out; the root is the empty path."""
        if path not in self._folders:
            self._folders[path] = self._reached(path)
        return self._folders[path]

    def settings(self, path: str) -> Settings | None:
        """The settings of the Python file at a path, None if it would not be checked."""
        if not path.endswith(PYTHON):
            return None
        parent, _, name = path.rpartition("/")
        folder = self.folder(parent)
        return None if folder is None or folder.leaves_out(name, False) else folder.settings

    def ignored_rules(self, path: str) -> frozenset[str]:
        """The rules that would not run in the file at a path, beside those that run nowhere."""
        settings = self.settings(path)
        return frozenset() if settings is None else settings.ignored_in(str(Path(self._root, path)))

    def _reached(self, path: str) -> Folder | None:
        if not path:
            settings = self._index.for_directory(self._root)
            return self._entered(first_folder(self._root, self._root, settings))
        parent, _, name = path.rpartition("/")
        above = self.folder(parent)
        if above is None or above.leaves_out(name, True):
            return None
        return self._entered(above.child(name))

    def _entered(self, folder: Folder) -> Folder:
        special = special_names(folder.path)
        if special & CONFIGURATION and (own := self._index.in_directory(os.path.normpath(folder.path))):
            folder = folder.with_settings(own)
        return folder.with_ignore_files(special)
