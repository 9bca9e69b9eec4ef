"""The configuration of a project that has none yet, added to its pyproject.toml or in a file of its own."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssot_lint.adoption.changes import Step, appended, read
from ssot_lint.errors import InputError, Problem

_SPECIAL = re.compile(r"[\\*?\[]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is written; `source` is None if none was found, `excluded` has paths and why they are left out."""

    source: str | None
    source_roots: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    ignored_in_tests: tuple[str, ...] = ()


TESTS = ("tests/", "test/", "test_*.py", "*_test.py", "conftest.py")
"""Globs of what belongs to tests."""


def configuration_step(folder: Path, configuration: Configuration) -> Step:
    """Adds the table to pyproject.toml if there is one that can take it, else makes ssot-lint.toml.

    Raises InputError for a pyproject.toml that is not valid.
    """
    shared = folder / "pyproject.toml"
    before = read(shared)
    if before is not None:
        after = appended(before, "\n" * bool(before.strip()) + render(configuration, "tool.ssot-lint"))
        if _adds_only(_parsed(before, shared), after, configuration):
            return Step(shared, "configures ssot-lint", before, after)
    return Step(folder / "ssot-lint.toml", "configures ssot-lint", None, render(configuration, ""))


def render(configuration: Configuration, table: str) -> str:
    """TOML with the settings in `table`, or on top level if that is empty."""
    lines = [f"[{table}]"] if table else []
    if configuration.source is None:
        lines.append('# source = "package.module.Class"')
    else:
        lines.append(f"source = {_string(configuration.source)}")
    if configuration.source_roots:
        lines.append(f"source-roots = {_array(configuration.source_roots)}")
    lines += _exclusions(configuration.excluded)
    if configuration.ignored_in_tests:
        rules = _array(configuration.ignored_in_tests)
        name = f"{table}.per-file-ignores" if table else "per-file-ignores"
        lines += ["", f"[{name}]", *(f"{_string(glob)} = {rules}" for glob in TESTS)]
    return "".join(f"{line}\n" for line in lines)


def glob_of(path: str) -> str:
    """A pattern, as in a .gitignore, for just the file at a path below the configuration's folder."""
    escaped = _SURROGATE.sub("?", _SPECIAL.sub(r"\\\g<0>", path))
    return escaped if "/" in path else f"/{escaped}"


def _exclusions(excluded: Sequence[tuple[str, str]]) -> Iterator[str]:
    if excluded:
        yield "extend-exclude = ["
        for path, why in excluded:
            yield f"  {_string(glob_of(path))},  # {' '.join(why.split())}"
        yield "]"


def _adds_only(before: dict[str, Any], after: str, configuration: Configuration) -> bool:
    """Whether the text says what it said before, and the configuration besides."""
    tool = before.get("tool", {})
    added = tomllib.loads(render(configuration, ""))
    try:
        found = tomllib.loads(after.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return False
    return isinstance(tool, dict) and found == {**before, "tool": {**tool, "ssot-lint": added}}


def _parsed(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(file.as_posix(), "", f"is not valid TOML: {error}")]) from None


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", r"\u007f")


def _array(items: Sequence[str]) -> str:
    return f"[{', '.join(map(_string, items))}]"
