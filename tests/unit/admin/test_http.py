from __future__ import annotations

import aiohttp
import pytest

from extproc.admin.http import AdminServer, Check


class State:
    def __init__(self):
        self.checks = {
            "policies": Check(ok=True),
            "audit": Check(ok=True),
            "state": Check(ok=True, required=False),
        }
        self.alive = True


@pytest.fixture
async def admin():
    state = State()
    server = AdminServer(
        checks={name: lambda name=name: state.checks[name] for name in state.checks},
        metrics=lambda: b"extproc_unclassified_total 0.0\n",
        port=0,
        hosts=frozenset({"extproc.mesh.svc"}),
        alive=lambda: state.alive,
    )
    await server.start()
    server.state = state
    yield server
    await server.close()


async def ask(admin, path, method="GET", **headers):
    url = f"http://127.0.0.1:{admin.port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers) as answer,
    ):
        body = await answer.read()
        if answer.content_type == "application/json":
            return answer.status, await answer.json(), answer.headers
        return answer.status, body, answer.headers


async def test_health(admin):
    assert (await ask(admin, "/healthz"))[:2] == (200, {"status": "ok"})
    admin.state.alive = False
    assert (await ask(admin, "/healthz"))[:2] == (503, {"status": "failed"})


async def test_ready(admin):
    status, body, headers = await ask(admin, "/readyz")
    assert status == 200
    assert body["status"] == "ready"
    assert body["checks"]["state"] == {"status": "ok"}
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


async def test_a_failed_check_makes_it_unready_and_says_why(admin):
    admin.state.checks["policies"] = Check(ok=False, detail="a.yaml:3: mode: unknown")
    status, body, _ = await ask(admin, "/readyz")
    assert status == 503
    assert body["status"] == "not ready"
    assert body["checks"]["policies"] == {"status": "failed", "detail": "a.yaml:3: mode: unknown"}
    assert body["checks"]["audit"] == {"status": "ok"}


async def test_a_passing_check_may_carry_a_detail(admin):
    admin.state.checks["policies"] = Check(ok=True, detail="last reload failed: a.yaml:3")
    status, body, _ = await ask(admin, "/readyz")
    assert status == 200
    assert body["checks"]["policies"]["detail"] == "last reload failed: a.yaml:3"


async def test_degraded_is_shown_and_ready(admin):
    admin.state.checks["state"] = Check(ok=False, required=False, detail="redis is unreachable")
    status, body, _ = await ask(admin, "/readyz")
    assert status == 200
    assert body["checks"]["state"] == {"status": "degraded", "detail": "redis is unreachable"}


async def test_a_check_that_raises_fails_without_its_text(admin):
    del admin.state.checks["audit"]
    status, body, _ = await ask(admin, "/readyz")
    assert status == 503
    assert body["checks"]["audit"]["detail"] == "the check itself failed: KeyError"


async def test_metrics(admin):
    status, body, headers = await ask(admin, "/metrics")
    assert (status, body) == (200, b"extproc_unclassified_total 0.0\n")
    assert headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_it_is_read_only(admin, method, path):
    assert (await ask(admin, path, method))[0] == 405


async def test_other_paths(admin):
    for path in ("/", "/quit", "/metrics/x", "/readyz/../etc"):
        assert (await ask(admin, path))[0] == 404


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1:9464", "localhost", "LOCALHOST:1", "localhost.", "10.1.2.3:80"),
        *("[::1]", "[::1]:9464", "extproc.mesh.svc:9464"),
    ],
)
async def test_hosts_served(admin, host):
    assert (await ask(admin, "/readyz", Host=host))[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example"),
        *("127.0.0.1:9464.evil.example", "[::1].evil.example", "extproc.mesh.svc.evil.example"),
    ],
)
async def test_a_rebound_name_reads_nothing(admin, host):
    for path in ("/healthz", "/readyz", "/metrics"):
        status, body, _ = await ask(admin, path, Host=host)
        assert status == 421
        assert b"extproc" not in body


async def test_a_taken_port_is_an_error(admin):
    other = AdminServer(checks={}, metrics=bytes, port=admin.port)
    with pytest.raises(OSError, match="address already in use"):
        await other.start()
    await other.close()
