"""The independent count of built strings: every way to build one, what is fresh in it, what it is for."""

from __future__ import annotations

from pathlib import Path

import pytest
from count_prefixes import builders
from oracle.tree import Tree

IMPORTS = "import logging, random, secrets, time, uuid\nlog = logging.getLogger()\n"


def count(root: Path, text: str) -> list[tuple[str, bool, bool, str]]:
    (root / "a.py").write_text(IMPORTS + text, encoding="utf-8")
    found = builders(Tree(root, ["a.py"]), "a.py", ["thread", "ws_conn"])
    return [(each.head, each.exact, each.fresh, each.purpose) for each in found]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        pytest.param("x = f'thread_{uuid.uuid4()}'", "thread_", id="f-string"),
        pytest.param("x = 'thread_' + secrets.token_hex(4)", "thread_", id="plus"),
        pytest.param("x = 'thread_' + a + '_' + uuid.uuid4().hex", "thread_", id="plus twice"),
        pytest.param("x = 'thread_%s' % time.time()", "thread_", id="percent"),
        pytest.param("x = 'thread_{}'.format(random.random())", "thread_", id="format"),
        pytest.param("x = '_'.join(['ws_conn', a, uuid.uuid4().hex])", "ws_conn_", id="join"),
        pytest.param(
            "def f():\n    end = time.time()\n    return f'thread_{end}'", "thread_", id="local name"
        ),
        pytest.param(
            "def f():\n    a = time.time()\n    b = str(a)\n    f'thread_{b}'", "thread_", id="two names"
        ),
    ],
)
def test_fresh(tmp_path: Path, text: str, head: str) -> None:
    assert count(tmp_path, text) == [(head, True, True, "id")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("x = f'thread_{user}'", ("thread_", True, False, "id"), id="derived"),
        pytest.param("x = f'thread_pool_{user}'", ("thread_pool_", False, False, "id"), id="longer head"),
        pytest.param("f'thread_{a} is open'", ("thread_", True, False, "prose"), id="prose"),
        pytest.param("f'thread_{a}.json'", ("thread_", True, False, "file name"), id="file name"),
        pytest.param("f'thread_{a}@b'", ("thread_", True, False, "e-mail"), id="e-mail"),
        pytest.param("d[f'thread_{a}']", ("thread_", True, False, "key"), id="subscript"),
        pytest.param("{f'thread_{a}': 1}", ("thread_", True, False, "key"), id="dict key"),
        pytest.param("d.get(f'thread_{a}')", ("thread_", True, False, "key"), id="get"),
        pytest.param("d.get('id', f'thread_{a}')", ("thread_", True, False, "id"), id="default of get"),
        pytest.param("log.info('x', extra={'a': f'thread_{a}'})", ("thread_", True, False, "log"), id="log"),
        pytest.param("a == f'thread_{b}'", ("thread_", True, False, "comparison"), id="comparison"),
        pytest.param("a.startswith(f'thread_{b}')", ("thread_", True, False, "comparison"), id="startswith"),
    ],
)
def test_purpose(tmp_path: Path, text: str, found: tuple[str, bool, bool, str]) -> None:
    assert count(tmp_path, text) == [found]


@pytest.mark.parametrize("text", ["x = 'thread_1'", "f'threads_{a}'", "f'{a}_thread_'", "f'my_thread_{a}'"])
def test_other_strings(tmp_path: Path, text: str) -> None:
    assert count(tmp_path, text) == []
