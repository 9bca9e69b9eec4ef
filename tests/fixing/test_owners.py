from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.fixing.owners import PLACES, find, owners_of, parse

TEXT = """\
# comment

*                       @all
/docs/                  @docs
app/ids.py              @ids @security # the source of truth
*.sql                   @database
/app/api/*              @api
/app/**/models.py       @models
/vendor/
with\\ space.py          @space
!app/kept.py            @nobody
services/auth           @auth
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README.md", ("@all",)),
        ("docs/a/b.md", ("@docs",)),
        ("app/docs/b.md", ("@all",)),
        ("app/ids.py", ("@ids", "@security")),
        ("lib/app/ids.py", ("@all",)),
        ("deep/down/query.sql", ("@database",)),
        ("app/api/users.py", ("@api",)),
        ("app/api/v1/users.py", ("@all",)),
        ("app/a/b/models.py", ("@models",)),
        ("app/models.py", ("@models",)),
        ("vendor/x.py", ()),
        ("app/with space.py", ("@space",)),
        ("app/kept.py", ("@all",)),
        ("services/auth/x.py", ("@auth",)),
    ],
)
def test_the_last_pattern_that_matches_decides(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(path, parse(TEXT)) == owners


def test_sections_give_default_owners() -> None:
    rules = parse("* @all\n[Database][2] @dba @second\n*.sql\nschema/ @schema\n^[Optional]\nnotes/\n")
    assert owners_of("a.sql", rules) == ("@dba", "@second")
    assert owners_of("schema/a.py", rules) == ("@schema",)
    assert owners_of("notes/a.py", rules) == ()


@pytest.mark.parametrize("text", ["", "\n# only comments\n", "\ufeff", "!x @a\n", "/ @a\n"])
def test_without_patterns_nobody_owns_anything(text: str) -> None:
    assert owners_of("x", parse(text)) == ()


def test_the_file_is_looked_for_where_the_hosts_do(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    for place in reversed(PLACES):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("* @all\n")
        assert find(tmp_path) == tmp_path / place
