"""What inspectors are built from: opened once, shared by all policies, kept across reloads."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from extproc import resources
from extproc.inspectors.cache.flights import Flights, Sightings
from extproc.inspectors.sensitivity import Analyzer
from extproc.llm import tokens
from extproc.llm.view import Channel
from extproc.models.embedder import Embedder, open_embedder
from extproc.models.encoder import Encoder
from extproc.models.injection import Classifier, MiniLM
from extproc.models.injection_sieve import Sieve, Sketch
from extproc.models.same_answer.verifier import Verifier
from extproc.models.workers import Workers
from extproc.routing.health import Health
from extproc.state import State, open_state
from extproc.state.entries import Entries, open_entries


@dataclass(frozen=True, slots=True)
class Services:
    """Models, state and workers."""

    workers: Workers
    state: State
    entries: Entries
    embedder: Embedder
    verifier: Verifier
    classifier: Classifier
    sieve: Sieve
    analyzer: Analyzer
    health: Health
    flights: Flights
    sightings: Sightings
    redact_key: bytes = field(repr=False)
    """Placeholders of values that are redacted are derived with it."""

    async def warm(self) -> None:
        """Runs every model once, so that the first request does not pay for what loads late."""
        self.entries.start()
        text = "The first text that every model reads."
        tokens.count(text)
        self.analyzer.scan(text)
        self.classifier.score(list(self.classifier.windows(text, Channel.USER)))
        await self.embedder.embed(text)

    async def close(self) -> None:
        await self.entries.close()
        await self.state.close()
        self.workers.close()


def open_services(*, threads: int, state: str, embedder: str, key: bytes | None = None) -> Services:
    """Loads the models. Without `key` placeholders differ from process to process.

    Raises `ValueError` for a bad URL, `EncoderError` and `EmbedderError` for a bad model.
    """
    workers = Workers(threads)
    encoder = Encoder(resources.path("models/encoder"))
    embedding = open_embedder(embedder, workers, encoder)
    return Services(
        workers=workers,
        state=open_state(state),
        entries=open_entries(state, embedding.dimension),
        embedder=embedding,
        verifier=Verifier(resources.path("models/verifier")),
        classifier=MiniLM(resources.path("models/injection"), encoder),
        sieve=Sketch(resources.path("models/injection")),
        analyzer=Analyzer(),
        health=Health(),
        flights=Flights(),
        sightings=Sightings(),
        redact_key=hmac.digest(key or secrets.token_bytes(32), b"extproc/redact", "sha256"),
    )
