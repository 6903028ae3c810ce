"""Metrics with a bound on their number of series, whatever the labels say.

Tenants and models can be names a client chose. The first `VALUES` distinct
values of a label are kept, and the first `SERIES` combinations of a metric;
what comes later is counted under ``other``, so sums stay right.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

VALUES = 200
SERIES = 2_000
OTHER = "other"
MAX_LENGTH = 128

M = TypeVar("M", Counter, Gauge, Histogram)


class Values:
    """The label values let through, shared by every metric that has the label."""

    def __init__(self, limit: int = VALUES) -> None:
        self._limit = limit
        self._known: dict[str, str] = {}

    def __call__(self, value: object) -> str:
        """``None`` becomes the empty string, which Prometheus reads as no label."""
        text = "" if value is None else str(value)
        if (known := self._known.get(text)) is not None:
            return known
        if len(self._known) >= self._limit or len(text) > MAX_LENGTH:
            return OTHER
        self._known[text] = text
        return text


class Series(Generic[M]):
    """One metric; calling it with label values gives the series to change.

    Label values must have been through `Values`, or come from a fixed set.
    """

    def __init__(self, metric: M, limit: int = SERIES) -> None:
        self._metric: M = metric
        self._limit = limit
        self._children: dict[tuple[str, ...], M] = {}

    def __call__(self, *values: str) -> M:
        child = self._children.get(values)
        if child is None:
            child = self._add(values)
        return child

    def _add(self, values: tuple[str, ...]) -> M:
        if len(self._children) >= self._limit:
            values = (OTHER,) * len(values)
        child: M = self._metric.labels(*values)
        self._children.setdefault(values, child)
        return child


def counter(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Series[Counter]:
    return Series(Counter(name, text, labels, registry=registry))


def histogram(
    registry: CollectorRegistry, name: str, text: str, buckets: tuple[float, ...], *labels: str
) -> Series[Histogram]:
    return Series(Histogram(name, text, labels, registry=registry, buckets=buckets))
