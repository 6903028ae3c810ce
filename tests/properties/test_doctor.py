"""No input makes the doctor fail: it finds, or it says what it cannot read."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.doctor.examine import examine
from extproc.doctor.read import UnreadableError
from extproc.doctor.report import document, sarif, text
from tests.unit.doctor.forms import FORMS, rendered

MANIFESTS = Path(__file__).parents[2] / "deploy/istio/overlays/sidecar"
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["25s", "1e999s", "true", "SEND", "*", "outbound|80||a", "x/Router", "1h"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def survives(*contents: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        for index, content in enumerate(contents):
            (Path(name) / f"{index}{suffix}").write_bytes(content)
        try:
            report = examine(Path(name))
        except UnreadableError as error:
            assert str(error)
            return
        for render in (text.render, document.render, sarif.render):
            assert render(report)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(content):
    survives(content, suffix=".yaml")


@settings(deadline=None)
@given(values)
def test_any_value(value):
    survives(json.dumps(value).encode(), suffix=".json")


def places(value, path=()):
    """The path of every value below."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, below in items:
        yield from places(below, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = replaced(copied[path[0]], path[1:], new)
    return copied


PLACES = list(places(rendered()))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(PLACES), values, st.sampled_from(["bootstrap", "yaml"]))
def test_any_value_at_any_place_of_a_configuration(path, value, form):
    broken = replaced(rendered(), path, value)
    survives(FORMS[form](broken).encode("utf-8", "surrogatepass"), suffix=".yaml")


PARTS = [
    part
    for file in sorted(MANIFESTS.glob("*.yaml")) + sorted(MANIFESTS.glob("../../base/p*.yaml"))
    for part in yaml.safe_load_all(file.read_text())
    if part and part["kind"] != "Kustomization"
]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_value_at_any_place_of_a_manifest(data):
    index = data.draw(st.integers(0, len(PARTS) - 1))
    path = data.draw(st.sampled_from(list(places(PARTS[index]))))
    parts = list(PARTS)
    parts[index] = replaced(parts[index], path, data.draw(values))
    survives(*(json.dumps(part).encode() for part in parts), suffix=".json")
