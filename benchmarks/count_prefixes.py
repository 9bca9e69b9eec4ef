"""Count the strings that begin with a prefix of the source of truth and are built from parts, by `ast` alone.

It is a second opinion on the rule `hardcoded-id-prefix`: f-strings, `+`, `%`, `.format` and `"_".join`, told
apart by whether a part is fresh (a UUID, the time, random, or a name of the function bound to one) and by
what the string is for. Nothing of ssot-lint is imported, and the prefixes are given by hand. Needs Python
3.12 or newer.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from count_with_ast import add_tree_arguments, open_tree
from oracle.flow import Interpreter
from oracle.scopes import External
from oracle.tree import Imports, Source, Tree, UnparsableError, positions, read

FRESH = re.compile(
    r"uuid\.uuid[14678]|time\.(time|monotonic|perf_counter)(_ns)?|(secrets|random)\.\w+|os\.urandom"
    r"|datetime\.datetime\.(now|utcnow|today)"
)
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
LOGGERS = re.compile(r"(?i).*log(ger|ging)?|warnings")


@dataclass(frozen=True, slots=True, order=True)
class Builder:
    """One built string; `exact` if its literal head is the bare prefix, `purpose` as far as it shows."""

    path: str
    row: int
    column: int
    head: str
    exact: bool
    fresh: bool
    purpose: str


def head(node: ast.AST) -> str | None:
    """The literal text that a string built from parts begins with."""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), _, *_]):
            return text
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
            return text
        case ast.BinOp(left=ast.BinOp() | ast.JoinedStr(), op=ast.Add()):
            return head(node.left)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text.partition("{")[0]
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value="_"), attr="join"),
            args=[
                ast.List(elts=[ast.Constant(value=str(text)), _, *_])
                | ast.Tuple(elts=[ast.Constant(value=str(text)), _, *_])
            ],
        ):
            return f"{text}_"
    return None


class Module:
    """One parsed file with what is fresh in it."""

    def __init__(self, tree: Tree, path: str, source: Source) -> None:
        self.source = source
        self.parents = {
            child: node for node in ast.walk(self.source.tree) for child in ast.iter_child_nodes(node)
        }
        self.fresh: set[ast.AST] = set()
        Interpreter(Imports(tree, path), self._use).run(self.source.tree)
        self.fresh_names = set(self._names())

    def _use(self, node: ast.expr, value: External, _called: bool) -> bool:
        if FRESH.fullmatch(value.path):
            self.fresh.add(node)
        return False

    def function(self, node: ast.AST) -> ast.AST:
        """The innermost function around a node, or the module."""
        node = self.parents.get(node, self.source.tree)
        while node in self.parents and not isinstance(node, FUNCTIONS):
            node = self.parents[node]
        return node

    def is_fresh(self, node: ast.AST) -> bool:
        """Whether a fresh value goes into an expression, directly or through a name of its function."""
        return any(
            part in self.fresh
            or (isinstance(part, ast.Name) and (self.function(node), part.id) in self.fresh_names)
            for part in ast.walk(node)
        )

    def _names(self) -> Iterator[tuple[ast.AST, str]]:
        self.fresh_names = set()
        before = -1
        while before != len(self.fresh_names):
            before = len(self.fresh_names)
            for node in ast.walk(self.source.tree):
                if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    if self.is_fresh(node.value):
                        names = (target.id for target in targets if isinstance(target, ast.Name))
                        self.fresh_names |= {(self.function(node), name) for name in names}
        return iter(self.fresh_names)

    def purpose(self, node: ast.AST) -> str:
        """What a string is for: an ID unless its text or its place says otherwise."""
        text = "{}".join(literals(node))
        if re.search(r"\s", text):
            return "prose"
        if "/" in text or re.search(r"\.[a-z]\w{0,4}$", text):
            return "file name"
        if "@" in text:
            return "e-mail"
        if any(isinstance(outer, ast.Call) and is_log(outer) for outer in self._around(node)):
            return "log"
        return self._place(node, self.parents[node])

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The expressions that a string stands in, from the inside out."""
        outer = self.parents[node]
        while isinstance(outer, ast.expr | ast.keyword):
            yield outer
            outer = self.parents[outer]

    def _place(self, node: ast.AST, parent: ast.AST) -> str:
        match parent:
            case ast.Subscript():
                return "key"
            case ast.Dict() if node in parent.keys:
                return "key"
            case ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault"), args=[first, *_]) if (
                first is node
            ):
                return "key"
            case ast.Compare() | ast.Call(func=ast.Attribute(attr="startswith" | "endswith")):
                return "comparison"
        return "id"


def literals(node: ast.AST) -> list[str]:
    """The literal stretches of a string built from parts, in order."""
    parts = node.values if isinstance(node, ast.JoinedStr) else list(ast.walk(node))
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def is_log(call: ast.Call) -> bool:
    """Whether a call is one of a logger's methods, `print` or `warnings.warn`."""
    *owners, name = ast.unparse(call.func).split(".")
    return bool(LOGGERS.fullmatch(owners[-1])) if owners else name == "print"


def builders(tree: Tree, path: str, prefixes: Sequence[str]) -> list[Builder]:
    """The strings of one file, in order; raises UnparsableError."""
    source = read(tree.root / path)
    heads = {
        node: text for node in ast.walk(source.tree) if isinstance(node, ast.expr) and (text := head(node))
    }
    owned = {node: text for node, text in heads.items() if text.startswith(tuple(f"{p}_" for p in prefixes))}
    if not owned:
        return []
    module = Module(tree, path, source)
    position = positions(source)
    found: dict[tuple[int, int], Builder] = {}
    for node, text in owned.items():
        exact = text.rstrip("_") in prefixes
        builder = Builder(path, *position(node), text, exact, module.is_fresh(node), module.purpose(node))
        found.setdefault(position(node), builder)
    return sorted(found.values())


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_tree_arguments(parser)
    parser.add_argument(
        "--prefix", action="append", required=True, metavar="WORD", help="owned prefix, without its _"
    )
    parser.add_argument("--json", action="store_true", help="print every string as JSON")
    arguments = parser.parse_args(argv)
    if sys.version_info < (3, 12):
        parser.error("needs Python 3.12 or newer")
    tree = open_tree(arguments)
    own = {tree.modules[module] for module in tree.opaque if module in tree.modules}
    found: list[Builder] = []
    for path in tree.paths:
        data = (tree.root / path).read_bytes()
        if path in own or not any(prefix.encode() in data for prefix in arguments.prefix):
            continue
        try:
            found += builders(tree, path, arguments.prefix)
        except UnparsableError as error:
            print(f"{path}: not parsed: {error}", file=sys.stderr)
    if arguments.json:
        print(json.dumps([asdict(builder) for builder in found], indent=2))
        return 0
    table = Counter(
        (b.purpose, "fresh" if b.fresh else "derived", "exact" if b.exact else "longer head") for b in found
    )
    for (purpose, part, kind), number in sorted(table.items()):
        print(f"{number:7} {purpose}, {part}, {kind}")
    print(f"{len(found):7} in {len({builder.path for builder in found})} of {len(tree.paths)} files")
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    sys.exit(main())
