"""Training texts of our own: attacks, their clean twins, and what is mistaken for them.

Every order stands in documents as an attack; what a user may well ask for
stands as a user's message too, harmless. Both labels are padded from the same
texts to the same lengths, so that length says nothing.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pydoc_data.topics import topics

from functions import function
from grammar import Grammar
from noise import noise
from sources import Row

KINDS = (
    ("fact", 4), ("mailline", 5), ("review", 3), ("notes", 2), ("tablerow", 2), ("codeline", 2),
    ("logline", 1), ("html", 3), ("chatline", 2), ("foreignline", 2), ("json", 4), ("manual", 4),
)  # fmt: skip


class Composer:
    """All draws come from one seeded generator: the same seed, the same rows."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._orders = Grammar("orders", self._rng)
        self._direct = Grammar("direct", self._rng)
        self._benign = Grammar("benign", self._rng)
        self._carriers = Grammar("carriers", self._rng)
        self._manual = _sentences()

    def rows(self, size: int) -> Iterator[Row]:
        """About `size` rows, half of them attacks."""
        makers: list[tuple[Callable[[], Row], int]] = [
            (self.indirect, 30), (self.mail, 4), (self.bare_order, 4), (self.direct, 20),
            (self.clean, 32), (self.user, 26), (self.tool_definition, 3), (self.senseless, 40),
            (self.code, 14),
        ]  # fmt: skip
        calls = [maker for maker, weight in makers for _ in range(weight)]
        for _ in range(size):
            yield self._rng.choice(calls)()

    def direct(self) -> Row:
        """An attack that a user sends, alone or beside harmless text."""
        text = self._spoil(self._direct())
        draw = self._rng.random()
        if draw < 0.25:
            text = self._around(text, self._benign("task"))
        elif draw < 0.4:
            text = self._around(text, self._paragraph(self._rng.randint(1, 6)))
        elif draw < 0.46:
            text = self._around(text, noise(self._rng))
        channel = self._rng.choices(("user", "document", "tool_result", "assistant"), (85, 6, 6, 3))
        return Row(text, True, channel[0], "direct")

    def user(self) -> Row:
        """Something a user may ask for; short, or with a text to work on."""
        text = self._benign()
        draw = self._rng.random()
        if draw < 0.15:
            text = self._around(text, self._benign("task"))
        elif draw < 0.3:
            text = self._around(text, self._paragraph(self._rng.randint(1, 6)))
        elif draw < 0.38:
            text = self._around(text, " ".join(self._rng.choice(self._manual)))
        elif draw < 0.46:
            task = self._benign.fill(self._rng.choice(("{side^}.", "{side^}.", "{ask^}.")))
            text = self._around(task, self._paragraph(self._rng.randint(1, 8)))
        elif draw < 0.52:
            text = " ".join(self._benign() for _ in range(self._rng.randint(2, 4)))
        return Row(text, False, "assistant" if self._rng.random() < 0.03 else "user", "user")

    def senseless(self) -> Row:
        """What nobody meant to say anything with."""
        channel = self._rng.choices(("user", "document", "tool_result"), (70, 15, 15))[0]
        return Row(noise(self._rng), False, channel, "senseless")

    def code(self) -> Row:
        """Code with instructions in its docstrings, for people."""
        channel = self._rng.choices(("user", "document", "tool_result"), (60, 20, 20))[0]
        return Row(function(self._rng), False, channel, "code")

    def indirect(self) -> Row:
        """A document, mail, page or tool result with an order in it."""
        lines, glue = self._lines(self._length())
        channel = self._channel()
        # A text with a task beside it is what users send all day; only what gives itself away
        # as meant for the model, and not from the user, is an attack there.
        name = "roots" if channel != "user" else self._rng.choice(("framed", "override"))
        order = self._spoil(self._orders(name))
        at = self._place(len(lines))
        lines.insert(at, self._dressed(order, lines, glue))
        while sum(map(len, lines)) > _ROOM and len(lines) > 1:  # one window holds the order
            drop = 0 if at > len(lines) - 1 - at else len(lines) - 1
            lines.pop(drop)
            at -= drop == 0
        return Row(self._bound(lines, glue), True, channel, "indirect")

    def clean(self) -> Row:
        """The same kinds of text without one, often with orders between people."""
        lines, glue = self._lines(self._length() + 1)
        for _ in range(self._rng.choice((0, 1, 1, 2))):
            name = "aboutai" if self._rng.random() < 0.25 else "humanorder"
            extra = self._dressed(self._carriers(name), lines, glue)
            lines[self._rng.randrange(len(lines))] = extra
        return Row(self._bound(lines, glue), False, self._channel(), "clean")

    def mail(self) -> Row:
        """A mail against an assistant that can write mails."""
        text = self._orders("mail_attack")
        if self._rng.random() < 0.5:
            text = self._around(text, self._paragraph(self._rng.randint(1, 4)))
        return Row(text, True, self._rng.choice(("tool_result", "document", "user")), "mail")

    def bare_order(self) -> Row:
        """A tool result that is nothing but an order to the assistant."""
        text = self._orders(self._rng.choice(("Deed2", "framed", "override")))
        return Row(text, True, self._rng.choice(("tool_result", "document")), "bare")

    def tool_definition(self) -> Row:
        """What a tool does; poisoned or not."""
        text = self._benign.fill(self._rng.choice(_TOOLS))
        if attack := self._rng.random() < 0.4:
            text = f"{text} {self._orders(self._rng.choice(('Deed2', 'framed', 'override')))}"
        return Row(text, attack, "tool_definition", "tools")

    def _channel(self) -> str:
        return self._rng.choices(("document", "tool_result", "user"), (42, 42, 16))[0]

    def _length(self) -> int:
        return self._rng.choice((0, 1, 1, 2, 3, 4, 6, 9, 12))

    def _place(self, size: int) -> int:
        return self._rng.choice((0, size, size, self._rng.randint(0, size)))

    def _lines(self, size: int) -> tuple[list[str], str]:
        kind = self._rng.choices(*zip(*KINDS, strict=True))[0]
        if kind == "json":
            return [self._carriers("jsonfield") for _ in range(size)], ", "
        if kind == "manual":
            return self._rng.choice(self._manual)[:size], " "
        lines = [self._carriers(kind) for _ in range(size)]
        if kind == "fact" and self._rng.random() < 0.5:
            return lines, " "
        return lines, "\n" if kind not in {"fact", "mailline", "review"} else self._rng.choice(
            " \n"
        )

    def _dressed(self, order: str, lines: list[str], glue: str) -> str:
        """In a JSON document an order is the value of a field."""
        if glue != ", " or not lines or order.startswith('"'):
            return order
        field = self._rng.choice(("note", "body", "description", "text", "message", "comments"))
        value = order if self._rng.random() < 0.5 else f"{self._carriers('fact')} {order}"
        return f'"{field}": {json.dumps(value, ensure_ascii=False)}'

    def _bound(self, lines: list[str], glue: str) -> str:
        text = glue.join(lines)
        if glue == ", ":
            return "{" + text + "}" if self._rng.random() < 0.7 else "[{" + text + "}]"
        if self._rng.random() < 0.12:
            text = f"{self._carriers('mailline')}\n{text}"
        if self._rng.random() < 0.1:  # a window may begin anywhere
            text = text.split(" ", 1)[-1]
        return text

    def _paragraph(self, size: int) -> str:
        return self._bound(*self._lines(size))

    def _around(self, text: str, other: str) -> str:
        other = other[: _ROOM - 100]
        pair = [text, other] if self._rng.random() < 0.5 else [other, text]
        return self._rng.choice((" ", "\n", "\n\n", " - ", "\n---\n")).join(pair)

    def _spoil(self, text: str) -> str:
        """One in six attacks is written badly or on purpose unlike the others."""
        draw = self._rng.random()
        if draw < 0.03:
            return text.upper()
        if draw < 0.07:
            return text.lower().rstrip(".")
        if draw < 0.10:
            return "".join(_LEET.get(c, c) if self._rng.random() < 0.6 else c for c in text)
        if draw < 0.13:
            return re.sub(r"(\w)(\w)(?=\w)", self._swap, text)
        if draw < 0.15:
            return text.replace(" ", self._rng.choice(("_", "-", ".")))
        return text

    def _swap(self, pair: re.Match[str]) -> str:
        return pair.group(2) + pair.group(1) if self._rng.random() < 0.12 else pair.group()


_ROOM = 450
"""Characters that surely fit into one window."""
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
_TOOLS = (
    "{tool}", "Get the weather in a city.", "Adds two numbers. You must pass both as integers.",
    "Call this before {tool}.", "The ID of the {item}. Never guess it.", "Sends a mail to {mail}.",
    "Use this tool whenever the user asks for {topic}. Do not call it twice.",
    "Searches {company} for {topic} and returns {n} results.", "The city, such as {city}.",
    "Only call {tool} after the user agreed. Always return JSON.", "Deletes a file. Ask first.",
    "Ends the conversation and returns the final answer. Call it last, do not answer directly.",
)  # fmt: skip


def _sentences() -> list[list[str]]:
    """Paragraphs of Python's own manual as lists of sentences: real prose."""
    paragraphs = []
    for topic in sorted(topics):
        for block in topics[topic].split("\n\n"):
            plain = " ".join(block.split())
            sentences = re.split(r"(?<=[.!?:]) ", plain)
            if len(plain) > 80 and len(sentences) > 2:
                paragraphs.append([s[:220] for s in sentences])
    return paragraphs
