"""The same behaviour from memory and from a real Redis, and each one's own limits."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import numpy as np
import pytest

from extproc.state import StateUnavailable
from extproc.state.client import redis_client
from extproc.state.entries import Entry, Purge, open_entries
from extproc.state.entries_memory import MemoryEntries
from extproc.state.entries_protocol import OVERHEAD
from extproc.state.entries_redis import RedisEntries
from extproc.state.entries_vectors import Vectors

DIMENSION = 8


class Clock:
    """Near the real time, because Redis lets entries end by its own."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty_redis(shared_redis):
    shared_redis.command("FLUSHALL")
    return shared_redis


@pytest.fixture(params=["memory", "redis"])
async def entries(request, clock):
    if request.param == "memory":
        store = MemoryEntries(clock, DIMENSION)
    else:
        server = request.getfixturevalue("empty_redis")
        store = RedisEntries(redis_client(server.patient_url), clock, DIMENSION, timeout_s=10)
    yield store
    await store.close()


def entry(key: str, clock: Clock, partition: str = "p", **changes) -> Entry:
    made = Entry(
        key=key,
        partition=partition,
        group="g",
        question=f"question {key}",
        answer=b'{"text":"line\\nline\xf0\x9f\x98\x80"}\n{}',
        request_id=f"req-{key}",
        model="large@1",
        expires_at=clock.now + 60,
    )
    return replace(made, **changes)


def unit(*numbers: float) -> np.ndarray:
    vector = np.zeros(DIMENSION, dtype=np.float32)
    vector[: len(numbers)] = numbers
    return vector / np.linalg.norm(vector)


async def keys_near(entries, vector, partition: str = "p", at_least: float = 0.5, limit: int = 4):
    near = await entries.nearest(partition, vector, at_least=at_least, limit=limit)
    return [one.entry.key for one in near]


async def test_an_entry_comes_back_as_it_was(entries, clock) -> None:
    stored = entry("a", clock)
    await entries.put(stored, None, group_limit=10)
    assert await entries.get("p", "a") == stored
    assert await entries.get("p", "b") is None
    assert await entries.get("q", "a") is None


async def test_without_a_vector_nothing_is_near(entries, clock) -> None:
    await entries.put(entry("a", clock), None, group_limit=10)
    assert await keys_near(entries, unit(1)) == []


async def test_the_nearest_come_first_and_no_others(entries, clock) -> None:
    for key, vector in (("far", unit(0, 1)), ("near", unit(1, 0.1)), ("nearer", unit(1, 0.01))):
        await entries.put(entry(key, clock), vector, group_limit=10)
    near = await entries.nearest("p", unit(1), at_least=0.5, limit=4)
    assert [one.entry.key for one in near] == ["nearer", "near"]
    assert near[1].similarity == pytest.approx(float(unit(1, 0.1)[0]))
    assert await keys_near(entries, unit(1), limit=1) == ["nearer"]
    assert await keys_near(entries, unit(1), at_least=0.999) == ["nearer"]


async def test_partitions_never_see_each_other(entries, clock) -> None:
    await entries.put(entry("a", clock, "p"), unit(1), group_limit=10)
    await entries.put(entry("a", clock, "q", answer=b"{}"), unit(1), group_limit=10)
    assert (await entries.get("q", "a")).answer == b"{}"
    for partition in ("p", "q"):
        near = await entries.nearest(partition, unit(1), at_least=0, limit=4)
        assert [one.entry.partition for one in near] == [partition]


async def test_a_second_put_replaces(entries, clock) -> None:
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    await entries.put(entry("a", clock, answer=b"new"), unit(0, 1), group_limit=10)
    assert (await entries.get("p", "a")).answer == b"new"
    assert await keys_near(entries, unit(1)) == []
    assert await keys_near(entries, unit(0, 1)) == ["a"]


async def test_an_entry_ends_in_time(entries, clock) -> None:
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    await entries.put(entry("b", clock, expires_at=clock.now + 120), unit(1), group_limit=10)
    clock.now += 59.9
    assert await entries.get("p", "a") is not None
    assert sorted(await keys_near(entries, unit(1))) == ["a", "b"]
    clock.now += 0.1
    assert await entries.get("p", "a") is None
    assert await keys_near(entries, unit(1)) == ["b"]
    assert await keys_near(entries, unit(1), limit=1) == ["b"]


async def test_a_group_keeps_to_its_limit(entries, clock) -> None:
    for number in range(5):
        await entries.put(
            entry(str(number), clock, f"p{number}", expires_at=clock.now + 60 + number),
            unit(1),
            group_limit=3,
        )
    await entries.put(entry("other", clock, group="h"), unit(1), group_limit=3)
    alive = [n for n in range(5) if await entries.get(f"p{n}", str(n)) is not None]
    assert alive == [2, 3, 4]
    assert await keys_near(entries, unit(1), "p0") == []
    assert await entries.get("p", "other") is not None


async def test_many_vectors_in_one_partition(entries, clock) -> None:
    """Past the size from which a partition has an index of its own."""
    random = np.random.default_rng(7)
    vectors = random.normal(size=(300, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for number, vector in enumerate(vectors):
        await entries.put(entry(str(number), clock), vector, group_limit=1000)
    for number in (0, 150, 299):
        expected = np.argsort(-(vectors @ vectors[number]))[:4]
        found = await keys_near(entries, vectors[number], at_least=-1)
        assert found == [str(each) for each in expected]


# --- memory ---


async def test_memory_is_bounded_by_number_least_recently_used_first(clock) -> None:
    entries = MemoryEntries(clock, DIMENSION, max_entries=2)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    await entries.put(entry("b", clock), unit(1), group_limit=10)
    await entries.get("p", "a")
    await entries.put(entry("c", clock), unit(1), group_limit=10)
    assert await entries.get("p", "b") is None
    assert sorted(await keys_near(entries, unit(1))) == ["a", "c"]
    assert len(entries) == 2


async def test_memory_is_bounded_by_bytes(clock) -> None:
    one = entry("a", clock).size
    entries = MemoryEntries(clock, DIMENSION, max_bytes=2 * one)
    for key in "abc":
        await entries.put(entry(key, clock), unit(1), group_limit=10)
    assert (len(entries), entries.size) == (2, 2 * one)
    await entries.put(entry("huge", clock, answer=b"x" * (2 * one)), None, group_limit=10)
    assert await entries.get("p", "huge") is None
    assert len(entries) == 2


async def test_memory_gives_everything_back(clock) -> None:
    entries = MemoryEntries(clock, DIMENSION, max_entries=4)
    for number in range(40):
        await entries.put(entry(str(number), clock), unit(1, number), group_limit=10)
    clock.now += 60
    for number in range(40):
        assert await entries.get("p", str(number)) is None
    assert (len(entries), entries.size) == (0, 0)
    assert entry("a", clock).size > OVERHEAD


@pytest.mark.parametrize("large", [1, 4, 1000])
def test_vectors_come_and_go(large: int) -> None:
    """Whatever a partition is kept in, a removed vector is gone and its place is used again."""
    vectors = Vectors(DIMENSION, 6, large=large)
    for round_ in range(5):
        for place in range(6):
            vectors.add("p", f"{round_}-{place}", unit(*[0.0] * place, 1))
        assert len(vectors) == 6
        assert vectors.search("p", unit(0, 0, 1), 1)[0] == (f"{round_}-2", pytest.approx(1))
        vectors.remove("p", f"{round_}-2")
        vectors.remove("p", f"{round_}-2")
        assert f"{round_}-2" not in dict(vectors.search("p", unit(0, 0, 1), 6))
        for place in (0, 1, 3, 4, 5):
            vectors.remove("p", f"{round_}-{place}")
        assert len(vectors) == 0
        assert list(vectors.search("p", unit(1), 1)) == []


def test_vectors_of_a_cleared_partition_free_their_rows() -> None:
    vectors = Vectors(DIMENSION, 2)
    for _ in range(3):
        vectors.add("p", "a", unit(1))
        vectors.add("p", "b", unit(1))
        assert vectors.clear("p") == 2
    assert vectors.clear("p") == 0


# --- Redis ---


def on(server, clock, **options) -> RedisEntries:
    options = {"timeout_s": 10, **options}
    return RedisEntries(redis_client(server.patient_url), clock, DIMENSION, **options)


async def test_processes_see_each_others_entries(empty_redis, clock) -> None:
    one, other = on(empty_redis, clock), on(empty_redis, clock)
    await one.put(entry("a", clock), unit(1), group_limit=10)
    assert await keys_near(other, unit(1)) == ["a"]
    await other.put(entry("b", clock), unit(1, 0.1), group_limit=10)
    assert await keys_near(one, unit(1)) == ["a", "b"]
    await one.put(entry("c", clock), unit(1, 0.2), group_limit=10)
    assert await keys_near(one, unit(1)) == ["a", "b", "c"]
    assert await keys_near(other, unit(1)) == ["a", "b", "c"]
    await one.close()
    await other.close()


async def test_a_flushed_server_is_an_empty_cache(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    assert await keys_near(entries, unit(1)) == ["a"]
    empty_redis.command("FLUSHALL")
    assert await entries.get("p", "a") is None
    assert await keys_near(entries, unit(1)) == []
    await entries.put(entry("b", clock), unit(1), group_limit=10)
    assert await keys_near(entries, unit(1)) == ["b"]
    await entries.close()


async def test_a_vector_whose_entry_was_evicted_is_forgotten(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    await entries.put(entry("b", clock), unit(1, 0.1), group_limit=10)
    empty_redis.command("DEL", "extproc:{p}:entry:a")
    assert await keys_near(entries, unit(1)) == ["b"]
    assert empty_redis.command("HKEYS", "extproc:{p}:vectors") == [b"b"]
    assert await keys_near(entries, unit(1), limit=1) == ["b"]
    await entries.close()


async def test_a_partition_in_redis_keeps_to_its_limit(empty_redis, clock) -> None:
    entries = on(empty_redis, clock, partition_limit=2)
    for number in range(4):
        made = entry(str(number), clock, expires_at=clock.now + 60 + number)
        await entries.put(made, unit(1), group_limit=10)
    assert empty_redis.command("HLEN", "extproc:{p}:vectors") == 2
    assert sorted(await keys_near(entries, unit(1))) == ["2", "3"]
    await entries.close()


async def test_the_local_index_is_bounded(empty_redis, clock) -> None:
    entries = on(empty_redis, clock, local_vectors=3)
    for partition in "pqrs":
        for key in "ab":
            await entries.put(entry(key, clock, partition), unit(1), group_limit=100)
    for partition in "pqrspqrs":
        assert sorted(await keys_near(entries, unit(1), partition)) == ["a", "b"]
    await entries.close()


async def test_everything_in_redis_ends(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    keys = empty_redis.command("KEYS", "*")
    assert len(keys) == 5
    assert all(0 < empty_redis.command("PTTL", key.decode()) <= 60_000 for key in keys)
    await entries.close()


@pytest.mark.parametrize("blob", [b"", b"{}\n{}", b"nonsense", b'{"key": 1}\n', b"[]\n"])
async def test_what_is_not_ours_is_not_served(empty_redis, clock, blob: bytes) -> None:
    entries = on(empty_redis, clock)
    empty_redis.command("SET", "extproc:{p}:entry:a", blob)
    assert await entries.get("p", "a") is None
    await entries.put(entry("b", clock), None, group_limit=10)
    stolen = empty_redis.command("GET", "extproc:{p}:entry:b")
    empty_redis.command("SET", "extproc:{q}:entry:b", stolen)
    assert await entries.get("q", "b") is None
    await entries.close()


async def test_redis_away_is_told_and_remembered_and_over_when_it_is_back(own_redis, clock) -> None:
    entries = RedisEntries(redis_client(own_redis.url), clock, DIMENSION)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    own_redis.kill()
    while entries.healthy:
        with pytest.raises(StateUnavailable):
            await entries.get("p", "a")
    with pytest.raises(StateUnavailable):
        await entries.nearest("p", unit(1), at_least=0, limit=1)
    with pytest.raises(StateUnavailable):
        await entries.put(entry("b", clock), unit(1), group_limit=10)
    own_redis.start()
    async with asyncio.timeout(30):
        while not entries.healthy:
            try:
                await entries.get("p", "a")
            except StateUnavailable:
                await asyncio.sleep(0.01)
    assert await keys_near(entries, unit(1)) == []
    await entries.close()


async def test_a_frozen_redis_ends_every_call(own_redis, clock) -> None:
    entries = RedisEntries(redis_client(own_redis.url), clock, DIMENSION)
    own_redis.freeze()
    results = await asyncio.gather(
        *(entries.get("p", str(n)) for n in range(100)), return_exceptions=True
    )
    own_redis.thaw()
    assert {type(result) for result in results} == {StateUnavailable}
    await entries.close()


async def test_a_burst_is_no_reason_to_give_up(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    found = await asyncio.gather(*(entries.get("p", "a") for _ in range(500)))
    assert all(one is not None for one in found)
    assert entries.healthy
    await entries.close()


@pytest.mark.parametrize("url", ["", "memory", "http://x", "memory://x"])
def test_an_unknown_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="state must be"):
        open_entries(url, DIMENSION)


async def test_the_url_chooses_the_store() -> None:
    assert isinstance(open_entries("memory://", DIMENSION), MemoryEntries)
    redis = open_entries("redis://127.0.0.1:1", DIMENSION)
    assert isinstance(redis, RedisEntries)
    await redis.close()


# --- purges ---


@pytest.mark.parametrize(
    ("what", "left"),
    [
        (Purge(request_id="req-a"), "bcd"),
        (Purge(tenant="acme"), "cd"),
        (Purge(model="large"), "d"),
        (Purge(model="large@1"), "bd"),
        (Purge(tenant="acme", model="large@2"), "acd"),
        (Purge(tenant="nobody"), "abcd"),
        (Purge(), "abcd"),
    ],
)
async def test_a_purge_takes_what_it_names_and_no_more(entries, clock, what, left: str) -> None:
    for key, tenant, model in (
        ("a", "acme", "large@1"),
        ("b", "acme", "large@2"),
        ("c", "other", "large@1"),
        ("d", "other", "small@1"),
    ):
        await entries.put(entry(key, clock, tenant=tenant, model=model), unit(1), group_limit=10)
    assert await entries.purge(what) == 4 - len(left)
    assert [k for k in "abcd" if await entries.get("p", k) is not None] == list(left)
    assert sorted(await keys_near(entries, unit(1))) == list(left)


async def test_other_processes_see_a_purge(empty_redis, clock) -> None:
    one, other = on(empty_redis, clock), on(empty_redis, clock)
    for number in range(250):
        made = entry(str(number), clock, f"p{number % 7}", tenant="acme")
        await one.put(made, unit(1), group_limit=1000)
    assert len(await keys_near(other, unit(1), "p3")) == 4
    assert await one.purge(Purge(tenant="acme")) == 250
    assert await keys_near(other, unit(1), "p3") == []
    await one.close()
    await other.close()
