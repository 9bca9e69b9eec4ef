"""One folder of the walk: what stands in it, and what is left out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from pathlib import Path

from ssot_lint.gitignore import PatternSet, compile_patterns, path_below, pattern_lines
from ssot_lint.settings import Settings, relative_path

PYTHON = (".py", ".pyi")
NOTEBOOK = ".ipynb"
CONFIGURATION = frozenset({"pyproject.toml", "ssot-lint.toml"})
_SPECIAL = CONFIGURATION | {".git", ".gitignore"}
_WANTED = (*PYTHON, NOTEBOOK)

Frame = tuple[PatternSet, str]
"""Patterns, and the path to the folder at hand from the one that they stand in, with a slash at its end."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that matter in a folder (and whether each is a link), its folders, its special names."""

    files: list[tuple[str, bool]]
    folders: list[str]
    special: set[str]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder and all that holds in it; `path`, `real` and `relative` end in a separator.

    `real` is the path without links, `relative` the path from the project's root. The frames of `ignore` come
    from `.gitignore` files, the nearest first.
    """

    path: str
    real: str
    relative: str
    settings: Settings
    exclude: tuple[Frame, ...]
    ignore: tuple[Frame, ...]

    def child(self, name: str) -> Folder:
        """A folder in this folder, before anything that stands in it is known."""
        return Folder(
            f"{self.path}{name}{os.sep}",
            f"{self.real}{name}{os.sep}",
            f"{self.relative}{name}/",
            self.settings,
            tuple([(patterns, f"{prefix}{name}/") for patterns, prefix in self.exclude]),
            tuple([(patterns, f"{prefix}{name}/") for patterns, prefix in self.ignore]),
        )

    def with_settings(self, settings: Settings) -> Folder:
        """The folder under the settings of its own configuration file."""
        return replace(self, settings=settings, exclude=tuple(_exclude_frames(settings, self.path)))

    def with_ignore_files(self, special: Set[str]) -> Folder:
        """The folder under its own `.gitignore`; where a repository begins, nothing above it counts."""
        frames = self.ignore
        if ".git" in special:
            frames = _frames(_git_directory(Path(self.path, ".git")) / "info" / "exclude")
        if ".gitignore" in special:
            frames = _frames(Path(self.path, ".gitignore")) + frames
        return self if frames is self.ignore else replace(self, ignore=frames)

    def excludes(self, name: str, is_folder: bool) -> bool:
        """Whether the settings exclude an entry of the folder."""
        return any(patterns.decide(name, prefix + name, is_folder) for patterns, prefix in self.exclude)

    def leaves_out(self, name: str, is_folder: bool) -> bool:
        """Whether the settings or the `.gitignore` files leave an entry of the folder out."""
        for patterns, prefix in self.exclude:
            if patterns.decide(name, prefix + name, is_folder):
                return True
        if self.settings.respect_gitignore:
            for patterns, prefix in self.ignore:
                verdict = patterns.decide(name, prefix + name, is_folder)
                if verdict is not None:
                    return verdict
        return False


def first_folder(path: str, root: str, settings: Settings) -> Folder:
    """The folder at an absolute path with which a walk begins; `root` is the project's.

    The `.gitignore` files above it hold in it if it lies in a repository, even if they name it.
    """
    start = _repository(path) or path
    folder = Folder(_with_separator(start), "", "", settings, (), ())
    for name in (path_below(start, path) or "").split("/"):
        if name:
            folder = folder.with_ignore_files(special_names(folder.path)).child(name)
    real = _with_separator(os.path.realpath(path))
    relative = "" if path == root else relative_path(path, root) + "/"
    return replace(folder, real=real, relative=relative).with_settings(settings)


def list_folder(path: str) -> Listing:
    """What matters in a folder; raises OSError."""
    listing = Listing([], [], set())
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if name in _SPECIAL:
                listing.special.add(name)
            elif entry.is_dir(follow_symlinks=False):
                listing.folders.append(name)
            elif name.endswith(_WANTED) and (entry.is_file(follow_symlinks=False) or entry.is_symlink()):
                listing.files.append((name, entry.is_symlink()))
    return listing


def special_names(path: str) -> set[str]:
    """The names in a folder that change what holds in it; `path` ends in a separator."""
    return {name for name in _SPECIAL if os.path.lexists(path + name)}


def _exclude_frames(settings: Settings, path: str) -> Iterator[Frame]:
    for globs in settings.exclude:
        inside = path_below(globs.base, os.path.normpath(path))
        yield globs.patterns, f"{inside}/" if inside else ""


def _repository(path: str) -> str | None:
    """The folder with `.git` at or above an absolute path."""
    folders = (Path(path), *Path(path).parents)
    return next((str(folder) for folder in folders if os.path.lexists(folder / ".git")), None)


def _git_directory(git: Path) -> Path:
    """Where git keeps what all work trees of a repository share; a `.git` that is a file leads there."""
    if not git.is_file():
        return git
    directory = git.parent / _read(git).removeprefix("gitdir:").strip()
    return directory / _read(directory / "commondir").strip()


def _frames(file: Path) -> tuple[Frame, ...]:
    """The patterns of a file in its own folder, none if it cannot be read, as git has it."""
    patterns = compile_patterns(pattern_lines(_read(file)))
    return ((patterns, ""),) if patterns.patterns else ()


def _read(file: Path) -> str:
    """The text of one of git's files, empty if it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _with_separator(path: str) -> str:
    return path if path.endswith(os.sep) else path + os.sep
