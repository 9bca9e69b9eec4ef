"""Output formats: each module is one, named as `--output-format` names it; all consume the same Report."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from ssot_lint.catalogue import Rule
    from ssot_lint.model import Failure, Report


@dataclass(frozen=True, slots=True)
class Context:
    """What a format may need beside the report.

    `cwd` is absolute; `color` allows escape sequences; `quiet` leaves out what is no finding; `load_rules`
    gives the rules by name, and takes time, so that only formats that say something about rules call it.
    """

    cwd: Path
    color: bool
    quiet: bool
    load_rules: Callable[[], Mapping[str, Rule]]


Render = Callable[["Report", Context], Iterator[str]]
"""Turns a report into pieces of text, to be written one after the other."""


class Reporter(Protocol):
    """A format's module.

    It may also have `render_statistics`, of the same signature, which only counts, and a true `SHOWS_FIXES`
    if it has a place for them.
    """

    render: Render


def formats() -> list[str]:
    """The formats there are, without importing any."""
    return sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))


def load(name: str) -> Reporter:
    """The format of that name, which must be one of `formats()`."""
    return cast(Reporter, importlib.import_module(f"{__name__}.{name}"))


def shows_fixes(name: str) -> bool:
    """Whether the format of that name says how findings are fixed."""
    return bool(getattr(load(name), "SHOWS_FIXES", False))


def file_namer(root: Path, cwd: Path) -> Callable[[str], str]:
    """How to name a report's path to the user: relative to `cwd` if it is below, else absolute; as POSIX."""
    names: dict[str, str] = {}
    top = str(root)
    below = os.path.join(os.path.normpath(cwd), "")  # noqa: PTH118 - pathlib drops the separator at the end

    def name(path: str) -> str:
        if path not in names:
            absolute = os.path.normpath(os.path.join(top, path))  # noqa: PTH118 - there may be thousands
            names[path] = absolute.removeprefix(below).replace(os.sep, "/")
        return names[path]

    return name


def failure_lines(failures: Iterable[Failure], root: Path, cwd: Path) -> Iterator[str]:
    """A line for standard error for each file that could not be checked."""
    name = file_namer(root, cwd)
    for failure in failures:
        yield f"error: {name(failure.path)}{_place(failure)}: {failure.message}"


def _place(failure: Failure) -> str:
    return f":{failure.position.row}:{failure.position.column}" if failure.position else ""
