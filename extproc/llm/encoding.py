"""Request bodies as text: content codings undone, character sets checked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import NoReturn

import brotli
import zstandard

from extproc.verdict import Code, Refusal, Refuse

MAX_CODINGS = 3
"""Codings on top of each other."""
MAX_MEMBERS = 64
"""gzip members or zstd frames in a row: each costs a copy of what follows it."""

_ZSTD_WINDOW = 8 * 1024 * 1024
"""Bytes; the most that RFC 9659 lets a sender ask for."""
_SLICE = 256
"""Compressed bytes given to zstd at a time: it has no limit on output of its
own, and a block of four bytes can hold 128 KiB."""
_CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}


class _Damaged(Exception):
    """The body is not what its coding says."""


def decode(body: bytes, content_encoding: str | None, limit: int) -> bytes:
    """`body` without its content codings.

    Raises `Refusal`: 413 when it is, or expands to, more than `limit` bytes at
    any stage; 415 for codings that are unknown, damaged or cut short.
    """
    if len(body) > limit:
        _too_large(limit)
    codings = [name for item in (content_encoding or "").split(",") if (name := item.strip())]
    if len(codings) > MAX_CODINGS:
        _unsupported("Too many content codings are applied to the request body.")
    for name in reversed(codings):
        expand = _CODINGS.get(name.lower())
        if expand is None:
            _unsupported("The content coding of the request body is not supported.")
        try:
            body = _collect(expand(body, limit), limit)
        except (_Damaged, zlib.error, brotli.error, zstandard.ZstdError):
            _unsupported("The request body does not match its content coding.")
    return body


def check_content_type(content_type: str | None) -> None:
    """Raises `Refusal` (415) unless the type is absent or JSON in UTF-8."""
    if content_type is None or not content_type.strip():
        return
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media_type != "application/json":
        _unsupported("The content type of the request body must be application/json.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip("\"'") not in _CHARSETS:
            _unsupported("The character set of the request body must be UTF-8.")


def _collect(pieces: Iterator[bytes], limit: int) -> bytes:
    out = bytearray()
    for piece in pieces:
        out += piece
        if len(out) > limit:
            _too_large(limit)
    return bytes(out)


def _identity(body: bytes, _limit: int) -> Iterator[bytes]:
    yield body


def _gzip(body: bytes, limit: int) -> Iterator[bytes]:
    """One member after the other, as RFC 1952 allows."""
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        yield member.decompress(body, limit + 1)
        if not member.eof:
            raise _Damaged
        body = member.unused_data
        if not body:
            return
    raise _Damaged


def _deflate(body: bytes, limit: int) -> Iterator[bytes]:
    """In zlib's wrapping, as the standard says, or without, as some clients send it."""
    try:
        yield _inflate(body, zlib.MAX_WBITS, limit)
    except (zlib.error, _Damaged):
        yield _inflate(body, -zlib.MAX_WBITS, limit)


def _inflate(body: bytes, wbits: int, limit: int) -> bytes:
    """All of the stream, or at least one byte more than `limit`."""
    stream = zlib.decompressobj(wbits=wbits)
    out = stream.decompress(body, limit + 1)
    if len(out) <= limit and (not stream.eof or stream.unused_data):
        raise _Damaged
    return out


def _brotli(body: bytes, limit: int) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    yield stream.process(body, output_buffer_limit=limit + 1)
    while not stream.is_finished():
        if stream.can_accept_more_data():
            raise _Damaged
        yield stream.process(b"", output_buffer_limit=limit + 1)


def _zstd(body: bytes, _limit: int) -> Iterator[bytes]:
    """One frame after the other, as RFC 8878 allows."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    at = 0
    for _ in range(MAX_MEMBERS):
        frame = decompressor.decompressobj()
        while at < len(body) and not frame.eof:
            yield frame.decompress(body[at : at + _SLICE])
            at = min(at + _SLICE, len(body))
        if not frame.eof:
            raise _Damaged
        at -= len(frame.unused_data)
        if at == len(body):
            return
    raise _Damaged


_CODINGS: dict[str, Callable[[bytes, int], Iterator[bytes]]] = {
    "identity": _identity,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def _too_large(limit: int) -> NoReturn:
    message = f"The request body is larger than {limit} bytes."
    raise Refusal(Refuse(Code.REQUEST_TOO_LARGE, message, should_retry=False))


def _unsupported(message: str) -> NoReturn:
    raise Refusal(Refuse(Code.UNSUPPORTED_ENCODING, message, should_retry=False))
