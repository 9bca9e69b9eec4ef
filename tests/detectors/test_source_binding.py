"""`unbound-source`: names of the source where no import has bound them, and the imports that are moved for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from checked import Checked, check_cases
from ladder import copy_of_the_example

from ssot_lint.session import CheckRequest, Fixes, FixRequest, check, fix

RULE = "unbound-source"
IMPORT = "from app.ids import IdGenerator"
USE = "«IdGenerator».generate_base_id()"
FREE = "IdGenerator.generate_base_id()"

LOCAL = {
    "in one branch": f"def f(a):\n    if a:\n        {IMPORT}\n    return {USE}",
    "in one branch, used in another": f"def f(a):\n    if a:\n        {IMPORT}\n    else:\n        return {USE}",
    "in one branch of several": (
        f"def f(a):\n    if a == 1:\n        {IMPORT}\n    elif a == 2:\n        b()\n    return {USE}"
    ),
    "in two branches of three": (
        f"def f(a):\n    if a == 1:\n        {IMPORT}\n    elif a == 2:\n        {IMPORT}\n    return {USE}"
    ),
    "below": f"def f():\n    a = {USE}\n    {IMPORT}\n    return a",
    "in front of a loop's own": f"def f(a):\n    for b in a:\n        {USE}\n        {IMPORT}",
    "behind a return in the other branch": (
        f"def f(a, b):\n    if a:\n        if b:\n            {IMPORT}\n    else:\n        return 1\n    {USE}"
    ),
    "another condition": (
        f"def f(a, b):\n    if not a:\n        {IMPORT}\n        a = {FREE}\n    if not b:\n        b = {USE}"
    ),
    "in a match": (
        f"def f(a):\n    match a:\n        case 1:\n            {IMPORT}\n        case 2:\n            b()\n    {USE}"
    ),
    "what follows a try that may fail": (
        f"def f(a):\n    try:\n        a.connect()\n        {IMPORT}\n    except OSError:\n        print(a)\n    {USE}"
    ),
    "the handler of a try that may fail": (
        f"async def f(a):\n    try:\n        await a\n        {IMPORT}\n    except OSError:\n        {USE}"
    ),
    "the end of a try that may fail": (
        f"def f(a):\n    try:\n        a.connect()\n        {IMPORT}\n    finally:\n        {USE}"
    ),
    "a default that is not needed": f"def f(a):\n    if a:\n        {IMPORT}\n    return a.get('b', {USE})",
    "in a comprehension": f"def f(a, b):\n    if a:\n        {IMPORT}\n    return [{USE} for _ in b]",
    "in the header of a statement": f"def f(a):\n    if a:\n        {IMPORT}\n    while {USE}:\n        pass",
    "in a decorator": f"def f(a):\n    if a:\n        {IMPORT}\n    @g({USE})\n    def h(): ...",
    "under another name": (
        "def f(a):\n    if a:\n        from app.ids import IdGenerator as I\n    return «I».generate_base_id()"
    ),
    "the module": "def f(a):\n    if a:\n        from app import ids\n    return «ids».IdGenerator.make()",
    "relative": "def f(a):\n    if a:\n        from .ids import IdGenerator\n    return «IdGenerator»",
    "only the first use": f"def f(a):\n    if a:\n        {IMPORT}\n    {USE}\n    return {FREE}",
    "in a method": f"class A:\n    def f(self, a):\n        if a:\n            {IMPORT}\n        return {USE}",
    "in a function of a function": (
        f"def g():\n    def f(a):\n        if a:\n            {IMPORT}\n        return {USE}\n    return f"
    ),
    "on one line": f"def f(a):\n    if a: {IMPORT}\n    return {USE}",
}
MODULE = {
    "nowhere": f"def f():\n    return {USE}",
    "nowhere, at the top": f"x = {USE}",
    "nowhere, every use": f"def f():\n    return {USE}\ndef g():\n    return {USE}",
    "imported in another function": f"def f():\n    {IMPORT}\ndef g():\n    return {USE}",
    "imported in a class": f"class A:\n    {IMPORT}\n    def f(self):\n        return {USE}",
    "imported under another name": f"from app.ids import IdGenerator as I\nx = {USE}, I.generate_base_id()",
    "later": f"x = {USE}\n{IMPORT}",
    "later, in a class": f"class A:\n    x = {USE}\n{IMPORT}",
    "later, in a default": f"def f(x={USE}): ...\n{IMPORT}",
    "later, in a comprehension": f"x = [{USE} for _ in 'ab']\n{IMPORT}",
    "for typing": f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {IMPORT}\ndef f():\n    return {USE}",
    "for typing, by the module": (
        f"import typing as t\nif t.TYPE_CHECKING:\n    from os import path\n    {IMPORT}\nx = {USE}"
    ),
    "for typing, under another name": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.ids import IdGenerator as I\n"
        "class A(«I»): ..."
    ),
    "for typing, in a guard of its own": (
        f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {IMPORT}\n    x = {FREE}\ny = {USE}"
    ),
}
FOUND = {**{f"local: {name}": code for name, code in LOCAL.items()}, **MODULE}
SHADOWING = {
    f"module's own: {name}": f"{IMPORT}\n{code}" for name, code in LOCAL.items() if "under" not in name
}
FOUND |= SHADOWING

LEFT_ALONE = {
    "at the top": f"{IMPORT}\nx = {FREE}",
    "in the function": f"def f():\n    {IMPORT}\n    return {FREE}",
    "in all branches": f"def f(a):\n    if a:\n        {IMPORT}\n    else:\n        {IMPORT}\n    return {FREE}",
    "in a branch, used there": f"def f(a):\n    if a:\n        {IMPORT}\n        return {FREE}",
    "the other branch returns": f"def f(a):\n    if a:\n        {IMPORT}\n    else:\n        return 1\n    {FREE}",
    "the other branch raises": f"def f(a):\n    if not a:\n        raise E\n    else:\n        {IMPORT}\n    {FREE}",
    "the other branch skips": (
        f"def f(a):\n    if a:\n        {IMPORT}\n    else:\n        pytest.skip('no')\n    {FREE}"
    ),
    "the other branch ends the process": (
        f"def f(a):\n    if a:\n        {IMPORT}\n    else:\n        sys.exit(1)\n    {FREE}"
    ),
    "the same condition": f"def f(a):\n    if a:\n        {IMPORT}\n    if a:\n        {FREE}",
    "the same condition, negated": (
        f"def f(a):\n    if a:\n        {IMPORT}\n    if not a:\n        return 1\n    {FREE}"
    ),
    "the same condition before": f"def f(a):\n    if not a:\n        return\n    if a:\n        {IMPORT}\n    {FREE}",
    "part of the condition": f"def f(a):\n    if a.b:\n        {IMPORT}\n    if a and c:\n        {FREE}",
    "the same condition in an expression": f"def f(a):\n    if a:\n        {IMPORT}\n    return a and {FREE}",
    "a name for the condition": (
        f"def f(a):\n    b = a is None\n    if b:\n        {IMPORT}\n    if a is None:\n        {FREE}"
    ),
    "a flag": f"def f(a):\n    b = 0\n    if a:\n        {IMPORT}\n        b = 1\n    return {FREE} if b else 0",
    "a flag in a try": (
        f"def f(a):\n    try:\n        a.b()\n        {IMPORT}\n    except E:\n        a = None\n"
        f"    if a:\n        {FREE}"
    ),
    "endless loop": f"def f(a):\n    while True:\n        {IMPORT}\n        if a():\n            break\n    {FREE}",
    "loop": f"def f(a):\n    for b in a:\n        {IMPORT}\n    return {FREE}",
    "later round of a loop": (
        f"def f(a):\n    for i, b in enumerate(a):\n        if i:\n            {FREE}\n        {IMPORT}"
    ),
    "with": f"def f(a):\n    with a:\n        {IMPORT}\n    return {FREE}",
    "try that imports first": f"def f(a):\n    try:\n        {IMPORT}\n        a()\n    except E:\n        {FREE}",
    "try with a harmless start": (
        f"def f(a):\n    try:\n        logger.info(a)\n        {IMPORT}\n    except E:\n        {FREE}"
    ),
    "try that expects it to be missing": (
        f"def f():\n    try:\n        {IMPORT}\n    except ImportError:\n        pass\n    {FREE}"
    ),
    "fallback": (
        f"def f():\n    try:\n        {IMPORT}\n    except ImportError:\n        IdGenerator = None\n    {FREE}"
    ),
    "match with a default": (
        f"def f(a):\n    match a:\n        case 1:\n            {IMPORT}\n        case _:\n            {IMPORT}\n"
        f"    {FREE}"
    ),
    "function inside": f"def f(a):\n    def g():\n        return {FREE}\n    {IMPORT}\n    return g",
    "lambda": f"def f(a):\n    g = lambda: {FREE}\n    {IMPORT}\n    return g()",
    "generator expression": f"def f(a):\n    g = ({FREE} for _ in a)\n    {IMPORT}\n    return list(g)",
    "global": f"def f(a):\n    global IdGenerator\n    if a:\n        {IMPORT}\n    {FREE}",
    "nonlocal": (
        f"def f(a):\n    IdGenerator = None\n    def g():\n        nonlocal IdGenerator\n        {IMPORT}\n    g()\n"
        f"    {FREE}"
    ),
    "parameter": f"def f(IdGenerator):\n    if IdGenerator:\n        {IMPORT}\n    {FREE}",
    "deleted": f"def f(a):\n    if a:\n        {IMPORT}\n        del IdGenerator\n    {FREE}",
    "conditional import of the module": f"if a:\n    {IMPORT}\nx = {FREE}",
    "the module's try": f"try:\n    {IMPORT}\nexcept ImportError:\n    pass\nx = {FREE}",
    "later, in a function": f"def f():\n    return {FREE}\n{IMPORT}",
    "later round of the module's loop": f"for a in b:\n    if c:\n        x = {FREE}\n    {IMPORT}",
    "star": f"from app.ids import *\nx = {FREE}",
    "any star": f"from somewhere import *\nx = {FREE}",
    "assigned": f"IdGenerator = make()\nx = {FREE}",
    "class": f"class IdGenerator: ...\nx = {FREE}",
    "class attribute": f"class A:\n    IdGenerator = make()\n    x = {FREE}",
    "put there": f"globals()['IdGenerator'] = 1\nx = {FREE}",
    "expected": f"try:\n    x = {FREE}\nexcept NameError:\n    x = None",
    "typing and at run time": (
        f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {IMPORT}\nelse:\n    IdGenerator = None\nx = {FREE}"
    ),
    "not for typing": f"from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    {IMPORT}\nx = {FREE}",
    "annotations": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.ids import IdGenerator\n"
        "x: IdGenerator\ndef f(a: IdGenerator) -> IdGenerator: ..."
    ),
    "string": "x = 'IdGenerator'",
    "another name": "x = Generator.generate_base_id()",
    "attribute": "x = other.IdGenerator.generate_base_id()",
    "keyword": "x = f(IdGenerator=1)",
}
CASES = {name: f"{code}\n" for name, code in {**FOUND, **LEFT_ALONE}.items()}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check_cases(tmp_path_factory.mktemp("bindings"), RULE, CASES)


@pytest.mark.parametrize("case", FOUND)
def test_found(checked: Checked, case: str) -> None:
    assert checked.marks[case]
    assert checked.spans(case) == checked.marks[case]
    assert checked.problems(case) == []


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_left_alone(checked: Checked, case: str) -> None:
    assert checked.spans(case) == []
    assert checked.problems(case) == []


FIXES = {
    "the module has it too": (
        """\
from app.ids import IdGenerator


def f(a=None, b=None):
    if a:
        from app.ids import IdGenerator

        a = IdGenerator.generate_base_id("a")
    return b or IdGenerator.generate_base_id("b")


f()
""",
        """\
from app.ids import IdGenerator


def f(a=None, b=None):
    if a:
        a = IdGenerator.generate_base_id("a")
    return b or IdGenerator.generate_base_id("b")


f()
""",
    ),
    "the function alone has it": (
        """\
def f(a=None):
    "What it does."
    # how
    if a:
        x = 1
        from app.ids import IdGenerator as Ids
    else:
        from app.ids import IdGenerator as Other
    return Ids.generate_base_id("b")


f()
""",
        """\
def f(a=None):
    "What it does."
    # how
    from app.ids import IdGenerator as Ids
    if a:
        x = 1
    else:
        from app.ids import IdGenerator as Other
    return Ids.generate_base_id("b")


f()
""",
    ),
    "nothing else is in the branch": (
        "def f(a=None):\n    if a:\n        from app.ids import IdGenerator\n"
        "    return IdGenerator.generate_base_id('b')\n\n\nf()\n",
        "def f(a=None):\n    from app.ids import IdGenerator\n    if a:\n        pass\n"
        "    return IdGenerator.generate_base_id('b')\n\n\nf()\n",
    ),
    "several branches": (
        "def f(a=1):\n    if a == 2:\n        from app.ids import IdGenerator\n        b = 2\n    elif a == 3:\n"
        "        b = 3\n        from app.ids import IdGenerator\n"
        "    return IdGenerator.generate_base_id('b')\n\n\nf()\n",
        "def f(a=1):\n    from app.ids import IdGenerator\n    if a == 2:\n        b = 2\n    elif a == 3:\n"
        "        b = 3\n    return IdGenerator.generate_base_id('b')\n\n\nf()\n",
    ),
    "nowhere": (
        "import os\n\n\ndef f():\n    return os.sep + IdGenerator.generate_base_id()\n\n\nf()\n",
        "import os\n\nfrom app.ids import IdGenerator\n\n\n"
        "def f():\n    return os.sep + IdGenerator.generate_base_id()\n\n\nf()\n",
    ),
}


def project(root: Path, text: str) -> Path:
    copy_of_the_example(root)
    (root / "user.py").write_text(text)
    return root


def run(root: Path, text: str) -> Fixes:
    check = CheckRequest(("user.py",), project(root, text), select=(RULE,), jobs=1, with_cache=False)
    return fix(FixRequest(check, unsafe=True))


def outcome(root: Path) -> tuple[int, str]:
    """How the module ends when it runs, and the name of the exception if it does with one."""
    ran = subprocess.run([sys.executable, "user.py"], cwd=root, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr.strip().rpartition("\n")[2].partition(":")[0]


@pytest.mark.parametrize("case", FIXES)
def test_fixed_code_runs(tmp_path: Path, case: str) -> None:
    before, after = FIXES[case]
    (repair,) = run(tmp_path, before).repairs
    assert repair.after is not None
    assert repair.after.decode() == after
    code, error = outcome(tmp_path)
    assert (code, error in ("NameError", "UnboundLocalError")) == (1, True)
    (tmp_path / "user.py").write_text(after)
    assert outcome(tmp_path) == (0, "")
    assert run(tmp_path, after).found == ()


REASONS = {
    "other names": (
        "def f(a):\n    if a:\n        from app.ids import IdGenerator, time\n    return IdGenerator\n",
        "the import brings other names along",
    ),
    "shared line": (
        "def f(a):\n    if a:\n        from app.ids import IdGenerator; b = 1\n    return IdGenerator\n",
        "the import shares its line with another statement",
    ),
    "in a try": (
        "def f(a):\n    try:\n        a.b()\n        from app.ids import IdGenerator\n"
        "    except OSError:\n        return IdGenerator\n",
        "the import stands in a `try`",
    ),
    "different things": (
        "def f(a):\n    if a == 1:\n        from app.ids import IdGenerator\n    elif a == 2:\n"
        "        from other import IdGenerator\n    return IdGenerator\n",
        "the function imports different things under that name",
    ),
    "bound otherwise": (
        "def f(a):\n    if a == 1:\n        from app.ids import IdGenerator\n    elif a == 2:\n"
        "        IdGenerator = None\n    return IdGenerator\n",
        "`IdGenerator` is not only bound by imports",
    ),
    "later in the module": (
        "x = IdGenerator.generate_base_id()\nfrom app.ids import IdGenerator\n",
        "the import may have to stand behind other code",
    ),
}


@pytest.mark.parametrize("case", REASONS)
def test_what_is_in_doubt_is_left_with_its_reason(tmp_path: Path, case: str) -> None:
    text, reason = REASONS[case]
    fixes = run(tmp_path, text)
    assert [finding.reason for finding in fixes.found] == [reason]
    assert fixes.repairs == ()


def test_imports_for_type_checkers_become_imports(tmp_path: Path) -> None:
    text = (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import os\n\n"
        "    from app.ids import IdGenerator\n\nx = IdGenerator.generate_base_id()\n"
    )
    (repair,) = run(tmp_path, text).repairs
    assert repair.after is not None
    after = repair.after.decode()
    assert after.index("\nfrom app.ids import IdGenerator\n") < after.index("\nif TYPE_CHECKING:\n")
    assert after.count("IdGenerator\n") == 1


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            "local: in one branch",
            "`IdGenerator` may be unbound here: the import on row 3, which makes the name a local one, "
            "is not on every way that leads here",
        ),
        (
            "local: below",
            "`IdGenerator` is unbound here: the import on row 3, which makes the name a local one, comes later",
        ),
        ("nowhere", "`IdGenerator` is unbound: nothing in this module imports it"),
        ("later", "`IdGenerator` is unbound here: the module imports it later, on row 2"),
        (
            "for typing",
            "`IdGenerator` is unbound when this runs: row 3 imports it for type checkers only",
        ),
    ],
)
def test_messages_say_where_the_import_is(checked: Checked, case: str, message: str) -> None:
    assert [finding.message for finding in checked.findings(case)] == [message]


@pytest.mark.parametrize(
    ("source", "code", "names"),
    [
        pytest.param("app.ids", "x = new_id(), Ids.make(), other()\n", ["new_id", "Ids"], id="module"),
        pytest.param("app.ids.new_id", "x = new_id(), Ids.make()\n", ["new_id"], id="function"),
        pytest.param("app.ids.Ids", "x = new_id(), Ids.make(), ids.make()\n", ["Ids", "ids"], id="class"),
        pytest.param(
            "app.ids",
            "def f(a):\n    if a:\n        from app import ids\n    return ids.new_id()\n",
            ["ids"],
            id="local module",
        ),
    ],
)
def test_the_names_are_those_of_the_source(tmp_path: Path, source: str, code: str, names: list[str]) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").touch()
    (tmp_path / "app/ids.py").write_text(
        "import uuid\n\n\ndef new_id():\n    return f'a_{uuid.uuid4()}'\n\n\n"
        "class Ids:\n    def make(self):\n        return new_id()\n\n\nids = Ids()\n"
    )
    (tmp_path / "user.py").write_text(code)
    (tmp_path / "ssot-lint.toml").write_text(f'source = "{source}"\n')
    report = check(CheckRequest(("user.py",), tmp_path, select=(RULE,), jobs=1, with_cache=False))
    assert not report.failures
    assert [finding.message.split("`")[1] for finding in report.findings] == names


def test_stubs_bind_nothing(tmp_path: Path) -> None:
    project(tmp_path, "")
    (tmp_path / "user.pyi").write_text("x: int = IdGenerator.generate_base_id()\n")
    report = check(CheckRequest(("user.pyi",), tmp_path, select=(RULE,), jobs=1, with_cache=False))
    assert (report.checked, report.findings) == (1, ())
