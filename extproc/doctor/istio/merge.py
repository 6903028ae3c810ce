"""Istio's merge of a patch: messages field by field, lists appended, all else replaced."""

from __future__ import annotations

from extproc.doctor.node import Node, camel


def merged(below: Node, above: Node) -> Node:
    """`above` laid over `below`; what `above` names stands at its place there."""
    if not isinstance(below.value, dict) or not isinstance(above.value, dict):
        if isinstance(below.value, list) and isinstance(above.value, list):
            return Node([*below.value, *above.value], below.place)
        return above
    members = dict(below.value)
    for name, node in above.value.items():
        key = next((k for k in (name, camel(name)) if k in members), name)
        members[key] = merged(members[key], node) if key in members else node
    return Node(members, below.place)
