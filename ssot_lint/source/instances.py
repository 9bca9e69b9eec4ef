"""Ready-made instances of the source's classes, and the functions that hand them out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ssot_lint.source.annotations import names_class
from ssot_lint.source.contract import Singleton
from ssot_lint.source.locate import Located, row_of
from ssot_lint.source.module import Bound, Import, Module
from ssot_lint.source.signature import read_parameters
from ssot_lint.source.symbolic.classes import body_of, decorators, dotted, lineage
from ssot_lint.source.symbolic.frame import Frame
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.values import Arguments, Class, Function, Instance, Value


def singletons(
    machine: Interpreter, located: Located, classes: Sequence[tuple[Class, str]]
) -> tuple[Singleton, ...]:
    """The ready-made instances of the classes, which are given with their dotted names."""
    found = [*_in_module(machine, located.home, classes)]
    for cls, dotted_class in classes:
        found.extend(_of_class(machine, cls, dotted_class))
    for module in located.chain[:-1]:
        found.extend(_reexported(module, found))
    return tuple(found)


def _in_module(
    machine: Interpreter, module: Module, classes: Sequence[tuple[Class, str]]
) -> Iterator[Singleton]:
    for name, bounds in module.bindings.items():
        bound = bounds[-1]
        for cls, dotted_class in classes:
            if _gives(machine, module, name, bound, cls):
                is_call = not isinstance(bound, ast.expr)
                yield Singleton(f"{module.name}.{name}", dotted_class, is_call, row_of(bound))


def _gives(machine: Interpreter, module: Module, name: str, bound: Bound, cls: Class) -> bool:
    if isinstance(bound, ast.FunctionDef):
        return _hands_out(machine, Function(bound, module), cls)
    return _may_hold(module, bound) and _holds(machine.module_name(module, name), machine, cls)


def _may_hold(module: Module, bound: Bound) -> bool:
    """Only calls of what the module itself defines: anything else would mean reading other modules."""
    if not isinstance(bound, ast.Call):
        return False
    called = module.bindings.get(dotted(bound).partition(".")[0], [None])[-1]
    return isinstance(called, (ast.ClassDef, ast.FunctionDef))


def _hands_out(machine: Interpreter, function: Function, cls: Class) -> bool:
    node = function.node
    if not isinstance(node, ast.FunctionDef):
        return False
    found = read_parameters(node, bound=function.receiver is not None)
    if any(default is None and not kind.startswith("var-") for _, kind, default in found):
        return False
    scope = Frame(function.module)
    if node.returns is not None:
        named = names_class(machine, node.returns, scope)
        return named is not None and cls in lineage(machine, named)
    if not _mentions(node, cls, function.module):
        return False
    return _holds(machine.function(function, Arguments(), scope), machine, cls)


def _mentions(node: ast.FunctionDef, cls: Class, module: Module) -> bool:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    assigned = {name for name, bounds in module.bindings.items() if isinstance(bounds[-1], ast.Call)}
    return cls.node.name in names or "cls" in names or not names.isdisjoint(assigned)


def _holds(value: Value, machine: Interpreter, cls: Class) -> bool:
    return any(isinstance(atom, Instance) and cls in lineage(machine, atom.owner) for atom in value)


def _of_class(machine: Interpreter, cls: Class, dotted_class: str) -> Iterator[Singleton]:
    for name, bounds in body_of(cls).items():
        bound = bounds[-1]
        if not isinstance(bound, ast.FunctionDef) or name.startswith("__"):
            continue
        names = decorators(bound)
        receiver = cls if "classmethod" in names else None
        if names.isdisjoint(("classmethod", "staticmethod")):
            continue
        if _hands_out(machine, Function(bound, cls.module, cls, receiver), cls):
            yield Singleton(f"{dotted_class}.{name}", dotted_class, True, bound.lineno)


def _reexported(module: Module, found: Sequence[Singleton]) -> list[Singleton]:
    by_name = {singleton.name: singleton for singleton in found}
    result = []
    for name, bounds in module.bindings.items():
        bound = bounds[-1]
        singleton = by_name.get(bound.origin) if isinstance(bound, Import) else None
        if singleton is not None:
            name = f"{module.name}.{name}"
            result.append(Singleton(name, singleton.of, singleton.is_call, row_of(bound)))
    return result
