"""From a directory to a `PolicySet`, or to the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extproc.identity import IdentityConfig
from extproc.llm.view import Uninspectable
from extproc.policy import references
from extproc.policy.digest import canonical, digest
from extproc.policy.documents import API_VERSION, KINDS, PolicyHead, policy_document
from extproc.policy.errors import PolicyError, PolicyErrors
from extproc.policy.explain import coerced, explain, not_one_of, shown
from extproc.policy.files import Files
from extproc.policy.identity import ApiKeys, IdentityDocument
from extproc.policy.keys import ApiKeysDocument, KeyRing
from extproc.policy.lookup import Match, tie
from extproc.policy.marks import Document, parse
from extproc.policy.model import Policy, PolicySet
from extproc.policy.section import Section
from extproc.routing.registry import ModelsDocument, Registry, compile_registry, problems
from extproc.verdict import Mode

ModelT = TypeVar("ModelT", bound=BaseModel)


def load(directory: Path, sections: Mapping[str, type[Section]]) -> PolicySet:
    """Reads every ``*.yaml`` and ``*.yml`` of the directory itself, not of those below it.

    `sections`: what a policy may contain, by name. Raises `PolicyErrors` with
    all that is wrong; reads files and does nothing else.
    """
    loader = _Loader(Files(directory), sections)
    try:
        loaded = loader.load()
    except OSError as error:
        # The error's own text may name where a symbolic link leads; its reason suffices.
        problem = f"cannot be read: {error.strerror or type(error).__name__}"
        raise PolicyErrors([PolicyError(str(directory), 1, "", problem)]) from error
    if loaded is None or loader.errors:
        raise PolicyErrors(loader.errors)
    return loaded


class _Loader:
    """One load. Collects errors and goes on as far as there is something to check."""

    def __init__(self, files: Files, sections: Mapping[str, type[Section]]) -> None:
        self._files = files
        self._sections = sections
        self._policy_document = policy_document(sections)
        self.errors: list[PolicyError] = []

    def load(self) -> PolicySet | None:
        by_kind = self._documents()
        registry, models = self._registry(by_kind["Models"])
        identity = self._identity(by_kind["Identity"])
        for document in by_kind["ApiKeys"]:
            self._valid(document, ApiKeysDocument, secret=True)
        names = (
            {"model": tuple(registry.models), "pool": tuple(registry.pools)} if registry else None
        )
        policies = [
            (document, policy)
            for document in by_kind["Policy"]
            if (policy := self._policy(document, names, registry)) is not None
        ]
        self._apart(policies)
        if not by_kind["Policy"] and not self.errors:
            self._whole("no document of kind Policy in the directory")
        if registry is None or self.errors:
            return None
        content = {
            "policies": {policy.name: policy.document for _, policy in policies},
            "models": canonical(models),
            **_identity_content(identity),
        }
        return PolicySet(
            policies=tuple(policy for _, policy in policies),
            registry=registry,
            identity=identity,
            digest=digest(content),
            content=content,
            watched=self._files.outside(),
            warnings=self._files.warnings(),
        )

    def _documents(self) -> dict[str, list[Document]]:
        by_kind: dict[str, list[Document]] = {kind: [] for kind in KINDS}
        for name in self._files.names():
            documents, errors = parse(name, self._files.read(name))
            self.errors += errors
            for document in documents:
                if (kind := self._kind(document)) is not None:
                    by_kind[kind].append(document)
        return by_kind

    def _kind(self, document: Document) -> str | None:
        if not isinstance(document.value, Mapping):
            what = f"{shown(document.value)} is not allowed; must be a mapping with apiVersion and kind"
            self.errors.append(document.error((), what))
            return None
        found: str | None = None
        for key, allowed in (("apiVersion", (API_VERSION,)), ("kind", KINDS)):
            value = document.value.get(key)
            if value is None:
                missing = f"is required and missing; allowed: {', '.join(allowed)}"
                self.errors.append(document.error((key,), missing))
            elif value not in allowed:
                self.errors.append(document.error((key,), not_one_of(value, allowed)))
            elif key == "kind":
                found = str(value)
        return found

    def _valid(
        self, document: Document, model: type[ModelT], *, secret: bool = False
    ) -> ModelT | None:
        try:
            valid = model.model_validate(document.value)
        except ValidationError as error:
            # What is wrong with apiVersion and kind has been said in `_kind`.
            self.errors += [
                found
                for found in explain(error, document, model, show_values=not secret)
                if found.field not in {"apiVersion", "kind"}
            ]
            return None
        before = len(self.errors)
        for keys in coerced(document.value, valid.model_dump()):
            self.errors.append(
                document.error(keys, "true and false are not allowed; must be a number")
            )
        return valid if len(self.errors) == before else None

    def _registry(self, found: list[Document]) -> tuple[Registry | None, ModelsDocument | None]:
        self._single(found, "Models")
        if not found:
            if not self.errors:
                self._whole("no document of kind Models (usually models.yaml) in the directory")
            return None, None
        document = found[0]
        models = self._valid(document, ModelsDocument)
        if models is None:
            return None, None
        wrong = [document.error(keys, message) for keys, message in problems(models)]
        self.errors += wrong
        return (None, None) if wrong else (compile_registry(models), models)

    def _identity(self, found: list[Document]) -> IdentityConfig | None:
        self._single(found, "Identity")
        identity = self._valid(found[0], IdentityDocument, secret=True) if found else None
        if identity is None:
            return None
        keys = {
            source.file: self._key_ring(found[0], ("sources", i, "file"), source.file)
            for i, source in enumerate(identity.sources)
            if isinstance(source, ApiKeys)
        }
        return IdentityConfig(identity.sources, identity.anonymous, keys)

    def _key_ring(self, document: Document, keys: tuple[str | int, ...], file: str) -> KeyRing:
        try:
            name, content = self._files.read_beside(file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.errors.append(document.error(keys, f"the file '{file}' cannot be read: {reason}"))
            return KeyRing(())
        if self._files.writable_by_others(file):
            problem = f"the file '{file}' can be written by everyone; use mode 0640 or less"
            self.errors.append(document.error(keys, problem))
        documents, errors = parse(name, content)
        self.errors += errors
        entries = []
        for found in documents:
            if isinstance(found.value, Mapping) and found.value.get("kind") == "ApiKeys":
                valid = self._valid(found, ApiKeysDocument, secret=True)
                entries += [(found, i, key) for i, key in enumerate(valid.keys)] if valid else []
        if not entries and not errors and not self.errors:
            self.errors.append(document.error(keys, f"no document of kind ApiKeys in '{file}'"))
        for (found, i, one), (_, _, other) in _pairs(entries):
            if one.id == other.id or one.hash == other.hash:
                what = "id" if one.id == other.id else "hash"
                self.errors.append(
                    found.error(("keys", i, what), f"another key has the same {what}")
                )
        return KeyRing(key for _, _, key in entries)

    def _policy(
        self,
        document: Document,
        names: Mapping[str, tuple[str, ...]] | None,
        registry: Registry | None,
    ) -> Policy | None:
        if names is not None:
            self.errors += references.check(document, names)
        head = self._valid(document, self._policy_document)
        if head is None:
            return None
        sections = self._effective(head)
        content = canonical({**dict(head), **sections})
        on_uninspectable = head.on_uninspectable
        return Policy(
            name=head.metadata.name,
            owner=head.metadata.owner,
            digest=digest(content, registry.digest if registry is not None else None),
            match=Match(**{field: value or () for field, value in head.match}),
            mode=head.mode,
            on_error=head.on_error,
            unknown_endpoints=head.unknown_endpoints,
            on_uninspectable={
                Uninspectable.TEXT: on_uninspectable.text,
                Uninspectable.MEDIA: on_uninspectable.media,
                Uninspectable.REFERENCES: on_uninspectable.references,
            },
            max_body_bytes=head.max_body_bytes,
            max_text_bytes=head.max_text_bytes,
            usage=head.usage,
            deadline_ms=head.deadline_ms,
            sections={
                name: section
                for name, section in sections.items()
                if (section.mode or head.mode) is not Mode.OFF
            },
            source=f"{document.file}:{document.line(())}",
            document=content,
        )

    def _effective(self, head: PolicyHead) -> dict[str, Section]:
        """The sections as written, and those that hold without being written."""
        sections: dict[str, Section] = {}
        for name, settings in self._sections.items():
            section = getattr(head, name)
            if section is None and settings.present_by_default:
                section = settings()
            if section is not None:
                sections[name] = section
        return sections

    def _apart(self, policies: list[tuple[Document, Policy]]) -> None:
        """Policies of a set have different names and cannot tie."""
        for (_, one), (document, other) in _pairs(policies):
            if one.name == other.name:
                problem = (
                    f"another policy at {one.source} has the name '{one.name}'; choose another"
                )
                self.errors.append(document.error(("metadata", "name"), problem))
            elif tie(one.match, other.match):
                problem = (
                    f"ties with policy '{one.name}' at {one.source}: both could govern the same"
                    " request and neither is more specific; change or narrow one of them"
                )
                self.errors.append(document.error(("match",), problem))

    def _single(self, documents: list[Document], kind: str) -> None:
        for document in documents[1:]:
            first = f"{documents[0].file}:{documents[0].line(())}"
            problem = f"a set has at most one document of kind {kind}; the first is at {first}"
            self.errors.append(document.error(("kind",), problem))

    def _whole(self, problem: str) -> None:
        self.errors.append(PolicyError(str(self._files.directory), 1, "", problem))


def _identity_content(identity: IdentityConfig | None) -> dict[str, object]:
    if identity is None:
        return {"identity": None}
    return {
        "identity": {
            "sources": canonical(identity.sources),
            "anonymous": canonical(identity.anonymous),
        },
        # Shortened: enough to tell that a key has changed, and no use for anything else.
        "keys": {
            key.id: {"hash": key.hash[:15], "caller": key.caller, "tenant": key.tenant}
            for ring in identity.keys.values()
            for key in ring.entries
        },
    }


T = TypeVar("T")


def _pairs(items: Iterable[T]) -> Iterable[tuple[T, T]]:
    return combinations(items, 2)
