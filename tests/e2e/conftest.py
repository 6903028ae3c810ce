"""One gateway for all end-to-end tests of a state backend; they tell themselves apart by text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.e2e import gateway
from tests.e2e.gateway import Gateway
from tests.redis_server import RedisServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under xdist each backend's tests share a worker, and so a gateway."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "up" in callspec.params:
            item.add_marker(pytest.mark.xdist_group(f"up-{callspec.params['up']}"))


@pytest.fixture(scope="session", params=["memory", "redis"])
def up(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """`extproc up` with a copy of the default policies.

    At the end no request may have reached a model undecided, and no process may be left.
    """
    folder = tmp_path_factory.mktemp("up")
    with contextlib.ExitStack() as stack:
        state = "memory://"
        if request.param == "redis":
            (folder / "redis").mkdir()
            state = stack.enter_context(RedisServer(folder / "redis")).patient_url
        running = gateway.start(folder, state=state)
        stack.callback(running.kill)
        yield running
        assert running.process.poll() is None, running.stderr.read_text()
        assert running.metric("extproc_unclassified_total") == 0
        assert running.stop() == 0, running.stderr.read_text()
        assert running.pids() == {}
