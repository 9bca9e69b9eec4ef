"""`ssot-lint fix`: applies the fixes that can be trusted, then reports what remains."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import (
    AcceptanceFlags,
    OutputFlags,
    RunFlags,
    acceptance_options,
    known_rules,
    output_options,
    pick,
    run_options,
)
from ssot_lint.cli._progress import ProgressBar
from ssot_lint.cli._report import LoadRules, deliver, renderer

if TYPE_CHECKING:
    from ssot_lint.applying import Applied
    from ssot_lint.model import Report
    from ssot_lint.reporters import Render
    from ssot_lint.session import CheckRequest, Fixes, FixRequest

_PATH = click.Path(path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class FixFlags:
    """What is fixed, and where the result goes; the fields are the flags of `fix` alone."""

    unsafe_fixes: bool = False
    baselined: bool = False
    update_baseline: bool = True
    diff: bool = False
    patch_dir: Path | None = None
    patch_by: str | None = None
    importers_of: str | None = None
    interactive: bool = False
    verify: str | None = None
    manifest: Path | None = None

    def refuse_nonsense(self, is_stdin: bool) -> None:
        """A usage error for flags that exclude each other."""
        shows = {"--diff": self.diff, "--patch-dir": self.patch_dir, "-": is_stdin}
        writes = {"--verify": self.verify, "--manifest": self.manifest}
        for show in (name for name, given in shows.items() if given):
            for write in (name for name, given in writes.items() if given):
                raise click.UsageError(f"{write} is about files that are written, and {show} writes none")
        if sum(map(bool, shows.values())) > 1:
            raise click.UsageError("--diff, --patch-dir and - exclude each other")
        if self.patch_by and not self.patch_dir:
            raise click.UsageError(
                "--patch-by says how to divide what --patch-dir writes, which is not given"
            )
        if is_stdin and (self.interactive or self.importers_of):
            raise click.UsageError("--interactive and --importers-of work on files, and - is none")


@click.command("fix", short_help="Rewrite code to the one call of the source of truth.")
@run_options
@output_options
@acceptance_options
@click.option("--unsafe-fixes", is_flag=True, help="Also apply fixes that somebody may notice.")
@click.option("--baselined", is_flag=True, help="Also fix what the baseline accepts, and shrink it by that.")
@click.option(
    "--update-baseline/--no-update-baseline", default=True, help="Whether --baselined shrinks the baseline."
)
@click.option("--importers-of", metavar="MODULE", help="Only files that import that module, or name in one.")
@click.option("--interactive", is_flag=True, help="Show each fix, and ask.")
@click.option("--verify", metavar="COMMAND", help="Take back the files with whose fixes that command fails.")
@click.option("--diff", is_flag=True, help="Show what would change, write nothing.")
@click.option("--patch-dir", type=_PATH, help="Write patches there instead of changing files.")
@click.option(
    "--patch-by", type=click.Choice(("directory", "owner")), help="A patch for each; default: directory."
)
@click.option("--manifest", type=_PATH, help="Write down there what was changed, skipped and failed.")
@click.option("--undo", type=_FILE, metavar="MANIFEST", help="Put back what that run changed; nothing else.")
def command(undo: Path | None, **flags: Any) -> int:
    """Rewrite code to the one call of the source of truth, then report what remains.

    PATHS are files and folders, by default the current folder; - is standard input, fixed on standard output.

    --diff and --patch-dir exit with 1 if there is anything to change, and so does --verify if it took back
    files. The command of --verify is run by the shell in the project's root.
    """
    if undo is not None:
        return _undo(undo, flags)
    return fix(
        pick(RunFlags, flags), pick(AcceptanceFlags, flags), pick(OutputFlags, flags), pick(FixFlags, flags)
    )


def fix(run: RunFlags, acceptance: AcceptanceFlags, output: OutputFlags, how: FixFlags) -> int:
    """What the command does, for `check --fix` as well; its exit code."""
    from ssot_lint import session

    how.refuse_nonsense("-" in run.paths)
    render = renderer(output)
    check = acceptance.apply(run.request())
    load_rules = functools.cache(lambda: session.load_catalogue(check))
    if names := (*run.select, *run.ignore):
        known_rules(names, load_rules())
    if check.stdin is not None or how.diff or how.patch_dir:
        return _show(_compute(_request(check, how), output), check, how, output)
    with _remembering(check) as remembered:
        request = _request(remembered, how)
        return _write(_compute(request, output), request, how, output, render, load_rules)


@contextmanager
def _remembering(check: CheckRequest) -> Iterator[CheckRequest]:
    """The request with results that are kept up to the end of the run at least, as all files are checked twice."""
    with ExitStack() as stack:
        if not check.with_cache:
            from tempfile import TemporaryDirectory

            with suppress(OSError):  # there may be no place for it
                temporary = TemporaryDirectory(prefix="ssot-lint-", ignore_cleanup_errors=True)
                folder = Path(stack.enter_context(temporary))
                check = replace(check, with_cache=True, cache_dir=folder)
        yield check


def _request(check: CheckRequest, how: FixFlags) -> FixRequest:
    from ssot_lint.session import FixRequest

    request = FixRequest(check, how.unsafe_fixes, how.baselined)
    if how.importers_of:
        from ssot_lint.importers.run import find_importers

        _, importers = find_importers(
            how.importers_of, check.paths, check.cwd, check.config, transitive=False
        )
        request = replace(request, paths=importers.paths)
    if how.interactive:
        from ssot_lint.cli._asking import decide

        request = replace(request, decide=decide)
    return request


def _compute(request: FixRequest, output: OutputFlags) -> Fixes:
    from ssot_lint import session

    with ProgressBar(enabled=not output.quiet and request.decide is None) as progress:
        return session.fix(request, progress)


def _show(fixes: Fixes, check: CheckRequest, how: FixFlags, output: OutputFlags) -> int:
    from ssot_lint.cli import _patching

    for line in _failures(fixes):
        click.echo(line, err=True)
    if check.stdin is not None and not how.diff:
        code = _patching.write_fixed(fixes, check.stdin[1])
    elif how.patch_dir:
        code = _patching.write_patches(fixes, how.patch_dir, how.patch_by == "owner", output.quiet)
    else:
        code = _patching.write_diff(fixes)
    return 2 if fixes.failures else code


def _failures(fixes: Fixes) -> list[str]:
    from ssot_lint.cli._report import failure_lines

    return list(failure_lines(fixes.root, fixes.failures))


def _write(
    fixes: Fixes,
    request: FixRequest,
    how: FixFlags,
    output: OutputFlags,
    render: Render,
    load_rules: LoadRules,
) -> int:
    from ssot_lint import session
    from ssot_lint.cli import _applying

    applied = _applying.apply(fixes, how, output.quiet)
    if how.baselined and how.update_baseline and applied.written:
        _shrink_baselines(request.check, output.quiet)
    report = session.check(replace(request.check, with_fixes=True))
    report = _remaining(report, fixes, applied, request)
    code = deliver(report, render, output, load_rules)
    if not output.quiet:
        _hint(report, how)
    return 2 if applied.failed else max(code, int(bool(applied.taken_back)))


def _shrink_baselines(check: CheckRequest, quiet: bool) -> None:
    from ssot_lint import session
    from ssot_lint.cli.baseline import shrink

    comparison = session.compare(replace(check, stdin=None))
    for held in comparison.held:
        shrink(held, comparison.root, quiet)


def _remaining(report: Report, fixes: Fixes, applied: Applied, request: FixRequest) -> Report:
    """The report for the files that were asked about, with the reasons why fixes were not applied."""
    from ssot_lint.applying import refusals

    reasons = {finding.identity: reason for finding, reason in refusals(fixes, applied)}
    findings = tuple(
        finding._replace(fix=None, reason=reasons[finding.identity])
        if finding.identity in reasons
        else finding
        for finding in report.findings
        if request.paths is None or finding.path in request.paths
    )
    return replace(report, findings=findings)


def _hint(report: Report, how: FixFlags) -> None:
    from ssot_lint.repair import wanted

    more = len(wanted(report.findings, True)) - len(wanted(report.findings, False))
    if more and not how.unsafe_fixes:
        click.echo(f"{more} more can be fixed with --unsafe-fixes", err=True)


def _undo(file: Path, flags: Mapping[str, Any]) -> int:
    from ssot_lint.cli import _applying
    from ssot_lint.settings import project_root

    if flags["paths"] or pick(FixFlags, flags) != FixFlags():
        raise click.UsageError(
            "--undo takes the files from the manifest, and nothing else can be asked of it"
        )
    return _applying.undo(file, project_root(Path.cwd()), flags["quiet"])
