"""What a module of the tree binds a name to, for those who import it from there."""

from __future__ import annotations

import re

import libcst as cst

from ssot_lint.engine.plan import FileInput
from ssot_lint.kinds import word
from ssot_lint.syntax.binder import build
from ssot_lint.syntax.decode import DecodeError, decode
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.outline import SPACE
from ssot_lint.syntax.parse import ParseError, parse
from ssot_lint.syntax.query import Query
from ssot_lint.syntax.scopes import Scopes


def answer(query: Query, module: FileInput) -> str | None:
    """The dotted name that `module` imports as `query.name`; None if it does not offer one.

    A name that the module makes itself, by an assignment or a definition, is its own and has no other.
    """
    try:
        text = decode(module.content)
        if not re.search(rf"{word([query.name])}|import{SPACE}*\*", text):
            return None
        tree = parse(text)
    except (DecodeError, ParseError):
        return None
    scopes = build(tree, module.package)
    if query.by_star and not _is_public(query.name, scopes):
        return None
    bindings = scopes.final(query.name)
    if not bindings:
        return next((f"{star}.{query.name}" for star in scopes.module.stars), None)
    return next((binding.imported for binding in bindings if binding.imported is not None), None)


def _is_public(name: str, scopes: Scopes) -> bool:
    """Whether `from module import *` takes the name along."""
    listed = [binding.value for binding in scopes.final("__all__")]
    if not listed:
        return not name.startswith("_")
    return any(
        isinstance(value, (cst.List, cst.Tuple))
        and any(literal_text(element.value) == name for element in value.elements)
        for value in listed
    )
