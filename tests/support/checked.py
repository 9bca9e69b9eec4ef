"""Many small modules, checked in one run of a project, with the places marked where something is to be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ladder import Ladder, copy_of_the_example, file_input, project_ladder
from marked import unmark

from ssot_lint.model import Finding, Report, Span
from ssot_lint.session import CheckRequest, check


@dataclass(frozen=True)
class Checked:
    """The project of the rule pages with a module for each case."""

    root: Path
    rule: str
    report: Report
    ladder: Ladder
    paths: Mapping[str, str]
    marks: Mapping[str, list[Span]]

    def findings(self, case: str) -> list[Finding]:
        path = self.paths[case]
        return [item for item in self.report.findings if (item.path, item.rule) == (path, self.rule)]

    def spans(self, case: str) -> list[Span]:
        return sorted(item.span for item in self.findings(case))

    def problems(self, case: str) -> list[str]:
        """Why the module could not be checked, and what is found only in all of it, or only when it is cut."""
        path = self.paths[case]
        failures = [failure.message for failure in self.report.failures if failure.path == path]
        return failures + self.ladder.differences(file_input(self.root / path, [self.root]))


def check_cases(
    root: Path, rule: str, cases: Mapping[str, str], beside: Mapping[str, str] | None = None, config: str = ""
) -> Checked:
    """Checks one module `app.case_N` for each case; `beside` are further modules of the package `app`."""
    copy_of_the_example(root)
    with (root / "pyproject.toml").open("a") as file:
        file.write(config)
    for name, text in (beside or {}).items():
        (root / "app" / name).write_text(text, "utf-8")
    paths, marks = {}, {}
    for number, (case, code) in enumerate(cases.items()):
        paths[case] = f"app/case_{number}.py"
        text, spans = unmark(code)
        marks[case] = sorted(spans)
        (root / paths[case]).write_bytes(text.encode())
    report = check(CheckRequest(paths=(".",), cwd=root, jobs=1))
    return Checked(root, rule, report, project_ladder(root), paths, marks)
