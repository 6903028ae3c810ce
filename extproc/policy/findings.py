"""The errors of one load, collected while it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extproc.policy.errors import PolicyError
from extproc.policy.explain import explain, misread_booleans
from extproc.policy.marks import Document

ModelT = TypeVar("ModelT", bound=BaseModel)


class Errors:
    """Keeps the first error of each place: one word is enough."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], PolicyError] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def all(self) -> tuple[PolicyError, ...]:
        return tuple(self._found.values())

    def add(self, *errors: PolicyError) -> None:
        for error in errors:
            self._found.setdefault((error.file, error.line, error.field), error)

    def extend(self, errors: Iterable[PolicyError]) -> None:
        self.add(*errors)

    def valid(
        self,
        document: Document,
        model: type[ModelT],
        *,
        secret: bool = False,
        hidden: frozenset[str] = frozenset(),
    ) -> ModelT | None:
        """The document as a model, or ``None`` and what is wrong with it.

        `secret`: values are not shown. `hidden`: keys not named as allowed.
        """
        misread = [
            document.error(keys, "true and false are not allowed; must be a number")
            for keys in misread_booleans(document.value, model)
        ]
        self.extend(misread)
        try:
            valid = model.model_validate(document.value)
        except ValidationError as error:
            self.extend(explain(error, document, model, show_values=not secret, hidden=hidden))
            return None
        return None if misread else valid
