"""From settings to what a run looks for: the rules with their parameters, and the contract.

What it takes to make a plan is loaded when one is made, which most runs with a cache do without.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.briefs import Brief, BriefStore
from ssot_lint.cache_folder import CacheUse, code_stamp
from ssot_lint.engine.plan import Plan, RulePlan
from ssot_lint.engine.scan import Sign, sign_of
from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Severity
from ssot_lint.rule_pages import page_files, rules_directory
from ssot_lint.settings import Settings, Source, check_rule_names, relative_path
from ssot_lint.suppressions import OWN_RULES
from ssot_lint.typed import did_you_mean

if TYPE_CHECKING:
    from ssot_lint.catalogue import Rule
    from ssot_lint.source.contract import Contract
    from ssot_lint.witnesses import Witnesses


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
        self._plans: dict[tuple[int, tuple[Source, ...]], Plan] = {}
        self._contracts: dict[tuple[int, tuple[Source, ...]], tuple[Contract, Witnesses | None]] = {}

    def brief(self, settings: Settings, sources: Sequence[Source]) -> Brief:
        """The same as `plan`, for those who need to know of a plan before there is anything to decide."""
        if self._cache is None:
            return self._brief(settings, sources)
        store = BriefStore(self._cache.directory or settings.cache_dir)
        key = self._key(settings, sources)
        brief = store.get(key, settings.source_roots, self._root)
        if brief is None:
            brief = self._brief(settings, sources)
            witnesses = self._witnesses(settings, sources)
            if witnesses is not None and self._key(settings, sources) == key:
                store.put(key, witnesses, brief)
        return brief

    def plan(self, settings: Settings, sources: Sequence[Source]) -> Plan:
        """What to look for in files with these settings that these sources serve.

        Raises InputError with everything that is wrong in configuration, rule pages and sources.
        """
        key = (id(settings), tuple(sources))
        if key not in self._plans:
            self._plans[key] = self._plan(settings, sources)
        return self._plans[key]

    def _plan(self, settings: Settings, sources: Sequence[Source]) -> Plan:
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
        return Plan(tuple(plan for plan in plans if plan is not None), contract, self._with_fixes)

    def certain_signs(self, settings: Settings) -> tuple[Sign, ...]:
        """The signs of the rules that look for something without a source, too, unless the pages are wrong."""
        try:
            rules = self.rules(settings)
        except InputError:
            return ()
        plans = (self._rule_plan(rule, settings, None, []) for rule in rules.values())
        return tuple(sign_of(plan) for plan in plans if plan is not None)

    def rule_names(self, settings: Settings) -> list[str]:
        """The names of the rules that the settings offer, by their pages; raises InputError."""
        problems: list[Problem] = []
        names = sorted(file.stem for file in page_files(_directories(settings), problems))
        if problems:
            raise InputError(problems)
        return names

    def rules(self, settings: Settings) -> dict[str, Rule]:
        """The catalogue that the settings offer; raises InputError."""
        from ssot_lint.catalogue import load_rules

        directories = _directories(settings)
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
        return self._learned(settings, sources)[0]

    def source_files(self, settings: Settings) -> frozenset[str]:
        """The absolute paths of the files that the sources are written in; raises InputError."""
        contract = self.contract(settings, settings.sources)
        names = (name for source in (contract.sources if contract else ()) for name in source.files)
        return frozenset(os.path.normpath(self._root / name) for name in names)

    def _brief(self, settings: Settings, sources: Sequence[Source]) -> Brief:
        plan = self.plan(settings, sources)
        suppression_rules = self.suppression_rules(settings)
        return Brief(
            digest=self._digest(plan, settings, bool(suppression_rules)),
            signs=tuple(map(sign_of, plan.rules)),
            rules=frozenset(self.rules(settings)),
            suppression_rules=suppression_rules,
            exempt=self.source_files(settings),
        )

    def _digest(self, plan: Plan, settings: Settings, judges_suppressions: bool) -> str:
        """A digest of all but the files that can change a result; empty where nobody keeps results."""
        if self._cache is None:
            return ""
        from hashlib import sha256

        rules = [(rule.name, rule.kind, rule.severity.value, repr(rule.params)) for rule in plan.rules]
        contract = plan.contract.digest if plan.contract is not None else ""
        parts = (
            code_stamp(),
            settings.digest,
            relative_path(str(settings.base), str(self._root)),
            contract,
            rules,
            plan.with_fixes,
            judges_suppressions,
        )
        return sha256(repr(parts).encode()).hexdigest()

    def _key(self, settings: Settings, sources: Sequence[Source]) -> str:
        """A digest of all that a brief depends on but the code of the sources."""
        from hashlib import blake2b

        problems: list[Problem] = []  # who makes the plan tells them
        pages = [(file.as_posix(), _content(file)) for file in page_files(_directories(settings), problems)]
        asked = (self._selection, self._with_fixes, list(sources), settings.digest, settings.base, self._root)
        text = repr((code_stamp(), asked, pages, problems))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()

    def _witnesses(self, settings: Settings, sources: Sequence[Source]) -> Witnesses | None:
        """The modules on which the contracts depend; None if one cannot be told."""
        merged: dict[str, str] = {}
        for each in (sources, settings.sources):
            witnesses = self._learned(settings, each)[1] if each else {}
            if witnesses is None:
                return None
            merged |= witnesses
        return merged

    def _learned(self, settings: Settings, sources: Sequence[Source]) -> tuple[Contract, Witnesses | None]:
        key = (id(settings), tuple(sources))
        if key not in self._contracts:
            self._contracts[key] = self._learn(settings, sources)
        return self._contracts[key]

    def _learn(self, settings: Settings, sources: Sequence[Source]) -> tuple[Contract, Witnesses | None]:
        """The contract, and where it is kept what it depends on."""
        from ssot_lint.contracts import ContractStore
        from ssot_lint.source import Target, learn

        targets = [Target(source.target, source.paths.lines if source.paths else ()) for source in sources]
        try:
            if self._cache is None:
                return learn(targets, settings.source_roots, self._root, settings.overrides), None
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
        from ssot_lint import kinds

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


def _directories(settings: Settings) -> tuple[Path, ...]:
    return rules_directory(), *settings.rule_paths


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None  # who reads the page says what is wrong


def _severity(rule: Rule, settings: Settings) -> Severity:
    options = settings.rules.get(rule.name)
    return options.severity if options is not None and options.severity else rule.severity


def _where(settings: Settings, rule: str, key: str) -> tuple[str, str]:
    """The file and the key in which a parameter of a rule is written; `key` is below `params`."""
    name, rest = re.match(r"params\.?([\w-]*)(.*)", key, re.DOTALL).groups()  # type: ignore[union-attr]
    file, written = settings.where(f"rules.{rule}.params.{name}" if name else f"rules.{rule}")
    return file, written + rest
