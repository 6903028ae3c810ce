"""What importing the package sets up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_THREADS = "import os, {first}, numpy; print(len(os.listdir('/proc/self/task')))"


def threads(first: str, **environment: str) -> int:
    """Of a process that has loaded `first`, then numpy."""
    kept = {name: value for name, value in os.environ.items() if "_NUM_THREADS" not in name}
    run = subprocess.run(
        [sys.executable, "-c", _THREADS.format(first=first)],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(run.stdout)


def test_numpy_starts_no_threads_of_its_own():
    assert threads("extproc") == 1


@pytest.mark.skipif(os.cpu_count() == 1, reason="one core, one thread")
def test_who_asks_for_threads_gets_them():
    assert threads("extproc", OPENBLAS_NUM_THREADS="2") == 2
