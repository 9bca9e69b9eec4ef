"""What the command must know of all the project before the first file is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from libcst.metadata import BaseMetadataProvider

from ssot_lint import session
from ssot_lint.discovery import SourceFile, discover
from ssot_lint.errors import SsotLintError
from ssot_lint.gitignore import path_below
from ssot_lint.planning import Planner, Selection
from ssot_lint.repair import Taken, names_taken
from ssot_lint.settings import SettingsIndex, project_root
from ssot_lint.surroundings import imported_words
from ssot_lint.syntax.decode import DecodeError, decode


@dataclass(frozen=True, slots=True)
class Place:
    """A file in the project at `root`; `taken` are the names that others take from the files that matter.

    A file matters if any rule at all may find something in it.
    """

    root: Path
    is_left_out: bool
    matters: bool
    taken: Taken


class Survey(BaseMetadataProvider[Place]):
    """The place of each file; LibCST's tool asks for all of them at once, before its processes begin."""

    @classmethod
    def gen_cache(cls, root_path: Path, paths: Sequence[str], **_options: object) -> Mapping[str, Place]:
        """Ends the program for settings that are wrong, with a line for each thing."""
        try:
            return dict(survey(root_path, paths))
        except SsotLintError as error:
            raise SystemExit(str(error)) from None


def survey(folder: Path, paths: Sequence[str]) -> Iterator[tuple[str, Place]]:
    """The places of files, by absolute paths, in the project around a folder; raises InputError.

    There are but three, since LibCST's tool sends all of them to its processes again with each file.
    """
    root = project_root(folder)
    index = SettingsIndex(root)
    outside = (path for path in paths if path_below(str(root), path) is None)
    tree = {file.path: file for file in discover([root, *outside], index, root).files}
    files = {path: tree[path] for path in paths if path in tree}
    relevant = _relevant(files.values(), root)
    matter = [file for file in files.values() if file.relative in relevant]
    names = {name for file in matter for name in imported_words(_text(file))}
    taken = names_taken(matter, names, tree.values(), _read) if matter else {}
    left_out, clean = Place(root, True, False, {}), Place(root, False, False, {})
    found = Place(root, False, True, taken)
    for path in paths:
        file = files.get(path)
        yield path, left_out if file is None else found if file.relative in relevant else clean


def _relevant(files: Collection[SourceFile], root: Path) -> set[str]:
    """The files, by relative path, in which any rule finds something, or which cannot be checked."""
    planner = Planner(root, Selection())
    settings = {id(file.settings): file.settings for file in files}.values()
    rules = {name for each in settings for name in planner.rules(each)}
    request = session.CheckRequest(
        paths=tuple(file.path for file in files),
        cwd=root,
        select=tuple(rules),
        with_baseline=False,
        with_cache=False,
    )
    report = session.check(request)
    return {each.path for each in report.findings} | {each.path for each in report.failures}


def _text(file: SourceFile) -> str:
    try:
        return decode(_read(file))
    except (OSError, DecodeError):
        return ""


def _read(file: SourceFile) -> bytes:
    return Path(file.path).read_bytes()
