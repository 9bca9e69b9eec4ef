"""The source of truth of the examples: every ID of the application is made here."""

from __future__ import annotations

import itertools
import secrets
import time

_counter = itertools.count(1)


class IdGenerator:
    """Makes IDs that say what they are for, when they were made and in which order."""

    @staticmethod
    def generate_base_id(prefix: str = "id", include_random: bool = True, random_length: int = 8) -> str:
        """Any ID: its prefix, milliseconds, a counter and, unless it is unwanted, a random part."""
        stamp = f"{time.time_ns() // 1_000_000}_{next(_counter)}"
        if not include_random:
            return f"{prefix}_{stamp}"
        return f"{prefix}_{stamp}_{secrets.token_hex(random_length)[:random_length]}"

    @classmethod
    def generate_user_context_ids(cls, user_id: str, operation: str = "context") -> tuple[str, str, str]:
        """The three IDs of one piece of work, which share their end."""
        suffix = cls.generate_base_id(f"{operation}_{user_id[:8]}")
        thread_id = f"thread_{suffix}"
        run_id = f"run_{suffix}"
        request_id = f"req_{suffix}"
        return thread_id, run_id, request_id

    @classmethod
    def generate_session_id(cls, user_id: str, session_type: str = "web") -> str:
        """One login of a user."""
        return cls.generate_base_id(f"session_{session_type}_{user_id[:8]}")

    @classmethod
    def generate_message_id(cls, message_type: str, user_id: str, thread_id: str | None = None) -> str:
        """One message, which says to which thread it belongs if it belongs to one."""
        thread = f"_{thread_id[-8:]}" if thread_id else ""
        return cls.generate_base_id(f"msg_{message_type}_{user_id[:8]}{thread}")

    @classmethod
    def generate_connection_id(cls, user_id: str, connected_at: float | None = None) -> str:
        """One WebSocket connection; `connected_at` is in seconds since the epoch."""
        milliseconds = int((time.time() if connected_at is None else connected_at) * 1000)
        return f"ws_conn_{user_id[:8]}_{milliseconds}_{next(_counter)}_{secrets.token_hex(4)}"
