"""Harmless texts without sense: what load generators, tests, broken encodings and cats send.

A detector that never saw them takes word salad for an attack, from words such as *asked*,
*model* and *answer* alone.
"""

from __future__ import annotations

import random
import re
import string
import uuid
from pydoc_data.topics import topics

_LOREM = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut "
    "labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris "
    "nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit voluptate velit esse"
)
_ABOUT_MODELS = (
    "model prompt question answer asked system user assistant token request response service "
    "record instruction message policy test context output input secret key role previous new"
)
"""Words that attacks are made of too."""
_COMMON = (
    "the a of and to in is it for on with as was at by from this that which what how an be are "
    "keeps gave after before every small large old first last one two three"
)
_MANUAL = sorted(
    {w for text in topics.values() for w in re.findall(r"(?<!\S)[a-z]{3,12}(?!\S)", text)}
)


def noise(rng: random.Random) -> str:
    """One text, of 1 to some 500 words."""
    size = rng.choice((3, 8, 20, 26, 26, 30, 60, 120, 250, 470))
    kind = rng.choice((_salad, _salad, _salad, _lorem, _again, _letters, _figures, _shuffled))
    text = kind(rng, size)
    if rng.random() < 0.4:
        mark = rng.choice((str(rng.randrange(10**6)), str(uuid.UUID(int=rng.getrandbits(128)))))
        text = rng.choice((f"{mark} {text}", f"{text} {mark}", f"{text} (test {mark})"))
    return text.capitalize() + "." if rng.random() < 0.3 else text


def _salad(rng: random.Random, size: int) -> str:
    few = [
        *rng.sample(_MANUAL, rng.randint(2, 40)),
        *rng.sample(_COMMON.split(), rng.randint(4, 20)),
        *rng.sample(_ABOUT_MODELS.split(), rng.choice((0, 2, 5, 9))),
    ]
    return " ".join(rng.choices(few, k=size))


def _lorem(rng: random.Random, size: int) -> str:
    return " ".join(rng.choices(_LOREM.split(), k=size))


def _again(rng: random.Random, size: int) -> str:
    part = _words(rng, rng.randint(1, 7))
    return rng.choice((" ", ". ", "\n")).join([part] * max(2, size // (part.count(" ") + 1)))


def _letters(rng: random.Random, size: int) -> str:
    signs = rng.choice(("asdfghjkl", string.ascii_lowercase, string.printable.strip(), "hae "))
    return " ".join("".join(rng.choices(signs, k=rng.randint(1, 14))) for _ in range(min(size, 60)))


def _figures(rng: random.Random, size: int) -> str:
    return " ".join(
        rng.choice((str(rng.randrange(10**5)), f"{rng.random():.3f}", rng.choice(_COMMON.split())))
        for _ in range(size)
    )


def _shuffled(rng: random.Random, size: int) -> str:
    words = " ".join(topics[rng.choice(sorted(topics))].split()).split(" ")[: 4 * size]
    rng.shuffle(words)
    return " ".join(words[:size])


def _words(rng: random.Random, size: int) -> str:
    vocabulary = rng.choice((_COMMON.split(), _MANUAL, _ABOUT_MODELS.split()))
    return " ".join(rng.choices(vocabulary, k=size))
