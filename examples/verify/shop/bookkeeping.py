"""The format of the bookkeeper: 16 bytes of a UUID, then what was sold."""

from uuid import UUID


def pack(number: str, text: str) -> bytes:
    return UUID(number).bytes + text.encode()
