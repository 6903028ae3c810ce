"""Files that ship with the code: model artefacts and default policies."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_PACKAGED = _PACKAGE / "_resources"
_CHECKOUT = _PACKAGE.parent


def path(name: str) -> Path:
    """The file or folder `name`, such as ``models/encoder``.

    An installed wheel carries it in `_resources`; a checkout has it at its top.
    Raises `FileNotFoundError` naming `name` when neither does.
    """
    for root in (_PACKAGED, _CHECKOUT):
        found = root / name
        if found.exists():
            return found
    raise FileNotFoundError(f"{name} is neither packaged nor in the checkout")
