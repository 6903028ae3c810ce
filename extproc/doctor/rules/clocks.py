"""Timeouts that cannot work together."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import Subject, Workload
from extproc.doctor.rules.facts import filters, inspected

LONGEST_MESSAGE_S = 120.0
"""A filter that waits longer than this holds requests that nobody answers any more."""
ANSWER_S = 60.0
"""Answers of models take minutes; a route that ends sooner cuts them."""


def message(subject: Subject, options: Options) -> Iterator[Hit]:
    for _proxy, ext in filters(subject):
        where = ext.base.get("message_timeout").place
        if ext.message_timeout <= options.deadline:
            yield Hit(
                where,
                f"message_timeout is {ext.message_timeout:g} s, and the service may take "
                f"{options.deadline:g} s",
            )
        elif ext.message_timeout > LONGEST_MESSAGE_S:
            yield Hit(
                where,
                f"message_timeout is {ext.message_timeout:g} s: a service that hangs holds every "
                "request for that long",
                Severity.WARNING,
            )
        if 0 < ext.stream_timeout <= ext.message_timeout:
            yield Hit(
                ext.where("grpc_service"),
                f"grpc_service.timeout is {ext.stream_timeout:g} s: it ends the stream before "
                f"message_timeout ({ext.message_timeout:g} s)",
            )


def route(subject: Subject, _: Options) -> Iterator[Hit]:
    for way in inspected(subject):
        one, name = way.route, way.route.name or way.host.name or "?"
        if 0 < one.timeout < ANSWER_S:
            yield Hit(
                one.timeout_place,
                f"route {name} ends answers after {one.timeout:g} s; models take minutes",
            )
        if 0 < one.timeout < one.per_try_timeout:
            yield Hit(
                one.retry.get("per_try_timeout").place,
                f"route {name}: per_try_timeout {one.per_try_timeout:g} s is longer than its "
                f"timeout of {one.timeout:g} s",
            )


def client(subject: Subject, _: Options) -> Iterator[Hit]:
    """Clocks of the client's side run while the service and the model work."""
    for way in inspected(subject):
        ext = way.target.first.ext
        if ext is None:
            continue
        one, manager = way.route, way.manager
        name = one.name or way.host.name or "?"
        idle, where = manager.stream_idle_timeout, manager.idle_place
        if one.idle_timeout is not None:
            idle, where = one.idle_timeout, one.idle_place
        if 0 < idle <= ext.message_timeout:
            yield Hit(
                where,
                f"route {name}: idle after {idle:g} s, while the filter may wait "
                f"{ext.message_timeout:g} s",
            )
        longest, where = manager.max_stream_duration, manager.duration_place
        if one.max_duration is not None:
            longest, where = one.max_duration, one.duration_place
        if 0 < longest < max(one.timeout, ext.message_timeout):
            yield Hit(
                where,
                f"route {name}: the whole stream may take {longest:g} s, which is less than its "
                f"timeout ({one.timeout:g} s) or message_timeout ({ext.message_timeout:g} s)",
            )


def drain(subject: Subject, options: Options) -> Iterator[Hit]:
    """Pods that end before the answers that they read."""
    longest = max((way.route.timeout for way in inspected(subject)), default=0)
    needed = max(longest, options.deadline)
    for each in subject.workloads:
        yield from _drain(each, needed)


def _drain(each: Workload, needed: float) -> Iterator[Hit]:
    if each.grace < needed:
        yield Hit(
            each.grace_place,
            f"{each.name} is killed {each.grace:g} s after it is told to end; its longest "
            f"exchange takes {needed:g} s",
        )
    if not each.pre_stop:
        yield Hit(
            each.place,
            f"{each.name} has no preStop hook: requests still arrive while it ends",
            Severity.WARNING,
        )
