"""Database sessions, one for each request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.ids import IdGenerator


@dataclass(frozen=True)
class Session:
    """An open session and the request that it belongs to."""

    session_id: str
    user_id: str
    thread_id: str
    request_id: str


class SessionFactory:
    """Opens sessions and knows those that are still open."""

    def __init__(self) -> None:
        self.open: dict[str, Session] = {}

    @contextmanager
    def session(
        self, user_id: str, thread_id: str | None = None, request_id: str | None = None
    ) -> Iterator[Session]:
        """A session for one request; what the caller does not know yet is made here."""
        if not request_id:
            _, _, new_request_id = IdGenerator.context_ids(user_id, "session")
            request_id = new_request_id

        if not thread_id:
            new_thread_id, _, _ = IdGenerator.context_ids(user_id, "session")
            thread_id = new_thread_id

        session = Session(IdGenerator.session_id(user_id), user_id, thread_id, request_id)
        self.open[session.session_id] = session
        try:
            yield session
        finally:
            del self.open[session.session_id]
