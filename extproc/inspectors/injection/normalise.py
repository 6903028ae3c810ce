"""Text as a model would read it: one spelling, nothing invisible, escapes resolved.

Every character of the result remembers where it came from, so that findings
can name places in the text as it was sent.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extproc.decoding import DEPTH, ESCAPES, resolved


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text."""

    text: str
    size: int
    """Length of the original, code points."""
    origin: Sequence[int] | None = None
    """For every character, and for the end, where it came from; ``None`` when nothing moved."""

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original that became ``text[start:end]``."""
        if self.origin is None:
            return start, end
        return self.origin[start], max(self.origin[end], self.origin[start])


def fold(text: str) -> View:
    """The text in one plain spelling.

    NFKC without accents; zero-width, bidi and tag characters, HTML entities,
    URL and backslash escapes resolved to `DEPTH` layers; look-alike letters of
    Cyrillic, Greek, Armenian and Cherokee in Latin words; long rows of one sign shortened to three.
    """
    view = View(text, len(text))
    for _ in range(DEPTH):
        if _ODD.search(view.text) is None:
            break
        folded = _pass(view)
        if folded.text == view.text:
            break
        view = folded
    unmasked = _unmask(view.text)
    return view if unmasked is view.text else View(unmasked, view.size, view.origin)


_ODD = re.compile(ESCAPES + r"|(?P<row>([^\w\s])\5{3,})|(?P<foreign>[^\x00-\x7f]+)")


def _pass(view: View) -> View:
    """One layer off. Characters that became one keep the place of the first of them."""
    parts: list[str] = []
    origin = array("I")
    places = view.origin if view.origin is not None else range(view.size + 1)
    at = 0
    for match in _ODD.finditer(view.text):
        start, end = match.span()
        parts.append(view.text[at:start])
        origin.extend(places[at:start])
        if match.lastgroup == "foreign":
            for place in range(start, end):
                simple = _simple(view.text[place])
                parts.append(simple)
                origin.extend([places[place]] * len(simple))
        else:
            row = match.lastgroup == "row"
            plain = match.group()[:3] if row else resolved[match.lastgroup or ""](match.group())
            parts.append(plain)
            origin.extend([places[start]] * len(plain))
        at = end
    parts.append(view.text[at:])
    origin.extend(places[at:])
    return View("".join(parts), view.size, origin)


@lru_cache(65_536)
def _simple(char: str) -> str:
    code = ord(char)
    if 0xE0020 <= code <= 0xE007E:  # tags: ASCII that no screen shows and every model reads
        return chr(code - 0xE0000)
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:  # variation selectors
        return ""
    if (letter := _LETTERS.get(char) or _LETTERS.get(char.lower())) is not None:
        return letter
    category = unicodedata.category(char)
    if category == "Cf" or code in _BLANK:
        return ""
    if category == "Cs":
        return "\ufffd"
    if category in {"Zl", "Zp"} or code == 0x85:
        return "\n"
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not "\u0300" <= part <= "\u036f")


_LETTERS = {
    **{chr(0x1F1E6 + i): chr(97 + i) for i in range(26)},  # regional indicators
    **{chr(0x1F150 + i): chr(97 + i) for i in range(26)},  # white on black, round
    **{chr(0x1F170 + i): chr(97 + i) for i in range(26)},  # and square
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
    **dict(zip("ɑɓɗɛɠɦıɩɭłɱɲŋøɔƥʂƭʋʏʐɡ", "abdeghiillmnnoopstvyzg", strict=True)),
}
"""Signs that stand for Latin letters and that no normal form resolves."""

_BLANK = frozenset({0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800})
"""Letters that look like nothing."""

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝӏкмтвнАВЕЅКМНОРСТУХІЈԌԚԜαεορυχικντγΑΒΕΖΗΙΚΜΝΟΡΤΥΧտոսցհօզքԼլᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᎽᏃ",
    "aeopcyxijsdhqwlkmtbhABESKMHOPCTYXIJGQWaeopuxikvtyABEZHIKMNOPTYXunughoqpLlABCDEGHiJKLMPRSTVWYZ",
)
_LOOKALIKES |= {ord(chr(c).lower()): v for c, v in _LOOKALIKES.items() if 0x13A0 <= c <= 0x13F5}
_MASKED = re.compile(r"\w*[\u0370-\u0586\u13a0-\u13f5\uab70-\uabbf]\w*")
_FOREIGN = re.compile(r"[\u0370-\u0586\u13a0-\u13f5\uab70-\uabbf]")


def _unmask(text: str) -> str:
    """Latin words out of their look-alikes; words of Russian or Greek stay as they are.

    A word is masked when it mixes alphabets, or when no letter of the text is
    of another alphabet for certain.
    """
    if _FOREIGN.search(text) is None:
        return text
    letters = _FOREIGN.findall(text)
    pretended = all(ord(letter) in _LOOKALIKES for letter in letters)

    def latin(match: re.Match[str]) -> str:
        word = match.group()
        mixed = any(c.isascii() and c.isalpha() for c in word)
        return word.translate(_LOOKALIKES) if mixed or pretended else word

    return _MASKED.sub(latin, text)
