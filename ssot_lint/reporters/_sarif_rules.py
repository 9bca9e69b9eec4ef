"""The catalogue in SARIF: what readers of a report are told about its rules."""

from __future__ import annotations

import re
from typing import Any

from ssot_lint.catalogue import Rule, read_rule
from ssot_lint.model import FailureKind, Severity
from ssot_lint.pages import Page

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_PROBLEM_SEVERITIES = LEVELS | {Severity.INFO: "recommendation"}
_LONGEST = 1024

_MARKUP = re.compile(r"`([^`]+)`|\[([^\]]+)\]\([^)]*\)")
_FAILURES = {
    FailureKind.UNREADABLE: "A file could not be read.",
    FailureKind.UNPARSABLE: "A file with something to look at is no valid Python.",
    FailureKind.STALE: "A baseline accepts findings that are gone, and can shrink.",
}


def rule_descriptor(rule: Rule) -> dict[str, Any]:
    """A reportingDescriptor with the rule's page as help; raises InputError if the page is not right."""
    _, sections = read_rule(rule.file)
    texts = {title: section.text.strip("\n") for title, section in sections.items()}
    finds, why = texts["What it finds"], texts["Why"]
    configuration: dict[str, Any] = {"level": LEVELS[rule.severity]}
    if not rule.default:
        configuration["enabled"] = False
    return {
        "id": rule.name,
        "shortDescription": {"text": _plain(Page(rule, texts, ()).summary)},
        "fullDescription": {"text": _plain(finds.split("\n\n")[0])},
        "help": {
            "text": f"{finds}\n\n{why}",
            "markdown": "\n\n".join(f"## {title}\n\n{text}" for title, text in texts.items()),
        },
        **({"helpUri": rule.url} if rule.url else {}),
        "defaultConfiguration": configuration,
        "properties": {
            "tags": ["maintainability", rule.kind],
            "precision": "high",
            "problem.severity": _PROBLEM_SEVERITIES[rule.severity],
        },
    }


def bare_descriptor(name: str) -> dict[str, Any]:
    """A reportingDescriptor for a rule without a page, which is named for its fault as all are."""
    return _described(name, f"{name.replace('-', ' ').capitalize()}.")


def failure_descriptors() -> list[dict[str, Any]]:
    """The reportingDescriptors of failures, in the order of FailureKind."""
    return [_described(kind, _FAILURES[kind]) for kind in FailureKind]


def _described(name: str, text: str) -> dict[str, Any]:
    """Code scanning wants all three texts of everything that has a descriptor."""
    message = {"text": text}
    return {"id": name, "shortDescription": message, "fullDescription": message, "help": message}


def short(text: str) -> str:
    """The text, cut to what code scanning takes as a description."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _plain(markdown: str) -> str:
    """A paragraph without code marks and links, in one line."""
    return short(_MARKUP.sub(lambda match: match[1] or match[2], " ".join(markdown.split())))
