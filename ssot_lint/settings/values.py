"""The settings of the files of one folder, as the rest of the program sees them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any

from ssot_lint.errors import Problem
from ssot_lint.gitignore import Globs
from ssot_lint.settings.options import Override, RuleOptions, StaleBaseline
from ssot_lint.typed import did_you_mean, dotted

_WITHOUT_EFFECT = ("baseline", "stale-baseline", "cache-dir")


@dataclass(frozen=True, slots=True)
class Source:
    """A single source of truth by its dotted name; it serves the files that `paths` covers, all if None."""

    target: str
    paths: Globs | None = None


@dataclass(frozen=True, slots=True)
class FileIgnores:
    """Rules that do not run in the files that `paths` covers, or `others`; `glob` is the key in the file."""

    glob: str
    paths: Globs
    others: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured for the files of one folder; all paths are absolute.

    `file` is the configuration file and `base` its folder; without a file, the project's root. `exclude` are
    groups of patterns, one for each folder that they stand in. `select` is None where the default rules run.
    `target_python` is None where the oldest Python that must run the code is not known. `origins` tells for
    each key that is written somewhere in which file that is, and under which dotted key.
    """

    file: Path | None
    base: Path
    sources: tuple[Source, ...]
    source_roots: tuple[Path, ...]
    exclude: tuple[Globs, ...]
    respect_gitignore: bool
    select: tuple[str, ...] | None
    ignore: tuple[str, ...]
    per_file_ignores: tuple[FileIgnores, ...]
    rule_paths: tuple[Path, ...]
    rules: Mapping[str, RuleOptions]
    overrides: Mapping[str, Override]
    require_reason: bool
    baseline: Path
    stale_baseline: StaleBaseline
    cache_dir: Path
    target_python: tuple[int, int] | None
    origins: Mapping[str, tuple[str, str]]

    def sources_for(self, path: str) -> tuple[Source, ...]:
        """The sources that serve the file at an absolute path; those that name their files come first."""
        serving = [each for each in self.sources if each.paths is None or each.paths.covers(path)]
        return tuple(sorted(serving, key=lambda each: each.paths is None))

    def runs(self, rule: str, by_default: bool = True) -> bool:
        """Whether a rule is to run, given whether it does so where nothing is selected."""
        return rule not in self.ignore and (by_default if self.select is None else rule in self.select)

    def ignored_in(self, path: str) -> frozenset[str]:
        """The rules that do not run in the file at an absolute path, beside those in `ignore`."""
        matching = (each for each in self.per_file_ignores if each.paths.covers(path) != each.others)
        return frozenset(rule for each in matching for rule in each.rules)

    def where(self, key: str) -> tuple[str, str]:
        """The file and the dotted key in it to name in a problem with a key such as `rules.NAME.params`."""
        return self.origins.get(key, ((self.file or self.base).as_posix(), key))

    @property
    def digest(self) -> str:
        """64 hex digits that change with all that can change a finding, but not when the project is moved."""
        import json
        from hashlib import sha256

        table = {key: value for key, value in _as_table(self).items() if key not in _WITHOUT_EFFECT}
        return sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def check_rule_names(settings: Settings, known: Collection[str]) -> list[Problem]:
    """A problem for each place where the settings name a rule that is not among the known ones."""
    places = [("select", rule) for rule in settings.select or ()]
    places += [("ignore", rule) for rule in settings.ignore]
    places += [(dotted("rules", rule), rule) for rule in settings.rules]
    for each in settings.per_file_ignores:
        places += [(dotted("per-file-ignores", each.glob), rule) for rule in each.rules]
    return [
        Problem(*settings.where(key), f'there is no rule "{rule}"{did_you_mean(rule, known)}')
        for key, rule in places
        if rule not in known
    ]


def render(settings: Settings) -> str:
    """The settings as JSON for people to read; paths are relative to `base`."""
    import json

    head = {"file": settings.file and settings.file.as_posix(), "base": settings.base.as_posix()}
    return json.dumps(head | _as_table(settings), indent=2, ensure_ascii=False)


def relative_path(path: str, base: str) -> str:
    """`path` as seen from the folder `base`, with forward slashes; unchanged on another Windows drive."""
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:
        return Path(path).as_posix()


def _as_table(settings: Settings) -> dict[str, object]:
    base = str(settings.base)
    table = _plain_fields(settings, base)
    if settings.target_python:
        table["target-python"] = ".".join(map(str, settings.target_python))
    return {key: value for key, value in table.items() if key not in ("file", "base", "origins")}


def _plain_fields(value: Any, base: str) -> dict[str, object]:
    names = [field.name for field in fields(value) if field.repr]
    return {name.replace("_", "-"): _plain(getattr(value, name), base) for name in names}


def _plain(value: object, base: str) -> object:
    """A value as JSON has it."""
    if isinstance(value, Path):
        return relative_path(str(value), base)
    if isinstance(value, Globs):
        return {"base": relative_path(value.base, base), "lines": list(value.lines)}
    if is_dataclass(value):
        return _plain_fields(value, base)
    if isinstance(value, Mapping):
        return {key: _plain(each, base) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each, base) for each in value]
    return value if isinstance(value, (str, int, float, NoneType)) else str(value)
