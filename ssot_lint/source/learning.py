"""From configured targets to the contract."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ssot_lint.errors import InputError, Problem
from ssot_lint.source.candidates import candidates, kind_of, target_value
from ssot_lint.source.contract import Contract, Export, Generator, PartKind, Source, SourceKind
from ssot_lint.source.generators import Draft, draft, forced
from ssot_lint.source.instances import singletons
from ssot_lint.source.library import Library
from ssot_lint.source.locate import Located, NotLocatedError, locate, row_of
from ssot_lint.source.members import members
from ssot_lint.source.module import Bound, Import, Module
from ssot_lint.source.overrides import Learned, overridden
from ssot_lint.source.prefixes import owned_prefixes, spelled_out
from ssot_lint.source.symbolic.known import known_call
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.unions import taint
from ssot_lint.source.symbolic.values import Arguments, Class, Instance, Reference
from ssot_lint.source.targets import Override, Target


def learn_contract(
    targets: Sequence[Target], library: Library, overrides: Mapping[str, Override]
) -> Contract:
    """Read the targets' code; raises `InputError` with all problems, whose keys are `source` and
    `overrides.NAME` and whose file is empty, since the settings know where they are written."""
    learned: list[Learned] = []
    problems: list[Problem] = []
    for target in targets:
        try:
            learned.append(_learn(target, library))
        except NotLocatedError as error:
            problems.append(Problem("", "source", str(error)))
        except RecursionError:
            problems.append(Problem("", "source", f"{target.target}: its code nests too deeply to be read"))
    sources, wrong = overridden(learned, overrides)
    if len(learned) == len(targets):
        problems.extend(Problem("", key, message) for key, message in wrong)
        problems.extend(
            Problem("", "source", message) for source in sources for message in _emptiness(source)
        )
    if problems:
        raise InputError(problems)
    return Contract(sources)


def _learn(target: Target, library: Library) -> Learned:
    located = locate(target.target, library)
    machine = Interpreter(library)
    found = candidates(machine, library, located, target.target)
    drafts = spelled_out([draft(machine, each) for each in found])
    by_name = {each.candidate.qualified: each.candidate for each in drafts}
    source = _source(target, located, machine, drafts)
    return Learned(source, tuple(by_name), lambda name: forced(machine, by_name[name]))


def _source(target: Target, located: Located, machine: Interpreter, drafts: Sequence[Draft]) -> Source:
    generators = tuple(_public_generators(drafts))
    value = target_value(machine, located)
    kind = kind_of(located, value)
    home = ".".join([located.home.name, *located.path])
    return Source(
        target=target.target,
        kind=kind,
        module=located.module,
        symbol=located.symbol,
        aliases=(home,) if home != target.target else (),
        files=tuple(dict.fromkeys([located.home.file, *(generator.file for generator in generators)])),
        paths=target.paths,
        generators=generators,
        prefixes=owned_prefixes(drafts),
        exports=tuple(_exports(machine, located.home)),
        singletons=singletons(machine, located, _classes(machine, located, target.target, drafts)),
        row=located.row,
        members=members(machine, located, target.target),
    )


def _public_generators(drafts: Sequence[Draft]) -> Iterator[Generator]:
    for each in drafts:
        if each.generator is not None and each.candidate.is_public:
            yield each.generator


def _classes(
    machine: Interpreter, located: Located, target: str, drafts: Sequence[Draft]
) -> list[tuple[Class, str]]:
    """The classes that make IDs, with the dotted names under which the target offers them."""
    for atom in target_value(machine, located):
        if isinstance(atom, Class):
            return [(atom, target)]
        if isinstance(atom, Instance):
            return []
    classes: dict[str, Class] = {}
    for each in drafts:
        owner = each.candidate.qualified.rpartition(".")[0]
        definer = each.candidate.function.definer
        if each.generator is not None and definer is not None and owner != target:
            name = owner.rpartition(".")[2]
            for atom in machine.module_name(located.home, name):
                if isinstance(atom, Class):
                    classes[owner] = atom
    return [(cls, name) for name, cls in classes.items()]


def _exports(machine: Interpreter, module: Module) -> Iterator[Export]:
    for name, bounds in module.bindings.items():
        bound = bounds[-1]
        yield Export(name, module.name, _origin(machine, module, name, bound), row_of(bound))
    for star in module.stars:
        yield Export("*", module.name, star.module, star.row)


def _origin(machine: Interpreter, module: Module, name: str, bound: Bound) -> str | None:
    if isinstance(bound, Import):
        return bound.origin
    if isinstance(bound, (ast.Name, ast.Attribute)):
        for atom in machine.module_name(module, name):
            if isinstance(atom, Reference):
                return atom.name
    return None


def _emptiness(source: Source) -> Iterator[str]:
    """A source that makes no IDs is hardly the one that was meant."""
    wraps = source.kind is SourceKind.MODULE and any(_is_raw(export) for export in source.exports)
    if source.generators or wraps:
        return
    yield (
        f"{source.target}: nothing in {source.file}:{source.row} is seen to make IDs; "
        "if something does, name it under overrides with `generator = true`"
    )


def _is_raw(export: Export) -> bool:
    """Whether a name leads to a raw generator, as it does in a module that wraps them."""
    origins = [export.origin or "", f"{export.origin}.uuid4", f"{export.origin}.token_hex"]
    made = [known_call(origin, Arguments()) for origin in origins]
    return any(value is not None and taint(value) is PartKind.RANDOM for value in made)
