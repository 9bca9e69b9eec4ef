"""Takes local imports of a name to a place from which every use of the name can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from ssot_lint.detectors import Context
from ssot_lint.detectors.lines import Lines
from ssot_lint.detectors.safety import is_test
from ssot_lint.detectors.values import Refusal
from ssot_lint.model import Applicability, Edit, Fix
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.scopes import Binding, Scope
from ssot_lint.syntax.tree import Tree


class LocalImports:
    """What binds `name` in the function of `scope`; `statements` has the statement of each alias."""

    def __init__(
        self,
        tree: Tree,
        scope: Scope,
        name: str,
        bindings: Sequence[Binding],
        statements: Mapping[cst.CSTNode, cst.Import | cst.ImportFrom],
    ) -> None:
        self._tree = tree
        self._function = cst.ensure_type(scope.node, cst.FunctionDef)
        self._name = name
        self._bindings = bindings
        self._statements = statements

    def fix(self, context: Context) -> Fix:
        """Drops the imports if the module has the same one, else moves one of them up; raises Refusal."""
        statements = [self._statement(binding) for binding in self._bindings]
        targets = {binding.imported for binding in self._bindings}
        if len(targets) > 1:
            raise Refusal("the function imports different things under that name")
        lines = Lines(self._tree, context.text)
        edits = [edit for statement in statements for edit in self._removal(lines, statement)]
        message = "Drop the local import, since the module has the same one"
        if not self._module_has(targets):
            edits.append(self._insertion(lines, statements[0]))
            message = "Move the import to the start of the function"
        applicability = Applicability.UNSAFE if is_test(context.path) else Applicability.SAFE
        return Fix(applicability, message, tuple(sorted(edits, key=lambda edit: edit.span)))

    def _statement(self, binding: Binding) -> cst.Import | cst.ImportFrom:
        """The import that makes a binding, and nothing else."""
        statement = self._statements.get(binding.node)
        if statement is None:
            raise Refusal(f"`{self._name}` is not only bound by imports")
        if isinstance(statement.names, cst.ImportStar) or len(statement.names) > 1:
            raise Refusal("the import brings other names along")
        line = self._tree.parent(statement)
        if isinstance(line, cst.SimpleStatementLine) and len(line.body) > 1:
            raise Refusal("the import shares its line with another statement")
        if any(isinstance(outer, (cst.Try, cst.TryStar)) for outer in self._inside(statement)):
            raise Refusal("the import stands in a `try`")
        return statement

    def _inside(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """What surrounds a node in the function."""
        for outer in self._tree.ancestors(node):
            if outer is self._function:
                return
            yield outer

    def _module_has(self, targets: set[str | None]) -> bool:
        """Whether the module surely binds the name to the same thing."""
        bindings = self._tree.scopes.module.bindings.get(self._name, ())
        if not any(binding.place.block.parent is None for binding in bindings):
            return False
        return {binding.imported for binding in bindings} == targets

    def _removal(self, lines: Lines, statement: cst.Import | cst.ImportFrom) -> Iterator[Edit]:
        """Takes the statement away, and a blank row that would then begin a block; no block is left empty."""
        holder = self._tree.parent(statement)
        suite = self._tree.parent(holder) if isinstance(holder, cst.SimpleStatementLine) else holder
        if not isinstance(suite, cst.IndentedBlock) or len(suite.body) == 1:
            yield lines.replace(statement, "pass")
            return
        line = lines.line(statement)
        yield lines.remove(line)
        while suite.body[0] is holder and _is_blank(lines, line := lines.outline.end(line)):
            yield lines.remove(line)

    def _insertion(self, lines: Lines, statement: cst.Import | cst.ImportFrom) -> Edit:
        body = self._function.body
        if not isinstance(body, cst.IndentedBlock):
            raise Refusal("the function stands on one line")
        first = body.body[1 if _is_docstring(body.body[0]) else 0]
        line = lines.line(first)
        indentation = lines.outline.indentation(line)
        return lines.insert(line, f"{indentation}{lines.code(statement)}\n")


def _is_blank(lines: Lines, line: int) -> bool:
    start, end = lines.outline.bounds(line)
    return not lines.text[start:end].strip()


def _is_docstring(statement: cst.BaseStatement) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=value)]):
            return literal_text(value) is not None
    return False
