"""`ssot-lint source`: shows what was learned from the source of truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssot_lint.cli._options import config_option, format_option
from ssot_lint.cli._output import write
from ssot_lint.cli._show import show_table
from ssot_lint.errors import SsotLintError

if TYPE_CHECKING:
    from ssot_lint.source import Contract

_NO_SOURCE = (
    'no source of truth is configured; name it as `source = "package.module.Class"` in [tool.ssot-lint] of '
    "pyproject.toml"
)


@click.command("source", short_help="Show what was learned from the source of truth, and where.")
@config_option
@format_option("text", "json")
def command(config: Path | None, output_format: str) -> int:
    """Show what was learned from the source of truth, and where.

    The source that is configured for the current folder is read, not imported.
    """
    contract = _contract(config)
    if output_format == "json":
        from ssot_lint.source.export import to_json

        write(json.dumps(to_json(contract), indent=2) + "\n")
    else:
        show_table(("from", "fact", "name", "learned"), _rows(contract))
    return 0


def _contract(config: Path | None) -> Contract:
    from ssot_lint import session
    from ssot_lint.source import Contract

    request = session.CheckRequest(paths=(), cwd=Path.cwd(), config=config and config.absolute())
    learned = session.contracts(request)
    if not learned:
        raise SsotLintError(_NO_SOURCE)
    return Contract(tuple(source for _, contract in learned for source in contract.sources))


def _rows(contract: Contract) -> list[tuple[str, str, str, str]]:
    from ssot_lint.reporters import file_namer
    from ssot_lint.settings import project_root
    from ssot_lint.source.facts import facts

    cwd = Path.cwd()
    name = file_namer(project_root(cwd), cwd)
    return [
        (f"{name(fact.file)}:{fact.row}", fact.kind.value, fact.name, fact.detail) for fact in facts(contract)
    ]
