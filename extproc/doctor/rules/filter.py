"""The ext_proc filter itself: fields that let requests through, or make verdicts mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import NAMESPACE, OWN_PREFIX, POOL_HEADER, Subject
from extproc.doctor.proxy.extproc_filter import modes
from extproc.doctor.rules.facts import filters, managers

_JWT = "envoy.filters.http.jwt_authn"


def fail_open(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        if ext.failure_mode_allow:
            yield Hit(ext.where("failure_mode_allow"), "failure_mode_allow is true")
        if ext.base.get("observability_mode").flag():
            yield Hit(
                ext.base.get("observability_mode").place,
                "observability_mode is true: Envoy does not wait for the verdict",
            )
    for proxy in subject.proxies:
        for _listener, _chain, manager in proxy.managers():
            for one in manager.ours:
                if one.optional:
                    yield Hit(one.place, "is_optional is true: a proxy may leave the filter out")


def missing_cluster(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy, ext in filters(subject):
        if not ext.cluster and not ext.target:
            yield Hit(ext.where("grpc_service"), "the filter names no service")
        elif (
            ext.cluster
            and ext.cluster not in proxy.clusters
            and (proxy.all_clusters or (proxy.from_manifests and "|" not in ext.cluster))
        ):
            yield Hit(
                ext.where("grpc_service"),
                f"the filter asks cluster {ext.cluster}, which does not exist",
            )


def header_mode(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        if ext.modes.request_headers != "SEND":
            yield Hit(
                ext.where("processing_mode"),
                f"request_header_mode is {ext.modes.request_headers}",
            )


def body_mode(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        if ext.modes.request_body != "BUFFERED":
            yield Hit(
                ext.where("processing_mode"),
                f"request_body_mode is {ext.modes.request_body}",
            )


def mode_override(subject: Subject, _: Options) -> Iterator[Hit]:
    """The service asks for an exchange's answer in its reply to the request's headers."""
    for _proxy, ext in filters(subject):
        if ext.modes.response_headers == "SEND":
            yield Hit(
                ext.where("processing_mode"),
                "response_header_mode is SEND: errors that Envoy answers with while it closes a "
                "connection (HTTP/1.0, too many headers) wait for the service and are lost",
                Severity.NOTE,
            )
        if not ext.base.get("allow_mode_override").flag():
            yield Hit(ext.base.get("allow_mode_override").place, "allow_mode_override is false")
            continue
        allowed = ext.base.get("allowed_override_modes").items()
        asked = {(m.response_headers, m.response_body) for m in map(modes, allowed)}
        missing = {("SEND", body) for body in ("NONE", "BUFFERED", "STREAMED")} - asked
        if ext.modes.response_headers == "SEND":
            missing.discard(("SEND", "NONE"))
        if allowed and missing:
            bodies = ", ".join(sorted(body for _, body in missing))
            yield Hit(
                ext.base.get("allowed_override_modes").place,
                f"allowed_override_modes leaves out answers with response_body_mode {bodies}",
            )


def verdict_ignored(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        base = ext.base
        if base.get("disable_immediate_response").flag():
            yield Hit(
                base.get("disable_immediate_response").place,
                "disable_immediate_response is true: refusals are dropped",
            )
        if base.get("disable_clear_route_cache").flag():
            yield Hit(
                base.get("disable_clear_route_cache").place,
                "disable_clear_route_cache is true: the chosen pool is not taken",
            )
        action = base.get("route_cache_action")
        if action.enum(("DEFAULT", "CLEAR", "RETAIN")) == "RETAIN":
            yield Hit(action.place, "route_cache_action is RETAIN: the chosen pool is not taken")


def metadata(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        if NAMESPACE not in ext.receiving:
            yield Hit(
                ext.where("metadata_options"),
                f"receiving_namespaces does not hold {NAMESPACE!r}",
            )
    for proxy, _listener, manager in managers(subject):
        # Chains composed from manifests hold filters that may not be there.
        if proxy.from_manifests:
            continue
        if not any(each.kind == "JwtAuthentication" for each in manager.filters):
            continue
        for one in manager.ours:
            options = one.config.get("metadata_options")
            if _JWT not in options.at("forwarding_namespaces", "untyped").texts():
                yield Hit(
                    options.place,
                    f"forwarding_namespaces does not hold {_JWT!r}, though the chain checks JWTs",
                    Severity.WARNING,
                )


def mutation_rules(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        rules = ext.base.get("mutation_rules")
        if rules.get("disallow_all").flag():
            yield Hit(rules.get("disallow_all").place, "disallow_all drops every change of ours")
        elif _names_ours(rules.at("disallow_expression", "regex").text()):
            yield Hit(
                rules.get("disallow_expression").place,
                f"disallow_expression takes {OWN_PREFIX} headers from us",
            )
        if not rules.get("allow_envoy").flag():
            yield Hit(
                rules.place,
                "allow_envoy is false: timeouts that the service sets for a request are dropped",
                Severity.WARNING,
            )
        if rules.get("allow_all_routing").flag():
            yield Hit(
                rules.get("allow_all_routing").place,
                "allow_all_routing is true: wider than the service needs",
                Severity.WARNING,
            )


def _names_ours(pattern: str) -> bool:
    return "x-ai" in pattern.replace("\\", "")


def header_stripping(subject: Subject, _: Options) -> Iterator[Hit]:
    for _proxy, listener, manager in managers(subject):
        if not any(_takes(each, POOL_HEADER) for each in manager.removed):
            yield Hit(
                manager.ours[0].place if manager.ours else manager.place,
                f"listener {listener.name or '?'} keeps a client's own {POOL_HEADER}",
            )


def _takes(removed: str, header: str) -> bool:
    return header.startswith(removed[:-1]) if removed.endswith("*") else header == removed
