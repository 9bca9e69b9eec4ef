"""The command line: a module is a command, loaded when it is called; outcomes become exit codes here."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ssot_lint import __version__
from ssot_lint.cli._output import silence_output
from ssot_lint.errors import SsotLintError

_PROGRAM = "ssot-lint"
_FAILED = 2
_INTERRUPTED = 130


class _Commands(click.Group):
    """Each public module of this package holds the command that it is named after as `command`."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        files = Path(__file__).parent.glob("*.py")
        return sorted(file.stem for file in files if not file.stem.startswith("_"))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        names = self.list_commands(ctx)
        if args[0] in names or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from ssot_lint.typed import did_you_mean

        raise click.UsageError(f"no command {args[0]!r}{did_you_mean(args[0], names)}", ctx)


@click.group(_PROGRAM, cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def _program() -> None:
    """Keeps one single source of truth for the IDs of a Python code base.

    Exit codes: 0, nothing found or all fixed; 1, findings remain; 2, something could not be checked or run.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line, by default that of the process, and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no character may end a run
    try:
        code = _program.main(arguments, prog_name=_PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()
        return 0
    except SystemExit:  # click's own way out after a completion, and when the reader of a help page has gone
        return 0
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        return _FAILED
    except SsotLintError as error:
        for line in error.lines:
            click.echo(f"error: {line}", err=True)
        return _FAILED
    except Exception as error:
        _report_bug(error, sys.argv[1:] if arguments is None else arguments)
        return _FAILED
    return int(code or 0)


def _report_bug(error: Exception, arguments: Sequence[str]) -> None:
    verbose = not {"-v", "--verbose"}.isdisjoint(arguments) or os.environ.get("SSOT_LINT_DEBUG")
    if verbose:
        import traceback

        traceback.print_exception(error)
    how = "" if verbose else " with what --verbose adds"
    click.echo(f"error: internal error, please report it{how}: {type(error).__name__}: {error}", err=True)
