"""Imports point one way, and foreign types stop at the border."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "extproc"

LAYERS: list[set[str]] = [
    # From the border inwards: a module may import from its own layer's line or below.
    {"cli", "__main__"},
    {"local", "server", "doctor"},
    {"service", "outcomes", "control", "admin"},
    {"wire"},
    {"consequences"},
    {"session"},
    {"desk", "forwarding"},
    {"replies", "response", "ledger", "relay", "admission", "intake"},
    {"rules"},
    {"pipeline"},
    {"inspectors"},
    {"answers"},
    {"policy", "identity", "state", "routing", "models", "render"},
    {"llm"},
    {"audit", "telemetry", "resources", "secret", "decoding"},
    {"outcome"},
    {"exchange"},
    {"verdict", "events"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
LOOKS_UP = {
    # Types that travel with the exchange; named here because they point against the stream.
    ("exchange", "llm"): "ChatView is what an exchange holds (a type only)",
    ("exchange", "answers"): "filters of the answer wait in the exchange (a type only)",
    ("verdict", "answers"): "a verdict may name a filter of the answer (a type only)",
    ("exchange", "policy"): "Policy is what an exchange holds (a type only)",
}
GRPC = {"server", "service", "outcomes", "control", "wire", "cli", "local", "render"}


def modules():
    for file in sorted(ROOT.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if parts[0] not in {"_protos", "_resources", "__init__"}:
            yield file, parts


def imports(file: Path):
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "extproc":
                yield from (f"extproc.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    ("file", "parts"), list(modules()), ids=lambda v: "/".join(v) if isinstance(v, tuple) else ""
)
def test_imports_point_one_way(file, parts):
    own = LEVEL[parts[0]]
    for name in imports(file):
        if not name.startswith("extproc."):
            continue
        other = name.split(".")[1]
        if other in {"_protos", "__version__"} or (parts[0], other) in LOOKS_UP:
            continue
        assert LEVEL[other] >= own, f"{'/'.join(parts)} imports {name}"


@pytest.mark.parametrize(
    ("file", "parts"), list(modules()), ids=lambda v: "/".join(v) if isinstance(v, tuple) else ""
)
def test_inspectors_do_not_know_each_other(file, parts):
    if parts[0] != "inspectors" or len(parts) < 3:
        return
    for name in imports(file):
        if name.startswith("extproc.inspectors."):
            assert name.split(".")[2] in {parts[1], "base"}, f"{'/'.join(parts)} imports {name}"


@pytest.mark.parametrize(
    ("file", "parts"), list(modules()), ids=lambda v: "/".join(v) if isinstance(v, tuple) else ""
)
def test_grpc_and_envoy_stop_at_the_border(file, parts):
    if parts[0] in GRPC or parts == ("telemetry", "otlp"):
        return
    for name in imports(file):
        assert name.split(".")[0] not in {"grpc", "envoy", "envoy_data_plane"}, name


def test_nothing_imports_the_package_that_two_distributions_own():
    for file, _ in modules():
        assert "envoy" not in set(imports(file)), file
