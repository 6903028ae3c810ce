"""E-mail and network addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Context, Match, Words, alnum
from extproc.inspectors.sensitivity.plain import Plain

_NOT_LOCAL = bytes(
    code
    if (chr(code).isascii() and chr(code).isalnum())
    or code in b".!#$%&'*+?^_`{|}~-"
    or code >= 0xC0
    else 32
    for code in range(256)
)
"""What cannot stand in front of an ``@`` as a space; what leads a path or an assignment too."""
_LEADING = b".!#$%&'*+/=?^`{|}~-"
_DOMAIN = re.compile(
    rb"@((?:[A-Za-z0-9\xc0-\xff](?:[A-Za-z0-9\xc0-\xff-]{0,61}[A-Za-z0-9\xc0-\xff])?\.)+)"
    rb"([A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,50})(?![A-Za-z0-9_-])"
)
_FILES = frozenset(
    b"png jpg jpeg gif svg webp bmp ico css json html htm xml yaml yml txt php exe dll lock js jsx "
    b"tsx cpp hpp java class jar go rb vue scss less toml ini cfg conf tar gz bz2 local internal "
    b"service socket target timer mount path slice scope swap".split()
)
"""Endings of files and units, not of domains."""


@dataclass(frozen=True, slots=True)
class Email:
    """Addresses with a domain; not ``git@host:repo``, not the user part of a URL."""

    trigger: bytes = rb"@[A-Za-z0-9\xc0-\xff]"
    types: frozenset[str] = frozenset({"EMAIL_ADDRESS"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        body = text.body
        domain = _DOMAIN.match(body, start)
        if domain is None or domain[2].lower() in _FILES:
            return
        begin = _local_begin(body, start)
        if begin == start:
            return
        if _in_userinfo(body, begin) or (
            body[begin:start] == b"git" and body[domain.end() : domain.end() + 1] in {b":", b"/"}
        ):
            return
        yield Match("EMAIL_ADDRESS", begin, domain.end(), 0.95)


_HANDLE = re.compile(rb"@([A-Za-z]{2,16})(?![A-Za-z0-9_-])(?!\.[A-Za-z0-9])")
_HANDLES = frozenset(
    b"okaxis oksbi okicici okhdfcbank ybl ibl axl paytm ptaxis ptsbi pthdfc ptyes upi apl rapl yapl "
    b"waaxis wasbi waicici wahdfcbank axisb axisbank hdfcbank icici sbi kotak kmbl barodampay "
    b"idfcbank idfcfirst indus yesbank yesbankltd fbl federal pnb cnrb unionbank freecharge jupiteraxis "
    b"timecosmos ikwik superyes naviaxis fam slice airtel jio postbank rbl dbs hsbc citi sc".split()
)
"""Names of the banks and apps that give out addresses."""
_UPI_WORDS = Words(
    "upi", "upi id", "vpa", "gpay", "phonepe", "paytm", "bhim", "google pay", "pay to"
)


@dataclass(frozen=True, slots=True)
class Upi:
    """Indian payment addresses: ``name@bank``, with a handle that is no domain."""

    trigger: bytes = rb"@[A-Za-z]{2}"
    types: frozenset[str] = frozenset({"IN_UPI"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        handle = _HANDLE.match(text.body, start)
        if handle is None:
            return
        begin = _local_begin(text.body, start)
        if start - begin < 3:
            return
        near = Context(text, begin, handle.end()).speaks_for(_UPI_WORDS)
        known = handle[1].lower() in _HANDLES
        if known or near:
            score = 0.95 if known and near else 0.8
            yield Match("IN_UPI", begin, handle.end(), score, near)


def _local_begin(body: bytes, at: int) -> int:
    floor = max(0, at - 64)
    local = body[floor:at].translate(_NOT_LOCAL)
    local = local[local.rfind(b" ") + 1 :].lstrip(_LEADING)
    return at - len(local)


def _in_userinfo(body: bytes, begin: int) -> bool:
    """Whether this stands between ``://`` and the host of a URL."""
    head = body[max(0, begin - 100) : begin]
    scheme = head.rfind(b"://")
    return scheme >= 0 and not re.search(rb"[\s/?#&=<>\"']", head[scheme + 3 :])


@dataclass(frozen=True, slots=True)
class IpAddress:
    """IPv4 and IPv6 addresses of hosts; not version numbers, masks or this very host."""

    trigger: bytes = (
        rb"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b|"
        rb"(?:[0-9A-Fa-f]{1,4}:){6}|[0-9A-Fa-f]{1,4}::[0-9A-Fa-f]|:[0-9A-Fa-f]{1,4}::|::[0-9A-Fa-f]{1,4}:"
    )
    types: frozenset[str] = frozenset({"IP_ADDRESS"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        if b":" in body[start:end]:
            yield from _six(text, start)
        else:
            score = _four(text, start, end)
            if score:
                yield Match("IP_ADDRESS", start, end, score)


_OID = re.compile(rb"(?:1\.3\.6|2\.5\.(?:4|29))\.")
"""Object identifiers of the internet and of X.500: as addresses they are rare."""
_NETWORK = re.compile(
    rb"(?:10\.0\.0\.0/8|172\.16\.0\.0/12|192\.168\.0\.0/16|169\.254\.0\.0/16|100\.64\.0\.0/10|192\.0\.2\.0/24|198\.51\.100\.0/24|203\.0\.113\.0/24)(?![0-9])"
)
"""Ranges that everybody has: RFC 1918, 3927, 5737, 6598."""
_VERSION = re.compile(
    rb"(?:\xa7|\bv|\bver|versions?|release|build|[a-z][a-z0-9._]*[/@-]|==|>=|<=|~=|~>|\^|\boid|section|"
    rb"chapter|clause|firmware|driver|assembly\w*)[\s:=\"'v]{0,4}$"
)


_REMOTE = re.compile(
    rb"\b(?:ssh|scp|sftp|rsync|sshfs|mosh|ftp|ssh-copy-id)\s[^\n]{0,20}$|//[^\s/]{1,20}$"
)
"""``ssh user@host``: no package of that version."""
_ADDRESS_WORDS = Words(
    "ip", "ips", "ipv4", "address", "addr", "host", "hosts", "hostname", "server", "servers", "client", "peer", "from",
    "to", "at", "ping", "gateway", "router", "dns", "nameserver", "resolver", "subnet", "cidr", "src", "dst", "source",
    "destination", "connect", "connected", "connecting", "connection", "remote", "port", "proxy", "firewall", "block", "ssh",
    "telnet", "curl", "nmap", "traceroute", "listen", "listening", "bind", "vm", "network", "inet", "adresse",
)  # fmt: skip


def _four(text: Plain, start: int, end: int) -> float:
    """A score; 0 for what is no address."""
    body = text.body
    before = body[start - 1] if start else 32
    after = body[end : end + 2]
    if (
        alnum(before)
        or before in b".-"
        or (len(after) == 2 and after[0] in b".-" and after[1:].isdigit())
    ):
        return 0.0
    if after[:1] == b"-":
        return 0.0
    told = body[start:end].split(b".")
    parts = [int(part) for part in told]
    if max(parts) > 255 or any(len(part) > 1 and part[:1] == b"0" for part in told):
        return 0.0
    first = parts[0]
    if not parts[3] and _NETWORK.match(body, start):
        return 0.0
    if first in {0, 127, 255} or first >= 224 or _OID.match(body, start):
        return 0.0
    head = text.lower[max(0, start - 24) : start]
    if before == ord("/") and head.endswith(b"://"):
        return 0.9
    if _VERSION.search(head):
        return 0.9 if before == ord("@") and _REMOTE.search(head) else 0.0
    if max(parts) < _SMALL and first < _LATE and _in_range(body, start, end, first):
        return 0.3
    small = max(parts) < _SMALL and first < _MAJOR and first != _PRIVATE
    if small and not Context(text, start, end).speaks_for(_ADDRESS_WORDS):
        return 0.4
    return 0.9


_STEP = rb"\s?(?:to|->|-->|=>|\xbb|until|through|bis|nach|vers|a|naar),?\s(?:then\s)?v?"
_NEXT = re.compile(_STEP + rb"([0-9]{1,2})(?:\.[0-9]{1,2}){3}\b")
_LAST = re.compile(rb"\b([0-9]{1,2})(?:\.[0-9]{1,2}){3}(?:" + _STEP + rb"|,?\s(?:and\s)?then\s)$")


def _in_range(body: bytes, start: int, end: int, first: int) -> bool:
    """Whether this leads to, or comes from, another major version: hosts of a range share theirs."""
    after, before = _NEXT.match(body, end), _LAST.search(body, max(0, start - 40), start)
    return any(one is not None and int(one[1]) != first for one in (after, before))


_LATE = 40
"""No product of such a major version is known that counts in four parts."""
_SMALL, _MAJOR, _PRIVATE = 100, 20, 10
"""Versions have small parts; addresses hardly ever have four of them, but for those of 10.0.0.0/8."""


_HEX = re.compile(rb"[0-9A-Fa-f:]+(?:\.[0-9]{1,3}){0,3}")


def _six(text: Plain, start: int) -> Iterator[Match]:
    body = text.body
    floor = max(0, start - 45)
    while start > floor and body[start - 1] in b"0123456789abcdefABCDEF:":
        start -= 1
    match = _HEX.match(body, start, start + 64)
    if match is None:
        return
    end = match.end()
    while end > start and body[end - 1] in b":.":
        end -= 1
    value = body[start:end].decode("ascii")
    if (start and (alnum(body[start - 1]))) or (end < len(body) and alnum(body[end])):
        return
    if sum(map(bool, value.split(":"))) < 3 or not any(char.isdigit() for char in value):
        return
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return
    yield Match("IP_ADDRESS", start, end, 0.85)
