"""A rule's whole page: its prose, and its examples as projects of files with the flagged lines marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from ssot_lint.catalogue import Rule, Section, read_rule
from ssot_lint.errors import InputError, Problem

if TYPE_CHECKING:
    from markdown_it.token import Token

_DEFAULT_FILES = {"python": "example.py"}
_INFO = re.compile(r"(?P<language>\S+)(?:\s+file=(?P<file>\S+))?")
_MARK = re.compile(r"[ \t]*# error: \[(?P<rule>[a-z0-9-]+)\](?=[ \t]*(?:# error: |$))", re.MULTILINE)
_SENTENCE = re.compile(r".*?[.!?](?=\s+[^a-z\s]|\s*\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """`# error: [rule]` at the end of a row of an example's file; rows start at 1."""

    row: int
    rule: str


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """A fence: `text` is without its marks, `row` is the page's row of the text's first line."""

    path: str
    text: str
    marks: tuple[Mark, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Example:
    """One project of files; `number` counts from 1 within the section."""

    section: str
    number: int
    files: tuple[ExampleFile, ...]

    @property
    def row(self) -> int:
        return self.files[0].row


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page; the sections are Markdown by title, in the order of the page."""

    rule: Rule
    sections: Mapping[str, str]
    examples: tuple[Example, ...]

    def counterpart(self, example: Example) -> Example | None:
        """What an example of Avoid becomes in Prefer, None if that is not shown."""
        wanted = ("Prefer", example.number) if example.section == "Avoid" else None
        return next((each for each in self.examples if (each.section, each.number) == wanted), None)

    @property
    def summary(self) -> str:
        """The first sentence of what the rule finds, in one line of Markdown."""
        paragraph = self.sections["What it finds"].strip().split("\n\n")[0]
        sentence = _SENTENCE.match(paragraph)
        return " ".join((sentence[0] if sentence else paragraph).split())


def read_page(file: Path) -> Page:
    """Reads a page and all of its examples; raises InputError with all problems."""
    rule, sections = read_rule(file)
    problems: list[Problem] = []
    avoid, prefer, leaves_alone = (
        _examples(rule, title, sections[title], problems) for title in ("Avoid", "Prefer", "Leaves alone")
    )
    if len(prefer) > len(avoid):
        problems.append(Problem(file.as_posix(), "Prefer", "has more examples than Avoid, its counterpart"))
    if problems:
        raise InputError(problems)
    texts = {title: section.text.strip("\n") for title, section in sections.items()}
    return Page(rule, texts, (*avoid, *prefer, *leaves_alone))


def read_pages(files: Iterable[Path]) -> list[Page]:
    """Reads several pages; raises InputError with the problems of all of them."""
    pages: list[Page] = []
    problems: list[Problem] = []
    for file in files:
        try:
            pages.append(read_page(file))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return pages


def _examples(rule: Rule, title: str, section: Section, problems: list[Problem]) -> list[Example]:
    file = rule.file.as_posix()
    projects = list(_projects(file, title, section, problems))
    examples = [Example(title, number, files) for number, files in enumerate(projects, 1)]
    if not examples:
        problems.append(Problem(file, title, "has no example"))
    for example in examples:
        if wrong := _wrong_marks(rule.name, example):
            problems.append(Problem(file, f"{title}, row {example.row}", wrong))
    return examples


def _wrong_marks(rule: str, example: Example) -> str | None:
    marked = {mark.rule for file in example.files for mark in file.marks}
    if example.section == "Avoid":
        return None if rule in marked else f"the example marks no row with # error: [{rule}]"
    return f"the example marks {', '.join(sorted(marked))}, as only Avoid may" if marked else None


def _projects(
    file: str, title: str, section: Section, problems: list[Problem]
) -> Iterator[tuple[ExampleFile, ...]]:
    """Fences that name different files belong together as long as nothing stands between them."""
    group: dict[str, ExampleFile] = {}
    for token in _blocks(section.text):
        fence = _fence(file, title, section.row, token, problems)
        named = fence is not None and "file=" in token.info
        if group and (fence is None or not named or fence.path in group):
            yield tuple(group.values())
            group = {}
        if fence is not None and named:
            group[fence.path] = fence
        elif fence is not None:
            yield (fence,)
    if group:
        yield tuple(group.values())


def _blocks(text: str) -> Sequence[Token]:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").disable("inline").parse(text)


def _fence(file: str, title: str, row: int, token: Token, problems: list[Problem]) -> ExampleFile | None:
    """The file that a fence holds; None for any other block and for a fence with a problem."""
    if token.type != "fence" or token.map is None:
        return None
    row += token.map[0] + 1
    info = _INFO.fullmatch(token.info.strip())
    path = info and (info["file"] or _DEFAULT_FILES.get(info["language"]))
    if not path or not _is_inside(path):
        wrong = f"{token.info!r} is neither python nor a language and file=PATH with a path below the example"
        problems.append(Problem(file, f"{title}, row {row - 1}", wrong))
        return None
    return _example_file(path, token.content, row)


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return (
        bool(pure.name) and ".." not in pure.parts and "\\" not in path and not PureWindowsPath(path).anchor
    )


def _example_file(path: str, content: str, row: int) -> ExampleFile:
    lines = enumerate(content.split("\n"), 1)
    marks = tuple(Mark(number, mark["rule"]) for number, line in lines for mark in _MARK.finditer(line))
    return ExampleFile(path, _MARK.sub("", content), marks, row)
