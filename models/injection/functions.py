"""Real functions with their docstrings, from Python's own library, as users paste them."""

from __future__ import annotations

import ast
import random
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_TASKS = (
    "", "", "", "Complete this function:\n", "Explain what this does:\n", "Write tests for\n",
    "Why is this slow?\n", "Port this to Go.\n\n", "Add type hints:\n", "```python\n",
)  # fmt: skip
_FOLDERS = (".", "asyncio", "concurrent/futures", "importlib", "logging", "unittest", "urllib")
_MOST = 1_200
"""Code points of one function."""


def function(rng: random.Random) -> str:
    """A function: whole, or its head and docstring alone, with a task before it or bare."""
    head, whole = rng.choice(functions())
    return rng.choice(_TASKS) + (head if rng.random() < 0.5 else whole)[:_MOST]


@cache
def functions() -> list[tuple[str, str]]:
    """Heads up to the docstring's end, and whole functions. One and a half thousand."""
    out: list[tuple[str, str]] = []
    for path in library(_FOLDERS)[::2]:
        source = path.read_text(encoding="utf-8", errors="replace")
        lines = source.splitlines(keepends=True)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and len(ast.get_docstring(node) or "") > 60:
                begin, end = node.lineno - 1, node.end_lineno or node.lineno
                docstring = node.body[0].end_lineno or end
                out.append(("".join(lines[begin:docstring]), "".join(lines[begin:end])))
    return out


def library(folders: Iterable[str]) -> list[Path]:
    """Files of Python's own library, in these of its folders."""
    root = Path(sysconfig.get_paths()["stdlib"])
    return sorted(path for folder in folders for path in (root / folder).glob("*.py"))
