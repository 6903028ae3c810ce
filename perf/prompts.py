"""Prompts as people write them: no two alike, no word salad, the same for the same number.

Near-duplicates would make the cache's search and verifier work harder than traffic does, repeated
words would fill the classifier's memory, and salad is blocked. So a sentence is a frame with
words of one field of life, and a number always gives the same text.
"""

from __future__ import annotations

import random
from itertools import product

_FIELDS: dict[str, dict[str, list[str]]] = {
    "kitchen": {
        "thing": ["sourdough starter", "lentil soup", "cast iron pan", "apple cake", "pizza dough",
                  "tomato sauce", "pickled onions", "chicken stock", "rice cooker", "oat biscuits"],
        "doing": ["baking for twelve guests", "storing leftovers", "roasting vegetables",
                  "planning meals for a week", "kneading by hand", "cooking on a camping stove"],
        "trouble": ["turns out too salty", "sticks to the bottom", "never rises properly",
                    "tastes bitter after an hour", "falls apart while cooling", "smells sour"],
        "who": ["my grandmother", "a friend from culinary school", "our neighbours", "the baker"],
    },
    "garden": {
        "thing": ["rose bushes", "compost heap", "greenhouse", "vegetable beds", "lemon tree",
                  "lavender hedge", "tomato seedlings", "garden pond", "cherry tree", "lawn"],
        "doing": ["watering during a dry summer", "pruning in early spring", "mulching with straw",
                  "sowing beans", "moving plants indoors", "keeping snails away"],
        "trouble": ["drops its leaves", "is full of moss", "attracts wasps", "hardly grows",
                    "turns yellow at the edges", "dries out within days"],
        "who": ["the gardener", "my aunt", "people at the allotment", "the garden centre"],
    },
    "travel": {
        "thing": ["night train", "rental car", "hiking trail", "youth hostel", "ferry ticket",
                  "travel insurance", "bicycle route", "old town", "mountain hut", "airport bus"],
        "doing": ["crossing the border with a dog", "packing for three climates",
                  "travelling with small children", "changing trains late in the evening",
                  "camping near the coast", "visiting museums on a rainy day"],
        "trouble": ["is often booked out", "gets crowded in August", "was cancelled last winter",
                    "costs more than expected", "leaves before breakfast", "closes at noon"],
        "who": ["my travel companion", "the conductor", "a colleague from Lisbon", "our hosts"],
    },
    "office": {
        "thing": ["quarterly report", "meeting room", "expense form", "project plan", "newsletter",
                  "shared calendar", "onboarding guide", "customer survey", "budget sheet", "slide deck"],
        "doing": ["preparing a workshop", "summing up interviews", "writing minutes",
                  "handing over to a new colleague", "comparing suppliers", "planning holidays"],
        "trouble": ["is always out of date", "confuses new people", "takes two days to fill in",
                    "gets lost between departments", "contains the wrong figures", "is far too long"],
        "who": ["the finance team", "my manager", "two interns", "the sales department"],
    },
    "software": {
        "thing": ["unit tests", "database index", "log files", "build server", "login page",
                  "mobile app", "search function", "message queue", "spreadsheet macro", "web form"],
        "doing": ["moving to a newer version", "reading other people's code", "naming variables",
                  "measuring response times", "reviewing a large change", "cleaning up old branches"],
        "trouble": ["fails every other night", "slows down with many users", "uses too much memory",
                    "breaks on older phones", "shows an empty screen", "loses the last entry"],
        "who": ["our lead developer", "the testers", "a student", "the support desk"],
    },
    "health": {
        "thing": ["running shoes", "yoga class", "sleep diary", "standing desk", "swimming course",
                  "reading glasses", "heart rate monitor", "stretching routine", "hearing test", "first aid kit"],
        "doing": ["training for a half marathon", "sitting all day", "recovering from a cold",
                  "getting up before sunrise", "learning to swim as an adult", "walking to work"],
        "trouble": ["hurts after twenty minutes", "is hard to keep up", "makes me tired",
                    "does not fit my timetable", "feels uncomfortable", "shows strange values"],
        "who": ["the physiotherapist", "my trainer", "a nurse I know", "my sister"],
    },
    "school": {
        "thing": ["history essay", "chemistry experiment", "violin lesson", "reading list",
                  "school play", "geometry homework", "poster about volcanoes", "science fair",
                  "vocabulary cards", "debating club"],
        "doing": ["explaining fractions to a child", "revising for an oral exam", "citing old books",
                  "working in a group of five", "memorising dates", "presenting without notes"],
        "trouble": ["bores half of the class", "is due on Friday", "has no clear beginning",
                    "needs expensive material", "was misunderstood", "ends too suddenly"],
        "who": ["our teacher", "my younger brother", "the headmistress", "some classmates"],
    },
    "house": {
        "thing": ["washing machine", "wooden floor", "attic window", "heating system", "front door",
                  "bathroom tiles", "smoke detector", "bookshelf", "garage roof", "kitchen sink"],
        "doing": ["painting a damp wall", "moving to a smaller flat", "insulating the cellar",
                  "drilling into concrete", "removing old wallpaper", "hanging heavy pictures"],
        "trouble": ["makes a rattling noise", "leaks when it rains", "does not close any more",
                    "needs a new coat", "lets in the cold", "has stopped working"],
        "who": ["the landlord", "a plumber", "the former owners", "my flatmate"],
    },
    "music": {
        "thing": ["acoustic guitar", "jazz record", "church choir", "drum kit", "piano sonata",
                  "folk song", "string quartet", "concert hall", "old turntable", "brass band"],
        "doing": ["tuning by ear", "singing in a second voice", "recording at home",
                  "practising scales", "writing a melody", "playing in front of strangers"],
        "trouble": ["sounds dull", "is out of tune", "loses its rhythm", "hums when switched on",
                    "repeats itself too often", "drowns the singer"],
        "who": ["the conductor of our choir", "a street musician", "my piano teacher", "the band"],
    },
    "money": {
        "thing": ["savings account", "electricity bill", "tax return", "household budget",
                  "bicycle insurance", "rent increase", "student loan", "pension statement",
                  "bank transfer", "second-hand car"],
        "doing": ["saving for a wedding", "comparing tariffs", "sharing costs among friends",
                  "buying furniture on a budget", "sorting receipts", "lending to relatives"],
        "trouble": ["rose again this year", "arrived two weeks late", "is hard to understand",
                    "was charged twice", "pays hardly any interest", "runs out in spring"],
        "who": ["an adviser at the bank", "my parents", "the tax office", "our accountant"],
    },
}  # fmt: skip

_FRAMES = [
    "When it comes to {doing}, what should I know about the {thing} that {trouble}, and how much {effort} does it take to put it right?",
    "{Who} told me {when} that the {thing} {trouble}; could that be because of {doing}, or is there a more likely reason?",
    "Write a {tone} note to {who} about the {thing}, which {trouble}, and suggest {count} other ways of {doing} that we could try.",
    "Is it worth paying for another {thing} if the one we have {trouble}, given that we spend most of our {effort} on {doing}?",
    "Give me {count} {tone} tips for {doing} without the {thing}, since ours {trouble} and {who} cannot help before the weekend.",
    "Explain in {tone} words why the {thing} often {trouble}, and whether {doing} makes that better or worse in the long run.",
    "We have been busy with {doing} {since} and wonder how {who} would deal with the {thing} that {trouble} at the worst moment.",
    "What is the difference between the {thing} that {trouble} and one that simply needs some {effort}, especially when {doing}?",
    "Compare {count} options for {doing}: we could replace the {thing}, ask {who}, or accept that it {trouble} now and then.",
    "Draft a {tone} story in which {who} discovers {when} that the {thing} {trouble}, just as everybody else is {doing}.",
    "Why do so many people recommend the {thing} for {doing} when, as {who} noticed {when}, it {trouble} sooner or later?",
    "Summarise what {who} and I discussed {when}: the {thing} {trouble}, {doing} takes too much {effort}, and nobody has a plan.",
]
_SHARED = {
    "tone": ["friendly", "plain", "cheerful", "short", "careful", "polite", "formal", "funny", "warm"],
    "count": ["two", "three", "four", "five", "six", "several"],
    "when": ["last Tuesday", "in the spring", "over the holidays", "yesterday evening", "a month ago",
             "this morning", "before the move", "during the storm"],
    "since": ["since Monday", "for two years", "all winter", "since we moved", "for a fortnight"],
    "effort": ["time", "money", "patience", "attention", "energy", "work"],
}  # fmt: skip


def _subjects() -> list[tuple[str, str, str, str]]:
    """Every field's things, doings and troubles with each other, in an order that mixes them."""
    every = [
        (field, thing, doing, trouble)
        for field, words in _FIELDS.items()
        for thing, doing, trouble in product(words["thing"], words["doing"], words["trouble"])
    ]
    random.Random(7).shuffle(every)
    return every


_SUBJECTS = _subjects()


def sentence(number: int) -> str:
    """About thirty tokens, without the number. The subject comes back after 3,600, in other words."""
    pick = random.Random(f"sentence {number}")
    field, thing, doing, trouble = _SUBJECTS[number % len(_SUBJECTS)]
    words = {name: pick.choice(values) for name, values in _SHARED.items()}
    who = pick.choice(_FIELDS[field]["who"])
    frame = pick.choice(_FRAMES)
    return frame.format(
        **words, thing=thing, doing=doing, trouble=trouble, who=who, Who=who[0].upper() + who[1:]
    )


def prompt(number: int, characters: int) -> str:
    """One sentence, or as many as give about `characters` of them."""
    parts = [sentence(number)]
    size = len(parts[0])
    while size < characters:
        parts.append(sentence(1_000_003 * number + 37 * len(parts)))
        size += len(parts[-1]) + 1
    return " ".join(parts)
