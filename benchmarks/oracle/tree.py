"""The Python files of a tree, what git ignores left out, and how their imports find one another."""

from __future__ import annotations

import ast
import fnmatch
import io
import re
import subprocess
import tempfile
import tokenize
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from oracle.flow import Interpreter
from oracle.scopes import Env, External, InTree, Special, Value, Values

# What ssot-lint leaves out by default, so that both look at the same files.
EXCLUDED = frozenset(
    {
        *("*.egg-info", ".bzr", ".direnv", ".eggs", ".git", ".hg", ".hypothesis", ".ipynb_checkpoints"),
        *(".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache"),
        *(".ssot-lint-cache", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__", "_build", "backup"),
        *("backups", "buck-out", "build", "dist", "node_modules", "site-packages", "venv"),
    }
)


class UnparsableError(Exception):
    """A file that Python cannot read."""


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file; `text` is without its BOM and has all line ends folded to a newline."""

    text: str
    tree: ast.Module


def read(file: Path) -> Source:
    """The file as Python itself would read it."""
    data = file.read_bytes()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Source(text, ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnparsableError(str(error)) from error


def positions(source: Source) -> Callable[[ast.expr], tuple[int, int]]:
    """A function from an expression to its row and its column in code points, both from 1."""
    lines = source.text.split("\n")

    def position(node: ast.expr) -> tuple[int, int]:
        before = lines[node.lineno - 1].encode("utf-8", "surrogatepass")[: node.col_offset]
        return node.lineno, len(before.decode("utf-8", "surrogatepass")) + 1

    return position


def files(root: Path, excluded: Iterable[str] = EXCLUDED) -> list[str]:
    """The `.py` and `.pyi` files below `root` that no `.gitignore` names, relative to it, sorted."""
    folder = re.compile("|".join(map(fnmatch.translate, excluded)))
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["git", "init", "--quiet", "--bare", scratch], check=True)
        command = ["git", f"--git-dir={scratch}", f"--work-tree={root}", "-c", "core.bare=false"]
        command += ["ls-files", "-z", "--others", "--exclude-per-directory=.gitignore", "--", "*.py", "*.pyi"]
        listing = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    paths = (path.decode("utf-8", "surrogateescape") for path in listing.split(b"\0") if path)
    kept = (path for path in paths if not any(map(folder.match, PurePosixPath(path).parts[:-1])))
    return sorted(path for path in kept if not (root / path).is_symlink())


@dataclass
class Tree:
    """The modules of a tree; those named in `opaque` are taken to export nothing raw."""

    root: Path
    paths: Sequence[str]
    source_roots: Sequence[str] = ("", "src")
    opaque: frozenset[str] = frozenset()
    _exports: dict[str, Mapping[str, Values]] = field(default_factory=dict)

    @cached_property
    def modules(self) -> dict[str, str]:
        """File by dotted module name from the root of the tree."""
        return {dotted(path): path for path in reversed(self.paths)}

    @cached_property
    def packages(self) -> frozenset[str]:
        return frozenset(
            ".".join(parents.parts)
            for path in self.paths
            for parents in PurePosixPath(path).parents
            if parents.parts
        )

    def has(self, module: str) -> bool:
        return module in self.modules or module in self.packages

    def find(self, name: str) -> str | None:
        """The module of the tree that an absolute import of `name` finds."""
        for root in self.source_roots:
            module = f"{root.replace('/', '.')}.{name}" if root else name
            if self.has(module):
                return module
        return None

    def exports(self, module: str) -> Mapping[str, Values]:
        """The names that a module of the tree binds, itself not following what it imports from the tree."""
        if module not in self._exports:
            self._exports[module] = self._run(module)
        return self._exports[module]

    def _run(self, module: str) -> Env:
        path = self.modules.get(module)
        if path is None or module in self.opaque or b"uuid" not in (self.root / path).read_bytes():
            return {}
        try:
            tree = read(self.root / path).tree
        except UnparsableError:
            return {}
        return Interpreter(Imports(self, path, follow=False), lambda *_: False).run(tree)


@dataclass(frozen=True)
class Imports:
    """How the imports of one file resolve; with `follow`, one step through re-exports under the same name."""

    tree: Tree
    path: str
    follow: bool = True

    def imported(self, name: str, level: int) -> Value:
        if level:
            package = PurePosixPath(self.path).parent.parts
            base = package[: len(package) - level + 1] if level > 1 else package
            module = ".".join((*base, *name.split("."))) if name else ".".join(base)
            return InTree(module) if self.tree.has(module) else Special.OTHER
        found = self.tree.find(name)
        return InTree(found) if found else External(name)

    def member(self, module: InTree, name: str) -> Values:
        exports = self.tree.exports(module.module) if self.follow else {}
        if name in exports:
            return frozenset(same_name(value, name) for value in exports[name])
        below = f"{module.module}.{name}"
        return frozenset({InTree(below) if self.tree.has(below) else Special.OTHER})

    def public(self, module: InTree) -> Mapping[str, Values]:
        exports = self.tree.exports(module.module) if self.follow else {}
        listed = listed_names(self.tree, module.module) if exports else None
        chosen = [
            name for name in exports if (name in listed if listed is not None else not name.startswith("_"))
        ]
        return {name: frozenset(same_name(value, name) for value in exports[name]) for name in chosen}


def dotted(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def same_name(value: Value, name: str) -> Value:
    return value if isinstance(value, External) and value.path.rpartition(".")[2] == name else Special.OTHER


def listed_names(tree: Tree, module: str) -> frozenset[str] | None:
    """The literal `__all__` of a module, if it has one."""
    for statement in read(tree.root / tree.modules[module]).tree.body:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id="__all__")], value=ast.List(elts=names) | ast.Tuple(elts=names)
            ):
                return frozenset(str(name.value) for name in names if isinstance(name, ast.Constant))
    return None
