"""What a Report becomes: text on two streams or in a file, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ssot_lint import reporters
from ssot_lint.cli._options import OutputFlags
from ssot_lint.cli._output import wants_color, write, write_file
from ssot_lint.reporters import Context, Render

if TYPE_CHECKING:
    from ssot_lint.catalogue import Rule
    from ssot_lint.model import Failure, Report

_NOTHING = "nothing to check: no Python file there, or all of them are excluded"

LoadRules = Callable[[], Mapping[str, "Rule"]]


def renderer(flags: OutputFlags) -> Render:
    """What renders a report as the flags ask; a usage error if the format cannot count."""
    reporter = reporters.load(flags.output_format)
    if not flags.statistics:
        return reporter.render
    try:
        return cast(Render, vars(reporter)["render_statistics"])
    except KeyError:
        message = f"--statistics means nothing to the format {flags.output_format}"
        raise click.UsageError(message) from None


def deliver(report: Report, render: Render, flags: OutputFlags, load_rules: LoadRules) -> int:
    """Writes the report where it belongs, and what kept the run from being whole to standard error.

    The exit code is 0 without findings and faults, 1 with some, 2 if something could not be checked.
    """
    for line in _remarks(report, flags):
        click.echo(line, err=True)
    color = flags.output_file is None and wants_color(sys.stdout)
    text = "".join(render(report, Context(Path.cwd(), color, flags.quiet, load_rules)))
    publish(text, flags.output_file)
    if report.failures:
        return 2
    return 1 if (report.findings or report.faults) and not flags.exit_zero else 0


def _remarks(report: Report, flags: OutputFlags) -> Iterator[str]:
    if not flags.quiet:
        yield from report.notices
    if not (flags.quiet or report.checked or report.failures):
        yield _NOTHING if report.share is None else "nothing to check in this shard"
    yield from failure_lines(report.root, report.troubles)


def failure_lines(root: Path, failures: Iterable[Failure]) -> Iterator[str]:
    """A line for standard error for each file with which something is wrong as a whole."""
    return reporters.failure_lines(failures, root, Path.cwd())


def publish(text: str, file: Path | None) -> None:
    """Writes a report to the file, or else to standard output."""
    if file is not None:
        write_file(file, text)
    else:
        write(text)
