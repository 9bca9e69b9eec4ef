"""Fix a copy of a tree, and hold the result against other tools than the one that made it.

Prints a table in Markdown: what was found, fixed and refused, and then what must all be 0: files that no
longer parse, names that pyflakes newly finds unbound, bytes changed outside of the statements that were fixed
and of imports, files that a second run would change. Exits 1 if one of these is not 0. Needs pyflakes.
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from comparison.trees import IDS

from ssot_lint.applying import apply, record
from ssot_lint.repair import Repair
from ssot_lint.session import CheckRequest, FixRequest, fix

UNBOUND = ("undefined name", "referenced before assignment", "may be undefined")
BATCH = 200


@dataclass(frozen=True, slots=True)
class Damage:
    """What a run must not do; the counts are of files, names, bytes and files."""

    unparsable: int
    unbound: int
    outside: int
    again: int

    def any(self) -> bool:
        return bool(self.unparsable or self.unbound or self.outside or self.again)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: sites found by rule, files and sites fixed, sites refused by reason."""

    found: Counter[str]
    files_found: int
    fixed: int
    files_fixed: int
    refused: Counter[str]
    damage: Damage


def run(root: Path, source: str, unsafe: bool) -> Outcome:
    """Fix the tree in place."""
    (root / "ssot-lint.toml").write_text(f'source = "{source}"\n', "utf-8")
    request = FixRequest(CheckRequest((".",), root, with_baseline=False, with_cache=False), unsafe)
    fixes = fix(request)
    changed = [repair for repair in fixes.repairs if repair.after is not None]
    bound = unbound(root, changed)
    applied = apply(fixes)
    if applied.failed:
        raise SystemExit(f"{applied.failed[0].path}: {applied.failed[0].reason}")
    again = sum(repair.after is not None for repair in fix(request).repairs)
    damage = Damage(
        unparsable=sum(not parses(repair.after) and parses(repair.before) for repair in changed),
        unbound=(unbound(root, changed) - bound).total(),
        outside=sum(map(outside, changed)),
        again=again,
    )
    return Outcome(
        found=Counter(finding.rule for finding in fixes.found),
        files_found=len({finding.path for finding in fixes.found}),
        fixed=sum(len(repair.applied) for repair in changed),
        files_fixed=len(changed),
        refused=Counter(general(each.reason) for each in record(fixes, applied, unsafe).skipped),
        damage=damage,
    )


def general(reason: str) -> str:
    """A reason without the names and numbers in it."""
    return re.sub(r"\d+", "N", re.sub(r"`[^`]*`|'[^']*'", "`...`", reason))


def parses(content: bytes | None) -> bool:
    try:
        ast.parse(content or b"")
    except (SyntaxError, ValueError):
        return False
    return True


def unbound(root: Path, repairs: Sequence[Repair]) -> Counter[str]:
    """What pyflakes says about unbound names in the files as they are, without rows and columns."""
    found: Counter[str] = Counter()
    files = [repair.path for repair in repairs]
    for start in range(0, len(files), BATCH):
        command = [sys.executable, "-W", "ignore", "-m", "pyflakes", *files[start : start + BATCH]]
        said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if said.returncode not in (0, 1) or "No module named pyflakes" in said.stderr:
            raise SystemExit(said.stderr)
        for line in said.stdout.splitlines():
            if any(text in line for text in UNBOUND):
                found[re.sub(r":\d+:\d+:?", ":", re.sub(r" on line \d+", "", line))] += 1
    return found


def outside(repair: Repair) -> int:
    """The bytes that changed in rows that belong neither to a fixed statement nor to an import."""
    old, new = (content.splitlines(keepends=True) for content in (repair.before, repair.after or b""))
    edited = _rows(repair)
    imports = _import_rows(repair.after or b"")
    count = 0
    for tag, low, high, new_low, new_high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone = [row for row in range(low, high) if row not in edited and old[row].strip()]
        count += sum(len(old[row]) for row in gone)
        if not edited.intersection(range(low - 1, high + 1)):
            came = [row for row in range(new_low, new_high) if row not in imports and new[row].strip()]
            count += sum(len(new[row]) for row in came)
    return count


def _rows(repair: Repair) -> set[int]:
    """The rows, from 0, of the statements in which a fix has an edit, and of imports with their comments."""
    edits = [edit.span for each in repair.applied if each.fix for edit in each.fix.edits]
    edits += [each.span for each in repair.applied]
    rows = _import_rows(repair.before)
    statements = list(_extents(ast.parse(repair.before)))
    for span in edits:
        for first, last in statements:
            if first <= span.end.row and span.start.row <= last:
                rows.update(range(first - 1, last))
        rows.update(range(span.start.row - 1, span.end.row))
    lines = repair.before.splitlines()
    for row in sorted(rows, reverse=True):
        while row and lines[row - 1].lstrip().startswith(b"#"):
            row -= 1
            rows.add(row)
    return rows


def _extents(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """The first and last row of each simple statement, and of the head of each compound one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            yield node.lineno, last


def _import_rows(content: bytes) -> set[int]:
    return {
        row
        for node in ast.walk(ast.parse(content))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for row in range(node.lineno - 1, node.end_lineno or node.lineno)
    }


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Rows of Markdown, a column for each outcome."""
    yield "| | `fix` | `fix --unsafe-fixes` |"
    yield "|---|---:|---:|"
    yield _row("files with findings", (each.files_found for each in outcomes))
    yield _row("sites found", (each.found.total() for each in outcomes))
    for rule in sorted(set().union(*(each.found for each in outcomes))):
        yield _row(f"- `{rule}`", (each.found[rule] for each in outcomes))
    yield _row("files fixed", (each.files_fixed for each in outcomes))
    yield _row("**sites fixed**", (each.fixed for each in outcomes))
    yield _row("sites refused", (each.refused.total() for each in outcomes))
    together = sum((each.refused for each in outcomes), Counter())
    for reason, _ in together.most_common():
        yield _row(f"- {reason}", (each.refused[reason] for each in outcomes))
    yield _row("files that no longer parse", (each.damage.unparsable for each in outcomes))
    yield _row("names newly unbound", (each.damage.unbound for each in outcomes))
    yield _row("bytes changed outside edited statements", (each.damage.outside for each in outcomes))
    yield _row("files that a second run changes", (each.damage.again for each in outcomes))


def _row(name: str, numbers: Iterable[int]) -> str:
    return f"| {name} | {' | '.join(f'{number:,}' for number in numbers)} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path, help="is copied, and stays as it is")
    parser.add_argument("--source", required=True, help="the source of truth, as in the settings")
    parser.add_argument("--add-ids", metavar="PATH", help="write a source of truth there, in the copy")
    options = parser.parse_args()
    outcomes = []
    for unsafe in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve() / "tree"
            shutil.copytree(options.tree, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            if options.add_ids:
                (root / options.add_ids).write_text(IDS, "utf-8")
            outcomes.append(run(root, options.source, unsafe))
    print("\n".join(table(outcomes)))
    return int(any(each.damage.any() for each in outcomes))


if __name__ == "__main__":
    sys.exit(main())
