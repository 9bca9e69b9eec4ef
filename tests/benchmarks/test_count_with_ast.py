"""The independent count: every spelling it must see, every look-alike it must leave, the rule's examples."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest
from compare_counts import Linted, Place, differences
from count_with_ast import Count, Site, count, main
from oracle.tree import EXCLUDED, Tree, files

from ssot_lint.pages import Example, read_page
from ssot_lint.settings.options import DEFAULT_EXCLUDE

CHECKOUT = Path(__file__).parent.parent.parent
PAGE = read_page(CHECKOUT / "rules/direct-uuid.md")

RAW = {
    "attribute": "import uuid\nuuid.uuid4()  # <1",
    "renamed module": "import uuid as u\nx = u.uuid4()  # <5",
    "from import": "from uuid import uuid4\nx = uuid4()  # <5",
    "renamed name": "from uuid import uuid4 as new\nx = new()  # <5",
    "star import": "from uuid import *\nx = uuid4()  # <5",
    "import in a function": "def f():\n    import uuid\n    return uuid.uuid4()  # <12",
    "alias, where it is made": "import uuid\nnew = uuid.uuid4  # <7\nx = new()",
    "alias of the module": "import uuid\nu = uuid\nx = u.uuid4()  # <5",
    "default factory": "from uuid import uuid4\nfield(default_factory=uuid4)  # <23",
    "partial": "import uuid, functools\nx = functools.partial(uuid.uuid4)  # <23",
    "__import__": 'x = __import__("uuid").uuid4()  # <5',
    "import_module": 'import importlib\nx = importlib.import_module("uuid").uuid4()  # <5',
    "import_module by name": 'from importlib import import_module\nx = import_module("uuid").uuid4()  # <5',
    "getattr": 'import uuid\nx = getattr(uuid, "uuid4")()  # <5',
    "walrus": "import uuid\nif (x := uuid.uuid4()):  # <10\n    pass",
    "column in code points": "import uuid\nx = 'ä', uuid.uuid4()  # <10",
    "either branch": "try:\n    import uuid\nexcept ImportError:\n    uuid = None\nuuid.uuid4()  # <1",
    "branch that returns": """
        import uuid
        def f(mock):
            if mock:
                uuid = mock
                return uuid.uuid4()
            import uuid
            return uuid.uuid4()  # <12
        """,
    "class scope is not seen by methods": """
        import uuid
        class C:
            uuid = None
            def f(self):
                return uuid.uuid4()  # <16
        """,
    "global made elsewhere": """
        def load():
            global uuid
            import uuid
        def f():
            return uuid.uuid4()  # <12
        """,
    "nonlocal made elsewhere": """
        def f():
            new = None
            def load():
                nonlocal new
                from uuid import uuid4 as new
            def g():
                return new()  # <16
        """,
    "bound at the end of a loop": """
        def f(items):
            make = None
            for item in items:
                if make:
                    make.uuid4()  # <13
                import uuid as make
        """,
    "name bound later in the module": "def f():\n    return uuid.uuid4()  # <12\nimport uuid",
    "unbound otherwise": "try:\n    from uuid import uuid7\nexcept ImportError:\n    pass\nuuid7()  # <1",
    "comprehension": "import uuid\nx = [uuid.uuid4() for _ in range(3)]  # <6",
    "lambda": "import uuid\nx = lambda: uuid.uuid4()  # <13",
    "decorator": "import uuid\n@register(uuid.uuid4)  # <11\ndef f(): ...",
    "default of a parameter": "import uuid\ndef f(x=uuid.uuid4()): ...  # <9",
    "match": "import uuid\nmatch x:\n    case {'id': None}:\n        uuid.uuid4()  # <9",
    "finally": "import uuid\ntry:\n    f()\nfinally:\n    uuid.uuid4()  # <5",
}

OTHER = {
    "parameter": "import uuid\ndef f(uuid):\n    return uuid.uuid4()",
    "variable": "import uuid\nuuid = Clock()\nuuid.uuid4()",
    "local variable": "import uuid\ndef f():\n    uuid = Clock()\n    return uuid.uuid4()",
    "assigned later in the function": "import uuid\ndef f():\n    uuid.uuid4()\n    uuid = Clock()",
    "comprehension variable": "import uuid\nx = [uuid.uuid4() for uuid in clocks]",
    "rebound at the end of the module": "import uuid\ndef f():\n    uuid.uuid4()\nuuid = Clock()",
    "deleted": "import uuid\ndel uuid\nuuid.uuid4()",
    "function of the same name": "def uuid4(): ...\nuuid4()",
    "other attribute": "self.uuid.uuid4()",
    "derived": "import uuid\nuuid.uuid5(uuid.NAMESPACE_URL, 'x')",
    "import alone": "from uuid import uuid4",
    "annotation": "import uuid\nx: uuid.uuid4\ndef f(x: uuid.uuid4) -> uuid.uuid4: ...",
    "string": "import uuid\nx = 'uuid.uuid4()'  # uuid.uuid4()",
    "assignment to it": "import uuid\nuuid.uuid4 = fake",
    "with target": "import uuid\nwith patch() as uuid:\n    uuid.uuid4()",
    "exception name": "import uuid\ntry:\n    f()\nexcept E as uuid:\n    uuid.uuid4()",
    "capture": "import uuid\nmatch x:\n    case [uuid]:\n        uuid.uuid4()",
    "shadowed builtin": 'def f(__import__):\n    return __import__("uuid").uuid4()',
    "other module": "from shortuuid import uuid4\nuuid4()",
}


def project(root: Path, texts: dict[str, str]) -> Tree:
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Tree(root, sorted(path for path in texts if path.endswith(".py")))


@pytest.mark.parametrize("text", RAW.values(), ids=RAW)
def test_raw(tmp_path: Path, text: str) -> None:
    text = textwrap.dedent(text)
    marked = [
        (row, int(column))
        for row, line in enumerate(text.split("\n"), 1)
        for column in line.partition("# <")[2].split()
    ]
    found = count(project(tmp_path, {"a.py": text})).sites
    assert [(site.row, site.column) for site in found] == marked != []


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_other(tmp_path: Path, text: str) -> None:
    assert count(project(tmp_path, {"a.py": text})).sites == ()


@pytest.mark.parametrize(
    ("export", "use", "is_raw"),
    [
        pytest.param("from uuid import uuid4", "from app.compat import uuid4\nuuid4()", True, id="name"),
        pytest.param(
            "from uuid import uuid4", "from .compat import uuid4 as new\nnew()", True, id="relative"
        ),
        pytest.param("from uuid import uuid4", "from app.compat import *\nuuid4()", True, id="star"),
        pytest.param("import uuid", "from app.compat import uuid\nuuid.uuid4()", True, id="module"),
        pytest.param("import uuid", "import app.compat\napp.compat.uuid.uuid4()", True, id="dotted"),
        pytest.param(
            "from uuid import uuid4", "from app import compat\ncompat.uuid4()", True, id="attribute"
        ),
        pytest.param(
            "from uuid import uuid4 as new", "from app.compat import new\nnew()", False, id="renamed"
        ),
        pytest.param("def uuid4(): ...", "from app.compat import uuid4\nuuid4()", False, id="own function"),
        pytest.param(
            "__all__ = []\nfrom uuid import uuid4", "from .compat import *\nuuid4()", False, id="unlisted"
        ),
        pytest.param(
            "from .far import uuid4", "from app.compat import uuid4\nuuid4()", False, id="second step"
        ),
    ],
)
def test_re_export(tmp_path: Path, export: str, use: str, *, is_raw: bool) -> None:
    tree = project(
        tmp_path, {"app/compat.py": export, "app/far.py": "from uuid import uuid4", "app/use.py": use}
    )
    assert [site.path for site in count(tree).sites] == ["app/use.py"] * is_raw


def test_source_of_truth_is_left_out(tmp_path: Path) -> None:
    texts = {"ids.py": "from uuid import uuid4\nuuid4()", "use.py": "from ids import uuid4\nuuid4()"}
    tree = project(tmp_path, texts)
    assert count(Tree(tree.root, tree.paths, opaque=frozenset({"ids"}))).sites == ()


def test_unparsable_file_is_named(tmp_path: Path) -> None:
    tree = project(tmp_path, {"a.py": "import uuid\ndef", "b.py": "def"})
    assert list(count(tree).unparsable) == ["a.py"]


def test_files_that_git_ignores_are_left_out(tmp_path: Path) -> None:
    project(
        tmp_path,
        {".gitignore": "/made\n", "made/a.py": "", "backups/b.py": "", "c.py": "", "d.pyi": "", "e.txt": ""},
    )
    assert files(tmp_path) == ["c.py", "d.pyi"]


def test_both_leave_out_the_same_folders() -> None:
    assert {f"{name}/" for name in EXCLUDED} == set(DEFAULT_EXCLUDE)


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{example.section}-{example.number}".replace(" ", "-"))
        for example in PAGE.examples
        if example.section != "Prefer"
    ],
)
def test_agrees_with_the_rule_page(tmp_path: Path, example: Example) -> None:
    tree = project(tmp_path, {file.path: file.text for file in example.files})
    tree = Tree(tree.root, tree.paths, opaque=frozenset({"app.unique"}))
    found = sorted((site.path, site.row) for site in count(tree).sites)
    assert found == sorted((file.path, mark.row) for file in example.files for mark in file.marks)


def test_differences_are_named_one_by_one() -> None:
    counted = Count(
        2, (Site("a.py", 1, 1, "uuid.uuid4", True), Site("a.py", 2, 1, "uuid.uuid4", True)), {"b.py": "no"}
    )
    linted = Linted([Place("a.py", 1, 1), Place("a.py", 1, 1), Place("a.py", 3, 1)], {"c.py"})
    assert differences(counted, linted) == [
        "only counted: a.py:2:1",
        "only found by ssot-lint: a.py:3:1",
        "found twice by ssot-lint: a.py:1:1",
        "not parsed by ast alone: b.py",
        "not checked by ssot-lint alone: c.py",
    ]


def test_old_python_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11))
    with pytest.raises(SystemExit, match="2"):
        main(["."])
    assert capsys.readouterr().err.endswith("needs Python 3.12 or newer\n")
