"""A source of truth that is a class and a function, both with short names."""

from __future__ import annotations

import secrets


class Ids:
    @staticmethod
    def ids(name: str, kind: str = "a") -> tuple[str, str, str]:
        end = f"{kind}_{name}_{secrets.token_hex(4)}"
        thread_id = f"thread_{end}"
        run_id = f"run_{end}"
        request_id = f"req_{end}"
        return thread_id, run_id, request_id


def ids(name: str, kind: str = "a") -> tuple[str, str, str]:
    thread_id, run_id, request_id = Ids.ids(name, kind)
    return thread_id, run_id, request_id
