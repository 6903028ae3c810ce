"""What the generated questions are about: each line is one meaning, its wordings divided by `|`.

All written for this recipe. A last field after `#` is the domain, by which the
evaluation leaves whole domains out.
"""

from __future__ import annotations

ACTIONS = """
lose weight|shed some weight|get slimmer|drop a few pounds|slim down #health
lower my blood pressure|reduce my blood pressure|bring my blood pressure down|get my blood pressure lower #health
treat a sunburn|heal a sunburn|take care of a sunburn|relieve sunburn #health
quit smoking|stop smoking|give up cigarettes|give up smoking #health
sleep better|get better sleep|improve my sleep|sleep well at night #health
get rid of a headache|make a headache go away|cure a headache|relieve a headache #health
build muscle|gain muscle|put on muscle|grow my muscles #health
treat a cough at home|get rid of a cough at home|cure a cough with home remedies #health
stop biting my nails|quit biting my nails|break the habit of nail biting #health
deal with anxiety|cope with anxiety|manage anxiety|handle anxiety #health
improve my eyesight|make my eyesight better|get better eyesight #health
find a good dentist|choose a good dentist|pick a dentist who is good #health
learn English quickly|learn English fast|pick up English in a short time|master English quickly #learning
learn to play the guitar|start playing the guitar|pick up the guitar|teach myself guitar #learning
improve my handwriting|make my handwriting better|get better handwriting|write more neatly #learning
become a data scientist|start a career as a data scientist|get into data science|get a data science job #learning
prepare for a job interview|get ready for a job interview|prep for a job interview #learning
improve my public speaking|get better at public speaking|become a better public speaker|improve my speaking in public #learning
learn to code|learn programming|learn how to program|teach myself to code #learning
memorize things faster|remember things more quickly|memorise things quicker #learning
study for an exam|prepare for an exam|get ready for an exam|revise for an exam #learning
choose a university|pick a university|decide on a university|select a university #learning
write a good essay|write a great essay|compose a good essay|produce a good essay #learning
read faster|increase my reading speed|improve my reading speed|speed up my reading #learning
open a bank account|set up a bank account|get a bank account #finance
close my bank account|shut my bank account|terminate my bank account #finance
save money|put money aside|set some money aside|save more cash #finance
invest in stocks|buy shares|invest in the stock market|put money into stocks #finance
improve my credit score|raise my credit score|boost my credit score|get a better credit score #finance
pay off my debt|get out of debt|clear my debts|become debt free #finance
transfer money abroad|send money overseas|send money to another country|wire money internationally #finance
dispute a charge on my card|contest a charge on my card|challenge a card charge #finance
get a mortgage|obtain a mortgage|take out a mortgage|be approved for a mortgage #finance
file my tax return|submit my tax return|do my taxes|hand in my tax return #finance
activate my new card|turn on my new card|get my new card working #finance
cancel a standing order|stop a standing order|call off a standing order|end a standing order #finance
top up my account|add money to my account|put funds into my account|load money onto my account #finance
exchange foreign currency|convert foreign currency|change foreign money|swap foreign currency #finance
change my PIN|update my PIN|modify my PIN|set a different PIN #finance
reset my password|set a new password|change a password I forgot|get a new password #account
delete my account|remove my account|erase my account|get rid of my account|permanently delete my account #account
change my email address|update my email address|modify my email address|switch to another email address #account
cancel my subscription|end my subscription|stop my subscription|terminate my subscription #account
recover a hacked account|get back a hacked account|regain access to a hacked account #account
unlock my account|get my account unlocked|regain access to my locked account #account
update my billing information|change my billing details|edit my billing info|modify my payment details #account
turn on two factor authentication|enable two factor authentication|activate 2FA|set up two factor authentication #account
invite a colleague to my workspace|add a coworker to my workspace|bring a colleague into my workspace #account
export my data|download my data|get a copy of my data|save my data to a file #account
contact customer support|get in touch with customer support|reach customer service|talk to someone in support #account
track my order|check where my order is|follow my order|see the status of my order #shopping
return an item|send an item back|return something I bought|send back a product #shopping
cancel my order|call off my order|withdraw my order #shopping
change my delivery address|update the delivery address|modify my shipping address|have my order shipped elsewhere #shopping
use a discount code|apply a promo code|redeem a coupon code|enter a discount code #shopping
get a refund|get my money back|be refunded|obtain a refund #shopping
buy a used car|purchase a second hand car|buy a pre-owned car|get a used car #shopping
sell my house|put my house on the market|get my house sold #home
clean an oven|get an oven clean|scrub an oven #home
remove a red wine stain|get a red wine stain out|get rid of a red wine stain|take out a red wine stain #home
fix a leaking tap|repair a dripping faucet|stop a tap from leaking|mend a leaky faucet #home
unclog a drain|clear a blocked drain|unblock a drain|get a drain unclogged #home
get rid of ants|eliminate ants|kill ants in the house|keep ants away #home
paint a wall|put paint on a wall|give a wall a coat of paint #home
grow tomatoes|plant tomatoes|cultivate tomatoes|raise tomatoes #home
train a puppy|teach a puppy to behave|educate a puppy #home
cook rice|make rice|prepare rice|boil rice #food
bake bread|make bread|make homemade bread|prepare bread in the oven #food
make pancakes|cook pancakes|prepare pancakes|fix pancakes #food
boil an egg|cook an egg in water|make a boiled egg|prepare a boiled egg #food
store fresh herbs|keep herbs fresh|preserve fresh herbs #food
make cold brew coffee|prepare cold brew|brew cold coffee #food
thaw frozen meat|defrost meat|unfreeze meat #food
speed up my computer|make my computer faster|make my PC run faster|improve my computer's performance #tech
connect to a wireless network|join a Wi-Fi network|get on the wifi #tech
take a screenshot|capture my screen|make a screenshot|grab an image of my screen #tech
recover deleted files|restore deleted files|get back files I deleted|undelete files #tech
back up my phone|make a backup of my phone|save a backup of my phone #tech
free up disk space|make more room on my disk|clear some disk space|get more free storage #tech
block spam calls|stop spam calls|prevent spam calls|avoid unwanted calls #tech
merge two branches in Git|combine two Git branches|join two branches together in Git #tech
sort a list in Python|order a list in Python|put a Python list in order|arrange the elements of a list in Python #tech
read a CSV file|open a CSV file|load a CSV file|parse a CSV file #tech
deploy a web application|put a web app into production|publish a web app|release a web application #tech
debug a memory leak|track down a memory leak|find the source of a memory leak|hunt down a memory leak #tech
speed up a SQL query|make a SQL query faster|optimize a SQL query|improve the performance of a SQL query #tech
schedule a nightly backup|set up a backup every night|plan a backup that runs each night #tech
install a printer|set up a printer|add a printer|get a printer working #tech
restart a failed service|start a service again after it failed|bring a failed service back up #tech
apply for a passport|request a passport|get a passport|obtain a passport #travel
book a cheap flight|find a low cost flight|get a cheap plane ticket|reserve an inexpensive flight #travel
get a visa|obtain a visa|apply for a visa|be granted a visa #travel
change my flight|rebook my flight|switch to a different flight|modify my flight booking #travel
pack a suitcase|fill a suitcase|put my things in a suitcase #travel
travel with a dog|take a dog on a trip|bring my dog when travelling #travel
avoid jet lag|prevent jet lag|not get jet lagged #travel
claim compensation for a delayed flight|get compensated for a flight delay|get money for a late flight #travel
rent an apartment|find an apartment to rent|lease an apartment|get a rental flat #travel
start a business|set up a business|launch a company|found a company|start my own company #work
write a resume|create a resume|make a CV|write a CV|put together a resume #work
ask for a raise|request a salary increase|ask my boss for more pay|negotiate a higher salary #work
resign from my job|quit my job|leave my job|hand in my notice #work
request vacation days|apply for time off|ask for annual leave|book holiday days #work
report an expense|submit an expense report|claim an expense|file an expense claim #work
write a cover letter|compose a cover letter|draft a cover letter|create a cover letter #work
motivate my team|keep my team motivated|inspire my team|boost my team's motivation #work
register a trademark|get a trademark|trademark a name|file for a trademark #work
make new friends|meet new people|find new friends|befriend new people #life
get over a breakup|recover from a breakup|move on after a breakup|deal with a breakup #life
become more confident|gain confidence|build self confidence|boost my confidence #life
stop procrastinating|quit procrastinating|overcome procrastination|beat procrastination #life
be happy|find happiness|become happy|live happily #life
earn money online|make money on the internet|make money online|make an income online #life
get more followers|gain followers|increase my follower count|grow my number of followers #life
plan a wedding|organise a wedding|arrange a wedding|put together a wedding #life
"""

THINGS = """
machine learning|ML #tech
a reverse proxy #tech
the stock market|the share market #finance
compound interest #finance
inflation #finance
a credit score|a credit rating #finance
blockchain|blockchain technology #tech
photosynthesis #science
a black hole|black holes #science
gravity|the force of gravity #science
quantum computing|quantum computers #science
dark matter #science
global warming|climate change #science
the greenhouse effect #science
a virus #science
DNA #science
artificial intelligence|AI #tech
a service mesh #tech
a deductible|an insurance deductible #finance
diabetes #health
a balanced diet|a healthy diet #health
high blood pressure|hypertension #health
intermittent fasting #health
vitamin D #health
a migraine|migraine headaches #health
yoga #health
remote work|working from home #work
a performance review #work
a non-disclosure agreement|an NDA #work
parental leave #work
probation|a probation period #work
a balance sheet #finance
a mutual fund|mutual funds #finance
a power of attorney #life
an electric car|an electric vehicle|EVs #shopping
solar panels|solar energy panels #home
a heat pump|heat pumps #home
sourdough|sourdough bread #food
olive oil #food
green tea #food
the Great Wall of China #travel
the Eiffel Tower #travel
travel insurance #travel
a loyalty programme|a rewards program #shopping
gift cards|gift vouchers #shopping
social media|social networks #life
meditation|meditating #health
caffeine #food
"""

WHYS = """
is the sky blue|does the sky look blue #science
do cats purr|do cats make a purring sound #science
do leaves change colour in autumn|do leaves change color in the fall #science
is my internet so slow|is my internet connection slow #tech
does my phone battery drain so fast|does my phone's battery die so quickly|does my phone run out of battery so fast #tech
is my laptop overheating|is my laptop getting so hot|does my laptop get so hot #tech
was my payment declined|was my payment rejected|did my payment not go through #finance
is my transfer pending|is my transfer still pending|has my transfer not completed #finance
was I charged twice|did I get charged two times|do I see a double charge #finance
is my package delayed|is my parcel late|has my package not arrived #shopping
do people yawn|do humans yawn|do we yawn #health
do I feel tired all the time|am I always tired|am I tired all day #health
does my back hurt|is my back hurting|do I have back pain #health
does bread rise|does dough rise #food
do onions make you cry|does cutting onions make people cry #food
are flights so expensive|do plane tickets cost so much|are air fares so high #travel
do plants need light|do plants require light #science
is the ocean salty|is sea water salty|does the sea have salt #science
did the build fail|is the build failing|is the build broken #tech
do companies do layoffs|do firms lay people off|do companies lay off workers #work
"""

CREATIONS = """
a poem|a short poem #life
an email to my boss|a message to my manager|a mail to my boss #work
a product description #shopping
a birthday message|a birthday greeting|a birthday wish #life
a summary of the meeting|meeting notes summary #work
a short story|a brief story #life
a LinkedIn post #work
a thank you note|a thank you letter #life
a speech|a short speech #life
a job advert|a job posting|a job ad #work
"""

TOPICS = (
    "autumn", "teamwork", "a lost dog", "climate change", "our new coffee machine",
    "a wedding anniversary", "the sea", "friendship", "a delayed project", "customer service",
    "remote work", "space travel", "a rainy day", "my retirement", "road safety", "chess",
    "electric bikes", "a bakery", "moving house", "night shifts",
)  # fmt: skip

PLACES = (
    "France", "Germany", "Spain", "Italy", "Japan", "China", "India", "Brazil", "Canada",
    "Mexico", "Kenya", "Egypt", "Norway", "Sweden", "Poland", "Portugal", "Greece", "Turkey",
    "Australia", "New Zealand", "Chile", "Peru", "Vietnam", "Thailand", "Ireland", "Austria",
    "London", "Paris", "Berlin", "Madrid", "Rome", "Tokyo", "Delhi", "Mumbai", "Toronto",
    "Chicago", "Boston", "Seattle", "Denver", "Sydney", "Lagos", "Cairo", "Oslo", "Vienna",
    "Lisbon", "Dublin", "Zurich", "Munich", "Texas", "California", "Florida", "Ohio",
)  # fmt: skip
NAMES = (
    "Anna", "Peter", "Maria", "James", "Priya", "Ahmed", "Olga", "Carlos", "Emily", "Tom",
    "Microsoft", "Google", "Amazon", "Netflix", "Spotify", "Tesla", "Toyota", "Samsung", "Apple",
    "Facebook", "Instagram", "Twitter", "WhatsApp", "Slack", "Gmail", "Outlook", "Excel",
    "Postgres", "MySQL", "Redis", "Docker", "Kubernetes", "Jenkins", "Kafka", "Spark", "Java",
    "Python", "Rust", "Ruby", "Windows", "Linux", "Android", "Shakespeare", "Einstein",
    "Mozart", "Picasso", "Messi", "Ronaldo", "Obama", "Newton", "Darwin", "Napoleon",
)  # fmt: skip
WORKS = (
    "Hamlet", "Pride and Prejudice", "The Odyssey", "Don Quixote", "War and Peace", "Dracula",
    "Frankenstein", "Moby Dick", "The Hobbit", "Jane Eyre",
)  # fmt: skip

CONDITIONS = (
    "for free", "on a Mac", "on my phone", "without a credit card", "without an account",
    "for beginners", "for children", "for seniors", "as a student", "at night", "in winter",
    "in summer", "on weekends", "in the workplace", "at school", "with a small budget",
    "without experience", "without side effects", "during pregnancy", "after surgery",
    "before a flight", "while driving", "if I live abroad", "if I am under 18",
    "when I am offline", "using only a browser", "on a shared server", "with low income",
    "as a foreigner", "for a large company", "for a nonprofit", "in one week", "in a hurry",
    "by phone", "by mail", "from home", "from the command line", "with an old laptop",
    "without losing data", "without a lawyer", "for my mother", "with diabetes",
    "on a weekday", "in cold weather", "at high altitude", "over the internet",
    "with children", "without internet", "through the app", "in the dark mode",
)  # fmt: skip
QUALIFIERS = (
    "cheap", "used", "vegan", "electric", "wooden", "professional", "digital", "local",
    "foreign", "temporary", "joint", "commercial", "corporate", "second", "emergency", "student",
    "premium", "organic", "waterproof", "wireless", "private", "shared", "prepaid", "lifetime",
    "gluten free", "advanced", "basic", "annual", "monthly", "international", "broken", "old",
)  # fmt: skip

Concept = tuple[tuple[str, ...], str]


def concepts(lines: str) -> tuple[Concept, ...]:
    """Wordings and domain of each line."""
    found = []
    for line in lines.strip().splitlines():
        wordings, _, domain = line.rpartition("#")
        found.append((tuple(each.strip() for each in wordings.split("|")), domain.strip()))
    return tuple(found)
