"""Finds the imports that the rewrites of a file have made useless."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Change
from ssot_lint.fixing.imports import ImportedName, Places
from ssot_lint.fixing.removal import removable
from ssot_lint.fixing.scopes import scope_names
from ssot_lint.fixing.usage import is_used

_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*")


def dead_imports(places: Places, rewrites: Sequence[Change], context: FileContext) -> list[ImportedName]:
    """The imports of names that the replaced code used and that nothing uses any more."""
    names = set(_names_in(places, rewrites))
    candidates = (item for item in places.imports if item.name in names and _may_go(item, places, context))
    return [item for item in candidates if not is_used(item, places, rewrites)]


def _may_go(item: ImportedName, places: Places, context: FileContext) -> bool:
    """Whether nobody else can want the import: what a class imports is its attribute, what a function declares
    to be global or nonlocal is not its own.
    """
    if not removable(item, places.module):
        return False
    if not item.scopes:
        return not context.is_exported(item.name)
    scope = item.scopes[-1]
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return scope_names(scope).is_local(item.name)


def _names_in(places: Places, changes: Iterable[Change]) -> Iterator[str]:
    """The imported names that the code uses which the changes replace; to import a name is not to use it."""
    module = places.module
    imported = {item.name for item in places.imports}
    imports = {(module.start(item.statement), module.end(item.statement)) for item in places.imports}
    for change in changes:
        for match in _WORD.finditer(module.text, change.start, change.end):
            at = match.start()
            is_code = match[0] in imported and module.outline.region(at) is None
            if is_code and not any(start <= at < end for start, end in imports):
                yield match[0]
