"""Flags that several commands share, and what they mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ssot_lint.reporters import formats

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from ssot_lint.session import CheckRequest

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T", bound="DataclassInstance")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PATH = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class OutputFlags:
    """What becomes of a Report; the fields are the flags of `output_options`."""

    output_format: str
    output_file: Path | None
    statistics: bool
    exit_zero: bool
    quiet: bool
    verbose: bool


@dataclass(frozen=True, slots=True)
class RunFlags:
    """What is checked, and against which rules; the fields are the flags of `run_options`."""

    paths: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    config: Path | None
    jobs: int | None
    stdin_filename: str | None
    cache: bool
    cache_dir: Path | None

    def request(self) -> CheckRequest:
        """Reads standard input if it is to be checked."""
        from ssot_lint.session import CheckRequest

        stdin = self._stdin()
        return CheckRequest(
            paths=() if stdin else self.paths or (".",),
            cwd=Path.cwd(),
            config=self.config and self.config.absolute(),
            select=self.select or None,
            ignore=self.ignore,
            jobs=self.jobs,
            stdin=stdin,
            with_cache=self.cache,
            cache_dir=self.cache_dir and self.cache_dir.absolute(),
        )

    def _stdin(self) -> tuple[str, bytes] | None:
        if "-" not in self.paths:
            if self.stdin_filename:
                raise click.UsageError("--stdin-filename is the name of -, which is not among the paths")
            return None
        if len(self.paths) > 1:
            raise click.UsageError("- stands for standard input and cannot be mixed with other paths")
        if not self.stdin_filename:
            raise click.UsageError("- needs --stdin-filename, the name under which to check standard input")
        return self.stdin_filename, sys.stdin.buffer.read()


@dataclass(frozen=True, slots=True)
class AcceptanceFlags:
    """Which findings are old and accepted; the fields are the flags of `acceptance_options`."""

    diff_base: str | None
    baseline: bool
    stale_baseline: str | None

    def apply(self, request: CheckRequest) -> CheckRequest:
        from ssot_lint.settings import StaleBaseline

        return replace(
            request,
            diff_base=self.diff_base,
            with_baseline=self.baseline,
            stale_baseline=StaleBaseline(self.stale_baseline) if self.stale_baseline else None,
        )


def run_options(command: F) -> F:
    """The flags of `RunFlags`."""
    return _all(
        command,
        click.argument("paths", nargs=-1, type=click.Path()),
        click.option("--select", **_RULES, help="Only these rules; can be repeated."),
        click.option("--ignore", **_RULES, help="Not these rules; can be repeated."),
        config_option,
        click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use at most."),
        click.option(
            "--stdin-filename", metavar="PATH", help="Name of what comes from standard input, for -."
        ),
        click.option("--cache/--no-cache", default=True, help="Whether results are kept from run to run."),
        click.option("--cache-dir", type=_PATH, help="Keep results there instead of where it is configured."),
    )


def acceptance_options(command: F) -> F:
    """The flags of `AcceptanceFlags`."""
    return _all(
        command,
        click.option(
            "--diff-base", metavar="REV", help="Only findings on lines that have changed since that commit."
        ),
        click.option("--baseline/--no-baseline", default=True, help="Whether the baseline accepts findings."),
        click.option(
            "--stale-baseline",
            type=click.Choice(("warn", "error", "off")),
            help="What baseline entries without a finding are, instead of what is configured.",
        ),
    )


def config_option(command: F) -> F:
    """`--config`, a file that is used instead of those that lie beside the code."""
    return click.option("--config", type=_FILE, help="Use this file, and no other configuration.")(command)


def format_option(*names: str) -> Callable[[F], F]:
    """`--output-format`, by default the first of the names."""

    def known(ctx: click.Context, param: click.Parameter, value: str) -> str:
        if value not in names:
            raise click.BadParameter(_unknown(value, names), ctx, param)
        return value

    return click.option(
        "--output-format",
        default=names[0],
        show_default=True,
        metavar=f"[{'|'.join(names)}]",
        callback=known,
        shell_complete=lambda _ctx, _param, start: [name for name in names if name.startswith(start)],
        help="How to report.",
    )


def output_options(command: F) -> F:
    """The flags of `OutputFlags`."""
    return _all(
        command,
        format_option(*sorted(formats(), key="text".__ne__)),
        click.option("--output-file", type=_PATH, metavar="PATH", help="Write the report there."),
        click.option("--statistics", is_flag=True, help="Count the findings of each rule, do not list them."),
        click.option("--exit-zero", is_flag=True, help="Exit with 0 also if there are findings."),
        click.option("-q", "--quiet", is_flag=True, help="Findings and errors only."),
        click.option("-v", "--verbose", is_flag=True, help="Also say what the run did."),
    )


def pick(cls: type[T], flags: Mapping[str, Any]) -> T:
    """The flags that are fields of the dataclass, as its instance."""
    return cls(**{field.name: flags[field.name] for field in fields(cls)})


def known_rules(names: Collection[str], rules: Collection[str]) -> None:
    """A usage error for a name that is no rule."""
    for name in names:
        if name not in rules:
            raise click.UsageError(f"no such rule: {_unknown(name, rules)}")


def _unknown(name: str, known: Collection[str]) -> str:
    from ssot_lint.typed import did_you_mean

    return f"{name!r} is none of {', '.join(known)}{did_you_mean(name, known)}"


def complete_rule(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The rules that come along and begin like that, for the completion in a shell."""
    from ssot_lint.catalogue import load_rules
    from ssot_lint.rule_pages import rules_directory

    return [name for name in load_rules([rules_directory()]) if name.startswith(incomplete)]


def _names(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(name.strip() for value in values for name in value.split(","))
    if not all(names):
        raise click.BadParameter("names no rule", param=param)
    return tuple(dict.fromkeys(names))


_RULES: Mapping[str, Any] = {
    "multiple": True,
    "callback": _names,
    "metavar": "RULE[,RULE...]",
    "shell_complete": complete_rule,
}


def _all(command: F, *decorators: Callable[[F], F]) -> F:
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
