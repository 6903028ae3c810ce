"""The place of our filter in its chain."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import HttpFilter, HttpManager, Subject
from extproc.doctor.proxy.extproc_filter import modes
from extproc.doctor.proxy.filters import EXT_PROC, ROUTER

AUTHENTICATION = {
    "JwtAuthentication",
    "ExtAuthz",
    "OAuth2",
    "BasicAuth",
    "ApiKeyAuth",
    "RBAC",
    "GssApi",
}
_USAGE = {"JsonToMetadata", "SseToMetadata"}


def _governed(subject: Subject) -> Iterator[HttpManager]:
    """Whatever the state of the filter: order holds for the whole chain."""
    for proxy in subject.proxies:
        for _, _, manager in proxy.managers():
            if manager.ours:
                yield manager


def after_router(subject: Subject, _: Options) -> Iterator[Hit]:
    for manager in _governed(subject):
        kinds = [each.kind for each in manager.filters]
        router = kinds.index(ROUTER) if ROUTER in kinds else len(kinds)
        for one in manager.filters[router:]:
            if one.ours:
                yield Hit(one.place, "ext_proc stands after the router, where it is never reached")


def before_authentication(subject: Subject, _: Options) -> Iterator[Hit]:
    for manager in _governed(subject):
        ours = False
        first: HttpFilter | None = None
        for one in manager.filters:
            if one.ours and first is None:
                first = one
            ours = ours or one.ours
            if first is not None and (one.kind in AUTHENTICATION or one.name == "istio_authn"):
                yield Hit(first.place, f"ext_proc stands before {one.name or one.kind}")
                break


def full_duplex(subject: Subject, _: Options) -> Iterator[Hit]:
    for manager in _governed(subject):
        found = [
            one
            for one in manager.filters
            if one.kind == EXT_PROC
            and "FULL_DUPLEX_STREAMED"
            in {
                (mode := modes(one.config.get("processing_mode"))).request_body,
                mode.response_body,
            }
        ]
        for one in found[1:]:
            yield Hit(one.place, f"{found[0].name} and {one.name} are both FULL_DUPLEX_STREAMED")


def usage_first(subject: Subject, _: Options) -> Iterator[Hit]:
    for manager in _governed(subject):
        for one in manager.filters:
            if one.ours:
                break
            if one.kind in _USAGE:
                yield Hit(one.place, f"{one.name} stands before ext_proc", Severity.WARNING)
