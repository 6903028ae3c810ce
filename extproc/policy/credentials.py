"""From an ``Identity`` document to an `IdentityConfig`, with the key files it names."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from extproc.identity import IdentityConfig
from extproc.policy.digest import canonical, digest
from extproc.policy.files import Files
from extproc.policy.findings import Errors
from extproc.policy.identity import ApiKeys, IdentityDocument
from extproc.policy.keys import NO_KEYS, ApiKey, ApiKeysDocument, KeyRing
from extproc.policy.marks import Document, parse
from extproc.verdict import Keys


def identity_of(document: Document, files: Files, errors: Errors) -> IdentityConfig | None:
    """``None``, with the errors added, where it is not valid."""
    identity = errors.valid(document, IdentityDocument)
    if identity is None:
        return None
    keys = {
        source.file: _key_ring(document, ("sources", i, "file"), source.file, files, errors)
        for i, source in enumerate(identity.sources)
        if isinstance(source, ApiKeys)
    }
    return IdentityConfig(identity.sources, identity.anonymous, keys)


def content_of(identity: IdentityConfig | None) -> dict[str, object]:
    """What the set's digest covers and the audit's diff may show."""
    if identity is None:
        return {"identity": None, "keys": {}}
    return {
        "identity": {
            "sources": canonical(identity.sources),
            "anonymous": canonical(identity.anonymous),
        },
        "keys": {
            key.id: {"caller": key.caller, "tenant": key.tenant, "digest": digest(key.hash)}
            for ring in identity.keys.values()
            for key in ring.entries
        },
    }


def _key_ring(document: Document, at: Keys, file: str, files: Files, errors: Errors) -> KeyRing:
    try:
        name, content = files.read_beside(file)
        if files.writable_by_others(file):
            problem = f"the file '{file}' can be written by everyone; use mode 0640 or less"
            errors.add(document.error(at, problem))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        errors.add(document.error(at, f"the file '{file}' cannot be read: {reason}"))
        return NO_KEYS
    documents, problems = parse(name, content)
    errors.extend(problems)
    keys = [
        found
        for found in documents
        if isinstance(found.value, Mapping) and found.value.get("kind") == "ApiKeys"
    ]
    if not keys and not problems:
        errors.add(document.error(at, f"no document of kind ApiKeys in '{file}'"))
    entries: list[tuple[Document, int, ApiKey]] = []
    for found in keys:
        valid = errors.valid(found, ApiKeysDocument, secret=True)
        entries += [(found, i, key) for i, key in enumerate(valid.keys)] if valid else []
    for (_, _, one), (found, i, other) in combinations(entries, 2):
        for what in ("id", "hash"):
            if getattr(one, what) == getattr(other, what):
                problem = f"key '{one.id}' has the same {what}; each stands once"
                errors.add(found.error(("keys", i, what), problem))
    return KeyRing(key for _, _, key in entries)
