"""What the classes and the module of a source have as attributes, where they surely have no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ssot_lint.source.candidates import target_value
from ssot_lint.source.contract import Members
from ssot_lint.source.locate import Located
from ssot_lint.source.module import Module
from ssot_lint.source.symbolic.classes import body_of, decorators, dotted, lineage
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.values import Class, Instance

_MADE_BY_CODE = re.compile(rb"setattr|__dict__|__getattr|\b(?:exec|globals|vars)\s*\(")
"""What may give an object attributes that its text does not name."""

_STORED = re.compile(rb"\.(\w+)\s*(?::[^=]*)?=(?!=)")
_PLAIN_BASES = frozenset({"object", "ABC", "Generic", "Protocol"})
_PLAIN_METACLASSES = frozenset({"type", "ABCMeta"})
_PLAIN_DECORATORS = frozenset({"dataclass", "final", "total_ordering", "runtime_checkable"})
_BINDING_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match)


def members(machine: Interpreter, located: Located, target: str) -> tuple[Members, ...]:
    """The attributes of what the target names, and of the public classes of a target that is a module.

    Names that every class or module has are left out.
    """
    if not located.path:
        return tuple(_of_module(machine, located.home, target))
    found: list[Members] = []
    for atom in target_value(machine, located):
        cls = atom.owner if isinstance(atom, Instance) else atom
        names = _of_class(machine, cls) if isinstance(cls, Class) else None
        if names is not None:
            found.append(Members(target, tuple(sorted(names))))
    return tuple(found) if len(found) == 1 else ()


def _of_module(machine: Interpreter, module: Module, target: str) -> Iterator[Members]:
    for name, bounds in module.bindings.items():
        bound = bounds[-1]
        if isinstance(bound, ast.ClassDef) and len(bounds) == 1 and not name.startswith("_"):
            names = _of_class(machine, Class(bound, module))
            if names is not None:
                yield Members(f"{target}.{name}", tuple(sorted(names)))
    if not module.stars and not _is_made_by_code(module) and not _binds_in_blocks(module.tree):
        names = {*module.bindings, *module.rebound, *_stored(module), *_modules_inside(module)}
        yield Members(target, tuple(sorted(names)))


def _modules_inside(module: Module) -> Iterator[str]:
    if module.path.stem == "__init__":
        yield from (entry.stem for entry in module.path.parent.iterdir())


def _of_class(machine: Interpreter, cls: Class) -> set[str] | None:
    """The names that a class, its bases and its instances have; None if they may have others."""
    names: set[str] = set()
    known = lineage(machine, cls)
    for each in known:
        if not _is_plain(each, known) or _is_made_by_code(each.module) or _binds_in_blocks(each.node):
            return None
        names.update(body_of(each), _stored(each.module), _annotated(each.node))
    return names


def _is_plain(cls: Class, known: list[Class]) -> bool:
    """Whether nothing but its text and known bases give a class its attributes."""
    read = {each.node.name for each in known}
    bases = {dotted(base).rpartition(".")[2] for base in cls.node.bases}
    metaclasses = {dotted(keyword.value).rpartition(".")[2] for keyword in cls.node.keywords}
    return (
        bases <= _PLAIN_BASES | read
        and metaclasses <= _PLAIN_METACLASSES
        and decorators(cls.node) <= _PLAIN_DECORATORS
    )


def _is_made_by_code(module: Module) -> bool:
    return any(_MADE_BY_CODE.search(line) for line in module.lines)


def _binds_in_blocks(node: ast.Module | ast.ClassDef) -> bool:
    """Whether a loop or the like in a body may bind names that are not written as definitions."""
    return any(isinstance(statement, _BINDING_BLOCKS) for statement in node.body)


def _stored(module: Module) -> set[str]:
    """Every attribute that the text of a module assigns, of whatever object."""
    lines = (line for line in module.lines if b"=" in line and b"." in line)
    return {match[1].decode("ascii", "replace") for line in lines for match in _STORED.finditer(line)}


def _annotated(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id
