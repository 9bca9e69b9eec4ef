"""From a dotted target to the code that defines it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

import pytest

from ssot_lint.errors import InputError
from ssot_lint.source import Target, learn
from ssot_lint.source.contract import SourceKind

IDS = """\
import uuid
class IdFactory:
    class Inner:
        @staticmethod
        def new_id(): return uuid.uuid4().hex
    @staticmethod
    def new_thread_id(): return f'thread_{uuid.uuid4().hex}'
factory = IdFactory()
def new_id(): return uuid.uuid4().hex
"""


class TestFound:
    CASES: ClassVar = {
        "module": ({"ids.py": IDS}, "ids", SourceKind.MODULE, "ids", ""),
        "class": ({"ids.py": IDS}, "ids.IdFactory", SourceKind.CLASS, "ids", "IdFactory"),
        "nested class": ({"ids.py": IDS}, "ids.IdFactory.Inner", SourceKind.CLASS, "ids", "IdFactory.Inner"),
        "function": ({"ids.py": IDS}, "ids.new_id", SourceKind.FUNCTION, "ids", "new_id"),
        "instance": ({"ids.py": IDS}, "ids.factory", SourceKind.INSTANCE, "ids", "factory"),
        "in a package": (
            {"a/__init__.py": "", "a/b/__init__.py": "", "a/b/ids.py": IDS},
            "a.b.ids.IdFactory",
            SourceKind.CLASS,
            "a.b.ids",
            "IdFactory",
        ),
        "without __init__": (
            {"a/b/ids.py": IDS},
            "a.b.ids.IdFactory",
            SourceKind.CLASS,
            "a.b.ids",
            "IdFactory",
        ),
        "under src": ({"src/a/ids.py": IDS}, "a.ids.new_id", SourceKind.FUNCTION, "a.ids", "new_id"),
        "in __init__": ({"ids/__init__.py": IDS}, "ids.IdFactory", SourceKind.CLASS, "ids", "IdFactory"),
    }

    @pytest.mark.parametrize(("files", "target", "kind", "module", "symbol"), CASES.values(), ids=CASES)
    def test_where_it_is_defined(self, learned, files, target, kind, module, symbol):
        (source,) = learned(files, target).sources
        assert (source.kind, source.module, source.symbol) == (kind, module, symbol)
        assert source.aliases == ()
        assert list(source.files) == [name for name in files if files[name]]

    REEXPORTS: ClassVar = {
        "relative": "from .impl import IdFactory, factory\n",
        "with as": "from .impl import IdFactory as IdFactory, factory as factory\n",
        "absolute": "from pkg.impl import IdFactory, factory\n",
        "star": "from .impl import *\n",
        "two hops": "from .other import IdFactory\nfrom .impl import factory\n",
        "in a branch": "try:\n    from .impl import IdFactory, factory\nexcept ImportError:\n    raise\n",
    }

    @pytest.mark.parametrize("text", REEXPORTS.values(), ids=REEXPORTS)
    def test_through_re_exports(self, learned, text):
        files = {"pkg/__init__.py": text, "pkg/impl.py": IDS, "pkg/other.py": "from .impl import IdFactory\n"}
        contract = learned(files, "pkg.IdFactory")
        (source,) = contract.sources
        assert (source.module, source.symbol) == ("pkg", "IdFactory")
        assert source.aliases == ("pkg.impl.IdFactory",)
        assert source.files == ("pkg/impl.py",)
        assert [each.qualified for each in source.generators] == ["pkg.IdFactory.new_thread_id"]
        for spelling in (
            "pkg.IdFactory.new_thread_id",
            "pkg.impl.IdFactory.new_thread_id",
            "pkg.impl.factory.new_thread_id",
        ):
            assert contract.generator(spelling) == source.generators[0]

    def test_re_exported_instance_is_a_spelling(self, learned):
        files = {"pkg/__init__.py": "from .impl import IdFactory, factory as ids\n", "pkg/impl.py": IDS}
        assert learned(files, "pkg.IdFactory").generator("pkg.ids.new_thread_id") is not None

    def test_a_package_offers_what_it_takes_from_its_modules(self, learned):
        contract = learned(
            {
                "ids/__init__.py": """\
                    from ids.thread import new_thread_id
                    from .run import Runs
                    from uuid import uuid4
                    """,
                "ids/thread.py": """\
                    import uuid
                    def new_thread_id(): return f"thread_{uuid.uuid4().hex}"
                    def other_id(): return uuid.uuid4().hex
                    """,
                "ids/run.py": """\
                    import uuid
                    class Runs:
                        def new_run_id(self): return f"run_{uuid.uuid4().hex}"
                    """,
            },
            "ids",
        )
        assert [each.qualified for each in contract.generators] == [
            "ids.new_thread_id",
            "ids.Runs.new_run_id",
        ]
        assert contract.sources[0].files == ("ids/__init__.py", "ids/thread.py", "ids/run.py")
        assert set(contract.prefixes) == {"thread", "run"}
        assert contract.export("ids.uuid4").origin == "uuid.uuid4"

    def test_delegates_one_import_away(self, learned):
        contract = learned(
            {
                "ids.py": """\
                    from helpers.core import build, SEPARATOR
                    from helpers.names import Prefix
                    def new_thread_id():
                        return build(f"{Prefix.THREAD}{SEPARATOR}")
                    """,
                "helpers/core.py": """\
                    import secrets
                    SEPARATOR = "-"
                    def build(head): return head + secrets.token_hex(4)
                    """,
                "helpers/names.py": """\
                    from enum import StrEnum
                    class Prefix(StrEnum):
                        THREAD = "thr"
                    """,
            }
        )
        (prefix,) = contract.prefixes.values()
        assert (prefix.text, prefix.separator, prefix.role) == ("thr", "-", "thread_id")
        assert (prefix.file, prefix.row) == ("helpers/names.py", 3)
        assert contract.sources[0].files == ("ids.py",)

    def test_files_outside_the_root_are_absolute(self, project, tmp_path):
        root = project({"app/x.py": "", "lib/ids.py": IDS})
        contract = learn([Target("ids")], [root / "lib"], root / "app", {})
        assert contract.sources[0].file == (tmp_path / "lib" / "ids.py").as_posix()

    def test_several_sources_with_their_paths(self, project):
        root = project({"a/ids.py": IDS, "b/ids.py": IDS.replace("thread", "run")})
        targets = [Target("a.ids", ("a/**",)), Target("b.ids", ("b/**",))]
        contract = learn(targets, [Path()], root, {})
        assert [source.paths for source in contract.sources] == [("a/**",), ("b/**",)]
        assert set(contract.prefixes) == {"thread", "run"}
        assert contract.is_source_file("a/ids.py")
        assert contract.is_source_file("b/ids.py")


class TestNotFound:
    CASES: ClassVar = {
        "no such module": ("idz.IdFactory", 'in the source roots ., src; did you mean "ids"?'),
        "no such submodule": (
            "pkg.implementation.X",
            "pkg/__init__.py has no implementation",
        ),
        "no such folder": ("nested.deeper.X", "no such module"),
        "no such name": ("ids.IdFactori", 'ids.py has no IdFactori; did you mean "IdFactory"?'),
        "no such method": (
            "ids.IdFactory.new_thred_id",
            'ids.py:2 IdFactory has no new_thred_id; did you mean "new_thread_id"?',
        ),
        "no attributes": ("ids.new_id.inner", "ids.py:9 new_id has no inner"),
        "import from outside": ("pkg.Lost", "pkg/__init__.py:2 takes Lost from nowhere.elsewhere"),
        "circle": ("pkg.Circle", "imported in a circle"),
        "not a name": ("ids..x", "is no dotted name"),
        "empty": ("", "is no dotted name"),
    }

    @pytest.fixture
    def files(self):
        return {
            "ids.py": IDS,
            "pkg/__init__.py": "from .impl import Circle\nfrom nowhere.else_ import Lost\n".replace(
                "else_", "elsewhere"
            ),
            "pkg/impl.py": "from pkg import Circle\n",
            "nested/x.py": "",
        }

    @pytest.mark.parametrize(("target", "words"), CASES.values(), ids=CASES)
    def test_says_what_was_searched(self, learned, files, target, words):
        with pytest.raises(InputError) as error:
            learned(files, target)
        (problem,) = error.value.problems
        assert (problem.file, problem.key) == ("", "source")
        assert words in problem.message
        assert problem.message.startswith(target or "(nothing)")

    def test_reports_all_targets_at_once(self, learned, files):
        with pytest.raises(InputError) as error:
            learned(files, "idz", "ids.Nope", "ids")
        assert len(error.value.problems) == 2

    BAD: ClassVar = {
        "syntax error": (b"def f(:\n    pass\n", "ids.py:1: not valid for Python"),
        "syntax error further down": (b"import uuid\n\nx = = 1\n", "ids.py:3: not valid for Python"),
        "null byte": (b"x = 1\0\n", "ids.py"),
        "unknown encoding": (b"# -*- coding: nope -*-\n", "ids.py"),
        "not utf-8": (b"x = '\xff'\n", "ids.py"),
        "too deep": (b"x = " + b"(" * 3000 + b")" * 3000, "ids.py"),
    }

    @pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
    def test_source_that_does_not_parse(self, tmp_path, content, words):
        (tmp_path / "ids.py").write_bytes(content)
        with pytest.raises(InputError) as error:
            learn([Target("ids")], [Path()], tmp_path, {})
        (problem,) = error.value.problems
        assert words in problem.message
        assert "\n" not in problem.message

    @pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows the syntax")
    def test_source_for_a_newer_python(self, learned):
        with pytest.raises(InputError, match=r"ids\.py:1: not valid for Python 3\.11"):
            learned("type Id = str\n")

    def test_unreadable(self, tmp_path):
        (tmp_path / "ids.py").symlink_to(tmp_path / "gone.py")
        with pytest.raises(InputError, match="ids"):
            learn([Target("ids")], [Path()], tmp_path, {})

    @pytest.mark.parametrize(
        "text", ["", "x = 1\n", "import os\nclass A:\n    def f(self): return 1\n", "from time import time\n"]
    )
    def test_source_that_makes_no_ids(self, learned, text):
        with pytest.raises(InputError, match="generator = true"):
            learned(text)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfimport uuid\r\ndef new_id():\r\n\treturn uuid.uuid4().hex\r\n",
        "# -*- coding: latin-1 -*-\nimport uuid\n# \xe9\ndef new_id(): return uuid.uuid4().hex\n".encode(
            "latin-1"
        ),
        b"import uuid\ndef new_id(): return uuid.uuid4().hex + '\\d'[:0]",
    ],
    ids=["bom, CRLF, tabs", "cookie", "invalid escape, no final newline"],
)
def test_any_way_of_writing_a_file(tmp_path, content, recwarn):
    (tmp_path / "ids.py").write_bytes(content)
    assert learn([Target("ids")], [Path()], tmp_path, {}).generator("ids.new_id") is not None
    assert not recwarn.list


def test_a_wrapper_of_raw_generators_is_a_source(learned):
    contract = learned("from uuid import uuid4 as new\nimport secrets\nmake = secrets.token_hex\n")
    assert not contract.generators
    origins = {export.name: export.origin for export in contract.sources[0].exports}
    assert origins == {"new": "uuid.uuid4", "secrets": "secrets", "make": "secrets.token_hex"}
    assert contract.export("ids.new").origin == "uuid.uuid4"
    assert contract.export("ids.gone") is None
    assert contract.export("other.new") is None
