"""Redis as it is run in earnest: a cluster of several nodes, and behind TLS."""

from __future__ import annotations

import asyncio
import contextlib
import time

import numpy as np
import pytest

from extproc.state import StateUnavailable, open_state
from extproc.state.entries import Entry, Purge, open_entries
from extproc.state.period import Period, budget_key
from extproc.state.protocol import Demand, Spend
from tests.redis_cluster import RedisCluster
from tests.redis_tls import certificate, tls_before, tls_cluster

DIMENSION = 8


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with RedisCluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(params=["cluster", "tls"])
def url(request, tmp_path):
    if request.param == "cluster":
        running = request.getfixturevalue("cluster")
        running.flush()
        yield running.patient_url
    else:
        server = request.getfixturevalue("own_redis")
        with tls_before(server, tmp_path / "tls") as (address, trusted):
            yield f"{address}&ssl_ca_certs={trusted}"


def entry(key: str, partition: str, **changes) -> Entry:
    fields = {"group": "g", "question": "q", "answer": b"{}", "request_id": f"req-{key}"}
    fields |= {"model": "large@1", "expires_at": time.time() + 60, "tenant": "acme"}
    return Entry(key=key, partition=partition, **(fields | changes))


def unit(*numbers: float) -> np.ndarray:
    vector = np.zeros(DIMENSION, dtype=np.float32)
    vector[: len(numbers)] = numbers
    return vector / np.linalg.norm(vector)


async def becomes_true(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - a poll with a deadline is what is meant
            await asyncio.sleep(0.01)


async def test_limits_and_budgets(url) -> None:
    state = open_state(url)
    for tenant in "abcdef":  # subjects are spread over the nodes
        demands = [Demand(f"extproc:{{{tenant}}}:{what}", 1, 2, 3600) for what in ("r", "t")]
        granted = [(await state.take(demands)).allowed for _ in range(3)]
        assert granted == [True, True, False]
        budget = budget_key("policy", "tenant", tenant, Period.MONTH, time.time())
        assert [await state.reserve(budget, 60, 100) for _ in range(2)] == [True, False]
        await state.settle(budget, 60, 40)
        assert await state.spend(budget) == Spend(40, 0)
    assert state.healthy
    await state.close()


async def test_entries(url) -> None:
    one, other = open_entries(url, DIMENSION), open_entries(url, DIMENSION)
    other.start()
    await becomes_true(lambda: not other.standing.warming)
    await asyncio.gather(
        *(one.put(entry(f"{n}", f"p{n}"), unit(1, n), group_limit=100) for n in range(30))
    )
    await becomes_true(lambda: other.standing.vectors == 30)
    for number in range(30):
        found = await other.get(f"p{number}", f"{number}")
        assert found is not None
        near = await other.nearest(f"p{number}", unit(1, number), at_least=0.9, limit=4)
        assert [each.entry.key for each in near] == [f"{number}"]
    late = open_entries(url, DIMENSION)
    late.start()
    await becomes_true(lambda: not late.standing.warming)
    assert late.standing.vectors == 30
    assert await one.purge(Purge(request_id="req-7")) == 1
    assert await late.get("p7", "7") is None
    assert await one.purge(Purge(tenant="acme")) == 29
    await becomes_true(lambda: other.standing.vectors == late.standing.vectors == 0)
    for each in (one, other, late):
        await each.close()


async def test_a_group_over_several_nodes_keeps_to_its_limit(url) -> None:
    entries = open_entries(url, DIMENSION)
    for number in range(8):
        await entries.put(entry(f"{number}", f"p{number}"), unit(1), group_limit=5)
    alive = [n for n in range(8) if await entries.get(f"p{n}", f"{n}") is not None]
    assert len(alive) == 5
    assert 7 in alive
    await entries.close()


async def test_a_node_that_is_down_costs_its_own_keys_alone(tmp_path) -> None:
    with RedisCluster(tmp_path) as own:
        state = open_state(own.patient_url)
        keys = [budget_key("p", "tenant", f"t{n}", Period.MONTH, time.time()) for n in range(30)]
        for key in keys:
            await state.reserve(key, 1, 100)
        own.nodes[2].kill()
        served = 0
        for key in keys:
            try:
                served += (await state.spend(key)).reserved
            except StateUnavailable:
                continue
        assert 0 < served < len(keys)
        await state.close()


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_a_node_of_a_tls_cluster_that_is_down_yields_misses(tmp_path, how: str) -> None:
    """Every lookup ends in the client's own time, whether or not the node still holds the line."""
    keys = [(f"p{n}", f"{n}") for n in range(30)]

    async def found(entries) -> int:
        count = 0
        for partition, key in keys:
            with contextlib.suppress(StateUnavailable):
                count += await entries.get(partition, key) is not None
        return count

    with tls_cluster(tmp_path) as (own, url):
        patient = open_entries(f"{url}&socket_timeout=10&socket_connect_timeout=10", DIMENSION)
        for partition, key in keys:
            await patient.put(entry(key, partition), unit(1), group_limit=100)
        assert await found(patient) == len(keys)
        if how == "killed":
            own.nodes[2].kill()
            assert 0 < await found(patient) < len(keys)
        else:
            own.nodes[2].freeze()
            entries = open_entries(url, DIMENSION)
            async with asyncio.timeout(60):  # a hang, not a measure of speed
                assert await found(entries) < len(keys)
            own.nodes[2].thaw()
            await becomes_found(patient, found, len(keys))
            await entries.close()
        await patient.close()


async def becomes_found(entries, found, number: int) -> None:
    """After some failures in a row the client asks nobody for a while."""
    async with asyncio.timeout(60):
        while await found(entries) < number:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(own_redis, tmp_path) -> None:
    other, _ = certificate(tmp_path / "other")
    with tls_before(own_redis, tmp_path / "tls") as (address, _):
        for url in (address, f"{address}&ssl_ca_certs={other}"):
            state = open_state(url)
            with pytest.raises(StateUnavailable):
                await state.take([Demand("k", 1, 1)])
            await state.close()
