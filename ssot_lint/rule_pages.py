"""Where rule pages lie, apart from what they say, which few runs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ssot_lint.errors import Problem, SsotLintError


def rules_directory() -> Path:
    """The pages that come with ssot-lint: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for directory in (package / "rules", package.parent / "rules"):
        if directory.is_dir():
            return directory
    raise SsotLintError(f"the rule pages are missing from {package}: install ssot-lint again")


def built_in_names() -> set[str]:
    """The names of the rules that come with ssot-lint; those of a project come on top."""
    return {file.stem for file in page_files([rules_directory()], [])}


def page_files(directories: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    """The pages directly in the directories, each directory once; what cannot be listed is a problem."""
    seen = set()
    for directory in directories:
        resolved = directory.resolve()
        if resolved in seen:
            continue
        seen.add(resolved)
        try:
            entries = sorted(directory.iterdir())
        except OSError as error:
            problems.append(Problem(directory.as_posix(), "", f"cannot be listed: {error.strerror}"))
            continue
        yield from (entry for entry in entries if entry.suffix == ".md" and entry.name != "README.md")
