"""From a configured dotted target to the code that defines it, along the package's re-exports."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from ssot_lint.source.contract import SourceKind
from ssot_lint.source.library import Library
from ssot_lint.source.module import Bound, Import, Module, UnparsableError, bindings_of
from ssot_lint.typed import did_you_mean

_HOPS = 16


@dataclass(frozen=True, slots=True)
class Located:
    """Where a target is defined.

    `module` and `symbol` are the halves of the target as configured. `home` is the module that defines it,
    under the names `path` (none for a module). `chain` are the modules the look-up went through, `home` last.
    """

    kind: SourceKind
    module: str
    symbol: str
    home: Module
    path: tuple[str, ...]
    chain: tuple[Module, ...]

    @property
    def row(self) -> int:
        bound = bound_at(self.home, self.path)
        return 1 if bound is None else row_of(bound)


class NotLocatedError(Exception):
    """A target that leads nowhere; the message says what was searched and what there is instead."""


def locate(target: str, library: Library) -> Located:
    """The definition behind a dotted target; raises `NotLocatedError`."""
    if not all(name.isidentifier() for name in target.split(".")):
        raise NotLocatedError(f"{target or '(nothing)'}: is no dotted name")
    module_name, names = library.split(target)
    if not module_name:
        raise NotLocatedError(_no_module(target, library))
    module = _read(module_name, library)
    symbol = ".".join(names)
    if not names:
        return Located(SourceKind.MODULE, module_name, "", module, (), (module,))
    chain, path = _follow(module, tuple(names), target, library)
    return Located(_kind(chain[-1], path), module_name, symbol, chain[-1], path, chain)


def bound_at(module: Module, path: tuple[str, ...]) -> Bound | None:
    """What a name, or a name inside classes, is bound to in a module."""
    bindings = module.bindings
    bound: Bound | None = None
    for name in path:
        if name not in bindings:
            return None
        bound = bindings[name][-1]
        bindings = bindings_of(bound.body, module.package) if isinstance(bound, ast.ClassDef) else {}
    return bound


def row_of(bound: Bound) -> int:
    """The row on which a binding is written; of a definition that of its name, not of a decorator."""
    return bound.row if isinstance(bound, Import) else bound.lineno


def _follow(
    module: Module, path: tuple[str, ...], target: str, library: Library
) -> tuple[tuple[Module, ...], tuple[str, ...]]:
    chain = [module]
    for _ in range(_HOPS):
        bound = chain[-1].bindings.get(path[0], [None])[-1]
        if isinstance(bound, Import):
            next_name, path = _imported(bound, path, target, chain[-1], library)
            chain.append(_read(next_name, library))
            if not path:
                return tuple(chain), path
        elif bound is None:
            chain.append(_starred(chain[-1], path[0], target, library))
        else:
            if bound_at(chain[-1], path) is None:
                raise NotLocatedError(_no_name(target, chain[-1], path))
            return tuple(chain), path
    raise NotLocatedError(
        f"{target}: imported in a circle through {', '.join(each.file for each in chain[-3:])}"
    )


def _imported(
    bound: Import, path: tuple[str, ...], target: str, module: Module, library: Library
) -> tuple[str, tuple[str, ...]]:
    name, rest = library.split(".".join([bound.origin, *path[1:]]))
    if not name:
        raise NotLocatedError(
            f"{target}: {module.file}:{bound.row} takes {path[0]} from {bound.module or '.'}, "
            f"which is in none of the source roots {_roots(library)}"
        )
    return name, tuple(rest)


def _starred(module: Module, name: str, target: str, library: Library) -> Module:
    for star in module.stars:
        if library.find(star.module) and name in (found := _read(star.module, library)).bindings:
            return found
    raise NotLocatedError(_no_name(target, module, (name,)))


def _kind(module: Module, path: tuple[str, ...]) -> SourceKind:
    match bound_at(module, path):
        case None:
            return SourceKind.MODULE
        case ast.ClassDef():
            return SourceKind.CLASS
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            return SourceKind.FUNCTION
        case _:
            return SourceKind.INSTANCE


def _read(name: str, library: Library) -> Module:
    try:
        module = library.read(name)
    except UnparsableError as error:
        raise NotLocatedError(str(error)) from None
    except OSError as error:
        raise NotLocatedError(f"{name} cannot be read: {error.strerror or error}") from None
    if module is None:
        raise NotLocatedError(_no_module(name, library))
    return module


def _no_module(target: str, library: Library) -> str:
    names = target.split(".")
    searched = f"{target}: no such module in the source roots {_roots(library)}"
    for depth, name in enumerate(names):
        folders = [root.joinpath(*names[:depth]) for root in library.roots]
        known = {each for folder in folders for each in _modules_in(folder)}
        if name not in known:
            return f"{searched}{did_you_mean(name, known)}"
    return searched


def _no_name(target: str, module: Module, path: tuple[str, ...]) -> str:
    known: set[str] = set(module.bindings)
    if module.path.stem == "__init__":
        known.update(_modules_in(module.path.parent))
    scope, bound = module.file, None
    for depth, name in enumerate(path, 1):
        if name not in known:
            break
        bound = bound_at(module, path[:depth])
        scope = f"{module.file}:{row_of(bound) if bound else 1} {name}"
        known = set(bindings_of(bound.body, module.package)) if isinstance(bound, ast.ClassDef) else set()
    return f"{target}: {scope} has no {name}{did_you_mean(name, known)}"


def _modules_in(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}


def _roots(library: Library) -> str:
    return ", ".join(library.file_name(root) for root in library.roots) or "(none)"
