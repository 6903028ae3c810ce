"""What inspectors are built from: shared by all policies, kept across reloads."""

from __future__ import annotations

from dataclasses import dataclass

from extproc.models.embedder import Embedder
from extproc.models.injection import Classifier
from extproc.models.workers import Workers
from extproc.routing.health import Health
from extproc.state import State
from extproc.state.entries import Entries


@dataclass(frozen=True, slots=True)
class Services:
    """Models, state and workers, opened once by the composition root."""

    workers: Workers
    state: State
    entries: Entries
    embedder: Embedder
    classifier: Classifier
    health: Health
