"""The call of the source that makes an ID for a role: which generator, with which arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from ssot_lint.detectors.values import Refusal
from ssot_lint.source.contract import Binding as Reach
from ssot_lint.source.contract import (
    Contract,
    Generator,
    Parameter,
    ParameterKind,
    PartKind,
    Returns,
    Source,
    ValueType,
)
from ssot_lint.syntax.scopes import Binding, Place, ScopeKind
from ssot_lint.syntax.spelling import named
from ssot_lint.syntax.tree import Tree

_NEVER_NONE = frozenset({"str", "int", "float", "bytes", "bool"})


@dataclass(frozen=True, slots=True)
class NewCall:
    """Code that makes one ID; `longest` is the most characters that it can have, None if nothing bounds them."""

    code: str
    generator: Generator
    longest: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """An ID to be made at `node`: its role, and the literal and code of the prefix that it had.

    `prefix_code` is an expression for a prefix with more than a literal in it, `tried` the code that has
    failed where the ID is made because of that.
    """

    node: cst.BaseExpression
    role: str | None
    head: str | None = None
    prefix_code: str | None = None
    tried: str = ""

    def has_failed(self, generator: Generator) -> bool:
        """Whether a call of the generator may be what has failed."""
        return re.search(rf"\b{generator.name}\s*\(", self.tried) is not None


def new_call(tree: Tree, contract: Contract, wanted: Wanted) -> NewCall:
    """The call that makes what is wanted; raises Refusal if the source has none for it."""
    return _dedicated(tree, contract, wanted) or generic_call(tree, contract, wanted)


def generic_call(tree: Tree, contract: Contract, wanted: Wanted) -> NewCall:
    """The call of the generator that takes a prefix; raises Refusal if the source has none."""
    generator, source = _generic(contract)
    if wanted.has_failed(generator):
        raise Refusal(f"`{generator.name}` has just failed")
    parameter = generator.prefix_parameter
    prefix = prefix_for(contract, wanted)
    argument = wanted.prefix_code or text_code(prefix)
    first = generator.parameters[0]
    positional = first.name == parameter and first.kind is not ParameterKind.KEYWORD_ONLY
    code = call_code(
        tree, wanted.node, generator, source, argument if positional else f"{parameter}={argument}"
    )
    return NewCall(code, generator, _longest(generator, None if wanted.prefix_code else len(prefix)))


def prefix_for(contract: Contract, wanted: Wanted) -> str:
    """The owned prefix that was written, else the one of the role, else what was written, else the role's
    stem.
    """
    if wanted.head in contract.prefixes:
        return wanted.head or ""
    for prefix in contract.prefixes.values():
        if prefix.role is not None and prefix.role == wanted.role:
            return prefix.text
    if wanted.head:
        return wanted.head
    if wanted.role is None:
        raise Refusal("nothing says what the value is for")
    return wanted.role.removesuffix("_id")


def text_code(text: str) -> str:
    """A string literal in double quotes, as most formatters write it."""
    code = repr(text)
    return f'"{code[1:-1]}"' if code[0] == "'" and '"' not in text else code


def _generic(contract: Contract) -> tuple[Generator, Source]:
    for source in contract.sources:
        for generator in source.generators:
            if _serves_any_role(generator):
                return generator, source
    raise Refusal("the source has no generator that takes a prefix")


def _serves_any_role(generator: Generator) -> bool:
    """Whether a call with nothing but a prefix makes one string that no other call makes."""
    others = [item for item in generator.parameters if item.name != generator.prefix_parameter]
    return (
        generator.is_generic
        and generator.returns is Returns.ONE
        and generator.value_type is ValueType.STRING
        and not any(item.required for item in others)
        and all(format_.unique for format_ in generator.default_formats)
    )


def _dedicated(tree: Tree, contract: Contract, wanted: Wanted) -> NewCall | None:
    """A generator of just this role whose arguments are all at hand."""
    if wanted.role is None or wanted.prefix_code is not None:
        return None
    owner = contract.prefixes.get(wanted.head or "")
    if wanted.head and (owner is None or owner.role != wanted.role):
        return None
    for source in contract.sources:
        for generator in source.generators:
            if generator.roles == (wanted.role,) and _is_plain(generator):
                arguments = _arguments(tree, wanted.node, generator)
                if arguments is not None and not wanted.has_failed(generator):
                    code = call_code(tree, wanted.node, generator, source, arguments)
                    return NewCall(code, generator, generator.default_formats[0].longest)
    return None


def _is_plain(generator: Generator) -> bool:
    return (
        generator.returns is Returns.ONE
        and generator.value_type is ValueType.STRING
        and not generator.may_return_none
        and not generator.is_generic
        and all(format_.unique for format_ in generator.default_formats)
    )


def _arguments(tree: Tree, node: cst.BaseExpression, generator: Generator) -> str | None:
    """The required arguments, each a variable of the parameter's name; None if one is not surely at hand."""
    names = []
    for parameter in generator.parameters:
        if not parameter.required:
            continue
        if not is_at_hand(tree, node, parameter):
            return None
        by_keyword = parameter.kind is ParameterKind.KEYWORD_ONLY
        names.append(f"{parameter.name}={parameter.name}" if by_keyword else parameter.name)
    return ", ".join(names)


def is_at_hand(tree: Tree, node: cst.BaseExpression, parameter: Parameter) -> bool:
    """Whether a variable of the parameter's name is surely bound at `node`, and surely not None if it must
    not; one that is declared to be of another type is not at hand.
    """
    place = tree.scopes.places.get(node)
    if place is None:
        return False
    bindings = tree.names.bindings_at(parameter.name, place)
    return len(bindings) == 1 and _is_sure(bindings[0], place, parameter)


def _is_sure(binding: Binding, place: Place, parameter: Parameter) -> bool:
    """Whether the only binding of a name is there whenever `place` is reached; inside lambdas too."""
    scope = binding.place.scope
    if scope.kind is not ScopeKind.FUNCTION or binding.place.block.parent is not None:
        return False
    if isinstance(binding.node, cst.Param):
        declared = _declared(binding.node)
        is_other = declared is not None and declared not in (parameter.annotation or declared)
        is_one = not binding.node.star and not is_other
        return is_one and (parameter.accepts_none or _is_never_none(binding.node))
    return parameter.accepts_none and scope is place.scope and binding.place.time < place.time


def _is_never_none(parameter: cst.Param) -> bool:
    default = parameter.default
    if isinstance(default, cst.Name) and default.value == "None":
        return False
    return _declared(parameter) is not None


def _declared(parameter: cst.Param) -> str | None:
    """The plain type that the parameter is declared to have."""
    annotation = parameter.annotation.annotation if parameter.annotation is not None else None
    is_plain = isinstance(annotation, cst.Name) and annotation.value in _NEVER_NONE
    return annotation.value if is_plain and isinstance(annotation, cst.Name) else None


def call_code(
    tree: Tree, node: cst.BaseExpression, generator: Generator, source: Source, arguments: str
) -> str:
    """The call as code, with `await` where the generator needs it; raises Refusal where it cannot stand."""
    function = _reached(generator, source)
    call = f"{function}({arguments})"
    if not generator.is_async:
        return call
    place = tree.scopes.places.get(node)
    owner = place.scope.node if place is not None else None
    if not isinstance(owner, cst.FunctionDef) or owner.asynchronous is None:
        raise Refusal(f"`{generator.name}` must be awaited, which cannot be done here")
    return f"(await {call})"


def _reached(generator: Generator, source: Source) -> str:
    owner, _, name = generator.qualified.rpartition(".")
    if generator.binding is Reach.FUNCTION:
        return named(generator.qualified)
    if generator.binding is not Reach.INSTANCE:
        return f"{named(owner)}.{name}"
    for singleton in source.singletons:
        if singleton.of == owner:
            return f"{named(singleton.name)}{'()' if singleton.is_call else ''}.{name}"
    raise Refusal(f"`{generator.name}` needs an instance, and the source offers none")


def _longest(generator: Generator, prefix_length: int | None) -> int | None:
    """The most characters of an ID with a prefix of that length."""
    longest = 0
    for parts in generator.default_formats[0].alternatives:
        length = 0
        for part in parts:
            is_prefix = part.kind is PartKind.PARAMETER and part.text == generator.prefix_parameter
            most = prefix_length if is_prefix else part.max_length
            if most is None:
                return None
            length += most
        longest = max(longest, length)
    return longest
