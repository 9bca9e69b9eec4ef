"""The functions of a source of truth that may make IDs, under the names that its target offers them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ssot_lint.source.contract import Binding, SourceKind
from ssot_lint.source.generators import Candidate
from ssot_lint.source.library import Library
from ssot_lint.source.locate import Located
from ssot_lint.source.module import Bound, Import, Module, UnparsableError
from ssot_lint.source.symbolic.classes import body_of, decorators, enumeration_kind, lineage
from ssot_lint.source.symbolic.frame import Frame
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.values import Class, Function, Instance, Reference, Value


def target_value(machine: Interpreter, located: Located) -> Value:
    """What the target's dotted name stands for; of a module nothing."""
    if not located.path:
        return ()
    value = machine.module_name(located.home, located.path[0])
    for name in located.path[1:]:
        value = machine.attribute(value, name, Frame(located.home))
    return machine.settled(value)


def kind_of(located: Located, value: Value) -> SourceKind:
    """What kind of source a target is; a name for something else is what it names."""
    if not located.path:
        return SourceKind.MODULE
    for atom in value:
        if isinstance(atom, Instance):
            return SourceKind.INSTANCE
        if isinstance(atom, Class):
            return SourceKind.CLASS
        if isinstance(atom, Function):
            return SourceKind.FUNCTION
    return located.kind


def candidates(machine: Interpreter, library: Library, located: Located, target: str) -> list[Candidate]:
    """Every function of the source, private ones included, since they too write what it owns."""
    value = target_value(machine, located)
    if not located.path:
        return [*_of_module(machine, library, located.home, target)]
    found: list[Candidate] = []
    for atom in value:
        match atom:
            case Class():
                found.extend(_of_class(machine, atom, target, "", Instance(atom)))
            case Instance(owner):
                found.extend(_of_class(machine, owner, target, "", atom))
            case Function():
                found.append(_of_function(atom, target))
    return found


def _of_module(machine: Interpreter, library: Library, module: Module, target: str) -> Iterator[Candidate]:
    for name, bounds in module.bindings.items():
        bound = bounds[-1]
        public = not name.startswith("_")
        if isinstance(bound, ast.ClassDef):
            yield from _of_public_class(machine, Class(bound, module), target, name)
        elif isinstance(bound, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Candidate(name, f"{target}.{name}", "", Function(bound, module), Binding.FUNCTION, public)
        elif isinstance(bound, Import) and public:
            yield from _reexported(machine, library, module, bound, target, name)
        elif public:
            yield from _renamed(machine, module, bound, target, name)


def _of_public_class(machine: Interpreter, cls: Class, target: str, name: str) -> Iterator[Candidate]:
    if not name.startswith("_") and not enumeration_kind(cls):
        yield from _of_class(machine, cls, f"{target}.{name}", f"{name}.", Instance(cls))


def _reexported(
    machine: Interpreter, library: Library, module: Module, bound: Import, target: str, name: str
) -> Iterator[Candidate]:
    """What a package's `__init__` takes from its own modules is the package's."""
    if module.path.stem != "__init__" or not bound.origin.startswith(f"{module.name}."):
        return
    home, names = library.split(bound.origin)
    if not names or not _is_readable(library, home):
        return
    for atom in machine.settled((Reference(bound.origin, is_near=True),)):
        if isinstance(atom, Function):
            yield Candidate(name, f"{target}.{name}", "", atom, Binding.FUNCTION, True)
        elif isinstance(atom, Class):
            yield from _of_public_class(machine, atom, target, name)


def _is_readable(library: Library, name: str) -> bool:
    try:
        return library.read(name) is not None
    except (OSError, UnparsableError):
        return False


def _renamed(
    machine: Interpreter, module: Module, bound: Bound, target: str, name: str
) -> Iterator[Candidate]:
    """A lambda, or a name for a function or for a method of an instance."""
    if isinstance(bound, (ast.Lambda, ast.Name, ast.Attribute)):
        for atom in machine.module_name(module, name):
            if isinstance(atom, Function):
                yield Candidate(name, f"{target}.{name}", "", atom, Binding.FUNCTION, True)


def _of_class(
    machine: Interpreter, cls: Class, target: str, path: str, receiver: Instance
) -> Iterator[Candidate]:
    seen: set[str] = set()
    for each in lineage(machine, cls):
        for name, bounds in body_of(each).items():
            bound = bounds[-1]
            if name in seen or not isinstance(bound, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            seen.add(name)
            function, binding = _bound_method(bound, each, cls, receiver)
            yield Candidate(
                f"{path}{name}",
                f"{target}.{name}",
                cls.node.name,
                function,
                binding,
                not name.startswith("_"),
            )


def _bound_method(
    node: ast.FunctionDef | ast.AsyncFunctionDef, definer: Class, cls: Class, receiver: Instance
) -> tuple[Function, Binding]:
    names = decorators(node)
    if "staticmethod" in names:
        return Function(node, definer.module, definer), Binding.STATIC
    if "classmethod" in names:
        return Function(node, definer.module, definer, cls), Binding.CLASS
    return Function(node, definer.module, definer, receiver), Binding.INSTANCE


def _of_function(function: Function, target: str) -> Candidate:
    name = target.rpartition(".")[2]
    binding = Binding.FUNCTION
    if function.definer is not None:
        receiver = (
            function.receiver if isinstance(function.receiver, Instance) else Instance(function.definer)
        )
        function, binding = _bound_method(_definition(function), function.definer, function.definer, receiver)
    return Candidate(name, target, "", function, binding, True)


def _definition(function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef:
    assert not isinstance(function.node, ast.Lambda)  # a class body's lambdas are not looked up as methods
    return function.node
