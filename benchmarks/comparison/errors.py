"""What can go wrong, with a text for whoever runs the comparison."""

from __future__ import annotations


class ComparisonError(Exception):
    """Nothing can be measured as asked."""


class MarkError(ComparisonError):
    """A page has no place for the report."""


class SourceError(ComparisonError):
    """A tree does not hold the source of truth that is named."""


class ReadingError(ComparisonError):
    """A tool did not say what it says after a run that went well."""
