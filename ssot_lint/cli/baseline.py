"""`ssot-lint baseline`: accepts the findings there are, so that only new ones count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import RunFlags, known_rules, pick, run_options
from ssot_lint.cli._output import write, write_file
from ssot_lint.cli._progress import ProgressBar
from ssot_lint.cli._report import failure_lines
from ssot_lint.reporters import file_namer

if TYPE_CHECKING:
    from ssot_lint.acceptance import Held
    from ssot_lint.baseline import Baseline
    from ssot_lint.model import Finding
    from ssot_lint.session import Comparison


@click.command("baseline", short_help="Accept the findings there are, so that only new ones count.")
@run_options
@click.option("--accept-new", is_flag=True, help="Let the baseline grow by the findings that are new.")
@click.option("--prune", is_flag=True, help="Take out what is gone, and leave out what is new.")
@click.option("--explain", is_flag=True, help="Say what differs, and write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only.")
def command(accept_new: bool, prune: bool, explain: bool, quiet: bool, **flags: Any) -> int:
    """Accept the findings there are, so that only new ones count.

    Writes the first baseline, and later takes out of it what is gone. With PATHS, only the entries of those
    files change. A baseline never grows without --accept-new: if there are new findings, it stays as it is
    and the exit code is 1, which also says that --explain found a difference.
    """
    if accept_new + prune + explain > 1:
        raise click.UsageError("--accept-new, --prune and --explain exclude each other")
    run = pick(RunFlags, flags)
    if "-" in run.paths:
        raise click.UsageError("standard input has no place in a baseline")
    comparison = _compare(run, quiet)
    for line in failure_lines(comparison.root, comparison.failures):
        click.echo(line, err=True)
    if explain:
        refused = _explain(comparison)
    else:
        renewed = [_renew(held, comparison.root, accept_new, prune, quiet) for held in comparison.held]
        refused = not all(renewed)
    return 2 if comparison.failures else 1 if refused else 0


def _compare(run: RunFlags, quiet: bool) -> Comparison:
    from ssot_lint import session

    request = run.request()
    if names := (*run.select, *run.ignore):
        known_rules(names, session.load_catalogue(request))
    with ProgressBar(enabled=not quiet) as progress:
        return session.compare(request, progress)


def _renew(held: Held, root: Path, accept_new: bool, prune: bool, quiet: bool) -> bool:
    """Writes a baseline where it has to change; False where that would make it grow."""
    grows = accept_new or (held.before is None and not prune)
    name = file_namer(root, Path.cwd())(str(held.file))
    if held.match.new and not grows and not prune:
        more = _findings(len(held.match.new))
        advice = "--explain lists them, --accept-new takes them in, --prune leaves them out"
        click.echo(f"error: {name} was not written: {more} more than it accepts; {advice}", err=True)
        return False
    after = held.grown if grows else held.shrunken
    if held.before is None and not after:
        line = f"{name} was not written: there is nothing to accept"
    else:
        _store(held, root, after)
        line = f"{name} accepts {_findings(sum(after.values()))}{_changes(held, grows)}"
    if not quiet:
        click.echo(line)
    return True


def shrink(held: Held, root: Path, quiet: bool) -> None:
    """Takes out of a baseline what is gone, if anything is, and says so on standard error."""
    after = held.shrunken
    if held.before is None or after == held.before:
        return
    _store(held, root, after)
    if not quiet:
        name = file_namer(root, Path.cwd())(str(held.file))
        click.echo(f"{name} accepts {_findings(sum(after.values()))}{_changes(held, False)}", err=True)


def _store(held: Held, root: Path, after: Baseline) -> None:
    from ssot_lint.acceptance import relocated
    from ssot_lint.baseline import dumps

    write_file(held.file, dumps(relocated(after, root, held.file.parent)))


def _changes(held: Held, grew: bool) -> str:
    counts = {
        "new": len(held.match.new) if grew else 0,
        "gone": sum(entry.count for entry in held.gone),
        "moved": len(held.match.moved),
    }
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return f" ({said})" if said and held.before is not None else ""


def _explain(comparison: Comparison) -> bool:
    """Whether there was anything to say."""
    from ssot_lint.reporters._terminal import printable

    lines = [printable(line) for held in comparison.held for line in _differences(held, comparison.root)]
    write("".join(f"{line}\n" for line in lines))
    return bool(lines)


def _differences(held: Held, root: Path) -> Iterator[str]:
    """A line for each finding that is new or has moved, and for each entry that has findings left over."""
    name = file_namer(root, Path.cwd())
    for finding in held.match.new:
        yield f"new    {_place(finding, name(finding.path))}: {finding.rule}: {finding.snippet}"
    for moved in held.match.moved:
        finding = moved.finding
        place, origin = _place(finding, name(finding.path)), name(moved.origin.path)
        yield f"moved  {place}: {finding.rule}: {finding.snippet}, from {origin}"
    for entry in held.gone:
        path, rule, symbol, snippet = entry.identity
        times = f", {entry.count} times" if entry.count > 1 else ""
        yield f"gone   {name(path)}: {rule}: {snippet}{f', in {symbol}' if symbol else ''}{times}"


def _place(finding: Finding, path: str) -> str:
    return f"{path}:{finding.span.start.row}:{finding.span.start.column}"


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"
