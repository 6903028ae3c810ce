"""What looks like an identifier and is none: a thousand of each sort, nothing found."""

import random
import uuid
from collections.abc import Callable

import pytest

from extproc.inspectors.sensitivity.analyzer import Analyzer

ANALYZER = Analyzer()
Make = Callable[[random.Random], str]


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def hexes(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("0123456789abcdef", k=count))


def order(rng: random.Random) -> str:
    shape = rng.choice(
        [
            "Order #{16} has shipped",
            "order number {3}-{7}-{7}",
            "your order {4}-{4}-{4} is ready",
            "order {3}-{2}-{4}",
            "invoice INV-{4}-{6}",
            "tracking number {12}",
            "tracking: {4} {4} {4} {4}",
            "ref: {9}",
            "ticket {10}",
            "case number {3}-{3}-{4}",
            "SKU {4}-{4}-{4}-{4}",
            "ISBN 978-{1}-{4}-{4}-{1}",
            "EAN {13}",
        ]
    )
    return fill(rng, shape)


def fill(rng: random.Random, shape: str) -> str:
    """Each ``{n}`` becomes n random digits."""
    parts = shape.replace("}", "{").split("{")
    return "".join(digits(rng, int(p)) if i % 2 else p for i, p in enumerate(parts))


def identifier(rng: random.Random) -> str:
    return f"request {uuid.UUID(int=rng.getrandbits(128))} failed"


def version(rng: random.Random) -> str:
    a, b, c, d = (rng.randint(0, 255) for _ in range(4))
    shape = rng.choice(
        ["version {}.{}.{}.{}", "v{}.{}.{}.{}", "Chrome/{}.{}.{}.{}", "pkg=={}.{}.{}.{}"]
    )
    return shape.format(a, b, c, d)


def digest(rng: random.Random) -> str:
    return rng.choice(["commit {}", "sha256:{}", "{}", 'etag "{}"']).format(
        hexes(rng, rng.choice([7, 32, 40, 64]))
    )


def moment(rng: random.Random) -> str:
    now = 1_600_000_000 + rng.randrange(10**8)
    return rng.choice(
        [
            f"{now}",
            f"{now}{digits(rng, 3)}",
            f"{now}{digits(rng, 9)}",
            f"at 2024-{rng.randint(10, 12)}-{rng.randint(10, 28)} 10:{rng.randint(10, 59)}:00",
            f"20240{rng.randint(1, 9)}{rng.randint(10, 28)}{digits(rng, 6)}",
            f"epoch {now}",
        ]
    )


def code(rng: random.Random) -> str:
    shape = rng.choice(
        [
            "x = [{3}, {4}, {5}, {6}]",
            "const MAX = {9};",
            "margin: {2}px {2}px {2}px {2}px",
            "lat {2}.{6}, lon -{2}.{6}",
            "pi is 3.{16}",
            "SELECT * FROM t WHERE id = {9}",
            "token = tokens[{2}]",
            "max_tokens={4}, top_p=0.{2}",
            "sort_key: user_{8}",
            "https://shop.example/item/{12}?id={9}",
            "IMG_{8}_{6}.jpg",
        ]
    )
    return fill(rng, shape)


def bare(rng: random.Random) -> str:
    return digits(rng, rng.randint(5, 12))


@pytest.mark.parametrize("make", [order, identifier, version, digest, moment, code, bare])
def test_look_alikes(make: Make):
    rng = random.Random(make.__name__)
    texts = [make(rng) for _ in range(1_000)]
    wrong = [(t, e) for t in texts for e in ANALYZER.scan(t) if e.score >= 0.5]
    assert wrong == []
