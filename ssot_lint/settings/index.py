"""From a folder to its settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ssot_lint.errors import InputError, Problem
from ssot_lint.settings.files import find_in_folder, read_layers
from ssot_lint.settings.merge import merge
from ssot_lint.settings.values import Settings


class SettingsIndex:
    """The settings of every folder that one run meets; reads each configuration file once."""

    def __init__(self, root: Path, config: Path | None = None) -> None:
        """`root` is the folder of the defaults; `config`, if given, replaces all that the folders say."""
        self._forced = load(config) if config else None
        self._default = self._forced or default_settings(root)
        self._own: dict[str, Settings | None] = {}

    def in_directory(self, directory: str) -> Settings | None:
        """The settings of the configuration file that stands in the directory itself; raises InputError."""
        if self._forced:
            return None
        if directory not in self._own:
            file = find_in_folder(directory)
            self._own[directory] = load(file) if file else None
        return self._own[directory]

    def for_directory(self, directory: str) -> Settings:
        """The settings of the nearest configuration file at or above an absolute path; raises InputError."""
        found = filter(None, map(self.in_directory, _upwards(directory)))
        return next(found, self._default)


def load(file: Path) -> Settings:
    """What a configuration file and those that it extends say; raises InputError with all that is wrong."""
    problems: list[Problem] = []
    layers = read_layers(file, problems)
    if problems:
        raise InputError(problems)
    return merge(layers, layers[0].base, Path(layers[0].base, file.name))


def default_settings(root: Path) -> Settings:
    """The settings of a project without a configuration file."""
    return merge([], os.path.normpath(root.absolute()), None)


def find_config(directory: Path) -> Path | None:
    """The nearest configuration file at or above a directory."""
    found = map(find_in_folder, _upwards(os.path.normpath(directory.absolute())))
    return next(filter(None, found), None)


def project_root(directory: Path) -> Path:
    """The nearest folder with a configuration file, else the one with `.git`, else the directory itself."""
    start = os.path.normpath(directory.absolute())
    if config := find_config(directory):
        return config.parent
    folders = map(Path, _upwards(start))
    return next((folder for folder in folders if (folder / ".git").exists()), Path(start))


def _upwards(directory: str) -> Iterator[str]:
    """An absolute path and those of all the folders that it lies in, nearest first."""
    yield directory
    yield from map(str, Path(directory).parents)
