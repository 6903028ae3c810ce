"""Texts on which the export must agree with the original. All written for this recipe."""

from __future__ import annotations

import itertools

SHORT = (
    "What is the capital of France?",
    "What is the capital of Germany?",
    "How do I reset my password?",
    "Turn on the backup job for the billing database.",
    "Turn off the backup job for the billing database.",
    "Can I get a refund within 30 days?",
    "Can I get a refund within 60 days?",
    "hi",
    "Thanks, that worked!",
    "Summarise the meeting notes in three bullet points.",
    "Why is the sky blue?",
    "Translate 'good morning' into Portuguese.",
    "Explain the difference between a mutex and a semaphore.",
    "What does HTTP status 418 mean?",
    "Write a haiku about autumn leaves.",
    "Is it safe to take ibuprofen together with paracetamol?",
    "List all invoices over 1,250.50 EUR issued after 2024-03-01.",
    "Who wrote Pride and Prejudice?",
    "Convert 72 degrees Fahrenheit to Celsius.",
    "Give me a recipe for lentil soup without onions.",
    "PLEASE STOP SENDING ME EMAILS!!!",
    "how 2 fix blu screen on win 11",
    "What is the meaning of life, the universe and everything?",
    "Which of the two plans is cheaper if I travel less than ten days a year?",
    "I was charged twice for the same train ticket.",
)

OTHER_LANGUAGES = (
    "¿Cuál es la capital de Argentina y cuántos habitantes tiene?",
    "Wie kündige ich meinen Vertrag zum Ende des Monats?",
    "Comment puis-je modifier l'adresse de livraison de ma commande ?",
    "Какая погода будет завтра в Москве?",
    "東京で一番おいしいラーメン屋はどこですか。",
    "ما هي ساعات العمل خلال شهر رمضان؟",
    "मुझे अपना बिल कहाँ मिलेगा?",
    "🎉🎉 party time 🎉",
)

CODE = (
    "def add(a, b):\n    return a + b\n\nWhy does this fail for strings and ints?",
    "SELECT name, count(*) FROM users GROUP BY name HAVING count(*) > 1;",
    'curl -s -X POST http://localhost:8080/v1/items -d \'{"name": "lamp", "price": 12.5}\'',
    "TypeError: unsupported operand type(s) for +: 'int' and 'str' on line 42",
    "for (let i = 0; i < 10; i++) { console.log(i ** 2); }",
    "kubectl get pods -n shop -o wide | grep -v Running",
    'fn main() { let v: Vec<u32> = (1..=5).collect(); println!("{:?}", v); }',
)

_PARAGRAPHS = (
    (
        "The parcel left our warehouse on Monday and was handed to the carrier the same evening. "
        "Tracking shows that it reached the sorting centre, where it has been waiting for an address "
        "check since Wednesday. The customer has confirmed the street and the house number by phone, "
        "and asks whether we can send a replacement if it does not move before the end of the week."
    ),
    (
        "Our service keeps a small write-ahead log for every partition. When a node restarts it reads "
        "the log from the last checkpoint, applies each record in order and only then joins the ring. "
        "With a slow disk this takes minutes, during which the remaining nodes carry the load. How "
        "could we shorten the recovery without weakening the guarantee that no acknowledged write is "
        "lost?"
    ),
    (
        "Patients who take the morning dose with food report fewer side effects than those who take it "
        "on an empty stomach. The difference is small but was seen in both study arms. Nothing is "
        "known about the evening dose, because too few patients recorded the time of their meal."
    ),
    (
        "Under section four the tenant pays heating and water by consumption, while the cleaning of "
        "the stairs and the lift are split evenly between all flats. The landlord sends the bill once "
        "a year, at the latest twelve months after the end of the period. What happens when the bill "
        "arrives late?"
    ),
    (
        "Quarterly revenue rose by 7.4 percent to 18.2 million, while the cost of goods fell slightly. "
        "The board expects the second half to be weaker, since two large contracts end in August and "
        "their renewal is still open. Draft a cautious outlook for the report to shareholders."
    ),
)

LONG = (
    *_PARAGRAPHS,
    *(f"{first}\n\n{second}" for first, second in itertools.pairwise(_PARAGRAPHS)),
)

TEXTS = (*SHORT, *OTHER_LANGUAGES, *CODE, *LONG)

PAIRS = (
    ("Can I get a refund within 30 days?", "Can I get a refund within 60 days?"),
    (
        "Turn on the backup job for the billing database.",
        "Turn off the backup job for the billing database.",
    ),
    ("What is the capital of France?", "What is the capital of Germany?"),
    ("How do I reset my password?", "I forgot my password, how can I reset it?"),
    ("Why is the sky blue?", "What makes the sky look blue?"),
)
"""Shown on the card: what a cosine can and cannot tell apart."""

CALIBRATION = (
    "What is the tallest mountain in South America?",
    "Which planet has the most moons?",
    "How can I change the e-mail address of my account?",
    "Disable the nightly report for the finance team.",
    "Could I return the shoes after 14 days if I have worn them once?",
    "hello",
    "ok",
    "No, that did not help at all.",
    "Write a short poem about a lighthouse.",
    "What does the error ENOSPC mean when I run npm install?",
    "Rewrite this sentence so that it sounds more polite: send me the file now.",
    "Who painted the ceiling of the Sistine Chapel, and in which years?",
    "Show all payments below 99.95 USD made before 2023-11-30.",
    "My flight BX 217 on 4 May was cancelled; what am I entitled to?",
    "WHY IS THIS SO SLOW???",
    "pls explain recursion like im five",
    "¿Dónde está la biblioteca más cercana?",
    "Ich habe meine PIN vergessen. Was soll ich tun?",
    "Quels documents faut-il pour ouvrir un compte ?",
    "Сколько стоит доставка в Новосибирск?",
    "次の会議は何時に始まりますか。",
    "كيف أغير كلمة المرور الخاصة بي؟",
    "मेरा ऑर्डर कब आएगा?",
    "🙂 👍 🚀",
    "import re\n\npattern = re.compile(r'^[a-z]+$')\nprint(bool(pattern.match('abc')))",
    "UPDATE orders SET status = 'shipped' WHERE id IN (17, 18, 19);",
    "ValueError: invalid literal for int() with base 10: 'twelve'",
    "docker run --rm -p 5432:5432 -e POSTGRES_PASSWORD=example postgres:16",
    (
        "The committee met twice in spring to discuss the new bridge. Engineers presented three "
        "designs, of which the cheapest needs a pillar in the river. Fishermen objected, and the "
        "committee asked for a study of the effect on spawning grounds before it votes in October."
    ),
    (
        "A queue with a fixed size protects the consumer, but the producer must decide what to do "
        "when it is full: wait, drop the oldest entry, or refuse the new one. Each choice moves the "
        "pain somewhere else, and the right one depends on who can retry."
    ),
)
"""Fit the scales of `export.py`; none of them is among `TEXTS`."""
