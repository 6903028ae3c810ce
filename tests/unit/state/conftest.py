from __future__ import annotations

import pytest

from extproc.state import open_state
from tests.redis_server import RedisServer


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory):
    """One server for all tests that leave it as they found it."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_redis(tmp_path):
    """A server this test may kill."""
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def state(request):
    """Empty state of each kind: the same tests hold both to the same behaviour."""
    if request.param == "memory":
        url = "memory://"
    else:
        server = request.getfixturevalue("shared_redis")
        server.command("FLUSHALL")
        url = server.patient_url
    state = open_state(url)
    yield state
    await state.close()
