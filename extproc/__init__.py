"""extproc: an Envoy external-processing sidecar that governs AI traffic."""

import os

__version__ = "0.1.0"

# Before numpy is loaded: its BLAS starts a thread a core, and after each product these spin for
# 20 to 30 ms before they sleep. Our products take less than one, and parallelism is the workers'.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
