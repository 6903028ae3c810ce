"""Istio manifests, built from typed Envoy messages and plain Kubernetes objects."""
