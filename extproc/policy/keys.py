"""Hashed API keys: the ``ApiKeys`` document, and finding the entry of a key.

Keys are hashed once with SHA-256 and no salt. That is safe because keys are
machine-made and long (`hash_key` refuses short ones): nobody guesses 128
random bits, slowly or fast. A slow hash such as scrypt would protect short
keys, and would let anyone keep a gateway busy with wrong ones.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from extproc.policy.section import Strict

MIN_KEY_CHARACTERS = 24
MAX_KEY_CHARACTERS = 512
PREFIX = "sha256:"

Name = Annotated[
    str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$")
]
"""A caller or tenant: letters, digits and ``._:/@-``."""


class WeakKeyError(ValueError):
    """The key is too short to be kept as a plain hash."""


class ApiKey(Strict):
    """One key, by its hash."""

    id: Name
    """Names the key in errors and in the audit; unique."""
    hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    """``sha256:`` and 64 hex digits, as `extproc policy hash-key` prints them."""
    caller: Name | None = None
    """Default: the id."""
    tenant: Name


class ApiKeysDocument(Strict):
    """A file of keys, which may stand in the policy directory or elsewhere (a mounted Secret)."""

    apiVersion: Literal["extproc/v1"]  # noqa: N815 -- Kubernetes' spelling
    kind: Literal["ApiKeys"]
    keys: tuple[ApiKey, ...]


class KeyRing:
    """Finds entries by key. Never holds a key, nor prints one."""

    def __init__(self, entries: Iterable[ApiKey]) -> None:
        self.entries = tuple(entries)
        self._by_hash: Mapping[str, ApiKey] = {entry.hash: entry for entry in self.entries}

    def find(self, key: str) -> ApiKey | None:
        """The entry of `key`, ``None`` when there is none.

        The table is looked up by hash: what its timing could tell is about the
        hash, from which no key can be made. The last comparison is in constant
        time nevertheless.
        """
        if not key or len(key) > MAX_KEY_CHARACTERS:
            return None
        hashed = hashed_key(key)
        entry = self._by_hash.get(hashed)
        if entry is None or not hmac.compare_digest(entry.hash, hashed):
            return None
        return entry


NO_KEYS = KeyRing(())


def hashed_key(key: str) -> str:
    return PREFIX + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def hash_key(key: str, *, allow_weak: bool = False) -> str:
    """The value for ``hash``. Raises `WeakKeyError` for keys under 24 characters."""
    if len(key) > MAX_KEY_CHARACTERS:
        raise WeakKeyError(f"the key is longer than {MAX_KEY_CHARACTERS} characters")
    if len(key) < MIN_KEY_CHARACTERS and not allow_weak:
        raise WeakKeyError(
            f"the key is shorter than {MIN_KEY_CHARACTERS} characters and could be guessed"
            " from its hash; make one with --generate"
        )
    return hashed_key(key)


def new_key() -> str:
    """A key with 256 random bits, 47 characters."""
    return "ek-" + secrets.token_urlsafe(32)
