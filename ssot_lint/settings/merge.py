"""Layers of configuration files and the defaults -> Settings.

Tables are merged: the entries of the nearest file win, the others stay. Any other key is decided by the
nearest file that writes it, except `extend-exclude`, which adds up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ssot_lint.gitignore import Globs, globs_in
from ssot_lint.settings.files import Layer, oldest_python
from ssot_lint.settings.options import Options, Override, RuleOptions, SourceOptions
from ssot_lint.settings.values import FileIgnores, Settings, Source
from ssot_lint.typed import dotted


def merge(layers: Sequence[Layer], base: str, file: Path | None) -> Settings:
    """The settings that the layers, nearest first, give to the folder `base`, an absolute path."""
    stack = _Stack(layers, base)
    return Settings(
        file=file,
        base=Path(base),
        sources=stack.sources(),
        source_roots=stack.paths("source_roots"),
        exclude=stack.exclude(),
        respect_gitignore=stack.value("respect_gitignore"),
        select=stack.value("select"),
        ignore=stack.ignore(),
        per_file_ignores=stack.per_file_ignores(),
        rule_paths=stack.paths("rule_paths"),
        rules=stack.rules(),
        overrides=stack.overrides(),
        require_reason=stack.value("require_reason"),
        baseline=stack.path("baseline"),
        stale_baseline=stack.value("stale_baseline"),
        cache_dir=stack.path("cache_dir"),
        target_python=stack.target_python() or oldest_python(base),
        origins=dict(stack.origins()),
    )


class _Stack:
    """The layers below which the defaults lie, as a layer that writes every key."""

    def __init__(self, layers: Sequence[Layer], base: str) -> None:
        every_name = frozenset(field.name for field in fields(Options))
        self._written = layers
        self._all = [*layers, Layer("", "", base, Options(), every_name)]

    def value(self, name: str) -> Any:
        return getattr(self._nearest(name).options, name)

    def path(self, name: str) -> Path:
        return _resolved(self._nearest(name).base, self.value(name))

    def paths(self, name: str) -> tuple[Path, ...]:
        base = self._nearest(name).base
        return tuple(_resolved(base, path) for path in self.value(name))

    def sources(self) -> tuple[Source, ...]:
        layer = self._nearest("source")
        written = layer.options.source
        several = (written,) if isinstance(written, str) else written
        return tuple(_source(layer.base, each) for each in several)

    def exclude(self) -> tuple[Globs, ...]:
        nearest = self._nearest("exclude")
        lines = {nearest.base: [*nearest.options.exclude]}
        for layer in reversed(self._written):
            lines.setdefault(layer.base, []).extend(layer.options.extend_exclude)
        return tuple(globs_in(base, each) for base, each in lines.items() if each)

    def ignore(self) -> tuple[str, ...]:
        """What is ignored, without what a nearer file selects again."""
        nearest = self._nearest("ignore")
        nearer = self._all[: self._all.index(nearest)]
        selected = {rule for layer in nearer for rule in layer.options.select or ()}
        return tuple(rule for rule in nearest.options.ignore if rule not in selected)

    def per_file_ignores(self) -> tuple[FileIgnores, ...]:
        merged = {
            glob: _file_ignores(layer.base, glob, rules)
            for layer in reversed(self._written)
            for glob, rules in layer.options.per_file_ignores.items()
        }
        return tuple(merged.values())

    def rules(self) -> dict[str, RuleOptions]:
        merged: dict[str, RuleOptions] = {}
        for layer in reversed(self._written):
            for name, new in layer.options.rules.items():
                old = merged.get(name, RuleOptions())
                merged[name] = RuleOptions(new.severity or old.severity, new.all_params or old.params)
        return merged

    def overrides(self) -> dict[str, Override]:
        merged: dict[str, Override] = {}
        for layer in reversed(self._written):
            for name, new in layer.options.overrides.items():
                merged[name] = _over(merged.get(name, Override()), new)
        return merged

    def target_python(self) -> tuple[int, int] | None:
        version: str | None = self.value("target_python")
        if version is None:
            return None
        major, minor = version.split(".")
        return int(major), int(minor)

    def origins(self) -> Iterator[tuple[str, tuple[str, str]]]:
        for layer in reversed(self._written):
            for key, written in _written_keys(layer):
                yield key, (layer.file, f"{layer.key}.{written}" if layer.key else written)

    def _nearest(self, name: str) -> Layer:
        return next(layer for layer in self._all if name in layer.written)


def _resolved(base: str, path: str) -> Path:
    return Path(os.path.normpath(Path(base, path)))


def _source(base: str, written: str | SourceOptions) -> Source:
    if isinstance(written, str):
        return Source(written)
    return Source(written.target, globs_in(base, written.paths) if written.paths else None)


def _file_ignores(base: str, glob: str, rules: tuple[str, ...]) -> FileIgnores:
    return FileIgnores(glob, globs_in(base, [glob.removeprefix("!")]), glob.startswith("!"), rules)


def _over(old: Override, new: Override) -> Override:
    said = {field.name: getattr(new, field.name) for field in fields(Override)}
    return replace(old, **{name: value for name, value in said.items() if value is not None})


def _written_keys(layer: Layer) -> Iterator[tuple[str, str]]:
    """The dotted keys that a layer writes, those of the options and those of the entries of its tables.

    Each comes with the key as it is written: a parameter of a rule may stand in the rule's table itself.
    """
    options = layer.options
    plain = [name.replace("_", "-") for name in layer.written]
    plain += [dotted("per-file-ignores", glob) for glob in options.per_file_ignores]
    plain += [dotted("overrides", name) for name in options.overrides]
    plain += [dotted("rules", name) for name in options.rules]
    yield from ((key, key) for key in plain)
    for name, rule in options.rules.items():
        table = dotted("rules", name)
        yield from ((f"{table}.params.{param}", f"{table}.params.{param}") for param in rule.params)
        yield from ((f"{table}.params.{param}", f"{table}.{param}") for param in rule.others)
        if rule.params:
            yield f"{table}.params", f"{table}.params"
