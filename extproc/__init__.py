"""extproc: an Envoy external-processing sidecar that governs AI traffic."""

__version__ = "0.1.0"
