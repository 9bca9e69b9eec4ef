"""One self-contained HTML page, which loads nothing: for people, for print and for screen readers."""

from __future__ import annotations

from ssot_lint.compliance.page.document import PageOptions, render

__all__ = ["PageOptions", "render"]
