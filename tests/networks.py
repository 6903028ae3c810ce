"""The shipped networks, opened once for all tests of a process."""

from __future__ import annotations

from functools import cache

from extproc import resources
from extproc.models.encoder import Encoder
from extproc.models.injection import MiniLM


@cache
def encoder() -> Encoder:
    return Encoder(resources.path("models/encoder"))


@cache
def classifier() -> MiniLM:
    return MiniLM(resources.path("models/injection"), encoder())
