"""The fixes of a file as reports show them: each by itself, with its imports, and not yet proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ssot_lint.fixing.assembly import Assembly, Candidate
from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import to_edits
from ssot_lint.fixing.encoding import EncodingError, read
from ssot_lint.fixing.module import Module, ParseError
from ssot_lint.model import Finding
from ssot_lint.syntax.lexer import LexError


def preview(content: bytes, findings: Sequence[Finding], context: FileContext) -> list[Finding]:
    """The findings of one file with their fixes spelled for it, or with the reason why there is none."""
    try:
        assembly = Assembly(content, Module(read(content)), findings, context)
    except (EncodingError, ParseError, LexError) as error:
        return [
            finding._replace(fix=None, reason=f"the file cannot be read: {error}") for finding in findings
        ]
    except RecursionError:
        return [
            finding._replace(fix=None, reason="an expression is nested too deeply") for finding in findings
        ]
    pairs = zip(findings, assembly.candidates, strict=True)
    return [_shown(assembly, finding, candidate) for finding, candidate in pairs]


def _shown(assembly: Assembly, finding: Finding, candidate: Candidate | str) -> Finding:
    changes = candidate if isinstance(candidate, str) else assembly.preview(candidate)
    if isinstance(changes, str) or finding.fix is None:
        return finding._replace(fix=None, reason=changes if isinstance(changes, str) else finding.reason)
    return finding._replace(fix=replace(finding.fix, edits=to_edits(changes, assembly.module.rows)))
