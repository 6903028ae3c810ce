"""Rows that no rule was tuned on: written by hand after the rules, scored once before any change.

The figures of that first run are the ones to quote. What the rows showed was then mended in
general, so that any later run says less: for new figures write new rows. Values are random, and
made anew for each seed.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from typing import NamedTuple

import blind_documents
import blind_entities
import blind_secrets
import fourth_documents
import fourth_entities
import fourth_secrets
import third_documents
import third_entities
import third_secrets
import unseen_documents
import unseen_entities
import unseen_secrets


class Hand(NamedTuple):
    """Rows of one writer, in the form of these modules."""

    documents: dict[str, str]
    secrets: str
    look_alikes: str
    templates: str


HANDS = {
    "first": Hand(
        unseen_documents.KINDS,
        unseen_secrets.SECRETS,
        unseen_secrets.LOOK_ALIKES,
        unseen_entities.TEMPLATES,
    ),
    "second": Hand(
        blind_documents.KINDS,
        blind_secrets.SECRETS,
        blind_secrets.LOOK_ALIKES,
        blind_entities.TEMPLATES,
    ),
    "third": Hand(
        third_documents.KINDS,
        third_secrets.SECRETS,
        third_secrets.LOOK_ALIKES,
        third_entities.TEMPLATES,
    ),
    "fourth": Hand(
        fourth_documents.KINDS,
        fourth_secrets.SECRETS,
        fourth_secrets.LOOK_ALIKES,
        fourth_entities.TEMPLATES,
    ),
}
"""Who wrote the rows: all but the first hand without sight of rules, code or most rows before."""

_ALPHABETS = {
    "b62": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "b64": string.ascii_letters + string.digits + "+/",
    "url": string.ascii_letters + string.digits + "-_",
    "up": "ABCDEFGHJKLMNPQRSTUVWXYZ23456789",
    "low": string.ascii_lowercase + string.digits,
    "num": string.digits,
    "abc": string.ascii_lowercase,
}
_CHOSEN = (
    "Winter-Tiger42", "kX9#mQ2!vLp", "Tr0ub4dor&3x", "s3cr3tSauce!", "Bl@ckbird77", "zebra_Lamp_19", "P!nkFl0yd73",
    "qW8$rT5%yU", "Gr33nH0use.2", "monkey!Bus88", "Hafen2024!x", "V1a-Appia-312", "tango77Foxtrot", "n0tMyD0g?!",
)  # fmt: skip
_ENTITY = re.compile(rf"\{{({'|'.join(unseen_entities.MAKE)}|SECRET)(?:=([^{{}}]*))?\}}")
_HOLE = re.compile(r"\{(?:(b62|hex|HEX|b64|url|up|low|num|abc):(\d+)|(pw)|(uuid))\}")


def _lines(block: str) -> Iterator[str]:
    for line in block.strip().splitlines():
        escaped = re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), line)
        yield escaped.replace("\\\\n", "\0").replace("\\n", "\n").replace("\0", "\\n")


def _filled(rng: random.Random, line: str) -> str:
    def value(hole: re.Match[str]) -> str:
        if hole[3]:
            return rng.choice(_CHOSEN)
        if hole[4]:
            digits = f"{rng.getrandbits(128):032x}"
            return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        return "".join(rng.choice(_ALPHABETS[hole[1]]) for _ in range(int(hole[2])))

    return _HOLE.sub(value, line)


def secrets(seed: int, hand: str = "first") -> Iterator[dict]:
    """Rows with ``text`` and ``label``: secret or none."""
    rng = random.Random(seed)
    for label, block in (("secret", HANDS[hand].secrets), ("none", HANDS[hand].look_alikes)):
        for line in _lines(block):
            yield {"text": _filled(rng, line), "label": label}


def entities(seed: int, times: int = 3, hand: str = "first") -> Iterator[dict]:
    """Rows with ``text`` and ``spans``, each template `times` times with other values."""
    rng = random.Random(seed)
    for line in _lines(HANDS[hand].templates):
        for _ in range(times):
            yield _spanned(rng, line)


def _spanned(rng: random.Random, line: str) -> dict:
    text, spans, at = "", [], 0
    for match in _ENTITY.finditer(line):
        text += line[at : match.start()]
        value = match[2] or unseen_entities.MAKE[match[1]](rng)
        spans.append({"type": match[1], "start": len(text), "end": len(text) + len(value)})
        text += value
        at = match.end()
    return {"text": text + line[at:], "spans": spans}


def documents(seed: int, hand: str = "first") -> Iterator[dict]:
    """Rows with ``text``, ``sensitive`` and ``kind``: what makes them so."""
    rng = random.Random(seed)
    for kind, block in HANDS[hand].documents.items():
        for line in _lines(block):
            text = _filled(rng, _spanned(rng, line)["text"])
            yield {"text": text, "sensitive": not kind.startswith("harmless"), "kind": kind}
