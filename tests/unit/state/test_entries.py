"""The same behaviour from memory and from a real Redis, and each one's own limits."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace

import numpy as np
import pytest

from extproc.state import StateUnavailable
from extproc.state.entries import Entry, Purge, open_entries
from extproc.state.entries_memory import MemoryEntries
from extproc.state.entries_protocol import OVERHEAD
from extproc.state.entries_redis import RedisEntries

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


@pytest.fixture(params=["memory", "redis", "redis-restarted"])
async def entries(request, clock):
    """Each kind, empty: the same tests hold all to the same behaviour.

    The last has been in use when its server was killed, and a new one has taken its place.
    """
    if request.param == "memory":
        store = MemoryEntries(clock, DIMENSION)
    elif request.param == "redis":
        server = request.getfixturevalue("empty_redis")
        store = RedisEntries(server.patient_url, clock, DIMENSION)
    else:
        server = request.getfixturevalue("own_redis")
        store = RedisEntries(server.patient_url, clock, DIMENSION)
        await filled(store)
        await store.put(entry("before", clock, group="before"), unit(1), group_limit=10)
        server.kill()
        while store.healthy:
            with pytest.raises(StateUnavailable):
                await store.get("p", "before")
        server.start()
        await emptied(store)
    yield store
    await store.close()


async def emptied(store) -> None:
    """Waits until the store is back and its index has learnt that nothing is left."""
    async with asyncio.timeout(60):
        while not store.healthy or store.standing.vectors or store.standing.warming:
            with contextlib.suppress(StateUnavailable):
                await store.get("p", "before")
            await asyncio.sleep(0.01)


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
    assert not entries.holds("p")
    assert await keys_near(entries, unit(1)) == []


async def test_a_partition_holds_something_while_it_has_a_vector(entries, clock) -> None:
    assert not entries.holds("p")
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    await entries.put(entry("b", clock), unit(0, 1), group_limit=10)
    assert entries.holds("p")
    assert not entries.holds("q")
    await entries.purge(Purge(request_id="req-a"))
    assert entries.holds("p")
    await entries.purge(Purge(request_id="req-b"))
    # What is gone from Redis leaves the index when it is found to be, if not before.
    assert await keys_near(entries, unit(1), at_least=-1) == []
    assert not entries.holds("p")


async def test_the_nearest_come_first_and_no_others(entries, clock) -> None:
    for key, vector in (("far", unit(0, 1)), ("near", unit(1, 0.1)), ("nearer", unit(1, 0.01))):
        await entries.put(entry(key, clock), vector, group_limit=10)
    near = await entries.nearest("p", unit(1), at_least=0.5, limit=4)
    assert [one.entry.key for one in near] == ["nearer", "near"]
    assert near[1].similarity == pytest.approx(float(unit(1, 0.1)[0]), abs=1e-3)
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
    # The stream may bring the first change after the second was made here, and then the second.
    await sees(entries, unit(1))
    await sees(entries, unit(0, 1), "a")


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


async def test_a_hit_makes_room_in_its_group_last(entries, clock) -> None:
    for key in "abc":
        clock.now += 1
        await entries.put(entry(key, clock), unit(1), group_limit=3)
    clock.now += 1
    await entries.get("p", "a")
    if isinstance(entries, RedisEntries):
        await entries._follower._tell_used()
    await entries.put(entry("d", clock), unit(1), group_limit=3)
    assert [k for k in "abcd" if await entries.get("p", k) is not None] == list("acd")


async def test_what_is_purged_counts_no_more_in_its_group(entries, clock) -> None:
    for key in "abc":
        clock.now += 1
        await entries.put(entry(key, clock), unit(1), group_limit=3)
    await entries.purge(Purge(request_id="req-c"))
    clock.now += 1
    await entries.put(entry("d", clock), unit(1), group_limit=3)
    assert [k for k in "abcd" if await entries.get("p", k) is not None] == list("abd")


async def test_many_vectors_in_one_partition(entries, clock) -> None:
    """Past the size up to which all of a partition are compared."""
    random = np.random.default_rng(7)
    vectors = random.normal(size=(300, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    await asyncio.gather(
        *(
            entries.put(entry(str(number), clock), vector, group_limit=1000)
            for number, vector in enumerate(vectors)
        )
    )
    for number in (0, 150, 299):
        assert (await keys_near(entries, vectors[number]))[0] == str(number)


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


# --- Redis ---


def on(server, clock, **options) -> RedisEntries:
    return RedisEntries(server.patient_url, clock, DIMENSION, **options)


async def many(entries, number: int, made) -> None:
    puts = (entries.put(made(at), unit(1), group_limit=1000) for at in range(number))
    await asyncio.gather(*puts)


async def sees(entries, vector, *keys: str, partition: str = "p") -> None:
    """Waits until exactly these are near."""
    async with asyncio.timeout(60):
        while sorted(await keys_near(entries, vector, partition)) != sorted(keys):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def filled(entries) -> None:
    """Waits until the index holds all that there is."""
    entries.start()
    async with asyncio.timeout(60):
        while entries.standing.warming:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_processes_follow_each_other(empty_redis, clock) -> None:
    one, other = on(empty_redis, clock), on(empty_redis, clock)
    await filled(one)
    await filled(other)
    await one.put(entry("a", clock), unit(1), group_limit=10)
    await sees(other, unit(1), "a")
    await other.put(entry("b", clock), unit(1, 0.1), group_limit=10)
    await sees(one, unit(1), "a", "b")
    await one.purge(Purge(request_id="req-a"))
    async with asyncio.timeout(60):  # by the stream alone: nobody asks for the entry
        while other.standing.vectors != 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await keys_near(other, unit(1)) == ["b"]
    await one.close()
    await other.close()


async def test_a_new_process_fills_its_index_in_the_background(empty_redis, clock) -> None:
    old = on(empty_redis, clock)
    await many(old, 300, lambda number: entry(str(number), clock, f"p{number % 7}"))
    new = on(empty_redis, clock, follow_s=60)
    assert new.standing.warming
    assert await new.get("p0", "0") is not None  # nothing waits for the index
    await filled(new)
    assert new.standing.vectors == 300
    await old.close()
    await new.close()


async def test_who_missed_changes_reads_all_again(empty_redis, clock) -> None:
    """The stream keeps fewer changes than came while the process was busy elsewhere."""
    writer, follower = on(empty_redis, clock, changes=1), on(empty_redis, clock, follow_s=60)
    await filled(follower)
    await many(writer, 400, lambda number: entry(str(number), clock, f"p{number}"))
    assert empty_redis.command("XLEN", "extproc:{cache}:changes") < 400
    assert follower.standing.vectors == 0
    await follower._follower._look()
    await sees_count(follower, 400)
    await writer.close()
    await follower.close()


async def sees_count(entries, number: int) -> None:
    async with asyncio.timeout(60):
        while entries.standing.vectors != number:
            await entries._follower._look()


async def test_closing_ends_though_the_client_swallows_the_cancellation(
    empty_redis, clock, monkeypatch
) -> None:
    entries = on(empty_redis, clock)
    looking = asyncio.Event()

    async def look() -> bool:
        looking.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return False

    monkeypatch.setattr(entries._follower, "_look", look)
    entries.start()
    await looking.wait()
    async with asyncio.timeout(60):
        await entries.close()


async def test_a_flush_empties_every_index(empty_redis, clock) -> None:
    """Also of a process that asks for nothing; and what comes after it is found by all."""
    one, other = on(empty_redis, clock), on(empty_redis, clock)
    await filled(one)
    await filled(other)
    for number in range(5):
        await one.put(entry(str(number), clock), unit(1), group_limit=10)
    async with asyncio.timeout(60):
        while other.standing.vectors != 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    empty_redis.command("FLUSHALL")
    async with asyncio.timeout(60):
        while one.standing.vectors or other.standing.vectors:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await other.put(entry("new", clock), unit(1), group_limit=10)
    await sees(one, unit(1), "new")
    await sees(other, unit(1), "new")
    await one.close()
    await other.close()


async def test_a_full_server_serves_and_shows(own_redis, clock) -> None:
    entries = on(own_redis, clock)
    await filled(entries)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    own_redis.command("CONFIG", "SET", "maxmemory", "1")
    for _ in range(5):
        with pytest.raises(StateUnavailable):
            await entries.put(entry("b", clock), unit(1), group_limit=10)
    assert not entries.healthy
    assert entries.standing.full
    assert await entries.get("p", "a") is not None
    assert await keys_near(entries, unit(1)) == ["a"]
    own_redis.command("CONFIG", "SET", "maxmemory", "0")
    await entries.put(entry("b", clock), unit(1), group_limit=10)
    assert entries.healthy
    await entries.close()


async def test_a_flushed_server_is_an_empty_cache(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await filled(entries)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    assert await keys_near(entries, unit(1)) == ["a"]
    empty_redis.command("FLUSHALL")
    assert await entries.get("p", "a") is None
    assert await keys_near(entries, unit(1)) == []
    await entries.put(entry("b", clock), unit(1), group_limit=10)
    await sees(entries, unit(1), "b")
    await entries.close()


async def test_a_vector_whose_entry_was_evicted_is_forgotten(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await filled(entries)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    await entries.put(entry("b", clock), unit(1, 0.1), group_limit=10)
    empty_redis.command("DEL", "extproc:{p}:entry:a")
    assert await keys_near(entries, unit(1)) == ["b"]
    assert await keys_near(entries, unit(1), limit=1) == ["b"]
    await entries.close()


async def test_the_local_index_is_bounded(empty_redis, clock) -> None:
    entries = on(empty_redis, clock, local_vectors=3)
    await filled(entries)
    for partition in "pqrs":
        await entries.put(entry("a", clock, partition), unit(1), group_limit=100)
    assert entries.standing.vectors == 3
    assert await keys_near(entries, unit(1), "p") == []
    assert await keys_near(entries, unit(1), "s") == ["a"]
    await entries.close()


async def test_everything_in_redis_ends(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await filled(entries)
    await entries.put(entry("a", clock), unit(1), group_limit=10)
    keys = {key.decode() for key in empty_redis.command("KEYS", "*")}
    assert keys == {
        "extproc:{p}:entry:a",
        "extproc:{g}:entries",
        *(f"extproc:{{cache}}:{part}" for part in ("history", "count", "changes")),
    }
    assert all(0 < empty_redis.command("PTTL", key) <= 86_400_000 for key in keys)
    assert 0 < empty_redis.command("PTTL", "extproc:{p}:entry:a") <= 60_000
    await entries.close()


@pytest.mark.parametrize("head", ["", "{}", "nonsense", '{"key": 1}', "[]"])
async def test_what_is_not_ours_is_not_served(empty_redis, clock, head: str) -> None:
    entries = on(empty_redis, clock)
    empty_redis.command("HSET", "extproc:{p}:entry:a", "h", head, "a", "x")
    assert await entries.get("p", "a") is None
    await entries.close()


async def test_an_entry_of_another_name_is_not_served(empty_redis, clock) -> None:
    entries = on(empty_redis, clock)
    await entries.put(entry("b", clock), None, group_limit=10)
    empty_redis.command("RENAME", "extproc:{p}:entry:b", "extproc:{q}:entry:b")
    assert await entries.get("q", "b") is None
    await entries.close()


async def test_redis_away_is_told_and_remembered_and_over_when_it_is_back(own_redis, clock) -> None:
    entries = RedisEntries(own_redis.url, clock, DIMENSION)
    async with asyncio.timeout(60):
        while await stored(entries, entry("a", clock)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    own_redis.kill()
    while entries.healthy:
        with pytest.raises(StateUnavailable):
            await entries.get("p", "a")
    with pytest.raises(StateUnavailable):
        await entries.nearest("p", unit(1), at_least=0, limit=1)
    with pytest.raises(StateUnavailable):
        await entries.put(entry("b", clock), unit(1), group_limit=10)
    own_redis.start()
    async with asyncio.timeout(60):
        while not entries.healthy:
            try:
                await entries.get("p", "a")
            except StateUnavailable:
                await asyncio.sleep(0.01)
    assert await keys_near(entries, unit(1)) == []
    async with asyncio.timeout(60):  # and what comes now is kept, and found by likeness
        while entries.standing.warming or await stored(entries, entry("c", clock)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await sees(entries, unit(1), "c")
    await entries.close()


async def stored(entries, one):
    """On a busy machine a call may be late: that is a miss, no error."""
    try:
        await entries.put(one, unit(1), group_limit=10)
        return await entries.get(one.partition, one.key)
    except StateUnavailable:
        return None


async def test_a_frozen_redis_ends_every_call(own_redis, clock) -> None:
    entries = RedisEntries(own_redis.url, clock, DIMENSION)
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
    await many(one, 250, lambda n: entry(str(n), clock, f"p{n % 7}", tenant="acme"))
    await filled(other)
    assert len(await keys_near(other, unit(1), "p3")) == 4
    assert await one.purge(Purge(tenant="acme")) == 250
    assert await keys_near(other, unit(1), "p3") == []
    await one.close()
    await other.close()
