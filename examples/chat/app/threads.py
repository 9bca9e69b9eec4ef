"""Where threads are kept."""

from __future__ import annotations

from app.ids import IdGenerator
from app.models import Message, Thread


class ThreadNotFoundError(LookupError):
    """There is no thread of that ID."""


class ThreadRepository:
    """Threads by their ID."""

    def __init__(self) -> None:
        self._threads: dict[str, Thread] = {}

    def open(self, owner: str) -> Thread:
        """A new thread."""
        thread_id, _, _ = IdGenerator.context_ids(owner)
        self._threads[thread_id] = Thread(thread_id, owner)
        return self._threads[thread_id]

    def get(self, thread_id: str) -> Thread:
        """The thread of that ID; raises ThreadNotFoundError."""
        if not thread_id.startswith("thread_") or thread_id not in self._threads:
            raise ThreadNotFoundError(thread_id)
        return self._threads[thread_id]

    def post(self, thread_id: str, author: str, text: str) -> Message:
        """Add a message to a thread; raises ThreadNotFoundError."""
        message = Message(thread_id, author, text)
        self.get(thread_id).messages.append(message)
        return message

    def operation(self, thread_id: str) -> str:
        """What a thread was opened for."""
        return thread_id.split("_")[1]
