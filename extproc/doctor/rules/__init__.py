"""Every rule, in the order of a report. `docs/doctor.md` lists the same."""

from __future__ import annotations

from extproc.doctor.finding import Rule, Severity
from extproc.doctor.rules import (
    bypass,
    clocks,
    leaving,
    limits,
    order,
    transport,
    versions,
    witness,
)
from extproc.doctor.rules import (
    filter as filter_,
)

_U, _W, _N = Severity.UNSAFE, Severity.WARNING, Severity.NOTE

RULES: tuple[Rule, ...] = (
    Rule(
        "fail-open",
        _U,
        "When the service is down or slow, requests reach the model uninspected.",
        "Set failure_mode_allow: false, in the filter and in every override; drop is_optional "
        "and observability_mode.",
        filter_.fail_open,
    ),
    Rule(
        "missing-cluster",
        _U,
        "Envoy skips a filter whose cluster is missing, silently and even when it fails closed "
        "(envoy #45220).",
        "Define the cluster in the same configuration, or correct its name.",
        filter_.missing_cluster,
    ),
    Rule(
        "no-filter",
        _U,
        "Requests on this way reach a model and nobody inspects, limits or records them.",
        "Add the ext_proc filter to this listener, or take the route to the model away.",
        bypass.without_filter,
    ),
    Rule(
        "filter-disabled",
        _U,
        "The filter is in the chain but does not see these requests.",
        "Enable it for the whole virtual host with an ExtProcPerRoute or FilterConfig entry.",
        bypass.disabled,
    ),
    Rule(
        "per-path",
        _U,
        "A variant spelling of a path takes the route that is not inspected.",
        "Enable the filter for the virtual host, and for none of its routes apart.",
        bypass.per_path,
    ),
    Rule(
        "application-tls",
        _U,
        "TLS that begins in the application hides the prompt from every filter.",
        "Let applications speak plain HTTP to their sidecar, which begins TLS itself; remove "
        "the TLS or TCP way to the host.",
        bypass.tcp,
    ),
    Rule(
        "upgrade-bypass",
        _U,
        "A request that asks for an upgrade takes other filters than the ones that inspect.",
        "Take the filters out of the upgrade's configuration, so that the manager's are used.",
        bypass.upgrades,
    ),
    Rule(
        "allow-any",
        _U,
        "An application reaches any model in the world by its name or address.",
        "Set outboundTrafficPolicy.mode: REGISTRY_ONLY.",
        bypass.anywhere,
    ),
    Rule(
        "no-default-503",
        _U,
        "Without a decision a request must go nowhere, also when the service ends its stream.",
        "End the virtual host with a route for prefix / that answers 503.",
        bypass.no_default,
    ),
    Rule(
        "after-router",
        _U,
        "The router ends the chain; filters behind it do nothing.",
        "Insert ext_proc before envoy.filters.http.router.",
        order.after_router,
    ),
    Rule(
        "before-authentication",
        _U,
        "The service decides before it is known who asks, and forged requests cost inspection.",
        "Insert ext_proc after the filters that authenticate and authorize: before the router.",
        order.before_authentication,
    ),
    Rule(
        "two-full-duplex",
        _U,
        "Two FULL_DUPLEX_STREAMED filters in a chain break bodies over 6 KB (envoy #41654).",
        "Keep one of them at most; extproc itself needs BUFFERED.",
        order.full_duplex,
    ),
    Rule(
        "usage-before",
        _W,
        "Answers pass filters backwards: tokens are counted after the service changed them.",
        "List json_to_metadata and sse_to_metadata after ext_proc.",
        order.usage_first,
    ),
    Rule(
        "header-mode",
        _U,
        "Envoy sends headers to the model before there is a verdict.",
        "Set request_header_mode: SEND, also in overrides.",
        filter_.header_mode,
    ),
    Rule(
        "body-mode",
        _U,
        "The service never sees the whole prompt, or the choice of a pool comes too late. An "
        "override's processing_mode replaces all of the filter's own.",
        "Set request_body_mode: BUFFERED, also in overrides.",
        filter_.body_mode,
    ),
    Rule(
        "mode-override",
        _U,
        "The service cannot ask for answers, so they are not read, restored or cached.",
        "Set allow_mode_override: true and response_header_mode: SKIP; the service turns it on.",
        filter_.mode_override,
    ),
    Rule(
        "verdict-ignored",
        _U,
        "Envoy drops what the service decides.",
        "Remove disable_immediate_response, disable_clear_route_cache and RETAIN.",
        filter_.verdict_ignored,
    ),
    Rule(
        "metadata",
        _U,
        "The decision does not reach the answer's headers and the access log: every exchange "
        "counts as unclassified, and JWT claims do not reach the service.",
        "Add extproc to receiving_namespaces.untyped; forward envoy.filters.http.jwt_authn where "
        "JWTs identify callers.",
        filter_.metadata,
    ),
    Rule(
        "mutation-rules",
        _U,
        "Changes that the service makes to a request are dropped.",
        "Set mutation_rules: {allow_envoy: true, disallow_is_error: true}.",
        filter_.mutation_rules,
    ),
    Rule(
        "header-stripping",
        _U,
        "A client that sends x-ai-pool itself can choose where its request goes.",
        "Remove it with early_header_mutation_extensions, or a header_mutation filter before "
        "ext_proc.",
        filter_.header_stripping,
    ),
    Rule(
        "message-timeout",
        _U,
        "Envoy gives up before the service does, and answers 504 in place of the policy.",
        "Set message_timeout: 25s, above the service's internal deadline.",
        clocks.message,
    ),
    Rule(
        "route-timeout",
        _U,
        "Long answers are cut in the middle. Envoy's default is 15 s.",
        "Set the route's timeout to that of the pool (10 minutes by default), or to 0s.",
        clocks.route,
    ),
    Rule(
        "client-timeout",
        _U,
        "The client's side gives up while the service or the model is still at work.",
        "Keep idle timeouts above message_timeout and the stream's duration above the route's.",
        clocks.client,
    ),
    Rule(
        "drain",
        _U,
        "Streams that the pod still serves are cut when it is replaced.",
        "Set terminationGracePeriodSeconds above the longest route timeout, with a preStop drain.",
        clocks.drain,
    ),
    Rule(
        "buffer",
        _U,
        "Envoy refuses bodies that policies allow, with a 413 of its own.",
        "Set per_connection_buffer_limit_bytes above the largest body limit (16 MiB by default).",
        limits.buffers,
    ),
    Rule(
        "circuit-breaker",
        _U,
        "A burst, or answers that take minutes, use up the limit, and requests are refused. "
        "Envoy's default is 1024.",
        "Set max_connections, max_pending_requests and max_requests for the streams you expect.",
        limits.circuit_breakers,
    ),
    Rule(
        "service-http2",
        _U,
        "gRPC needs HTTP/2: every request fails.",
        "Set http2_protocol_options in the cluster's HttpProtocolOptions.",
        limits.http2,
    ),
    Rule(
        "weights-leave",
        _U,
        "The residency of a request was decided for one pool; weights send it to another.",
        "Let extproc choose the variant, or keep weights inside one pool. --policies tells which "
        "pools share a residency.",
        leaving.weights,
    ),
    Rule(
        "mirror-leaves",
        _U,
        "A copy of the prompt goes where no residency was decided.",
        "Mirror inside the pool only, or not at all.",
        leaving.mirrors,
    ),
    Rule(
        "failover-leaves",
        _U,
        "When endpoints fail, prompts go to another region or pool than was decided.",
        "Keep failover and locality balancing inside one residency, or off.",
        leaving.failover,
    ),
    Rule(
        "redirect-followed",
        _U,
        "An upstream can send the prompt anywhere by answering with a redirect.",
        "Remove internal_redirect_policy from routes to models.",
        leaving.redirects,
    ),
    Rule(
        "plaintext-upstream",
        _U,
        "Prompts and keys cross the network in the open.",
        "Begin TLS in the cluster (a DestinationRule with tls.mode SIMPLE), and verify it.",
        transport.plaintext,
    ),
    Rule(
        "plaintext-service",
        _U,
        "Every prompt crosses the network between proxy and service in the open.",
        "Put the service beside the proxy (unix socket, loopback), or speak mutual TLS to it.",
        transport.plaintext_service,
    ),
    Rule(
        "unverified-tls",
        _U,
        "Anyone on the path can pose as the model. Envoy verifies nothing unless told to.",
        "Give trusted roots, and auto_sni_san_validation or the names to expect.",
        transport.unverified,
    ),
    Rule(
        "permissive-mtls",
        _U,
        "Callers without a certificate are served: identity cannot be proved.",
        "Set PeerAuthentication mtls.mode: STRICT, for ports too.",
        transport.permissive,
    ),
    Rule(
        "forged-identity",
        _U,
        "A client can claim any certificate in x-forwarded-client-cert.",
        "Set forward_client_cert_details: SANITIZE_SET.",
        transport.forged_identity,
    ),
    Rule(
        "proxy-version",
        _U,
        "A proxy without the filter rejects the whole listener and keeps its old one.",
        "Match the patch to proxies that have it (proxyVersion), or upgrade.",
        versions.filters,
    ),
    Rule(
        "old-proxy",
        _W,
        "Envoy before 1.35 hangs on a buffered body over its limit (envoy #39365).",
        "Upgrade the proxy to Envoy 1.35 (Istio 1.27) or later.",
        versions.buffering,
    ),
    Rule(
        "no-access-log",
        _U,
        "Nobody learns what came of a decision: no audit of outcomes, no cost, and no witness "
        "of requests that passed undecided.",
        "Add an http_grpc access log to the cluster of the service, without a filter.",
        witness.access_log,
    ),
    Rule(
        "unresolved",
        _N,
        "A finding may hide in what is not in the input.",
        "Read a full /config_dump of the running proxy.",
        bypass.unresolved,
    ),
)
