"""Typed messages to the JSON that Envoy reads."""

from __future__ import annotations

from typing import Any, cast

import betterproto2
from envoy_data_plane.envoy.config.core.v3 import (
    Address,
    HeaderValue,
    HeaderValueOption,
    HeaderValueOptionHeaderAppendAction,
    Pipe,
    SocketAddress,
)
from envoy_data_plane.google import protobuf

from extproc.render.upstreams import Endpoint

_FIELD_NAMES = cast("betterproto2.Casing", str)
"""Names as in the proto files: both offered casings misspell names with digits, such as
``consecutive_5xx``, and Envoy would refuse them."""


def packed(message: betterproto2.Message) -> protobuf.Any:
    """The message as a `google.protobuf.Any`, which is how Envoy extensions are configured."""
    return protobuf.Any.pack(message)


def address(where: Endpoint | str) -> Address:
    """A socket address, or a pipe for the path of a unix socket."""
    if isinstance(where, str):
        return Address(pipe=Pipe(path=where))
    return Address(socket_address=SocketAddress(address=where.host, port_value=where.port))


def overwrite(name: str, value: str) -> HeaderValueOption:
    """Sets a header, replacing what is there; left out when the value comes out empty."""
    return HeaderValueOption(
        header=HeaderValue(key=name, value=value),
        append_action=HeaderValueOptionHeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
    )


def as_json(message: betterproto2.Message) -> dict[str, Any]:
    """The proto3 JSON form, with `failure_mode_allow: false` written out although it is the default.

    A reader of the configuration must not have to know a default to see that it fails closed.
    """
    document = message.to_dict(casing=_FIELD_NAMES)
    _spell_out_fail_closed(document)
    return document


def _spell_out_fail_closed(node: object) -> None:
    if isinstance(node, dict):
        members = cast("dict[str, object]", node)
        if str(members.get("@type", "")).endswith(".ext_proc.v3.ExternalProcessor"):
            members.setdefault("failure_mode_allow", False)
        for value in members.values():
            _spell_out_fail_closed(value)
    elif isinstance(node, list):
        for value in node:
            _spell_out_fail_closed(value)
