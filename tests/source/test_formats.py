"""What one function makes, in every way of putting a string together."""

from __future__ import annotations

import pytest

from ssot_lint.source.contract import Contract, Generator
from ssot_lint.source.facts import describe_format

HEADER = """\
import base64, binascii, datetime, hashlib, itertools, os, random, secrets, string, time, uuid
import itertools as it
from datetime import datetime as dt, timezone
from functools import partial
from uuid import uuid4
from uuid import uuid4 as fresh

_count = itertools.count(1)
_n = 0
_state = {"n": 0}
_cell = [0]
ALPHABET = string.ascii_lowercase + string.digits
THREAD = "thread_"
PREFIXES = {"thread": "thr", "run": "run"}

def _bump():
    global _n
    _n += 1
    return _n

def _bump_modulo():
    global _n
    _n = (_n + 1) % 1000
    return _n
"""


def function(body: str, signature: str = "()") -> str:
    lines = body.strip("\n").splitlines() if "\n" in body else [f"return {body}"]
    return f"{HEADER}\ndef make{signature}:\n" + "\n".join(f"    {line}" for line in lines) + "\n"


def made(contract: Contract) -> Generator | None:
    return contract.generator("ids.make")


MADE = {
    # the raw generators
    "str of a uuid": ("str(uuid.uuid4())", "{uuid:36}"),
    "hex": ("uuid.uuid4().hex", "{hex:32}"),
    "hex slice": ("uuid4().hex[:8]", "{hex:8}"),
    "hex slice from the end": ("uuid4().hex[-12:]", "{hex:12}"),
    "hex slice in the middle": ("uuid4().hex[4:10]", "{hex:6}"),
    "slice of a str": ("str(fresh())[:8]", "{hex:8}"),
    "longer slice of a str": ("str(fresh())[:13]", "{any:13}"),
    "uuid without dashes": ('str(uuid4()).replace("-", "")', "{hex:32}"),
    "uuid with underscores": ('str(uuid4()).replace("-", "_")', "{any:36}"),
    "upper case": ("uuid4().hex.upper()", "{hex:32}"),
    "uuid1": ("str(uuid.uuid1())", "{uuid:36}"),
    "uuid as a number": ("str(uuid4().int)", "{decimal:1-39}"),
    "uuid bytes": ("uuid4().bytes.hex()", "{hex:32}"),
    "uuid of random bytes": ("str(uuid.UUID(bytes=os.urandom(16)))", "{uuid:36}"),
    "urn": ("uuid4().urn", "urn:uuid:{uuid:36}"),
    "token_hex": ("secrets.token_hex(6)", "{hex:12}"),
    "token_hex without a length": ("secrets.token_hex()", "{hex:64}"),
    "token_urlsafe": ("secrets.token_urlsafe(16)", "{urlsafe:22}"),
    "urandom": ("os.urandom(5).hex()", "{hex:10}"),
    "choices": ('"".join(random.choices(ALPHABET, k=10))', "{any:10}"),
    "choices of hex digits": ('"".join(random.choices("0123456789abcdef", k=4))', "{hex:4}"),
    "choice in a comprehension": ('"".join(secrets.choice(string.digits) for _ in range(6))', "{decimal:6}"),
    "sample": ('"".join(random.sample(ALPHABET, 3))', "{any:3}"),
    "randint": ('f"job-{random.randint(1000, 9999)}"', "job-{decimal:4}"),
    "randbelow": ('f"job-{secrets.randbelow(1000):03d}"', "job-{decimal:3}"),
    "getrandbits": ('f"{random.getrandbits(32):08x}"', "{hex:8}"),
    "system random": ('f"n{random.SystemRandom().randint(0, 9)}"', "n{decimal:1}"),
    "base64": (
        'base64.urlsafe_b64encode(uuid4().bytes).rstrip(b"=").decode()',
        "{urlsafe:22}",
    ),
    "padded base64": ("base64.b64encode(os.urandom(4)).decode()", "{base64:6}=="),
    "base16": ("base64.b16encode(os.urandom(4)).decode()", "{hex:8}"),
    "hexlify": ("binascii.hexlify(os.urandom(4)).decode()", "{hex:8}"),
    "base32": ("base64.b32encode(os.urandom(10)).decode().lower()", "{base32:16}"),
    "hash of something fresh": ("hashlib.sha256(str(uuid4()).encode()).hexdigest()[:12]", "{hex:12}"),
    "hash of the time": ("hashlib.md5(str(time.time()).encode()).hexdigest()", None),
    # time and counters
    "milliseconds": ('f"t{int(time.time() * 1000)}"', "t{ms:13}"),
    "rounded milliseconds": ('f"t{round(time.time() * 1000)}"', "t{ms:13}"),
    "seconds": ('f"t{int(time.time())}"', "t{s:10}"),
    "nanoseconds": ('f"t{time.time_ns()}"', "t{ns:19}"),
    "nanoseconds to milliseconds": ('f"t{time.time_ns() // 1_000_000}"', "t{ms:13}"),
    "microseconds": ('f"t{int(time.time() * 1e6)}"', "t{us:16}"),
    "hexadecimal time": ('f"t{int(time.time() * 1000):x}"', "t{ms hex:11}"),
    "last digits of the time": ('f"t{int(time.time() * 1000) % 100000}"', "t{timestamp:1-5}"),
    "strftime": ("f\"t{dt.now().strftime('%Y%m%d%H%M%S')}\"", "t{%Y%m%d%H%M%S:14}"),
    "strftime in a format spec": ('f"t{dt.now(timezone.utc):%Y%m%d}"', "t{%Y%m%d:8}"),
    "strftime with a head": ("datetime.datetime.utcnow().strftime('job-%H%M')", "job-{%H%M:4}"),
    "timestamp()": ('f"t{int(dt.utcnow().timestamp() * 1000)}"', "t{ms:13}"),
    "isoformat": ('f"t{dt.now().isoformat()}"', "t{iso:19-32}"),
    "a counter": ('f"job_{next(_count)}"', "job_{counter}"),
    "a padded counter": ('f"job_{next(_count):06d}"', "job_{counter:6+}"),
    "a global that is incremented": ('f"job_{_bump()}"', "job_{counter}"),
    "a global that wraps": ('f"job_{_bump_modulo()}"', "job_{counter:1-3}"),
    # string building
    "f-string": ('f"thread_{uuid4().hex[:8]}"', "thread_{hex:8}"),
    "f-string with a conversion": ('f"thread_{uuid4()!s}"', "thread_{uuid:36}"),
    "f-string over several lines": (
        """
        return (
            f"thread_"
            f"{uuid4().hex}"
        )
        """,
        "thread_{hex:32}",
    ),
    "concatenation": ('"thread_" + uuid4().hex', "thread_{hex:32}"),
    "concatenation of three": ('"thread" + "-" + str(uuid4())', "thread-{uuid:36}"),
    "percent": ('"thread_%s" % uuid4().hex', "thread_{hex:32}"),
    "percent with a tuple": ('"%s-%d-%s" % ("run", next(_count), uuid4().hex[:4])', "run-{counter}-{hex:4}"),
    "percent with names": ('"%(p)s_%(u)s" % {"p": "run", "u": uuid4().hex}', "run_{hex:32}"),
    "format": ('"thread_{}".format(uuid4().hex)', "thread_{hex:32}"),
    "format with indices": ('"{1}_{0}".format(uuid4().hex, "run")', "run_{hex:32}"),
    "format with names": ('"{kind}:{u.hex}".format(kind="run", u=uuid4())', "run:{hex:32}"),
    "format with doubled braces": ('"{{x}}{}".format(uuid4().hex)', "{x}{hex:32}"),
    "join": ('"_".join(["thread", uuid4().hex])', "thread_{hex:32}"),
    "join of a tuple": ('"-".join(("run", str(next(_count)), uuid4().hex[:4]))', "run-{counter}-{hex:4}"),
    "join over map": ('"_".join(map(str, ["run", int(time.time()), next(_count)]))', "run_{s:10}_{counter}"),
    "module constant": ('f"{THREAD}{uuid4().hex}"', "thread_{hex:32}"),
    "table": ("f\"{PREFIXES['thread']}_{uuid4().hex}\"", "thr_{hex:32}"),
    "repetition": ('"ab" * 2 + uuid4().hex', "abab{hex:32}"),
    "a slice of the whole": ('f"thread_{uuid4().hex}"[:15]', "thread_{hex:8}"),
    "the last piece of a whole": ('f"thread_{uuid4().hex}".split("_")[-1]', "{hex:32}"),
    "removed prefix": ('f"thread_{uuid4().hex}".removeprefix("thread_")', "{hex:32}"),
    "partial": ("partial(secrets.token_hex, 4)()", "{hex:8}"),
    "local alias": ("new = uuid.uuid4\nreturn str(new())\n", "{uuid:36}"),
    "local import": ("import uuid as u\nreturn u.uuid4().hex\n", "{hex:32}"),
    "local function": (
        "def suffix():\n    return uuid4().hex[:4]\nreturn 'x_' + suffix()\n",
        "x_{hex:4}",
    ),
    "lambda": ("suffix = lambda n: secrets.token_hex(n)\nreturn f'x_{suffix(2)}'\n", "x_{hex:4}"),
    "walrus": ("if (u := uuid4().hex):\n    return f'x_{u}'\nreturn f'y_{u}'\n", "x_{hex:32}"),
    "augmented": ("s = 'x_'\ns += uuid4().hex\nreturn s\n", "x_{hex:32}"),
    "list that grows": ("p = ['x']\np.append(uuid4().hex[:4])\nreturn '_'.join(p)\n", "x_{hex:4}"),
    "loop of known length": (
        "s = ''\nfor _ in range(5):\n    s += secrets.choice('01')\nreturn s\n",
        "{decimal:5}",
    ),
    "loop of unknown length": (
        "s = 'x_'\nwhile len(s) < 9:\n    s += secrets.choice('ab')\nreturn s\n",
        "x_{any}",
    ),
    "digits in another base": (
        "n, s = uuid4().int, ''\nwhile n:\n    n, r = divmod(n, 62)\n    s = ALPHABET[r] + s\nreturn s\n",
        "{any}",
    ),
    "try with a fallback": (
        "try:\n    return f'a_{secrets.token_hex(2)}'\nexcept OSError:\n    return f'b_{uuid4().hex}'\n",
        "a_{hex:4} | b_{hex:32}",
    ),
    "return from a loop": (
        "s = 'x_'\nwhile True:\n    s += secrets.choice('01')\n    if len(s) > LIMIT:\n        return s\n",
        "x_{any}{decimal:1}",
    ),
    "recursion until it is new": (
        "new = f'x_{uuid4().hex}'\nreturn make() if new in USED else new\n",
        "x_{hex:32}",
    ),
    "retry until it is new": (
        "while True:\n    made = uuid4().hex\n    if made not in USED:\n        return made\n",
        "{hex:32}",
    ),
    "with a lock": ("with LOCK:\n    n = next(_count)\nreturn f'x{n}'\n", "x{counter}"),
    "item that is counted": ("_state['n'] += 1\nreturn f\"x{_state['n']}\"\n", "x{counter}"),
    "list item that is counted": ("_cell[0] += 1\nreturn f'x{_cell[0]}'\n", "x{counter}"),
    # not IDs
    "a constant": ('"thread_main"', None),
    "a number": ("int(time.time())", None),
    "a truth value": ("uuid4().hex == 'x'", None),
    "a dict": ('{"id": uuid4().hex}', None),
    "nothing": ("pass\n", None),
    "only the time": ("dt.now().isoformat()", None),
    "uuid5 of constants": ('str(uuid.uuid5(uuid.NAMESPACE_DNS, "x"))', None),
    "an object": ("object()", None),
    "an iterator": ("yield uuid4().hex\n", None),
}


@pytest.mark.parametrize(("body", "expected"), MADE.values(), ids=MADE)
def test_what_a_function_makes(learned, body, expected):
    contract = learned(function(body) + "\ndef other_id():\n    return uuid4().hex\n")
    generator = made(contract)
    shown = describe_format(generator.formats[0]) if generator else None
    assert shown == expected


@pytest.mark.parametrize(
    ("signature", "body", "expected", "usual"),
    [
        ("(factory=uuid4)", 'f"x_{factory()}"', "x_{uuid:36}", "x_{uuid:36}"),
        ("(clock=time.time)", 'f"x_{int(clock())}"', "x_{s:10}", "x_{s:10}"),
        ("(size=8)", 'f"x_{secrets.token_hex(size // 2)}"', "x_{hex}", "x_{hex:8}"),
        ("(n=3)", '"".join(secrets.choice("xyz") for _ in range(n))', "{any}", "{any:3}"),
        (
            "(long=False)",
            'f"x_{uuid4().hex}" if long else f"x_{uuid4().hex[:4]}"',
            "x_{hex:4-32}",
            "x_{hex:4}",
        ),
        (
            "(user=None)",
            'f"x_{user}_{uuid4().hex}" if user else f"x_{uuid4().hex}"',
            "x_{user}_{hex:32} | x_{hex:32}",
            "x_{hex:32}",
        ),
        ('(kind="web")', 'f"x_{kind}_{uuid4().hex}"', "x_{kind}_{hex:32}", "x_{kind}_{hex:32}"),
        (
            "(name)",
            'f"x_{name[:8] if len(name) >= 8 else name}_{uuid4().hex}"',
            "x_{name:0-8}_{hex:32}",
            "x_{name:0-8}_{hex:32}",
        ),
    ],
    ids=lambda text: text if text.startswith("(") else "",
)
def test_what_hangs_on_arguments(learned, signature, body, expected, usual):
    generator = made(learned(function(body, signature)))
    assert describe_format(generator.formats[0]) == expected
    assert describe_format(generator.default_formats[0]) == usual
