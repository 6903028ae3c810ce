"""The policy's `output` section: what an answer may hold, and what form it must have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal, Self

from pydantic import field_validator, model_validator

from extproc.inspectors.output.schema import unsupported
from extproc.policy.section import Section


class OutputSettings(Section):
    """Absent: answers are not read."""

    sensitive: Literal["redact", "block"] | None = None
    """What becomes of entities that the sensitivity section labels; follows `content` if absent."""
    content: Literal["block"] | None = None
    """Refuses active content: scripts, images that carry data away, hidden text."""
    injection: Literal["flag", "block"] | None = None
    """Reads answers for orders to whoever reads them next, at the thresholds of `injection`."""
    json_schema: str | dict[str, Any] | None = None
    """The JSON Schema that the answer's text must fit: a file beside the policies, or the schema."""
    retry: Literal["client"] | None = None
    """``client``: an answer that does not fit the schema is refused with `x-should-retry: true`, once."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        checks = (self.sensitive, self.content, self.injection, self.json_schema)
        if all(check is None for check in checks):
            raise ValueError("checks nothing; allowed: sensitive, content, injection, json_schema")
        if self.retry is not None and self.json_schema is None:
            raise ValueError("retry is for answers that do not fit; allowed: with json_schema")
        return self

    @field_validator("json_schema")
    @classmethod
    def _known(cls, value: str | dict[str, Any] | None) -> str | dict[str, Any] | None:
        if isinstance(value, dict) and (why := unsupported(value)) is not None:
            raise ValueError(why)
        return value

    @property
    def on_sensitive(self) -> Literal["redact", "block"] | None:
        return self.sensitive or self.content

    def resolved(self, read: Callable[[str], bytes]) -> Self:
        """With the schema in the place of the file's name. Raises `OSError`, `ValueError`."""
        if not isinstance(self.json_schema, str):
            return self
        try:
            schema = json.loads(read(self.json_schema))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"json_schema: {self.json_schema} is not JSON") from error
        if not isinstance(schema, dict):
            raise ValueError(f"json_schema: {self.json_schema} is not a JSON object")  # noqa: TRY004
        if (why := unsupported(schema)) is not None:
            raise ValueError(f"json_schema: {self.json_schema}: {why}")
        return self.model_copy(update={"json_schema": schema})
