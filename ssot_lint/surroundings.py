"""What a fix must know of the tree around its file: who imports whom, and which names others take from a
module.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssot_lint.discovery import find_module
from ssot_lint.syntax.decode import DecodeError, decode

# Python before 3.11.5 gets possessive quantifiers behind groups wrong, so these are atomic groups instead. A
# pattern that begins with a literal is found many times faster than one that begins with a boundary.
_GAP = r"(?>(?:[ \t\f]|\\\r?\n)*)"
_FROM = re.compile(
    rf"from(?<=\bfrom)\b{_GAP}(\.[. \t]*[\w.]*|[^\W\d][\w.]*){_GAP}\bimport\b{_GAP}"
    r"(\((?>(?:[^)#]|#[^\n]*+)*)\)|(?>(?:[^\n\\;#]|\\\r?\n)*))"
)
_IMPORT = re.compile(rf"import(?<=\bimport)\b{_GAP}([^\W\d](?>(?:[^\n\\;#]|\\\r?\n)*))")
_NAME = re.compile(r"([^\W\d][\w.]*|\*)(?:[\s\\]+as[\s\\]+([^\W\d]\w*))?")
_COMMENT = re.compile(r"#[^\n]*")
_DOTTED_TEXT = re.compile(r"[\"']((?:[^\W\d]\w*\.)+[^\W\d]\w*)[\"']")
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Cycles:
    """For each module that the source of truth imports, directly or not, the chain of imports that leads
    there.
    """

    module: str
    chains: Mapping[str, tuple[str, ...]]

    def __call__(self, imported: str) -> tuple[str, ...] | None:
        """The chain of modules that an import of `imported` in this module would close."""
        chain = self.chains.get(self.module)
        return chain if chain is not None and chain[0] == imported else None


def chains_from(start: str, source_roots: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """The modules of the tree that `start` imports when it is itself imported, each with the way there."""
    chains: dict[str, tuple[str, ...]] = {start: (start,)}
    pending = [start]
    while pending:
        module = pending.pop()
        for imported in _imports(module, source_roots):
            if imported not in chains:
                chains[imported] = (*chains[module], imported)
                pending.append(imported)
    return chains


def first_party(source_roots: Iterable[Path]) -> frozenset[str]:
    """The top-level packages and modules of the project."""
    names = set()
    for root in source_roots:
        if root.is_dir():
            names |= {
                entry.stem for entry in root.iterdir() if entry.is_dir() or entry.suffix in (".py", ".pyi")
            }
    return frozenset(name for name in names if name.isidentifier())


def imported_words(text: str) -> frozenset[str]:
    """The words of the import statements in a text: the names that they bind are among them."""
    froms = (word for match in _FROM.finditer(text) for word in _WORD.findall(match[2]))
    return frozenset(
        (*froms, *(word for match in _IMPORT.finditer(text) for word in _WORD.findall(match[1])))
    )


def taken_names(
    files: Iterable[tuple[Sequence[str], bytes]], modules: Container[str], names: Collection[str]
) -> dict[str, set[str]]:
    """Which of some names files, given by package and content, take from each of some modules; maybe more.

    They do by import, as attributes, and by texts such as that of `mock.patch`.
    """
    taken: defaultdict[str, set[str]] = defaultdict(set)
    written = [name.encode() for name in names if name.isascii()]
    for package, content in files:
        if len(written) == len(names) and not any(name in content for name in written):
            continue
        try:
            text = decode(content)
        except DecodeError:
            continue
        for module, name in _taken(text, package, modules, names):
            taken[module].add(name)
    return taken


def _taken(
    text: str, package: Sequence[str], modules: Container[str], names: Iterable[str]
) -> Iterator[tuple[str, str]]:
    imports = (pair for match in _IMPORT.finditer(text) for pair in _NAME.findall(match[1]))
    called = {alias or name: name for name, alias in imports}
    for match in _FROM.finditer(text):
        origin = _absolute(match[1], package)
        for name, alias in _NAME.findall(_COMMENT.sub("", match[2])):
            called[alias or name] = f"{origin}.{name}"
            if origin in modules:
                # Through a star come all names, and those that count are the ones in the text.
                yield from ((origin, each) for each in ([name] if name != "*" else _WORD.findall(text)))
    for dotted in _DOTTED_TEXT.findall(text) if any(f".{name}" in text for name in names) else ():
        parts = dotted.split(".")
        yield from ((".".join(parts[:cut]), parts[cut]) for cut in range(1, len(parts)))
    for alias, module in called.items():
        if module in modules:
            word = rf"\b{re.escape(alias)}\s*(?:\.\s*|,\s*[\"'])([^\W\d]\w*)"
            yield from ((module, name) for name in re.findall(word, text))


def _absolute(module: str, package: Sequence[str]) -> str:
    """The module that an import in a package names."""
    name = module.replace(" ", "").replace("\t", "")
    rest = name.lstrip(".")
    level = len(name) - len(rest)
    base = package[: len(package) - level + 1] if level else ()
    return ".".join((*base, *([rest] if rest else [])))


def _imports(module: str, source_roots: Sequence[Path]) -> Iterator[str]:
    """The modules of the tree that are imported, with their packages, when `module` is."""
    path = find_module(module, source_roots)
    try:
        tree = ast.parse(path.read_bytes()) if path is not None else ast.Module([], [])
    except (OSError, SyntaxError, ValueError, RecursionError):
        return
    package = module if path is not None and path.stem == "__init__" else module.rpartition(".")[0]
    for name in {name for node in _at_import(tree.body) for name in _names(node, package)}:
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            prefix = ".".join(parts[:count])
            if find_module(prefix, source_roots) is not None:
                yield prefix


def _at_import(body: Sequence[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run when the module does."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _at_import(node.orelse)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for block in ("body", "orelse", "finalbody"):
                yield from _at_import(getattr(node, block, []))
            for handler in getattr(node, "handlers", []):
                yield from _at_import(handler.body)


def _names(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    module = ".".join((*base, *([node.module] if node.module else [])))
    yield module
    yield from (f"{module}.{alias.name}" for alias in node.names)
