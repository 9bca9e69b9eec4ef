"""What the service stores and sends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Message:
    """One message of a thread."""

    thread_id: str
    author: str
    text: str
    message_id: str = field(default_factory=lambda: f"msg_{uuid4().hex[:12]}")
    sent_at: datetime = field(default_factory=now)


@dataclass
class Thread:
    """A conversation."""

    thread_id: str
    owner: str
    messages: list[Message] = field(default_factory=list)
    etag: uuid.UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Context:
    """The IDs under which one piece of work is done."""

    user_id: str
    thread_id: str
    run_id: str
    request_id: str


def event(name: str, **data: str) -> dict[str, object]:
    """What goes over the wire; clients drop an event that they have seen before."""
    return {"event_id": data.get("event_id", str(uuid.uuid4())), "name": name, "data": data}
