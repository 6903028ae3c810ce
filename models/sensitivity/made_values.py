"""Makes the secrets of the third and fourth blind rows: random, of true form, with valid check digits.

``filled`` turns ``{b62:20}`` and the like into a value. ``{=text}`` stands for itself (a password
somebody chose), ``{~hex:8}`` is random but no secret.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import string
import uuid
import zlib

B62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
ALPHABETS = {
    "b62": B62,
    "b64": string.ascii_letters + string.digits + "+/",
    "url": string.ascii_letters + string.digits + "-_",
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "num": string.digits,
    "up": string.ascii_uppercase + string.digits,
    "low": string.ascii_lowercase + string.digits,
    "az": string.ascii_lowercase,
    "AZ": string.ascii_uppercase,
    "b32": string.ascii_uppercase + "234567",
    "b58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "bech": "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
}
HOLE = re.compile(r"\{~?(?:=((?:[^{}]|\\u[0-9a-f]{4})*)|(\w+)(?::(\w+))?)\}")


def text_of(rng: random.Random, alphabet: str, size: int) -> str:
    return "".join(rng.choice(ALPHABETS[alphabet]) for _ in range(size))


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def github(rng: random.Random) -> str:
    """30 random characters and the base-62 CRC-32 of them, as GitHub and npm print it."""
    body = text_of(rng, "b62", 30)
    rest, check = zlib.crc32(body.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        check = B62[digit] + check
    return body + check.rjust(6, "0")


def jwt(rng: random.Random) -> str:
    head = _url64(json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":")).encode())
    body = {"sub": text_of(rng, "num", 8), "iat": 1790000000 + rng.randrange(10**6), "scope": "rw"}
    return f"{head}.{_url64(json.dumps(body, separators=(',', ':')).encode())}.{_url64(rng.randbytes(32))}"


def pem(rng: random.Random, size: str = "") -> str:
    """The base64 body of a key, lines of 64, with the first bytes that such a key has."""
    start = {
        "rsa": bytes.fromhex("3082025c02010002818100"),
        "ec": bytes.fromhex("30770201010420"),
        "pkcs8": bytes.fromhex("308204be020100300d06092a864886f70d0101010500048204a8"),
        "openssh": b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01\0\0\0\x33\0\0\0\x0bssh-ed25519",
        "pub": bytes.fromhex("30820122300d06092a864886f70d01010105000382010f00"),
        "cert": bytes.fromhex("308203433082022ba003020102"),
    }[size]
    total = {"rsa": 608, "ec": 121, "pkcs8": 1218, "openssh": 260, "pub": 294, "cert": 839}[size]
    text = base64.b64encode(start + rng.randbytes(total - len(start))).decode()
    return r"\n".join(text[i : i + 64] for i in range(0, len(text), 64))


def basic(rng: random.Random) -> str:
    user = rng.choice(["admin", "svc-export", "mgraf", "ops", "jenkins"])
    return base64.b64encode(f"{user}:{text_of(rng, 'b62', 13)}".encode()).decode()


def base58check(data: bytes) -> str:
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABETS["b58"][digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def bech32(prefix: str, data: bytes) -> str:
    return bech32_bits(prefix, "".join(f"{byte:08b}" for byte in data))


def bech32_bits(prefix: str, bits: str) -> str:
    bits += "0" * (-len(bits) % 5)
    words = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    known = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + words
    check = 1
    for word in [*known, 0, 0, 0, 0, 0, 0]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ word
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= g if top >> i & 1 else 0
    words += [(check ^ 1) >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + "1" + "".join(ALPHABETS["bech"][word] for word in words)


def make(name: str, size: str | None, rng: random.Random) -> str:
    if name in ALPHABETS:
        return text_of(rng, name, int(size or 8))
    if name == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if name == "gh":
        return github(rng)
    if name == "jwt":
        return jwt(rng)
    if name == "pem":
        return pem(rng, size or "rsa")
    if name == "wif":
        return base58check(b"\x80" + rng.randbytes(32) + b"\x01")
    if name == "xprv":
        head = bytes.fromhex("0488ade4") + bytes(9)
        return base58check(head + rng.randbytes(32) + b"\0" + rng.randbytes(32))
    if name == "age":
        return bech32("age-secret-key-", rng.randbytes(32)).upper()
    if name == "agepub":
        return bech32("age", rng.randbytes(32))
    if name == "btc":
        return base58check(b"\0" + rng.randbytes(20))
    if name == "pemj":
        return pem(rng, size or "rsa").replace(r"\n", r"\\n")
    if name == "basic":
        return basic(rng)
    raise KeyError(name)


def filled(rows: str, seed: int) -> str:
    """Rows, one a line, with their holes filled; what is no hole stays. The same seed, the same rows."""
    rng = random.Random(seed)
    return "\n".join(
        HOLE.sub(lambda hole: _value(hole, rng), row) for row in rows.strip("\n").split("\n")
    )


def _value(hole: re.Match[str], rng: random.Random) -> str:
    literal, name, size = hole.groups()
    try:
        return literal if literal is not None else make(name, size, rng)
    except KeyError:
        return hole[0]
