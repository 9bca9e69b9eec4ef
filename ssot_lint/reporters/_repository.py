"""Paths as services that host a repository write them: seen from its root."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ssot_lint.model import Finding, Report
from ssot_lint.reporters import file_namer


def in_repository(report: Report) -> Report:
    """The report with the root of the git repository as its root, and every path as seen from there.

    A path outside the repository becomes absolute. Without a repository the report stays as it is.
    """
    root = _repository(report.root)
    if root == report.root:
        return report
    name = file_namer(report.root, root)

    def moved(finding: Finding) -> Finding:
        return finding._replace(path=name(finding.path))

    return replace(
        report,
        root=root,
        findings=tuple(map(moved, report.findings)),
        failures=tuple(replace(each, path=name(each.path)) for each in report.failures),
        faults=tuple(replace(each, path=name(each.path)) for each in report.faults),
        suppressed=tuple(replace(each, finding=moved(each.finding)) for each in report.suppressed),
        baselined=tuple(map(moved, report.baselined)),
        stale=tuple(
            replace(each, identity=each.identity._replace(path=name(each.identity.path)))
            for each in report.stale
        ),
    )


def _repository(root: Path) -> Path:
    """The nearest folder with `.git` (in a worktree a file), or `root` if there is none."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
