"""What is measured: the command of each tool, how its output is read, and what it is compared with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from comparison import reading
from comparison.reading import Reader

TOOLS = ("ssot-lint", "ruff", "semgrep", "ast-grep", "fixit")
_RULES = Path(__file__).parent.resolve() / "rules"


@dataclass(frozen=True, slots=True)
class Contender:
    """One row of a table.

    `survey` is added to the command in the first run, whose time counts only if there is no other. With `fills`, the
    command is run once before that. `against` names the row that the ratio is taken to. `prepare` precedes each run.
    """

    name: str
    tool: str
    command: tuple[str, ...]
    read: Reader
    against: str
    survey: tuple[str, ...] = ()
    fills: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Where the tools are (those on PATH unless named), which are left out, and a folder for what they keep."""

    named: Mapping[str, str]
    skipped: frozenset[str]
    scratch: Path

    def command(self, tool: str) -> str | None:
        """The path of a tool, or None if there is none."""
        return shutil.which(self.named.get(tool, tool))

    def kept(self, name: str) -> str:
        return str(self.scratch / name)


COLD, WARM = "ssot-lint", "ssot-lint, again"
RUFF, RUFF_WARM = "Ruff", "Ruff, again"
DEFAULTS, SEMGREP, AST_GREP, FIXIT = "ssot-lint, all its rules", "Semgrep", "ast-grep", "Fixit"
PASS, HOOK = "`python -c pass`", "`ssot-lint check` of changed clean files"
CHECK, FIX = "`ssot-lint check`", "`ssot-lint fix --unsafe-fixes`"

_AST_GREP = (
    *("scan", "--rule", str(_RULES / "ast-grep.yml"), "--no-ignore", "hidden", "--no-ignore", "vcs"),
    *("--color", "never", "--report-style", "short", "--inspect", "summary", "."),
)
_SEMGREP = (
    *(
        "scan",
        "--config",
        str(_RULES / "semgrep.yml"),
        "--jobs",
        str(os.cpu_count() or 1),
        "--json",
        "--quiet",
    ),
    *("--metrics", "off", "--disable-version-check", "--no-git-ignore", "--max-target-bytes", "0", "."),
)
_FIXIT = ("--rules", "fixit_direct_uuid", "lint", ".")


def linters(tools: Toolbox) -> list[Contender]:
    """All tools on the files of the current folder; `again` is a run with the cache of the one before."""
    check = ("check", "--output-format", "concise")
    direct = (*check, "--select", "direct-uuid")
    ruff = ("check", "--config", str(_RULES / "ruff.toml"), "--output-format", "concise")
    kept, ruff_kept = (("--cache-dir", tools.kept(name)) for name in ("ssot-lint", "ruff"))
    return [
        Contender(COLD, "ssot-lint", (*direct, "--no-cache", "."), reading.ssot_lint, COLD),
        Contender(RUFF, "ruff", (*ruff, "--no-cache", "."), reading.ruff, COLD, ("--verbose",)),
        Contender(WARM, "ssot-lint", (*direct, *kept, "."), reading.ssot_lint, WARM, fills=True),
        Contender(
            RUFF_WARM, "ruff", (*ruff, *ruff_kept, "."), reading.ruff, WARM, ("--verbose",), fills=True
        ),
        replace(all_rules(), read=reading.ssot_lint, against=COLD),
        Contender(AST_GREP, "ast-grep", _AST_GREP, reading.ast_grep, COLD),
        Contender(SEMGREP, "semgrep", _SEMGREP, reading.semgrep, COLD, environment=_semgrep_files(tools)),
        Contender(FIXIT, "fixit", _FIXIT, reading.fixit, COLD, environment={"PYTHONPATH": str(_RULES)}),
    ]


def hook(tools: Toolbox, files: Sequence[str], change: Callable[[], None]) -> list[Contender]:
    """Start-up, and a hook that is run on a few files which `change` changes before each run."""
    check = ("check", "--cache-dir", tools.kept("hook"), *files)
    ruff = ("check", "--config", str(_RULES / "ruff.toml"), "--cache-dir", tools.kept("ruff-hook"), *files)
    return [
        Contender(PASS, "python", ("-c", "pass"), reading.nothing, PASS),
        Contender("`ssot-lint --version`", "ssot-lint", ("--version",), reading.nothing, PASS),
        Contender(HOOK, "ssot-lint", check, reading.nothing, PASS, prepare=change),
        Contender("`ruff --version`", "ruff", ("--version",), reading.nothing, PASS),
        Contender("`ruff check` of the same files", "ruff", ruff, reading.ruff, PASS, prepare=change),
    ]


def fixing(restore: Callable[[], None]) -> list[Contender]:
    """All rules: check, and fix with unsafe fixes on a copy that `restore` puts back before each run."""
    check = ("check", "--no-cache", "--output-format", "concise", ".")
    fix = ("fix", "--no-cache", "--unsafe-fixes", "--output-format", "concise", ".")
    return [
        Contender(CHECK, "ssot-lint", check, reading.ssot_lint, CHECK, prepare=restore),
        Contender(FIX, "ssot-lint", fix, reading.fixes, CHECK, prepare=restore),
    ]


def growing(tools: Toolbox) -> list[Contender]:
    """The fast ones, with all rules at the end."""
    names = (COLD, RUFF, WARM, RUFF_WARM, DEFAULTS)
    return [row for row in linters(tools) if row.name in names]


def all_rules(jobs: int | None = None) -> Contender:
    """ssot-lint with all its rules in so many processes; None: one for each core."""
    processes = () if jobs is None else ("--jobs", str(jobs))
    command = ("check", "--no-cache", "--output-format", "concise", *processes, ".")
    return Contender(DEFAULTS, "ssot-lint", command, reading.every_rule, DEFAULTS)


def _semgrep_files(tools: Toolbox) -> dict[str, str]:
    """Semgrep keeps its log and settings in the home folder unless told otherwise."""
    return {
        "SEMGREP_LOG_FILE": tools.kept("semgrep.log"),
        "SEMGREP_SETTINGS_FILE": tools.kept("semgrep-settings.yml"),
        "SEMGREP_VERSION_CACHE_PATH": tools.kept("semgrep-version"),
    }
