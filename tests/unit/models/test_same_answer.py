"""The shipped verifier: every rule by example, on both orders of a pair, and the comparer's frame."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from extproc import resources
from extproc.models.embedder import Embedding, OnnxEmbedder, Tokens
from extproc.models.same_answer.comparer import packed, unit
from extproc.models.same_answer.presets import PRESETS
from extproc.models.same_answer.rules import DOUBTS
from extproc.models.same_answer.verifier import FILES, Asked, Verifier, VerifierError
from extproc.models.workers import Workers
from tests.networks import encoder

FOLDER = resources.path("models/verifier")

CONFLICTS = {
    "number": [
        ("Can I get a refund within 30 days?", "Can I get a refund within 60 days?"),
        ("Name two cities.", "Name three cities."),
        ("Sum up the report.", "Sum up the report in one sentence."),
        ("Can I return it within 60 days?", "Can I return it in 63 days of the 60 days?"),
        ("Name cities.", "Name three cities."),
        ("What is -5 plus 2?", "What is 5 plus 2?"),
        ("What is a 30yr loan?", "What is a 15yr loan?"),
        ("Can I do it twice?", "Can I do it once?"),
        ("How many wives had Henry VIII?", "How many wives had Henry VII?"),
        ("Merge three lists.", "Merge two lists."),
        ("Merge three lists.", "Merge lists."),
        ("Does the second monitor work?", "Does the third monitor work?"),
        ("I have 2 cats. Are plants safe?", "Are plants safe?"),
    ],
    "amount": [
        ("How much is 10 km in miles?", "How much is 10 kg in miles?"),
        ("Is 5% a lot?", "Is 5 a lot?"),
        ("Is $5 a lot?", "Is €5 a lot?"),
        ("Is 5l a lot?", "Is 5g a lot?"),
        ("Can I wait 30 minutes?", "Can I wait 30 hours?"),
        ("Is half an hour enough?", "Is an hour enough?"),
        ("Is an hour enough?", "Is a day enough?"),
        ("My baby is 6 months old, why?", "My baby is 6 years old, why?"),
        ("What is the second largest city?", "What is the largest city?"),
    ],
    "unit": [
        ("How many days off do I get?", "How many weeks off do I get?"),
        (
            "The shortest day of her year is in June. Is it?",
            "The shortest year of hers is in June. Is it?",
        ),
        ("What is the fee per week?", "What is the fee per month?"),
        ("How many days does it take?", "How many weeks does it take?"),
        ("What is the daily limit?", "What is the limit?"),
        ("In what year per month was it?", "When was it?"),
        ("What does a year cost?", "What does it cost?"),
    ],
    "date": [
        ("Are you open on Monday?", "Are you open on Tuesday?"),
        ("What is due today?", "What is due tomorrow?"),
        ("What happened in May, 3?", "What happened in June, 3?"),
        ("Is it dark in summer (July)?", "Is it dark in winter (July)?"),
        ("Exam tomorrow. What is a base?", "Exam yesterday. What is a base?"),
        ("Why is it pending since today?", "Why is it pending?"),
    ],
    "name": [
        (
            "Did Brazil beat Germany in 2002?",
            "Is it true that Brazil won against Brazil in the final of 2002?",
        ),
        ("What is the capital of France?", "What is the capital of Germany?"),
        ("what is the capital of france", "what is the capital of germany"),
        ("How do I install Docker?", "How do I install Jenkins?"),
        ("Who is Anna?", "Who is Peter?"),
        ("東京の天気", "大阪の天気"),
        ("Is it raining in Bergen?", "Is it raining in Bremen?"),
        ("how do i install postgres", "how do i install postgrex"),
        ("What is Prozac?", "What is Prosac?"),
        ("Where is the difrence engine?", "Where is the engine?"),
        ("Who governs Austria?", "Who is the Australian government?"),
        ("what is a celebrex", "what is a celebrity"),
        ("what is cetein", "what is certain"),
        ("what is prednisoln", "what is a predator"),
        ("what alerts are there for paris", "what alerts are there for berlin"),
        ("Is aspirin safe?", "Is ibuprofen safe?"),
        ("What is the population of the US?", "What is the population of South America?"),
        ("Do US citizens need a visa?", "Do EU citizens need a visa?"),
        ("How much cash can I get at an ATM?", "How much cash can I get at a Tesco?"),
        (
            "How long is a quarter in the NBA?",
            "How long is a quarter in the National Football League?",
        ),
        ("What is the molar mass of NaCl?", "What is the molar mass of KCl?"),
        ("How do I see my pods in Kubernetes?", "How do I see my pods in Nomad?"),
        (
            "Is it far from Rome to Oslo or from Rome to Bonn?",
            "Is it far from Oslo to Rome or from Oslo to Bonn?",
        ),
    ],
    "sign": [
        ("What does a > b do?", "What does a < b do?"),
        ("Explain a == b in JS", "Explain a = b in JS"),
        ("what is x + y", "what is x - y"),
        ("what is x - 5", "what is x 5"),
        ("what is 7 - x", "what is 7 x"),
        ("what is (n) - b", "what is (n) b"),
        ("दिन में क्या करना", "दान में क्या करना"),
    ],
    "language": [
        ("¿Cómo hago café con azúcar en casa?", "¿Cómo hago café sin azúcar en casa?"),
        ("Ich möchte mit dir in München essen", "Ich möchte in München mit dir essen"),
    ],
    "negation": [
        ("Can I log in?", "Can't I log in?"),
        ("Which plans are supported?", "Which plans are not supported?"),
        ("Foods with sugar", "Foods without sugar"),
        ("Is it paid or not paid?", "Is it paid?"),
        ("Is there no or little rain?", "Is there little rain?"),
        ("Why was it declined?", "Why was it not declined?"),
        ("Why was it turned down?", "Why was it not rejected?"),
        ("my shoes dont fit", "my shoes fit"),
        ("Is it valid no longer?", "Is it valid?"),
        ("Which foods should I not eat?", "Which foods should I not avoid?"),
        ("Why did it not go through?", "Why was it not declined?"),
        ("Give me bread without gluten.", "Give me not gluten-free bread."),
        ("Give me gluten-free bread.", "Give me bread with gluten."),
        ("It has not arrived but says paid, why?", "It has arrived but does not say paid, why?"),
        ("My visa was refused. Can I appeal?", "My visa was not refused. Can I appeal?"),
        ("I never got it. Can I complain?", "I got it. Can I complain?"),
        ("Why does ice float?", "Why does ice not float?"),
    ],
    "opposite": [
        ("Turn on the backup job.", "Turn off the backup job."),
        ("How do I enable logging?", "How do I disable logging?"),
        ("What are the advantages?", "What are the disadvantages?"),
        ("Do women like men?", "Do women like women?"),
        ("Is the sofa in stock?", "Is the sofa out of stock?"),
        ("How do I turn the alarm on?", "How do I turn the alarm off?"),
        ("Are they the same?", "Do they differ?"),
    ],
    "degree": [
        ("Which is cheaper?", "Which is cheapest?"),
        ("What is the best phone?", "What is a better phone?"),
        ("What is the best and cheapest phone?", "What is a good phone?"),
        ("What is a good phone?", "What is the worst phone?"),
        ("Can you recommend a cheap phone?", "What is the cheapest phone?"),
        ("Tell me more expensive ones.", "Tell me expensive ones."),
        ("Name a phone under $300.", "Name a phone over $300."),
        ("Match exactly four digits.", "Match at least four digits."),
        ("Match at most four digits.", "Match at least four digits."),
    ],
    "question word": [
        ("When does it open?", "Where does it open?"),
        ("How long is it?", "How far is it?"),
        ("Is Sanskrit old?", "Why is Sanskrit old?"),
        ("Where do I store onions?", "How do I store onions?"),
    ],
    "person": [
        ("How do I reset my password?", "How do I reset your password?"),
        ("How do I reset my password?", "How do I reset her password?"),
    ],
    "condition": [
        ("Where do I eat?", "Where do I eat during work?"),
        ("Where do I eat at night?", "Where do I eat during a night shift after work?"),
    ],
    "order": [
        ("Is diesel in a petrol car and truck bad?", "Is petrol in a diesel car and truck bad?"),
        ("Convert PDF to HTML", "Convert HTML to PDF"),
        ("Why do dogs chase cats?", "Why do cats chase dogs?"),
        ("Can I fly to a small town?", "Can I fly from a small town?"),
        ("Is Messi better than Ronaldo?", "Is Ronaldo better than Messi?"),
        ("Did Anna sue Peter for damages in Java?", "Has Peter sued Anna for damages in Java?"),
        ("Is Redis made for Django?", "Is Django made for Redis?"),
        (
            "Do US citizens need a visa for Vietnam?",
            "Do Vietnamese citizens need a visa for the US?",
        ),
        ("Book a table for four at seven.", "I want a table for seven at four."),
        ("How should I ask my boss for a day off?", "How should my boss ask me for a day off?"),
    ],
}
AGREE = [
    ("How do I delete my account?", "How do you delete your account?"),
    ("What is the daily limit?", "What is the limit per day?"),
    ("List two ways to cook rice.", "List 2 ways to cook rice"),
    ("What is the difference between Java and Rust?", "How do Rust and Java differ?"),
    ("How do I sort a list in Python?", "In Python, how do I sort a list?"),
    ("What is the best way to peel a mango?", "How do I peel a mango?"),
    ("How often should I water it?", "How frequently should I water it?"),
    ("What is the best phone under $300?", "What are some good phones under $300?"),
    ("What is the differance to a lease?", "What is the difference to a lease?"),
    ("How can I clean my shoes?", "What is the best way to clean your shoes?"),
    ("¿Cómo hago café en casa?", "¿cómo hago café en casa"),
    ("What is an ETF?", "what are ETFs"),
    ("Which African river is the longest?", "What is the longest river in Africa?"),
    (
        "What's the difrence between a lease and a loan?",
        "How do a lease and a loan differ, what is the difference?",
    ),
    ("how do i delete quesitons", "How do I delete a question?"),
    ("what is a 30yr loan", "What is a loan of 30 years?"),
    ("Can I learn two languages at once?", "Can I learn two languages at the same time?"),
    ("How do I centre a div?", "How do I center a div?"),
    ("How can l improve my text?", "How can I improve my text?"),
    ("What are your opening hours?", "When are you open?"),
    ("When was the canal opened?", "In what year was the canal opened?"),
    ("Is it worth it, yes or no?", "Is it worth it?"),
    ("Tell me whether or not to go.", "Tell me whether to go."),
    ("closing my account - how", "closing my account, how"),
    ("Tell me more about the model.", "Tell me about the model."),
    ("Can you recommend a book on chess?", "What is the best book on chess?"),
    ("Where do I find my payslip?", "How do I find my payslip?"),
    ("Is it normal to sweat at night?", "Is it normal to sweat during the night?"),
    ("Write an example of RPC calls in Java.", "Write a Java example for RPC calls."),
    ("Is half an hour enough?", "Are 30 minutes enough?"),
    ("How long does a transfer take?", "How many days does a transfer take?"),
    ("How often should I feed a cat?", "How many times a day should I feed a cat?"),
    ("Do US citizens need a visa?", "Does an American need a visa?"),
    ("Is my phone insured in the UK?", "Is my phone insured in Britain?"),
    ("Can I use the office Wi-Fi?", "can i use the office wlan"),
    ("How often do I change bed sheets?", "how often change bedsheets"),
    ("What's the daily limit at an ATM?", "How much may I take out of a machine per day?"),
    ("How do I drop rows in pandas?", "How do I drop rows in Python with pandas?"),
    ("How do I make gluten-free bread?", "How do I make bread without gluten?"),
    ("I can't log in.", "I am unable to log in."),
    ("Why was my payment declined?", "Why did my payment not go through?"),
    ("What foods should one avoid?", "What should one not eat?"),
    ("cant login help", "I can't log in, help"),
    ("What's the cheapest way to go?", "What is the least expensive way to go?"),
    ("Name a phone under $300.", "Name a phone for less than 300 dollars."),
    ("What paint is best for a ceiling?", "Which paint should I use on a ceiling?"),
    ("Can I work from home on Fridays?", "Can I work from home on a Friday?"),
    ("Do orchids like direct sun?", "Do orchids like direct sunlight?"),
    ("What do I use instead of eggs?", "What is a substitute for eggs?"),
    ("Can I drink while taking pills?", "Can I drink when I take pills?"),
    ("Why do I get dizzy when I stand up?", "dizzy when standing up why"),
    ("How early should I be there?", "When should I be there?"),
    ("How do I get over my ex?", "How do I forget my ex?"),
    ("What makes a component render twice?", "Why does a component render two times?"),
    ("Where do people go in their 20s?", "Where do you go in your 20s?"),
    ("Who painted the Mona Lisa?", "Which artist painted the Mona Lisa?"),
    ("How many wives did Henry VIII have?", "wives of Henry the Eighth, how many"),
    ("What is the molar mass of NaCl?", "sodium chloride molar mass"),
    ("How long is a quarter in the NBA?", "Quarter length in the National Basketball Association?"),
    ("How do I get an IDP in Spain?", "Where do I get an international driving permit in Spain?"),
    ("What does box 12 on a W-2 mean?", "W2 box twelve, meaning?"),
    ("Does third-party liability cover it?", "Does the liability of another party cover it?"),
    ("How do I merge two lists?", "How do I merge lists?"),
    ("How do I add a second monitor?", "How do I add an additional monitor?"),
    ("How often in winter?", "How often in the cold months?"),
    ("Is it dark in July?", "Is it dark in summer (July)?"),
    ("Undo the last commit.", "Undo the latest commit."),
    ("Can I rent a car?", "Driving tomorrow, and not for long. Can I rent a car?"),
    ("Can I get a flu shot while pregnant?", "I'm pregnant. Can I get a flu shot?"),
    ("How do I cancel it after selling the car?", "I sold the car, how do I cancel it?"),
    ("Can I refreeze meat?", "Can I freeze meat again?"),
    ("Steps for clearing a clogged toilet", "How do I unclog a toilet?"),
    ("The app does not know my face, why?", "Why does your app not know my face?"),
    ("Why does bread not rise?", "What is the reason for bread failing to rise?"),
    ("Who wrote Pride and Prejudice?", "pride & prejudice, who wrote it"),
    ("What is the time in London and Tokyo?", "london and tokyo time"),
]
DOUBTED = {
    "number": [
        ("How do I write a valid will?", "I'm 70 and a widower. What makes a testament legally sound?"),
        ("Is a testament legally sound?", "Can 3 of us put a valid final wish on paper?"),
    ],
    "unit": [
        ("What limit is there for taking out cash?", "What may leave the machine per day at most, in notes?"),
    ],
    "date": [
        ("What is the way to send boots back?", "Which steps let me return shoes on Monday?"),
    ],
    "name": [
        ("How do I press my shirt well?", "Anna gave me a steamer. What is best for crisp linen clothes?"),
        ("How do I record the screen?", "Which keys film what the display shows in Windows?"),
    ],
    "negation": [
        ("Why does my car not start?", "My car refuses to start. Why?"),
    ],
    "degree": [
        ("Can you name a hotel near the station?", "What is the cheapest place to sleep by the railway?"),
    ],
    "question word": [
        ("Who repairs the lift of our house?", "When will the elevator be mended by somebody?"),
    ],
    "condition": [
        ("Which food is allowed?", "What may somebody eat during a strict diet plan?"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(FOLDER)


@pytest.mark.parametrize(
    ("rule", "left", "right"),
    [(rule, *pair) for rule, pairs in CONFLICTS.items() for pair in pairs],
)
def test_what_keeps_two_questions_apart(verifier, rule: str, left: str, right: str) -> None:
    found = {verifier.conflict(left, right), verifier.conflict(right, left)}
    assert None not in found
    if rule not in {"negation", "degree", "amount"}:  # another rule may see these first
        assert found == {rule}


@pytest.mark.parametrize(("left", "right"), AGREE)
def test_what_no_rule_minds(verifier, left: str, right: str) -> None:
    assert verifier.conflict(left, right) is None
    assert verifier.conflict(right, left) is None


@pytest.mark.parametrize(
    ("doubt", "left", "right"),
    [(doubt, *pair) for doubt, pairs in DOUBTED.items() for pair in pairs],
)
def test_what_only_one_of_them_says_is_for_the_comparer(verifier, doubt, left, right) -> None:
    for both in ((left, right), (right, left)):
        assert verifier.conflict(*both) is None
        raised = verifier.doubts(*both)
        assert [name for (name, _), yes in zip(DOUBTS, raised, strict=True) if yes] == [doubt]


@pytest.mark.parametrize("text", ["", "?", "\U0001f44d", "a" * 5000, "-", "1e9", "\ud800", "..'s"])
def test_any_text_can_be_taken_apart(verifier, text: str) -> None:
    assert verifier.conflict(text, text) is None


async def test_the_comparer_knows_other_words_and_other_questions(verifier) -> None:
    workers = Workers(1)
    embedder = OnnxEmbedder(encoder(), workers)

    async def score(left: str, right: str) -> float:
        one, other = [Asked(text, await embedder.embed(text)) for text in (left, right)]
        assert verifier.score(one, other) == pytest.approx(verifier.score(other, one), abs=1e-4)
        return verifier.score(one, other)

    sure = PRESETS["balanced"].score
    assert await score("How do I reset my password?", "How can I set a new password?") >= sure
    assert await score("How do I reset my password?", "How do I delete my account?") < 0.5
    assert await score("How do I peel a mango?", "How do I peel a frozen mango?") < 0.5
    workers.close()


@pytest.mark.parametrize("tokens", [0, 1, 94])
def test_a_packed_vector_keeps_its_direction(tokens: int) -> None:
    rows = np.random.default_rng(tokens).normal(size=(tokens, 384)).astype(np.float32)
    again = unit(packed(rows).astype(np.float32))
    assert again.shape == rows.shape
    assert ((again * unit(rows)).sum(1) > 0.999).all()
    assert not packed(np.zeros((1, 384), np.float32)).any()


def test_without_token_vectors_nothing_is_the_same(verifier) -> None:
    vector = np.zeros(384, dtype=np.float32)
    empty = Tokens(np.zeros((0, 384), np.int8), np.zeros(0, np.int64))
    for embedding in (
        Embedding(vector, truncated=False),
        Embedding(vector, truncated=False, tokens=empty),
    ):
        asked = Asked("Who?", embedding)
        assert verifier.score(asked, asked) == 0.0


def test_presets_are_in_order() -> None:
    strict, balanced, generous = (PRESETS[n] for n in ("strict", "balanced", "generous"))
    assert strict.score > balanced.score > generous.score
    assert strict.cosine >= balanced.cosine >= generous.cosine


@pytest.mark.parametrize("name", FILES)
def test_another_file_than_the_shipped_one_is_refused(tmp_path, name: str) -> None:
    copy = tmp_path / "verifier"
    shutil.copytree(FOLDER, copy)
    with (copy / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(VerifierError, match=name):
        Verifier(copy)
    (copy / name).unlink()
    with pytest.raises(VerifierError):
        Verifier(copy)
