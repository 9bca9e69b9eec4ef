"""One module of the user's code, parsed: the names it binds at top level, and what its text gives away."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ssot_lint.source.symbolic.values import Value

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_COUNTED = re.compile(rb"(\w+)\s*(?:\[[^\]]*\]\s*)?\+=|(\w+)\s*=\s*\(?\s*(?:\w+\.)*\2\s*\+")
_COUNTED_ITEM = re.compile(rb"(\w+)\s*\[[^\]]*\]\s*(?:\+=|=[^=]*\+)")
_ASSIGNED = re.compile(rb"\.(\w+)\s*(?::[^=]*)?=(?!=)")
_GLOBAL = re.compile(rb"\s+global\s+([\w, \t]+)")


@dataclass(frozen=True, slots=True)
class Import:
    """A name bound by an import: `module` is absolute; without `name` the module itself is bound."""

    module: str
    name: str | None
    row: int

    @property
    def origin(self) -> str:
        return self.module if self.name is None else f"{self.module}.{self.name}"


Bound: TypeAlias = Definition | ast.expr | Import


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module's syntax tree and names; `file` is the path as reports write it.

    `bindings` has every possibility for a name, where branches bind it differently. `counted` are names that
    the text increments, `counted_items` containers whose items it increments, `rebound` the names that
    functions declare `global`. `is_near` is false for modules that the source only delegates to.
    """

    name: str
    path: Path
    file: str
    tree: ast.Module
    lines: list[bytes]
    bindings: dict[str, list[Bound]]
    stars: tuple[Import, ...]
    counted: frozenset[str]
    counted_items: frozenset[str]
    rebound: frozenset[str]
    is_near: bool
    memo: dict[str, object] = field(default_factory=dict, repr=False)
    constants: dict[ast.Constant, Value] = field(default_factory=dict, repr=False)

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]

    def assigned_attributes(self, node: ast.stmt) -> frozenset[str]:
        """The attributes that a definition's text assigns; rather one too many than one too few."""
        lines = (line for line in self.lines[node.lineno : node.end_lineno] if b"=" in line and b"." in line)
        return _names(match[1] for line in lines for match in _ASSIGNED.finditer(line))


class UnparsableError(Exception):
    """A module that cannot be parsed; the message says where and why."""


def parse_module(name: str, path: Path, file: str, *, is_near: bool) -> Module:
    """Read and parse a module; raises `UnparsableError` or `OSError`."""
    data = path.read_bytes()
    tree = _parse(data, file)
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    lines = data.splitlines()
    counting = [line for line in lines if b"+" in line and b"=" in line]
    return Module(
        name=name,
        path=path,
        file=file,
        tree=tree,
        lines=lines,
        bindings=bindings_of(tree.body, package),
        stars=tuple(_stars(tree.body, package)),
        counted=_names(match[1] or match[2] for line in counting for match in _COUNTED.finditer(line)),
        counted_items=_names(match[1] for line in counting for match in _COUNTED_ITEM.finditer(line)),
        rebound=_names(name.strip() for line in lines if b"global" in line for name in _declared(line)),
        is_near=is_near,
    )


def bindings_of(body: Sequence[ast.stmt], package: str) -> dict[str, list[Bound]]:
    """What each name of a module's or class's body is bound to; several things where branches differ."""
    bindings: dict[str, list[Bound]] = {}
    for name, bound, is_sure in _bindings(body, package, True):
        if is_sure:
            bindings[name] = [bound]
        else:
            bindings.setdefault(name, []).append(bound)
    return bindings


def absolute(module: str | None, level: int, package: str) -> str:
    """The absolute name of the module in a `from` import, whose dots count as `level`."""
    if not level:
        return module or ""
    base = package.split(".") if package else []
    kept = base[: len(base) - (level - 1)]
    return ".".join([*kept, *([module] if module else [])])


def imports_of(statement: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[str, Import]]:
    """The names that an import statement binds; a star import binds the name `*`."""
    if isinstance(statement, ast.ImportFrom):
        module = absolute(statement.module, statement.level, package)
        for alias in statement.names:
            yield alias.asname or alias.name, Import(module, alias.name, statement.lineno)
        return
    for alias in statement.names:
        module = alias.name if alias.asname else alias.name.partition(".")[0]
        yield alias.asname or module, Import(module, None, statement.lineno)


def _parse(data: bytes, file: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # An invalid escape in the user's string is for their own Python to complain about.
            warnings.simplefilter("ignore")
            return ast.parse(data, file)
    except SyntaxError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise UnparsableError(
            f"{file}:{error.lineno or 1}: not valid for Python {version}: {error.msg}"
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnparsableError(f"{file}: cannot be parsed: {error or type(error).__name__}") from None


def _declared(line: bytes) -> list[bytes]:
    match = _GLOBAL.match(line)
    return match[1].split(b",") if match else []


def _names(found: Iterator[bytes]) -> frozenset[str]:
    return frozenset(name.decode("ascii", "replace") for name in found)


def _stars(body: Sequence[ast.stmt], package: str) -> Iterator[Import]:
    for statement in _flat(body):
        if isinstance(statement, ast.ImportFrom):
            yield from (each for name, each in imports_of(statement, package) if name == "*")


def _bindings(body: Sequence[ast.stmt], package: str, is_sure: bool) -> Iterator[tuple[str, Bound, bool]]:
    for statement in body:
        if isinstance(statement, Definition):
            yield statement.name, statement, is_sure
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            for name, found in imports_of(statement, package):
                if name != "*":
                    yield name, found, is_sure
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            for name, value in _assigned(statement):
                yield name, value, is_sure
        else:
            yield from _bindings(list(_inner(statement)), package, False)


def _assigned(statement: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, ast.expr]]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        if isinstance(target, ast.Name) and statement.value is not None:
            yield target.id, statement.value
        elif isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            for name, value in zip(target.elts, statement.value.elts, strict=False):
                if isinstance(name, ast.Name):
                    yield name.id, value


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if not isinstance(statement, Definition):
            yield from _flat(list(_inner(statement)))


def _inner(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements of all blocks of an `if`, `try`, `with` or loop."""
    for block in ("body", "orelse", "finalbody"):
        yield from getattr(statement, block, ())
    for handler in getattr(statement, "handlers", ()):
        yield from handler.body
