"""Alerts for the people on call. Nothing in here is to be changed: no line makes an ID by hand."""

from __future__ import annotations

import logging
import uuid

from app.ids import IdGenerator

log = logging.getLogger(__name__)

NAMESPACE = uuid.UUID("6f1c2c1a-7a52-4b9e-9a7e-0f3c5d1b2a4e")


def breaker_name(thread_id: str) -> str:
    """A circuit breaker for each thread: the same name each time, so no fresh ID."""
    return f"thread_{thread_id}_breaker"


def fingerprint(message: str) -> str:
    """Equal messages have equal fingerprints, so that an alert goes out once."""
    return str(uuid.uuid5(NAMESPACE, message))


def alert(message: str, thread_id: str) -> dict[str, str]:
    """An alert, ready to be sent."""
    log.error("thread_%s: %s", thread_id, message)
    return {
        "alert_id": IdGenerator.new_id("alert"),
        "breaker": breaker_name(thread_id),
        "fingerprint": fingerprint(message),
    }
