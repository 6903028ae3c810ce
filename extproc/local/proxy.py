"""The Envoy process of `extproc up`, and the files it watches."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extproc.local import children
from extproc.local.binary import envoy
from extproc.local.settings import HOST, Ports
from extproc.render.bootstrap import cluster_file, route_file, watching_bootstrap
from extproc.render.upstreams import Endpoint, Service, Upstream

MAX_WORKERS = 4


class Proxy:
    """Bootstrap, pools and routes as files below `folder`."""

    def __init__(self, folder: Path, ports: Ports, *, buffer_bytes: int) -> None:
        self._folder = folder.resolve()
        self._watched = self._folder / "watched"
        self._watched.mkdir(parents=True, exist_ok=True)
        self._version = 0
        self._ports = ports
        self._buffer_bytes = buffer_bytes

    async def start(self) -> children.Child:
        """Starts Envoy. The pools must have been written."""
        bootstrap = watching_bootstrap(
            service=Service(Endpoint(HOST, self._ports.extproc)),
            listen=Endpoint(HOST, self._ports.listener),
            admin=Endpoint(HOST, self._ports.envoy_admin),
            clusters=str(self._watched / "clusters.json"),
            routes=str(self._watched / "routes.json"),
            buffer_bytes=self._buffer_bytes,
        )
        file = self._folder / "bootstrap.json"
        _replace(file, bootstrap)
        return await children.start(
            "Envoy",
            [
                envoy(),
                *("--config-path", file),
                # Hot restart would make two of them on one machine meet.
                "--disable-hot-restart",
                *("--concurrency", str(min(MAX_WORKERS, os.cpu_count() or 1))),
                *("--log-level", "warning"),
                # It warns about every use of `sse_to_metadata`, which is new.
                *("--component-log-level", "misc:error"),
                # No answer waits for Envoy's own end: the service has drained by then.
                *("--drain-time-s", "1", "--parent-shutdown-time-s", "2"),
            ],
            log=self._folder / "envoy.log",
        )

    def write(self, upstreams: Sequence[Upstream]) -> None:
        """Gives Envoy these pools; a running one takes them without dropping a request."""
        self._version += 1
        version = str(self._version)
        # Clusters first: a route to a cluster that is not there yet answers 503.
        _replace(self._watched / "clusters.json", cluster_file(upstreams, version))
        _replace(self._watched / "routes.json", route_file(upstreams, version))


def _replace(file: Path, document: dict[str, Any]) -> None:
    """Whole or not at all: Envoy reads a file when another is moved over it."""
    new = file.with_suffix(".new")
    new.write_text(json.dumps(document, indent=1))
    new.replace(file)
