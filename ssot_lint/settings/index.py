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
        """`root` is the folder of the defaults; `config`, if given, replaces all that the folders say.

        `faulty` are the settings of files with something wrong in them, as far as they are right.
        """
        self.faulty: list[Settings] = []
        self._root = root
        self._config = config
        self._default: Settings | None = None
        self._own: dict[str, Settings | None] = {}

    def in_directory(self, directory: str) -> Settings | None:
        """The settings of the configuration file that stands in the directory itself; raises InputError."""
        if self._config:
            return None
        if directory not in self._own:
            file = find_in_folder(directory)
            self._own[directory] = self._load(file) if file else None
        return self._own[directory]

    def _load(self, file: Path) -> Settings:
        """Raises InputError; what is right all the same is added to `faulty`."""
        settings, problems = load_sound(file)
        if settings is None or problems:
            self.faulty += [settings] if settings is not None else []
            raise InputError(problems)
        return settings

    def for_directory(self, directory: str) -> Settings:
        """The settings of the nearest configuration file at or above an absolute path; raises InputError."""
        found = next(filter(None, map(self.in_directory, _upwards(directory))), None)
        if found is not None:
            return found
        if self._default is None:
            self._default = self._load(self._config) if self._config else default_settings(self._root)
        return self._default


def load(file: Path) -> Settings:
    """What a configuration file and those that it extends say; raises InputError with all that is wrong."""
    settings, problems = load_sound(file)
    if problems or settings is None:
        raise InputError(problems)
    return settings


def load_sound(file: Path) -> tuple[Settings | None, list[Problem]]:
    """What is right in a configuration file and those that it extends, if anything is, and what is wrong."""
    problems: list[Problem] = []
    layers = read_layers(file, problems)
    settings = merge(layers, layers[0].base, Path(layers[0].base, file.name)) if layers else None
    return settings, problems


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
