"""The patch engine of the tests, on configurations before and after as Istio shows them."""

from __future__ import annotations

import pytest

from tests.istio.attached import ROOT, manifests
from tests.istio.manifests import of_kind
from tests.istio.patching import MANAGER, Proxy, merged, patched


def document(*patches, labels=None):
    spec = {"configPatches": list(patches)}
    if labels:
        spec["workloadSelector"] = {"labels": labels}
    return {"spec": spec}


def patch(kind, operation, value=None, **match):
    made = {"operation": operation}
    if value is not None:
        made["value"] = value
    return {"applyTo": kind, "match": match, "patch": made}


def outbound(**kwargs):
    return Proxy("SIDECAR_OUTBOUND", **kwargs)


# Istio's own cases for route configurations: `rc_patch_test.go`.

ISTIO_ROUTE_PATCHES = document(
    patch(
        "ROUTE_CONFIGURATION",
        "MERGE",
        {"request_headers_to_remove": ["h3", "h4"]},
        context="SIDECAR_OUTBOUND",
        routeConfiguration={"portNumber": 80},
    ),
    patch(
        "HTTP_ROUTE",
        "MERGE",
        {"route": {"prefix_rewrite": "/foo"}},
        context="SIDECAR_OUTBOUND",
        routeConfiguration={"portNumber": 80, "vhost": {"route": {"action": "ROUTE"}}},
    ),
    patch(
        "HTTP_ROUTE",
        "REMOVE",
        context="SIDECAR_OUTBOUND",
        routeConfiguration={"portNumber": 80, "vhost": {"route": {"name": "bar"}}},
    ),
    patch(
        "VIRTUAL_HOST",
        "REMOVE",
        context="SIDECAR_OUTBOUND",
        routeConfiguration={"vhost": {"name": "allow_any"}},
    ),
    patch("VIRTUAL_HOST", "ADD", {"name": "new-vhost"}),
    patch(
        "VIRTUAL_HOST",
        "REMOVE",
        context="GATEWAY",
        routeConfiguration={"vhost": {"name": "vhost1"}},
    ),
    patch("VIRTUAL_HOST", "MERGE", {"domains": ["domain:80"]}, context="ANY"),
    *(
        patch(
            "HTTP_ROUTE",
            operation,
            {"name": name},
            context="ANY",
            routeConfiguration={
                "portNumber": 9090,
                "vhost": {"name": "test.com", **({"route": {"name": at}} if at else {})},
            },
        )
        for operation, name, at in (
            ("ADD", "route4.0", None),
            ("INSERT_FIRST", "route0.0", None),
            ("INSERT_AFTER", "route2.5", "route2.0"),
            ("INSERT_BEFORE", "route1.5", "route2.0"),
        )
    ),
)


def test_routes_of_a_sidecar_are_merged_removed_and_added():
    before = {
        "name": "80",
        "request_headers_to_remove": ["h1", "h2"],
        "virtual_hosts": [
            {
                "name": "foo.com",
                "domains": ["domain"],
                "routes": [
                    {"name": "foo", "route": {"prefix_rewrite": "/"}},
                    {"name": "bar", "redirect": {"response_code": "FOUND"}},
                ],
            },
            {"name": "allow_any", "domains": ["*"], "routes": []},
        ],
    }
    (after,) = patched(outbound(routes=[before]), ISTIO_ROUTE_PATCHES).routes
    assert after == {
        "name": "80",
        "request_headers_to_remove": ["h1", "h2", "h3", "h4"],
        "virtual_hosts": [
            {
                "name": "foo.com",
                "domains": ["domain", "domain:80"],
                "routes": [{"name": "foo", "route": {"prefix_rewrite": "/foo"}}],
            },
            {"name": "new-vhost"},
        ],
    }
    assert before["request_headers_to_remove"] == ["h1", "h2"]


def test_routes_of_a_gateway_see_their_own_patches_only():
    before = {
        "name": "http.80",
        "virtual_hosts": [
            {"name": "vhost1", "domains": ["domain"]},
            {"name": "gateway", "domains": ["gateway"]},
        ],
    }
    (after,) = patched(Proxy("GATEWAY", routes=[before]), ISTIO_ROUTE_PATCHES).routes
    assert after["virtual_hosts"] == [
        {"name": "gateway", "domains": ["gateway", "domain:80"]},
        {"name": "new-vhost"},
    ]


def test_routes_are_inserted_where_they_are_told():
    before = {
        "name": "9090",
        "virtual_hosts": [
            {
                "name": "test.com",
                "domains": ["domain"],
                "routes": [{"name": f"route{n}.0", "route": {}} for n in (1, 2, 3)],
            }
        ],
    }
    (after,) = patched(outbound(routes=[before]), ISTIO_ROUTE_PATCHES).routes
    assert [route["name"] for route in after["virtual_hosts"][0]["routes"]] == [
        "route0.0",
        "route1.0",
        "route1.5",
        "route2.0",
        "route2.5",
        "route3.0",
        "route4.0",
    ]


def test_a_virtual_host_is_replaced():
    before = {"name": "80", "virtual_hosts": [{"name": "to-be-replaced", "domains": ["xxx"]}]}
    replaced = {"name": "replaced", "domains": ["replaced.com"]}
    where = {"routeConfiguration": {"vhost": {"name": "to-be-replaced"}}}
    document_ = document(patch("VIRTUAL_HOST", "REPLACE", replaced, **where))
    (after,) = patched(outbound(routes=[before]), document_).routes
    assert after["virtual_hosts"] == [replaced]


# Clusters: `cluster_patch_test.go`.

TLS = "envoy.transport_sockets.tls"
TLS_13 = {"common_tls_context": {"tls_params": {"tls_minimum_protocol_version": "TLSv1_3"}}}


def tls(**params):
    config = {"@type": "x/UpstreamTlsContext", "common_tls_context": {"tls_params": params}}
    return {"name": TLS, "typed_config": config}


@pytest.mark.parametrize(
    ("name", "match", "expected"),
    [
        ("scrappy", {"name": "scooby"}, False),
        ("outbound|80|v2|foo.bar", {"portNumber": 80, "service": "foo.bar", "subset": "v1"}, False),
        ("outbound|80|v1|google.com", {"portNumber": 80, "service": "foo.bar"}, False),
        ("outbound|90|v1|foo.bar", {"portNumber": 80, "service": "foo.bar"}, False),
        ("outbound|80|v1|foo.bar", {"portNumber": 80, "service": "foo.bar", "subset": "v1"}, True),
        ("outbound|80|v1|foo.bar", {}, True),
    ],
)
def test_which_clusters_a_patch_is_for(name, match, expected):
    document_ = document(patch("CLUSTER", "MERGE", {"lb_policy": "RING_HASH"}, cluster=match))
    (after,) = patched(outbound(clusters=[{"name": name}]), document_).clusters
    assert (after.get("lb_policy") == "RING_HASH") is expected


def test_clusters_are_added_unmerged_and_removed():
    document_ = document(
        patch("CLUSTER", "ADD", {"name": "new-cluster1"}, context="SIDECAR_OUTBOUND"),
        patch("CLUSTER", "ADD", {"name": "new-cluster2"}, context="GATEWAY"),
        patch("CLUSTER", "REMOVE", cluster={"portNumber": 9999}),
        patch("CLUSTER", "MERGE", {"dns_lookup_family": "V6_ONLY"}, context="ANY"),
    )
    before = [{"name": "outbound|443||cluster1"}, {"name": "outbound|9999||mypod.local"}]
    assert patched(outbound(clusters=before), document_).clusters == [
        {"name": "outbound|443||cluster1", "dns_lookup_family": "V6_ONLY"},
        {"name": "new-cluster1"},
    ]


@pytest.mark.parametrize("matched", [False, True])
def test_a_transport_socket_of_the_same_name_is_merged_into(matched):
    socket = tls(ecdh_curves=["X25519"])
    cluster = {"name": "outbound|443||cluster1"}
    if matched:
        cluster["transport_socket_matches"] = [
            {"name": "tlsMode-istio", "transport_socket": socket}
        ]
    else:
        cluster["transport_socket"] = socket
    value = {"transport_socket": tls(tls_minimum_protocol_version="TLSv1_3")}
    document_ = document(patch("CLUSTER", "MERGE", value, cluster={"portNumber": 443}))
    (after,) = patched(outbound(clusters=[cluster]), document_).clusters
    found = after["transport_socket_matches"][0] if matched else after
    assert found["transport_socket"] == tls(
        ecdh_curves=["X25519"], tls_minimum_protocol_version="TLSv1_3"
    )


@pytest.mark.parametrize("matched", [False, True])
def test_a_transport_socket_of_another_name_replaces_the_one_but_not_matches(matched):
    socket = tls(ecdh_curves=["X25519"])
    cluster = {"name": "outbound|7777||c"}
    if matched:
        cluster["transport_socket_matches"] = [
            {"name": "tlsMode-istio", "transport_socket": socket}
        ]
    else:
        cluster["transport_socket"] = socket
    alts = {"name": "transport_sockets.alts", "typed_config": {"@type": "x/Alts"}}
    document_ = document(patch("CLUSTER", "MERGE", {"transport_socket": alts}))
    (after,) = patched(outbound(clusters=[cluster]), document_).clusters
    assert after.get("transport_socket") == (None if matched else alts)


# Listeners and their filters.


def listener(port=80, *filters):
    manager = {"@type": "x/HttpConnectionManager", "http_filters": [{"name": f} for f in filters]}
    return {
        "name": f"0.0.0.0_{port}",
        "address": {"socket_address": {"address": "0.0.0.0", "port_value": port}},
        "filter_chains": [{"filters": [{"name": MANAGER, "typed_config": manager}]}],
    }


def on(port, sub=None, name=MANAGER):
    chosen = {"name": name, **({"subFilter": {"name": sub}} if sub else {})}
    return {"listener": {"portNumber": port, "filterChain": {"filter": chosen}}}


def names(listener_):
    manager = listener_["filter_chains"][0]["filters"][0]["typed_config"]
    return [each["name"] for each in manager["http_filters"]]


@pytest.mark.parametrize(
    ("operation", "sub", "expected"),
    [
        ("INSERT_BEFORE", "router", ["jwt", "cors", "new", "router"]),
        ("INSERT_BEFORE", None, ["new", "jwt", "cors", "router"]),
        ("INSERT_BEFORE", "absent", ["jwt", "cors", "router"]),
        ("INSERT_AFTER", "jwt", ["jwt", "new", "cors", "router"]),
        ("INSERT_AFTER", None, ["jwt", "cors", "router", "new"]),
        ("INSERT_FIRST", "router", ["new", "jwt", "cors", "router"]),
        ("ADD", None, ["jwt", "cors", "router", "new"]),
        ("REMOVE", "cors", ["jwt", "router"]),
        ("REMOVE", None, ["jwt", "cors", "router"]),
    ],
)
def test_http_filters_are_put_where_they_are_told(operation, sub, expected):
    document_ = document(patch("HTTP_FILTER", operation, {"name": "new"}, **on(80, sub)))
    before = [listener(80, "jwt", "cors", "router"), listener(8080, "jwt", "router")]
    first, other = patched(outbound(listeners=before), document_).listeners
    assert names(first) == expected
    assert names(other) == ["jwt", "router"]


def test_filters_inserted_before_one_keep_the_order_of_their_patches():
    patches = [
        patch("HTTP_FILTER", "INSERT_BEFORE", {"name": n}, **on(80, "router")) for n in "abc"
    ]
    (after,) = patched(outbound(listeners=[listener(80, "router")]), document(*patches)).listeners
    assert names(after) == ["a", "b", "c", "router"]


def test_a_connection_manager_is_merged_into():
    value = {"name": MANAGER, "typed_config": {"@type": "y", "access_log": [{"name": "b"}]}}
    before = listener(80, "router")
    before["filter_chains"][0]["filters"][0]["typed_config"]["access_log"] = [{"name": "a"}]
    document_ = document(patch("NETWORK_FILTER", "MERGE", value, **on(80)))
    (after,) = patched(outbound(listeners=[before]), document_).listeners
    manager = after["filter_chains"][0]["filters"][0]["typed_config"]
    assert manager["@type"] == "x/HttpConnectionManager"
    assert [each["name"] for each in manager["access_log"]] == ["a", "b"]


# What any patch has to pass first.


@pytest.mark.parametrize(
    ("version", "applied"), [("1.31.4", False), ("1.32.0", True), ("1.40.1-dev", True)]
)
def test_patches_for_other_proxy_versions_are_left_out(version, applied):
    regex = r"^1\.(3[2-9]|[4-9][0-9]).*"
    document_ = document(patch("CLUSTER", "ADD", {"name": "new"}, proxy={"proxyVersion": regex}))
    assert bool(patched(outbound(version=version), document_).clusters) is applied


def test_a_filter_for_other_workloads_is_left_out():
    document_ = document(patch("CLUSTER", "ADD", {"name": "new"}), labels={"app": "a"})
    assert patched(outbound(labels={"app": "b"}), document_).clusters == []
    assert patched(outbound(labels={"app": "a", "v": "1"}), document_).clusters


def test_maps_are_merged_by_entry_and_oneofs_hold_one():
    target = {
        "typed_per_filter_config": {"a": {"x": 1}, "b": {"x": 1}},
        "redirect": {},
        "timeout": "15s",
    }
    source = {
        "typed_per_filter_config": {"a": {"y": 2}},
        "route": {"cluster": "c"},
        "timeout": "3.5s",
    }
    assert merged(target, source) == {
        "typed_per_filter_config": {"a": {"y": 2}, "b": {"x": 1}},
        "route": {"cluster": "c"},
        "timeout": "3.5s",
    }


@pytest.mark.parametrize("value", [False, 0, ""])
def test_a_merge_that_would_change_nothing_is_refused(value):
    with pytest.raises(ValueError, match="overrides nothing"):
        merged({"field": True}, {"field": value})


def test_what_is_not_modelled_is_refused():
    with pytest.raises(ValueError, match="not modelled"):
        patched(outbound(), document(patch("FILTER_CHAIN", "REMOVE")))


# Everything that our own manifests ask for.


@pytest.mark.parametrize("context", ["SIDECAR_OUTBOUND", "GATEWAY"])
def test_a_listener_is_merged_into_in_its_own_context(context):
    value = {"per_connection_buffer_limit_bytes": 16777216}
    document_ = document(
        patch("LISTENER", "MERGE", value, context=context, listener={"portNumber": 8443})
    )
    other = "GATEWAY" if context == "SIDECAR_OUTBOUND" else "SIDECAR_OUTBOUND"
    before = listener(8443, "router")
    (after,) = patched(Proxy(context, listeners=[before]), document_).listeners
    assert after == {**before, **value}
    assert patched(Proxy(other, listeners=[before]), document_).listeners == [before]
    (untouched,) = patched(Proxy(context, listeners=[listener(80)]), document_).listeners
    assert untouched == listener(80)


@pytest.mark.parametrize("context", ["SIDECAR_OUTBOUND", "GATEWAY"])
def test_a_virtual_host_gathers_what_several_patches_enable(context):
    """As documented for `VIRTUAL_HOST`: matched by its name, merged in the order of patches."""
    document_ = document(
        *(
            patch(
                "VIRTUAL_HOST",
                "MERGE",
                {"typed_per_filter_config": {each: {"@type": "x"}}},
                context=context,
                routeConfiguration={"vhost": {"name": "ai:80"}},
            )
            for each in ("ext_proc", "json_to_metadata")
        )
    )
    hosts = [{"name": "ai:80", "domains": ["ai"]}, {"name": "other:80", "domains": ["other"]}]
    (after,) = patched(
        Proxy(context, routes=[{"name": "80", "virtual_hosts": hosts}]), document_
    ).routes
    ours, other = after["virtual_hosts"]
    assert ours["typed_per_filter_config"].keys() == {"ext_proc", "json_to_metadata"}
    assert other == hosts[1]


def test_the_options_of_a_clusters_protocol_are_replaced_as_a_whole():
    """A map's entry is an `Any`: nothing of what Istio had there is left."""
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    before = {
        "name": "outbound|80||provider",
        "typed_extension_protocol_options": {options: {"use_downstream_protocol_config": {}}},
    }
    value = {"typed_extension_protocol_options": {options: {"http_filters": [{"name": "inject"}]}}}
    where = {"service": "provider", "portNumber": 80}
    document_ = document(patch("CLUSTER", "MERGE", value, cluster=where))
    (after,) = patched(outbound(clusters=[before]), document_).clusters
    assert after == {"name": before["name"], **value}


@pytest.mark.parametrize("overlay", ["sidecar", "gateway", "service"])
def test_our_manifests_ask_for_nothing_that_is_not_tried_here(overlay):
    (ours,) = of_kind(manifests(ROOT / "deploy/istio", overlay), "EnvoyFilter")
    asked = {
        (p["applyTo"], p["patch"]["operation"], p["match"]["context"])
        for p in ours["spec"]["configPatches"]
    }
    contexts = {"GATEWAY"} if overlay == "gateway" else {"SIDECAR_OUTBOUND"}
    assert {context for *_, context in asked} == contexts
    assert {(kind, operation) for kind, operation, _ in asked} <= {
        ("CLUSTER", "ADD"),
        ("CLUSTER", "MERGE"),
        ("LISTENER", "MERGE"),
        ("NETWORK_FILTER", "MERGE"),
        ("HTTP_FILTER", "INSERT_BEFORE"),
        ("VIRTUAL_HOST", "MERGE"),
    }
