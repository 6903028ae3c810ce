"""From a directory to a `PolicySet`, or to the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from extproc.llm.view import Uninspectable
from extproc.policy import references
from extproc.policy.credentials import content_of, identity_of
from extproc.policy.digest import canonical, digest, fingerprint
from extproc.policy.documents import (
    API_VERSION,
    KINDS,
    PolicyHead,
    policy_document,
)
from extproc.policy.errors import PolicyError, PolicyErrors
from extproc.policy.explain import not_one_of, shown
from extproc.policy.files import Files
from extproc.policy.findings import Errors
from extproc.policy.keys import ApiKeysDocument
from extproc.policy.lookup import Match, tie
from extproc.policy.marks import Document, parse
from extproc.policy.model import Policy, PolicySet
from extproc.policy.section import Section
from extproc.routing.registry import ModelsDocument, Registry, compile_registry, problems
from extproc.verdict import Mode


def load(directory: Path, sections: Mapping[str, type[Section]]) -> PolicySet:
    """Reads every ``*.yaml`` and ``*.yml`` of the directory itself, not of those below it.

    `sections`: what a policy may contain, by name. Raises `PolicyErrors` with
    all that is wrong; reads files and does nothing else.
    """
    loader = _Loader(Files(directory), sections)
    try:
        loaded = loader.load()
    except OSError as error:
        problem = f"cannot be read: {error.strerror or type(error).__name__}"
        raise PolicyErrors([PolicyError(str(directory), 1, "", problem)]) from error
    if loaded is None:
        raise PolicyErrors(loader.errors.all)
    return loaded


class _Loader:
    """One load. Collects errors and goes on as far as there is something to check."""

    def __init__(self, files: Files, sections: Mapping[str, type[Section]]) -> None:
        self._files = files
        self._sections = sections
        self._policy_document = policy_document(sections)
        self.errors = Errors()

    def load(self) -> PolicySet | None:
        """``None`` exactly when there are errors."""
        by_kind = self._documents()
        registry, models = self._registry(by_kind["Models"])
        self._single(by_kind["Identity"])
        identity = None
        for document in by_kind["Identity"][:1]:
            identity = identity_of(document, self._files, self.errors)
        for document in by_kind["ApiKeys"]:
            self.errors.valid(document, ApiKeysDocument, secret=True)
        policies = self._policies(by_kind["Policy"], registry)
        if registry is None or self.errors:
            return None
        content = {
            "policies": {policy.name: policy.document for policy in policies},
            "models": canonical(models),
            **content_of(identity),
        }
        return PolicySet(
            policies=tuple(policies),
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
            self.errors.extend(errors)
            for document in documents:
                if (kind := self._kind(document)) is not None:
                    by_kind[kind].append(document)
        if not self.errors:
            for kind, usual in (("Policy", "default.yaml"), ("Models", "models.yaml")):
                if not by_kind[kind]:
                    problem = f"no document is of kind {kind} (usually in {usual}); a set needs one"
                    self.errors.add(PolicyError(str(self._files.directory), 1, "", problem))
        return by_kind

    def _kind(self, document: Document) -> str | None:
        if not isinstance(document.value, Mapping):
            problem = f"{shown(document.value)} is not allowed; must be a mapping with apiVersion and kind"
            self.errors.add(document.error((), problem))
            return None
        found: str | None = None
        for key, allowed in (("apiVersion", (API_VERSION,)), ("kind", KINDS)):
            value = document.value.get(key)
            if value is None:
                problem = f"is required and missing; allowed: {', '.join(allowed)}"
                self.errors.add(document.error((key,), problem))
            elif value not in allowed:
                self.errors.add(document.error((key,), not_one_of(value, allowed)))
            elif key == "kind":
                found = str(value)
        return found

    def _registry(self, found: list[Document]) -> tuple[Registry | None, ModelsDocument | None]:
        self._single(found)
        models = self.errors.valid(found[0], ModelsDocument) if found else None
        if models is None:
            return None, None
        wrong = [found[0].error(keys, message) for keys, message in problems(models)]
        self.errors.extend(wrong)
        return (None, None) if wrong else (compile_registry(models), models)

    def _policies(self, documents: list[Document], registry: Registry | None) -> list[Policy]:
        self._names_differ(documents)
        found: list[tuple[Document, Policy]] = []
        for document in documents:
            if registry is not None:
                tags = {tag for pool in registry.pools.values() for tag in pool.residency}
                names = {
                    "model": tuple(registry.models),
                    "pool": tuple(registry.pools),
                    "residency tag": tuple(sorted(tags)),
                }
                self.errors.extend(references.check(document, names))
            head = self.errors.valid(document, self._policy_document)
            if head is not None:
                found.append((document, self._policy(document, head, registry)))
        self._apart(found)
        return [policy for _, policy in found]

    def _policy(self, document: Document, head: PolicyHead, registry: Registry | None) -> Policy:
        sections = {
            name: self._resolved(document, name, section)
            for name, section in self._effective(head).items()
        }
        self.errors.extend(references.check_labels(document, sections))
        content = canonical({**dict(head), **sections})
        on_uninspectable = head.on_uninspectable
        return Policy(
            name=head.metadata.name,
            owner=head.metadata.owner,
            fingerprint=fingerprint(
                content, registry.fingerprint if registry is not None else None
            ),
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
            source=_place(document),
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

    def _resolved(self, document: Document, name: str, section: Section) -> Section:
        """With the contents of files that the section names."""
        try:
            return section.resolved(self._files.read_named)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            file = Path(error.filename or "").name
            self.errors.add(document.error((name,), f"the file '{file}' cannot be read: {reason}"))
        except ValueError as error:
            self.errors.add(document.error((name,), str(error)))
        return section

    def _names_differ(self, documents: list[Document]) -> None:
        first: dict[object, Document] = {}
        for document in documents:
            metadata = (
                document.value.get("metadata") if isinstance(document.value, Mapping) else None
            )
            name = metadata.get("name") if isinstance(metadata, Mapping) else None
            if isinstance(name, str) and first.setdefault(name, document) is not document:
                problem = (
                    f"the policy at {_place(first[name])} has the name '{name}' too; choose another"
                )
                self.errors.add(document.error(("metadata", "name"), problem))

    def _apart(self, policies: list[tuple[Document, Policy]]) -> None:
        """No two policies can govern one request with the same claim."""
        for (_, one), (document, other) in combinations(policies, 2):
            if one.name != other.name and tie(one.match, other.match):
                problem = (
                    f"ties with policy '{one.name}' at {one.source}: both could govern the same"
                    " request and neither is more specific; change or narrow one of them"
                )
                self.errors.add(document.error(("match",), problem))

    def _single(self, documents: list[Document]) -> None:
        for document in documents[1:]:
            problem = f"the set has one at {_place(documents[0])} already; keep one of them"
            self.errors.add(document.error(("kind",), problem))


def _place(document: Document) -> str:
    return f"{document.file}:{document.line(())}"
