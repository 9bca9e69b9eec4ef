"""Whether anything in a module still uses a name that an import binds, once some of its code is replaced."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ssot_lint.fixing.edits import Change, Shift
from ssot_lint.fixing.imports import ImportedName, Places
from ssot_lint.fixing.module import DEFINITIONS, ParseError, parse, path_to, walk, word
from ssot_lint.fixing.scopes import header_expressions, inner_names, own_expressions, scope_names
from ssot_lint.syntax.lexer import Region

_TYPE_COMMENT = re.compile(r"#[ \t]*type:")
_READS_TYPES = frozenset(
    {"cast", "TypeVar", "NewType", "ForwardRef", "NamedTuple", "TypedDict", "eval", "exec", "get_type_hints"}
)


def is_used(item: ImportedName, places: Places, rewrites: Sequence[Change]) -> bool:
    """Whether code, a quoted annotation, a type comment, a doctest or `__all__` may use the name.

    What `rewrites` replace does not count, what they bring in does. Where it cannot be told, the name is
    used.
    """
    use = word(item.name, before=r"\w.", after="(?![ \t]*=[^=])")
    if any(use.search(change.content) for change in rewrites):
        return True
    offsets = [match.start() for match in use.finditer(places.module.text)]
    shift = Shift(rewrites)
    left = [offset for offset in offsets if not shift.covers(offset, offset + 1)]
    regions = {offset: places.module.outline.region(offset) for offset in left}
    code = [offset for offset, region in regions.items() if region is None]
    if any(_uses(item, offset, places) for offset in code):
        return True
    texts = [offset for offset, region in regions.items() if region is not None]
    return any(_in_type_comment(places, offset) for offset in texts) or (
        any(regions[offset] is Region.STRING for offset in texts) and _in_strings(item, places.module.tree)
    )


def _uses(item: ImportedName, offset: int, places: Places) -> bool:
    """Whether a name in code is the one that the import binds; another import of it is no use."""
    module = places.module
    path = path_to(module.tree, module.rows.row(offset), offset, module)
    if not path:
        return True
    statement = path[-1]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return False
    if isinstance(statement, DEFINITIONS):
        evaluated = (node for part in header_expressions(statement) for node in walk(part))
        if not any(isinstance(node, ast.Name) and node.id == item.name for node in evaluated):
            return False
    if item.name in inner_names(own_expressions(statement)):
        return True
    scope = item.scopes[-1] if item.scopes else module.tree
    return _owner(item.name, path, module.tree) is scope


def _owner(name: str, path: Sequence[ast.stmt], tree: ast.Module) -> ast.AST:
    """The scope that binds `name` for the last statement of a path."""
    around = [outer for outer in reversed(path[:-1]) if isinstance(outer, DEFINITIONS)]
    for index, outer in enumerate(around):
        names = scope_names(outer)
        if name in names.declared_global:
            break
        if names.is_local(name) and not (index and isinstance(outer, ast.ClassDef)):
            return outer
    return tree


def _in_type_comment(places: Places, offset: int) -> bool:
    row = places.module.rows.line(places.module.rows.row(offset))
    return _TYPE_COMMENT.search(row) is not None


def _in_strings(item: ImportedName, tree: ast.Module) -> bool:
    """Whether a string that tools or Python itself read as code names it."""
    name = item.name
    doctest = re.compile(rf">>>[^\n]*\b{re.escape(name)}\b")
    return (
        any(_mentions(text, name) for text in _texts_of_types(tree))
        or any(doctest.search(text) for text in _strings(tree))
        or (not item.scopes and name in _public_names(tree))
    )


def _texts_of_types(tree: ast.Module) -> Iterator[str]:
    """The strings in annotations, in subscripts and in calls that read types."""
    for node in walk(tree):
        for part in _typed_parts(node):
            yield from _strings(part)


def _typed_parts(node: ast.AST) -> Sequence[ast.expr | None]:
    if isinstance(node, (ast.AnnAssign, ast.arg)):
        return [node.annotation]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [node.returns]
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return [*node.args, *(item.value for item in node.keywords)] if called in _READS_TYPES else []
    return []


def _mentions(text: str, name: str) -> bool:
    """Whether a string is an expression that names `name`; anything else that has the word counts too."""
    if not word(name).search(text):
        return False
    try:
        tree = parse(text)
    except ParseError:
        return True
    return any(isinstance(node, ast.Name) and node.id == name for node in walk(tree))


def _public_names(tree: ast.Module) -> set[str]:
    """The strings in every statement at module level that names `__all__`."""
    statements = (node for node in tree.body if _names_all(node))
    return {text for statement in statements for text in _strings(statement)}


def _names_all(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__all__" for node in walk(statement))


def _strings(node: ast.AST | None) -> Iterator[str]:
    for inner in walk(node) if node is not None else ():
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
