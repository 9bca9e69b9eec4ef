"""WebSocket connections and the context that each of them works in."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass

from app.ids import IdGenerator
from app.models import Context

log = logging.getLogger(__name__)


@dataclass
class Connection:
    """One open socket of one user."""

    connection_id: str
    context: Context


class SocketFactory:
    """Makes connections, also on a day on which the session service is down."""

    def __init__(self, sessions_up: bool = True) -> None:
        self.sessions_up = sessions_up

    def connect(self, user_id: str) -> Connection:
        """A connection with a fresh context."""
        try:
            context = self._context(user_id)
        except ConnectionError as error:
            log.warning("no session service for %s: %s", user_id[:8], error)
            context = self._emergency_context(user_id)
        connection_id = f"ws_conn_{user_id[:8]}_{int(time.time())}_{uuid.uuid4().hex[:8]}"
        return Connection(connection_id, context)

    def _context(self, user_id: str) -> Context:
        if not self.sessions_up:
            raise ConnectionError("refused")
        thread_id, run_id, request_id = IdGenerator.context_ids(user_id, "socket")
        return Context(user_id, thread_id, run_id, request_id)

    def _emergency_context(self, user_id: str) -> Context:
        suffix = str(uuid.uuid4())[:8]
        timestamp = int(time.time())
        thread_id = f"ws_thread_{timestamp}_{suffix}"
        run_id = f"run_{timestamp}_{suffix}"
        request_id = f"req_{timestamp}_{suffix}"
        return Context(user_id, thread_id, run_id, request_id)
