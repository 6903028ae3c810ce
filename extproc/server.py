"""The composition root: builds every part, owns start, reload, drain and stop."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import grpc
import uvloop
from envoy.service.accesslog.v3.als_pb2_grpc import add_AccessLogServiceServicer_to_server
from envoy.service.ext_proc.v3.external_processor_pb2_grpc import (
    add_ExternalProcessorServicer_to_server,
)
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import OVERALL_HEALTH
from grpc_health.v1.health import aio as health_aio
from grpc_health.v1.health_pb2 import HealthCheckResponse

from extproc.admin.http import AdminServer, Check
from extproc.admission import Admission
from extproc.audit.log import AuditLog
from extproc.consequences import Consequences
from extproc.control import Standing, open_control
from extproc.desk import Desk
from extproc.identity import DEVELOPMENT
from extproc.inspectors import SECTIONS
from extproc.inspectors.services import Services, open_services
from extproc.ledger import Ledger
from extproc.outcomes import AccessLog
from extproc.policy.errors import PolicyErrors
from extproc.policy.model import PolicySet
from extproc.policy.reload import Change, Reloader, ReloadStatus
from extproc.routing.settings import RouteSettings, weight_changes
from extproc.rules import Rules, compile_rules
from extproc.secret import load_or_create
from extproc.service import ExternalProcessor
from extproc.session import Session
from extproc.state.entries import Purge
from extproc.telemetry import logs, traces
from extproc.telemetry.logs import event
from extproc.telemetry.metrics import CONTENT_TYPE, Metrics

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of one gRPC message: a buffered body is one. The policies' limits are far below."""
MAX_STREAMS = 1_000_000
SOCKET_MODE = 0o660
OUTCOMES_LINGER_S = 0.6
"""After the last exchange: Envoy's access log arrives some tenths of a second later."""
TICK_S = 0.25
POLL_S = 0.05
_SERVING, _NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


@dataclass(frozen=True, slots=True)
class Settings:
    """What `extproc serve` is told."""

    policies: Path
    listen: str
    """``host:port`` or ``unix:PATH``."""
    admin_host: str
    admin_port: int
    data_dir: Path
    state: str
    development_identity: bool
    """Accept the development identity where the policy set declares none."""
    workers: int
    max_deciding: int
    """Requests in inspection at once; more are shed."""
    drain_s: float
    """How long exchanges in flight may take to finish after a signal."""
    embedder: str


def serve_forever(settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT. Returns the exit status; says on stderr why it is not 0."""
    logs.configure()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(Server(settings).run())
    except PolicyErrors as errors:
        sys.stderr.write(f"{errors}\n")
        return 1
    except (OSError, ValueError, RuntimeError) as error:
        sys.stderr.write(f"extproc serve: {error}\n")
        return 1
    return 0


class Server:
    """Everything that lives as long as the process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._draining = False
        self._started_at = time.time()
        self._metrics = Metrics()
        self._tracer = traces.from_environment()
        self._audit = AuditLog(settings.data_dir)
        self._admission = Admission(
            settings.max_deciding, ready=self._may_begin, shed=self._metrics.shed
        )
        self._services: Services
        self._rules: Rules
        self._reloader: Reloader
        self._ledger: Ledger
        self._consequences: Consequences
        self._processor: ExternalProcessor
        self._health: health_aio.HealthServicer

    async def run(self) -> None:
        """Raises `PolicyErrors`, `OSError`, `ValueError` or `RuntimeError` when it cannot start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        async with AsyncExitStack() as stack:
            await self._open(stack)
            await self._listen(stack)
            stack.push_async_callback(self._finish)
            control = await open_control(self._settings.data_dir, self)
            stack.push_async_callback(control.stop, 0)
            stack.callback(asyncio.create_task(self._tick()).cancel)
            event(log, logging.INFO, "serving", address=self._settings.listen)
            await self._stop.wait()

    async def _open(self, stack: AsyncExitStack) -> None:
        """Policies first: without a valid set nothing else is worth starting."""
        settings = self._settings
        self._reloader = Reloader(
            settings.policies, SECTIONS, self._reloaded, attempted=self._attempted
        )
        policies = self._reloader.load()
        await self._audit.start()
        stack.push_async_callback(self._audit.close)
        self._services = open_services(
            threads=settings.workers,
            state=settings.state,
            embedder=settings.embedder,
            key=load_or_create(settings.data_dir / "keys" / "hmac.key"),
        )
        stack.push_async_callback(self._services.close)
        # It waits for the collector, at most one export timeout.
        stack.push_async_callback(asyncio.to_thread, self._tracer.close)
        await self._services.warm()
        self._rules = self._compile(policies)
        self._audit.append_policy_change(
            by="start", old=None, new=policies.digest, diff={}, subject="policies"
        )
        self._consequences = Consequences(
            audit=self._audit,
            metrics=self._metrics,
            tracer=self._tracer,
            health=self._services.health,
            state=self._services.state,
        )
        self._ledger = Ledger([self._consequences.completed], time.time)
        self._ledger.told_before(_take_told(settings.data_dir))
        self._metrics.watch_audit(lambda: self._audit.stats)
        self._metrics.watch_waiting(lambda: self._services.flights.waiting)
        self._metrics.reloaded(ok=True, at=time.time())
        watching = asyncio.create_task(self._reloader.watch())
        stack.callback(watching.cancel)

    async def _listen(self, stack: AsyncExitStack) -> None:
        settings = self._settings
        desk = Desk(
            rules=lambda: self._rules,
            ledger=self._ledger,
            admission=self._admission,
            workers=self._services.workers,
            observer=self._consequences,
            hmac_key=load_or_create(settings.data_dir / "keys" / "hmac.key"),
            clock=time.time,
        )
        processor = self._processor = ExternalProcessor(lambda: Session(desk))
        self._metrics.in_flight.set_function(lambda: processor.in_flight)
        health = self._health = health_aio.HealthServicer()
        server = grpc.aio.server(
            options=[
                ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
                ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
                # gRPC sheds by itself from 1,000 waiting calls on; shedding is ours to say.
                ("grpc.server.max_pending_requests", MAX_STREAMS),
                ("grpc.server.max_pending_requests_hard_limit", MAX_STREAMS),
                # A second process on the same port must fail, not share it.
                ("grpc.so_reuseport", 0),
            ]
        )
        add_ExternalProcessorServicer_to_server(processor, server)
        add_AccessLogServiceServicer_to_server(AccessLog(self._ledger.complete), server)
        health_pb2_grpc.add_HealthServicer_to_server(health, server)
        server.add_insecure_port(settings.listen)
        await server.start()
        stack.push_async_callback(server.stop, 1.0)
        _open_to_group(settings.listen)
        admin = AdminServer(
            checks=self._checks(),
            metrics=self._metrics.render,
            metrics_type=CONTENT_TYPE,
            host=settings.admin_host,
            port=settings.admin_port,
        )
        await admin.start()
        stack.push_async_callback(admin.close)
        await health.set(OVERALL_HEALTH, _SERVING)

    # While it runs

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._ledger.expire()
            self._metrics.degraded(not self._state_healthy())
            self._metrics.cache_index(self._services.entries.standing)

    def _compile(self, policies: PolicySet) -> Rules:
        identity = policies.identity
        if identity is None and self._settings.development_identity:
            identity = DEVELOPMENT
            event(log, logging.WARNING, "development identity in use: never in production")
        return compile_rules(policies, self._services, identity=identity)

    def _reloaded(self, change: Change) -> None:
        """A new set is valid: from now on every new exchange takes it."""
        self._rules = self._compile(change.new)
        self._audit.append_policy_change(
            by=change.by, old=change.old.digest, new=change.new.digest, diff=change.diff
        )
        before = {policy.name: policy for policy in change.old.policies}
        for policy in change.new.policies:
            old = before.get(policy.name)
            weights = weight_changes(
                old.section(RouteSettings) if old else None, policy.section(RouteSettings)
            )
            if weights:
                self._audit.append_policy_change(
                    by=change.by,
                    old=old.digest if old else None,
                    new=policy.digest,
                    diff=weights,
                    subject=f"weights of {policy.name}",
                )

    def _attempted(self, status: ReloadStatus) -> None:
        self._metrics.reloaded(ok=status.ok, at=status.loaded_at or 0.0)

    def _may_begin(self) -> bool:
        return self._audit.healthy

    def _state_healthy(self) -> bool:
        return self._services.state.healthy and self._services.entries.healthy

    def _checks(self) -> Mapping[str, Callable[[], Check]]:
        return {
            "draining": lambda: Check(not self._draining),
            "policies": self._policies_check,
            "audit": lambda: Check(self._audit.healthy, self._audit.stats.failing),
            "state": lambda: Check(self._services.state.healthy, required=False),
            "cache": self._cache_check,
        }

    def _policies_check(self) -> Check:
        """An invalid edit leaves us ready with the last good set, and shows."""
        status = self._reloader.status
        return Check(status.ok, status.error or status.digest, required=False)

    def _cache_check(self) -> Check:
        """Without its store the cache misses; that shows, and costs nobody an answer."""
        now = self._services.entries.standing
        detail = "the store is full: nothing is kept" if now.full else "the store is away"
        healthy = self._services.entries.healthy
        if healthy:
            detail = "the index is being filled" if now.warming else f"{now.vectors} vectors"
        return Check(healthy, detail, required=False)

    # What an operator may ask

    def standing(self) -> Standing:
        return Standing(
            started_at=self._started_at,
            draining=self._draining,
            deciding=self._processor.in_flight,
            open=self._ledger.open,
            checks={name: check() for name, check in self._checks().items()},
            policies=self._reloader.status,
        )

    async def reload(self, by: str) -> ReloadStatus:
        return await self._reloader.reload(by)

    async def drain(self, seconds: float | None) -> int:
        """Readiness goes down first; then exchanges in flight may finish."""
        if not self._draining:
            event(log, logging.INFO, "draining")
        self._draining = True
        await self._health.set(OVERALL_HEALTH, _NOT_SERVING)
        limit = self._settings.drain_s
        deadline = time.monotonic() + (limit if seconds is None else min(seconds, limit))
        while self._in_flight() and time.monotonic() < deadline:  # noqa: ASYNC110 - no event tells the end
            await asyncio.sleep(POLL_S)
        return self._in_flight()

    async def purge(self, what: Purge) -> int:
        removed = await self._services.entries.purge(what)
        event(log, logging.INFO, "cache purged", count=removed)
        return removed

    def _in_flight(self) -> int:
        return self._processor.in_flight + self._ledger.open

    async def _finish(self) -> None:
        """The end: what is in flight finishes, and all is written."""
        await self.drain(None)
        await asyncio.sleep(min(OUTCOMES_LINGER_S, self._settings.drain_s))
        _keep_told(self._settings.data_dir, self._ledger.flush())
        await self._consequences.close()


def _open_to_group(listen: str) -> None:
    """A proxy has a user of its own: who shares the group of the socket may connect, no one else."""
    if listen.startswith("unix:"):
        Path(listen.removeprefix("unix:")).chmod(SOCKET_MODE)


def _told_file(data_dir: Path) -> Path:
    return data_dir / "told.json"


def _keep_told(data_dir: Path, request_ids: tuple[str, ...]) -> None:
    """Envoy may hand what we have just written to the process that comes after us."""
    if request_ids:
        _told_file(data_dir).write_text(json.dumps(request_ids))


def _take_told(data_dir: Path) -> tuple[str, ...]:
    file = _told_file(data_dir)
    try:
        told = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return ()
    file.unlink()
    return tuple(told)
