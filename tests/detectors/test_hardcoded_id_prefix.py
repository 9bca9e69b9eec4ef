"""`hardcoded-id-prefix`: IDs put together behind a prefix of the source, and all that only begins with one."""

from __future__ import annotations

import pytest
from checked import Checked, check_cases

FOUND = {
    "f-string": "import uuid\nx = «f'thread_{uuid.uuid4()}'»",
    "f-string with more in it": "import uuid\nx = «f'thread_{a}_b_{uuid.uuid4().hex[:8]!r:>8}_c'»",
    "f-string with other quotes": (
        'import uuid\nx = «F"""thread_{uuid.uuid4()}"""», «rf"run_{uuid.uuid4()}"»'
    ),
    "f-string over rows": "import uuid\nx = «f'''thread_{\n    uuid.uuid4()\n}'''»",
    "f-strings in a row": "import uuid\nx = («f'thread_'» f'{a}_'\n     f'{uuid.uuid4()}')",
    "string before an f-string": "import uuid\nx = («'thread_'» f'{uuid.uuid4()}')",
    "plus": "import uuid\nx = «'thread_'» + str(uuid.uuid4())",
    "plus, several times": "import uuid\nx = «'thread'» + '_' + a + '_' + uuid.uuid4().hex + '_end'",
    "plus in parentheses": "import uuid\nx = ((«'thread_'» + a) + ('_' + str(uuid.uuid4())))",
    "plus over rows": "import uuid\nx = (\n    «'thread_'»  # comment\n    + str(uuid.uuid4())\n)",
    "plus behind an f-string": "import uuid\nx = «f'thread_{a}_'» + uuid.uuid4().hex",
    "percent": "import uuid\nx = «'thread_%s'» % uuid.uuid4()",
    "percent with a tuple": "import time\nx = «'thread_%s_%05.2f%%'» % (a, time.time())",
    "percent with names": "import uuid\nx = «'thread_%(id)s'» % {'id': uuid.uuid4()}",
    "percent with strings in a row": "import uuid\nx = («'thread_'» '%s') % uuid.uuid4()",
    "format": "import uuid\nx = «'thread_{}'».format(uuid.uuid4())",
    "format with places": "import uuid\nx = «'thread_{1}_{0}'».format(uuid.uuid4(), a)",
    "format with names": "import uuid\nx = «'thread_{a}_{id.hex:>8}'».format(a=1, id=uuid.uuid4())",
    "join": "import uuid\nx = '_'.join([«'thread'», a, uuid.uuid4().hex])",
    "join of a tuple": "import uuid\nx = '_'.join((«'thread'», uuid.uuid4().hex))",
    "join without a separator": "import uuid\nx = ''.join([«'thread_'», uuid.uuid4().hex])",
    "prefix of two words": "import uuid\nx = «f'ws_conn_{a}_{uuid.uuid4()}'»",
    "all UUIDs": (
        "import uuid\nx = [«f'run_{uuid.uuid1()}'», «f'run_{uuid.uuid5(a, b)}'», «f'run_{uuid.getnode()}'»]"
    ),
    "imported names": (
        "from uuid import uuid4 as new\nfrom time import time\nx = «f'run_{new()}'», «f'run_{time()}'»"
    ),
    "time": (
        "import time\n"
        "x = [«f'run_{time.time()}'», «f'run_{int(time.time() * 1000)}'», «f'run_{time.time_ns()}'»,"
        " «f'run_{time.monotonic()}'», «f'run_{time.perf_counter_ns()}'»]"
    ),
    "date": (
        "import datetime\nfrom datetime import datetime as dt\n"
        "x = [«f'run_{dt.now():%Y%m%d}'», «f'run_{dt.utcnow().isoformat()}'»,"
        " «f'run_{datetime.datetime.now(datetime.UTC).timestamp()}'»]"
    ),
    "random": (
        "import os, random, secrets\n"
        "x = [«f'run_{random.randint(0, 9)}'», «f'run_{secrets.token_hex(4)}'»,"
        " «f'run_{os.urandom(4).hex()}'», «f'run_{\"\".join(random.choices(a, k=8))}'»]"
    ),
    "local name": "import uuid\ndef f():\n    end = uuid.uuid4().hex\n    return «f'thread_{end}'»",
    "local name of a local name": (
        "import time\ndef f():\n    now = time.time()\n    stamp = int(now)\n    return «f'run_{stamp}'»"
    ),
    "attribute of a local name": (
        "import uuid\ndef f():\n    id = uuid.uuid4()\n    return «f'thread_{id.hex[:8]}'»"
    ),
    "local name in a branch": (
        "import uuid\ndef f(end=None):\n    if not end:\n"
        "        end = uuid.uuid4()\n    return «f'thread_{end}'»"
    ),
    "local name with a fallback": (
        "import uuid\ndef f(a):\n    end = a or uuid.uuid4()\n    return «f'thread_{end}'»"
    ),
    "name of an outer function": (
        "import uuid\ndef f():\n    end = uuid.uuid4()\n    def g():\n        return «f'thread_{end}'»"
    ),
    "name of a comprehension's function": (
        "import uuid\ndef f(a):\n    end = uuid.uuid4()\n    return [«f'run_{end}_{i}'» for i in a]"
    ),
    "name by a walrus": (
        "import uuid\ndef f():\n    return «f'thread_{(end := uuid.uuid4())}'», «f'run_{end}'»"
    ),
    "name of the module in the module": "import time\nstamp = time.time()\nrun_id = «f'run_{stamp}'»",
    "name of the module in a default": (
        "import time\nstamp = time.time()\ndef f(run_id=«f'run_{stamp}'»): pass"
    ),
    "function by another name": "import uuid\nnew = uuid.uuid4\ndef f():\n    return «f'run_{new()}'»",
    "module by another name": "import random\nr = (random)\ndef f():\n    return «f'run_{r.random()}'»",
    "module by getattr": (
        "import importlib\nr = importlib.import_module('random')\ndef f():\n    return «f'run_{r.choice(a)}'»"
    ),
    "import with another name": "import secrets as s\ndef f():\n    return «f'run_{s.token_hex()}'»",
    "imported class": "from uuid import UUID\ndef f():\n    return «f'run_{UUID(int=a)}'»",
    "imported functions": (
        "from uuid import getnode\nfrom random import choice\n"
        "def f():\n    return «f'run_{getnode()}'», «f'run_{choice(a)}'»"
    ),
    "name that another function binds": (
        "import uuid\ndef g():\n    global new\n    new = uuid.uuid4\ndef f():\n"
        "    return «f'run_{new()}'», «f'run_{uuid.uuid4()}'»"
    ),
    "join over rows": (
        "import uuid\nx = '_'.join(\n    [  # comment\n        «'thread'»,\n        uuid.uuid4().hex,\n    ]\n)"
    ),
    "import in the function": "def f():\n    import uuid\n    return «f'thread_{uuid.uuid4()}'»",
    "places": (
        "import uuid\n"
        "class A:\n"
        "    id = «f'thread_{uuid.uuid4()}'»\n"
        "    run = field(default_factory=lambda: «f'run_{uuid.uuid4()}'»)\n"
        "    def f(self, a=«f'run_{uuid.uuid4()}'»):\n"
        "        self.id = a or «f'thread_{uuid.uuid4()}'»\n"
        "        b = {'thread_id': «f'thread_{uuid.uuid4()}'»}\n"
        "        c = self.g(«f'run_{uuid.uuid4()}'», d=«f'run_{uuid.uuid4()}'»)\n"
        "        return a if b else «f'thread_{uuid.uuid4()}'»\n"
        "    @g(«f'run_{uuid.uuid4()}'»)\n"
        "    async def h(self): yield «f'thread_{uuid.uuid4()}'»"
    ),
    "two on a row": "import uuid\nx, y = «f'thread_{uuid.uuid4()}'», «f'run_{uuid.uuid4()}'»",
    "one in the other": "import uuid\nx = «f'thread_{f(«f\"run_{uuid.uuid4()}\"»)}'»",
}

LEFT_ALONE = {
    "derived key": (
        "def f(user_id):\n    return f'session_{user_id}', 'session_' + user_id, 'session_%s' % user_id"
    ),
    "derived from what the caller gives": "import uuid\ndef f(id: uuid.UUID):\n    return f'thread_{id}'",
    "derived from an attribute": (
        "import uuid\nclass A:\n    def f(self):\n        return f'thread_{self.id}'"
    ),
    "derived from what the module made once": (
        "import time\nSTART = time.time()\ndef f():\n    return f'run_{START}'"
    ),
    "handed to the source": (
        "import uuid\nfrom app.ids import IdGenerator\n"
        "x = IdGenerator.generate_base_id(f'session_{uuid.uuid4()}')"
    ),
    "prefix that begins alike": (
        "import time\nx = f'thread_pool_{time.time()}', f'threads_{time.time()}', f'runner_{time.time()}'"
    ),
    "prefix with another separator": (
        "import time\nx = f'thread-{time.time()}', f'thread{time.time()}', f'run__{time.time()}'"
    ),
    "prefix in capitals": "import time\nx = f'THREAD_{time.time()}', f'Thread_{time.time()}'",
    "prefix that is not at the start": (
        "import time\n"
        "x = f'my_thread_{time.time()}', f'{a}thread_{time.time()}', a + 'thread_' + str(time.time())"
    ),
    "prefix that nobody owns": "import time\nx = f'order_{time.time()}', 'order_' + str(time.time())",
    "no value": "x = 'thread_', f'thread_', 'thread_' + 'a', '%s', 'thread_{}', 'thread_%s'",
    "message to a log": (
        "import logging, uuid\n"
        "logging.info(f'thread_{uuid.uuid4()}')\n"
        "self.logger.error('thread_%s' % uuid.uuid4())\n"
        "log.debug('thread_{}'.format(uuid.uuid4()))"
    ),
    "message to the terminal": "import uuid\nprint(f'thread_{uuid.uuid4()}')",
    "message of an exception": (
        "import uuid\nraise ValueError(f'thread_{uuid.uuid4()}') from E(f'run_{uuid.uuid4()}')"
    ),
    "warning": "import uuid, warnings\nwarnings.warn(f'thread_{uuid.uuid4()}')",
    "text with spaces": (
        "import uuid\n"
        "x = f'thread_{uuid.uuid4()} was opened', f'thread_{uuid.uuid4()}\\n"
        "', 'thread_' + str(uuid.uuid4()) + ' x'"
    ),
    "SQL": (
        "import uuid\nx = f'session_{uuid.uuid4().hex} TEXT NOT NULL', 'run_%s INTEGER' % uuid.uuid4().hex"
    ),
    "key of a dict": "import time\nx = {f'run_{time.time()}': 1}\ny = {f'run_{time.time()}': 1 for _ in a}",
    "key of a subscript": "import time\nx[f'run_{time.time()}'] = 1\ny = x['run_' + str(time.time())]",
    "file name": "import time\nx = f'run_{time.time()}.log', 'run_%s.json' % time.time()",
    "file name by its variable": (
        "import time\nlog_file = f'run_{time.time()}'\n"
        "output_path = 'run_' + str(time.time())\n"
        "self.cache_dir = f'run_{time.time()}'"
    ),
    "file name by its place": (
        "import os, time\nfrom pathlib import Path\n"
        "open(f'run_{time.time()}')\nPath(f'run_{time.time()}')\n"
        "os.path.join(a, f'run_{time.time()}')\n"
        "x = Path(a) / f'run_{time.time()}'"
    ),
    "e-mail address": "import uuid\nx = f'run_{uuid.uuid4()}@example.com'",
    "prefix that is looked for": (
        "x = a.startswith('thread_') or 'thread_' in a or a == 'thread_' or a.split('thread_')"
    ),
    "compared": "import uuid\nassert a == f'thread_{uuid.uuid4()}'\nassert f'thread_{uuid.uuid4()}' != a",
    "bytes": "import uuid\nx = b'thread_' + uuid.uuid4().bytes, b'thread_%s' % uuid.uuid4().bytes",
    "separator, not first": "import uuid\nx = 'thread_'.join([a, uuid.uuid4().hex])",
    "join of something else": (
        "import uuid\n"
        "x = '_'.join(a), '_'.join(['thread', *a]), '_'.join(b for b in ['thread', uuid.uuid4().hex])"
    ),
    "other operators": "import uuid\nx = 'thread_' * uuid.uuid4().int, 'thread_' - uuid.uuid4()",
    "function that is not called": (
        "import uuid\nx = f'thread_{uuid.uuid4}', f'thread_{(lambda: uuid.uuid4())}'"
    ),
    "rest of a module that is not fresh": (
        "import time, datetime, os\n"
        "x = f'run_{time.gmtime(0)}', f'run_{datetime.date(1, 1, 1)}', f'run_{os.getpid()}'"
    ),
    "names that are something else": (
        "import clock as time\ndef f(uuid):\n    return f'run_{time.time()}', f'thread_{uuid.uuid4()}'"
    ),
    "format that does not fit": (
        "import uuid\n"
        "x = 'thread_{}_{}'.format(uuid.uuid4()), 'thread_{'.format(uuid.uuid4()), 'thread_%s_%s' % (uuid.uuid4(),)"
    ),
    "docstring": '"""thread_{uuid.uuid4()}"""\n# f"thread_{uuid.uuid4()}"',
}

LIMITS = {
    "prefix in a variable": (
        "import uuid\nPREFIX = 'thread_'\nx = PREFIX + uuid.uuid4().hex, f'{PREFIX}{uuid.uuid4()}'"
    ),
    "put together over several statements": "import uuid\nx = 'thread_'\nx += uuid.uuid4().hex",
    "prefix that is put together": (
        "import uuid\n"
        "x = 'thr' + 'ead_' + uuid.uuid4().hex, 'thr' f'ead_{uuid.uuid4()}', 'thread\\x5f' + uuid.uuid4().hex"
    ),
}

DERIVED = {
    "f-string": "def f(a):\n    return «f'session_{a}'»",
    "other ways": (
        "x = «'session_'» + a, «'session_%s'» % a, «'session_{}'».format(a), '_'.join([«'session'», a])"
    ),
    "message": "log.info(f'session_{a}')",
    "key": "x[f'session_{a}'] = {f'session_{a}': 1}",
    "file name": "x = f'session_{a}.json'",
    "text with spaces": "x = f'session_{a} is open'",
    "no value": "x = 'session_', 'session_' + 'a'",
    "handed to the source": "IdGenerator.generate_base_id(f'session_{a}')",
    "fresh, too": "import uuid\nx = «f'session_{uuid.uuid4()}'»",
}

CASES = {**FOUND, **LEFT_ALONE, **LIMITS}
RULE = "hardcoded-id-prefix"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check_cases(tmp_path_factory.mktemp("prefix"), RULE, CASES)


@pytest.mark.parametrize("case", FOUND)
def test_found(checked: Checked, case: str) -> None:
    assert checked.marks[case]
    assert checked.spans(case) == checked.marks[case]
    assert checked.problems(case) == []


@pytest.mark.parametrize("case", [*LEFT_ALONE, *LIMITS])
def test_left_alone(checked: Checked, case: str) -> None:
    assert checked.spans(case) == []
    assert checked.problems(case) == []


@pytest.fixture(scope="module")
def with_derived(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    config = f"\n[tool.ssot-lint.rules.{RULE}.params]\nderived = true\n"
    return check_cases(tmp_path_factory.mktemp("derived"), RULE, DERIVED, config=config)


@pytest.mark.parametrize("case", DERIVED)
def test_derived_keys_on_request(with_derived: Checked, case: str) -> None:
    assert with_derived.spans(case) == with_derived.marks[case]
    assert with_derived.problems(case) == []


def test_messages_tell_an_id_from_a_key(with_derived: Checked) -> None:
    (key,) = with_derived.findings("f-string")
    (fresh,) = with_derived.findings("fresh, too")
    assert "a key with the prefix `session`" in key.message
    assert "an ID with the prefix `session` is put together by hand" in fresh.message
    assert "`generate_session_id`" in key.message
    assert "`generate_session_id`" in fresh.message
