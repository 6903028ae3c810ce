from __future__ import annotations

import pytest

from extproc.state import open_state
from extproc.state.client import COMMAND_TIMEOUT_S, CONNECT_TIMEOUT_S, redis_client
from extproc.state.memory import MemoryState
from extproc.state.redis import RedisState


@pytest.mark.parametrize("url", ["redis://h:1/0", "rediss://h:1/0", "unix:///tmp/s.sock"])
def test_every_scheme_is_bounded_in_time(url):
    settings = redis_client(url).connection_pool.connection_kwargs
    assert settings["socket_timeout"] == COMMAND_TIMEOUT_S
    assert settings["socket_connect_timeout"] == CONNECT_TIMEOUT_S


def test_the_address_may_set_other_bounds():
    settings = redis_client("redis://h/0?socket_timeout=0.05").connection_pool.connection_kwargs
    assert settings["socket_timeout"] == 0.05


@pytest.mark.parametrize("url", ["", "memory", "http://h", "memcached://h", "memory://x"])
def test_other_addresses_are_refused_with_what_is_allowed(url):
    with pytest.raises(ValueError, match="memory:// or one of redis://, rediss://, unix://"):
        open_state(url)


def test_opens_by_scheme():
    assert isinstance(open_state("memory://"), MemoryState)
    assert isinstance(open_state("redis://127.0.0.1:1"), RedisState)
