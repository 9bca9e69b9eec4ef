"""Measure ssot-lint beside Ruff, Semgrep, ast-grep and Fixit with an equivalent rule, on any trees.

Prints Markdown. Trees are copied, Python files only; they stay as they are. What grows, hooks and fixes is measured
on the first tree. Needs Linux or macOS, and memory is told on Linux only; needs Python 3.12 or newer to count what
there is to find. See the README beside it.
"""

from __future__ import annotations

import argparse
import json
import shlex
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from comparison import sections, trees
from comparison.contenders import TOOLS, Toolbox
from comparison.document import render, replaced
from comparison.errors import ComparisonError, MarkError
from comparison.machine import facts
from comparison.reading import Place
from comparison.rounds import Pace
from comparison.sections import Bench, Section
from comparison.trees import Copy
from count_with_ast import count

PARTS = ("tools", "file", "hook", "growth", "fixing")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure: parts, trees, and by the name of a tree its source of truth and the tools to leave out there."""

    parts: Sequence[str]
    trees: Sequence[Path]
    sources: Mapping[str, str]
    skipped: Sequence[tuple[str, str]]


def measure(bench: Bench, asked: Asked) -> Iterator[Section]:
    """The parts that are asked for, in order."""
    first, source = asked.trees[0], asked.sources.get(asked.trees[0].name)
    for tree in asked.trees if "tools" in asked.parts else ():
        copy = trees.copy(tree, bench.place(tree.name), asked.sources.get(tree.name))
        yield _tools(bench, copy, asked)
    if "file" in asked.parts:
        yield _tools(bench, trees.big_file(bench.place("one-file"), sections.BIG), asked)
    if "hook" in asked.parts:
        yield sections.hook(bench, trees.copy(first, bench.place(first.name), source))
    if "growth" in asked.parts:
        yield sections.growth(bench, first, source)
    if "fixing" in asked.parts:
        yield sections.fixing(bench, first, source)


def _tools(bench: Bench, copy: Copy, asked: Asked) -> Section:
    left_out = frozenset(tool for name, tool in asked.skipped if name in ("", copy.root.name))
    return sections.tools(replace(bench, tools=replace(bench.tools, skipped=left_out)), copy, counted(copy))


def counted(copy: Copy) -> Counter[Place] | None:
    """The places that the independent count finds; None on a Python too old for it."""
    if sys.version_info < (3, 12):
        return None
    return Counter((site.path, site.row) for site in count(copy.tree).sites)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    options = _parser().parse_args(arguments)
    try:
        page = _page(options.update) if options.update else None
        lines, found = _measured(options, arguments)
    except (ComparisonError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    report = render(lines, found)
    print(report)
    if options.json:
        options.json.write_text(json.dumps([asdict(section) for section in found], indent=2), "utf-8")
    if page is not None:
        options.update.write_text(replaced(page, report), "utf-8")
    return 0


def _page(path: Path) -> str:
    """The text of a page that has a place for the report; raises MarkError."""
    text = path.read_text("utf-8")
    try:
        replaced(text, "")
    except MarkError as error:
        raise MarkError(f"{path}: {error}") from None
    return text


def _measured(options: argparse.Namespace, arguments: Sequence[str]) -> tuple[list[str], list[Section]]:
    """What ran where, and all that was measured."""
    everywhere = frozenset(tool for tree, tool in options.skip if not tree)
    asked = Asked(options.parts or PARTS, options.trees, dict(options.source), options.skip)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve()
        tools = Toolbox(_named(options.tool), everywhere, root / "kept")
        bench = Bench(tools, Pace(options.rounds, options.slow, options.limit), _say, root)
        lines = [f"Command: `{_shown(arguments)}`", *facts(tools)]
        started = time.monotonic()
        found = list(measure(bench, asked))
        return [*lines, f"All of it took {(time.monotonic() - started) / 60:.0f} minutes"], found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("trees", nargs="+", type=_tree, metavar="TREE")
    add("--source", action="append", default=[], type=_pair, metavar="TREE=MODULE", help="by the tree's name")
    add("--tool", action="append", default=[], type=_pair, metavar="TOOL=PATH", help="not the one on PATH")
    add("--skip", action="append", default=[], type=_skip, metavar="[TREE=]TOOL", help="leave out a tool")
    add("--part", action="append", dest="parts", choices=PARTS, help="only this part; can be repeated")
    add("--rounds", type=int, default=5, help="default: %(default)s")
    add("--slow", type=float, default=5, metavar="SECONDS", help="run once what takes longer; %(default)s")
    add("--limit", type=float, default=120, metavar="SECONDS", help="stop what takes longer; %(default)s")
    add("--json", type=_file, metavar="FILE", help="write the numbers there")
    add("--update", type=Path, metavar="PAGE", help="put the report between the marks in that page")
    return parser


def _tree(text: str) -> Path:
    path = Path(text).resolve()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return path


def _file(text: str) -> Path:
    path = Path(text)
    if not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{path.parent} is not a folder")
    return path


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


def _skip(text: str) -> tuple[str, str]:
    tree, _, tool = text.rpartition("=")
    if tool not in TOOLS:
        raise argparse.ArgumentTypeError(f"{tool} is none of {', '.join(TOOLS)}")
    return tree, tool


def _named(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Paths of tools by name; the Python that ssot-lint runs on is the one beside it."""
    named = {tool: str(Path(path).absolute()) for tool, path in pairs}
    linter = Toolbox(named, frozenset(), Path()).command("ssot-lint")
    beside = Path(linter or sys.executable).with_name("python")
    return {"python": str(beside) if beside.exists() else sys.executable, **named}


def _shown(arguments: Sequence[str]) -> str:
    """The command line, with the last part of each path."""
    parts = (argument.rpartition("=") for argument in arguments)
    short = (f"{name}{equals}{Path(value).name}" for name, equals, value in parts)
    return shlex.join(["python", "benchmarks/compare_tools.py", *short])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends, too
    sys.exit(main())
