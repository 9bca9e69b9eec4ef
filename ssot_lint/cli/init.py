"""`ssot-lint init`: takes ssot-lint into use in a project that has never seen it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import pick
from ssot_lint.cli._output import write
from ssot_lint.cli._progress import ProgressBar
from ssot_lint.cli._show import show_table
from ssot_lint.errors import SsotLintError

if TYPE_CHECKING:
    from ssot_lint.adoption.candidates import Candidate
    from ssot_lint.adoption.changes import Step
    from ssot_lint.adoption.configuration import Configuration
    from ssot_lint.adoption.plan import Choices
    from ssot_lint.adoption.project import Project

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Flags:
    """What was decided on the command line; None is still to be asked."""

    yes: bool
    diff: bool
    source: str | None
    ignore_tests: bool | None
    baseline: bool | None
    pre_commit: bool | None
    github: bool | None
    gitlab: bool | None
    requirement: str | None

    @property
    def asks(self) -> bool:
        return not (self.yes or self.diff)


@click.command("init", short_help="Configure a project: source of truth, baseline, hook and CI job.")
@click.option(
    "-y", "--yes", is_flag=True, help="Take the likeliest source and what is proposed; ask nothing."
)
@click.option("--diff", is_flag=True, help="Show what --yes would write, and write nothing.")
@click.option("--source", metavar="NAME", help="The source of truth, such as package.module.Class.")
@click.option("--ignore-tests/--no-ignore-tests", default=None, help="Let tests make IDs as they like.")
@click.option("--baseline/--no-baseline", default=None, help="Accept the findings that there are.")
@click.option("--pre-commit/--no-pre-commit", default=None, help="Check before each commit.")
@click.option("--github/--no-github", default=None, help="Check on GitHub.")
@click.option("--gitlab/--no-gitlab", default=None, help="Check on GitLab.")
@click.option(
    "--requirement", metavar="TEXT", help="What pip installs ssot-lint from; by default, as it is here."
)
def command(**flags: Any) -> int:
    """Configure a project: source of truth, baseline, hook and CI job.

    Looks for the class or module that makes IDs and is imported by others, shows what it found and why, and
    writes what is wanted. What is there already stays as it is, so it can be run again.
    """
    from ssot_lint.adoption.project import find_project

    given = pick(_Flags, flags)
    if given.asks and not sys.stdin.isatty():
        raise click.UsageError("nobody is there to be asked: use --yes, or --diff to see what it would do")
    project = find_project(Path.cwd())
    if not project.files:
        raise SsotLintError(f"{project.folder.as_posix()}: no Python file there, or all of them are excluded")
    configuration = None if project.is_configured else _configuration(project, given)
    if project.is_configured:
        _require_source(project)
    choices = _choices(project, given, configuration)
    steps = _planned(project, choices, given.diff)
    return _show_diff(project, steps) if given.diff else _carry_out(project, steps)


def _require_source(project: Project) -> None:
    settings = project.settings
    if not settings.sources:
        file, key = settings.where("source")
        raise SsotLintError(f'{file}: {key}: is missing; add `source = "package.module.Class"` and run again')


def _configuration(project: Project, given: _Flags) -> Configuration:
    from ssot_lint.adoption.configuration import Configuration

    source, root = _source(project, given)
    roots = (
        ()
        if root in (".", "src")
        else (".", "src", root)
        if (project.folder / "src").is_dir()
        else (".", root)
    )
    ignored = _rules_for_tests(project, given)
    return Configuration(source, roots, (), ignored)


def _source(project: Project, given: _Flags) -> tuple[str | None, str]:
    """The source's dotted name, None if there is none, and the folder that it is imported from."""
    from ssot_lint.adoption.candidates import rank

    if given.source:
        return given.source, "."
    with ProgressBar(enabled=True) as progress:
        ranking = rank(project.files, project.folder, progress)
    for line in ranking.unreadable:
        click.echo(f"not looked at: {line}", err=True)
    shown = ranking.candidates[:_SHOWN]
    if shown and not given.diff:
        show_table(("", "candidate", "imported by", "makes IDs", "prefixes", "defined"), _rows(shown))
    chosen = _ask(shown) if given.asks else next(iter(shown), None)
    if not given.asks and (chosen is None or not chosen.is_clear):
        click.echo("no class or module is clearly the source of truth; name it with --source", err=True)
        return None, "."
    return (None, ".") if chosen is None else (chosen.target, chosen.root)


def _rows(candidates: Sequence[Candidate]) -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            each.target,
            _count(each.importers, "file"),
            f"{each.generators} of {_count(each.functions, 'function')}",
            str(each.prefixes),
            f"{each.file}:{each.row}",
        )
        for number, each in enumerate(candidates, 1)
    ]


def _ask(shown: Sequence[Candidate]) -> Candidate | None:
    if not shown:
        click.echo("nothing here looks like a source of truth")
        return None
    question = "Which one is the source of truth (0: none of these)"
    number: int = click.prompt(question, type=click.IntRange(0, len(shown)), default=1)
    return shown[number - 1] if number else None


def _rules_for_tests(project: Project, given: _Flags) -> tuple[str, ...]:
    from ssot_lint.adoption.candidates import is_test
    from ssot_lint.compliance.sites import GENERATION

    tests = sum(is_test(file.relative) for file in project.files)
    question = f"May tests ({_count(tests, 'file')}) make IDs as they like"
    wanted = _decided(given, given.ignore_tests, False, question) if tests else False
    return tuple(sorted(GENERATION)) if wanted else ()


def _choices(project: Project, given: _Flags, configuration: Configuration | None) -> Choices:
    from ssot_lint.adoption.installation import from_requirement, installed
    from ssot_lint.adoption.plan import Choices
    from ssot_lint.adoption.project import hosts

    in_git = project.repository is not None
    likely = hosts(project)
    return Choices(
        configuration=configuration,
        baseline=_decided(given, given.baseline, True, "Accept the findings that there are, in a baseline"),
        pre_commit=in_git
        and _decided(given, given.pre_commit, True, "Check changed files before each commit, by pre-commit"),
        github=in_git and _decided(given, given.github, "github" in likely, "Check on GitHub"),
        gitlab=in_git and _decided(given, given.gitlab, "gitlab" in likely, "Check on GitLab"),
        installation=from_requirement(given.requirement) if given.requirement else installed(),
    )


def _decided(given: _Flags, flag: bool | None, proposal: bool, question: str) -> bool:
    if flag is not None:
        return flag
    return click.confirm(question, default=proposal) if given.asks else proposal


def _planned(project: Project, choices: Choices, dry: bool) -> tuple[Step, ...]:
    """What is found on the way is kept for the first check, unless nothing may be written."""
    from ssot_lint.adoption.plan import plan
    from ssot_lint.adoption.project import check
    from ssot_lint.cache_folder import CacheUse

    cache = None if dry else CacheUse()
    with ProgressBar(enabled=True) as progress:
        return plan(project, choices, lambda configured: check(configured, progress, cache))


def _show_diff(project: Project, steps: Iterable[Step]) -> int:
    """The baseline, a generated file with a line for each finding, is only named."""
    from ssot_lint.adoption.changes import diff

    for step in steps:
        name = _name(project, step)
        if step.file == project.settings.baseline:
            write(f"# {name} {step.remark}\n")
        elif text := diff(step, name):
            write(text)
        else:
            click.echo(f"{name} {step.remark}", err=True)
    return 2 if any(step.is_refused for step in steps) else 0


def _carry_out(project: Project, steps: Sequence[Step]) -> int:
    """Writes the configuration last, so that a project is configured only when all else is there."""
    from ssot_lint.adoption.changes import carry_out

    for step in (*steps[1:], *steps[:1]):
        name = _name(project, step)
        if step.is_refused:
            click.echo(f"error: {name} {step.remark}", err=True)
            continue
        carry_out(step)
        click.echo(f"{'wrote   ' if step.after is not None else 'as it is'}  {name}  {step.remark}")
    _warn_of_ignored(project, [step.file for step in steps if step.after is not None])
    return 2 if any(step.is_refused for step in steps) else 0


def _warn_of_ignored(project: Project, written: Sequence[Path]) -> None:
    """What is not committed serves nobody else, and CI knows no baseline."""
    from ssot_lint.adoption.project import ignored

    if project.repository and (names := ignored(project.repository, written)):
        listed = " ".join(map(shlex.quote, names))
        click.echo(f"git ignores some of that; take it in with: git add --force {listed}", err=True)


def _name(project: Project, step: Step) -> str:
    from ssot_lint.reporters import file_namer

    return file_namer(project.folder, project.repository or project.folder)(str(step.file))


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
