"""The files of a tree as modules, each read when it is asked about and kept no longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from ssot_lint.discovery import SourceFile, find_module, module_name
from ssot_lint.importers.statements import Import, StatementError, Statements
from ssot_lint.model import Failure, FailureKind, Position
from ssot_lint.syntax.decode import DecodeError, decode
from ssot_lint.syntax.lexer import LexError

Read = Callable[[SourceFile], bytes]
"""The content of a file; may raise OSError."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is looked for: a module by the dotted name under which it is imported, or `name` in it."""

    module: str
    name: str | None
    file: Path | None

    @property
    def word(self) -> str:
        """Without this word a file names the module only by a relative import from inside of it."""
        return self.module.rpartition(".")[2]

    @property
    def is_package(self) -> bool:
        return self.file is not None and self.file.stem == "__init__"


class File:
    """A file of the tree; `failure` is the first thing that was wrong with it."""

    def __init__(self, source: SourceFile, read: Read) -> None:
        self.source = source
        self.failure: Failure | None = None
        self._read = read

    @property
    def path(self) -> str:
        return self.source.relative

    @property
    def is_package(self) -> bool:
        return PurePosixPath(self.path).stem == "__init__"

    @cached_property
    def module(self) -> str | None:
        return module_name(self.source.path, self.source.settings.source_roots)

    def content(self) -> bytes:
        """Empty, and a failure, if it cannot be read."""
        try:
            return self._read(self.source)
        except OSError as error:
            self._fail(FailureKind.UNREADABLE, f"cannot be read: {error.strerror}")
            return b""

    def text(self, content: bytes) -> str:
        """Empty, and a failure, if it cannot be decoded."""
        try:
            return decode(content)
        except DecodeError as error:
            self._fail(FailureKind.UNREADABLE, str(error))
            return ""

    def statements(self, text: str) -> Statements:
        """Without any, and with a failure, if the text cannot be cut."""
        try:
            return Statements(text, self._package())
        except LexError as error:
            row = text.count("\n", 0, error.offset) + 1
            self._fail(FailureKind.UNPARSABLE, str(error), row)
            return Statements("", None)

    def imports(self, statements: Statements) -> list[Import]:
        """All imports, or those before the first that is no Python, and a failure, if one is not."""
        found: list[Import] = []
        try:
            found.extend(statements.imports())
        except StatementError as error:
            self._fail(FailureKind.UNPARSABLE, str(error), error.row)
        return found

    def _package(self) -> list[str] | None:
        """The package that relative imports start from; None for a file that cannot be imported."""
        if self.module is None:
            return None
        parts = self.module.split(".")
        return parts if self.is_package else parts[:-1]

    def _fail(self, kind: FailureKind, message: str, row: int | None = None) -> None:
        self.failure = self.failure or Failure(kind, self.path, message, Position(row, 1) if row else None)


def target_of(dotted: str, roots: Iterable[Path]) -> Target:
    """The longest module of the tree that a dotted name begins with, and the first name behind it.

    A name that no module of the tree has is taken for a module's as a whole.
    """
    roots = tuple(roots)
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        file = find_module(".".join(parts[:count]), roots)
        if file is not None:
            return Target(".".join(parts[:count]), parts[count] if count < len(parts) else None, file)
    return Target(dotted, None, None)
