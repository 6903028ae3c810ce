"""Experiments: users split over models by weight, each always to the same one.

Weighted rendezvous hashing: every arm gets a score from the hash of experiment,
arm and sticky key, stretched by its weight, and the highest wins. An arm's
score does not depend on the others, so a weight change moves keys only to the
arm that grew or from the arm that shrank, and no more than the share it must.
"""

from __future__ import annotations

import hashlib
import math
from typing import Annotated, Literal

from pydantic import Field, field_validator

from extproc.exchange import Exchange
from extproc.policy.section import Strict
from extproc.routing.registry import ModelName, Name

Sticky = Literal["user", "tenant", "session", "none"]
Weight = Annotated[int | float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]

_BITS = 52
"""Few enough that the fraction below is never rounded to 0 or 1."""


class Experiment(Strict):
    """Splits the requests for one model over several."""

    name: Name
    sticky: Sticky = "user"
    arms: dict[ModelName, Weight] = Field(min_length=1)
    """Weights by model; they need not add up to 100."""
    model: ModelName | None = None
    """Requests for this model take part; the first arm when absent.

    A request that names another arm gets that model, outside the experiment.
    """

    @field_validator("arms")
    @classmethod
    def _some_weight(cls, arms: dict[str, int | float]) -> dict[str, int | float]:
        if not any(arms.values()):
            raise ValueError("at least one arm needs a weight above 0")
        return arms

    @property
    def control(self) -> str:
        """The model whose requests take part."""
        return self.model if self.model is not None else next(iter(self.arms))


def assign(experiment: Experiment, key: str) -> str:
    """The arm for a sticky key: always the same for the same weights."""
    weighted = ((arm, weight) for arm, weight in experiment.arms.items() if weight > 0)
    return max(weighted, key=lambda arm: _score(experiment.name, arm[0], arm[1], key))[0]


def sticky_key(experiment: Experiment, exchange: Exchange) -> str:
    """What stays together. Users and sessions are those of one tenant.

    Without a user, `user` means the tenant; without a session, `session` means the same.
    """
    tenant = exchange.identity.tenant
    user = exchange.view.user if exchange.view is not None else None
    match experiment.sticky:
        case "none":
            return exchange.request_id
        case "tenant":
            return tenant
        case "session" if exchange.identity.session is not None:
            return f"{tenant}\0session\0{exchange.identity.session}"
        case "user" | "session":
            return tenant if user is None else f"{tenant}\0user\0{user}"


def _score(experiment: str, arm: str, weight: float, key: str) -> float:
    text = f"{experiment}\0{arm}\0{key}".encode(errors="surrogatepass")
    digest = hashlib.blake2b(text, digest_size=8).digest()
    fraction = ((int.from_bytes(digest) >> (64 - _BITS)) + 0.5) / (1 << _BITS)
    return -weight / math.log(fraction)
