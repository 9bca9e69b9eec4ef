"""Between files and the dotted names of their modules, without importing anything."""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword
from pathlib import Path

from ssot_lint.discovery.folder import PYTHON
from ssot_lint.gitignore import path_below

_ENDINGS = ("/__init__.py", ".py", ".pyi", "/__init__.pyi")


def module_name(path: str | Path, source_roots: Iterable[Path]) -> str | None:
    """The dotted name under which a file is imported from the innermost root that it lies in.

    None if it lies in none, or if a part of the name is no identifier. A package is named by its `__init__`.
    """
    insides = [inside for root in source_roots if (inside := path_below(str(root), str(path))) is not None]
    stem, dot, ending = min(insides, key=len, default="").rpartition(".")
    if dot + ending not in PYTHON:
        return None
    parts = stem.split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(map(_is_name, parts)) else None


def find_module(dotted: str, source_roots: Iterable[Path]) -> Path | None:
    """The file of a module, from the first root that has it; a package before a module, code before stubs."""
    parts = dotted.split(".")
    if not all(map(_is_name, parts)):
        return None
    stems = (root.joinpath(*parts) for root in source_roots)
    candidates = (Path(f"{stem}{ending}") for stem in stems for ending in _ENDINGS)
    return next((file for file in candidates if file.is_file()), None)


def _is_name(part: str) -> bool:
    return part.isidentifier() and not iskeyword(part)
