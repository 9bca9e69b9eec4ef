"""What one configuration file may say: the keys of `[tool.ssot-lint]`, their types, defaults and meaning.

The reader of the file, its JSON Schema and its documentation all come from the fields below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from ssot_lint.model import Severity
from ssot_lint.typed import OtherKeys, Shape

DEFAULT_EXCLUDE = (
    "*.egg-info/",
    ".bzr/",
    ".direnv/",
    ".eggs/",
    ".git/",
    ".hg/",
    ".hypothesis/",
    ".ipynb_checkpoints/",
    ".mypy_cache/",
    ".nox/",
    ".pants.d/",
    ".pyenv/",
    ".pytest_cache/",
    ".pytype/",
    ".ruff_cache/",
    ".ssot-lint-cache/",
    ".svn/",
    ".tox/",
    ".venv/",
    "__pycache__/",
    "__pypackages__/",
    "_build/",
    "backup/",
    "backups/",
    "buck-out/",
    "build/",
    "dist/",
    "node_modules/",
    "site-packages/",
    "venv/",
)

DOTTED_NAME = Shape(r"[^\s.:\d][^\s.:]*(\.[^\s.:\d][^\s.:]*)*", "package.module.Class")
MINOR_VERSION = Shape(r"3\.\d+", "3.8")
NOT_EMPTY = Shape(r".+", "name")


class StaleBaseline(StrEnum):
    """What a run makes of baseline entries that cover nothing any more."""

    WARN = "warn"
    ERROR = "error"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """One of several sources of truth."""

    target: Annotated[str, "The dotted name of a class, a module or a function.", DOTTED_NAME]
    paths: Annotated[tuple[str, ...], "Globs of the files that it serves; without any, all."] = ()


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """What a project changes about one rule; parameters may stand in the table itself or in `params`."""

    severity: Annotated[Severity | None, "The severity of its findings."] = None
    params: Annotated[Mapping[str, Any], "Parameters over those of its page."] = field(default_factory=dict)
    others: Annotated[Mapping[str, Any], OtherKeys()] = field(default_factory=dict, repr=False)

    @property
    def all_params(self) -> Mapping[str, Any]:
        return {**self.params, **self.others}


@dataclass(frozen=True, slots=True)
class Override:
    """What is taken for granted about one generator, because its code does not show it."""

    roles: Annotated[tuple[str, ...] | None, "The roles of the IDs that it returns, in order."] = None
    prefixes: Annotated[tuple[str, ...] | None, "The prefixes that it owns."] = None
    prefix_parameter: Annotated[str | None, "The parameter that takes the prefix of the ID."] = None
    optional: Annotated[tuple[str, ...] | None, "The parameters that accept None."] = None
    generator: Annotated[bool | None, "Whether it makes IDs at all."] = None


@dataclass(frozen=True, slots=True)
class Options:
    """The keys of one configuration file; its paths and globs are relative to its folder."""

    extend: Annotated[str | None, "A configuration file that holds where this one says nothing."] = None
    source: Annotated[
        str | tuple[str | SourceOptions, ...],
        "The source of truth: the dotted name of a class, a module or a function, or an array of several.",
        DOTTED_NAME,
    ] = ()
    source_roots: Annotated[tuple[str, ...], "Folders from which modules are imported."] = (".", "src")
    exclude: Annotated[
        tuple[str, ...],
        "Files and folders to leave out even if they are named on the command line, written as in a "
        ".gitignore. Replaces the default.",
    ] = DEFAULT_EXCLUDE
    extend_exclude: Annotated[tuple[str, ...], "Files and folders to leave out beside `exclude`."] = ()
    respect_gitignore: Annotated[bool, "Whether to leave out what .gitignore files name."] = True
    select: Annotated[tuple[str, ...] | None, "The rules to run, instead of the default ones."] = None
    ignore: Annotated[tuple[str, ...], "Rules not to run."] = ()
    per_file_ignores: Annotated[
        Mapping[str, tuple[str, ...]],
        "Rules not to run in the files that a glob matches, written as in a .gitignore; behind a `!`, in all "
        "the files that it does not match.",
    ] = field(default_factory=dict)
    rule_paths: Annotated[tuple[str, ...], "Folders with rule pages of your own."] = ()
    rules: Annotated[Mapping[str, RuleOptions], "Changes to rules, by their names."] = field(
        default_factory=dict
    )
    overrides: Annotated[Mapping[str, Override], "What cannot be learned, by generator."] = field(
        default_factory=dict
    )
    require_reason: Annotated[bool, "Whether a suppression must say why."] = True
    baseline: Annotated[str, "The file of accepted findings.", NOT_EMPTY] = ".ssot-baseline.jsonl"
    stale_baseline: Annotated[StaleBaseline, "What baseline entries without a finding are."] = (
        StaleBaseline.WARN
    )
    cache_dir: Annotated[str, "The folder of the result cache.", NOT_EMPTY] = ".ssot-lint-cache"
    target_python: Annotated[
        str | None,
        "The oldest Python that must run the code, instead of what `project.requires-python` says.",
        MINOR_VERSION,
    ] = None
