"""Where a new import goes; the same cases are held against Ruff's import sorting where Ruff is installed."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest
from rewriting import code

from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import apply
from ssot_lint.fixing.insertion import insert
from ssot_lint.fixing.spelling import NewImport
from ssot_lint.syntax.outline import Outline

IDS = NewImport("app.ids", "Ids")


def added(text: str, context: FileContext, new: NewImport = IDS, stop: int | None = None) -> str:
    return apply(text, insert(Outline(text), new, context, stop))


SORTED = {
    "among-its-section": (
        """
        import os

        from app.cache import Cache
        from app.users import User

        x = 1
        """,
        """
        import os

        from app.cache import Cache
        from app.ids import Ids
        from app.users import User

        x = 1
        """,
    ),
    "first-of-its-section": (
        """
        import os

        from app.users import User

        x = 1
        """,
        """
        import os

        from app.ids import Ids
        from app.users import User

        x = 1
        """,
    ),
    "behind-plain-imports": (
        """
        import os

        import app.zoo

        x = 1
        """,
        """
        import os

        import app.zoo
        from app.ids import Ids

        x = 1
        """,
    ),
    "a-section-of-its-own": (
        """
        import os
        from typing import Any

        import pytest

        from . import local

        x = 1
        """,
        """
        import os
        from typing import Any

        import pytest

        from app.ids import Ids

        from . import local

        x = 1
        """,
    ),
    "last-section": (
        """
        import os

        x = 1
        """,
        """
        import os

        from app.ids import Ids

        x = 1
        """,
    ),
    "first-section": (
        """
        from . import local

        x = 1
        """,
        """
        from app.ids import Ids

        from . import local

        x = 1
        """,
    ),
    "only-future": (
        '''
        """Doc."""

        from __future__ import annotations

        x = 1
        ''',
        '''
        """Doc."""

        from __future__ import annotations

        from app.ids import Ids

        x = 1
        ''',
    ),
    "other-project-package": (
        """
        from shared.env import env

        x = 1
        """,
        """
        from app.ids import Ids
        from shared.env import env

        x = 1
        """,
    ),
    "docstring-only": (
        '''
        """Doc."""

        x = 1
        ''',
        '''
        """Doc."""

        from app.ids import Ids

        x = 1
        ''',
    ),
    "docstring-and-definition": (
        '''
        """Doc."""


        def f(): ...
        ''',
        '''
        """Doc."""

        from app.ids import Ids


        def f(): ...
        ''',
    ),
    "nothing-above-a-definition": (
        """
        def f(): ...
        """,
        """
        from app.ids import Ids


        def f(): ...
        """,
    ),
    "nothing-above-code": (
        """
        x = 1
        """,
        """
        from app.ids import Ids

        x = 1
        """,
    ),
    "shebang-cookie-license": (
        """
        #!/usr/bin/env python
        # -*- coding: utf-8 -*-
        # Copyright

        x = 1
        """,
        """
        #!/usr/bin/env python
        # -*- coding: utf-8 -*-
        # Copyright

        from app.ids import Ids

        x = 1
        """,
    ),
    "comment-on-the-first-statement": (
        """
        # License

        # What x is for.
        x = 1
        """,
        """
        # License

        from app.ids import Ids

        # What x is for.
        x = 1
        """,
    ),
    "comment-on-the-next-import": (
        """
        import os

        # users are special
        from app.users import User

        x = 1
        """,
        """
        import os

        from app.ids import Ids

        # users are special
        from app.users import User

        x = 1
        """,
    ),
    "license-on-the-first-import": (
        """
        # License
        from app.users import User

        x = 1
        """,
        """
        # License
        from app.ids import Ids
        from app.users import User

        x = 1
        """,
    ),
    "numbers-by-value": (
        """
        from app.i2 import two
        from app.i10 import ten

        x = 1
        """,
        """
        from app.i2 import two
        from app.i10 import ten
        from app.ids import Ids

        x = 1
        """,
    ),
    "trailing-comment-of-the-predecessor": (
        """
        from app.cache import Cache  # noqa: F401

        x = 1
        """,
        """
        from app.cache import Cache  # noqa: F401
        from app.ids import Ids

        x = 1
        """,
    ),
    "extend-one-line": (
        """
        from app.ids import Zoo, make

        x = 1
        """,
        """
        from app.ids import Ids, Zoo, make

        x = 1
        """,
    ),
    "extend-constants-first": (
        """
        from app.ids import LIMIT, make  # why

        x = 1
        """,
        """
        from app.ids import LIMIT, Ids, make  # why

        x = 1
        """,
    ),
    "extend-last": (
        """
        from app.ids import Factory

        x = 1
        """,
        """
        from app.ids import Factory, Ids

        x = 1
        """,
    ),
    "extend-vertical": (
        """
        from app.ids import (
            Factory,  # one
            make,
            other,
        )

        x = 1
        """,
        """
        from app.ids import (
            Factory,  # one
            Ids,
            make,
            other,
        )

        x = 1
        """,
    ),
    "extend-vertical-first": (
        """
        from app.ids import (
            # about make
            make,
            other,
        )

        x = 1
        """,
        """
        from app.ids import (
            Ids,
            # about make
            make,
            other,
        )

        x = 1
        """,
    ),
    "too-long-is-wrapped": (
        """
        from app.ids import AnotherLongNameThatTakesRoom, AVeryLongNameThatTakesARoom  # why

        x = 1
        """,
        """
        from app.ids import (  # why
            AnotherLongNameThatTakesRoom,
            AVeryLongNameThatTakesARoom,
            Ids,
        )

        x = 1
        """,
    ),
    "path-changed-before-the-project": (
        """
        import sys

        sys.path.insert(0, "..")

        from app.users import User

        x = 1
        """,
        """
        import sys

        sys.path.insert(0, "..")

        from app.ids import Ids
        from app.users import User

        x = 1
        """,
    ),
    "path-changed": (
        """
        import sys

        sys.path.insert(0, "..")

        x = 1
        """,
        """
        import sys

        sys.path.insert(0, "..")

        from app.ids import Ids

        x = 1
        """,
    ),
    "dunder-names-between": (
        """
        from __future__ import annotations

        __all__ = ["x"]

        import os

        x = 1
        """,
        """
        from __future__ import annotations

        __all__ = ["x"]

        import os

        from app.ids import Ids

        x = 1
        """,
    ),
    "not-into-a-try": (
        """
        import os

        try:
            import orjson
        except ImportError:
            orjson = None

        x = 1
        """,
        """
        import os

        from app.ids import Ids

        try:
            import orjson
        except ImportError:
            orjson = None

        x = 1
        """,
    ),
}

OTHERS = {
    "extend-without-trailing-comma": (
        """
        from app.ids import (
            Factory,
            Base
        )
        """,
        """
        from app.ids import (
            Factory,
            Ids,
            Base
        )
        """,
    ),
    "extend-last-without-trailing-comma": (
        """
        from app.ids import (
            Base,
            Factory  # last
        )
        """,
        """
        from app.ids import (
            Base,
            Factory,  # last
            Ids
        )
        """,
    ),
    "extend-last-beside-the-parenthesis": (
        """
        from app.ids import (
            Base,
            Factory)
        """,
        """
        from app.ids import (
            Base,
            Factory,
            Ids)
        """,
    ),
    "extend-a-grid": (
        """
        from app.ids import (Base, Factory,
                             make)
        """,
        """
        from app.ids import (Base, Factory, Ids,
                             make)
        """,
    ),
    "extend-a-continued-line": (
        """
        from app.ids import Base, \\
            make
        """,
        """
        from app.ids import Base, Ids, \\
            make
        """,
    ),
    "extend-parentheses-on-one-line": (
        """
        from app.ids import (Base, make)
        """,
        """
        from app.ids import (Base, Ids, make)
        """,
    ),
    "extend-a-relative-import": (
        """
        from .ids import make
        """,
        """
        from .ids import Ids, make
        """,
    ),
    "not-into-a-renaming-import": (
        """
        from app.ids import make as create
        """,
        """
        from app.ids import make as create
        from app.ids import Ids
        """,
    ),
    "one-name-a-line": (
        """
        from app.ids import Base
        from app.ids import make
        """,
        """
        from app.ids import Base
        from app.ids import make
        from app.ids import Ids
        """,
    ),
    "all-by-name": (
        """
        from app.cache import Cache
        import app.db
        from app.users import User
        import app.zoo
        """,
        """
        from app.cache import Cache
        import app.db
        from app.ids import Ids
        from app.users import User
        import app.zoo
        """,
    ),
    "unsorted": (
        """
        from app.users import User
        import os
        from app.cache import Cache
        import re
        """,
        """
        from app.users import User
        import os
        from app.cache import Cache
        from app.ids import Ids
        import re
        """,
    ),
    "behind-a-star": (
        """
        from app.base import *
        from shared.base import *

        x = 1
        """,
        """
        from app.base import *
        from shared.base import *
        from app.ids import Ids

        x = 1
        """,
    ),
    "path-changed-under-a-condition": (
        """
        import sys

        if __name__ == "__main__":
            sys.path.insert(0, "..")
        else:
            pass
        x = 1
        """,
        """
        import sys

        if __name__ == "__main__":
            sys.path.insert(0, "..")
        else:
            pass

        from app.ids import Ids

        x = 1
        """,
    ),
    "docstring-without-line-end": ('"""Doc."""', '"""Doc."""\n\nfrom app.ids import Ids\n'),
    "several-on-a-line": ("import os; import re\n", "import os; import re\n\nfrom app.ids import Ids\n"),
    "empty": ("", "from app.ids import Ids\n"),
    "form-feed": ("import os\n\f\nx = 1\n", "import os\n\nfrom app.ids import Ids\n\f\nx = 1\n"),
}


@pytest.mark.parametrize(("before", "after"), [*SORTED.values(), *OTHERS.values()], ids=[*SORTED, *OTHERS])
def test_place(before: str, after: str, context: FileContext) -> None:
    result = added(code(before), context)
    assert result == code(after)
    ast.parse(result)


@pytest.mark.parametrize(("before", "after"), [*SORTED.values(), *OTHERS.values()], ids=[*SORTED, *OTHERS])
def test_place_in_a_file_with_other_line_ends(before: str, after: str, context: FileContext) -> None:
    crlf = code(before).replace("\n", "\r\n")
    expected = code(after).replace("\n", "\r\n")
    assert added(crlf, context) == (expected if "\n" in crlf else code(after))


@pytest.mark.parametrize("before", [before for before, _ in SORTED.values()], ids=SORTED)
def test_ruff_finds_it_sorted(before: str, context: FileContext, tmp_path: Path) -> None:
    ruff = pytest.importorskip("ruff").find_ruff_bin()
    for name, text in (("before.py", code(before)), ("after.py", added(code(before), context))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = ("--isolated", "--select", "I", "--config", 'lint.isort.known-first-party=["app", "shared"]')
    run = subprocess.run(
        [ruff, "check", *options, "."], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "All checks passed!\n")


def test_a_module_is_imported_plainly(context: FileContext) -> None:
    text = "from app.zoo import a\n"
    assert added("", context, NewImport("", "ids")) == "import ids\n"
    assert added(text, context, NewImport("", "app")) == "import app\nfrom app.zoo import a\n"
    assert added("", context, NewImport("app", "ids")) == "from app import ids\n"


def test_a_long_import_is_wrapped(context: FileContext) -> None:
    new = NewImport("app." + "long_name." * 8 + "ids", "Ids")
    assert added("", context, new) == f"from {new.module} import (\n    Ids,\n)\n"


def test_the_import_stands_in_front_of_its_first_use(context: FileContext) -> None:
    text = "import sys\n\nsys.path.insert(0, '..')\nx = 1\n\nimport app.users\n"
    assert added(text, context, stop=text.index("x = 1")) == text.replace(
        "x = 1", "\nfrom app.ids import Ids\n\nx = 1"
    )
    assert added(text, context, stop=text.index("sys.path")) == text.replace(
        "import sys\n", "import sys\n\nfrom app.ids import Ids\n"
    )


def test_there_may_be_no_room_in_front_of_the_first_use(context: FileContext) -> None:
    text = '"""Doc."""; x = 1\n'
    assert insert(Outline(text), IDS, context, text.index("x")) == ()
