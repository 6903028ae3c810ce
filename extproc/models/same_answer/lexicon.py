"""English words as the rules need them: which exist, their base forms, their opposites."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

_NAMES_TOO = frozenset(  # ordinary words to a dictionary, names to a reader
    "windows china japan india brazil turkey jordan chile guinea jersey java python ruby rust swift apple"  # noqa: SIM905
    " amazon oracle john jack bill mark will smith manila panama havana bologna cologne limerick"
    " madras niger cuba peru austin jean paris bernard robert betty andrew donna carol timothy cynthia"
    " anna benjamin frank catherine maria heather ruth henry douglas peter tom bob ben google twitter"
    " slack outlook excel docker android fedora tesla ford fiat sap git apache mongo fuji newton"
    " napoleon hamlet berlin geneva marseille brussels bangalore shanghai wales florida manhattan everest"
    " lima chad ibuprofen aspirin metformin insulin penicillin amoxicillin warfarin".split()
)

WORDS_TOO = frozenset({"bill", "mark", "windows"})
"""Of these, names only where a careful writer gives them a capital."""

_SINCE = frozenset(  # ordinary words that came after the dictionary
    "app smartphone plugin login logout signup wifi dont im ive offline dataset screenshot inbox"  # noqa: SIM905
    " ecommerce cyber backstory emoji selfie unset username timeout middleware keyword bootcamp"
    " upvote downvote govt legit email website webpage blog blogger online laptop podcast hashtag"
    " chatbot startup workflow backend frontend codebase runtime webhook nor whereas crowdfunding"
    " superhero streaming unfollow unsubscribe uninstall deduplicate refactor payslip homepage"
    " cashback contactless passcode freelancer coworker onboarding checkout autofill rehab jeans"
    " dataframe limescale realtor coroutine roadmap sysadmin changelog bugfix hotfix toolchain"
    " dishwasher microwave sunscreen smartwatch earbuds powerbank bedsheet timezone autocorrect autosave"
    " promo lockdown carpool livestream crowdfund paywall clickbait doomscroll remortgage overdraft"
    " payee mortgagee renter tenancy subletting sublet veggie vegan gluten keto probiotic antibacterial"
    " beside versus toward towards among amongst whilst hers theirs somebody anyone everyone everybody"
    " virus internet partway pre backpass newish mayo autoscaler mid co ex exo endo endothermic exothermic dropdown checkbox reschedule rebook preorder prepaid topup biryani vlog".split()
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """WordNet's words, lower case; see `models/verifier/CARD.md`."""

    words: frozenset[str]
    irregular: dict[str, str]
    opposites: dict[str, frozenset[str]]

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Raises `OSError` when a list is not there."""
        opposites: dict[str, set[str]] = {}
        for left, right in (line.split() for line in _lines(folder / "antonyms.lst")):
            opposites.setdefault(left, set()).add(right)
            opposites.setdefault(right, set()).add(left)
        return cls(
            (frozenset(_lines(folder / "words.lst")) | _SINCE) - _NAMES_TOO,
            dict(line.split() for line in _lines(folder / "irregular.lst"))
            | {"women": "woman", "men": "man"},
            {word: frozenset(others) for word, others in opposites.items()},
        )

    def known(self, word: str) -> bool:
        """Whether it is an ordinary word, in any of its forms."""
        return word not in _NAMES_TOO and (self._plainly(word) or self._derived(word))

    def _plainly(self, word: str) -> bool:
        return word in self.words or word in self.irregular or self._strip(word) is not None

    def _derived(self, word: str) -> bool:
        """*unmute*, *oversalted*, *botanically*: an ordinary word made longer."""
        if any(
            word.startswith(prefix)
            and len(word) > len(prefix) + 3
            and self._plainly(word[len(prefix) :])
            for prefix in ("un", "over", "under", "non", "pre", "mis", "re")
        ):
            return True
        if word.endswith("able") and len(word) > 7:
            stem = word[:-4]
            return self._plainly(stem[:-1] if stem[-1] == stem[-2] else stem) or self._plainly(
                f"{stem}e"
            )
        if word.endswith("wise") and len(word) > 7:
            return self._plainly(word[:-4])
        return word.endswith("ly") and len(word) > 6 and self._plainly(word[:-2])

    def base(self, word: str) -> str:
        """``running``, ``ran`` and ``runs`` become ``run``; an unknown word stays."""
        if word in self.irregular:
            return self.irregular[word]
        return self._strip(word) or word

    def contraries(self, word: str, among: AbstractSet[str]) -> AbstractSet[str]:
        """Those of `among` that say the contrary of `word`; all in base form."""
        found = self.opposites.get(word, frozenset()) & among
        if word in _NO_OPPOSITE:
            return found
        longer = {prefix + word for prefix in _CONTRARY if len(word) > 3}
        shorter = {
            word[len(prefix) :]
            for prefix in _CONTRARY
            if word.startswith(prefix) and len(word) - len(prefix) > 3
        }
        return found | ((longer | shorter) & among) - _NO_OPPOSITE

    def _strip(self, word: str) -> str | None:
        """The known word that `word` is a regular form of."""
        for ending, instead in _ENDINGS:
            if not word.endswith(ending) or len(word) - len(ending) < 2:
                continue
            stem = word[: -len(ending)]
            for candidate in (stem + instead, stem[:-1] if stem[-1:] == stem[-2:-1] else ""):
                if candidate in self.words:
                    return candidate
        return None


_CONTRARY = frozenset({"un", "in", "im", "ir", "il", "dis", "non", "de", "mis", "anti", "re"})
"""Prefixes that make a word its contrary."""
_NO_OPPOSITE = frozenset({"replace", "deduplicate", "return", "remove", "renew", "improve"})
"""Begin like a prefix and are none's contrary."""
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"),
    ("es", "e"), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"),
    ("iest", "y"), ("ier", "y"), ("est", ""), ("est", "e"), ("er", ""), ("er", "e"),
)  # fmt: skip


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if not line.startswith("#")]
