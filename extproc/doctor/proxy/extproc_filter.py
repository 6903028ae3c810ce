"""An ext_proc filter with its defaults and the overrides of routes.

A `processing_mode` in an override replaces the filter's own as a whole: a field left out of it
is the default again, not the filter's.
"""

from __future__ import annotations

from collections.abc import Sequence

from extproc.doctor.model import ExtProc, Modes
from extproc.doctor.node import Node

HEADER_MODES = ("DEFAULT", "SEND", "SKIP")
BODY_MODES = ("NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL", "FULL_DUPLEX_STREAMED", "GRPC")
MESSAGE_TIMEOUT_S = 0.2
"""Envoy's default."""


def resolve(base: Node, overrides: Sequence[Node] = ()) -> ExtProc:
    """`overrides` are `ExtProcOverrides`, the most specific first."""
    chain = (*overrides, base)

    def first(name: str) -> Node:
        return next((node.get(name) for node in chain if node.has(name)), base.get(name))

    service = first("grpc_service")
    options = [node.get("metadata_options") for node in chain]
    return ExtProc(
        base=base,
        overrides=tuple(overrides),
        cluster=service.at("envoy_grpc", "cluster_name").text(),
        target=service.at("google_grpc", "target_uri").text(),
        failure_mode_allow=first("failure_mode_allow").flag(),
        message_timeout=base.get("message_timeout").seconds() or MESSAGE_TIMEOUT_S
        if base.has("message_timeout")
        else MESSAGE_TIMEOUT_S,
        stream_timeout=service.get("timeout").seconds(0) or 0,
        modes=modes(first("processing_mode")),
        receiving=_namespaces(options, "receiving_namespaces"),
        forwarding=_namespaces(options, "forwarding_namespaces"),
    )


def modes(mode: Node) -> Modes:
    """With defaults: headers are sent, bodies are not."""

    def headers(name: str) -> str:
        written = mode.get(name).enum(HEADER_MODES)
        return "SEND" if written == "DEFAULT" else written

    return Modes(
        request_headers=headers("request_header_mode"),
        request_body=mode.get("request_body_mode").enum(BODY_MODES),
        response_headers=headers("response_header_mode"),
        response_body=mode.get("response_body_mode").enum(BODY_MODES),
    )


def _namespaces(options: Sequence[Node], name: str) -> tuple[str, ...]:
    for each in options:
        if each.has(name):
            return each.get(name).get("untyped").texts()
    return ()
