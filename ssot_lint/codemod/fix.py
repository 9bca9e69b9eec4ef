"""`fix.FixCommand`: what `ssot-lint fix` makes of a file, the one call of the source of truth."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from ssot_lint import session
from ssot_lint.applying import Applied, record
from ssot_lint.codemod.survey import Place, Survey
from ssot_lint.errors import SsotLintError
from ssot_lint.settings import project_root
from ssot_lint.typed import did_you_mean


class FixCommand(CodemodCommand):
    """Fixes a file under its settings; each finding that remains is a warning, with the reason."""

    DESCRIPTION = "Make IDs with the one source of truth, as `ssot-lint fix` does."
    METADATA_DEPENDENCIES = (Survey,)

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        arg_parser.add_argument(
            "--select",
            action="extend",
            type=_rules,
            metavar="RULE[,RULE...]",
            help="Only these rules; can be repeated.",
        )
        arg_parser.add_argument(
            "--unsafe-fixes", action="store_true", help="Also apply fixes that somebody may notice."
        )
        arg_parser.add_argument(
            "--stdin-filename", metavar="PATH", help="Name of what comes from standard input, for -."
        )

    def __init__(
        self,
        context: CodemodContext,
        select: Sequence[str] | None = None,
        unsafe_fixes: bool = False,
        stdin_filename: str | None = None,
    ) -> None:
        super().__init__(context)
        self._select = tuple(select) if select else None
        self._unsafe = unsafe_fixes
        self._stdin_filename = stdin_filename

    def transform_module(self, tree: cst.Module) -> cst.Module:
        """Without the copy of the tree that LibCST makes for metadata of nodes, which are not needed here."""
        return self.transform_module_impl(tree)

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The module as it is fixed; raises SkipFile, and SsotLintError for settings that are wrong."""
        path, place = self._path(), self._place()
        if place is not None and place.is_left_out:
            raise SkipFile("it is excluded, or git ignores it, or it is a link")
        content = self._content(tree)
        if place is not None and not place.matters:
            return tree
        fixes = session.fix(self._request(path, content, place))
        for failure in fixes.failures:
            raise SkipFile(failure.message)
        written = tuple(repair for repair in fixes.repairs if repair.after is not None)
        for left in record(fixes, Applied(written), self._unsafe).skipped:
            self.warn(f"row {left.finding.row}: {left.finding.rule} is not fixed: {left.reason}")
        return next((cst.parse_module(repair.after) for repair in written if repair.after is not None), tree)

    def _content(self, tree: cst.Module) -> bytes:
        """What is written if nothing is fixed; raises SkipFile if that is not what was read."""
        content = tree.bytes
        if self.context.filename is not None and Path(self.context.filename).read_bytes() != content:
            raise SkipFile("LibCST loses a form feed or a backslash of it")
        return content

    def _path(self) -> str:
        path = self.context.filename or self._stdin_filename
        if path is None:
            self.warn("- needs --stdin-filename, the name under which to fix standard input")
            raise SkipFile("no name")
        return str(Path(path).absolute())

    def _place(self) -> Place | None:
        manager, path = self.context.metadata_manager, self.context.filename
        if manager is None or path is None:
            return None
        place = manager.get_cache_for_path(path)[Survey]
        assert isinstance(place, Place)
        return place

    def _request(self, path: str, content: bytes, place: Place | None) -> session.FixRequest:
        check = session.CheckRequest(
            paths=(),
            cwd=place.root if place is not None else project_root(Path.cwd()),
            select=self._select,
            jobs=1,
            stdin=(path, content),
            with_cache=False,
        )
        return session.FixRequest(check, self._unsafe, taken=place.taken if place is not None else None)


def _rules(text: str) -> list[str]:
    """The rules of `--select`, which the settings of the current folder must know."""
    try:
        known = session.load_catalogue(session.CheckRequest((), Path.cwd()))
    except SsotLintError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise argparse.ArgumentTypeError(f"no such rule: {name!r}{did_you_mean(name, known)}")
    return names
