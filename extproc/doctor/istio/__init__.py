"""Istio and Kubernetes manifests, turned into the Envoy configuration that Istio makes of them."""
