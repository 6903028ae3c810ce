import socket

import pytest

from extproc.local.settings import Ports, UpError, parse_upstreams
from extproc.render.upstreams import Endpoint
from tests.ports import free_ports


@pytest.fixture
def free():
    return dict(zip(("listener", "admin", "extproc", "envoy_admin"), free_ports(4), strict=True))


def test_free_ports_are_fine(free):
    Ports(**free).check()


@pytest.mark.parametrize("name", ["listener", "admin", "extproc", "envoy_admin"])
def test_a_taken_port_is_named_with_its_option(free, name):
    ports = Ports(**free)
    option = {"listener": "--port"}.get(name, f"--{name.replace('_', '-')}-port")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free[name]))
        taken.listen()
        with pytest.raises(UpError, match=rf"port {free[name]} is taken \({option}\)"):
            ports.check()


def test_a_port_shared_the_way_envoy_shares_it_is_taken_too(free):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", free["listener"]))
        taken.listen()
        with pytest.raises(UpError, match="is taken"):
            Ports(**free).check()


def test_a_port_given_twice_is_named(free):
    free["admin"] = free["listener"]
    with pytest.raises(UpError, match="--admin-port and --port are both"):
        Ports(**free).check()


def test_upstreams_are_read():
    assert parse_upstreams(["a=127.0.0.1:1", "b=[::1]:2"]) == {
        "a": Endpoint("127.0.0.1", 1),
        "b": Endpoint("::1", 2),
    }


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["gpu-a"], "must be POOL=HOST:PORT"),
        (["=127.0.0.1:1"], "must be POOL=HOST:PORT"),
        (["gpu-a=127.0.0.1"], "is not HOST:PORT"),
        (["gpu-a=127.0.0.1:0"], "the port must lie in 1..65535"),
        (["gpu-a=127.0.0.1:65536"], "the port must lie in 1..65535"),
        (["gpu-a=h:1", "gpu-a=h:2"], "gpu-a is given twice"),
    ],
)
def test_upstreams_that_are_none_are_explained(texts, why):
    with pytest.raises(UpError, match=why):
        parse_upstreams(texts)
