"""Ed25519 signatures over checkpoints and over the head of the chain."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from extproc.audit.chain import canonical

PRIVATE_NAME = "audit.pem"
PUBLIC_NAME = "audit.pub.pem"

_DOMAIN = b"extproc audit v1\n"


class KeyProblem(RuntimeError):
    """A key file that is missing or cannot be used. The message names the file."""


class Verifier:
    """Checks what was signed with any of the given public keys."""

    def __init__(self, keys: tuple[Ed25519PublicKey, ...]) -> None:
        self._keys = {fingerprint(key): key for key in keys}

    @property
    def fingerprints(self) -> tuple[str, ...]:
        return tuple(self._keys)

    def accepts(self, signed: Mapping[str, Any]) -> bool:
        """Whether `signature` covers all other members but `hash`, by the key named in `key`."""
        name, signature = signed.get("key"), signed.get("signature")
        if not isinstance(name, str) or not isinstance(signature, str) or name not in self._keys:
            return False
        try:
            raw = base64.b64decode(signature, validate=True)
            self._keys[name].verify(raw, _payload(signed))
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True


class Signer(Verifier):
    """Signs with the private key, and checks its own signatures."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        super().__init__((key.public_key(),))
        self._private = key
        self.fingerprint = self.fingerprints[0]

    def sign(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """`members` with `key` and `signature` added."""
        signed = {**members, "key": self.fingerprint}
        signature = self._private.sign(_payload(signed))
        signed["signature"] = base64.b64encode(signature).decode("ascii")
        return signed


def fingerprint(key: Ed25519PublicKey) -> str:
    """First 32 hex digits of the SHA-256 of the raw public key: what a reviewer writes down."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:32]


def load_or_create(keys_dir: Path) -> Signer:
    """The signer in `keys_dir`; both key files are made at first use. Raises `KeyProblem`."""
    keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = keys_dir / PRIVATE_NAME
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        write_private(path, pem)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise KeyProblem(f"{path}: not a PEM private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyProblem(f"{path}: not an Ed25519 key")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public_path = keys_dir / PUBLIC_NAME
    if not public_path.exists() or public_path.read_bytes() != public:
        write_private(public_path, public)
    return Signer(key)


def load_verifier(*paths: Path) -> Verifier:
    """A verifier for the public keys in these PEM files. Raises `KeyProblem`."""
    return Verifier(tuple(_public(path) for path in paths))


def write_private(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Replaces `path` at once and whole, readable by its owner only. Raises `OSError`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _public(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError as error:
        raise KeyProblem(f"{path}: no public key there") from error
    except ValueError as error:
        raise KeyProblem(f"{path}: not a PEM public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyProblem(f"{path}: not an Ed25519 key")
    return key


def _payload(signed: Mapping[str, Any]) -> bytes:
    rest = {name: value for name, value in signed.items() if name not in ("signature", "hash")}
    return _DOMAIN + canonical(rest)
