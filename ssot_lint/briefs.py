"""What most runs need to know of a plan, kept so that they need not make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssot_lint.engine.scan import Sieve, Sign
from ssot_lint.model import Severity
from ssot_lint.shelf import Shelf
from ssot_lint.witnesses import Witnesses, agree


@dataclass(frozen=True, slots=True)
class Brief:
    """A plan, as far as files are concerned in which there is nothing to decide.

    `digest` changes with the plan and with all else that can change a result but the files themselves; it is
    empty without a cache. Each rule of the plan has one of the `signs`. `rules` are the names of all that the
    settings know, `suppression_rules` the severities of those about suppressions that run. `exempt` are the
    absolute paths of the sources' own files.
    """

    digest: str
    signs: tuple[Sign, ...]
    rules: frozenset[str]
    suppression_rules: Mapping[str, Severity]
    exempt: frozenset[str]

    @property
    def ran(self) -> frozenset[str]:
        """The names of the plan's rules."""
        return frozenset(sign.rule for sign in self.signs)

    @property
    def sieve(self) -> Sieve:
        return Sieve(self.signs, with_suppressions=bool(self.suppression_rules))


class BriefStore:
    """The briefs kept in a cache folder; whatever goes wrong with it, it has none."""

    def __init__(self, directory: Path) -> None:
        self._shelf = Shelf(directory / "briefs.json")

    def get(self, key: str, source_roots: Sequence[Path], root: Path) -> Brief | None:
        """The brief that was put there, if the modules that it depends on are as they were."""
        try:
            witnesses, packed = self._shelf.get(key)
            return _unpack(packed) if agree(witnesses, source_roots, root) else None
        except (ValueError, TypeError, LookupError, AttributeError):
            return None

    def put(self, key: str, witnesses: Witnesses, brief: Brief) -> None:
        self._shelf.put(key, (witnesses, _pack(brief)))


def _pack(brief: Brief) -> Sequence[Any]:
    return (
        brief.digest,
        brief.signs,
        sorted(brief.rules),
        dict(brief.suppression_rules),
        sorted(brief.exempt),
    )


def _unpack(packed: Sequence[Any]) -> Brief:
    digest, signs, rules, severities, exempt = packed
    return Brief(
        digest,
        tuple(Sign(rule, tuple(literals), tuple(patterns)) for rule, literals, patterns in signs),
        frozenset(rules),
        {rule: Severity(each) for rule, each in severities.items()},
        frozenset(exempt),
    )
