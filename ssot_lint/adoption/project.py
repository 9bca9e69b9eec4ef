"""The project that takes ssot-lint into use, before and after it is configured."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssot_lint.adoption.configuration import Configuration, render
from ssot_lint.cache_folder import CacheUse
from ssot_lint.checking import Checker
from ssot_lint.discovery import SourceFile, discover
from ssot_lint.engine.pool import Workers
from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Failure, Finding
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import Settings, SettingsIndex
from ssot_lint.settings.files import OWN_FILE, SHARED_FILE, Layer
from ssot_lint.settings.merge import merge
from ssot_lint.settings.options import Options
from ssot_lint.typed import read_table

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Project:
    """`folder` is where the configuration is or will be, `repository` the top of the git work tree around it.

    `files` are those with the settings of the folder itself, not of a configuration further down.
    """

    folder: Path
    repository: Path | None
    settings: Settings
    files: tuple[SourceFile, ...]

    @property
    def is_configured(self) -> bool:
        return self.settings.file is not None

    @property
    def path_in_repository(self) -> str:
        """The folder as seen from the top of the repository, with forward slashes."""
        return self.folder.relative_to(self.repository or self.folder).as_posix()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check of the project gave, sorted by path."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]


def find_project(cwd: Path) -> Project:
    """The project around a folder: the nearest with a configuration or a pyproject.toml, else the repository.

    Raises InputError for configuration that is wrong.
    """
    places = (cwd, *cwd.parents)
    repository = next((place for place in places if (place / ".git").exists()), None)
    inside = (cwd,) if repository is None else places[: places.index(repository) + 1]
    marked = (place for place in inside if any((place / name).is_file() for name in (OWN_FILE, SHARED_FILE)))
    nearest = next(marked, None) or repository or cwd
    index = SettingsIndex(nearest)
    settings = index.for_directory(str(nearest))
    folder = settings.base
    files = [file for file in discover([folder], index, folder).files if file.settings is settings]
    return Project(folder, repository, settings, tuple(files))


def configured(project: Project, configuration: Configuration) -> Project:
    """The project as it will be when the configuration is written."""
    name = (project.folder / OWN_FILE).as_posix()
    table = tomllib.loads(render(configuration, ""))
    problems: list[Problem] = []
    options = read_table(Options, table, name, "", problems)
    if options is None:
        raise InputError(problems)
    written = frozenset(key.replace("-", "_") for key in table)
    layer = Layer(name, "", str(project.folder), options, written)
    settings = merge([layer], str(project.folder), Path(name))
    files = tuple(file._replace(settings=settings) for file in project.files)
    return replace(project, settings=settings, files=files)


def check(project: Project, progress: Progress, cache: CacheUse | None) -> Outcome:
    """The findings of the whole project, accepted or not; raises InputError for a source that is none."""
    workers = Workers()
    planner = Planner(project.folder, Selection(), cache=cache)
    try:
        checked = Checker(project.folder, planner, cache).check(project.files, _content, workers, progress)
    finally:
        workers.close()
    return Outcome(
        tuple(sorted(checked.findings, key=lambda finding: finding.sort_key)),
        tuple(sorted(checked.failures, key=lambda failure: failure.path)),
    )


def hosts(project: Project) -> Sequence[str]:
    """Which of `github` and `gitlab` the project is likely hosted on, by its files and its remotes."""
    if project.repository is None:
        return ()
    remotes = _remotes(project.repository)
    signs = {"github": project.repository / ".github", "gitlab": project.repository / ".gitlab-ci.yml"}
    return [host for host, sign in signs.items() if sign.exists() or host in remotes]


def ignored(repository: Path, files: Iterable[Path]) -> list[str]:
    """Those of the files that git would not take in when it is asked to add all, seen from its top."""
    names = [file.relative_to(repository).as_posix() for file in files if file.is_relative_to(repository)]
    return _git(repository, "-c", "core.quotePath=false", "check-ignore", *names).splitlines()


def _remotes(repository: Path) -> str:
    return _git(repository, "remote", "--verbose")


def _git(repository: Path, *arguments: str) -> str:
    """What git says, nothing if it cannot say it."""
    try:
        command = ["git", "-C", str(repository), *arguments]
        found = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    except OSError:
        return ""
    return found.stdout


def _content(file: SourceFile) -> bytes:
    return Path(file.path).read_bytes()
