"""SPIFFE certificates of a mesh that the tests make up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)


@dataclass
class Authority:
    """Signs what it is told; its certificates are files below `folder`."""

    folder: Path
    name: str = "mesh"

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.name)])
        certificate = self._builder(self._subject, self._key, dt.timedelta(0)).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.root = self.folder / f"{self.name}-root.pem"
        self.root.write_bytes(_pem(certificate.sign(self._key, hashes.SHA256())))

    def server(self, name: str) -> dict[str, Any]:
        """The `common_tls_context` of a server of that DNS name."""
        return self._issue(x509.DNSName(name), name, dt.timedelta(0))

    def issue(self, identity: str, *, age: dt.timedelta = dt.timedelta(0)) -> dict[str, Any]:
        """The `common_tls_context` of a workload. Certificates live a day: older ones are expired."""
        return self._issue(x509.UniformResourceIdentifier(identity), identity, age)

    def _issue(self, name: x509.GeneralName, identity: str, age: dt.timedelta) -> dict[str, Any]:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(x509.Name([]), key, age).add_extension(
            x509.SubjectAlternativeName([name]), critical=True
        )
        stem = f"{identity.replace('://', '-').replace('/', '-')}-{age.days}"
        chain, private = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        chain.write_bytes(_pem(builder.sign(self._key, hashes.SHA256())))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return {
            "tls_certificates": [
                {
                    "certificate_chain": {"filename": str(chain)},
                    "private_key": {"filename": str(private)},
                }
            ],
            "validation_context": {"trusted_ca": {"filename": str(self.root)}},
        }

    def _builder(self, subject, key, age: dt.timedelta) -> x509.CertificateBuilder:
        start = dt.datetime.now(dt.UTC) - age - dt.timedelta(hours=1)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + DAY)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def must_be(context: dict[str, Any], identity: str) -> dict[str, Any]:
    """The context, accepting this peer alone."""
    validation = {
        **context["validation_context"],
        "match_typed_subject_alt_names": [{"san_type": "URI", "matcher": {"exact": identity}}],
    }
    return {**context, "validation_context": validation}
