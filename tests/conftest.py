"""Before anything starts gRPC: what `extproc.local.children` sets must be set first."""

import extproc.local.children  # noqa: F401
