"""Text → a vector of unit length: what the semantic cache compares."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from extproc.llm.view import Channel
from extproc.models.encoder import MAX_TOKENS, Encoder, Pass
from extproc.models.injection_tokens import UNK
from extproc.models.same_answer.comparer import packed
from extproc.models.workers import Workers

Vector = NDArray[np.float32]

MAX_CHARACTERS = 4096
"""More is not even tokenised: it cannot fit."""
_INLINE = 256
"""Code points that are tokenised on the event loop: the way to a worker and back costs more."""
RECENT = 2048
"""Texts whose vectors are remembered: 27 MB at 30 tokens each, 75 at `MAX_KEPT_TOKENS`. What is compared with
a question and is not among them costs a pass."""
MAX_KEPT_TOKENS = 94
"""Longer texts keep no token vectors: nothing compares them word by word."""


class EmbedderError(Exception):
    """The model cannot be loaded. The message says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """A text's tokens in their context, without the marks around it."""

    vectors: NDArray[np.int8]
    """Tokens by 384, as `packed`: directions only."""
    ids: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """One text's place among all texts."""

    vector: Vector
    """Unit length; 384 numbers for the default model."""
    truncated: bool
    """The vector does not stand for the whole text: it was cut, or holds words that
    the model does not know, such as emoji. Two such texts may share a vector."""
    tokens: Tokens | None = None
    """``None`` where the model gives none, or the text is long."""


class Embedder(Protocol):
    """May be called from many tasks at once; safe to cancel."""

    @property
    def identity(self) -> str:
        """Model and version: vectors of two identities must never meet."""
        ...

    @property
    def dimension(self) -> int: ...

    async def embed(self, text: str) -> Embedding:
        """Raises `Overloaded` when the worker queue is full."""
        ...


class OnnxEmbedder:
    """The shared encoder: a text that the injection classifier has just read costs no pass."""

    def __init__(self, encoder: Encoder, workers: Workers) -> None:
        self._encoder = encoder
        self._workers = workers
        self.identity = encoder.identity
        self.dimension = encoder.dimension
        self._recent = _Recent(RECENT)

    async def embed(self, text: str) -> Embedding:
        return await _remembered(self._recent, self._read, text)

    async def _read(self, text: str) -> Embedding:
        if len(text) > _INLINE:
            return await self._workers.run(self._embed, text)
        ids = self._encoder.tokens.ids(text)
        found = self._encoder.known(ids)
        if found is None:
            found = await self._workers.run(self._encoder.run, ids[:MAX_TOKENS], Channel.USER)
        return _embedding(ids, found)

    def _embed(self, text: str) -> Embedding:
        ids = self._encoder.tokens.ids(text[:MAX_CHARACTERS])
        found = self._encoder.run(ids[:MAX_TOKENS], Channel.USER)
        return _embedding(ids, found, cut=len(text) > MAX_CHARACTERS)


def _embedding(ids: list[int], found: Pass, *, cut: bool = False) -> Embedding:
    """Of a text with token `ids`, all of them, of which `found` has read what fits."""
    kept = None
    if len(ids) <= MAX_KEPT_TOKENS:
        kept = Tokens(packed(found.tokens), np.array(ids, dtype=np.int64))
    return Embedding(found.vector, cut or len(ids) > MAX_TOKENS or UNK in ids, kept)


class SentenceTransformersEmbedder:
    """A model of the user's own, through the `sentence-transformers` extra.

    `model` is a folder, or a name that is already in the local cache: nothing
    is downloaded at run time.
    """

    def __init__(self, model: str, workers: Workers) -> None:
        """Raises `EmbedderError` when the extra or the model is not there."""
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        except ImportError as error:
            raise EmbedderError(
                f'embedder "sentence-transformers:{model}" needs the extra:'
                ' pip install "extproc[sentence-transformers]"'
            ) from error
        self._workers = workers
        try:
            self._model: Any = SentenceTransformer(model, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise EmbedderError(
                f'embedder model "{model}" is not on this machine; nothing is downloaded'
            ) from error
        self.identity = f"sentence-transformers:{model}"
        self._limit = int(self._model.max_seq_length or MAX_TOKENS)
        self.dimension = len(self._embed("dimension").vector)
        self._recent = _Recent(RECENT)

    async def embed(self, text: str) -> Embedding:
        return await _remembered(self._recent, self._read, text)

    async def _read(self, text: str) -> Embedding:
        return await self._workers.run(self._embed, text)

    def _embed(self, text: str) -> Embedding:
        tokenizer = self._model.tokenizer
        ids = tokenizer(text, truncation=False, verbose=False)["input_ids"]
        vector = self._model.encode(text, normalize_embeddings=True, show_progress_bar=False)
        unknown = getattr(tokenizer, "unk_token_id", None)
        cut = len(ids) > self._limit or (unknown is not None and unknown in ids)
        return Embedding(np.asarray(vector, dtype=np.float32), truncated=cut)


def open_embedder(spec: str, workers: Workers, encoder: Encoder) -> Embedder:
    """`onnx`, or ``sentence-transformers:MODEL``. Raises `EmbedderError`."""
    kind, _, model = spec.partition(":")
    if spec == "onnx":
        return OnnxEmbedder(encoder, workers)
    if kind == "sentence-transformers" and model:
        return SentenceTransformersEmbedder(model, workers)
    raise EmbedderError(f'embedder "{spec}" must be onnx or sentence-transformers:MODEL')


class _Recent:
    """The vectors of the last texts, by the texts' hashes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_hash: OrderedDict[bytes, Embedding] = OrderedDict()

    def get(self, digest: bytes) -> Embedding | None:
        found = self._by_hash.get(digest)
        if found is not None:
            self._by_hash.move_to_end(digest)
        return found

    def put(self, digest: bytes, embedding: Embedding) -> None:
        self._by_hash[digest] = embedding
        if len(self._by_hash) > self._limit:
            self._by_hash.popitem(last=False)


async def _remembered(
    recent: _Recent, read: Callable[[str], Awaitable[Embedding]], text: str
) -> Embedding:
    digest = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
    found = recent.get(digest)
    if found is None:
        # A lone surrogate is no text to a tokenizer.
        found = await read(text.encode(errors="replace").decode())
        found.vector.flags.writeable = False
        recent.put(digest, found)
    return found
