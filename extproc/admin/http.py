"""The admin port: `/healthz`, `/readyz`, `/metrics`. Read-only, for machines and operators.

It listens on 127.0.0.1 and answers only requests whose `Host` is an IP
literal, ``localhost`` or a declared name: a web page that rebinds its own name
to 127.0.0.1 reads nothing here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::\d{1,5})?", re.ASCII)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Check:
    """What one part says about itself."""

    ok: bool
    detail: str | None = None
    """Plain words for an operator; no text of any request."""
    required: bool = True
    """A part that is not required is shown as degraded and leaves us ready."""


Checks = Mapping[str, Callable[[], Check]]


class AdminServer:
    """Serves the admin pages from callables; knows nothing of what stands behind them."""

    def __init__(
        self,
        *,
        checks: Checks,
        metrics: Callable[[], bytes],
        metrics_type: str = "text/plain; version=0.0.4; charset=utf-8",
        host: str = "127.0.0.1",
        port: int = 9464,
        hosts: frozenset[str] = frozenset(),
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        self._checks = checks
        self._metrics = metrics
        self._metrics_type = metrics_type
        self._address = (host, port)
        self._hosts = hosts | {"localhost"}
        self._alive = alive
        self._runner: web.AppRunner | None = None
        self.port = port
        """The port in use, also when 0 was asked for."""

    async def start(self) -> None:
        """Raises `OSError` when the port is taken."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._page)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, *self._address).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_trusted(request.headers.get("host", ""), self._hosts):
            raise web.HTTPMisdirectedRequest(text="this host name is not served here\n")
        response = await handler(request)
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["cache-control"] = "no-store"
        return response

    async def _healthz(self, _: web.Request) -> web.Response:
        alive = self._alive()
        body = {"status": "ok" if alive else "failed"}
        return web.json_response(body, status=200 if alive else 503)

    async def _readyz(self, _: web.Request) -> web.Response:
        results = {name: _run(check) for name, check in self._checks.items()}
        ready = all(result.ok or not result.required for result in results.values())
        body = {
            "status": "ready" if ready else "not ready",
            "checks": {name: _describe(result) for name, result in results.items()},
        }
        return web.json_response(body, status=200 if ready else 503)

    async def _page(self, _: web.Request) -> web.Response:
        """In a thread: some thousand series take tens of milliseconds to render."""
        page = await asyncio.to_thread(self._metrics)
        return web.Response(body=page, headers={"content-type": self._metrics_type})


def _run(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:
        return Check(ok=False, detail=f"the check itself failed: {type(error).__name__}")


def _describe(result: Check) -> dict[str, str]:
    failed = "failed" if result.required else "degraded"
    described = {"status": "ok" if result.ok else failed}
    if result.detail is not None:
        described["detail"] = result.detail
    return described


def _is_trusted(host: str, names: frozenset[str]) -> bool:
    """`host` as in the header, with or without a port."""
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1]
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name.lower().rstrip(".") in names
    return True
