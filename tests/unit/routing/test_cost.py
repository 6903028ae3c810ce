from __future__ import annotations

from decimal import Decimal

import pytest

from extproc.routing.cost import usd


@pytest.mark.parametrize(
    ("prices", "tokens", "expected"),
    [
        ((0.15, 0.6), (1, 0), "0.00000015"),
        ((0.15, 0.6), (0, 1), "0.0000006"),
        ((2.5, 10), (1_000_000, 1_000_000), "12.5"),
        ((0.1, 0.2), (3, 0), "0.0000003"),
        ((0, 0), (10**9, 10**9), "0"),
        ((2.5, 10), (0, 0), "0"),
    ],
)
def test_exact(prices, tokens, expected):
    assert usd(*prices, *tokens) == Decimal(expected)


def test_a_million_small_requests_cost_as_much_as_one_large():
    assert usd(0.15, 0.6, 7, 3) * 1_000_000 == usd(0.15, 0.6, 7_000_000, 3_000_000)
