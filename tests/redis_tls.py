"""TLS before a test's Redis: the bundled server speaks none, so a real Envoy ends it."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extproc.local.binary import envoy
from tests.ports import HOST, free_port, free_ports
from tests.redis_cluster import NODES, RedisCluster
from tests.redis_server import RedisServer

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
    port = free_port()
    with _proxy({port: server.port}, folder) as cert:
        yield f"rediss://{HOST}:{port}/0?socket_timeout=10&socket_connect_timeout=10", cert


@contextmanager
def tls_cluster(folder: Path) -> Iterator[tuple[RedisCluster, str]]:
    """A cluster that clients reach through TLS alone: the nodes announce the proxy's ports.

    With it ``rediss://…`` of one node, which names the certificate to trust.
    """
    ports = free_ports(NODES)
    (folder / "nodes").mkdir(parents=True)
    with RedisCluster(folder / "nodes", ports) as cluster:
        before = {port: node.port for port, node in zip(ports, cluster.nodes, strict=True)}
        with _proxy(before, folder / "tls") as cert:
            yield cluster, f"rediss://{HOST}:{ports[0]}/0?ssl_ca_certs={cert}"


@contextmanager
def _proxy(upstreams: Mapping[int, int], folder: Path) -> Iterator[Path]:
    """An Envoy that ends TLS on each port and hands on to another; its certificate."""
    cert, key = certificate(folder)
    config = folder / "envoy.json"
    config.write_text(json.dumps(_config(upstreams, cert, key)))
    words = [str(envoy()), "--config-path", str(config), "--disable-hot-restart"]
    words += ["--concurrency", "1", "--log-level", "error"]
    with (folder / "envoy.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        for port in upstreams:
            _await(port, process, folder / "envoy.log")
        yield cert
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


def _config(upstreams: Mapping[int, int], cert: Path, key: Path) -> dict[str, object]:
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

    def listener(port: int) -> dict[str, object]:
        proxy = {
            "@type": f"{prefix}.filters.network.tcp_proxy.v3.TcpProxy",
            "stat_prefix": f"redis-{port}",
            "cluster": f"redis-{port}",
        }
        chain = {
            "filters": [{"name": "tcp", "typed_config": proxy}],
            "transport_socket": {"name": "tls", "typed_config": tls},
        }
        return {"name": f"tls-{port}", "address": at(port), "filter_chains": [chain]}

    def behind(port: int) -> dict[str, object]:
        name, endpoint = f"redis-{port}", {"endpoint": {"address": at(upstreams[port])}}
        assignment = {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]}
        return {"name": name, "type": "STATIC", "load_assignment": assignment}

    return {
        "static_resources": {
            "listeners": [listener(port) for port in upstreams],
            "clusters": [behind(port) for port in upstreams],
        }
    }
