"""Roles: what an ID is for, by the names that the source itself gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words(
    """generate gen make create new next get build mint issue fresh produce allocate acquire obtain provide
    compute construct assemble form"""
)
_NEUTRAL = _words(
    """a an the id ids identifier identifiers uid uids uuid uuids guid guids ulid nanoid ksuid base unique
    short long random prefixed prefix with generic batch many bulk multiple typed secure secret safe custom
    simple raw plain string str hex hexadecimal sortable ordered monotonic time timed timestamp timestamped
    global for of async"""
)
_NO_OWNER = _words("unified central common shared app application default abstract my our i")
_MAKERS = _words("generator factory provider maker builder service manager")
_ID_WORDS = _words("id ids uid uids uuid uuids guid identifier token key secret nonce code ref reference")
_NOT_AN_ID = _words(
    """path file filename dir directory url uri link message timestamp time date datetime now log html json
    email password title description summary report query sql header headers body line"""
)
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_LISTED = re.compile(r"\b[a-z]\w*_id\b(?:\W{0,4}(?:,|\band\b)\W{0,4}[a-z]\w*_id\b)+")
_PLURALS = {"ids": "id", "uids": "uid", "uuids": "uuid"}


def words_of(name: str) -> list[str]:
    """The words of a snake-case or camel-case name, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def is_id_name(name: str) -> bool:
    """Whether a variable, key or keyword is called as one that holds an ID."""
    return bool(words_of(name)) and words_of(name)[-1] in ("id", "ids", "uid", "uuid", "guid")


def makes_something_else(name: str) -> bool:
    """Whether a function's name says that what it makes is no ID but a path, a message or a time."""
    words = words_of(name)
    return bool(words) and words[-1] in _NOT_AN_ID


def role_of_function(name: str, owner: str = "") -> str:
    """The role in a function's name (`generate_session_id`: `session_id`), or in that of its class.

    Empty for names that fit any ID, such as `new_id`.
    """
    words = words_of(name)
    while words and words[0] in _VERBS:
        words.pop(0)
    if all(word in _NEUTRAL for word in words):
        return _role_of_owner(owner)
    words[-1] = _PLURALS.get(words[-1], words[-1])
    return "_".join(words if words[-1] in _ID_WORDS else [*words, "id"])


def role_of_name(name: str) -> str:
    """The role in the name of a variable or field; empty if it names no ID."""
    return name.lstrip("_") if is_id_name(name) else ""


def role_of_prefix(prefix: str) -> str:
    """The role that a literal head suggests (`thread`: `thread_id`)."""
    return "_".join([*words_of(prefix), "id"]) if prefix else ""


def is_short_for(prefix: str, role: str) -> bool:
    """Whether a literal head is the beginning of a role's name (`req` of `request_id`), or all of it."""
    letters = "".join(words_of(prefix))
    return bool(letters) and "".join(words_of(role)[:-1]).startswith(letters)


def roles_in_prose(text: str, count: int) -> tuple[str, ...]:
    """The names of IDs that a text lists, if one list alone has so many of them; else nothing."""
    lists = {tuple(re.findall(r"\w+", re.sub(r"\band\b", "", each[0]))) for each in _LISTED.finditer(text)}
    found = [names for names in lists if len(names) == count == len(set(names))]
    return found[0] if len(found) == 1 else ()


def role_of_slot(slot: str, known: Sequence[str]) -> str:
    """The role of a slot: the longest known role that it ends with, else its own name if that names an ID."""
    matching = [role for role in known if slot == role or slot.endswith(f"_{role}")]
    return max(matching, key=len) if matching else role_of_name(slot)


def is_default_of(default: str, role: str) -> bool:
    """Whether a default prefix is a role's own (`conn` of `connection_id`), not just a placeholder."""
    stem = "".join(words_of(default))
    return bool(stem) and stem not in _NEUTRAL and any(word.startswith(stem) for word in words_of(role))


def _role_of_owner(owner: str) -> str:
    words = words_of(owner)
    while words and words[-1] in _MAKERS:
        words.pop()
    if not words or words.pop() not in ("id", "ids"):
        return ""
    return "" if all(word in _NEUTRAL | _NO_OWNER for word in words) else "_".join([*words, "id"])
