"""Owned prefixes: the literal heads of the IDs that the source writes, and where it writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ssot_lint.source.contract import PartKind, Prefix, Returns
from ssot_lint.source.generators import Draft
from ssot_lint.source.roles import is_id_name, is_short_for, role_of_function, role_of_prefix, role_of_slot
from ssot_lint.source.symbolic.values import Text

_HEAD = re.compile(r"(?P<text>[A-Za-z][A-Za-z0-9]*(?:[_\-:.][A-Za-z0-9]+)*)(?P<separator>[_\-:./#~|]*)")


def owned_prefixes(drafts: Sequence[Draft]) -> tuple[Prefix, ...]:
    """The prefixes that a source's functions write, each once, by the row on which it is written.

    Where several functions write the same one, that with the role of the same name counts, else the first
    that has a role.
    """
    found: dict[str, Prefix] = {}
    for prefix in (*_of_generators(drafts), *_of_others(drafts)):
        known = found.setdefault(prefix.text, prefix)
        if (_fit(prefix), -prefix.row) > (_fit(known), -known.row):
            found[prefix.text] = prefix
    return tuple(sorted(found.values(), key=lambda prefix: (prefix.file, prefix.row, prefix.text)))


def spelled_out(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, where several IDs are made together with roles as the rest of the source calls them: an
    element that is known by its head only (`req_id`) may be the `request_id` of another function.
    """
    roles: dict[str, set[str]] = {}
    for prefix in (*_of_generators(drafts), *_of_others(drafts)):
        if prefix.role is not None and prefix.role != role_of_prefix(prefix.text):
            roles.setdefault(prefix.text, set()).add(prefix.role)
    return [_spelled_out(draft, roles) for draft in drafts]


def _spelled_out(draft: Draft, roles: Mapping[str, set[str]]) -> Draft:
    generator = draft.generator
    if generator is None or generator.returns in (Returns.ONE, Returns.LIST):
        return draft
    named = (_named(*pair, roles) for pair in zip(generator.roles, draft.elements, strict=True))
    return replace(draft, generator=replace(generator, roles=tuple(named)))


def _named(role: str, texts: Sequence[Text], roles: Mapping[str, set[str]]) -> str:
    heads = {head[0] for head in map(_head, texts) if head is not None}
    for prefix in heads if len(heads) == 1 else ():
        others = sorted(roles.get(prefix, ()))
        if role == role_of_prefix(prefix) and len(others) == 1 and is_short_for(prefix, others[0]):
            return others[0]
    return role


def _fit(prefix: Prefix) -> int:
    return 0 if prefix.role is None else 2 if prefix.role == role_of_prefix(prefix.text) else 1


def split_prefix(text: str) -> tuple[str, str] | None:
    """A head without and with what separates it from the rest; `None` for what heads no ID, such as prose."""
    match = _HEAD.fullmatch(text)
    return (match["text"], match["separator"]) if match else None


def _of_generators(drafts: Sequence[Draft]) -> Iterator[Prefix]:
    for draft in drafts:
        generator = draft.generator
        if generator is None:
            continue
        for index, texts in enumerate(draft.elements):
            named = draft.candidate.is_public or is_id_name(generator.name)
            role = generator.roles[index] if named and index < len(generator.roles) else ""
            # The heads of a generator that serves one role are its own; one of many heads says nothing.
            sole = (
                generator.returns not in (Returns.ONE, Returns.LIST)
                or len({_head(t) for t in texts} - {None}) == 1
            )
            for text in texts:
                yield from _prefix(text, role if sole else "", draft)


def _of_others(drafts: Sequence[Draft]) -> Iterator[Prefix]:
    """Heads that are handed to a generator, or put together where an ID is kept."""
    generators: set[ast.AST] = {
        draft.candidate.function.node
        for draft in drafts
        if draft.generator is not None and draft.candidate.is_public
    }
    roles = [role for draft in drafts if draft.generator for role in draft.generator.roles if role]
    for draft in drafts:
        name = draft.candidate.name
        for written in draft.written:
            if written.callee not in generators and not is_id_name(written.slot):
                continue
            # What a generator returns is known from its formats.
            of_return = "" if draft.generator else role_of_function(name)
            role = of_return if written.slot == name else role_of_slot(written.slot, roles)
            yield from _prefix(written.text, role, draft)


def _prefix(text: Text, role: str, draft: Draft) -> Iterator[Prefix]:
    head = _head(text)
    if head is not None:
        file, row = text.origin or (draft.candidate.function.module.file, draft.candidate.row)
        yield Prefix(head[0], head[1], role or None, draft.candidate.path, file, row)


def _head(text: Text) -> tuple[str, str] | None:
    first = text.parts[0] if len(text.parts) > 1 else None
    return split_prefix(first.text) if first is not None and first.kind is PartKind.LITERAL else None
