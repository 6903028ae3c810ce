"""Envoy configuration, built from typed messages and written as JSON."""
