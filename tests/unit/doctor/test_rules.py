"""Every rule catches what it is for, in every form of input, and leaves the rest alone."""

from __future__ import annotations

import copy

import pytest

from extproc.doctor.finding import Options
from extproc.doctor.hosts import ModelHosts
from extproc.doctor.rules import RULES
from tests.unit.doctor.forms import (
    FORMS,
    cluster,
    ext_proc,
    filters,
    findings,
    host,
    manager,
    rendered,
    rules,
)

PER_ROUTE = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute"
FILTER_CONFIG = "type.googleapis.com/envoy.config.route.v3.FilterConfig"
NAME = "envoy.filters.http.ext_proc"
HTTP = "type.googleapis.com/envoy.extensions.filters.http."
TCP = "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"


def override(level, **fields):
    level["typed_per_filter_config"] = {NAME: {"@type": PER_ROUTE, "overrides": fields}}


def switched_off(level):
    level["typed_per_filter_config"] = {NAME: {"@type": PER_ROUTE, "disabled": True}}


def route(document, index=0):
    return host(document)["routes"][index]


def action(document, index=0):
    return route(document, index)["route"]


def http_filter(kind, name="x"):
    return {"name": name, "typed_config": {"@type": f"{HTTP}{kind}"}}


def listeners(document):
    return document["static_resources"]["listeners"]


def second_listener(document):
    """The same listener without our filter, beside the inspected one."""
    other = copy.deepcopy(listeners(document)[0])
    other["name"] = "side"
    config = other["filter_chains"][0]["filters"][0]["typed_config"]
    del config["http_filters"][0]
    listeners(document).append(other)


def tcp_listener(document, target, **match):
    proxy = {"name": "tcp", "typed_config": {"@type": TCP, "cluster": target}}
    listeners(document).append(
        {"name": "tls", "filter_chains": [{"filter_chain_match": match, "filters": [proxy]}]}
    )


def weighted(document, *names):
    del action(document)["cluster"]
    action(document)["weighted_clusters"] = {
        "clusters": [{"name": name, "weight": 50} for name in names]
    }


def pass_through(document):
    document["static_resources"]["clusters"].append(
        {"name": "anywhere", "type": "ORIGINAL_DST", "connect_timeout": "1s"}
    )
    tcp_listener(document, "anywhere")


def matcher(document):
    one = filters(document)[0]
    one["typed_config"] = {
        "@type": "type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        "extension_config": {"name": NAME, "typed_config": one["typed_config"]},
    }


def inbound(document):
    listeners(document)[0]["traffic_direction"] = "INBOUND"


def one_sided_tls(document):
    inbound(document)
    listeners(document)[0]["filter_chains"][0]["transport_socket"] = {
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3"
            ".DownstreamTlsContext"
        }
    }


def version(document, text="1.29.0"):
    document["node"]["metadata"] = {"ISTIO_VERSION": text}


BAD = {
    "true": ("fail-open", lambda d: ext_proc(d).update(failure_mode_allow=True)),
    "as text": ("fail-open", lambda d: ext_proc(d).update(failure_mode_allow="true")),
    "in a host": ("fail-open", lambda d: override(host(d), failure_mode_allow=True)),
    "in a route": ("fail-open", lambda d: override(route(d), failure_mode_allow=True)),
    "in a table": (
        "fail-open",
        lambda d: override(manager(d)["route_config"], failure_mode_allow=True),
    ),
    "optional": ("fail-open", lambda d: filters(d)[0].update(is_optional=True)),
    "observing": ("fail-open", lambda d: ext_proc(d).update(observability_mode=True)),
    "no cluster": ("missing-cluster", lambda d: cluster(d, "extproc").update(name="other")),
    "no service": ("missing-cluster", lambda d: ext_proc(d).pop("grpc_service")),
    "override asks elsewhere": (
        "missing-cluster",
        lambda d: override(host(d), grpc_service={"envoy_grpc": {"cluster_name": "gone"}}),
    ),
    "second listener": ("no-filter", second_listener),
    "filter removed": ("no-filter", lambda d: filters(d).pop(0)),
    "off by default": ("filter-disabled", lambda d: filters(d)[0].update(disabled=True)),
    "off for a host": ("filter-disabled", lambda d: switched_off(host(d))),
    "off for a route": ("filter-disabled", lambda d: switched_off(route(d, 1))),
    "off by FilterConfig": (
        "filter-disabled",
        lambda d: route(d, 1).update(
            typed_per_filter_config={NAME: {"@type": FILTER_CONFIG, "disabled": True}}
        ),
    ),
    "behind a matcher": ("filter-disabled", matcher),
    "on for a path": (
        "per-path",
        lambda d: (filters(d)[0].update(disabled=True), override(route(d))),
    ),
    "tls by name": (
        "application-tls",
        lambda d: tcp_listener(d, "any", server_names=["api.anthropic.com"]),
    ),
    "tls by cluster": ("application-tls", lambda d: tcp_listener(d, "cloud")),
    "upgrade": (
        "upgrade-bypass",
        lambda d: manager(d)["upgrade_configs"][0].update(
            filters=[http_filter("router.v3.Router")]
        ),
    ),
    "anywhere": ("allow-any", pass_through),
    "404": ("no-default-503", lambda d: host(d)["routes"].pop()),
    "passes": (
        "no-default-503",
        lambda d: host(d)["routes"].__setitem__(
            -1, {"match": {"prefix": "/"}, "route": {"cluster": "gpu-a", "timeout": "0s"}}
        ),
    ),
    "last": ("after-router", lambda d: filters(d).append(filters(d).pop(0))),
    "before jwt": (
        "before-authentication",
        lambda d: filters(d).insert(1, http_filter("jwt_authn.v3.JwtAuthentication")),
    ),
    "before rbac": (
        "before-authentication",
        lambda d: filters(d).insert(2, http_filter("rbac.v3.RBAC")),
    ),
    "two full duplex": (
        "two-full-duplex",
        lambda d: (
            ext_proc(d)["processing_mode"].update(request_body_mode="FULL_DUPLEX_STREAMED"),
            filters(d).insert(0, copy.deepcopy(filters(d)[0])),
        ),
    ),
    "usage first": ("usage-before", lambda d: filters(d).insert(0, filters(d).pop(1))),
    "skip": (
        "header-mode",
        lambda d: ext_proc(d)["processing_mode"].update(request_header_mode="SKIP"),
    ),
    "skip by number": (
        "header-mode",
        lambda d: ext_proc(d)["processing_mode"].update(request_header_mode=2),
    ),
    "streamed": (
        "body-mode",
        lambda d: ext_proc(d)["processing_mode"].update(request_body_mode="STREAMED"),
    ),
    "partial": (
        "body-mode",
        lambda d: ext_proc(d)["processing_mode"].update(request_body_mode=3),
    ),
    "left out": ("body-mode", lambda d: ext_proc(d).pop("processing_mode")),
    "replaced as a whole": (
        "body-mode",
        lambda d: override(host(d), processing_mode={"response_header_mode": "SEND"}),
    ),
    "no override": ("mode-override", lambda d: ext_proc(d).pop("allow_mode_override")),
    "errors held": (
        "mode-override",
        lambda d: ext_proc(d)["processing_mode"].update(response_header_mode="SEND"),
    ),
    "few overrides": (
        "mode-override",
        lambda d: ext_proc(d).update(allowed_override_modes=[{"response_body_mode": "BUFFERED"}]),
    ),
    "no override at the headers": (
        "mode-override",
        lambda d: ext_proc(d).update(
            allowed_override_modes=[
                {"response_body_mode": "BUFFERED"},
                {"response_body_mode": "STREAMED"},
                {"response_header_mode": "SKIP"},
            ]
        ),
    ),
    "no refusals": (
        "verdict-ignored",
        lambda d: ext_proc(d).update(disable_immediate_response=True),
    ),
    "route kept": ("verdict-ignored", lambda d: ext_proc(d).update(route_cache_action="RETAIN")),
    "no namespaces": ("metadata", lambda d: ext_proc(d).pop("metadata_options")),
    "other namespace": (
        "metadata",
        lambda d: ext_proc(d)["metadata_options"].update(
            receiving_namespaces={"untyped": ["other"]}
        ),
    ),
    "changes dropped": (
        "mutation-rules",
        lambda d: ext_proc(d).update(mutation_rules={"disallow_all": True, "allow_envoy": True}),
    ),
    "not stripped": (
        "header-stripping",
        lambda d: manager(d).pop("early_header_mutation_extensions"),
    ),
    "default 200 ms": ("message-timeout", lambda d: ext_proc(d).pop("message_timeout")),
    "at the deadline": ("message-timeout", lambda d: ext_proc(d).update(message_timeout="20s")),
    "300 s": ("message-timeout", lambda d: ext_proc(d).update(message_timeout="300s")),
    "default 15 s": ("route-timeout", lambda d: action(d).pop("timeout")),
    "idle": ("client-timeout", lambda d: action(d).update(idle_timeout="25s")),
    "stream": (
        "client-timeout",
        lambda d: manager(d)["common_http_protocol_options"].update(max_stream_duration="60s"),
    ),
    "default 1 MiB": (
        "buffer",
        lambda d: listeners(d)[0].pop("per_connection_buffer_limit_bytes"),
    ),
    "capped": ("buffer", lambda d: route(d).update(per_request_buffer_limit_bytes=10485759)),
    "default 1024": ("circuit-breaker", lambda d: cluster(d, "extproc").pop("circuit_breakers")),
    "only high": (
        "circuit-breaker",
        lambda d: cluster(d, "extproc")["circuit_breakers"]["thresholds"][0].update(
            priority="HIGH"
        ),
    ),
    "http/1": (
        "service-http2",
        lambda d: cluster(d, "extproc").pop("typed_extension_protocol_options"),
    ),
    "weights": ("weights-leave", lambda d: weighted(d, "gpu-a", "cloud")),
    "mirror": (
        "mirror-leaves",
        lambda d: action(d).update(request_mirror_policies=[{"cluster": "cloud"}]),
    ),
    "mirror of a host": (
        "mirror-leaves",
        lambda d: host(d).update(request_mirror_policies=[{"cluster": "cloud"}]),
    ),
    "regions": (
        "failover-leaves",
        lambda d: cluster(d, "gpu-a")["load_assignment"].update(
            endpoints=[
                {"locality": {"region": "eu-west-1"}},
                {"locality": {"region": "us-east-1"}, "priority": 1},
            ]
        ),
    ),
    "aggregate": (
        "failover-leaves",
        lambda d: cluster(d, "gpu-a").update(
            cluster_type={
                "name": "envoy.clusters.aggregate",
                "typed_config": {"@type": "x/ClusterConfig", "clusters": ["gpu-b", "cloud"]},
            }
        ),
    ),
    "redirects": ("redirect-followed", lambda d: action(d).update(internal_redirect_policy={})),
    "no tls": ("plaintext-upstream", lambda d: cluster(d, "cloud").pop("transport_socket")),
    "remote service": (
        "plaintext-service",
        lambda d: cluster(d, "extproc")["load_assignment"]["endpoints"][0]["lb_endpoints"][0][
            "endpoint"
        ].update(address={"socket_address": {"address": "extproc.ai.svc", "port_value": 1}}),
    ),
    "no roots": (
        "unverified-tls",
        lambda d: cluster(d, "cloud")["transport_socket"]["typed_config"].pop("common_tls_context"),
    ),
    "plain inbound": ("permissive-mtls", inbound),
    "one-sided": ("permissive-mtls", one_sided_tls),
    "forged": (
        "forged-identity",
        lambda d: manager(d).update(forward_client_cert_details="ALWAYS_FORWARD_ONLY"),
    ),
    "old istio": ("proxy-version", version),
    "very old": ("old-proxy", lambda d: version(d, "1.20.3")),
    "no log": ("no-access-log", lambda d: manager(d).pop("access_log")),
    "log elsewhere": (
        "no-access-log",
        lambda d: manager(d)["access_log"][0]["typed_config"]["common_config"].update(
            grpc_service={"envoy_grpc": {"cluster_name": "other"}}
        ),
    ),
}
"""What is wrong, by name: the rule that must see it, and the change."""

NEEDS_ALL_CLUSTERS = {"no cluster", "override asks elsewhere"}
NEEDS_NODE = {"old istio", "very old"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_found(name, form):
    if form == "lists" and name in NEEDS_ALL_CLUSTERS | NEEDS_NODE:
        form = "camel"  # lists tell neither that they are whole nor which proxy it is
    rule, change = BAD[name]
    document = rendered()
    change(document)
    assert rule in rules(FORMS[form](document))


@pytest.mark.parametrize("form", FORMS)
def test_what_we_render_is_clean(form):
    assert findings(FORMS[form](rendered())) == ()


GOOD = {
    "enabled per host": lambda d: (filters(d)[0].update(disabled=True), override(host(d))),
    "enabled by FilterConfig": lambda d: (
        filters(d)[0].update(disabled=True),
        host(d).update(typed_per_filter_config={NAME: {"@type": FILTER_CONFIG, "config": {}}}),
    ),
    "off for an answer of its own": lambda d: switched_off(route(d, -1)),
    "other host untouched": lambda d: (
        filters(d)[0].update(disabled=True),
        override(host(d)),
        d["static_resources"]["clusters"].append({"name": "web", "connect_timeout": "1s"}),
        manager(d)["route_config"]["virtual_hosts"].append(
            {
                "name": "web",
                "domains": ["web.example.com"],
                "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "web"}}],
            }
        ),
    ),
    "jwt before": lambda d: filters(d).insert(0, http_filter("jwt_authn.v3.JwtAuthentication")),
    "someone else's filter": lambda d: filters(d).insert(
        0,
        {
            "name": "waf",
            "typed_config": {
                "@type": f"{HTTP}ext_proc.v3.ExternalProcessor",
                "failure_mode_allow": True,
                "grpc_service": {"envoy_grpc": {"cluster_name": "waf"}},
            },
        },
    ),
    "the overrides that are asked for": lambda d: ext_proc(d).update(
        allowed_override_modes=[
            {"request_body_mode": "BUFFERED", "response_header_mode": "SEND"},
            {"response_header_mode": "SEND", "response_body_mode": 1},
            {"response_body_mode": "BUFFERED"},
        ]
    ),
    "no route timeout": lambda d: action(d).update(timeout="0s"),
    "buffer at the limit": lambda d: listeners(d)[0].update(
        per_connection_buffer_limit_bytes=10485760
    ),
    "bigger body buffer": lambda d: (
        listeners(d)[0].pop("per_connection_buffer_limit_bytes"),
        [r.update(request_body_buffer_limit="16777216") for r in host(d)["routes"]],
    ),
    "weight zero": lambda d: (
        weighted(d, "gpu-a", "cloud"),
        action(d)["weighted_clusters"]["clusters"][1].update(weight=0),
    ),
    "mirror switched off": lambda d: action(d).update(
        request_mirror_policies=[
            {"cluster": "cloud", "runtime_fraction": {"default_value": {"numerator": 0}}}
        ]
    ),
    "stripped by prefix": lambda d: manager(d).update(
        early_header_mutation_extensions=[
            {
                "typed_config": {
                    "@type": "x/HeaderMutation",
                    "mutations": [{"remove_on_match": {"key_matcher": {"prefix": "x-ai-"}}}],
                }
            }
        ]
    ),
    "black hole": lambda d: tcp_listener(d, "BlackHoleCluster"),
    "database": lambda d: tcp_listener(d, "outbound|5432||db.example.com"),
    "new proxy": lambda d: version(d, "1.32.1"),
    "one jurisdiction": lambda d: cluster(d, "gpu-a")["load_assignment"]["endpoints"][0].update(
        locality={"region": "eu-west-1"}
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_left_alone(name, form):
    document = rendered()
    GOOD[name](document)
    assert findings(FORMS[form](document)) == ()


def test_hosts_of_models_can_be_named():
    document = rendered()
    tcp_listener(document, "any", server_names=["llm.corp.example"])
    text = FORMS["config_dump"](document)
    assert rules(text) == set()
    assert rules(text, Options(models=ModelHosts(("*.corp.example",)))) == {"application-tls"}


@pytest.mark.parametrize(("there", "found"), [({"eu"}, set()), ({"us"}, {"weights-leave"})])
def test_weights_inside_a_residency(there, found):
    document = rendered()
    weighted(document, "gpu-a", "cloud")
    residency = {"gpu-a": frozenset({"eu"}), "cloud": frozenset(there)}
    residency |= {"api.openai.com": frozenset(there)}
    assert rules(FORMS["yaml"](document), Options(residency=residency)) == found


def test_places_are_paths_and_lines():
    document = rendered()
    ext_proc(document)["failure_mode_allow"] = True
    (json_one,) = findings(FORMS["bootstrap"](document))
    path = json_one.place.path
    assert path.startswith("static_resources.listeners[0].filter_chains[0]")
    assert path.endswith("http_filters[0].typed_config.failure_mode_allow")
    text = FORMS["yaml"](document)
    (yaml_one,) = findings(text)
    assert text.splitlines()[yaml_one.place.line - 1].strip() == "failure_mode_allow: true"
    assert yaml_one.place.path == path


def test_ids_are_unique():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_a_filter_that_nothing_enables():
    document = rendered()
    filters(document)[0]["disabled"] = True
    host(document)["routes"] = host(document)["routes"][-1:]
    assert rules(FORMS["config_dump"](document)) == {"filter-disabled"}
