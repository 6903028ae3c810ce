"""Which hosts serve models."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

KNOWN = (
    "api.openai.com",
    "*.openai.azure.com",
    "*.services.ai.azure.com",
    "*.models.ai.azure.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "*-aiplatform.googleapis.com",
    "bedrock-runtime.*.amazonaws.com",
    "api.mistral.ai",
    "api.cohere.com",
    "api.cohere.ai",
    "api.groq.com",
    "api.together.xyz",
    "api.fireworks.ai",
    "api.deepseek.com",
    "api.x.ai",
    "api.perplexity.ai",
    "openrouter.ai",
    "api-inference.huggingface.co",
    "router.huggingface.co",
    "models.inference.ai.azure.com",
    "models.github.ai",
    "api.replicate.com",
    "api.ai21.com",
    "integrate.api.nvidia.com",
)
"""Public providers; ``*`` stands for any text, dots included."""


@dataclass(frozen=True, slots=True)
class ModelHosts:
    """Known providers, and the hosts that the user names."""

    added: tuple[str, ...] = ()

    def match(self, host: str) -> bool:
        """`host` may have a port, and may itself begin with ``*``."""
        name = without_port(host)
        return any(_covers(pattern.lower(), name) for pattern in (*KNOWN, *self.added))


def without_port(host: str) -> str:
    """Of a domain of a virtual host, or of an address."""
    name, colon, port = host.lower().rstrip(".").rpartition(":")
    return name if colon and (port.isdigit() or port == "*") and ":" not in name else host.lower()


def _covers(pattern: str, name: str) -> bool:
    before, star, after = pattern.partition("*")
    if not star:
        # A wildcard domain reaches the host too: *.openai.com takes api.openai.com.
        wide = name.startswith("*.") and pattern.endswith(name[1:]) and name.count(".") > 1
        return name == pattern or wide
    long = len(name) > len(before) + len(after)
    return long and name.startswith(before) and name.endswith(after)


def is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_local(host: str) -> bool:
    """A unix socket or a loopback address: bytes never leave the pod."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    return is_ip(host) and ipaddress.ip_address(host.strip("[]")).is_loopback


def is_outside(host: str) -> bool:
    """Public: neither local, nor of a cluster's own names, nor a private address."""
    if is_local(host) or not host:
        return False
    if is_ip(host):
        return ipaddress.ip_address(host.strip("[]")).is_global
    inside = (".local", ".internal", ".svc", ".localhost", ".lan", ".test", ".invalid")
    return "." in host and not host.endswith(inside) and ".svc." not in host
