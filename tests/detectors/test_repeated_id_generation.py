"""`repeated-id-generation`: second calls that could have taken their part from the first, and all that could not."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from checked import Checked, check_cases

# `ids(` stands for `IdGenerator.generate_user_context_ids(`; each case is the body of `def f(user, other)`.
FOUND = {
    "unpacked": """
        a, _, _ = ids(user)
        _, b, _ = «ids(user)»
        return a, b
    """,
    "subscripted": """
        return ids(user)[0], «ids(user)»[1]
    """,
    "counted from the end": """
        return ids(user)[0], «ids(user)»[-1]
    """,
    "unpacked and subscripted": """
        [a, _, _] = ids(user)
        return a, «ids(user)»[2]
    """,
    "subscripted later": """
        first = ids(user)
        second = «ids(user)»
        return first[0], second[1], first[0]
    """,
    "third call": """
        return ids(user)[0], «ids(user)»[1], «ids(user)»[2]
    """,
    "unpacked names that nobody reads": """
        a, unused, other = ids(user)
        _, b, __ = «ids(user)»
        return a, b
    """,
    "default written out": """
        return ids(user)[0], «ids(user, 'context')»[1]
    """,
    "by keyword": """
        return ids(user)[0], «ids(operation="context", user_id=user)»[1]
    """,
    "the same in other words": """
        a = ids(user.id, "x" 'y')[0]
        b = «ids( (user . id),  # comment
                 'xy' )»[1]
        return a, b
    """,
    "arguments that stay the same": """
        a, _, _ = ids(self.users[0], f'{user}_{other!r}')
        _, b, _ = «ids(self.users[0], f'{user}_{other!r}')»
        _, _, c = «ids(self.users[0], f'{user}_{other!r}')»
        return a, b, c
    """,
    "constants": """
        return ids('user')[0], «ids('user')»[1]
    """,
    "attributes": """
        self.a, _, _ = ids(user)
        _, self.b, _ = «ids(user)»
    """,
    "one statement": """
        return f(ids(user)[0], x=«ids(user)»[1]), {'c': «ids(user)»[2]}
    """,
    "lazy guards": """
        if not other:
            _, _, new_a = ids(user)
            other = new_a
        if not user.b:
            new_b, _, _ = «ids(user)»
            user_b = new_b
        return other, user_b
    """,
    "in a branch, and behind it": """
        if other:
            a = ids(user)[0]
            use(a)
        return «ids(user)»[1]
    """,
    "before a branch, and in it": """
        a = ids(user)[0]
        if other:
            return a
        elif a:
            return «ids(user)»[1]
        else:
            return other
    """,
    "in a condition, and in the branch": """
        if ids(user)[0]:
            return «ids(user)»[1]
    """,
    "in a condition that comes behind": """
        return ids(user)[1] if «ids(user)»[0] else other
    """,
    "behind a branch that may leave": """
        a = ids(user)[0]
        if other:
            return a
        return «ids(user)»[1]
    """,
    "in an arm, and behind the match": """
        match other:
            case 1:
                a = ids(user)[0]
                use(a)
        return «ids(user)»[1]
    """,
    "in one round of a loop": """
        for _ in other:
            a = ids(user)[0]
            b = «ids(user)»[1]
            use(a, b)
    """,
    "before a loop, and in what it goes over": """
        a = ids(user)[0]
        for b in «ids(user)»[1]:
            use(a, b)
    """,
    "in what a comprehension goes over": """
        a = ids(user)[0]
        return [a for _ in «ids(user)»[1]]
    """,
    "in an else of a loop, and behind it": """
        while other:
            pass
        else:
            a = ids(user)[0]
            use(a)
        return «ids(user)»[1]
    """,
    "in one try": """
        try:
            a = ids(user)[0]
            b = «ids(user)»[1]
        except ValueError:
            return None
        return a, b
    """,
    "before a try, and in it": """
        a = ids(user)[0]
        try:
            return a, «ids(user)»[1]
        finally:
            pass
    """,
    "in a try, and behind it": """
        try:
            a = ids(user)[0]
        except ValueError:
            a = None
        return a, «ids(user)»[1]
    """,
    "in a try, and in its else": """
        try:
            a = ids(user)[0]
        except ValueError:
            raise
        else:
            b = «ids(user)»[1]
        return a, b
    """,
    "in a try, and in its finally": """
        try:
            a = ids(user)[0]
            use(a)
        finally:
            b = «ids(user)»[1]
            use(b)
    """,
    "in contexts": """
        with open(ids(user)[0]) as a:
            b = «ids(user)»[1]
            use(b)
        with other:
            c = «ids(user)»[2]
        return a, c
    """,
    "in a nested function": """
        def g():
            return ids(user)[0], «ids(user)»[1]
        return g
    """,
    "in a lambda": """
        return lambda: (ids(user)[0], «ids(user)»[1])
    """,
    "in a class in the function": """
        class A:
            a = ids(user)[0]
            b = «ids(user)»[1]
        return A
    """,
    "in decorators and defaults of the function's functions": """
        @g(ids(user)[0])
        def h(a=«ids(user)»[1]): pass
        return h
    """,
    "in a coroutine": """
        async def g():
            a = await ids(user)
            async with other:
                b = (await «ids(user)»)[1]
            return a[0], b
        return g
    """,
    "something else is bound between": """
        a = ids(user)[0]
        other = a
        self.user = user_id = a
        other[user] = user_id
        return a, «ids(user)»[1]
    """,
    "bound again behind": """
        a = ids(user)[0]
        b = «ids(user)»[1]
        user = a
        return user, b
    """,
    "renamed class": """
        from app.ids import IdGenerator as G
        return G.generate_user_context_ids(user)[0], «G.generate_user_context_ids(user)»[1]
    """,
    "alias of the function": """
        new = IdGenerator.generate_user_context_ids
        return new(user)[0], «new(user)»[1]
    """,
    "alias of the class": """
        G = IdGenerator
        return G.generate_user_context_ids(user)[0], «ids(user)»[1]
    """,
    "instance": """
        generator = IdGenerator()
        return generator.generate_user_context_ids(user)[0], «IdGenerator().generate_user_context_ids(user)»[1]
    """,
    "re-exported class": """
        from app.api import IdGenerator as G
        return G.generate_user_context_ids(user)[0], «ids(user)»[1]
    """,
    "module": """
        import app.ids
        return app.ids.IdGenerator.generate_user_context_ids(user)[0], «ids(user)»[1]
    """,
}

LEFT_ALONE = {
    "one call": """
        a, b, _ = ids(user)
        return a, b
    """,
    "same part": """
        a, _, _ = ids(user)
        b, _, _ = ids(user)
        return a, b
    """,
    "same part by other means": """
        a, _, _ = ids(user)
        b = ids(user)
        return a, b[0], ids(user)[-3]
    """,
    "one part in common": """
        a, b, _ = ids(user)
        _, c, d = ids(user)
        return a, b, c, d
    """,
    "whole set": """
        a = ids(user)
        b = ids(user)
        return a, b
    """,
    "set that goes on as a whole": """
        a = ids(user)[0]
        return a, tuple(ids(user)), [*ids(user)]
    """,
    "part that cannot be told": """
        a = ids(user)[0]
        return a, ids(user)[other], ids(user)[1:], ids(user)[7]
    """,
    "results that nobody reads": """
        ids(user)
        a, b, c = ids(user)
        _, _, _ = ids(user)
    """,
    "starred": """
        a, *_ = ids(user)
        *_, b = ids(user)
        return a, b
    """,
    "single IDs": """
        generate = IdGenerator.generate_session_id
        return generate(user), generate(user), IdGenerator.generate_session_id(user)[0]
    """,
    "other users": """
        return ids(user)[0], ids(other)[1]
    """,
    "other operations": """
        return ids(user)[0], ids(user, 'chat')[1], ids(user, operation='report')[2]
    """,
    "what may differ each time": """
        a = ids(user())[0], ids(user())[1]
        b = ids(f'{user()}')[0], ids(f'{user()}')[1]
        c = ids([x for x in user][0])[0], ids([x for x in user][0])[1]
        d = ids(user := other)[0], ids(user := other)[1]
        return a, b, c, d
    """,
    "arguments that cannot be bound": """
        a = ids(*user)[0], ids(*user)[1]
        b = ids(**user)[0], ids(**user)[1]
        c = ids()[0], ids()[1]
        d = ids(user, other, 1)[0], ids(user, other, 1)[1]
        e = ids(user, unknown=1)[0], ids(user, unknown=1)[1]
        return a, b, c, d, e
    """,
    "branches": """
        if other:
            a = ids(user)[0]
        elif user:
            a = ids(user)[1]
        else:
            a = ids(user)[2]
        return a
    """,
    "branches in branches": """
        if other:
            with user:
                a = ids(user)[0]
        else:
            if user:
                a = ids(user)[1]
        return a
    """,
    "conditional expression": """
        return ids(user)[0] if other else ids(user)[1]
    """,
    "one or the other": """
        return ids(user)[0] or ids(user)[1], ids(other)[0] and ids(other)[1]
    """,
    "early return": """
        if other:
            a, _, _ = ids(user)
            return a
        _, b, _ = ids(user)
        return b
    """,
    "early return at once": """
        if other:
            return ids(user)[0]
        return ids(user)[1]
    """,
    "early exception": """
        if other:
            raise ValueError(ids(user)[0])
        return ids(user)[1]
    """,
    "early return in blocks": """
        if other:
            a = ids(user)[0]
            with open(a):
                if a:
                    return a
                else:
                    raise ValueError
        return ids(user)[1]
    """,
    "early return in a try": """
        if other:
            a = ids(user)[0]
            try:
                return use(a)
            except ValueError:
                raise
        return ids(user)[1]
    """,
    "early return in an else of a try": """
        if other:
            a = ids(user)[0]
            try:
                use(a)
            except ValueError:
                raise
            else:
                return a
        return ids(user)[1]
    """,
    "early return in a finally": """
        if other:
            a = ids(user)[0]
            try:
                use(a)
            finally:
                return a
        return ids(user)[1]
    """,
    "early return in all arms": """
        if other:
            a = ids(user)[0]
            match a:
                case 1:
                    return a
                case _:
                    raise ValueError
        return ids(user)[1]
    """,
    "next round": """
        for a in other:
            if a:
                b = ids(user)[0]
                use(b)
                continue
            c = ids(user)[1]
            use(c)
    """,
    "end of the loop": """
        while True:
            if other:
                a = ids(user)[0]
                use(a)
                break
            b = ids(user)[1]
            use(b)
    """,
    "arms": """
        match other:
            case 1:
                a = ids(user)[0]
            case 2 if user:
                a = ids(user)[1]
            case _:
                a = ids(user)[2]
        return a
    """,
    "in a loop and before it": """
        a = ids(user)[0]
        for _ in other:
            b = ids(user)[1]
            use(a, b)
    """,
    "in a loop and behind it": """
        while other:
            a = ids(user)[0]
            use(a)
        return ids(user)[1]
    """,
    "in a loop and its else": """
        for _ in other:
            a = ids(user)[0]
        else:
            a = ids(user)[1]
        return a
    """,
    "in two loops": """
        for _ in other:
            use(ids(user)[0])
        for _ in other:
            use(ids(user)[1])
    """,
    "in a loop in the loop": """
        for a in other:
            use(ids(user)[0])
            while a:
                use(ids(user)[1])
    """,
    "in a decorator in a loop": """
        for _ in other:
            @use(ids(user)[0])
            def g(): pass
        return ids(user)[1]
    """,
    "in a comprehension": """
        a = ids(user)[0]
        return [a, *[ids(user)[1] for _ in other]]
    """,
    "twice in a comprehension": """
        return [(ids(user)[0], ids(user)[1]) for _ in other]
    """,
    "fallback": """
        try:
            a = ids(user)[0]
        except ValueError:
            a = ids(user)[1]
        return a
    """,
    "fallbacks of each other": """
        try:
            a = use(user)
        except ValueError:
            a = ids(user)[0]
        except OSError:
            a = ids(user)[1]
        return a
    """,
    "fallback that is tried in turn": """
        try:
            with other:
                a = ids(user)[0]
        except ValueError:
            try:
                a = ids(user)[1]
            except ValueError:
                a = ids(user)[2]
        return a
    """,
    "in a handler and the else": """
        try:
            use(user)
        except ValueError:
            a = ids(user)[0]
        else:
            a = ids(user)[1]
        return a
    """,
    "in a nested function": """
        a = ids(user)[0]
        def g():
            return ids(user)[1]
        return a, g
    """,
    "in a lambda": """
        return ids(user)[0], lambda: ids(user)[1]
    """,
    "in two lambdas": """
        return lambda: ids(user)[0], lambda: ids(user)[1]
    """,
    "in a class": """
        a = ids(user)[0]
        class A:
            b = ids(user)[1]
        return a, A
    """,
    "bound again": """
        a = ids(user)[0]
        user = other
        return a, ids(user)[1]
    """,
    "bound again in a branch": """
        a = ids(user)[0]
        if other:
            user = other
        return a, ids(user)[1]
    """,
    "bound again by itself": """
        user = ids(user)[0]
        return user, ids(user)[1]
    """,
    "changed": """
        a = ids(user)[0]
        user += '1'
        return a, ids(user)[1]
    """,
    "bound again by other statements": """
        a = ids(user)[0]
        for user in other:
            pass
        b = ids(user)[1]
        with other as user:
            pass
        c = ids(user)[2]
        return a, b, c
    """,
    "bound again by an import": """
        a = ids(user)[0]
        from app import user
        return a, ids(user)[1]
    """,
    "bound again by a walrus": """
        return ids(user)[0], (user := other), ids(user)[1]
    """,
    "bound again by a walrus in a comprehension": """
        return ids(user)[0], [(user := x) for x in other], ids(user)[1]
    """,
    "bound again by a pattern": """
        a = ids(user)[0]
        match other:
            case [user, *_]:
                pass
        return a, ids(user)[1]
    """,
    "bound again, global": """
        global who
        a = ids(who)[0]
        who = other
        return a, ids(who)[1]
    """,
    "deleted": """
        a = ids(user)[0]
        del user
        return a, ids(user)[1]
    """,
    "attribute stored": """
        a = ids(self.user)[0]
        self.user = other
        return a, ids(self.user)[1]
    """,
    "attribute stored among others": """
        a = ids(self.user)[0]
        x, (self.user, *y) = other
        b = ids(self.user)[1]
        for self.user in other:
            pass
        return a, b, ids(self.user)[2], x, y
    """,
    "attribute deleted": """
        a = ids(user.id)[0]
        del user.id
        return a, ids(user.id)[1]
    """,
    "item stored": """
        a = ids(user['id'])[0]
        user['id'] += other
        return a, ids(user['id'])[1]
    """,
    "index bound again": """
        a = ids(user[i])[0]
        i = other
        return a, ids(user[i])[1]
    """,
    "not the source": """
        import app.own
        return other.generate_user_context_ids(user)[0], other.generate_user_context_ids(user)[1]
    """,
    "class of another module": """
        from app.own import IdGenerator
        return ids(user)[0], ids(user)[1]
    """,
    "shadowed": """
        IdGenerator = other
        return ids(user)[0], ids(user)[1]
    """,
}

ELSEWHERE = {
    "at module level": "a = ids(1)[0]\nb = ids(1)[1]",
    "in a class": "class A:\n    a = ids(1)[0]\n    b = ids(1)[1]",
    "in decorators at module level": (
        "if x:\n    @g(ids(1)[0])\n    def h(): pass\nelse:\n    @g(ids(1)[1])\n    def h(): pass"
    ),
    "in two functions": "def f():\n    return ids(1)[0]\ndef g():\n    return ids(1)[1]",
    "in a function on one row": "def f(user): a = ids(user)[0]; b = «ids(user)»[1]; return a, b",
    "in a method": "class A:\n    def f(self):\n        self.a = ids(1)[0]\n        self.b = «ids(1)»[1]",
    "in a lambda over rows": "f = lambda user: (\n    ids(user)[0],\n    «ids(user)»[1],\n)",
    "in an overloaded function": (
        "@overload\ndef f(user): ...\n@use\n# comment\n@use\nasync def f(user):\n"
        "    return ids(user)[0], «ids(user)»[1]"
    ),
}


def _function(body: str) -> str:
    lines = ["def f(user, other):", *(f"    {line}" for line in dedent(body).strip().split("\n"))]
    return "\n".join(lines)


def _module(code: str) -> str:
    called = re.sub(r"(?<![\w.])ids\(", "IdGenerator.generate_user_context_ids(", code)
    return f"from app.ids import IdGenerator\n\n\n{called}\n"


BESIDE = {
    "api.py": "from app.ids import IdGenerator\n",
    "own.py": "class IdGenerator:\n    pass\n",
}
FUNCTIONS = {
    f"{kind}: {case}": code
    for kind, cases in (("found", FOUND), ("left alone", LEFT_ALONE))
    for case, code in cases.items()
}
CASES = {case: _module(_function(code)) for case, code in FUNCTIONS.items()}
CASES |= {case: _module(code) for case, code in ELSEWHERE.items()}
RULE = "repeated-id-generation"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check_cases(tmp_path_factory.mktemp("repeated"), RULE, CASES, BESIDE)


@pytest.mark.parametrize("case", CASES)
def test_repeated_calls(checked: Checked, case: str) -> None:
    assert checked.spans(case) == checked.marks[case]
    assert checked.problems(case) == []


def test_the_message_names_the_row_of_the_first_call(checked: Checked) -> None:
    second, third = checked.findings("found: third call")
    assert "`generate_user_context_ids` was called with the same arguments on row 5" in second.message
    assert second.message == third.message
