"""The catalogue: one Markdown page a rule, and the page's file name is the rule's name.

A page is TOML between `+++` lines and then the sections of `SECTIONS`, in that order. What every run needs is
read here; the examples are read in `pages.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Severity
from ssot_lint.rule_pages import page_files
from ssot_lint.typed import Shape, read_table

SECTIONS = ("What it finds", "Why", "Avoid", "Prefer", "Leaves alone", "Limits")

_NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
FRONT_MATTER = re.compile(r"\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_FENCE_OR_HEADING = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^`\n]*$(?:.*?^ {0,3}(?P=fence)[`~]*[ \t]*$|.*\Z)"
    r"|^ {0,3}(?P<level>#{1,2})[ \t]+(?P<title>[^\n]*?)[ \t]*#*[ \t]*$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the front matter of its page, `file`, states it.

    `kind` names the detector, to which alone `params` mean something. A rule that is not `default` runs only
    where it is selected by name. `url` leads to the rule's documentation, if it is published.
    """

    name: str
    kind: str
    severity: Severity
    since: str
    default: bool
    params: Mapping[str, Any]
    url: str | None
    file: Path


@dataclass(frozen=True, slots=True)
class Section:
    """A section's Markdown without its heading; `row` is the page's row, from 1, on which `text` begins."""

    text: str
    row: int


@dataclass(frozen=True, slots=True)
class _FrontMatter:
    """The keys of the front matter; `params` are what the kind takes."""

    kind: Annotated[str, Shape(_NAME, "forbidden-call")]
    severity: Severity
    since: Annotated[str, Shape(r"\d+(\.\d+)*", "1.2.0")]
    default: bool = True
    url: Annotated[str | None, Shape(r"https?://\S+", "https://...")] = None
    params: Mapping[str, Any] = field(default_factory=dict)


def load_rules(directories: Iterable[Path]) -> dict[str, Rule]:
    """The rules of every page directly in `directories`, sorted by name; raises InputError with all problems.

    A README.md is no page. The headings of a page are checked, its examples are not read.
    """
    problems: list[Problem] = []
    files: dict[str, Path] = {}
    rules: dict[str, Rule] = {}
    for file in page_files(directories, problems):
        rule, _ = _read(file, problems)
        if rule:
            rules[rule.name] = rule
        if file.stem in files:
            problems.append(Problem(file.as_posix(), "", f"has the name of {files[file.stem].as_posix()}"))
        files.setdefault(file.stem, file)
    if problems:
        raise InputError(problems)
    return dict(sorted(rules.items()))


def read_rule(file: Path) -> tuple[Rule, dict[str, Section]]:
    """The rule of one page and the page's sections by title; raises InputError with all problems."""
    problems: list[Problem] = []
    rule, sections = _read(file, problems)
    if problems or not rule:
        raise InputError(problems)
    return rule, sections


def _read(file: Path, problems: list[Problem]) -> tuple[Rule | None, dict[str, Section]]:
    """The rule is None if its front matter has a problem."""
    name = file.as_posix()
    if not re.fullmatch(_NAME, file.stem):
        problems.append(Problem(name, "", "a rule is named in kebab-case, such as direct-uuid.md"))
    text = _text(file, problems)
    matched = FRONT_MATTER.match(text)
    if not matched:
        if text:
            problems.append(Problem(name, "", "must begin with TOML between two lines +++"))
        return None, {}
    rule = _rule(file, matched["toml"], problems)
    row = text.count("\n", 0, matched.end()) + 1
    return rule, _sections(name, text[matched.end() :], row, problems)


def _text(file: Path, problems: list[Problem]) -> str:
    """The page's text; what is no text is a problem and reads as an empty page."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        problems.append(Problem(file.as_posix(), "", f"cannot be read: {error.strerror}"))
        return ""
    except UnicodeDecodeError as error:
        problems.append(Problem(file.as_posix(), "", f"is not UTF-8: {error.reason} at byte {error.start}"))
        return ""
    if not text:
        problems.append(Problem(file.as_posix(), "", "is empty"))
    return text


def _rule(file: Path, toml: str, problems: list[Problem]) -> Rule | None:
    try:
        table = tomllib.loads("\n" + toml)  # the line of the first +++, so that errors name the page's rows
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(file.as_posix(), "", f"front matter: {error}"))
        return None
    read = read_table(_FrontMatter, table, file.as_posix(), "", problems)
    if not read:
        return None
    return Rule(file.stem, read.kind, read.severity, read.since, read.default, read.params, read.url, file)


def _sections(file: str, body: str, row: int, problems: list[Problem]) -> dict[str, Section]:
    headings = [match for match in _FENCE_OR_HEADING.finditer(body) if match["level"]]
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    if body[: headings[0].start() if headings else len(body)].strip():
        problems.append(Problem(file, "", f"has text before its first section, ## {SECTIONS[0]}"))
    sections: dict[str, Section] = {}
    for heading, end in zip(headings, ends, strict=True):
        title = heading["title"]
        text = body[heading.end() : end]
        if wrong := _wrong_section(heading["level"], title, text, sections):
            problems.append(Problem(file, title, wrong))
        if title in SECTIONS:
            sections.setdefault(title, Section(text, row + body.count("\n", 0, heading.end())))
    missing = [title for title in SECTIONS if title not in sections]
    problems += [Problem(file, title, "the section is missing") for title in missing]
    if list(sections) != sorted(sections, key=SECTIONS.index):
        problems.append(Problem(file, "", f"the sections must stand in this order: {', '.join(SECTIONS)}"))
    return sections


def _wrong_section(level: str, title: str, text: str, before: Mapping[str, Section]) -> str | None:
    if level == "#":
        return "a page has no title: its file name is the rule's name"
    if title not in SECTIONS:
        return f"unknown section; the sections are {', '.join(SECTIONS)}"
    if title in before:
        return "the section stands there twice"
    if not text.strip():
        return "the section is empty"
    return None
