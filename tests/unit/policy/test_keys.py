"""Hashes of API keys."""

from __future__ import annotations

import hashlib

import pytest

from extproc.policy.keys import (
    MAX_KEY_CHARACTERS,
    MIN_KEY_CHARACTERS,
    ApiKey,
    KeyRing,
    WeakKeyError,
    hash_key,
    new_key,
)

LONG = "k" * MIN_KEY_CHARACTERS


def test_the_hash_is_sha_256_of_the_key():
    assert hash_key(LONG) == "sha256:" + hashlib.sha256(LONG.encode()).hexdigest()


def test_short_keys_are_refused_unless_asked_for():
    with pytest.raises(WeakKeyError):
        hash_key(LONG[1:])
    assert hash_key(LONG[1:], allow_weak=True).startswith("sha256:")
    with pytest.raises(WeakKeyError):
        hash_key("")


def test_keys_at_the_limit_pass_and_over_it_do_not():
    ring = KeyRing([ApiKey(id="a", hash=hash_key("k" * MAX_KEY_CHARACTERS), tenant="t")])
    assert ring.find("k" * MAX_KEY_CHARACTERS) is not None
    with pytest.raises(WeakKeyError):
        hash_key("k" * (MAX_KEY_CHARACTERS + 1))
    assert ring.find("k" * (MAX_KEY_CHARACTERS + 1)) is None


def test_a_ring_finds_its_keys_and_no_others():
    key, other = new_key(), new_key()
    ring = KeyRing([ApiKey(id="a", hash=hash_key(key), tenant="t")])
    assert ring.find(key).id == "a"
    for wrong in (other, key[:-1], key + "x", key.swapcase(), "", hash_key(key), "\ud800"):
        assert ring.find(wrong) is None
    assert key not in repr(ring.entries)


def test_new_keys_are_long_and_differ():
    assert len({new_key() for _ in range(10)}) == 10
    assert all(len(new_key()) >= 43 for _ in range(10))
