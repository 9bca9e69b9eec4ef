"""From what was decided to what becomes of each file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ssot_lint.adoption.automation import attributes_step, github_step, gitlab_step, hook_step
from ssot_lint.adoption.changes import Step, read
from ssot_lint.adoption.configuration import Configuration, configuration_step
from ssot_lint.adoption.installation import Installation
from ssot_lint.adoption.project import Outcome, Project, configured
from ssot_lint.baseline import accept, dumps

Check = Callable[[Project], Outcome]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a project wants; `configuration` is None for one that has one."""

    configuration: Configuration | None
    baseline: bool
    pre_commit: bool
    github: bool
    gitlab: bool
    installation: Installation


def plan(project: Project, choices: Choices, check: Check) -> tuple[Step, ...]:
    """What becomes of each file; nothing is written. Raises SsotLintError for what is wrong already."""
    return tuple(_steps(project, choices, check))


def _steps(project: Project, choices: Choices, check: Check) -> Iterator[Step]:
    outcome = None
    if choices.configuration is None:
        assert project.settings.file is not None
        yield Step(project.settings.file, "configures ssot-lint already")
    else:
        project = configured(project, choices.configuration)
        outcome = check(project)
        yield configuration_step(project.folder, _without_failures(choices.configuration, outcome))
    if choices.baseline:
        yield _baseline_step(project, outcome, check)
    if project.repository is None:
        return
    if choices.baseline:
        yield attributes_step(project.repository, project.settings.baseline.name)
    if choices.pre_commit:
        yield hook_step(project.repository, choices.installation)
    if choices.github:
        yield github_step(project.repository, choices.installation, project.path_in_repository)
    if choices.gitlab:
        yield gitlab_step(project.repository, choices.installation, project.path_in_repository)


def _without_failures(configuration: Configuration, outcome: Outcome) -> Configuration:
    """Leaves out what cannot be checked, so that every run is not incomplete from the first day on."""
    excluded = tuple((failure.path, failure.message) for failure in outcome.failures)
    return replace(configuration, excluded=excluded)


def _baseline_step(project: Project, outcome: Outcome | None, check: Check) -> Step:
    file = project.settings.baseline
    before = read(file)
    if before is not None:
        return Step(file, "is there already", before)
    findings = (outcome or check(project)).findings
    if not findings:
        return Step(file, "is not needed: there is nothing to accept")
    count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    return Step(file, f"accepts {count}", None, dumps(accept(findings)))
