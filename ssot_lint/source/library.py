"""The modules under the source roots, found by their dotted names and read at most once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ssot_lint.source.module import Module, UnparsableError, parse_module

DELEGATES = 8
"""Modules that are read beside the source itself: what the source hands its work to, not the whole tree."""

DELEGATE_SIZE = 64_000
"""Bytes; a larger module is no helper of a source of truth."""


class Library:
    """Finds and reads modules; keeps what it has read for as long as one contract is learned."""

    def __init__(self, roots: Sequence[Path], root: Path) -> None:
        self._root = root
        self.roots = tuple(Path(os.path.normpath(root / each)) for each in roots)
        self._modules: dict[str, Module] = {}
        self._delegates: dict[str, Module | None] = {}
        self._paths: dict[str, Path | None] = {}

    def find(self, name: str) -> Path | None:
        """The file of a module or package, `None` if no root has one."""
        if name not in self._paths:
            self._paths[name] = self._find(name)
        return self._paths[name]

    def looked_up(self) -> dict[str, tuple[str, bool]]:
        """Every module that was asked for: its path, empty where there is none, and whether its content counts.

        That of a module that could not be read does: another content can be.
        """
        read = self._delegates.keys() | self._modules.keys()
        return {
            name: (str(path or ""), path is not None and name in read) for name, path in self._paths.items()
        }

    def read(self, name: str) -> Module | None:
        """A module that the source consists of; raises `UnparsableError` or `OSError`."""
        path = self.find(name)
        if path is not None and name not in self._modules:
            self._modules[name] = parse_module(name, path, self.file_name(path), is_near=True)
        return self._modules.get(name)

    def delegate(self, name: str) -> Module | None:
        """A module that the source only calls; `None` if it is not to be had, not readable or too large."""
        if name in self._modules:
            return self._modules[name]
        if name not in self._delegates:
            path = self.find(name)
            full = len(self._delegates) >= DELEGATES
            self._delegates[name] = None if path is None or full else self._read_delegate(name, path)
        return self._delegates[name]

    def split(self, qualified: str) -> tuple[str, list[str]]:
        """A dotted name as its longest prefix that is a module and the names behind it."""
        names = qualified.split(".")
        for count in range(len(names), 0, -1):
            if self.find(".".join(names[:count])):
                return ".".join(names[:count]), names[count:]
        return "", names

    def file_name(self, path: Path) -> str:
        """The path as reports write it: relative to the project's root if it lies there, posix."""
        try:
            return path.relative_to(self._root).as_posix()
        except ValueError:
            return path.as_posix()

    def _find(self, name: str) -> Path | None:
        names = name.split(".")
        if not all(each.isidentifier() for each in names):
            return None
        if len(names) > 1 and not self._holds(names[0]):
            return None
        for root in self.roots:
            stem = root.joinpath(*names)
            for path in (stem / "__init__.py", stem.parent / f"{stem.name}.py"):
                if path.is_file():
                    return path
        return None

    def _holds(self, top: str) -> bool:
        return self.find(top) is not None or any((root / top).is_dir() for root in self.roots)

    def _read_delegate(self, name: str, path: Path) -> Module | None:
        try:
            if path.stat().st_size > DELEGATE_SIZE:
                return None
            return parse_module(name, path, self.file_name(path), is_near=False)
        except (OSError, UnparsableError):
            return None
