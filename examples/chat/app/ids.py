"""The source of truth for IDs: whoever needs an ID gets it here."""

from __future__ import annotations

import itertools
import secrets
import time

_counter = itertools.count(1)


class IdGenerator:
    """Makes IDs of the form prefix, milliseconds, counter, random end."""

    @staticmethod
    def new_id(prefix: str, random_length: int = 8) -> str:
        """Any ID, for what has no method of its own below."""
        stamp = time.time_ns() // 1_000_000
        return f"{prefix}_{stamp}_{next(_counter)}_{secrets.token_hex(random_length // 2)}"

    @staticmethod
    def context_ids(user_id: str, operation: str = "chat") -> tuple[str, str, str]:
        """The thread, the run and the request of one piece of work; they share their end."""
        stamp = time.time_ns() // 1_000_000
        suffix = f"{operation}_{user_id[:8]}_{stamp}_{next(_counter)}_{secrets.token_hex(4)}"
        thread_id = f"thread_{suffix}"
        run_id = f"run_{suffix}"
        request_id = f"req_{suffix}"
        return thread_id, run_id, request_id

    @classmethod
    def message_id(cls, author: str) -> str:
        """One message in a thread."""
        return cls.new_id(f"msg_{author}")

    @classmethod
    def connection_id(cls, user_id: str) -> str:
        """One open WebSocket."""
        return cls.new_id(f"ws_conn_{user_id[:8]}")

    @classmethod
    def session_id(cls, user_id: str) -> str:
        """One database session."""
        return cls.new_id(f"session_{user_id[:8]}", random_length=12)
