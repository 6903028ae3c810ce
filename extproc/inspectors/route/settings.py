"""Settings of the route inspector; they live with the routing code, see there."""

from __future__ import annotations

from extproc.routing.settings import RouteSettings, weight_changes

__all__ = ["RouteSettings", "weight_changes"]
