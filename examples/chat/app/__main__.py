"""A conversation on a good day, and one on a bad one."""

from __future__ import annotations

from app.sessions import SessionFactory
from app.sockets import SocketFactory
from app.threads import ThreadNotFoundError, ThreadRepository


def main() -> None:
    threads = ThreadRepository()
    with SessionFactory().session("ada-lovelace") as session:
        print(f"session {session.session_id}: thread {session.thread_id}, request {session.request_id}")
    thread = threads.open("ada-lovelace")
    print(f"posted {threads.post(thread.thread_id, 'ada', 'Good morning').message_id}")
    connection = SocketFactory(sessions_up=False).connect("ada-lovelace")
    try:
        threads.post(connection.context.thread_id, "ada", "Is anybody there?")
    except ThreadNotFoundError as error:
        print(f"404: thread not found: {error}")


if __name__ == "__main__":
    main()
