"""Sessions under the default policies with some sections changed."""

from __future__ import annotations

import pytest
import yaml

from extproc.session import Session
from tests.desk import POLICIES, Told, desk, rules


@pytest.fixture
def session_of(tmp_path):
    """Makes a session and what hears of it; each section named is merged into the default policy's."""

    def make(**sections):
        for file in POLICIES.glob("*.yaml"):
            (tmp_path / file.name).write_text(file.read_text())
        document = yaml.safe_load((POLICIES / "default.yaml").read_text())
        for name, section in sections.items():
            document[name] = {**(document.get(name) or {}), **section}
        (tmp_path / "default.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
        told = Told()
        return Session(desk(told, rules(tmp_path))), told

    return make
