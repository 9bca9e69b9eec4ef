"""Both ends of the ladder: what the climb of a file finds, and what LibCST finds on its whole module."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ssot_lint import kinds
from ssot_lint.discovery import find_module, module_name
from ssot_lint.engine.decide import decide
from ssot_lint.engine.exports import answer
from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan, RulePlan
from ssot_lint.engine.scan import Scanner
from ssot_lint.model import Finding, Severity
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import SettingsIndex
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.decode import decode
from ssot_lint.syntax.query import Query

PROJECT = Path(__file__).parent / "project"


class Ladder:
    """One plan for the modules below `roots`."""

    def __init__(self, plan: Plan, roots: Sequence[Path] = ()) -> None:
        self.plan = plan
        self._roots = roots
        self._scanner = Scanner(plan)

    def climbed(self, file: FileInput) -> FileResult:
        """What every run finds."""
        return self._answered(lambda answers: self._scanner.scan(file, answers))

    def whole(self, file: FileInput) -> FileResult:
        """What the rules find when they see the whole module, whatever stands in it."""
        text = decode(file.content)
        rules = [rule for rule in self.plan.rules if rule.name not in file.skipped_rules]
        return self._answered(lambda answers: decide(file, text, None, rules, self.plan, answers))

    def differences(self, file: FileInput) -> list[str]:
        """What only one end finds; nothing where the whole module cannot be parsed."""
        whole, climbed = self.whole(file), self.climbed(file)
        if whole.failure is not None:
            return []
        if climbed.failure is not None:
            return [f"{file.path}: {climbed.failure.message}"]
        only = ((f"only {name}", end) for name, end in (("whole", whole), ("climbed", climbed)))
        other = {"only whole": climbed.findings, "only climbed": whole.findings}
        return [
            f"{_shown(item)}: {name}"
            for name, end in only
            for item in end.findings
            if item not in other[name]
        ]

    def _answered(self, run: Callable[[Answers], FileResult]) -> FileResult:
        answers: dict[Query, str | None] = {}
        while (result := run(answers)).queries:
            answers |= {query: self._answer(query) for query in result.queries}
        return result

    def _answer(self, query: Query) -> str | None:
        path = find_module(query.module, self._roots)
        is_source = self.plan.contract and query.module in {one.module for one in self.plan.contract.sources}
        return None if path is None or is_source else answer(query, file_input(path, self._roots))


def project_ladder(root: Path, with_fixes: bool = False) -> Ladder:
    """The ladder of a project with a configuration file."""
    settings = SettingsIndex(root).for_directory(str(root))
    planner = Planner(root, Selection(), with_fixes)
    return Ladder(planner.plan(settings, settings.sources), settings.source_roots)


def file_input(path: Path, roots: Sequence[Path]) -> FileInput:
    name = module_name(path, roots)
    module = tuple(name.split(".")) if name else ()
    return FileInput(path.as_posix(), module, path.stem == "__init__", path.read_bytes())


def module_input(text: str) -> FileInput:
    """A module `app.module` that is nowhere on disk."""
    return FileInput("app/module.py", ("app", "module"), False, text.encode("utf-8", "surrogatepass"))


def rule_plan(name: str, kind: str, contract: Contract | None, **params: object) -> RulePlan:
    found = kinds.load(kind)
    read = found.Params(**params)
    return RulePlan(name, kind, Severity.ERROR, read, found.interest(read, contract))


def copy_of_the_example(folder: Path) -> None:
    """The project in which the examples of the rule pages live."""
    shutil.copytree(Path(__file__).parents[2] / "rules/_example", folder, dirs_exist_ok=True)


def _shown(finding: Finding) -> str:
    start = finding.span.start
    return f"{finding.path}:{start.row}:{start.column}: {finding.rule} in {finding.symbol}: {finding.message}"
