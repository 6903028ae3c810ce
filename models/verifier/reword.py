"""The same question put in another way, or carelessly."""

from __future__ import annotations

import random

_LEADS = (
    ("how do i ", ("how can i ", "how should i ", "what's the best way to ", "how to ",
                   "what is the way to ", "what do i have to do to ", "tell me how to ",
                   "can you tell me how to ", "i want to know how to ", "show me how i can ")),
    ("how can i ", ("how do i ", "how would i ", "how to ", "what steps do i take to ",
                    "please explain how to ", "is there a way to ")),
    ("what is ", ("what's ", "tell me ", "can you tell me ", "i want to know ", "do you know ",
                  "give me ", "i'd like to know ")),
    ("what's ", ("what is ", "tell me ", "could you tell me ", "please tell me ")),
    ("what are ", ("tell me ", "which are ", "list ", "can you tell me ")),
    ("can you ", ("could you ", "would you ", "please ", "i want you to ", "i need you to ", "")),
    ("could you ", ("can you ", "please ", "")),
    ("please ", ("can you ", "could you please ", "")),
    ("why is ", ("how come ", "what is the reason why ", "do you know why ")),
    ("why ", ("how come ", "tell me why ", "do you know why ", "for what reason ")),
    ("can i ", ("am i able to ", "is it possible to ", "may i ", "could i ", "am i allowed to ")),
    ("i need to ", ("i want to ", "i have to ", "i'd like to ", "help me ", "i must ")),
    ("i want to ", ("i'd like to ", "i need to ", "help me ", "i wish to ")),
    ("i would like to ", ("i want to ", "i'd like to ", "i need to ")),
    ("tell me ", ("can you tell me ", "i want to know ", "please tell me ", "let me know ")),
    ("how much ", ("tell me how much ", "can you say how much ")),
    ("how many ", ("tell me how many ", "do you know how many ")),
    ("where can i ", ("where do i ", "where should i ", "what is a place to ", "tell me where to ")),
    ("when ", ("tell me when ", "do you know when ")),
    ("will ", ("can you tell me if ", "tell me whether ")),
    ("my ", ("i think my ", "it seems my ", "hello, my ")),
)  # fmt: skip
_SWAPS = (
    ("purchase", "buy"), ("buy", "purchase"), ("need", "require"), ("begin", "start"),
    ("start", "begin"), ("fix", "repair"), ("repair", "fix"), ("locate", "find"), ("find", "locate"),
    ("delete", "erase"), ("remove", "delete"), ("get", "obtain"), ("make", "create"),
    ("change", "modify"), ("check", "verify"), ("choose", "select"), ("cancel", "call off"),
    ("big", "large"), ("quick", "fast"), ("quickly", "fast"), ("phone", "telephone"),
    ("car", "automobile"), ("movie", "film"), ("picture", "photo"), ("kids", "children"),
    ("doctor", "physician"), ("job", "position"), ("money", "cash"), ("trip", "journey"),
    ("salary", "pay"), ("store", "shop"), ("vacation", "holiday"), ("apartment", "flat"),
    ("error", "mistake"), ("wrong", "incorrect"), ("show me", "display"), ("help", "assist"),
    ("often", "frequently"), ("allowed", "permitted"), ("happen", "occur"), ("send", "mail"),
    ("increase", "raise"), ("decrease", "reduce"), ("lower", "reduce"), ("reset", "set again"),
    ("stolen", "taken by a thief"), ("works", "functions"), ("broken", "not working"),
    ("price", "cost"), ("amount", "quantity"), ("meaning", "sense"), ("company", "firm"),
)  # fmt: skip


def reworded(text: str, chance: random.Random) -> str:
    """The same question with another beginning, another synonym or another manner."""
    lower = text.lower()
    for lead, others in _LEADS:
        if lower.startswith(lead):
            text = chance.choice(others) + lower[len(lead) :]
            break
    if chance.random() < 0.5:
        words = text.split()
        usable = [(a, b) for a, b in _SWAPS if a in words]
        if usable:
            old, new = chance.choice(usable)
            text = " ".join(new if word == old else word for word in words)
    draw = chance.random()
    if draw < 0.15:
        text = f"{chance.choice(('please', 'hi,', 'hey,', 'quick question:', 'so'))} {text}"
    elif draw < 0.3:
        text = f"{text.rstrip('?.')} {chance.choice(('please', 'thanks', '?', 'thank you!'))}"
    elif draw < 0.4:
        text = text.replace(" is ", "'s ", 1) if " is " in text else text
    return text


def careless(text: str, chance: random.Random) -> str:
    """Often as it was; else without its marks, an article or with a slip of the keys."""
    draw = chance.random()
    if draw < 0.15:
        return text.rstrip("?.!")
    if draw < 0.25:
        return text.replace(" the ", " ", 1).replace(" a ", " ", 1)
    long = [word for word in text.split() if word.isalpha() and word.islower() and len(word) > 6]
    if draw < 0.35 and long:
        word = chance.choice(long)
        at = chance.randrange(1, len(word) - 2)
        return text.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)
    return text
