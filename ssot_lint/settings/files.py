"""Configuration files: where they are, what each of them says, and which others it extends."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssot_lint.errors import Problem
from ssot_lint.gitignore import parse_pattern
from ssot_lint.settings.options import Options, SourceOptions
from ssot_lint.typed import dotted, read_table

OWN_FILE = "ssot-lint.toml"
SHARED_FILE = "pyproject.toml"

_CLAUSE = r"\s*(~=|={2,3}|[<>]=?|!=)\s*v?(\d+)(?:\.(\d+))?(\.\*)?[\w.*+!-]*\s*"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one configuration file says: its options, and the names of those that are written in it.

    `key` is the dotted key of its table in the file. `base` is the absolute folder against which its paths
    and globs stand.
    """

    file: str
    key: str
    base: str
    options: Options
    written: frozenset[str]


def _read_options(table: Mapping[str, Any], file: str, key: str, problems: list[Problem]) -> Options | None:
    """The options of a table; what is wrong is a problem, and the rest is read as if it were not there."""
    wrong: list[Problem] = []
    options = read_table(Options, table, file, key, wrong)
    problems += wrong
    if options is not None:
        return options
    said = {problem.key.removeprefix(f"{key}." if key else "") for problem in wrong}
    sound = {name: value for name, value in table.items() if not any(_is_below(item, name) for item in said)}
    return read_table(Options, sound, file, key, [])


def _is_below(key: str, name: str) -> bool:
    return key == name or key.startswith((f"{name}.", f"{name}[", f'"{name}"'))


def find_in_folder(folder: str) -> Path | None:
    """The configuration file that stands in a folder; ssot-lint.toml wins over pyproject.toml."""
    own = Path(folder, OWN_FILE)
    if own.is_file():
        return own
    shared = Path(folder, SHARED_FILE)
    return shared if _is_meant_for_us(shared) else None


def read_layers(file: Path, problems: list[Problem], chain: tuple[str, ...] = ()) -> list[Layer]:
    """What a configuration file says and what the files say that it extends, nearest first.

    `chain` holds the real paths of the files that led to this one.
    """
    name = file.as_posix()
    key = "tool.ssot-lint" if file.name == SHARED_FILE else ""
    table = _read_table(file, key, problems)
    options = _read_options(table, name, key, problems)
    extended = table.get("extend")
    chain = (*chain, os.path.realpath(file))
    layers = []
    if options:
        base = os.path.normpath(file.absolute().parent)
        written = frozenset(key.replace("-", "_") for key in table)
        layers.append(Layer(name, key, base, options, written))
        problems.extend(_contradictions(layers[0]))
    if isinstance(extended, str):
        layers += _extended_layers(file, extended, dotted(key, "extend"), problems, chain)
    return layers


def oldest_python(folder: str) -> tuple[int, int] | None:
    """The lowest Python that a folder's pyproject.toml allows as `requires-python`, None if unknown."""
    try:
        project = _parse(Path(folder, SHARED_FILE).read_bytes()).get("project")
    except (OSError, ValueError, RecursionError):
        return None
    specifier = project.get("requires-python") if isinstance(project, dict) else None
    return lowest_version(specifier) if isinstance(specifier, str) else None


def lowest_version(specifier: str) -> tuple[int, int] | None:
    """The lowest minor version that a specifier such as `>=3.8,<4` allows, None without a lower bound."""
    bounds = []
    excluded = set()
    for clause in filter(str.strip, specifier.split(",")):
        matched = re.fullmatch(_CLAUSE, clause)
        if not matched:
            return None
        operator, major, minor, any_patch = matched.groups()
        version = (int(major), int(minor or 0))
        if operator == "!=" and minor and any_patch:
            excluded.add(version)
        elif operator in (">=", ">", "~=", "==", "==="):
            bounds.append(version)
    lowest = max(bounds, default=None)
    while lowest and lowest in excluded:
        lowest = (lowest[0], lowest[1] + 1)
    return lowest


def _extended_layers(
    file: Path, extended: str, key: str, problems: list[Problem], chain: tuple[str, ...]
) -> list[Layer]:
    target = Path(os.path.normpath(file.parent / extended))
    if os.path.realpath(target) in chain:
        problems.append(Problem(file.as_posix(), key, f"leads back to {target.as_posix()}"))
    elif not target.is_file():
        problems.append(Problem(file.as_posix(), key, f"there is no file {target.as_posix()}"))
    else:
        return read_layers(target, problems, chain)
    return []


def _is_meant_for_us(file: Path) -> bool:
    """Whether a pyproject.toml has our table, or might have it if it could be read."""
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    except OSError:
        return True
    if b"ssot-lint" not in content:
        return False
    try:
        return _own_table(_parse(content)) is not None
    except (ValueError, RecursionError):
        return True


def _read_table(file: Path, key: str, problems: list[Problem]) -> Mapping[str, Any]:
    """The table of settings, empty after adding a problem."""
    try:
        document = _parse(file.read_bytes())
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8: byte 0x{error.object[error.start]:02x} in line {line}"
    except tomllib.TOMLDecodeError as error:
        message = f"is not valid TOML: {error}"
    except RecursionError:
        message = "is nested too deeply"
    else:
        table = _own_table(document) if key else document
        if isinstance(table, dict):
            return table
        message = f"there is no table [{key}]"
    problems.append(Problem(file.as_posix(), "", message))
    return {}


def _parse(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode("utf-8-sig"))


def _own_table(document: Mapping[str, Any]) -> object:
    tool = document.get("tool")
    return tool.get("ssot-lint") if isinstance(tool, dict) else None


def _contradictions(layer: Layer) -> Iterator[Problem]:
    """What is wrong in a file although each key by itself has the right type."""
    for key, message in (
        *_doubled_rules(layer.options),
        *_doubled_sources(layer.options),
        *_bad_globs(layer.options),
        *_missing_folders(layer),
    ):
        yield Problem(layer.file, f"{layer.key}.{key}" if layer.key else key, message)


def _doubled_rules(options: Options) -> Iterator[tuple[str, str]]:
    for rule in sorted({*(options.select or ())} & {*options.ignore}):
        yield "ignore", f'"{rule}" is selected in the same file'


def _doubled_sources(options: Options) -> Iterator[tuple[str, str]]:
    sources = () if isinstance(options.source, str) else options.source
    targets = Counter(each.target if isinstance(each, SourceOptions) else each for each in sources)
    for target, count in targets.items():
        if count > 1:
            yield "source", f'"{target}" is named {count} times'


def _bad_globs(options: Options) -> Iterator[tuple[str, str]]:
    sources = () if isinstance(options.source, str) else options.source
    places = [("exclude", options.exclude), ("extend-exclude", options.extend_exclude)]
    places += [
        (f"source[{i}].paths", each.paths)
        for i, each in enumerate(sources)
        if isinstance(each, SourceOptions)
    ]
    places += [(dotted("per-file-ignores", glob), (glob,)) for glob in options.per_file_ignores]
    for key, globs in places:
        for glob in globs:
            if ".." in glob.split("/"):
                yield key, f'"{glob}" leads out of the folder of this file'
            elif not parse_pattern(glob):
                yield key, f'"{glob}" can match nothing'


def _missing_folders(layer: Layer) -> Iterator[tuple[str, str]]:
    for name in ("source_roots", "rule_paths"):
        for path in getattr(layer.options, name) if name in layer.written else ():
            if not Path(layer.base, path).is_dir():
                yield name.replace("_", "-"), f'"{path}" is no folder'
