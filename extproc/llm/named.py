"""A value of the caller's own data, read with the name it stands under.

The arguments of a call are one text in OpenAI's dialect, ``{"ssn": "536904399"}``,
and objects in Anthropic's: there the value alone says nothing.
"""

from __future__ import annotations

from extproc.llm.vocabulary import FREE, TEXT_KEYS
from extproc.verdict import Keys

LONGEST = 256
"""Characters of a value; a longer one speaks for itself."""
LONGEST_NAME = 64


def spoken_name(text: str, keys: Keys) -> str:
    """What JSON has before `text`, where that is a short value under a name of the caller's; else empty.

    `keys`: its place in the document.
    """
    name = next((key for key in reversed(keys) if isinstance(key, str)), "")
    if len(text) > LONGEST or not 0 < len(name) <= LONGEST_NAME or FREE.isdisjoint(keys):
        return ""
    return "" if name in TEXT_KEYS or name in FREE else f'"{name}": "'
