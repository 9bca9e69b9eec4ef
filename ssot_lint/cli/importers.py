"""`ssot-lint importers`: lists who imports a module."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import config_option, format_option
from ssot_lint.cli._output import write

if TYPE_CHECKING:
    from ssot_lint.importers import ImporterFile, Importers, Site

Name = Callable[[str], str]
"""How a path is shown."""


@click.command("importers", short_help="List the files that import a module, or a name in it.")
@click.argument("module")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--transitive", is_flag=True, help="Also the files that reach it through other modules.")
@config_option
@format_option("text", "concise", "json")
def command(
    module: str, paths: tuple[str, ...], transitive: bool, config: Path | None, output_format: str
) -> int:
    """List the files that import MODULE, by any spelling, in functions too.

    MODULE is the dotted name of a module, or of a name in one, such as package.module.Class. PATHS are files
    and folders, by default the current folder. Files that only name it in strings, as mock.patch does, are
    listed apart.

    The exit code is 0 also if there are none, and 2 if a file that may import it cannot be read.
    """
    from ssot_lint.importers.run import find_importers
    from ssot_lint.reporters import file_namer

    cwd = Path.cwd()
    root, importers = find_importers(
        module, paths or (".",), cwd, config and config.absolute(), transitive=transitive
    )
    name = file_namer(root, cwd)
    for failure in importers.failures:
        row = f":{failure.position.row}" if failure.position else ""
        click.echo(f"error: {name(failure.path)}{row}: {failure.message}", err=True)
    if output_format == "json":
        write(json.dumps(_json(importers, name), indent=2) + "\n")
    else:
        lines = _concise(importers, name) if output_format == "concise" else _text(importers, name)
        write("".join(f"{line}\n" for line in lines))
        if not (importers.direct or importers.strings_only):
            click.echo(_nobody(importers), err=True)
    return 2 if importers.failures else 0


def _text(importers: Importers, name: Name) -> Iterator[str]:
    yield from _places(importers.direct, name)
    if importers.strings_only:
        yield from ("", "Named in strings only:")
        yield from _places(importers.strings_only, name)
    if importers.indirect:
        yield from ("", "Through other modules:")
        for file in importers.indirect:
            way = " -> ".join(map(name, file.chain))
            yield f"{name(file.path)}: {way}{_in_parentheses('for type checkers only' * file.for_typing)}"
    if importers.direct or importers.strings_only:
        yield from ("", _summary(importers))


def _places(files: tuple[ImporterFile, ...], name: Name) -> Iterator[str]:
    for file in files:
        for site in file.sites:
            yield f"{name(file.path)}:{site.row}: {site.text}{_in_parentheses(*_remarks(site))}"


def _remarks(site: Site) -> Iterator[str]:
    if site.is_local:
        yield "in a function"
    if site.is_guarded:
        yield "in a try"
    if site.for_typing:
        yield "for type checkers only"


def _in_parentheses(*remarks: str) -> str:
    text = ", ".join(filter(None, remarks))
    return f"  ({text})" if text else ""


def _summary(importers: Importers) -> str:
    places = sum(len(file.sites) for file in importers.direct)
    clauses = [f"imported in {_number(places, 'place')} of {_number(len(importers.direct), 'file')}"]
    if importers.strings_only:
        clauses.append(f"named only in strings of {len(importers.strings_only)}")
    if importers.indirect:
        for_typing = sum(file.for_typing for file in importers.indirect)
        remark = _in_parentheses(f"{for_typing} for type checkers only" * bool(for_typing)).lstrip()
        clauses.append(f"reached through other modules by {len(importers.indirect)} {remark}".rstrip())
    return f"{importers.target}: {', '.join(clauses)}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _nobody(importers: Importers) -> str:
    text = f"nothing there imports {importers.target}"
    return text if importers.file else f"{text}, and no module of the source roots has that name"


def _concise(importers: Importers, name: Name) -> Iterator[str]:
    """One line a place, in the form that editors know."""
    for verb, files in (("imports", importers.direct), ("names", importers.strings_only)):
        for file in files:
            yield from (f"{name(file.path)}:{site.row}: {verb} {importers.target}" for site in file.sites)
    for indirect in importers.indirect or ():
        yield f"{name(indirect.path)}: reaches {importers.target} by {indirect.distance} imports"


def _json(importers: Importers, name: Name) -> dict[str, Any]:
    return {
        "module": importers.module,
        "name": importers.name,
        "filename": importers.file and name(importers.file),
        "importers": [_file(file, name) for file in importers.direct],
        "strings_only": [_file(file, name) for file in importers.strings_only],
        "indirect": _indirect(importers, name),
        "failures": [{"filename": name(item.path), "message": item.message} for item in importers.failures],
    }


def _file(file: ImporterFile, name: Name) -> dict[str, Any]:
    return {"filename": name(file.path), "places": [asdict(site) for site in file.sites]}


def _indirect(importers: Importers, name: Name) -> list[dict[str, Any]] | None:
    if importers.indirect is None:
        return None
    return [
        {
            "filename": name(file.path),
            "distance": file.distance,
            "through": [name(path) for path in file.chain],
            "for_typing": file.for_typing,
        }
        for file in importers.indirect
    ]
