"""Pairs that nobody tuned on: written after the rules and weights were done, and scored once.

Other manners than `held_out.py`: orders instead of questions, support mail, frequent questions,
code, slips of the keys. When one of them has been looked at to change a rule, it is no longer
unseen: move it to `held_out.py` and write another.
"""

from __future__ import annotations

PARAPHRASES = (
    ("Please translate this sentence into Danish.", "Can you translate this sentence to Danish?"),
    ("I'd like to return the boots I ordered.", "I want to send back the boots I ordered."),
    ("how do i reset the thermostat", "How can I reset the thermostat?"),
    ("Write a regex that matches an email address.", "Give me a regular expression to match an email address."),
    ("My invoice is wrong, can you correct it?", "Could you fix my invoice? It's incorrect."),
    ("Do you ship to islands?", "Is shipping to islands available?"),
    ("What are your opening hours?", "When are you open?"),
    ("List the planets in order of size.", "Can you list the planets by size?"),
    ("How do I reverse a string in JavaScript?", "What is the way to reverse a JavaScript string?"),
    ("Explain how a jet engine works.", "How does a jet engine work?"),
    ("Can I pay in instalments?", "Is it possible to pay in instalments?"),
    ("Why is my order late?", "What is the reason for the delay of my order?"),
    ("How do I merge two dictionaries in Python?", "How can I combine two dicts in Python?"),
    ("I forgot my password, what now?", "What should I do if I forgot my password?"),
    ("What is the best way to store onions?", "How should onions be stored?"),
    ("Who wrote the national anthem of Norway?", "Who is the author of Norway's national anthem?"),
    ("Summarise this article for me.", "Please give me a summary of this article."),
    ("How many bones are there in the human body?", "What is the number of bones in a human body?"),
    ("Turn off the kitchen light.", "Please switch off the light in the kitchen."),
    ("What's a good gift for a teacher?", "Can you recommend a gift for a teacher?"),
    ("Is breakfast included?", "Does the price include breakfast?"),
    ("Set an alarm for 7 am.", "Can you set an alarm for 7 am please"),
    ("What does HTTP 502 mean?", "What is the meaning of HTTP 502?"),
    ("How can I speak to an agent?", "I want to talk to an agent."),
    ("Give me a recipe for lentil soup.", "How do I make lentil soup?"),
    ("Fix the grammar in this paragraph.", "Please correct the grammar of this paragraph."),
    ("How long does a refund take?", "How many days until I get my refund?"),
)  # fmt: skip

NEAR_MISSES: dict[str, tuple[tuple[str, str], ...]] = {
    "number": (
        ("Set an alarm for 7 am.", "Set an alarm for 8 am."),
        ("What does HTTP 502 mean?", "What does HTTP 503 mean?"),
        ("Round this to two decimals.", "Round this to three decimals."),
        ("Can I carry 100 ml of liquid?", "Can I carry 1000 ml of liquid?"),
    ),
    "unit": (
        ("How long is the trip in hours?", "How long is the trip in minutes?"),
        ("Is a 10 GB plan enough?", "Is a 10 MB plan enough?"),
    ),
    "date": (
        ("Book a table for Friday.", "Book a table for Thursday."),
        ("What were the sales in 2021?", "What were the sales in 2022?"),
        ("Is the office closed in July?", "Is the office closed in June?"),
    ),
    "name": (
        ("Forward the mail to Susanne.", "Forward the mail to Suzette."),
        ("How do I log in with Okta?", "How do I log in with Keycloak?"),
        ("how do i reset my fitbit", "how do i reset my garmin"),
        ("Who plays Hermione?", "Who plays Luna?"),
    ),
    "place": (
        ("Do you ship to Iran?", "Do you ship to Iraq?"),
        ("hotels in vilnius", "hotels in tallinn"),
        ("What is the VAT in Austria?", "What is the VAT in Australia?"),
        ("Is it raining in Bergen?", "Is it raining in Bremen?"),
    ),
    "negation": (
        ("Which cards are accepted?", "Which cards aren't accepted?"),
        ("Email me when it ships.", "Don't email me when it ships."),
        ("Why did my export work?", "Why did my export not work?"),
    ),
    "antonym": (
        ("Turn off the kitchen light.", "Turn on the kitchen light."),
        ("What is the minimum order?", "What is the maximum order?"),
        ("Sort the list in ascending order.", "Sort the list in descending order."),
        ("How do I follow a topic?", "How do I unfollow a topic?"),
    ),
    "comparative": (
        ("Which plan is cheaper?", "Which plan is the cheapest?"),
        ("Which city is bigger?", "Which city is the biggest?"),
        ("Which of them is more reliable?", "Which of them is the most reliable?"),
    ),
    "order": (
        ("Can a nurse assist a surgeon?", "Can a surgeon assist a nurse?"),
        ("Flights from Oslo to Malta", "Flights from Malta to Oslo"),
        ("Is tea stronger than coffee?", "Is coffee stronger than tea?"),
        ("What happens if diesel is put in a petrol car?", "What happens if petrol is put in a diesel car?"),
        ("Convert Celsius to Fahrenheit", "Convert Fahrenheit to Celsius"),
    ),
    "condition": (
        ("Can I cancel my booking?", "Can I cancel my booking after check-in?"),
        ("How do I reverse a string?", "How do I reverse a string in place?"),
        ("Is breakfast included?", "Is breakfast included for children?"),
        ("Write a story about a fox.", "Write a story about a fox in rhyme."),
        ("How long does a refund take?", "How long does a partial refund take?"),
    ),
    "object": (
        ("How do I change the language of the app?", "How do I change the colour of the app?"),
        ("Where is my nearest branch?", "Where is my nearest cash machine?"),
        ("Give me a recipe for lentil soup.", "Give me a recipe for pumpkin soup."),
        ("Fix the grammar in this paragraph.", "Fix the layout in this paragraph."),
    ),
    "question": (
        ("Who delivers my parcel?", "When is my parcel delivered?"),
        ("How does a jet engine work?", "Who invented the jet engine?"),
        ("How often do you ship?", "Where do you ship?"),
    ),
    "other language": (
        ("¿Cómo hago café con azúcar en casa?", "¿Cómo hago café sin azúcar en casa?"),
        ("Wie mache ich das Licht im Flur an?", "Wie mache ich das Licht im Flur aus?"),
        ("Comment ouvrir un compte pour mon fils ?", "Comment fermer un compte pour mon fils ?"),
        ("दिन में क्या करना चाहिए", "दान में क्या करना चाहिए"),
    ),
}  # fmt: skip
