"""What is learned from sources of every shape: generators, roles, parameters, prefixes, instances."""

from __future__ import annotations

import contextlib
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

import ssot_lint
import ssot_lint.source
from ssot_lint.errors import InputError
from ssot_lint.source import Target, learn
from ssot_lint.source.contract import Binding, Contract, ParameterKind, Returns, SourceKind, ValueType
from ssot_lint.source.facts import describe_format, describe_signature

CLASS = """\
    import itertools, secrets, time
    from typing import Optional, NamedTuple

    _count = itertools.count()

    class IdFactory:
        '''Makes IDs.'''

        @staticmethod
        def generate(prefix: str, size: int = 8) -> str:
            '''prefix, milliseconds, counter, random.'''
            return f"{prefix}_{int(time.time() * 1000)}_{next(_count)}_{secrets.token_hex(size // 2)}"

        @classmethod
        def generate_thread_id(cls, operation: str = "chat") -> str:
            return cls.generate(f"thread_{operation}")

        def generate_session_id(self, user_id: str, device: Optional[str] = None) -> str:
            name = f"session_{user_id[:8]}"
            if device:
                name = f"session_{user_id[:8]}_{device}"
            return IdFactory.generate(name)

        async def generate_context_ids(self, user_id: str, operation: str = "context") -> tuple[str, ...]:
            base = f"{operation}_{int(time.time())}"
            thread_id = f"ctx-{base}-{secrets.token_hex(4)}"
            run_id = base
            request_id = f"req-{base}-{secrets.token_hex(4)}"
            return thread_id, run_id, request_id

        def get_or_create(self, user_id: str) -> dict[str, str]:
            key = f"{user_id}:default"
            log(f"looking for {key} at {time.time()}")
            return {"job_id": self.generate("job"), "turn_id": f"turn.{secrets.token_hex(4)}", "key": key}

        @staticmethod
        def parse_id(value: str) -> Optional[str]:
            return value.split("_")[-1] if "_" in value else None

        @staticmethod
        def is_valid_id(value: str) -> bool:
            return time.time() > 0 and value.startswith("thread_")

        @staticmethod
        def get_id_age(value: str) -> int:
            return int(time.time()) - int(value.split("_")[1])

        @staticmethod
        def normalise(value: str) -> str:
            return value.strip().lower()

        def _helper(self) -> str:
            return f"hidden_{secrets.token_hex(4)}"

    ids = IdFactory()
    _private = IdFactory()

    def get_ids() -> IdFactory:
        return ids

    def outside() -> str:
        return IdFactory.generate("uid")
"""


def by_name(contract: Contract) -> dict[str, object]:
    return {generator.name: generator for generator in contract.generators}


def heads(contract: Contract) -> dict[str, tuple[str, str | None]]:
    return {prefix.text: (prefix.separator, prefix.role) for prefix in contract.prefixes.values()}


class TestClass:
    @pytest.fixture
    def contract(self, learned) -> Contract:
        return learned(CLASS, "ids.IdFactory")

    def test_finds_what_makes_ids_and_nothing_else(self, contract):
        assert set(by_name(contract)) == {
            "generate",
            "generate_thread_id",
            "generate_session_id",
            "generate_context_ids",
        }

    @pytest.mark.parametrize(
        ("name", "roles", "returns", "binding"),
        [
            ("generate", (), Returns.ONE, Binding.STATIC),
            ("generate_thread_id", ("thread_id",), Returns.ONE, Binding.CLASS),
            ("generate_session_id", ("session_id",), Returns.ONE, Binding.INSTANCE),
            ("generate_context_ids", ("thread_id", "run_id", "request_id"), Returns.TUPLE, Binding.INSTANCE),
        ],
    )
    def test_knows_roles_and_binding(self, contract, name, roles, returns, binding):
        generator = by_name(contract)[name]
        assert (generator.roles, generator.returns, generator.binding) == (roles, returns, binding)
        assert generator.qualified == f"ids.IdFactory.{name}"
        assert generator.is_async is (name == "generate_context_ids")

    def test_knows_the_generic_one(self, contract):
        generic = [generator for generator in contract.generators if generator.is_generic]
        assert [(generator.name, generator.prefix_parameter) for generator in generic] == [
            ("generate", "prefix")
        ]

    def test_leaves_out_self_and_cls(self, contract):
        shown = {name: describe_signature(generator) for name, generator in by_name(contract).items()}
        assert shown == {
            "generate": "(prefix, size=8)",
            "generate_thread_id": "(operation='chat')",
            "generate_session_id": "(user_id, device=None)",
            "generate_context_ids": "(user_id, operation='context')",
        }

    def test_learns_the_format_of_each_element(self, contract):
        formats = [describe_format(form) for form in by_name(contract)["generate_context_ids"].formats]
        assert formats == [
            "ctx-{operation}_{s:10}-{hex:8}",
            "{operation}_{s:10}",
            "req-{operation}_{s:10}-{hex:8}",
        ]
        assert [form.unique for form in by_name(contract)["generate_context_ids"].formats] == [
            True,
            False,
            True,
        ]

    def test_follows_the_generic_generator_into_the_others(self, contract):
        session = by_name(contract)["generate_session_id"]
        assert describe_format(session.formats[0]) == (
            "session_{user_id:0-8}_{device}_{ms:13}_{counter}_{hex:8} | "
            "session_{user_id:0-8}_{ms:13}_{counter}_{hex:8}"
        )
        assert (
            describe_format(session.default_formats[0]) == "session_{user_id:0-8}_{ms:13}_{counter}_{hex:8}"
        )

    def test_owns_the_prefixes_that_the_class_writes(self, contract):
        assert heads(contract) == {
            "thread": ("_", "thread_id"),
            "session": ("_", "session_id"),
            "ctx": ("-", "thread_id"),
            "req": ("-", "request_id"),
            "job": ("_", "job_id"),
            "turn": (".", "turn_id"),
            "hidden": ("_", None),
        }

    def test_says_on_which_row_each_fact_stands(self, contract):
        rows = {generator.name: generator.row for generator in contract.generators}
        assert rows == {
            "generate": 10,
            "generate_thread_id": 15,
            "generate_session_id": 18,
            "generate_context_ids": 24,
        }
        assert {prefix.text: prefix.row for prefix in contract.prefixes.values()} == {
            "thread": 16,
            "session": 19,
            "ctx": 26,
            "req": 28,
            "job": 34,
            "turn": 34,
            "hidden": 53,
        }
        assert contract.sources[0].row == 6

    def test_finds_instances_and_who_hands_them_out(self, contract):
        singletons = {(each.name, each.is_call, each.row) for each in contract.sources[0].singletons}
        assert singletons == {("ids.ids", False, 55), ("ids._private", False, 56), ("ids.get_ids", True, 58)}

    @pytest.mark.parametrize(
        "spelling",
        [
            "ids.IdFactory.generate_session_id",
            "ids.IdFactory().generate_session_id",
            "ids.ids.generate_session_id",
            "ids.get_ids().generate_session_id",
        ],
    )
    def test_answers_for_every_spelling(self, contract, spelling):
        assert contract.generator(spelling) == by_name(contract)["generate_session_id"]

    @pytest.mark.parametrize(
        "spelling", ["ids.outside", "ids.IdFactory", "ids.get_ids.generate", "ids.other.generate"]
    )
    def test_answers_for_nothing_else(self, contract, spelling):
        assert contract.generator(spelling) is None

    def test_is_a_value(self, contract, learned):
        assert pickle.loads(pickle.dumps(contract)) == contract
        assert hash(contract.sources) == hash(learned(CLASS, "ids.IdFactory").sources)
        assert contract.digest == learned(CLASS, "ids.IdFactory").digest
        assert contract.digest != learned(CLASS.replace("thread_", "th_"), "ids.IdFactory").digest
        assert contract.is_source_file("ids.py")
        assert not contract.is_source_file("other/ids.py")


class TestModule:
    def test_has_functions_and_methods(self, learned):
        contract = learned(CLASS, "ids")
        assert contract.sources[0].kind is SourceKind.MODULE
        names = {generator.qualified for generator in contract.generators}
        assert names >= {"ids.outside", "ids.IdFactory.generate", "ids.IdFactory.generate_context_ids"}
        assert "uid" in contract.prefixes

    def test_reaches_methods_through_instances(self, learned):
        contract = learned(CLASS, "ids")
        assert contract.generator("ids.ids.generate_session_id") is not None
        assert contract.generator("ids.get_ids().generate_session_id") is not None

    def test_takes_names_for_bound_methods_and_lambdas(self, learned):
        contract = learned(
            """\
            import uuid
            class _Maker:
                def __init__(self, prefix):
                    self.prefix = prefix
                def make(self):
                    return f"{self.prefix}_{uuid.uuid4().hex}"
            _maker = _Maker("thr")
            new_thread_id = _maker.make
            new_run_id = lambda: f"run_{uuid.uuid4().hex}"
            """
        )
        formats = {
            generator.qualified: describe_format(generator.formats[0]) for generator in contract.generators
        }
        assert formats == {"ids.new_thread_id": "thr_{hex:32}", "ids.new_run_id": "run_{hex:32}"}
        assert {generator.binding for generator in contract.generators} == {Binding.FUNCTION}
        assert heads(contract) == {"thr": ("_", "thread_id"), "run": ("_", "run_id")}


class TestFunction:
    def test_is_one_generator(self, learned):
        contract = learned(CLASS, "ids.outside")
        (source,) = contract.sources
        assert source.kind is SourceKind.FUNCTION
        assert [generator.qualified for generator in source.generators] == ["ids.outside"]
        assert set(contract.prefixes) == {"uid"}

    def test_may_be_a_method(self, learned):
        contract = learned(CLASS, "ids.IdFactory.generate_session_id")
        (generator,) = contract.generators
        assert generator.qualified == "ids.IdFactory.generate_session_id"
        assert describe_signature(generator) == "(user_id, device=None)"
        assert generator.binding is Binding.INSTANCE
        assert set(contract.prefixes) == {"session"}


class TestInstance:
    def test_knows_what_it_was_made_with(self, learned):
        contract = learned(
            """\
            import uuid
            class Maker:
                def __init__(self, prefix="x", *, separator="-"):
                    self.head = prefix + separator
                def new_id(self):
                    return self.head + uuid.uuid4().hex
            threads = Maker("thr", separator=":")
            """,
            "ids.threads",
        )
        (source,) = contract.sources
        assert source.kind is SourceKind.INSTANCE
        assert (source.module, source.symbol) == ("ids", "threads")
        assert [generator.qualified for generator in source.generators] == ["ids.threads.new_id"]
        assert describe_format(source.generators[0].formats[0]) == "thr:{hex:32}"
        assert heads(contract) == {"thr": (":", None)}

    def test_may_be_another_name_for_a_class(self, learned):
        contract = learned(
            "import uuid\nclass _A:\n    @staticmethod\n    def new_id(): return uuid.uuid4().hex\nA = _A\n",
            "ids.A",
        )
        assert contract.sources[0].kind is SourceKind.CLASS
        assert contract.generator("ids.A.new_id") is not None


class TestResults:
    def test_named_tuple_takes_roles_from_fields(self, learned):
        contract = learned(
            """\
            import secrets
            from typing import NamedTuple
            class ContextIds(NamedTuple):
                thread_id: str
                run_id: str
                made_at: float = 0.0
            def new_context() -> ContextIds:
                token = secrets.token_hex(4)
                return ContextIds(f"thread_{token}", run_id=f"run_{token}")
            def new_pair() -> ContextIds:
                return ContextIds(*(secrets.token_hex(4) for _ in range(2)))
            """
        )
        context = by_name(contract)["new_context"]
        assert (context.returns, context.roles) == (Returns.NAMED_TUPLE, ("thread_id", "run_id", "made_at"))
        assert [describe_format(form) for form in context.formats] == [
            "thread_{hex:8}",
            "run_{hex:8}",
            "no ID",
        ]
        assert [describe_format(form) for form in by_name(contract)["new_pair"].formats] == [
            "{hex:8}",
            "{hex:8}",
            "no ID",
        ]
        assert heads(contract) == {"thread": ("_", "thread_id"), "run": ("_", "run_id")}

    @pytest.mark.parametrize(
        "definition",
        [
            "Ids = namedtuple('Ids', 'thread_id run_id')",
            "Ids = NamedTuple('Ids', [('thread_id', str), ('run_id', str)])",
        ],
        ids=["namedtuple", "NamedTuple"],
    )
    def test_functional_named_tuple(self, learned, definition):
        contract = learned(
            "import secrets\nfrom collections import namedtuple\nfrom typing import NamedTuple\n"
            f"{definition}\n"
            "def new(): return Ids(run_id=f'r_{secrets.token_hex(4)}', thread_id=secrets.token_hex(2))\n"
        )
        (generator,) = contract.generators
        assert (generator.returns, generator.roles) == (Returns.NAMED_TUPLE, ("thread_id", "run_id"))
        assert [describe_format(form) for form in generator.formats] == ["{hex:4}", "r_{hex:8}"]

    def test_dataclass_is_a_record(self, learned):
        contract = learned(
            """\
            import uuid
            from dataclasses import dataclass
            @dataclass(frozen=True)
            class Base:
                thread_id: str
            @dataclass(frozen=True)
            class Ids(Base):
                run_id: str = "none"
                def show(self): return self.run_id
            def new_ids():
                return Ids(thread_id=f"thread_{uuid.uuid4()}", run_id=f"run_{uuid.uuid4()}")
            """
        )
        (generator,) = contract.generators
        assert (generator.returns, generator.roles) == (Returns.RECORD, ("thread_id", "run_id"))

    def test_tuple_takes_roles_from_variables_annotation_or_heads(self, learned):
        contract = learned(
            """\
            import uuid
            from typing import NamedTuple
            class Ids(NamedTuple):
                thread_id: str
                run_id: str
            class Maker:
                def new(self):
                    self.thread_id = uuid.uuid4().hex
                    run_id = uuid.uuid4().hex
                    return self.thread_id, run_id
                def annotated(self) -> Ids:
                    a, b = uuid.uuid4().hex, uuid.uuid4().hex
                    return a, b
                def inline(self):
                    return (f"thread_{uuid.uuid4()}", f"run_{uuid.uuid4()}")
                def later(self):
                    thread_id = uuid.uuid4().hex
                    both = (thread_id, self.inline()[1])
                    return both
                def forwarded(self):
                    return self.new()
            """
        )
        roles = {generator.name: generator.roles for generator in contract.generators}
        assert roles == {
            "new": ("thread_id", "run_id"),
            "annotated": ("thread_id", "run_id"),
            "inline": ("thread_id", "run_id"),
            "later": ("thread_id", "run_id"),
            "forwarded": ("thread_id", "run_id"),
        }

    def test_tuple_may_hold_what_is_no_id(self, learned):
        contract = learned(
            """\
            import time, uuid
            def new_session(user_id):
                session_id = f"sess_{uuid.uuid4().hex}"
                return session_id, time.time() + 60
            def with_parent(thread_id: str, user_id):
                run_id = f"run_{uuid.uuid4().hex}"
                request_id = f"req_{uuid.uuid4().hex}"
                return thread_id, run_id, request_id
            def measured(user_id):
                return user_id, time.time()
            def state(user_id):
                return f"s_{uuid.uuid4()}", user_id, {}, []
            """
        )
        found = {
            generator.name: [
                (role, describe_format(form))
                for role, form in zip(generator.roles, generator.formats, strict=True)
            ]
            for generator in contract.generators
        }
        assert found == {
            "new_session": [("session_id", "sess_{hex:32}"), ("", "no ID")],
            "with_parent": [
                ("thread_id", "no ID"),
                ("run_id", "run_{hex:32}"),
                ("request_id", "req_{hex:32}"),
            ],
        }

    def test_lists(self, learned):
        contract = learned(
            """\
            import uuid
            def generate_thread_ids(count):
                return [f"thread_{uuid.uuid4().hex}" for _ in range(count)]
            def batch(prefix: str, count: int):
                ids = []
                for index in range(count):
                    if index % 2:
                        ids.append(f"{prefix}-{uuid.uuid4().hex}")
                    else:
                        ids.append(f"{prefix}-{uuid.uuid4().hex[:8]}")
                return ids
            def pairs():
                return [(uuid.uuid4().hex, 1)]
            """
        )
        found = {generator.name: generator for generator in contract.generators}
        assert set(found) == {"generate_thread_ids", "batch"}
        assert found["generate_thread_ids"].roles == ("thread_id",)
        assert found["batch"].prefix_parameter == "prefix"
        assert {generator.returns for generator in found.values()} == {Returns.LIST}

    def test_uuid_objects_and_others(self, learned):
        contract = learned(
            """\
            import uuid
            from ulid import ULID
            def new_id(): return uuid.uuid4()
            def new_ulid(): return ULID()
            def new_ulid_text(): return str(ULID())
            def maybe_thread_id(user):
                if not user:
                    return None
                return f"thread_{uuid.uuid4()}"
            """
        )
        found = {each.name: (each.value_type, each.may_return_none) for each in contract.generators}
        assert found == {
            "new_id": (ValueType.UUID, False),
            "new_ulid": (ValueType.OBJECT, False),
            "new_ulid_text": (ValueType.STRING, False),
            "maybe_thread_id": (ValueType.STRING, True),
        }

    @pytest.mark.parametrize(
        "function",
        [
            "def ensure_id(value=None):\n    return value or uuid.uuid4().hex",
            "def mask(token):\n    return token[:4] + '***'",
            "def cached(store, key):\n    return store.get(key) or uuid.uuid4().hex",
            "def report_path():\n    return f'/tmp/{uuid.uuid4().hex}'",
            "@property\ndef new_id(self):\n    return uuid.uuid4().hex",
            "@functools.lru_cache\ndef instance_id():\n    return uuid.uuid4().hex",
            "@contextmanager\ndef session_id():\n    yield uuid.uuid4().hex",
            "def _private_id():\n    return uuid.uuid4().hex",
            "def new_order():\n    return Order(uuid.uuid4().hex)",
            "PROCESS = uuid.uuid4().hex\ndef process_id():\n    return f'p_{PROCESS}'",
            "def default_id(value=uuid.uuid4().hex):\n    return f'd_{value}'",
            "class Session:\n    KIND = uuid.uuid4().hex\n"
            "    def __init__(self):\n        self._id = uuid.uuid4().hex\n"
            "    def session_id(self): return f's_{self._id}_{self.KIND}'",
            "_node = None\ndef node_id():\n    global _node\n    if _node is None:\n"
            "        _node = uuid.uuid4().hex\n    return _node",
            "def said():\n    return f'made {uuid.uuid4().hex} just now'",
        ],
        ids=lambda text: text.split("def ")[1].split("(")[0],
    )
    def test_what_is_no_generator(self, learned, function):
        contract = learned(
            f"import functools, uuid\n{function}\ndef other_id():\n    return uuid.uuid4().hex\n"
        )
        assert [generator.name for generator in contract.generators] == ["other_id"]


class TestParameters:
    SIGNATURES: ClassVar = {
        "optional": ("a: Optional[str]", True),
        "optional qualified": ("a: typing.Optional[str]", True),
        "union": ("a: Union[str, int, None]", True),
        "bar": ("a: str | None", True),
        "quoted": ('a: "str | None"', True),
        "annotated": ("a: Annotated[str | None, 1]", True),
        "none by default": ("a=None", True),
        "none by default against its annotation": ("a: str = None", True),
        "a string": ("a: str", False),
        "no annotation": ("a", False),
        "anything": ("a: Any", False),
        "other default": ("a='x'", False),
    }

    @pytest.mark.parametrize(("signature", "accepts"), SIGNATURES.values(), ids=SIGNATURES)
    def test_what_the_signature_says(self, learned, signature, accepts):
        contract = learned(
            f"import uuid\ndef new_id({signature}):\n    return f'{{a}}_{{uuid.uuid4().hex}}'\n"
        )
        assert contract.generators[0].parameters[0].accepts_none is accepts

    BODIES: ClassVar = {
        "slice": ("a[:8]", False),
        "method": ("a.lower()", False),
        "length": ("str(len(a))", False),
        "addition": ("a + '_'", False),
        "guarded by if": ("x if a is None else a[:8]", True),
        "guarded by truth": ("a[:8] if a else x", True),
        "guarded by and": ("a and a[:8]", True),
        "guarded by or": ("(a or x)[:8]", True),
        "guarded by isinstance": ("a[:8] if isinstance(a, str) else x", True),
        "guard of another": ("a[:8] if x else x", False),
        "or of a comparison": ("a[:8] if x or a else x", False),
        "only written": ("f'{a}'", True),
        "helper that slices": ("_cut(a)", False),
        "helper that asks": ("_cut_if(a)", True),
    }

    @pytest.mark.parametrize(("expression", "accepts"), BODIES.values(), ids=BODIES)
    def test_what_the_body_does(self, learned, expression, accepts):
        contract = learned(
            f"""\
            import uuid
            def _cut(v): return v[:8]
            def _cut_if(v): return v[:8] if v is not None else ''
            def new_id(x: str, a: str | None = None):
                part = {expression}
                return f"{{x}}_{{part}}_{{uuid.uuid4().hex}}"
            """
        )
        parameters = {
            parameter.name: parameter.accepts_none for parameter in contract.generators[0].parameters
        }
        assert parameters["a"] is accepts

    @pytest.mark.parametrize(
        ("guard", "accepts"),
        [
            ("if not a: raise ValueError", True),
            ("if a is None: a = 'x'", True),
            ("if a is None: return uuid.uuid4().hex", True),
            ("assert a is not None", True),
            ("a = a or 'x'", True),
            ("pass", False),
            ("if a is None: pass", False),
        ],
    )
    def test_guards_before(self, learned, guard, accepts):
        contract = learned(
            f"import uuid\ndef new_id(a: str | None):\n    {guard}\n    return a[:8] + uuid.uuid4().hex\n"
        )
        assert contract.generators[0].parameters[0].accepts_none is accepts

    def test_every_kind(self, learned):
        contract = learned(
            "import uuid\n"
            "def new_id(a, /, b, c: int = 1 + 1, *d, e, f=dict(x=1), **g): return uuid.uuid4().hex\n"
        )
        parameters = contract.generators[0].parameters
        assert [(each.name, each.kind, each.default) for each in parameters] == [
            ("a", ParameterKind.POSITIONAL_ONLY, None),
            ("b", ParameterKind.POSITIONAL_OR_KEYWORD, None),
            ("c", ParameterKind.POSITIONAL_OR_KEYWORD, "1 + 1"),
            ("d", ParameterKind.VAR_POSITIONAL, None),
            ("e", ParameterKind.KEYWORD_ONLY, None),
            ("f", ParameterKind.KEYWORD_ONLY, "dict(x=1)"),
            ("g", ParameterKind.VAR_KEYWORD, None),
        ]
        assert [each.name for each in parameters if each.required] == ["a", "b", "e"]
        assert describe_signature(contract.generators[0]) == "(a, /, b, c=1 + 1, *d, e, f=dict(x=1), **g)"


class TestGeneric:
    CASES: ClassVar = {
        "required prefix": ("def make(prefix): return f'{prefix}_{uuid.uuid4().hex}'", "prefix", ()),
        "placeholder by default": (
            "def new_id(prefix='id'): return f'{prefix}_{uuid.uuid4().hex}'",
            "prefix",
            (),
        ),
        "prefix of one role": (
            "def new_connection_id(prefix='conn'): return f'{prefix}_{uuid.uuid4().hex}'",
            None,
            ("connection_id",),
        ),
        "kind": ("def new_id(kind: str): return f'{kind}-{uuid.uuid4().hex}'", "kind", ()),
        "parent of one role": (
            "def new_run_id(thread_id): return f'{thread_id}_{uuid.uuid4().hex}'",
            None,
            ("run_id",),
        ),
        "optional prefix": (
            "def new_id(prefix=None):\n    if prefix:\n        return f'{prefix}_{uuid.uuid4().hex}'\n"
            "    return uuid.uuid4().hex",
            "prefix",
            (),
        ),
        "prefix in lower case": (
            "def make(prefix): return f'{prefix.lower()}_{uuid.uuid4().hex}'",
            "prefix",
            (),
        ),
        "prefix in the middle": ("def new_id(prefix): return f'x_{prefix}_{uuid.uuid4().hex}'", None, ()),
        "cut prefix": ("def new_id(prefix): return f'{prefix[:3]}_{uuid.uuid4().hex}'", None, ()),
        "prefix by plus": ("def make(prefix): return prefix + '_' + uuid.uuid4().hex", "prefix", ()),
        "prefix by join": (
            "def make(prefix, *rest): return '_'.join([prefix, uuid.uuid4().hex])",
            "prefix",
            (),
        ),
        "through another": (
            "def _core(p, n): return f'{p}_{uuid.uuid4().hex[:n]}'\n"
            "def make(prefix, size=8): return _core(prefix, size)",
            "prefix",
            (),
        ),
        "no prefix": ("def new_id(): return uuid.uuid4().hex", None, ()),
    }

    @pytest.mark.parametrize(("function", "parameter", "roles"), CASES.values(), ids=CASES)
    def test_which_parameter_becomes_the_head(self, learned, function, parameter, roles):
        (generator,) = learned(f"import uuid\n{function}\n").generators
        assert (generator.prefix_parameter, generator.roles) == (parameter, roles)

    def test_own_prefix_by_default_is_owned(self, learned):
        contract = learned(
            "import uuid\ndef new_connection_id(prefix='conn'): return f'{prefix}_{uuid.uuid4().hex}'\n"
        )
        assert heads(contract) == {"conn": ("_", "connection_id")}

    def test_placeholder_by_default_is_not(self, learned):
        assert not learned(
            "import uuid\ndef new_id(prefix='id'): return f'{prefix}_{uuid.uuid4().hex}'\n"
        ).prefixes


class TestRoles:
    NAMES: ClassVar = {
        "generate_session_id": ("session_id",),
        "new_thread_id": ("thread_id",),
        "make_run": ("run_id",),
        "createRequestId": ("request_id",),
        "thread_id": ("thread_id",),
        "mint_api_token": ("api_token",),
        "new_id": (),
        "generate_unique_id": (),
        "generate_short_uuid": (),
        "next_order_ids": ("order_id",),
    }

    @pytest.mark.parametrize(("name", "roles"), NAMES.items(), ids=NAMES)
    def test_by_the_name_of_the_function(self, learned, name, roles):
        contract = learned(f"import uuid\ndef {name}(): return uuid.uuid4().hex\n")
        assert contract.generators[0].roles == roles

    @pytest.mark.parametrize(
        ("name", "roles"),
        [("ThreadIdGenerator", ("thread_id",)), ("UnifiedIdGenerator", ()), ("IdFactory", ()), ("Ids", ())],
    )
    def test_by_the_name_of_the_class(self, learned, name, roles):
        contract = learned(f"import uuid\nclass {name}:\n    def generate(self): return uuid.uuid4().hex\n")
        assert contract.generators[0].roles == roles


class TestPrefixes:
    def test_enumerations_and_constants(self, learned):
        contract = learned(
            """\
            import uuid
            from enum import Enum, StrEnum, auto
            THREAD_PREFIX = "thread_"
            class Prefix(StrEnum):
                RUN = "run"
                TURN = auto()
            class Kind(str, Enum):
                JOB = "job"
            class Plain(Enum):
                STEP = "step"
            class Heads:
                MESSAGE = "msg"
                FULL = MESSAGE + "-x"
            TABLE = {"a": "alpha", Prefix.RUN: "beta"}
            def a(): return f"{THREAD_PREFIX}{uuid.uuid4()}"
            def b(): return f"{Prefix.RUN}_{uuid.uuid4()}"
            def c(): return Prefix.TURN + "_" + str(uuid.uuid4())
            def d(): return f"{Kind.JOB.value}_{uuid.uuid4()}"
            def e(): return f"{Plain.STEP.value}_{uuid.uuid4()}"
            def f(): return f"{Heads.FULL}_{uuid.uuid4()}"
            def g(kind): return f"{TABLE[kind]}_{uuid.uuid4()}"
            """
        )
        assert set(contract.prefixes) == {"thread", "run", "turn", "job", "step", "msg-x", "alpha", "beta"}
        assert contract.prefixes["thread"].row == 3

    def test_every_value_of_an_annotated_choice(self, learned):
        contract = learned(
            """\
            import uuid
            from enum import Enum
            from typing import Literal
            class Kind(Enum):
                USER = "user"
                AGENT = "agent"
            def for_kind(kind: Kind): return f"{kind.value}-{uuid.uuid4()}"
            def for_text(kind: Literal["thread", "run"]): return f"{kind}_{uuid.uuid4()}"
            def by_case(kind: str):
                match kind:
                    case "tool":
                        head = "tl"
                    case "step":
                        head = "st"
                    case _:
                        head = "misc"
                return f"{head}_{uuid.uuid4()}"
            """
        )
        assert heads(contract) == {
            "user": ("-", None),
            "agent": ("-", None),
            "thread": ("_", None),
            "run": ("_", None),
            "tl": ("_", None),
            "st": ("_", None),
            "misc": ("_", None),
        }

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ('f"ws_conn_{u}"', ("ws_conn", "_")),
            ('f"ws-conn-{u}"', ("ws-conn", "-")),
            ('f"app:thread:{u}"', ("app:thread", ":")),
            ('f"req{u}"', ("req", "")),
            ('f"v1.thread.{u}"', ("v1.thread", ".")),
            ('f"job#{u}"', ("job", "#")),
            ('f"two words {u}"', None),
            ('f"https://x/{u}"', None),
            ('f"<{u}>"', None),
            ('f"{u}_tail"', None),
            ('f"12_{u}"', None),
        ],
    )
    def test_head_and_separator(self, learned, expression, expected):
        contract = learned(f"import uuid\ndef new_id():\n    u = uuid.uuid4().hex\n    return {expression}\n")
        assert [(prefix.text, prefix.separator) for prefix in contract.prefixes.values()] == (
            [expected] if expected else []
        )

    def test_functions_that_are_no_generators(self, learned):
        contract = learned(
            """\
            import logging, time, uuid
            def make(prefix): return f"{prefix}_{uuid.uuid4().hex}"
            def open_session(user_id, operation, store):
                store.save(make("pos"), thread_id=make("key"))
                logging.info(f"opened_{time.time()}")
                cache_key = f"cache:{uuid.uuid4().hex}"
                message = f"made {make('quoted')}"
                run_id = make(f"run_{operation}")
                store["request_id"] = f"req_{uuid.uuid4().hex}"
                state = {"turn_id": "turn_" + uuid.uuid4().hex, "name": f"name_{time.time()}"}
                if time.time() > 3:
                    raise ValueError(f"late_{time.time()}")
                return {"user": f"{user_id}:default", **state}
            """
        )
        assert heads(contract) == {
            "pos": ("_", None),
            "key": ("_", "thread_id"),
            "quoted": ("_", None),
            "run": ("_", "run_id"),
            "req": ("_", "request_id"),
            "turn": ("_", "turn_id"),
        }


class TestClasses:
    def test_inheritance(self, learned):
        contract = learned(
            {
                "pkg/__init__.py": "",
                "pkg/base.py": """\
                    import uuid
                    class Base:
                        prefix = "base"
                        sep = "_"
                        def new_id(self):
                            return f"{self.prefix}{self.sep}{uuid.uuid4().hex}"
                        def overridden_id(self):
                            return "fixed"
                    """,
                "pkg/ids.py": """\
                    from pkg.base import Base
                    class Mixin:
                        @classmethod
                        def short_id(cls):
                            return cls().new_id()[:10]
                    class ThreadIds(Mixin, Base):
                        prefix = "thread"
                        def overridden_id(self):
                            return "x_" + super().new_id()
                    """,
            },
            "pkg.ids.ThreadIds",
        )
        formats = {
            each.qualified.rpartition(".")[2]: describe_format(each.formats[0])
            for each in contract.generators
        }
        assert formats == {
            "new_id": "thread_{hex:32}",
            "short_id": "thread_{hex:3}",
            "overridden_id": "x_thread_{hex:32}",
        }
        assert contract.sources[0].files == ("pkg/ids.py", "pkg/base.py")
        assert contract.generator("pkg.ids.ThreadIds.new_id").file == "pkg/base.py"

    def test_instance_state(self, learned):
        contract = learned(
            """\
            import itertools, threading, uuid
            class Counter:
                def __init__(self): self._value = 0
                def next(self):
                    self._value += 1
                    return self._value
            class Maker:
                _class_count = 0
                def __init__(self, node: str = "n1"):
                    self._lock = threading.Lock()
                    self._numbers = itertools.count()
                    self._own = 0
                    self._by_kind = {}
                    self._counter = Counter()
                def a_id(self): return f"a{next(self._numbers)}"
                def b_id(self):
                    with self._lock:
                        self._own += 1
                        return f"b{self._own}"
                def c_id(self, kind):
                    self._by_kind[kind] += 1
                    return f"c{self._by_kind[kind]}"
                def d_id(self): return f"d{self._counter.next()}"
                @classmethod
                def e_id(cls):
                    cls._class_count += 1
                    return f"e{cls._class_count}"
                def f_id(self, db): return f"f{db.incr('x')}"
            """,
            "ids.Maker",
        )
        formats = {generator.name: describe_format(generator.formats[0]) for generator in contract.generators}
        assert formats == {f"{name}_id": f"{name}{{counter}}" for name in "abcdef"}

    def test_settings_of_a_dataclass(self, learned):
        contract = learned(
            """\
            import uuid
            from dataclasses import dataclass, field
            @dataclass
            class Ids:
                prefix: str = "job"
                separator: str = field(default="-")
                def new_id(self): return f"{self.prefix}_{uuid.uuid4().hex}"
            turns = Ids("turn")
            def new_turn_id(): return turns.new_id()
            """
        )
        assert heads(contract) == {"job": ("_", None), "turn": ("_", "turn_id")}

    def test_what_a_subclass_settles(self, learned):
        contract = learned(
            """\
            import uuid
            from abc import ABC, abstractmethod
            class Base(ABC):
                PREFIX: str
                @property
                @abstractmethod
                def kind(self) -> str: ...
                @classmethod
                def new(cls): return f"{cls.PREFIX}-{uuid.uuid4().hex}"
                def make(self): return f"{self.kind}-{uuid.uuid4().hex}"
                def __call__(self): return self.make()
            class Threads(Base):
                PREFIX = "thr"
                @property
                def kind(self): return "thread"
            maker = Threads()
            def new_thread_id(): return maker()
            """,
            "ids",
        )
        formats = {each.qualified: describe_format(each.formats[0]) for each in contract.generators}
        assert formats["ids.Threads.new"] == "thr-{hex:32}"
        assert formats["ids.Threads.make"] == "thread-{hex:32}"
        assert formats["ids.new_thread_id"] == "thread-{hex:32}"

    def test_singleton_by_class_method(self, learned):
        contract = learned(
            """\
            import uuid
            class Ids:
                _instance = None
                def __new__(cls): return super().__new__(cls)
                @classmethod
                def shared(cls):
                    if cls._instance is None:
                        cls._instance = cls()
                    return cls._instance
                def new_id(self): return uuid.uuid4().hex
            _ids = None
            def current():
                global _ids
                if _ids is None:
                    _ids = Ids()
                return _ids
            def with_argument(n): return Ids()
            """,
            "ids.Ids",
        )
        assert [(each.name, each.is_call) for each in contract.sources[0].singletons] == [
            ("ids.current", True),
            ("ids.Ids.shared", True),
        ]
        assert contract.generator("ids.Ids.shared().new_id") is not None
        assert contract.generator("ids.current().new_id") is not None

    def test_functions_over_an_instance_that_is_made_when_needed(self, learned):
        contract = learned(
            """\
            import uuid
            class Ids:
                _instance = None
                @classmethod
                def shared(cls):
                    if not cls._instance:
                        cls._instance = cls()
                    return cls._instance
                def new_id(self, prefix): return f"{prefix}_{uuid.uuid4().hex}"
            _ids = None
            def _current():
                global _ids
                if _ids is None:
                    _ids = Ids()
                return _ids
            def new_thread_id(): return _current().new_id("thread")
            def new_run_id(): return Ids.shared().new_id("run")
            """
        )
        assert heads(contract) == {"thread": ("_", "thread_id"), "run": ("_", "run_id")}

    def test_strings_of_a_class_of_their_own(self, learned):
        contract = learned(
            """\
            import uuid
            from typing import NewType
            ThreadId = NewType("ThreadId", str)
            class RunId(str):
                pass
            class TurnId(str):
                def __new__(cls): return super().__new__(cls, f"turn_{uuid.uuid4().hex}")
            def new_thread_id() -> ThreadId: return ThreadId(f"thread_{uuid.uuid4().hex}")
            def new_run_id() -> RunId: return RunId(f"run_{uuid.uuid4().hex}")
            """
        )
        assert heads(contract) == {"thread": ("_", "thread_id"), "run": ("_", "run_id")}

    def test_opaque_strings_count_where_the_annotation_says_so(self, learned):
        contract = learned(
            """\
            import uuid, codec
            def new_id() -> str: return codec.shorten(uuid.uuid4())
            def new_thing(): return codec.wrap(uuid.uuid4())
            """
        )
        assert [(each.name, describe_format(each.formats[0])) for each in contract.generators] == [
            ("new_id", "{any}")
        ]


@dataclass(frozen=True)
class Change:
    roles: tuple[str, ...] | None = None
    prefixes: tuple[str, ...] | None = None
    prefix_parameter: str | None = None
    optional: tuple[str, ...] | None = None
    generator: bool | None = None


class TestOverrides:
    TEXT = """\
        import uuid, other
        def make(stem, user=None): return f"{stem}{uuid.uuid4().hex}"
        def new_pair(): return f"a_{uuid.uuid4()}", f"b_{uuid.uuid4()}"
        def remote(kind): return other.fetch(kind)
        def parse(value): return value
    """

    def test_say_what_cannot_be_learned(self, learned):
        contract = learned(
            self.TEXT,
            overrides={
                "make": Change(roles=("job_id",), prefixes=("job_",), optional=("stem",)),
                "new_pair": Change(roles=("left_id", "right_id")),
                "remote": Change(generator=True, prefix_parameter="kind"),
            },
        )
        found = by_name(contract)
        assert found["make"].roles == ("job_id",)
        assert [each.accepts_none for each in found["make"].parameters] == [True, False]
        assert found["new_pair"].roles == ("left_id", "right_id")
        assert (found["remote"].prefix_parameter, found["remote"].formats[0].alternatives) == ("kind", ())
        assert heads(contract) == {"a": ("_", "a_id"), "b": ("_", "b_id"), "job": ("_", "job_id")}

    def test_name_the_roles_of_what_cannot_be_seen(self, learned):
        contract = learned(
            self.TEXT,
            overrides={
                "remote": Change(generator=True, roles=("thread_id", "run_id"), prefixes=("thr", "run"))
            },
        )
        remote = by_name(contract)["remote"]
        assert (remote.returns, remote.roles, len(remote.formats)) == (
            Returns.TUPLE,
            ("thread_id", "run_id"),
            2,
        )
        assert heads(contract)["thr"] == ("", "thread_id")

    def test_take_a_generator_away_with_its_prefixes(self, learned):
        contract = learned(self.TEXT, overrides={"new_pair": Change(generator=False)})
        assert set(by_name(contract)) == {"make"}
        assert not contract.prefixes

    WRONG: ClassVar = {
        "no such function": ("mak", Change(), "overrides.mak", 'did you mean "make"?'),
        "no generator": ("parse", Change(roles=("x_id",)), "overrides.parse", "generator = true"),
        "no such parameter": (
            "make",
            Change(optional=("usr",)),
            "overrides.make.optional",
            'did you mean "user"?',
        ),
        "no such prefix parameter": (
            "make",
            Change(prefix_parameter="x"),
            "overrides.make.prefix-parameter",
            "no parameter x",
        ),
        "wrong number of roles": (
            "new_pair",
            Change(roles=("a_id",)),
            "overrides.new_pair.roles",
            "returns 2 elements, not 1",
        ),
        "impossible prefix": (
            "make",
            Change(prefixes=("a b",)),
            "overrides.make.prefixes",
            '"a b" can head no ID',
        ),
    }

    @pytest.mark.parametrize(("name", "change", "key", "words"), WRONG.values(), ids=WRONG)
    def test_that_contradict_the_source(self, learned, name, change, key, words):
        with pytest.raises(InputError) as error:
            learned(self.TEXT, overrides={name: change})
        (problem,) = error.value.problems
        assert problem.key == key
        assert words in problem.message

    def test_are_all_reported_at_once(self, learned):
        with pytest.raises(InputError) as error:
            learned(self.TEXT, "ids", "nowhere", overrides={"mak": Change()})
        assert [problem.key for problem in error.value.problems] == ["source"]
        with pytest.raises(InputError) as error:
            learned(self.TEXT, overrides={"mak": Change(), "pars": Change()})
        assert len(error.value.problems) == 2


class TestRobustness:
    OWN = sorted(Path(ssot_lint.source.__file__).parent.rglob("*.py"))

    @pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
    def test_reads_any_module(self, path):
        root = Path(ssot_lint.__file__).parents[1]
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        with contextlib.suppress(InputError):
            learn([Target(name)], [Path()], root, {})

    def test_gives_up_on_what_is_endless(self, learned):
        calls = "\n".join(
            f"def f{n}(x, y=None): return f{n + 1}(x + '{n}') + f{n + 1}(x + 'y', y)" for n in range(40)
        )
        contract = learned(
            f"import uuid\n{calls}\ndef f40(x, y=0): return x\ndef new_id(): return uuid.uuid4().hex\n"
        )
        assert set(by_name(contract)) == {"new_id"}

    def test_gives_up_on_what_is_too_deep(self, learned):
        text = " + ".join(["'a'"] * 700)
        contract = learned(f"import uuid\ndef deep(): return {text}\ndef new_id(): return uuid.uuid4().hex\n")
        assert set(by_name(contract)) == {"new_id"}
