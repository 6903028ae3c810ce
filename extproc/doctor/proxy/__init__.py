"""Envoy's own configuration, in any of its written forms, to the resolved model."""
