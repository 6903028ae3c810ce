"""Pairs of questions that are made, not collected: same answer or not, and by what change.

A question is a frame around a concept. Two wordings of one frame and one
concept have the same answer; one change of number, name, place, date, negation, opposite,
order, condition, object or frame makes them two questions. `concepts.py` holds the words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from concepts import (
    ACTIONS,
    CONDITIONS,
    CREATIONS,
    NAMES,
    PLACES,
    QUALIFIERS,
    THINGS,
    TOPICS,
    WHYS,
    WORKS,
    concepts,
)  # fmt: skip

FRAMES: dict[str, tuple[str, ...]] = {
    "how": (
        "How do I {}?", "How can I {}?", "How to {}?", "how to {}", "What is the best way to {}?",
        "What's a good way to {}?", "What are the steps to {}?", "How should I {}?",
        "Can you tell me how to {}?", "I want to {}. How do I do that?", "Please explain how to {}.",
        "How would I go about it if I want to {}?", "What do I need to do to {}?",
        "Could you help me {}?", "I need to {}, what should I do?", "Tell me how I can {}",
        "What are some good ways to {}?", "Show me how to {}", "Is there a way to {}?",
        "I'd like to know how to {}.", "How does one {}?", "What can I do to {}?",
        "Guide me through the process: {}", "Any advice on how to {}?", "ways to {}",
        "Which steps do I have to take to {}?", "What's the process to {}?",
    ),
    "how long": (
        "How long does it take to {}?", "How much time does it take to {}?",
        "How much time do I need to {}?", "What is the time needed to {}?",
        "In what time can I {}?", "How long will it take me to {}?",
    ),
    "cost": (
        "How much does it cost to {}?", "What does it cost to {}?", "What is the cost to {}?",
        "How expensive is it to {}?", "What will I pay to {}?",
    ),
    "when": (
        "When should I {}?", "What is the best time to {}?", "When is the right time to {}?",
        "At what time should I {}?", "When is it best to {}?",
    ),
    "where": (
        "Where can I {}?", "Where do I {}?", "What is a good place to {}?", "Where should I {}?",
    ),
    "may": (
        "Am I allowed to {}?", "May I {}?", "Is it allowed to {}?", "Do I have the right to {}?",
    ),
    "why": (
        "Why should I {}?", "What is the reason to {}?", "What are good reasons to {}?",
        "For what reason should I {}?",
    ),
    "risk": (
        "What are the risks if I {}?", "What can go wrong when I {}?", "Is it risky to {}?",
        "What are the dangers if I {}?",
    ),
    "mistakes": (
        "What mistakes should I avoid when I {}?", "Which errors do people make when they {}?",
        "What are common mistakes when you {}?",
    ),
    "who": ("Who can help me {}?", "Who should I ask if I want to {}?", "Who do I contact to {}?"),
    "documents": (
        "Which documents do I need to {}?", "What paperwork is required to {}?",
        "What documents are needed to {}?",
    ),
}  # fmt: skip
THING_FRAMES: dict[str, tuple[str, ...]] = {
    "define": (
        "What is {}?", "What's {}?", "Explain {}.", "Can you explain what {} is?", "Define {}",
        "Tell me what {} is.", "What does {} mean?", "What do you mean by {}?",
        "What is the meaning of {}?", "Give me a definition of {}.", "I don't understand what {} is.",
        "Could you describe what {} is?",
    ),
    "works": ("How does {} work?", "Explain how {} works.", "What is the way {} works?",
              "Can you explain the working of {}?", "What's the mechanism behind {}?"),
    "pros": ("What are the advantages of {}?", "What are the benefits of {}?",
             "What are the pros of {}?", "What is good about {}?", "Why is {} beneficial?",
             "How can {} help me?"),
    "cons": ("What are the disadvantages of {}?", "What are the drawbacks of {}?",
             "What are the cons of {}?", "What is bad about {}?", "What are the downsides of {}?"),
    "example": ("Give me an example of {}.", "What is an example of {}?",
                "Can you show an example of {}?"),
    "history": ("What is the history of {}?", "How did {} come about?", "Who invented {}?"),
    "price": ("How much does {} cost?", "What is the price of {}?", "What does {} cost?",
              "What's the cost of {}?", "How expensive is {}?"),
    "types": ("What are the types of {}?", "Which kinds of {} are there?",
              "What different kinds of {} exist?"),
}  # fmt: skip
PLACE_FRAMES: dict[str, tuple[str, ...]] = {
    "weather": ("What is the weather in {}?", "How's the weather in {}?", "Tell me the weather in {}",
                "What's the weather like in {}?"),
    "people": ("How many people live in {}?", "What is the population of {}?",
               "What's {}'s population?", "How big is the population of {}?"),
    "see": ("What should I see in {}?", "What are the best places to visit in {}?",
            "Which sights are worth visiting in {}?", "What are must-see places in {}?"),
    "live": ("What is the cost of living in {}?", "How expensive is it to live in {}?",
             "How much does living in {} cost?"),
    "time": ("What time is it in {}?", "What is the current time in {}?",
             "What's the local time in {}?"),
    "food": ("What is the typical food in {}?", "What do people eat in {}?",
             "Which dishes are typical of {}?"),
    "capital": ("What is the capital of {}?", "Which city is the capital of {}?",
                "What's {}'s capital?", "Name the capital city of {}."),
    "move": ("How do I move to {}?", "How can I relocate to {}?", "What do I need to move to {}?"),
}  # fmt: skip
NAME_FRAMES: dict[str, tuple[str, ...]] = {
    "who": ("Who is {}?", "Tell me about {}", "What is {} known for?"),
    "founded": ("When was {} founded?", "In which year was {} founded?",
                "What year was {} established?"),
    "ceo": ("Who runs {}?", "Who is the CEO of {}?", "Who is the boss of {}?"),
    "install": ("How do I install {}?", "How can I set up {}?", "What are the steps to install {}?",
                "How to get {} installed?"),
    "good": ("Is {} any good?", "Is {} good?", "Would you say {} is good?"),
    "alternative": ("What are alternatives to {}?", "What can I use instead of {}?",
                    "Which tools are similar to {}?"),
    "author": ("Who wrote {}?", "Who is the author of {}?", "Who was {} written by?",
               "By whom was {} written?"),
}  # fmt: skip
TWO_FRAMES: dict[str, tuple[str, ...]] = {
    "difference": ("What is the difference between {0} and {1}?", "How do {0} and {1} differ?",
                   "How is {0} different from {1}?", "What distinguishes {0} from {1}?",
                   "{0} vs {1}: what is the difference?", "Compare {0} and {1}.",
                   "What's the difference between {1} and {0}?"),
    "better": ("Is {0} better than {1}?", "Does {0} beat {1}?", "Would you say {0} is better than {1}?"),
    "travel": ("How do I get from {0} to {1}?", "What is the best way from {0} to {1}?",
               "How can I travel from {0} to {1}?"),
    "convert": ("How do I migrate from {0} to {1}?", "What are the steps to switch from {0} to {1}?",
                "How can I move from {0} to {1}?"),
    "distance": ("How far is {0} from {1}?", "What is the distance between {0} and {1}?",
                 "How many miles is it from {0} to {1}?"),
}  # fmt: skip
SYMMETRIC = {"difference", "distance"}
NUMBER_FRAMES: dict[str, tuple[str, ...]] = {
    "refund": ("Can I get a refund within {0} days?", "Is a refund possible within {0} days?",
               "Am I able to get my money back within {0} days?"),
    "percent": ("What is {0} percent of {1}?", "How much is {0}% of {1}?", "Calculate {0}% of {1}"),
    "convert": ("How many kilometers are {0} miles?", "Convert {0} miles to kilometers.",
                "What is {0} miles in kilometers?"),
    "save": ("How do I save {0} dollars in {1} months?", "How can I put aside {0} dollars in {1} months?"),
    "list": ("List {0} ways to save energy.", "Give me {0} tips to save energy.",
             "Name {0} ways of saving energy."),
    "age": ("Can a {0} year old open an account?", "Is a {0} year old allowed to open an account?"),
    "version": ("How do I upgrade to version {0}?", "What are the steps to upgrade to version {0}?",
                "How can I update to version {0}?"),
    "year": ("What happened in {2}?", "What were the main events of {2}?",
             "Which events took place in {2}?"),
    "loan": ("What is the monthly rate for a loan of {0}000 euros?",
             "How much is the monthly rate of a {0}000 euro loan?"),
}  # fmt: skip
CREATE_FRAMES = (
    "Write {0} about {1}.", "Create {0} about {1}.", "Can you write {0} about {1}?",
    "Compose {0} on {1}", "I need {0} about {1}.", "Please draft {0} about {1}",
    "Could you produce {0} on the topic of {1}?", "Generate {0} on {1}.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, whether one answer serves both, and what was changed."""

    left: str
    right: str
    same: bool
    change: str
    domain: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was put together, so that it can be taken apart."""

    wordings: tuple[str, ...]
    """All ways to ask it."""
    domain: str


class Maker:
    """Pairs without end, from one seed. `domains` limits what they are about."""

    def __init__(self, seed: int, domains: Callable[[str], bool] = lambda _: True) -> None:
        self._random = random.Random(seed)
        keep = lambda lines: [c for c in concepts(lines) if domains(c[1])]  # noqa: E731
        self._actions = keep(ACTIONS)
        self._things = keep(THINGS)
        self._whys = keep(WHYS)
        self._creations = keep(CREATIONS)

    def pairs(self, count: int, kinds: dict[str, float]) -> Iterator[Pair]:
        """`kinds` weighs the methods below by name."""
        names, weights = list(kinds), list(kinds.values())
        made = 0
        while made < count:
            pair = getattr(self, f"_{self._random.choices(names, weights)[0]}")()
            if pair is not None and pair.left.lower() != pair.right.lower():
                made += 1
                yield self._polish(pair)

    # One question, asked in two ways

    def _same(self) -> Pair | None:
        asked = self._question()
        left, right = self._two(asked.wordings)
        return Pair(left, right, same=True, change="paraphrase", domain=asked.domain)

    def _same_modified(self) -> Pair | None:
        """The same condition on both sides."""
        wordings, domain = self._pick(self._actions)
        condition = self._random.choice(CONDITIONS)
        frame = self._random.choice(list(FRAMES))
        left, right = self._two(tuple(
            self._with(template.format(w), condition) for template in FRAMES[frame] for w in wordings
        ))  # fmt: skip
        return Pair(left, right, same=True, change="paraphrase", domain=domain)

    # One change that makes it another

    def _frame(self) -> Pair | None:
        """The same concept, another question about it."""
        if self._random.random() < 0.6:
            (wordings, domain), table = self._pick(self._actions), FRAMES
        else:
            (wordings, domain), table = self._pick(self._things), THING_FRAMES
        one, other = self._random.sample(list(table), 2)
        left = self._random.choice(table[one]).format(self._random.choice(wordings))
        right = self._random.choice(table[other]).format(self._random.choice(wordings))
        return Pair(left, right, same=False, change="question", domain=domain)

    def _concept(self) -> Pair | None:
        """The same frame around another concept, by preference of the same domain."""
        source, table = self._random.choice(
            [(self._actions, FRAMES), (self._actions, FRAMES), (self._things, THING_FRAMES)]
        )
        wordings, domain = self._pick(source)
        near = [c for c in source if c[1] == domain and c[0] != wordings]
        if self._random.random() < 0.5:
            words = set(wordings[0].split())
            near = [c for c in source if c[0] != wordings and words & set(c[0][0].split())] or near
        if not near:
            return None
        other = self._random.choice(near)[0]
        frame = self._random.choice(list(table))
        left = self._random.choice(table[frame]).format(self._random.choice(wordings))
        right = self._random.choice(table[frame]).format(self._random.choice(other))
        return Pair(left, right, same=False, change="object", domain=domain)

    def _condition(self) -> Pair | None:
        """One side has a condition, or another one."""
        asked = self._question(table=self._random.choice(("actions", "things", "whys")))
        left, right = self._pair_or_same(asked.wordings)
        condition = self._random.choice(CONDITIONS)
        right = self._with(right, condition)
        if self._random.random() < 0.3:
            left = self._with(left, self._random.choice([c for c in CONDITIONS if c != condition]))
        return Pair(*self._either(left, right), same=False, change="condition", domain=asked.domain)

    def _qualifier(self) -> Pair | None:
        """One side is about a special kind of the thing."""
        wordings, domain = self._pick(self._actions)
        changed = [w for w in (self._qualified(w) for w in wordings) if w is not None]
        if not changed:
            return None
        frame = self._random.choice(list(FRAMES))
        left = self._random.choice(FRAMES[frame]).format(self._random.choice(wordings))
        right = self._random.choice(FRAMES[frame]).format(self._random.choice(changed))
        return Pair(*self._either(left, right), same=False, change="condition", domain=domain)

    def _substitute(self) -> Pair | None:
        """One noun or verb of the concept is replaced by that of another."""
        wordings, domain = self._pick(self._actions)
        phrase = self._random.choice(wordings).split()
        donor = self._random.choice(self._random.choice(self._actions)[0]).split()
        at = 0 if self._random.random() < 0.5 else len(phrase) - 1
        word = donor[0] if at == 0 else donor[-1]
        known = " ".join(wordings).split()
        if word in known or len(phrase) < 2:
            return None
        changed = [*phrase[:at], word, *phrase[at + 1 :]]
        frame = self._random.choice(list(FRAMES))
        templates = FRAMES[frame]
        first = self._random.choice(templates)
        second = first if self._random.random() < 0.6 else self._random.choice(templates)
        left, right = first.format(" ".join(phrase)), second.format(" ".join(changed))
        return Pair(*self._either(left, right), same=False, change="object", domain=domain)

    def _place(self) -> Pair | None:
        return self._named(PLACE_FRAMES, PLACES, "place")

    def _name(self) -> Pair | None:
        frames = {k: v for k, v in NAME_FRAMES.items() if k != "author"}
        if self._random.random() < 0.15:
            return self._named({"author": NAME_FRAMES["author"]}, WORKS, "name")
        return self._named(frames, NAMES, "name")

    def _number(self) -> Pair | None:
        frame = self._random.choice(list(NUMBER_FRAMES))
        values = [self._random.choice((5, 7, 10, 12, 15, 18, 20, 24, 30, 45, 60, 90)) for _ in "ab"]
        values.append(self._random.randint(1950, 2025))
        changed = [v + self._random.choice((1, 2, 5, 10)) for v in values]
        left, right = self._pair_or_same(NUMBER_FRAMES[frame])
        left, right = left.format(*values), right.format(*changed)
        return Pair(left, right, same=False, change="number", domain="numbers")

    def _order(self) -> Pair | None:
        """Who does what to whom; for symmetric questions the order says nothing."""
        frame = self._random.choice(list(TWO_FRAMES))
        source = PLACES if frame in {"travel", "distance"} else NAMES
        one, other = self._random.sample(source, 2)
        if self._random.random() < 0.3 and frame in SYMMETRIC:
            items = [t[0][0] for t in self._things]
            if len(items) > 1:
                one, other = self._random.sample(items, 2)
        left, right = self._pair_or_same(TWO_FRAMES[frame])
        same = frame in SYMMETRIC
        return Pair(
            left.format(one, other), right.format(other, one), same=same,
            change="paraphrase" if same else "order", domain="pairs",
        )  # fmt: skip

    def _negation(self) -> Pair | None:
        wordings, domain = self._pick(self._actions)
        action = self._random.choice(wordings)
        yes, no = self._random.choice((
            ("Why should I {}?", "Why should I not {}?"), ("When should I {}?", "When shouldn't I {}?"),
            ("Is it a good idea to {}?", "Is it not a good idea to {}?"),
            ("What happens if I {}?", "What happens if I don't {}?"),
            ("What happens when I {}?", "What happens when I do not {}?"),
            ("Why can I {}?", "Why can't I {}?"), ("Who can {}?", "Who cannot {}?"),
            ("How do I {}?", "How do I {} without help?"), ("Do I need to {}?", "Don't I need to {}?"),
        ))  # fmt: skip
        return Pair(
            *self._either(yes.format(action), no.format(action)),
            same=False, change="negation", domain=domain,
        )  # fmt: skip

    def _opposite(self) -> Pair | None:
        one, other = self._random.choice((
            ("turn on", "turn off"), ("enable", "disable"), ("increase", "decrease"),
            ("install", "uninstall"), ("upload", "download"), ("lock", "unlock"),
            ("open", "close"), ("start", "stop"), ("import", "export"), ("raise", "lower"),
            ("add", "remove"), ("show", "hide"), ("mute", "unmute"), ("accept", "decline"),
            ("subscribe to", "unsubscribe from"), ("connect", "disconnect"), ("expand", "collapse"),
            ("encrypt", "decrypt"), ("attach", "detach"), ("join", "leave"), ("freeze", "unfreeze"),
        ))  # fmt: skip
        thing = self._random.choice((
            "the backup", "notifications", "my account", "the firewall", "dark mode", "the service",
            "a file", "the screen", "the newsletter", "the volume", "my card", "logging", "the group",
            "a meeting request", "the database", "automatic payments", "the heating", "the alarm",
        ))  # fmt: skip
        left, right = self._pair_or_same(FRAMES["how"])
        return Pair(
            left.format(f"{one} {thing}"), right.format(f"{other} {thing}"),
            same=False, change="opposite", domain="tech",
        )  # fmt: skip

    def _topic(self) -> Pair | None:
        """A text about something else."""
        if not self._creations:
            return None
        (wordings, domain), frame = self._pick(self._creations), CREATE_FRAMES
        one, other = self._random.sample(TOPICS, 2)
        left = self._random.choice(frame).format(self._random.choice(wordings), one)
        if self._random.random() < 0.5 and len(self._creations) > 1:
            others = [c for c in self._creations if c[0] != wordings]
            what = self._random.choice(self._random.choice(others)[0])
            right = self._random.choice(frame).format(what, one)
        else:
            right = self._random.choice(frame).format(self._random.choice(wordings), other)
        return Pair(left, right, same=False, change="object", domain=domain)

    # Pieces

    def _question(self, table: str | None = None) -> Asked:
        kind = (
            table
            or self._random.choices(
                ["actions", "things", "whys", "creations", "places", "names", "two"],
                [10, 5, 4, 2, 2, 2, 2],
            )[0]
        )
        if kind == "actions":
            wordings, domain = self._pick(self._actions)
            frame = FRAMES[
                "how" if self._random.random() < 0.5 else self._random.choice(list(FRAMES))
            ]
            return Asked(tuple(t.format(w) for t in frame for w in wordings), domain)
        if kind == "things":
            wordings, domain = self._pick(self._things)
            name = self._random.choice(list(THING_FRAMES))
            return Asked(tuple(t.format(w) for t in THING_FRAMES[name] for w in wordings), domain)
        if kind == "whys" and self._whys:
            return self._why()
        if kind == "creations" and self._creations:
            wordings, domain = self._pick(self._creations)
            topic = self._random.choice(TOPICS)
            return Asked(tuple(t.format(w, topic) for t in CREATE_FRAMES for w in wordings), domain)
        if kind == "two":
            frame = self._random.choice([f for f in TWO_FRAMES if f not in SYMMETRIC])
            one, other = self._random.sample(PLACES if frame == "travel" else NAMES, 2)
            return Asked(tuple(t.format(one, other) for t in TWO_FRAMES[frame]), "pairs")
        frames, names = (PLACE_FRAMES, PLACES) if kind == "places" else (NAME_FRAMES, NAMES)
        frame = self._random.choice([f for f in frames if f != "author"])
        name = self._random.choice(names)
        return Asked(tuple(t.format(name) for t in frames[frame]), kind)

    def _why(self) -> Asked:
        wordings, domain = self._pick(self._whys)
        asked = [f"{lead} {w}?" for w in wordings for lead in ("Why", "why exactly", "So why")]
        asked += [
            f"{lead} {_statement(w)}?" for w in wordings
            for lead in ("What is the reason that", "How come", "Can you explain why",
                         "Do you know why", "What's the reason why")
        ]  # fmt: skip
        return Asked(tuple(asked), domain)

    def _named(
        self, frames: dict[str, tuple[str, ...]], names: tuple[str, ...], change: str
    ) -> Pair | None:
        one, other = self._random.sample(names, 2)
        left, right = self._pair_or_same(frames[self._random.choice(list(frames))])
        left, right = left.format(one), right.format(other)
        if self._random.random() < 0.3:
            left, right = left.lower(), right.lower()
        return Pair(left, right, same=False, change=change, domain=f"{change}s")

    def _qualified(self, phrase: str) -> str | None:
        found = re.search(r"\b(a|an|my|the) (?=\w)", phrase)
        if found is None:
            return None
        word = self._random.choice(QUALIFIERS)
        article = found[1] if found[1] not in ("a", "an") else ("an" if word[0] in "aeiou" else "a")
        return f"{phrase[: found.start()]}{article} {word} {phrase[found.end() :]}"

    def _with(self, question: str, condition: str) -> str:
        mark = question[-1] if question[-1] in ".?" else ""
        body = question[:-1] if mark else question
        if self._random.random() < 0.15 and "." not in body:
            return f"{condition[0].upper()}{condition[1:]}, {body[0].lower()}{body[1:]}{mark}"
        return f"{body} {condition}{mark}"

    def _pick(self, source: list) -> tuple[tuple[str, ...], str]:  # type: ignore[type-arg]
        return self._random.choice(source)

    def _two(self, wordings: tuple[str, ...]) -> tuple[str, str]:
        return tuple(self._random.sample(wordings, 2))  # type: ignore[return-value]

    def _pair_or_same(self, wordings: tuple[str, ...]) -> tuple[str, str]:
        if self._random.random() < 0.5:
            return (self._random.choice(wordings),) * 2
        return self._two(wordings)

    def _either(self, left: str, right: str) -> tuple[str, str]:
        return (left, right) if self._random.random() < 0.5 else (right, left)

    def _polish(self, pair: Pair) -> Pair:
        """Some are typed carelessly."""
        return Pair(
            self._typed(pair.left), self._typed(pair.right), pair.same, pair.change, pair.domain
        )

    def _typed(self, text: str) -> str:
        chance = self._random.random()
        if chance < 0.1:
            return text.lower().rstrip("?.")
        if chance < 0.15:
            return (
                f"{self._random.choice(('Hi, ', 'Please: ', 'Hello! ', 'Quick question: '))}{text}"
            )
        if chance < 0.2:
            return f"{text} {self._random.choice(('Thanks!', 'Thank you.', 'Please help.'))}"
        return text


def _statement(question: str) -> str:
    """``is the sky blue`` → ``the sky is blue``; ``do cats purr`` → ``cats purr``."""
    verb, _, rest = question.partition(" ")
    if verb in {"do", "does", "did"}:
        return rest
    subject = re.match(r"(?:my|the|a)? ?\w+(?= )", rest)
    if subject is None:
        return rest
    return f"{subject[0]} {verb}{rest[subject.end() :]}"


KINDS = {
    "same": 46, "same_modified": 8, "frame": 9, "concept": 9, "condition": 9, "qualifier": 5,
    "substitute": 9, "place": 3, "name": 3, "number": 3, "order": 4, "negation": 3, "opposite": 3,
    "topic": 2,
}  # fmt: skip
"""How often each kind of pair is made for training."""
