"""The tests that this service has. They pass."""

from __future__ import annotations

import uuid
from unittest.mock import patch

from app.models import event
from app.sockets import SocketFactory
from app.threads import ThreadRepository


def test_post() -> None:
    threads = ThreadRepository()
    user_id = f"user_{uuid.uuid4().hex[:8]}"
    thread = threads.open(user_id)
    message = threads.post(thread.thread_id, user_id, "Good morning")
    assert threads.get(thread.thread_id).messages == [message]


def test_event_has_an_id() -> None:
    with patch("app.models.uuid.uuid4", return_value="fixed"):
        assert event("joined")["event_id"] == "fixed"


def test_emergency() -> None:
    context = SocketFactory(sessions_up=False).connect("ada-lovelace").context
    assert context.run_id.startswith("run_")
