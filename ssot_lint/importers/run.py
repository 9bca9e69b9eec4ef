"""One search from the command line: which files, and what they import."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ssot_lint.discovery import discover
from ssot_lint.importers import Importers, importers_of
from ssot_lint.settings import SettingsIndex, project_root


def find_importers(
    dotted: str, paths: Sequence[str], cwd: Path, config: Path | None, *, transitive: bool
) -> tuple[Path, Importers]:
    """The project's root, and who among the paths, which are relative to `cwd`, imports a module or a name.

    With `transitive`, ways may lead through files of the whole project. Raises SsotLintError for paths that
    cannot be found, and InputError for configuration that is wrong.
    """
    root = project_root(cwd)
    index = SettingsIndex(root, config)
    named = [os.path.normpath(cwd / path) for path in paths]
    found = discover(named, index, root)
    if not transitive:
        return root, importers_of(dotted, found.files, root)
    everything = discover([root, *named], index, root)
    importers = importers_of(dotted, everything.files, root, transitive=True)
    return root, importers.within({file.relative for file in found.files})
