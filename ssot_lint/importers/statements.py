"""The imports of one file, cut out of it and parsed one by one, and the strings in it that name modules."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ssot_lint.importers.model import Site
from ssot_lint.syntax.lexer import Region, Stretch
from ssot_lint.syntax.outline import Outline

Node: TypeAlias = ast.Import | ast.ImportFrom

_IMPORT = re.compile(r"import(?:_module|__)?(?!\w)")
_CALL = re.compile(r"(?:import_module|__import__)\s*\(\s*\Z")
_PACKAGE = re.compile(r"\s*,\s*(?:package\s*=\s*)?(?:__package__|__name__)\s*[,)]")
_TYPING = re.compile(r"(?:el)?if\b[\s(]*(?P<negated>not\b)?[\s(]*(?:\w+\.)*TYPE_CHECKING[\s)]*:")
_TRIES = frozenset({"try", "except"})
_BEFORE_CLAUSE = {
    "elif": "if 0: pass\n",
    "else": "if 0: pass\n",
    "except": "try: pass\n",
    "finally": "try: pass\n",
    "case": "match 0:\n ",
}


class StatementError(ValueError):
    """An import statement that is no Python; `row` is where it stands."""

    def __init__(self, message: str, row: int) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """What an import loads: `name` from `module`, an absolute dotted name, or with None the module itself.

    `line` is the logical line of the import, which begins at `offset`; `code` is the import by itself, a node
    or the text of a call. `in_function` and `for_typing` are about that line alone.
    """

    module: str
    name: str | None
    line: int
    offset: int
    code: Node | str
    in_function: bool = False
    for_typing: bool = False

    @property
    def loads(self) -> str:
        return self.module if self.name is None else f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal that is nothing but a dotted name, with a colon perhaps before the last parts."""

    dotted: str
    site: Site


class Statements:
    """What one file imports; raises LexError where it cannot be cut.

    `package` is the dotted name in parts that relative imports start from, None where they lead nowhere.
    """

    def __init__(self, text: str, package: Sequence[str] | None) -> None:
        self._text = text
        self._package = package
        self._outline = Outline(text)

    def imports(self) -> Iterator[Import]:
        """Import statements, and calls that import what a literal names; raises StatementError."""
        statements: set[int] = set()
        for match in _IMPORT.finditer(self._text):
            start = match.start() - 2 * match[0].endswith("__")
            line = self._outline.line_at(start)
            if line in statements or self._is_in_word(start) or self._outline.region(start) is not None:
                continue
            if match[0] != "import":
                yield from self._call(line, start)
            else:
                statements.add(line)
                yield from self._statement(line)

    def texts(self, pattern: re.Pattern[str]) -> Iterator[Text]:
        """The literals in which `pattern` matches that are dotted names, and no import by themselves."""
        for match in pattern.finditer(self._text):
            line = self._outline.line_at(match.start())
            begin = self._outline.bounds(line)[0]
            for stretch in self._outline.stretches(line):
                if stretch.region is Region.STRING and stretch.start <= match.start() < stretch.end:
                    literal = self._literal(stretch)
                    dotted = _value(literal).replace(":", ".")
                    if _is_dotted(dotted) and not _CALL.search(self._text, begin, stretch.start):
                        yield Text(dotted, Site(self._row(stretch.start), literal))

    def site(self, item: Import) -> Site:
        """Where an import of this file stands, and what may keep it from running."""
        outline = self._outline
        headers = list(outline.ancestors(item.line))
        functions = [header for header in headers if outline.is_function(header)]
        nearer = headers[: headers.index(functions[0])] if functions else headers
        return Site(
            row=self._row(item.offset),
            text=" ".join((item.code if isinstance(item.code, str) else ast.unparse(item.code)).split()),
            is_local=item.in_function or bool(functions),
            for_typing=self.is_for_typing(item),
            is_guarded=any(outline.keyword(header) in _TRIES for header in (item.line, *nearer)),
        )

    def is_for_typing(self, item: Import) -> bool:
        """Whether only type checkers see an import of this file."""
        return item.for_typing or any(map(self._opens_typing, self._outline.ancestors(item.line)))

    def _opens_typing(self, header: int) -> bool:
        outline = self._outline
        is_else = outline.keyword(header) == "else"
        if is_else:
            width = outline.width(header)
            before = (line for line in outline.lines_before(header) if outline.width(line) == width)
            header = next(before, header)
        match = _TYPING.match(self._text, outline.head(header))
        return match is not None and (match["negated"] is not None) == is_else

    def _statement(self, line: int) -> Iterator[Import]:
        start, end = self._outline.head(line), self._outline.bounds(line)[1]
        try:
            tree = _parse(self._text[start:end], self._outline.keyword(line))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            raise StatementError(f"an import cannot be parsed: {message}", self._row(start)) from None
        for node, in_function, for_typing in _imports_in(tree, False, False):
            for module, name in self._loaded(node):
                yield Import(module, name, line, start, node, in_function, for_typing)

    def _loaded(self, node: Node) -> Iterator[tuple[str, str | None]]:
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
            return
        module = _absolute(node.module, node.level, self._package)
        if module is not None:
            yield from ((module, alias.name) for alias in node.names)

    def _call(self, line: int, at: int) -> Iterator[Import]:
        """What the call at an offset imports, if it names the module in a literal."""
        for stretch in self._outline.stretches(line):
            if stretch.region is Region.STRING and _CALL.fullmatch(self._text, at, stretch.start):
                module = self._called(stretch)
                if module is not None:
                    yield Import(module, None, line, at, f"{self._text[at : stretch.end]})")

    def _called(self, argument: Stretch) -> str | None:
        """The module that a literal names as the first argument of a call that imports it."""
        value = _value(self._literal(argument))
        name = value.lstrip(".")
        if not _is_dotted(name):
            return None
        if name != value and not _PACKAGE.match(self._text, argument.end):
            return None
        return _absolute(name, len(value) - len(name), self._package)

    def _is_in_word(self, at: int) -> bool:
        before = self._text[at - 1] if at > 0 else ""
        return before.isalnum() or before == "_"

    def _literal(self, stretch: Stretch) -> str:
        return self._text[stretch.start : stretch.end]

    def _row(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1


def _parse(text: str, keyword: str) -> ast.Module:
    """One logical line by itself, a clause with something before it that it belongs to."""
    source = f"{text}\nfinally: pass\n" if keyword == "try" else _BEFORE_CLAUSE.get(keyword, "") + text
    with warnings.catch_warnings():
        # An invalid escape in the user's string is for their own Python to complain about.
        warnings.simplefilter("ignore")
        return ast.parse(source)


def _imports_in(node: ast.AST, in_function: bool, for_typing: bool) -> Iterator[tuple[Node, bool, bool]]:
    """Import statements, whether a function holds each of them, and whether only type checkers see it."""
    if isinstance(node, Node):
        yield node, in_function, for_typing
        return
    in_function = in_function or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    if isinstance(node, ast.If):
        match = _TYPING.match(f"if {ast.unparse(node.test)}:")
        for_typing = for_typing or (match is not None and not match["negated"])
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield from _imports_in(child, in_function, for_typing)


def _absolute(module: str | None, level: int, package: Sequence[str] | None) -> str | None:
    """The absolute name of an imported module; None where its dots lead out of the tree."""
    if not level:
        return module
    if package is None or level > len(package):
        return None
    parts = package[: len(package) - level + 1]
    return ".".join((*parts, module) if module else parts)


def _value(literal: str) -> str:
    """The value of a string literal; empty for bytes."""
    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return ""
    return value if isinstance(value, str) else ""


def _is_dotted(name: str) -> bool:
    return all(map(str.isidentifier, name.split(".")))
