"""Which model and pool serve a request."""

from extproc.inspectors.route.inspector import Route
from extproc.inspectors.route.settings import RouteSettings

__all__ = ["Route", "RouteSettings"]
