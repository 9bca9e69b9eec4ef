"""The ladder may drop only what cannot be a finding: what a climb finds is what whole modules hold."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ladder import (
    PROJECT,
    Ladder,
    copy_of_the_example,
    file_input,
    module_input,
    project_ladder,
    rule_plan,
)
from programs import SETS, modules

from ssot_lint.catalogue import load_rules
from ssot_lint.engine.plan import FileInput, Plan
from ssot_lint.pages import Example, read_page
from ssot_lint.rule_pages import rules_directory
from ssot_lint.source.contract import (
    Binding,
    Contract,
    Generator,
    Parameter,
    ParameterKind,
    Prefix,
    Returns,
    Source,
    SourceKind,
    ValueType,
)
from ssot_lint.syntax.decode import DecodeError, decode

TREE = os.environ.get("SSOT_LINT_TREE")

EXAMPLES = [
    pytest.param(example, id=f"{rule.name}: {example.section} {example.number}")
    for rule in load_rules([rules_directory()]).values()
    for example in read_page(rule.file).examples
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_rule_pages(example: Example, tmp_path: Path) -> None:
    copy_of_the_example(tmp_path)
    for file in example.files:
        path = tmp_path / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, "utf-8", newline="\n")
    assert _differences(project_ladder(tmp_path), _inputs(tmp_path, [tmp_path])) == []


PROPERTY = settings(
    max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
SHORT = project_ladder(PROJECT)
SHORT_WITH_FIXES = project_ladder(PROJECT, with_fixes=True)


@PROPERTY
@given(modules())
def test_generated_modules(text: str) -> None:
    assert SHORT.differences(module_input(text)) == []


@settings(PROPERTY, max_examples=40)
@given(modules())
def test_generated_modules_with_fixes(text: str) -> None:
    assert SHORT_WITH_FIXES.differences(module_input(text)) == []


@pytest.mark.slow
@settings(PROPERTY, max_examples=600)
@given(modules())
def test_many_generated_modules(text: str) -> None:
    assert SHORT.differences(module_input(text)) == []


PIECES = {
    "values": ("a = A(run_id=str(uuid.uuid4()), thread_id=f'{uuid.uuid4()}')", 1),
    "behind a comma": ("a = A(run_id=f(x, y), thread_id=z, name=str(uuid.uuid4()))", 0),
    "commas in brackets": ("a = A(run_id=','.join([x, str(uuid.uuid4())]), thread_id=str(uuid.uuid4()))", 1),
    "commas in fields": ("a = A(run_id=f'{x[0, 1]}_{uuid.uuid4()}', thread_id=str(uuid.uuid4()))", 1),
    "names by way of others": ("a = uuid.uuid4()\nb = a.hex\nthread_id, run_id = f't_{b}', f'r_{b}'", 1),
    "names in brackets": ("(a) = str(uuid.uuid4())\nthread_id = f't_{a}'\nrun_id = f'r_{a}'", 1),
    "names by annotation": ("a: str = str(uuid.uuid4())\nthread_id = f't_{a}'\nrun_id = f'r_{a}'", 1),
    "names on the way": ("if (a := str(uuid.uuid4())):\n    run_id = f'r_{a}'\n    thread_id = f't_{a}'", 1),
    "several targets": ("b = a = str(uuid.uuid4())\nthread_id = f't_{a}'\nrun_id = f'r_{b}'", 1),
    "targets in brackets": ("(thread_id, run_id) = str(uuid.uuid4()), str(uuid.uuid4())", 1),
    "keys": ("a = {'run_id': str(uuid.uuid4()), r\"thread_id\": x or str(uuid.uuid4())}", 1),
    "items": ("x['run_id'] = str(uuid.uuid4())\nx['thread_id'] = str(uuid.uuid4())", 1),
    "names in a text": ("a = f'run_id={uuid.uuid4()} thread_id={uuid.uuid4()}'", 0),
    "attributes": ("x.run_id = str(uuid.uuid4())\nx.thread_id = str(uuid.uuid4())", 1),
    "nothing fresh": ("a = uuid.uuid4()\nrun_id = f'r_{x}'\nthread_id = f't_{a}'", 0),
}


@pytest.mark.parametrize(("body", "count"), [pytest.param(*each, id=name) for name, each in PIECES.items()])
def test_ids_that_are_made_together(body: str, count: int) -> None:
    rows = "".join(f"    {row}\n" for row in body.split("\n"))
    file = module_input(f"import uuid\n\n\ndef make(x, y, z):\n{rows}")
    assert SHORT.differences(file) == []
    found = [finding.rule for finding in SHORT.climbed(file).findings]
    assert found.count("piecewise-context-ids") == count


TOP = "from app.ids import Ids\n"
USE = "def f(name):\n    first = Ids.ids(name)\n    return first or Ids.ids(name)\n"
IMPORTED = {
    "above": (TOP + USE, 0),
    "above, in brackets": ("from app.ids import (\n    ids,\n    Ids,\n)\n" + USE, 0),
    "below": ("class A(Ids.ids): ...\n" + TOP + USE, 1),
    "below, in a function only": (USE + TOP, 0),
    "in a block": (f"try:\n    {TOP}except ImportError:\n    Ids = None\n{USE}", 0),
    "for type checkers": (f"if TYPE_CHECKING:\n    {TOP}{USE}", 2),
    "by another name": ("from app.ids import Ids as i\n" + USE, 2),
    "in a comment": ("from app.ids import ids  # Ids\n" + USE, 2),
    "something else": ("from app.ids import ids\n" + USE, 2),
    "once more behind a use": (TOP + USE.replace("return", TOP + "    return"), 1),
    "and deleted": (TOP + USE + "    del Ids\n", 0),
    "and a parameter": (TOP + USE.replace("name", "Ids"), 0),
    "nowhere": (USE, 2),
}


@pytest.mark.parametrize(("text", "count"), [pytest.param(*each, id=name) for name, each in IMPORTED.items()])
def test_names_that_are_imported(text: str, count: int) -> None:
    file = module_input(text)
    assert SHORT.differences(file) == []
    found = [finding.rule for finding in SHORT.climbed(file).findings]
    assert found.count("unbound-source") == count


@PROPERTY
@given(modules())
def test_generated_modules_behind_an_import(text: str) -> None:
    assert SHORT.differences(module_input(TOP + text)) == []


INJECTED = st.sampled_from(
    [
        "import uuid",
        "from uuid import uuid4 as new",
        "uuid.uuid4()",
        "x = new() or getattr(uuid, 'uuid4')",
        "a = f'thread_{uuid.uuid4()}'",
        "from app.ids import Ids",
        *(f"{target} = {item}" for target, item in zip(("a", "_, b, _", "c, _, _"), SETS, strict=False)),
    ]
)


@pytest.mark.slow
@settings(PROPERTY, max_examples=100)
@given(hypothesmith.from_node(), st.lists(INJECTED, min_size=1, max_size=6), st.data())
def test_modules_of_the_grammar_with_more_statements_in_them(
    text: str, statements: list[str], data: st.DataObject
) -> None:
    rows = decode(text.encode()).split("\n")
    for statement in statements:
        at = data.draw(st.integers(0, len(rows) - 1))
        indentation = rows[at][: len(rows[at]) - len(rows[at].lstrip())]
        rows.insert(at, indentation + statement)
    assert SHORT.differences(module_input("\n".join(rows))) == []


def _function(name: str) -> Source:
    """A function of the standard library, as if it made three IDs."""
    module, _, symbol = name.rpartition(".")
    parameters = tuple(
        Parameter(each, ParameterKind.POSITIONAL_OR_KEYWORD, default, None, False, 1)
        for each, default in (("a", None), ("b", "None"))
    )
    generator = Generator(
        name=symbol,
        qualified=name,
        parameters=parameters,
        roles=("one", "two", "three"),
        returns=Returns.TUPLE,
        value_type=ValueType.STRING,
        may_return_none=False,
        prefix_parameter=None,
        is_async=False,
        binding=Binding.FUNCTION,
        formats=(),
        default_formats=(),
        file="source.py",
        row=1,
    )
    prefixes = tuple(
        Prefix(text, separator, None, symbol, "source.py", 1)
        for text, separator in (("test", "_"), ("get", "_"), ("_", ""), ("lib", ""), ("-", ""), ("/", ""))
    )
    return Source(
        name, SourceKind.FUNCTION, module, symbol, (), ("source.py",), (), (generator,), prefixes, (), (), 1
    )


def _everyday_ladder() -> Ladder:
    """Rules of the same kinds about what every program does, so that there is something to find in most."""
    functions = ("os.path.splitext", "os.path.split", "os.path.dirname", "struct.unpack", "textwrap.dedent")
    contract = Contract(tuple(map(_function, functions)))
    calls = (
        "collections.namedtuple",
        "dataclasses.field",
        "functools.partial",
        "functools.wraps",
        "io.StringIO",
        "itertools.chain",
        "os.environ.get",
        "os.path.join",
        "re.compile",
        "sys.exit",
        "threading.Lock",
        "time.time",
        "typing.cast",
        "uuid.uuid4",
        "warnings.warn",
    )
    rules = (
        rule_plan("calls", "forbidden-call", contract, calls=calls),
        rule_plan("sets", "repeated-generation", contract),
        rule_plan("prefixes", "literal-prefix", contract),
        rule_plan("keys", "literal-prefix", contract, derived=True),
    )
    return Ladder(Plan(rules, contract))


LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
INSTALLED = sorted(Path(sysconfig.get_path("purelib")).rglob("*.py"))


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([*LIBRARY[::200], *INSTALLED[::200]], id="some"),
        pytest.param(LIBRARY[7::100], id="more", marks=pytest.mark.slow),
    ],
)
def test_the_standard_library_and_what_is_installed(files: list[Path]) -> None:
    inputs = [file_input(file, ()) for file in files if file.stat().st_size < 200_000]
    everyday = _everyday_ladder()
    assert _differences(everyday, inputs) == []
    assert sum(len(everyday.climbed(file).findings) for file in inputs) > len(files) / 4


def test_what_is_installed_and_makes_ids() -> None:
    inputs = [file for file in (file_input(path, ()) for path in INSTALLED) if b"uuid4" in file.content]
    assert _differences(SHORT, inputs[:40]) == []


@pytest.mark.slow
@pytest.mark.skipif(TREE is None, reason="SSOT_LINT_TREE names no project")
def test_the_project_that_the_environment_names() -> None:
    root = Path(TREE or "")
    ladder = project_ladder(root)
    literals = [literal.encode() for rule in ladder.plan.rules for literal in rule.interest.literals]
    inputs = (file for file in _inputs(root, [root]) if any(literal in file.content for literal in literals))
    assert _differences(ladder, inputs) == []


def _inputs(root: Path, roots: list[Path]) -> Iterator[FileInput]:
    return (
        replace(file_input(path, roots), path=path.relative_to(root).as_posix())
        for path in sorted(root.rglob("*.py"))
    )


def _differences(ladder: Ladder, files: Iterator[FileInput] | list[FileInput]) -> list[str]:
    return [line for file in files if _is_text(file) for line in ladder.differences(file)]


def _is_text(file: FileInput) -> bool:
    try:
        decode(file.content)
    except DecodeError:
        return False
    return True
