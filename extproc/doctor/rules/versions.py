"""Filters that the proxy does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import Subject, Version
from extproc.doctor.node import Node

SSE_SINCE = 38
"""`sse_to_metadata`: absent in Envoy 1.37."""
BUFFERED_SINCE = 35
"""Before, a BUFFERED body over the buffer limit hangs (envoy #39365)."""
_NEEDS = {"SseToMetadata": SSE_SINCE}
_ISTIO_AHEAD = 8
_OLDEST = 20


def filters(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        for _listener, _chain, manager in proxy.managers():
            for one in manager.filters:
                needed = _NEEDS.get(one.kind)
                if needed is None:
                    continue
                if proxy.version is not None and proxy.version.below(needed):
                    yield Hit(one.place, _lacks(one.name, proxy.version))
                condition = proxy.versions.get(one.kind)
                if condition is not None and (old := _oldest(condition)) < needed:
                    yield Hit(
                        one.place,
                        f"{one.name} also goes to proxies of Istio 1.{old - _ISTIO_AHEAD} "
                        f"(Envoy 1.{old}), which do not have it",
                    )


def _lacks(name: str, version: Version) -> str:
    return f"the proxy is {version.written}, which does not have {name}"


def _oldest(condition: Node) -> int:
    """Minor version of the oldest Envoy that a `proxyVersion` takes; very old without one."""
    if not condition.text():
        return _OLDEST
    try:
        pattern = re.compile(condition.text())
    except re.error:
        return _OLDEST
    for minor in range(_OLDEST - _ISTIO_AHEAD, SSE_SINCE):
        if pattern.search(f"1.{minor}.0") or pattern.search(f"1.{minor}"):
            return minor + _ISTIO_AHEAD
    return SSE_SINCE


def buffering(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        if proxy.version is None or not proxy.version.below(BUFFERED_SINCE):
            continue
        if any(manager.ours for _, _, manager in proxy.managers()):
            yield Hit(
                proxy.version.place,
                f"the proxy is {proxy.version.written}: a body over its buffer limit hangs",
                Severity.WARNING,
            )
