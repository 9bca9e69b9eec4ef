from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from ssot_lint.discovery import discover
from ssot_lint.importers import Importers, Site, importers_of
from ssot_lint.model import FailureKind
from ssot_lint.settings import SettingsIndex

TARGET = "app.db.session"


def search(root: Path, files: dict[str, str], dotted: str = TARGET, transitive: bool = False) -> Importers:
    """Who imports the name in a project of these files and the module `app.db.session`."""
    packages = {"app/__init__.py": "", "app/db/__init__.py": "", "app/db/session.py": "class Session: ...\n"}
    for path, text in {**packages, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), "utf-8")
    found = discover([root], SettingsIndex(root), root)
    return importers_of(dotted, found.files, root, transitive=transitive)


def places(importers: Importers) -> dict[str, list[int]]:
    return {file.path: [site.row for site in file.sites] for file in importers.direct}


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import app.db.session", id="plain"),
        pytest.param("import os, app.db.session as s", id="renamed"),
        pytest.param("from app.db import session", id="module from its package"),
        pytest.param("from app.db.session import Session", id="name"),
        pytest.param("from app.db.session import Session as S, other", id="renamed name"),
        pytest.param("from app.db.session import *", id="star"),
        pytest.param("from app.db.session import (\n    Session,\n)", id="several lines"),
        pytest.param("from app.db \\\n    import session", id="joined lines"),
        pytest.param("x = 1; import app.db.session", id="behind another statement"),
        pytest.param("if True: import app.db.session", id="in a one-line suite"),
        pytest.param("from .db.session import Session", id="relative"),
        pytest.param("from .db import session", id="relative module"),
        pytest.param("import importlib\nimportlib.import_module('app.db.session')", id="import_module"),
        pytest.param("import importlib\nimportlib.import_module(\n  'app.db.session')", id="call over lines"),
        pytest.param("import_module('app.db.session')", id="bare import_module"),
        pytest.param("import_module('.db.session', package=__package__)", id="relative import_module"),
        pytest.param("__import__('app.db.session')", id="__import__"),
        pytest.param("from app.db.session import Session  # type: ignore[attr]", id="comment behind it"),
    ],
)  # fmt: skip
def test_every_spelling_is_an_import(tmp_path: Path, statement: str) -> None:
    assert list(places(search(tmp_path, {"app/user.py": f"{statement}\n"}))) == ["app/user.py"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from app.db import other_session\n", id="another name"),
        pytest.param("from app.db.session_pool import Session\n", id="a module with a longer name"),
        pytest.param("import db.session\n", id="the same name elsewhere"),
        pytest.param("# from app.db.session import Session\n", id="comment"),
        pytest.param('"""\nfrom app.db.session import Session\n"""\n', id="docstring"),
        pytest.param('TEMPLATE = f"import app.db.session {1}"\n', id="f-string"),
        pytest.param("from ..db.session import Session\n", id="relative beyond the top package"),
        pytest.param("import_module(name)\nsession = 1\n", id="a name that is not written out"),
        pytest.param("reimport = session\n", id="a word that ends in import"),
    ],
)
def test_what_only_looks_like_an_import_is_none(tmp_path: Path, text: str) -> None:
    assert places(search(tmp_path, {"app/user.py": text})) == {}


def test_each_import_says_where_it_stands(tmp_path: Path) -> None:
    text = """\
    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from app.db.session import Session
    else:
        from app.db import session

    try:
        import app.db.session
    except ImportError:
        session = None


    class Store:
        from app.db.session import Session as In

        async def save(self):
            try:
                from app.db.session import Session
            finally:
                pass
            def inner(): import app.db.session


    if not TYPE_CHECKING: import app.db.session
    """
    (file,) = search(tmp_path, {"app/user.py": text}).direct
    assert file.sites == (
        Site(4, "from app.db.session import Session", for_typing=True),
        Site(6, "from app.db import session"),
        Site(9, "import app.db.session", is_guarded=True),
        Site(15, "from app.db.session import Session as In"),
        Site(19, "from app.db.session import Session", is_local=True, is_guarded=True),
        Site(22, "import app.db.session", is_local=True),
        Site(25, "import app.db.session"),
    )


@pytest.mark.parametrize(
    "clause", ["else", "elif x", "except ValueError", "finally", "try", "for i in x", "with x"]
)
def test_an_import_on_the_line_of_a_clause_is_one(tmp_path: Path, clause: str) -> None:
    heads = {"e": "if x: pass\n", "ex": "try: pass\n", "fi": "try: pass\n"}
    head = heads.get(clause[:2]) or heads["e"] * clause.startswith("el")
    tail = "finally: pass\n" if clause == "try" else ""
    text = f"{head}{clause}: import app.db.session\n{tail}"
    compile(text, "user.py", "exec")
    assert places(search(tmp_path, {"app/user.py": text})) == {"app/user.py": [2 if head else 1]}


def test_an_import_on_the_line_of_a_case_is_one(tmp_path: Path) -> None:
    text = "match x:\n    case 1: import app.db.session\n"
    assert places(search(tmp_path, {"app/user.py": text})) == {"app/user.py": [2]}


def test_a_package_is_imported_by_relative_imports_that_do_not_name_it(tmp_path: Path) -> None:
    files = {"app/db/pool.py": "from . import engine\n", "app/db/sub/deep.py": "from .. import engine\n"}
    assert list(places(search(tmp_path, files, "app.db"))) == ["app/db/pool.py", "app/db/sub/deep.py"]


def test_an_import_from_inside_a_package_is_none_of_the_package(tmp_path: Path) -> None:
    assert places(search(tmp_path, {"user.py": "from app.db.session import Session\n"}, "app.db")) == {}


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        pytest.param("from app.db.session import Session\n", True, id="the name"),
        pytest.param("from app.db.session import other\n", False, id="another name"),
        pytest.param("from app.db.session import *\n", True, id="all names"),
        pytest.param("import app.db.session as s\ns.Session()\n", True, id="through the module"),
        pytest.param(
            "from app.db import session\nsession.other()\n", False, id="the module, for another name"
        ),
    ],
)
def test_a_name_in_a_module_has_importers_of_its_own(tmp_path: Path, text: str, imports: bool) -> None:
    importers = search(tmp_path, {"user.py": text}, f"{TARGET}.Session")
    assert (importers.module, importers.name, importers.target) == (TARGET, "Session", f"{TARGET}.Session")
    assert list(places(importers)) == ["user.py"] * imports


def test_modules_outside_the_tree_have_importers_too(tmp_path: Path) -> None:
    files = {"a.py": "import uuid\n", "b.py": "from uuid import uuid4\n", "c.py": "import os\n"}
    assert list(places(search(tmp_path, files, "uuid"))) == ["a.py", "b.py"]
    assert list(places(search(tmp_path, files, "uuid.uuid4"))) == ["b.py"]


@pytest.mark.parametrize(
    ("literal", "is_named"),
    [
        pytest.param('"app.db.session"', True, id="the module"),
        pytest.param('"app.db.session.Session.close"', True, id="something in it"),
        pytest.param('"app.db.session:Session"', True, id="entry point"),
        pytest.param('"uses app.db.session here"', False, id="prose"),
        pytest.param('"app.db.session_pool"', False, id="a longer name"),
        pytest.param('"my.app.db.session"', False, id="the end of another name"),
        pytest.param('b"app.db.session"', False, id="bytes"),
    ],
)
def test_files_that_name_it_in_strings_are_listed_apart(tmp_path: Path, literal: str, is_named: bool) -> None:
    importers = search(tmp_path, {"tests/test_user.py": f"def test():\n    patch({literal})\n"})
    assert importers.direct == ()
    expected = [("tests/test_user.py", (Site(2, literal),))] if is_named else []
    assert [(file.path, file.sites) for file in importers.strings_only] == expected


def test_a_string_that_names_a_module_inside_a_package_does_not_name_the_package(tmp_path: Path) -> None:
    importers = search(
        tmp_path, {"user.py": 'patch("app.db.session.Session")\npatch("app.db.engine")\n'}, "app.db"
    )
    assert [[site.row for site in file.sites] for file in importers.strings_only] == [[2]]


def test_who_imports_it_is_not_listed_for_its_strings(tmp_path: Path) -> None:
    text = 'import app.db.session\npatch("app.db.session.Session")\n'
    importers = search(tmp_path, {"user.py": text})
    assert (places(importers), importers.strings_only) == ({"user.py": [1]}, ())


def test_the_ways_through_other_modules_are_the_shortest(tmp_path: Path) -> None:
    files = {
        "app/store.py": "from app.db.session import Session\n",
        "app/service.py": "def run():\n    from . import store\n",
        "app/main.py": "import app.service\nimport app.store\n",
        "cli.py": "from app import main\n",
        "unrelated.py": "import os\n",
    }
    importers = search(tmp_path, files, transitive=True)
    assert importers.paths == {"app/store.py"}
    assert importers.indirect is not None
    assert [(file.path, file.distance, file.chain) for file in importers.indirect] == [
        ("app/main.py", 2, ("app/store.py",)),
        ("app/service.py", 2, ("app/store.py",)),
        ("cli.py", 3, ("app/main.py", "app/store.py")),
    ]


def test_ways_that_only_type_checkers_go_are_marked(tmp_path: Path) -> None:
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.store import Store\n"
    files = {
        "app/store.py": "import app.db.session\n",
        "app/typed.py": typed,
        "user.py": "import app.typed\n",
    }
    importers = search(tmp_path, files, transitive=True)
    assert importers.indirect is not None
    assert [(file.path, file.for_typing) for file in importers.indirect] == [
        ("app/typed.py", True),
        ("user.py", True),
    ]


def test_circles_end(tmp_path: Path) -> None:
    files = {"app/a.py": "import app.b\nimport app.db.session\n", "app/b.py": "import app.a\n"}
    importers = search(tmp_path, files, transitive=True)
    assert importers.indirect is not None
    assert [file.path for file in importers.indirect] == ["app/b.py"]


def test_a_text_in_a_template_is_no_way(tmp_path: Path) -> None:
    files = {"app/a.py": "import app.db.session\n", "make.py": 'CODE = """\nimport app.a\n"""\n'}
    assert search(tmp_path, files, transitive=True).indirect == ()


def test_a_module_that_a_package_hides_leads_nowhere(tmp_path: Path) -> None:
    files = {
        "app/pool.py": "import app.db.session\n",
        "app/pool/__init__.py": "",
        "user.py": "import app.pool\n",
    }
    importers = search(tmp_path, files, transitive=True)
    assert (importers.paths, importers.indirect) == ({"app/pool.py"}, ())


def test_some_files_can_be_picked(tmp_path: Path) -> None:
    files = {"a.py": "import app.db.session\n", "b.py": "import app.db.session\n", "c.py": "import a\n"}
    importers = search(tmp_path, files, transitive=True).within({"b.py", "c.py"})
    assert importers.paths == {"b.py"}
    assert importers.indirect is not None
    assert [file.chain for file in importers.indirect] == [("a.py",)]


@pytest.mark.parametrize(
    ("content", "kind", "row"),
    [
        pytest.param(b"import app.db.session\nx = (\n", FailureKind.UNPARSABLE, 3, id="cannot be cut"),
        pytest.param(b"\nfrom app.db import session session\n", FailureKind.UNPARSABLE, 2, id="no Python"),
        pytest.param(b"import app.db.session # \xff\n", FailureKind.UNREADABLE, None, id="cannot be decoded"),
    ],
)
def test_files_that_may_import_it_and_cannot_be_read_are_named(
    tmp_path: Path, content: bytes, kind: FailureKind, row: int | None
) -> None:
    (tmp_path / "bad.py").write_bytes(content)
    (failure,) = search(tmp_path, {"good.py": "import app.db.session\n"}).failures
    assert (failure.path, failure.kind) == ("bad.py", kind)
    assert (failure.position.row if failure.position else None) == row


def test_broken_files_that_do_not_name_it_are_none_of_its_business(tmp_path: Path) -> None:
    assert search(tmp_path, {"bad.py": "x = (\n"}).failures == ()


def test_source_roots_decide_the_names(tmp_path: Path) -> None:
    files = {
        "src/lib/__init__.py": "",
        "src/lib/core.py": "",
        "src/lib/user.py": "from .core import x\n",
        "run.py": "import lib.core\n",
        "wrong.py": "import src.lib.core\n",
    }
    importers = search(tmp_path, files, "lib.core")
    assert importers.file == "src/lib/core.py"
    assert list(places(importers)) == ["run.py", "src/lib/user.py"]
