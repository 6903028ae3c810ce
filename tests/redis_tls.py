"""TLS before a test's Redis: the bundled server speaks none, so a real Envoy ends it."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extproc.local.binary import envoy
from tests.redis_server import RedisServer

HOST = "127.0.0.1"
STARTS_WITHIN_S = 60.0


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redis of a test")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@contextmanager
def tls_before(server: RedisServer, folder: Path) -> Iterator[tuple[str, Path]]:
    """``rediss://…`` of an Envoy that hands all on to `server`, and the certificate to trust."""
    cert, key = certificate(folder)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    config = folder / "envoy.json"
    config.write_text(json.dumps(_config(port, server.port, cert, key)))
    words = [str(envoy()), "--config-path", str(config), "--disable-hot-restart"]
    words += ["--concurrency", "1", "--log-level", "error"]
    with (folder / "envoy.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _await(port, process, folder / "envoy.log")
        yield f"rediss://{HOST}:{port}/0?socket_timeout=10&socket_connect_timeout=10", cert
    finally:
        process.kill()
        process.wait()


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("no TLS proxy")


def _config(port: int, upstream: int, cert: Path, key: Path) -> dict[str, object]:
    def at(number: int) -> dict[str, object]:
        return {"socket_address": {"address": HOST, "port_value": number}}

    prefix = "type.googleapis.com/envoy.extensions"
    tls = {
        "@type": f"{prefix}.transport_sockets.tls.v3.DownstreamTlsContext",
        "common_tls_context": {
            "tls_certificates": [
                {
                    "certificate_chain": {"filename": str(cert)},
                    "private_key": {"filename": str(key)},
                }
            ]
        },
    }
    proxy = {
        "@type": f"{prefix}.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix": "redis",
        "cluster": "redis",
    }
    chain = {
        "filters": [{"name": "tcp", "typed_config": proxy}],
        "transport_socket": {"name": "tls", "typed_config": tls},
    }
    endpoint = {"lb_endpoints": [{"endpoint": {"address": at(upstream)}}]}
    assignment = {"cluster_name": "redis", "endpoints": [endpoint]}
    return {
        "static_resources": {
            "listeners": [{"name": "tls", "address": at(port), "filter_chains": [chain]}],
            "clusters": [{"name": "redis", "type": "STATIC", "load_assignment": assignment}],
        }
    }
