"""Calls of the source's generators: which generator, which arguments, which of the results are used."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import libcst as cst

from ssot_lint.source.contract import Contract, Generator, ParameterKind
from ssot_lint.syntax.scopes import Binding
from ssot_lint.syntax.tree import Tree

Arguments = tuple[tuple[str, str], ...]

_POSITIONAL = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)
_IMPURE = (
    ast.Call,
    ast.Await,
    ast.Yield,
    ast.YieldFrom,
    ast.NamedExpr,
    ast.Lambda,
    ast.ListComp,
    ast.GeneratorExp,
)


@dataclass(frozen=True, slots=True, eq=False)
class GeneratorCall:
    """A call of a generator; `arguments` are as `normalised` has them, None if they cannot be compared."""

    node: cst.Call
    generator: Generator
    arguments: Arguments | None
    slots: frozenset[int]


def generator_calls(tree: Tree, contract: Contract) -> Iterator[GeneratorCall]:
    """The calls of generators that make several IDs, in the order of evaluation."""
    tails = {name.rpartition(".")[2] for name, item in contract.spellings.items() if len(item.roles) > 1}
    aliases = _aliases(tree, contract, tails)
    tree.names.want_uses(aliases)
    for node in tree.nodes(cst.Call):
        names = tree.names.resolve(node.func) if _last_name(node.func) in tails | aliases else ()
        for generator in filter(None, map(contract.generator, sorted(names))):
            slots = used_slots(tree, node, len(generator.roles))
            yield GeneratorCall(node, generator, normalised(tree, node, generator), slots)
            break


def normalised(tree: Tree, call: cst.Call, generator: Generator) -> Arguments | None:
    """What each parameter receives, defaults included, in the order of the parameters; texts compare as equal
    if they are the same expression. None if the call cannot be bound or an argument might differ each time.
    """
    if any(argument.star for argument in call.args):
        return None
    given: dict[str, str] = {}
    positional = [item.name for item in generator.parameters if item.kind in _POSITIONAL]
    for argument in call.args:
        if argument.keyword is None and not positional:
            return None
        name = argument.keyword.value if argument.keyword else positional.pop(0)
        given[name] = tree.code(argument.value)
    if not given.keys() <= {item.name for item in generator.parameters}:
        return None
    return _with_defaults(given, generator)


def _with_defaults(given: Mapping[str, str], generator: Generator) -> Arguments | None:
    result = []
    for parameter in generator.parameters:
        text = given.get(parameter.name, parameter.default)
        if text is None:
            if parameter.required:
                return None
            continue
        expression = _canonical(text)
        if expression is None:
            return None
        result.append((parameter.name, expression))
    return tuple(result)


def _canonical(text: str) -> str | None:
    try:
        expression = ast.parse(f"({text}\n)", mode="eval")
    except SyntaxError:
        return None
    if any(isinstance(node, _IMPURE) for node in ast.walk(expression)):
        return None
    return ast.unparse(expression)


def argument_names(arguments: Arguments) -> frozenset[str]:
    """The variables that the arguments read."""
    trees = (ast.parse(text, mode="eval") for _, text in arguments)
    return frozenset(node.id for item in trees for node in ast.walk(item) if isinstance(node, ast.Name))


def used_slots(tree: Tree, call: cst.Call, count: int) -> frozenset[int]:
    """Which of the `count` results of `call` are used; all of them where that cannot be told."""
    value: cst.CSTNode = call
    parent = tree.parent(value)
    if isinstance(parent, cst.Await):
        value, parent = parent, tree.parent(parent)
    everything = frozenset(range(count))
    if isinstance(parent, cst.Subscript) and parent.value is value:
        return _index(parent, count) or everything
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
        if isinstance(target, (cst.Tuple, cst.List)):
            return _unpacked(tree, target, count)
        if isinstance(target, cst.Name):
            return _subscripted(tree, target, count)
    return everything


def _index(subscript: cst.Subscript, count: int) -> frozenset[int] | None:
    try:
        index = ast.literal_eval(cst.Module([]).code_for_node(subscript.slice[0].slice))
    except (ValueError, SyntaxError):
        return None
    if isinstance(index, int) and -count <= index < count and len(subscript.slice) == 1:
        return frozenset({index % count})
    return None


def _unpacked(tree: Tree, target: cst.Tuple | cst.List, count: int) -> frozenset[int]:
    if len(target.elements) != count or any(isinstance(item, cst.StarredElement) for item in target.elements):
        return frozenset(range(count))
    values = enumerate(item.value for item in target.elements)
    return frozenset(
        index for index, value in values if not isinstance(value, cst.Name) or _is_read(tree, value)
    )


def _is_read(tree: Tree, target: cst.Name) -> bool:
    return not set(target.value) <= {"_"} and bool(_reads(tree, target))


def _reads(tree: Tree, target: cst.Name) -> list[cst.Name]:
    """The places that read the name bound at `target` in the function around it and in those inside that."""
    function = tree.function(target)
    return [
        name
        for name in tree.nodes(cst.Name)
        if name.value == target.value and (function is None or function in tree.ancestors(name))
    ]


def _subscripted(tree: Tree, target: cst.Name, count: int) -> frozenset[int]:
    everything = frozenset(range(count))
    slots: set[int] = set()
    for name in _reads(tree, target):
        parent = tree.parent(name)
        bound = tree.names.bindings(name)
        if len(bound) != 1 or not isinstance(parent, cst.Subscript) or parent.value is not name:
            return everything
        slots |= _index(parent, count) or everything
    return frozenset(slots)


def _aliases(tree: Tree, contract: Contract, tails: set[str]) -> set[str]:
    """Other names that the module gives to the generators whose own names are `tails`."""
    bindings = (item for scope in tree.scopes.all for items in scope.bindings.values() for item in items)
    return {
        binding.name for binding in bindings if any(map(contract.generator, _meanings(tree, binding, tails)))
    }


def _meanings(tree: Tree, binding: Binding, tails: set[str]) -> frozenset[str]:
    if binding.imported is not None:
        return frozenset({tree.names.canonical(binding.imported)})
    if binding.value is not None and _last_name(binding.value) in tails:
        return tree.names.resolve(binding.value)
    return frozenset()


def _last_name(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else None
