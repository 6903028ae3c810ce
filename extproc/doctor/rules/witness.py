"""The access log: without it nobody learns what came of a decision."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import AccessLog, HttpManager, Subject, VirtualHost
from extproc.doctor.node import Place
from extproc.doctor.rules.facts import managers, service_clusters


def access_log(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy, listener, manager in managers(subject):
        ours = service_clusters(proxy)
        logs = [log for log in manager.logs if log.cluster in ours or "extproc" in log.cluster]
        if not logs:
            yield Hit(
                _where(manager), f"listener {listener.name or '?'} logs no request to the service"
            )
        elif all(_narrow(log, manager) for log in logs):
            yield Hit(
                logs[0].place,
                f"listener {listener.name or '?'} logs only some requests to the service",
                Severity.WARNING,
            )
        for log in logs:
            if log.cluster not in proxy.clusters and proxy.all_clusters and log.cluster:
                yield Hit(log.place, f"the access log names cluster {log.cluster}, not there")


def _where(manager: HttpManager) -> Place:
    return manager.ours[0].place if manager.ours else manager.place


def _narrow(log: AccessLog, manager: HttpManager) -> bool:
    """Whether its filter may leave out what we inspect: it has to name, or mark, every such host."""
    if not log.condition:
        return False
    hosts = [
        host
        for table in manager.tables
        for host in table.hosts
        if any(target.inspected for route in host.routes for target in route.targets)
    ]
    return not hosts or not all(
        host.name in log.condition or _marked(host, log, manager) for host in hosts
    )


def _marked(host: VirtualHost, log: AccessLog, manager: HttpManager) -> bool:
    """Whether a filter that acts on the host writes the metadata that the log asks for."""
    words = log.condition.split()
    return any(
        not each.disabled or each.name in host.enables
        for each in manager.filters
        if "set_metadata" in each.name
        and any(
            entry.get("metadata_namespace").text() in words
            for entry in (each.config, *each.config.get("metadata").items())
        )
    )
