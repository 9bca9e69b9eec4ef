"""Finds calls that the source does not take, attributes that it does not have, and IDs that are spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.certainty import certain
from ssot_lint.detectors.signatures import GivenCall, signature
from ssot_lint.detectors.slots import is_compared, is_key, is_message
from ssot_lint.detectors.strings import Builder, builder
from ssot_lint.kinds.source_call import Params, owners
from ssot_lint.model import Applicability, Edit, Fix
from ssot_lint.source.contract import Contract, Members
from ssot_lint.source.roles import is_id_name, role_of_function
from ssot_lint.syntax.tree import Tree
from ssot_lint.typed import did_you_mean

_CATCHERS = frozenset({"raises", "assertRaises", "assertRaisesRegex", "suppress"})
_BUILDERS = (cst.FormattedString, cst.ConcatenatedString, cst.BinaryOperation, cst.Call)
_OF_ALL_OBJECTS = frozenset({"mro", "register"})


def find(tree: Tree, _params: Params, context: Context) -> Iterator[Sighting]:
    if context.contract is not None:
        yield from _Finder(tree, context, context.contract).find()


class _Finder:
    def __init__(self, tree: Tree, context: Context, contract: Contract) -> None:
        self._tree = tree
        self._context = context
        self._contract = contract
        self._owners = owners(contract)

    def find(self) -> Iterator[Sighting]:
        calls = list(self._calls())
        for call in calls:
            yield from self._mismatch(call)
            yield from self._cut(call)
        yield from self._doubled({call.node: call for call in calls})
        yield from self._missing()

    def _calls(self) -> Iterator[GivenCall]:
        tails = {_last(name) for name in self._contract.spellings}
        names = tails | self._aliases(tails)
        for node in self._tree.nodes(cst.Call):
            name = certain(self._tree, node.func) if _last_name(node.func) in names else None
            generator = self._contract.generator(name) if name is not None else None
            if name is not None and generator is not None:
                yield GivenCall(node, name, generator)

    def _mismatch(self, call: GivenCall) -> Iterator[Sighting]:
        error = call.error(self._contract)
        if (
            error is None
            or self._is_patched(call.generator.name)
            or self._is_expected(call.node, "TypeError")
        ):
            return
        name = call.generator.name
        message = f"`{name}` {error}; its signature is `{signature(call.generator)}`"
        yield Sighting(call.node, message, reason="the arguments are for you to choose")

    def _cut(self, call: GivenCall) -> Iterator[Sighting]:
        """A slice from which nothing but the constant beginning of the ID is left."""
        value = self._awaited(call.node)
        outer = self._tree.parent(value)
        match outer:
            case cst.Subscript(
                slice=[
                    cst.SubscriptElement(slice=cst.Slice(lower=None, upper=cst.Integer(digits), step=None))
                ]
            ) if outer.value is value:
                length, head = int(digits, 0), call.head
                if 0 < length <= len(head):
                    what = f"is `{head[:length]}` for every ID of `{call.generator.name}`"
                    message = f"`[:{length}]` {what}, which only differ behind `{head}`"
                    yield Sighting(outer, message, self._shown(outer, value, "Use the whole ID"))

    def _doubled(self, calls: dict[cst.Call, GivenCall]) -> Iterator[Sighting]:
        """Strings that put a prefix before an ID that begins with it."""
        built = {
            node: parts for kind in _BUILDERS for node in self._tree.nodes(kind) if (parts := builder(node))
        }
        inner = {node for parts in built.values() for node in parts.nested}
        for node, parts in built.items():
            value = parts.values[0]
            inside = value.expression if isinstance(value, cst.Await) else value
            call = calls.get(inside) if isinstance(inside, cst.Call) else None
            if (
                call is None
                or node in inner
                or not self._is_id(node)
                or not _repeats(parts.texts[0], call.head)
            ):
                continue
            message = (
                f"an ID of `{call.generator.name}` begins with `{call.head}` already, so this doubles it"
            )
            yield Sighting(node, message, self._without_prefix(node, parts, value))

    def _missing(self) -> Iterator[Sighting]:
        """Attributes that an object of the source surely does not have."""
        tails = {_last(name) for name in self._owners}
        names = tails | self._aliases(tails)
        for node in self._tree.nodes(cst.Attribute):
            if _last_name(node.value) not in names or node in self._tree.scopes.annotations:
                continue
            owner = certain(self._tree, node.value)
            members = self._owners.get(owner) if owner is not None else None
            if members is not None and self._lacks(members, node):
                yield Sighting(
                    node,
                    self._about_missing(members, node.attr.value),
                    reason="which of its functions is meant is for you to say",
                )

    def _lacks(self, members: Members, node: cst.Attribute) -> bool:
        name = node.attr.value
        is_known = name in members.names or name.startswith("__") or name in _OF_ALL_OBJECTS
        is_stored = isinstance(self._tree.parent(node), (cst.AssignTarget, cst.AnnAssign, cst.Del))
        return not (
            is_known
            or is_stored
            or self._is_named_in_text(name)
            or self._is_patched(name)
            or self._is_expected(node, "AttributeError")
        )

    def _about_missing(self, members: Members, name: str) -> str:
        message = f"`{_last(members.owner)}` has no attribute `{name}`"
        role = role_of_function(name) if is_id_name(name) else ""
        generators = self._contract.generators if role else ()
        for generator in (item for item in generators if role in item.roles):
            return f"{message}; a {role} comes from `{signature(generator)}`"
        for generator in (item for item in generators if item.is_generic):
            return f"{message}; any ID can be made with `{signature(generator)}`"
        return f"{message}{did_you_mean(name, members.names)}"

    def _aliases(self, tails: set[str]) -> set[str]:
        """Other names that the module gives to what ends in one of `tails`, of which every use is wanted."""
        tree = self._tree
        bindings = (item for scope in tree.scopes.all for items in scope.bindings.values() for item in items)
        found = set()
        for binding in bindings:
            meaning = binding.imported and tree.names.canonical(binding.imported)
            if meaning is None and binding.value is not None and _last_name(binding.value) in tails:
                meaning = certain(tree, binding.value)
            if meaning in self._owners or meaning in self._contract.spellings:
                found.add(binding.name)
        tree.names.want_uses(found)
        return found

    def _awaited(self, call: cst.Call) -> cst.BaseExpression:
        outer = self._tree.parent(call)
        return outer if isinstance(outer, cst.Await) else call

    def _is_id(self, node: cst.BaseExpression) -> bool:
        return not (is_message(self._tree, node) or is_key(self._tree, node) or is_compared(self._tree, node))

    def _is_patched(self, name: str) -> bool:
        """Whether the file puts something else in the place of an attribute, or of the source as a whole."""
        text = self._context.text
        if re.search(rf"\.{name}[ \t]*=(?!=)", text):
            return True
        return "patch" in text and (self._is_named_in_text(name) or self._source_is_named_in_text)

    def _is_named_in_text(self, name: str) -> bool:
        """Whether a string ends in the name, as those for `hasattr` and `mock.patch` do."""
        return re.search(rf"\b{name}[\"']", self._context.text) is not None

    @cached_property
    def _source_is_named_in_text(self) -> bool:
        return any(f"{name}{quote}" in self._context.text for name in self._owners for quote in "\"'")

    def _is_expected(self, node: cst.CSTNode, error: str) -> bool:
        """Whether the code around `node` reckons with this error."""
        tree = self._tree
        tree.names.want_uses({*_CATCHERS, error})
        around = list(tree.ancestors(node))
        withs = (item.item for outer in around if isinstance(outer, cst.With) for item in outer.items)
        if any(isinstance(item, cst.Call) and _last_name(item.func) in _CATCHERS for item in withs):
            return True
        function = tree.function(node)
        return any(
            tree.function(handler) is function and handler.type is not None and _names(handler.type, error)
            for handler in tree.nodes(cst.ExceptHandler)
        )

    def _without_prefix(
        self, node: cst.BaseExpression, parts: Builder, value: cst.BaseExpression
    ) -> Fix | None:
        if len(parts.values) > 1 or parts.texts[-1]:
            return None
        return self._shown(node, value, "Leave the prefix to the source")

    def _shown(self, node: cst.CSTNode, value: cst.BaseExpression, message: str) -> Fix | None:
        """The fix that leaves nothing but the call, for people to look at."""
        if not self._context.with_fixes:
            return None
        edit = Edit(self._tree.span(node), self._tree.code(value))
        return Fix(Applicability.DISPLAY_ONLY, message, (edit,))


def _repeats(text: str, head: str) -> bool:
    return bool(text) and not text[-1].isalnum() and head.startswith(text)


def _names(node: cst.BaseExpression, name: str) -> bool:
    if isinstance(node, cst.Tuple):
        return any(_names(element.value, name) for element in node.elements)
    return _last_name(node) == name


def _last(name: str) -> str:
    return name.replace("()", "").rpartition(".")[2]


def _last_name(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Call):
        return _last_name(node.func)
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else None
