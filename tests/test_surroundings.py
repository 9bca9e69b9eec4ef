"""What a fix must know of the tree: names that others take from a module, import cycles, first-party names."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.surroundings import Cycles, chains_from, first_party, imported_words, taken_names


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from app.order import uuid", id="absolute"),
        pytest.param("from .order import uuid", id="relative"),
        pytest.param("from.order import uuid", id="relative, no blank"),
        pytest.param("from ..app.order import uuid", id="two levels"),
        pytest.param("from .order import (\n    a,  # :)\n    uuid,\n)", id="parentheses with a comment"),
        pytest.param("from .order import a, \\\n    uuid", id="continued"),
        pytest.param("from \\\n    .order import uuid as u", id="renamed"),
        pytest.param("def f():\n    from .order import uuid", id="in a function"),
        pytest.param("if True: from .order import uuid", id="on one row"),
        pytest.param("x = 1; from .order import uuid", id="behind a semicolon"),
        pytest.param("from .order import *\nx = uuid.UUID", id="star"),
        pytest.param("from . import order\nx = order.uuid", id="attribute"),
        pytest.param("from .import order as o\nx = o.uuid.UUID", id="attribute of a renamed module"),
        pytest.param("import app.order\nx = app.order.uuid", id="attribute of a dotted module"),
        pytest.param("import os, app.order as o\nx = o.uuid", id="one of several modules"),
        pytest.param("import os, \\\n    app.order as o\nx = o.uuid", id="continued modules"),
        pytest.param("from app import order\nmock.patch.object(order, 'uuid')", id="patch.object"),
        pytest.param("mock.patch('app.order.uuid.uuid4')", id="patch"),
        pytest.param('mock.patch("app.order.uuid")', id="patch in double quotes"),
    ],
)
def test_a_name_is_taken(text: str) -> None:
    assert "uuid" in taken_names([(["app"], text.encode())], {"app.order"}, {"uuid"})["app.order"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import uuid", id="own import"),
        pytest.param("from .order import place\nimport uuid\nx = uuid.UUID", id="another name"),
        pytest.param("from .orders import uuid", id="another module"),
        pytest.param("from . import order\nx = reorder.uuid", id="attribute of another name"),
        pytest.param("from app.order import place  # not uuid", id="comment"),
        pytest.param("def reimport(): from app.order import place\nx = uuid", id="name that ends in import"),
    ],
)
def test_a_name_is_not_taken(text: str) -> None:
    taken = taken_names([(["app"], text.encode())], {"app.order"}, {"uuid"})

    assert "uuid" not in taken.get("app.order", ())


def test_only_names_that_matter_are_looked_for() -> None:
    text = "from app.order import uuid, place, \u00fcber\n".encode()

    assert taken_names([(["app"], text)], {"app.order"}, {"place"})["app.order"] >= {"place"}
    assert taken_names([(["app"], text)], {"app.order"}, {"\u00fcber"})["app.order"] >= {"\u00fcber"}
    assert taken_names([(["app"], text)], {"app.order"}, {"time"}) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import uuid", {"uuid"}),
        ("import os.path as p, \\\n  uuid; x = 1", {"os", "path", "as", "p", "uuid"}),
        (
            "from uuid import (uuid4,  # four\n  uuid5 as five)\ny = 2",
            {"uuid4", "four", "uuid5", "as", "five"},
        ),
        ("try:\n  from a import *\nexcept E: important = 1", set()),
    ],
)
def test_the_words_of_imports(text: str, words: set[str]) -> None:
    assert imported_words(text) == words


def test_files_that_cannot_be_decoded_take_nothing() -> None:
    assert taken_names([(["app"], b"# coding: none\nfrom .order import uuid")], {"app.order"}, {"uuid"}) == {}


def test_a_list_of_names_that_never_ends_takes_no_time() -> None:
    text = "text = 'from app.order import ('\n" + "x = 1  # a comment of some length, and another\n" * 500

    assert taken_names([(["app"], text.encode())], {"app.order"}, {"uuid"}) == {}


def test_cycles_have_the_chain_of_imports_that_runs(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/ids.py": "import time\nfrom app import clock\n\ndef f():\n    from app import late\n",
        "app/clock.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.typed\n"
        "try:\n    from .deep import x\nexcept ImportError:\n    pass\n",
        "app/deep.py": "import app.ids\n",
        "app/late.py": "",
        "app/typed.py": "",
        "app/broken.py": "import (\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")

    chains = chains_from("app.ids", [tmp_path])

    assert chains == {
        "app.ids": ("app.ids",),
        "app": ("app.ids", "app"),
        "app.clock": ("app.ids", "app.clock"),
        "app.deep": ("app.ids", "app.clock", "app.deep"),
    }
    assert Cycles("app.deep", chains)("app.ids") == ("app.ids", "app.clock", "app.deep")
    assert Cycles("app.deep", chains)("app.late") is None
    assert Cycles("app.late", chains)("app.ids") is None


def test_first_party_are_folders_and_modules_that_can_be_imported(tmp_path: Path) -> None:
    for name in ("app", "not-a-name"):
        (tmp_path / name).mkdir()
    for name in ("single.py", "stub.pyi", "read.me", "9.py"):
        (tmp_path / name).write_text("", "utf-8")

    assert first_party([tmp_path, tmp_path / "missing"]) == {"app", "single", "stub"}
