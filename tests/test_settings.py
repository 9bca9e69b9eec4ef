from __future__ import annotations

import json
import pickle
import runpy
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Severity
from ssot_lint.settings import (
    Override,
    RuleOptions,
    Settings,
    SettingsIndex,
    StaleBaseline,
    check_rule_names,
    default_settings,
    find_config,
    load,
    project_root,
    render,
)
from ssot_lint.settings.files import lowest_version
from ssot_lint.settings.schema import settings_schema

EVERY_KEY = """
source = [
  "shared.ids.IdGenerator",
  { target = "auth.ids", paths = ["services/auth/"] },
]
source-roots = ["."]
exclude = ["generated/"]
extend-exclude = ["./legacy", "*_pb2.py"]
respect-gitignore = false
select = ["direct-uuid", "hardcoded-id-prefix"]
ignore = ["repeated-id-generation"]
rule-paths = ["policy"]
require-reason = false
baseline = "debt.jsonl"
stale-baseline = "error"
cache-dir = "../cache"
target-python = "3.9"

[per-file-ignores]
"tests/" = ["direct-uuid"]
"!src/" = ["hardcoded-id-prefix"]

[rules.direct-uuid]
severity = "warning"
params = { calls = ["ulid.new"] }

[overrides.generate_base_id]
roles = ["base_id"]
prefixes = ["base"]
prefix-parameter = "prefix"
optional = ["user"]
generator = true
"""


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def own(folder: Path, text: str) -> Path:
    return write(folder, {"ssot-lint.toml": text}) / "ssot-lint.toml"


def problems(file: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(file)
    return [str(problem).replace(file.parent.as_posix() + "/", "") for problem in caught.value.problems]


def everything(tmp_path: Path) -> Settings:
    (tmp_path / "policy").mkdir()
    return load(own(tmp_path, EVERY_KEY))


# Reading


def test_every_key_is_read(tmp_path: Path) -> None:
    settings = everything(tmp_path)
    assert settings.file == tmp_path / "ssot-lint.toml"
    assert settings.base == tmp_path
    assert [source.target for source in settings.sources] == ["shared.ids.IdGenerator", "auth.ids"]
    assert settings.source_roots == (tmp_path,)
    assert [globs.lines for globs in settings.exclude] == [("generated/", "/legacy", "*_pb2.py")]
    assert settings.respect_gitignore is False
    assert settings.select == ("direct-uuid", "hardcoded-id-prefix")
    assert settings.ignore == ("repeated-id-generation",)
    assert settings.rule_paths == (tmp_path / "policy",)
    assert settings.rules == {"direct-uuid": RuleOptions(Severity.WARNING, {"calls": ["ulid.new"]})}
    assert settings.overrides == {
        "generate_base_id": Override(("base_id",), ("base",), "prefix", ("user",), generator=True)
    }
    assert settings.require_reason is False
    assert settings.baseline == tmp_path / "debt.jsonl"
    assert settings.stale_baseline is StaleBaseline.ERROR
    assert settings.cache_dir == tmp_path.parent / "cache"
    assert settings.target_python == (3, 9)


def test_the_same_keys_stand_in_pyproject(tmp_path: Path) -> None:
    expected = everything(tmp_path)
    text = "[tool.ssot-lint]" + EVERY_KEY.replace("\n[", "\n[tool.ssot-lint.")
    file = write(tmp_path, {"pyproject.toml": text}) / "pyproject.toml"
    assert load(file).digest == expected.digest


def test_defaults(tmp_path: Path) -> None:
    settings = load(own(tmp_path, ""))
    assert settings.sources == ()
    assert settings.source_roots == (tmp_path, tmp_path / "src")
    assert settings.select is None
    assert settings.baseline == tmp_path / ".ssot-baseline.jsonl"
    assert settings.cache_dir == tmp_path / ".ssot-lint-cache"
    assert settings.stale_baseline is StaleBaseline.WARN
    assert settings.respect_gitignore
    assert settings.require_reason
    assert settings.target_python is None
    assert default_settings(tmp_path).digest == settings.digest


@pytest.mark.parametrize("folder", [".git", ".venv", "node_modules", "build", "backups", "x.egg-info"])
def test_folders_that_are_excluded_by_default(tmp_path: Path, folder: str) -> None:
    (exclude,) = default_settings(tmp_path).exclude
    assert exclude.covers(str(tmp_path / "a" / folder / "b.py"))
    assert not exclude.covers(str(tmp_path / "a" / f"{folder}.py"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("slect = []", 'slect: unknown key; did you mean "select"?', id="unknown"),
        pytest.param("ignore = 3", "ignore: must be an array of strings, not 3", id="type"),
        pytest.param(
            'stale-baseline = "wran"',
            'stale-baseline: must be one of "warn", "error", "off", not "wran"; did you mean "warn"?',
            id="choice",
        ),
        pytest.param(
            'target-python = "py38"',
            'target-python: must look like "3.8", not "py38"',
            id="version",
        ),
        pytest.param(
            'source = "shared.ids:IdGenerator"',
            'source: must look like "package.module.Class", not "shared.ids:IdGenerator"',
            id="source",
        ),
        pytest.param(
            'source = [{ target = "" }]',
            'source[0].target: must look like "package.module.Class", not ""',
            id="source-target",
        ),
        pytest.param("[[source]]\npaths = []", "source[0].target: is missing", id="no-target"),
        pytest.param('source = ["a.b", "a.b"]', 'source: "a.b" is named 2 times', id="twice"),
        pytest.param(
            'select = ["a"]\nignore = ["b", "a"]',
            'ignore: "a" is selected in the same file',
            id="selected-and-ignored",
        ),
        pytest.param('exclude = ["[a"]', 'exclude: "[a" can match nothing', id="glob"),
        pytest.param(
            'extend-exclude = ["../x/"]',
            'extend-exclude: "../x/" leads out of the folder of this file',
            id="glob-outside",
        ),
        pytest.param(
            'per-file-ignores = { "" = [] }',
            'per-file-ignores."": "" can match nothing',
            id="empty-glob",
        ),
        pytest.param(
            '[[source]]\ntarget = "a"\npaths = ["[x"]',
            'source[0].paths: "[x" can match nothing',
            id="source-glob",
        ),
        pytest.param('source-roots = ["scr"]', 'source-roots: "scr" is no folder', id="no-root"),
        pytest.param('rule-paths = ["pol"]', 'rule-paths: "pol" is no folder', id="no-rules"),
        pytest.param('baseline = ""', 'baseline: must look like "name", not ""', id="empty"),
        pytest.param(
            '[rules.x]\nseverity = "fatal"',
            'rules.x.severity: must be one of "error", "warning", "info", not "fatal"',
            id="severity",
        ),
        pytest.param(
            "[overrides.make]\nrole = 1",
            'overrides.make.role: unknown key; did you mean "roles"?',
            id="override",
        ),
        pytest.param('extend = "base.toml"', "extend: there is no file base.toml", id="no-base"),
        pytest.param('extend = "."', "extend: there is no file ", id="base-is-a-folder"),
        pytest.param(
            "a = 1\nb = ]",
            "is not valid TOML: Invalid value (at line 2, column 5)",
            id="syntax",
        ),
        pytest.param("a = " + "[" * 5000, "is nested too deeply", id="deep"),
        pytest.param(b"a = 1\nb = '\xff'", "is not UTF-8: byte 0xff in line 2", id="encoding"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, problem: str) -> None:
    file = write(tmp_path, {"ssot-lint.toml": text}) / "ssot-lint.toml"
    assert [line.replace(tmp_path.as_posix(), "") for line in problems(file)] == [
        f"ssot-lint.toml: {problem}"
    ]


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": '[tool.ssot-lint]\nextend = "a.toml"\nx = 1\nignore = "y"',
            "a.toml": 'extend = "b.toml"\nselect = ["r"]\nignore = ["r"]',
            "b.toml": "=",
        },
    )
    assert problems(tmp_path / "pyproject.toml") == [
        "pyproject.toml: tool.ssot-lint.x: unknown key",
        'pyproject.toml: tool.ssot-lint.ignore: must be an array of strings, not "y"',
        'a.toml: ignore: "r" is selected in the same file',
        "b.toml: is not valid TOML: Invalid statement (at line 1, column 1)",
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert problems(tmp_path / "x.toml") == ["x.toml: cannot be read: No such file or directory"]


@pytest.mark.parametrize("text", ["", "[tool]\nssot-lint = 3", "tool = 3", "[tool.ruff]"])
def test_a_pyproject_without_the_table(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"pyproject.toml": text})
    assert problems(tmp_path / "pyproject.toml") == ["pyproject.toml: there is no table [tool.ssot-lint]"]


def test_a_bom_is_no_error(tmp_path: Path) -> None:
    assert load(own(tmp_path, '\ufeffsource = "a.b"')).sources[0].target == "a.b"


# Extending


def test_the_nearest_file_decides_and_tables_merge(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base/team.toml": """
                source = "shared.ids"
                source-roots = ["lib"]
                extend-exclude = ["old/"]
                require-reason = false
                [per-file-ignores]
                "tests/" = ["a"]
                "docs/" = ["a"]
                [rules.a]
                severity = "info"
                params = { calls = ["x"] }
                [rules.b]
                severity = "info"
                [overrides.make]
                roles = ["x_id"]
                prefixes = ["x"]
            """,
            "base/lib/.keep": "",
            "app/ssot-lint.toml": """
                extend = "../base/team.toml"
                extend-exclude = ["new/"]
                require-reason = true
                [per-file-ignores]
                "tests/" = ["b"]
                [rules.a]
                severity = "error"
                [overrides.make]
                roles = ["y_id"]
            """,
        },
    )
    settings = load(tmp_path / "app" / "ssot-lint.toml")
    assert [source.target for source in settings.sources] == ["shared.ids"]
    assert settings.source_roots == (tmp_path / "base" / "lib",)
    assert settings.require_reason is True
    assert {globs.base: globs.lines[-1] for globs in settings.exclude} == {
        str(tmp_path / "app"): "new/",
        str(tmp_path / "base"): "old/",
    }
    assert settings.rules == {
        "a": RuleOptions(Severity.ERROR, {"calls": ["x"]}),
        "b": RuleOptions(Severity.INFO),
    }
    assert settings.overrides == {"make": Override(roles=("y_id",), prefixes=("x",))}
    assert settings.ignored_in(str(tmp_path / "app" / "tests" / "a.py")) == {"b"}
    assert settings.ignored_in(str(tmp_path / "base" / "docs" / "a.py")) == {"a"}


@pytest.mark.parametrize(
    ("base", "child", "runs"),
    [
        pytest.param('ignore = ["a"]', "", False, id="inherited-ignore"),
        pytest.param('ignore = ["a"]', 'select = ["a"]', True, id="selected-again"),
        pytest.param('ignore = ["a"]', "ignore = []", True, id="ignore-replaced"),
        pytest.param('select = ["a"]', 'ignore = ["a"]', False, id="ignored-after-all"),
        pytest.param('select = ["a"]', 'select = ["b"]', False, id="select-replaced"),
    ],
)
def test_select_and_ignore_across_files(tmp_path: Path, base: str, child: str, runs: bool) -> None:
    write(tmp_path, {"base.toml": base})
    assert load(own(tmp_path, f'extend = "base.toml"\n{child}')).runs("a") is runs


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_of_files(tmp_path: Path, length: int) -> None:
    names = [f"{i}.toml" for i in range(length)]
    write(tmp_path, {name: f'extend = "{names[(i + 1) % length]}"' for i, name in enumerate(names)})
    assert problems(tmp_path / "0.toml") == [f"{names[-1]}: extend: leads back to 0.toml"]


def test_a_base_that_is_a_pyproject(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.ssot-lint]\nsource = "a.b"', "sub/.keep": ""})
    assert load(own(tmp_path / "sub", 'extend = "../pyproject.toml"')).sources[0].target == "a.b"


# Asking


def test_sources_by_path(tmp_path: Path) -> None:
    settings = everything(tmp_path)
    auth = settings.sources_for(str(tmp_path / "services" / "auth" / "x" / "a.py"))
    assert [source.target for source in auth] == ["auth.ids", "shared.ids.IdGenerator"]
    other = settings.sources_for(str(tmp_path / "services" / "chat" / "a.py"))
    assert [source.target for source in other] == ["shared.ids.IdGenerator"]


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("src/a.py", set()),
        ("src/tests/a.py", {"direct-uuid"}),
        ("tests/a.py", {"direct-uuid", "hardcoded-id-prefix"}),
        ("a.py", {"hardcoded-id-prefix"}),
    ],
)
def test_per_file_ignores(tmp_path: Path, path: str, ignored: set[str]) -> None:
    assert everything(tmp_path).ignored_in(str(tmp_path.joinpath(*path.split("/")))) == ignored


@pytest.mark.parametrize(
    ("text", "by_default", "runs"),
    [
        ("", True, True),
        ("", False, False),
        ('select = ["a"]', False, True),
        ('select = ["b"]', True, False),
        ('ignore = ["a"]', True, False),
        ("select = []", True, False),
    ],
)
def test_which_rules_run(tmp_path: Path, text: str, by_default: bool, runs: bool) -> None:
    assert load(own(tmp_path, text)).runs("a", by_default) is runs


def test_parameters_of_a_rule_may_stand_in_its_table(tmp_path: Path) -> None:
    settings = load(own(tmp_path, '[rules.x]\nseverity = "info"\nderived = true\nparams = { calls = [] }'))
    assert settings.rules["x"] == RuleOptions(Severity.INFO, {"calls": [], "derived": True})
    assert settings.where("rules.x.params.derived")[1] == "rules.x.derived"
    assert settings.where("rules.x.params.calls")[1] == "rules.x.params.calls"


def test_unknown_rules_are_named_where_they_are_written(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base.toml": """
                select = ["direct-uid"]
                ignore = ["zzz"]
                per-file-ignores = { "a/" = ["x", "direct-uuid"] }
            """,
            "pyproject.toml": """
                [tool.ssot-lint]
                extend = "base.toml"
                rules.y.severity = "info"
            """,
        },
    )
    settings = load(tmp_path / "pyproject.toml")
    base = (tmp_path / "base.toml").as_posix()
    assert check_rule_names(settings, ["direct-uuid"]) == [
        Problem(base, "select", 'there is no rule "direct-uid"; did you mean "direct-uuid"?'),
        Problem(base, "ignore", 'there is no rule "zzz"'),
        Problem((tmp_path / "pyproject.toml").as_posix(), "tool.ssot-lint.rules.y", 'there is no rule "y"'),
        Problem(base, 'per-file-ignores."a/"', 'there is no rule "x"'),
    ]
    assert check_rule_names(settings, {"direct-uid", "zzz", "y", "x", "direct-uuid"}) == []


def test_problems_with_params_name_the_file_that_has_them(tmp_path: Path) -> None:
    write(tmp_path, {"base.toml": "[rules.a]\nparams = { x = 1 }"})
    settings = load(own(tmp_path, 'extend = "base.toml"\n[rules.a]\nseverity = "info"'))
    assert settings.where("rules.a") == ((tmp_path / "ssot-lint.toml").as_posix(), "rules.a")
    assert settings.where("rules.a.params") == ((tmp_path / "base.toml").as_posix(), "rules.a.params")


def test_settings_can_be_sent_to_another_process(tmp_path: Path) -> None:
    settings = everything(tmp_path)
    copy = pickle.loads(pickle.dumps(settings))
    assert copy == settings
    assert copy.digest == settings.digest


# Digest and rendering


def test_the_digest_does_not_tell_where_the_project_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "policy").mkdir(parents=True)
        own(tmp_path / name, EVERY_KEY)
    digests = {load(tmp_path / name / "ssot-lint.toml").digest for name in ("one", "two")}
    assert len(digests) == 1
    assert len(digests.pop()) == 64


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ('source = "a.b"', True),
        ('source = [{ target = "a.b", paths = ["x"] }]', True),
        ('source-roots = ["."]', True),
        ('exclude = ["x"]', True),
        ('extend-exclude = ["x"]', True),
        ("respect-gitignore = false", True),
        ("select = []", True),
        ('ignore = ["x"]', True),
        ('[per-file-ignores]\nx = ["y"]', True),
        ('rule-paths = ["."]', True),
        ('[rules.x]\nseverity = "info"', True),
        ("[rules.x.params]\na = 2027-01-31", True),
        ("[overrides.x]\ngenerator = false", True),
        ("require-reason = false", True),
        ('target-python = "3.8"', True),
        ('baseline = "x"', False),
        ('stale-baseline = "off"', False),
        ('cache-dir = "x"', False),
    ],
)
def test_what_changes_the_digest(tmp_path: Path, text: str, changes: bool) -> None:
    assert (load(own(tmp_path, text)).digest != default_settings(tmp_path).digest) is changes


def test_no_key_is_forgotten_in_the_tests_of_the_digest() -> None:
    marks = test_what_changes_the_digest.pytestmark  # type: ignore[attr-defined]
    tried = {key for text, _ in marks[0].args[1] for key in tomllib.loads(text)}
    assert tried == set(settings_schema()["properties"]) - {"extend"}


def test_rendering(tmp_path: Path) -> None:
    shown = json.loads(render(everything(tmp_path)))
    assert shown["file"] == (tmp_path / "ssot-lint.toml").as_posix()
    assert shown["base"] == tmp_path.as_posix()
    assert shown["source-roots"] == ["."]
    assert shown["sources"][1] == {
        "target": "auth.ids",
        "paths": {"base": ".", "lines": ["services/auth/"]},
    }
    assert shown["stale-baseline"] == "error"
    assert shown["target-python"] == "3.9"
    assert shown["rules"]["direct-uuid"] == {"severity": "warning", "params": {"calls": ["ulid.new"]}}
    assert json.loads(render(default_settings(tmp_path)))["file"] is None


# Finding


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"pyproject.toml": "[tool.ssot-lint]"}, "pyproject.toml", id="pyproject"),
        pytest.param({"pyproject.toml": "[tool]\nssot-lint = {}"}, "pyproject.toml", id="inline"),
        pytest.param(
            {"pyproject.toml": "[tool.ssot-lint]", "ssot-lint.toml": ""}, "ssot-lint.toml", id="own-file-wins"
        ),
        pytest.param({"pyproject.toml": '[project]\ndependencies = ["ssot-lint"]'}, None, id="only-named"),
        pytest.param({"pyproject.toml": "[tool.ruff]"}, None, id="not-named"),
        pytest.param({"pyproject.toml": "= broken"}, None, id="broken-and-not-named"),
        pytest.param(
            {"pyproject.toml": "[tool.ssot-lint]\n= broken"}, "pyproject.toml", id="broken-and-named"
        ),
        pytest.param({"pyproject.toml": b"[tool.ssot-lint]\n#\xff"}, "pyproject.toml", id="not-utf-8"),
        pytest.param({"pyproject.toml/x": "", "ssot-lint.toml/x": ""}, None, id="folders"),
        pytest.param({"sub/x/ssot-lint.toml": ""}, None, id="below"),
        pytest.param({"sub/ssot-lint.toml": "", "ssot-lint.toml": ""}, "sub/ssot-lint.toml", id="nearest"),
        pytest.param(
            {"sub/pyproject.toml": "[tool.ruff]", "ssot-lint.toml": ""}, "ssot-lint.toml", id="above-another"
        ),
    ],
)
def test_find_config(tmp_path: Path, files: dict[str, str | bytes], expected: str | None) -> None:
    write(tmp_path, {**files, "sub/.keep": ""})
    assert find_config(tmp_path / "sub") == (tmp_path / expected if expected else None)


def test_the_project_root(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    assert project_root(deep) == deep
    (tmp_path / ".git").mkdir()
    assert project_root(deep) == tmp_path
    (tmp_path / "a" / "b" / ".git").write_text("gitdir: elsewhere")
    assert project_root(deep) == tmp_path / "a" / "b"
    own(tmp_path / "a", "")
    assert project_root(deep) == tmp_path / "a"


def test_each_folder_has_the_settings_of_its_nearest_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"ssot-lint.toml": 'source = "one"', "sub/ssot-lint.toml": 'source = "two"', "sub/x/.keep": ""},
    )
    index = SettingsIndex(tmp_path)
    targets = {
        name: index.for_directory(str(tmp_path / name)).sources[0].target
        for name in ("", "other", "sub", "sub/x")
    }
    assert targets == {"": "one", "other": "one", "sub": "two", "sub/x": "two"}
    assert index.for_directory(str(tmp_path / "sub")) is index.for_directory(str(tmp_path / "sub" / "x"))


def test_one_file_can_be_forced_on_all_folders(tmp_path: Path) -> None:
    write(tmp_path, {"ssot-lint.toml": 'source = "one"', "ci/strict.toml": 'source = "strict"'})
    index = SettingsIndex(tmp_path, tmp_path / "ci" / "strict.toml")
    assert index.for_directory(str(tmp_path)).sources[0].target == "strict"
    assert index.for_directory(str(tmp_path)).base == tmp_path / "ci"
    assert index.in_directory(str(tmp_path)) is None


def test_without_any_file_the_defaults_stand_in_the_root(tmp_path: Path) -> None:
    settings = SettingsIndex(tmp_path).for_directory(str(tmp_path / "x"))
    assert settings == default_settings(tmp_path)
    assert settings.file is None


# The oldest Python


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        (">=3.8", (3, 8)),
        (">=3.8,<4", (3, 8)),
        ("<4,>=3.8.1", (3, 8)),
        (">= 3.10", (3, 10)),
        ("~=3.9", (3, 9)),
        ("~=3.9.2", (3, 9)),
        ("==3.11.*", (3, 11)),
        ("===3.11.4", (3, 11)),
        (">3.7", (3, 7)),
        (">=3", (3, 0)),
        (">=3.8,>=3.10", (3, 10)),
        (">=3.8,!=3.8.*,!=3.9.*", (3, 10)),
        (">=3.8,!=3.8", (3, 8)),
        (">=2.7,!=3.0.*,!=3.1.*", (2, 7)),
        (">=3.12.0rc1", (3, 12)),
        (">=3.8,", (3, 8)),
        ("<4", None),
        ("!=3.8.*", None),
        ("", None),
        ("^3.8", None),
        ("3.8", None),
    ],
)
def test_lowest_version(specifier: str, expected: tuple[int, int] | None) -> None:
    assert lowest_version(specifier) == expected


@pytest.mark.parametrize(
    ("pyproject", "expected"),
    [
        ('[project]\nrequires-python = ">=3.9"', (3, 9)),
        ("[project]", None),
        ("[project]\nrequires-python = 3", None),
        ("project = 3", None),
        ("= broken", None),
    ],
)
def test_the_oldest_python_is_learned_from_the_pyproject_beside(
    tmp_path: Path, pyproject: str, expected: tuple[int, int] | None
) -> None:
    write(tmp_path, {"pyproject.toml": pyproject})
    assert load(own(tmp_path, "")).target_python == expected
    assert load(own(tmp_path, 'target-python = "3.13"')).target_python == (3, 13)
    assert default_settings(tmp_path).target_python == expected


# The schema


def test_the_schema_that_ships_is_up_to_date() -> None:
    tool = Path(__file__).parent.parent / "tools" / "settings_schema.py"
    assert runpy.run_path(str(tool))["main"](["--check"]) == 0, "run python tools/settings_schema.py"


def test_the_schema_is_valid_and_documents_every_key() -> None:
    schema = settings_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert all(each["description"] for each in schema["properties"].values())


@pytest.mark.parametrize("text", ["", 'source = "a.b"', EVERY_KEY])
def test_the_schema_accepts_what_is_right(text: str) -> None:
    jsonschema.validate(tomllib.loads(text), settings_schema(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "text",
    [
        "slect = []",
        "select = 'a'",
        "source = 'a:b'",
        "source = [{ paths = [] }]",
        "target-python = '38'",
        "stale-baseline = 'wran'",
        "baseline = ''",
        "rules = { a = { severity = 'fatal' } }",
        "overrides = { a = { generator = 1 } }",
        "per-file-ignores = { a = 'b' }",
        "require-reason = 1",
    ],
)
def test_the_schema_and_the_reader_reject_the_same(tmp_path: Path, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), settings_schema(), jsonschema.Draft202012Validator)
    assert problems(own(tmp_path, text))


def test_the_schema_accepts_the_defaults_that_it_names() -> None:
    defaults: dict[str, Any] = {
        key: each["default"] for key, each in settings_schema()["properties"].items() if "default" in each
    }
    jsonschema.validate(defaults, settings_schema(), jsonschema.Draft202012Validator)
    assert {"exclude", "require-reason", "stale-baseline"} <= defaults.keys()
