"""Runs the examples of rule pages through a whole check, each as a project of its own in a scratch folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from ssot_lint import session
from ssot_lint.catalogue import Rule
from ssot_lint.errors import SsotLintError
from ssot_lint.model import Finding, Report
from ssot_lint.pages import Example
from ssot_lint.rule_pages import rules_directory
from ssot_lint.suppressions import OWN_RULES

_BASE = "_example"
_CONFIG = ".ssot-lint-example.toml"

Place = tuple[str, int, str]
"""A file of the example, a row in it and a rule."""


def run(rule: Rule, example: Example, counterpart: Example | None = None) -> list[str]:
    """What is wrong with an example; it holds if the check finds exactly what is marked.

    Where anything in it can be fixed, the fix must make its counterpart of it, if there is one.
    """
    with tempfile.TemporaryDirectory(prefix="ssot-lint-") as folder:
        return list(_problems(rule, example, counterpart, Path(folder).resolve()))


def _problems(rule: Rule, example: Example, counterpart: Example | None, root: Path) -> Iterator[str]:
    marked = Counter((file.path, mark.row, mark.rule) for file in example.files for mark in file.marks)
    config = _write(rule, example, root)
    request = session.CheckRequest(
        paths=(".",),
        cwd=root,
        config=config,
        select=_selected(rule, marked),
        jobs=1,
    )
    try:
        report = session.check(request)
        fixes = session.fix(session.FixRequest(request, unsafe=True)) if counterpart else None
    except SsotLintError as error:
        yield from (line.replace(f"{root.as_posix()}/", "") for line in error.lines)
        return
    yield from _compare(example, report, marked)
    if counterpart and fixes and fixes.repairs:
        yield from _compare_fixed(example, fixes, counterpart)


def _selected(rule: Rule, marked: Iterable[Place]) -> tuple[str, ...] | None:
    """The rules that an example is about; a suppression is judged by all that it may cover."""
    return None if rule.name in OWN_RULES else tuple(sorted({rule.name, *(name for _, _, name in marked)}))


def _write(rule: Rule, example: Example, root: Path) -> Path | None:
    """The project on disk, and the configuration that it needs if the rule is not one that comes along."""
    shutil.copytree(rules_directory() / _BASE, root, dirs_exist_ok=True)
    for file in example.files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, "utf-8", newline="\n")
    directory = rule.file.parent.resolve()
    if directory == rules_directory().resolve():
        return None
    config = root / _CONFIG
    config.write_text(f'extend = "pyproject.toml"\nrule-paths = [{json.dumps(str(directory))}]\n', "utf-8")
    return config


def _compare(example: Example, report: Report, marked: Counter[Place]) -> Iterator[str]:
    files = {file.path for file in example.files}
    messages = {_place(finding): finding.message for finding in report.findings}
    found = Counter(_place(finding) for finding in report.findings if finding.path in files)
    yield from (f"{failure.path}: {failure.message}" for failure in report.failures)
    for path, row, rule in (marked - found).elements():
        yield f"{path}:{row}: {rule} is marked and was not found"
    for path, row, rule in (found - marked).elements():
        yield f"{path}:{row}: {rule} was found and is not marked: {messages[path, row, rule]}"
    if not report.checked:
        yield "no file of the example was checked"


def _compare_fixed(example: Example, fixes: session.Fixes, counterpart: Example) -> Iterator[str]:
    texts = {file.path: file.text for file in example.files}
    texts |= {each.path: each.after.decode() for each in fixes.repairs if each.after is not None}
    for file in counterpart.files:
        rows = zip_longest(texts.get(file.path, "").splitlines(), file.text.splitlines())
        for row, (fixed, preferred) in enumerate(rows, 1):
            if fixed != preferred:
                yield f"{file.path}:{row}: the fix gives {fixed!r}, and Prefer has {preferred!r}"
                break


def _place(finding: Finding) -> Place:
    return finding.path, finding.span.start.row, finding.rule
