"""Filters that the proxy does not have."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import Subject, Version

SSE_SINCE = 38
"""`sse_to_metadata`: absent in Envoy 1.37."""
BUFFERED_SINCE = 35
"""Before, a BUFFERED body over the buffer limit hangs (envoy #39365)."""
_NEEDS = {"SseToMetadata": SSE_SINCE}


def filters(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        for _listener, _chain, manager in proxy.managers():
            for one in manager.filters:
                needed = _NEEDS.get(one.kind)
                if needed is None:
                    continue
                if proxy.version is not None and proxy.version.below(needed):
                    yield Hit(one.place, _lacks(one.name, proxy.version))
                if proxy.oldest and proxy.oldest < needed:
                    yield Hit(
                        one.place,
                        f"{one.name} also goes to proxies of Istio 1.{proxy.oldest - 8} "
                        f"(Envoy 1.{proxy.oldest}), which do not have it",
                    )


def _lacks(name: str, version: Version) -> str:
    return f"the proxy is {version.written}, which does not have {name}"


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
