"""Build hook: compiles `protos/` into the package and packs what ships beside the code.

`python hatch_build.py` compiles alone, which is what `make protos` does.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
OUT = ROOT / "extproc" / "_protos"
NOT_SHIPPED = {".py", ".in", ".txt", ".pyc", ".yaml", ".jsonl"}
"""Below `models/`: recipes and their requirements, not artefacts and cards."""


class BuildHook(BuildHookInterface):
    """Runs for wheels, editable installs included."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        compile_protos()
        if version != "editable":
            build_data["force_include"].update(resources())


def resources() -> dict[str, str]:
    """File on disk to place in the wheel: default policies and model artefacts."""
    found = [path for path in (ROOT / "policies").rglob("*") if path.is_file()]
    found += [
        path
        for path in (ROOT / "models").glob("*/**/*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    ]
    return {str(path): f"extproc/_resources/{path.relative_to(ROOT)}" for path in found}


def compile_protos() -> None:
    """`protos/extproc/a/v1/x.proto` becomes `extproc/_protos/a/v1/x_pb2.py` and `x_pb2_grpc.py`."""
    from grpc_tools import protoc  # noqa: PLC0415 - only builds need it

    protos = sorted((ROOT / "protos").rglob("*.proto"))
    with tempfile.TemporaryDirectory() as scratch:
        arguments = ["protoc", f"-I{ROOT / 'protos'}"]
        arguments += [
            f"--{kind}={scratch}" for kind in ("python_out", "pyi_out", "grpc_python_out")
        ]
        if protoc.main([*arguments, *map(str, protos)]) != 0:
            sys.exit("protoc failed")
        for path in Path(scratch).rglob("*.py*"):
            path.write_text(_relative(path.read_text()))
        shutil.rmtree(OUT, ignore_errors=True)
        shutil.copytree(Path(scratch) / "extproc", OUT)
    for folder in (OUT, *(path for path in OUT.rglob("*") if path.is_dir())):
        (folder / "__init__.py").write_text("")


def _relative(source: str) -> str:
    """Generated modules import each other by the path of the proto, which is not theirs."""
    return re.sub(
        r"^from extproc[\w.]* import (\w+_pb2)", r"from . import \1", source, flags=re.MULTILINE
    )


if __name__ == "__main__":
    compile_protos()
