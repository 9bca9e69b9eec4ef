"""From settings to what a run looks for: the rules with their parameters, and the contract."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssot_lint import kinds
from ssot_lint.cache_folder import CacheUse
from ssot_lint.catalogue import Rule, load_rules, rules_directory
from ssot_lint.contracts import ContractStore
from ssot_lint.engine.plan import Plan, RulePlan
from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Severity
from ssot_lint.settings import Settings, Source, check_rule_names
from ssot_lint.source import Target, learn
from ssot_lint.source.contract import Contract
from ssot_lint.suppressions import OWN_RULES
from ssot_lint.typed import did_you_mean


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules chosen for one run: `select` goes before what is configured (None: it does not), `ignore` beside
    it.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()

    def runs(self, rule: Rule, settings: Settings) -> bool:
        if rule.name in self.ignore:
            return False
        return rule.name in self.select if self.select is not None else settings.runs(rule.name, rule.default)


class Planner:
    """Makes the plans of one run; reads each catalogue and learns each contract once."""

    def __init__(
        self, root: Path, selection: Selection, with_fixes: bool = False, cache: CacheUse | None = None
    ) -> None:
        self._root = root
        self._selection = selection
        self._with_fixes = with_fixes
        self._cache = cache
        self._catalogues: dict[tuple[Path, ...], dict[str, Rule]] = {}
        self._contracts: dict[tuple[int, tuple[Source, ...]], Contract] = {}

    def plan(self, settings: Settings, sources: Sequence[Source]) -> Plan:
        """What to look for in files with these settings that these sources serve.

        Raises InputError with everything that is wrong in configuration, rule pages and sources.
        """
        problems: list[Problem] = []
        rules: Mapping[str, Rule] = {}
        contract = None
        try:
            rules = self.rules(settings)
            problems += check_rule_names(settings, rules)
        except InputError as error:
            problems += error.problems
        try:
            contract = self.contract(settings, sources)
        except InputError as error:
            problems += error.problems
        plans = [self._rule_plan(rule, settings, contract, problems) for rule in rules.values()]
        if problems:
            raise InputError(problems)
        return Plan(
            tuple(plan for plan in plans if plan is not None),
            contract,
            self._with_fixes,
            judges_suppressions=bool(self.suppression_rules(settings)),
        )

    def rules(self, settings: Settings) -> dict[str, Rule]:
        """The catalogue that the settings offer; raises InputError."""
        directories = (rules_directory(), *settings.rule_paths)
        if directories not in self._catalogues:
            self._catalogues[directories] = load_rules(directories)
        return self._catalogues[directories]

    def suppression_rules(self, settings: Settings) -> dict[str, Severity]:
        """The severities of the rules about suppressions that run; raises InputError."""
        rules = (rule for rule in self.rules(settings).values() if rule.name in OWN_RULES)
        return {
            rule.name: _severity(rule, settings) for rule in rules if self._selection.runs(rule, settings)
        }

    def contract(self, settings: Settings, sources: Sequence[Source]) -> Contract | None:
        """What these sources teach; None without a source; raises InputError."""
        if not sources:
            return None
        key = (id(settings), tuple(sources))
        if key not in self._contracts:
            self._contracts[key] = self._learn(settings, sources)
        return self._contracts[key]

    def source_files(self, settings: Settings) -> frozenset[str]:
        """The absolute paths of the files that the sources are written in; raises InputError."""
        contract = self.contract(settings, settings.sources)
        names = (name for source in (contract.sources if contract else ()) for name in source.files)
        return frozenset(os.path.normpath(self._root / name) for name in names)

    def _learn(self, settings: Settings, sources: Sequence[Source]) -> Contract:
        targets = [Target(source.target, source.paths.lines if source.paths else ()) for source in sources]
        try:
            if self._cache is None:
                return learn(targets, settings.source_roots, self._root, settings.overrides)
            store = ContractStore(self._cache.directory or settings.cache_dir)
            return store.contract(targets, settings.source_roots, self._root, settings.overrides)
        except InputError as error:
            named = (
                Problem(*settings.where(item.key), item.message) if not item.file else item
                for item in error.problems
            )
            raise InputError(list(named)) from None

    def _rule_plan(
        self, rule: Rule, settings: Settings, contract: Contract | None, problems: list[Problem]
    ) -> RulePlan | None:
        """The rule as it is to run; None if it is not to, or has nothing to look for."""
        if rule.kind not in kinds.kind_names():
            message = f'there is no kind "{rule.kind}"{did_you_mean(rule.kind, kinds.kind_names())}'
            problems.append(Problem(rule.file.as_posix(), "kind", message))
            return None
        kind = kinds.load(rule.kind)
        options = settings.rules.get(rule.name)
        params = kinds.read_params(kind, rule.params, rule.file.as_posix(), "params", problems)
        if params is None:
            return None
        if options is not None and options.params:
            wrong: list[Problem] = []
            params = kinds.read_params(kind, {**rule.params, **options.params}, "", "params", wrong)
            problems += (Problem(*_where(settings, rule.name, item.key), item.message) for item in wrong)
        interest = kind.interest(params, contract) if params is not None else None
        if interest is None or not self._selection.runs(rule, settings):
            return None
        return RulePlan(rule.name, rule.kind, _severity(rule, settings), params, interest)


def _severity(rule: Rule, settings: Settings) -> Severity:
    options = settings.rules.get(rule.name)
    return options.severity if options is not None and options.severity else rule.severity


def _where(settings: Settings, rule: str, key: str) -> tuple[str, str]:
    """The file and the key in which a parameter of a rule is written; `key` is below `params`."""
    name, rest = re.match(r"params\.?([\w-]*)(.*)", key, re.DOTALL).groups()  # type: ignore[union-attr]
    file, written = settings.where(f"rules.{rule}.params.{name}" if name else f"rules.{rule}")
    return file, written + rest
