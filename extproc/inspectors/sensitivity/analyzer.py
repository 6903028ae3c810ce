"""The engine: one sweep over a text, then each rule only where its trigger stands.

The sweep is a set of google-re2 patterns matched in one pass, in time linear in
the text whatever it holds. Rules are stateless and look around a trigger in the
whole text, so that a text can be swept in pieces: cut where no trigger can
cross, the pieces together find exactly what one sweep finds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import re2

from extproc.inspectors.sensitivity.address import (
    NamedStreet,
    NumberedStreet,
    PostBox,
    PostcodedName,
    PostcodedStreet,
)
from extproc.inspectors.sensitivity.assignments import Assignments, Authorization
from extproc.inspectors.sensitivity.carried import (
    Combos,
    Cookies,
    DjangoKey,
    OneTimeLinks,
    Pairs,
    PgPass,
    Sessions,
    SignedUrl,
)
from extproc.inspectors.sensitivity.codes import (
    BitLockerKey,
    Codes,
    LicenceKeys,
    Locks,
    Networks,
    RecoveryCodes,
    SentCodes,
)
from extproc.inspectors.sensitivity.commands import (
    Calls,
    CommandLine,
    DriverName,
    Piped,
    Settings,
)
from extproc.inspectors.sensitivity.contact import Email, IpAddress, Upi
from extproc.inspectors.sensitivity.extra import NOTHING_MORE, Extra
from extproc.inspectors.sensitivity.hashes import PasswordHash
from extproc.inspectors.sensitivity.keyed import COLUMNS, KEYED
from extproc.inspectors.sensitivity.keys import (
    CoinKey,
    EncodedKey,
    JsonWebKey,
    OpenVpnKey,
    OtpAuth,
    PuttyKey,
    SeedPhrase,
)
from extproc.inspectors.sensitivity.lettered import LETTERED, MacAddress
from extproc.inspectors.sensitivity.manifests import SecretManifest
from extproc.inspectors.sensitivity.match import Match, Rule
from extproc.inspectors.sensitivity.numbers import Numbers
from extproc.inspectors.sensitivity.passwords import Openers, Passwords
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.presidio import RECOGNISERS
from extproc.inspectors.sensitivity.readings import readings
from extproc.inspectors.sensitivity.secrets import PrivateKey, UrlPassword, VendorKeys
from extproc.inspectors.sensitivity.stories import TYPES as STORIES
from extproc.inspectors.sensitivity.tokens import Iban, Nino, Pan, Wallet

RULES: tuple[Rule, ...] = (
    Numbers(),
    Email(),
    Upi(),
    IpAddress(),
    MacAddress(),
    Iban(),
    Pan(),
    Nino(),
    Wallet(),
    *KEYED,
    *COLUMNS,
    *LETTERED,
    NumberedStreet(),
    NamedStreet(),
    PostBox(),
    PostcodedStreet(),
    PostcodedName(),
    VendorKeys(),
    PrivateKey(),
    UrlPassword(),
    Passwords(),
    Openers(),
    Assignments(),
    CommandLine(),
    Authorization(),
    SignedUrl(),
    PgPass(),
    Cookies(),
    DjangoKey(),
    Pairs(),
    Combos(),
    Sessions(),
    OneTimeLinks(),
    Piped(),
    Calls(),
    Settings(),
    DriverName(),
    PasswordHash(),
    EncodedKey(),
    JsonWebKey(),
    PuttyKey(),
    OpenVpnKey(),
    OtpAuth(),
    CoinKey(),
    SeedPhrase(),
    Codes(),
    RecoveryCodes(),
    LicenceKeys(),
    Locks(),
    SentCodes(),
    BitLockerKey(),
    Networks(),
    SecretManifest(),
)
"""Every rule there is. The order does not matter."""

TYPES: frozenset[str] = frozenset().union(*(rule.types for rule in RULES))
"""Entity types our rules find, by Presidio's names where it has one."""
BORROWED: frozenset[str] = frozenset(RECOGNISERS)
"""Entity types that are looked for where a policy names them."""

PIECE = 16_384
"""Characters swept in one go when a text is cut."""
_SET_MEMORY = 64 << 20
"""Upper bound in bytes of the automaton's cache; it grows only as texts demand."""
_RARE_FIRST = (Numbers, Email, Upi)
"""Rules whose places `re` finds sooner than re2: it takes less than a microsecond for each, and
their first character is rare or they cannot be long in vain."""
_CUT = re.compile(rb"(?<![0-9()+])\s(?![0-9()+])")


class Entity(NamedTuple):
    """One thing found, without its value. Offsets are code points of the original text."""

    type: str
    start: int
    end: int
    score: float
    """In [0, 1]."""


class Analyzer:
    """Built once, shared by all policies; safe to use from several threads."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self._rules = tuple(rules)
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _SET_MEMORY
        self._sweep: Any = re2.Set.SearchSet(options)
        for rule in self._rules:
            self._sweep.Add(rule.trigger)
        self._sweep.Compile()
        self._triggers: tuple[Any, ...] = tuple(
            re.compile(rule.trigger)
            if isinstance(rule, _RARE_FIRST)
            else re2.compile(rule.trigger, options)
            for rule in self._rules
        )

    def scan(self, text: str, also: Extra = NOTHING_MORE) -> tuple[Entity, ...]:
        """All entities of `text`, in order. Stories lie over others; else none overlaps another.

        `also` is what one policy looks for beyond the rules that all share.
        """
        return settle(
            (body, self.candidates(body, 0, len(body.body)) + also.find(body))
            for body in readings(text)
        )

    def candidates(self, text: Plain, start: int, end: int) -> list[Match]:
        """What begins in ``text.body[start:end]``, unresolved. Both must be cuts or ends."""
        part = text.body if end - start == len(text.body) else text.body[start:end]
        return [
            found
            for index in self._sweep.Match(part) or ()
            for trigger in self._triggers[index].finditer(text.body, start, end)
            for found in self._rules[index].examine(text, *trigger.span())
        ]


def pieces(text: Plain, size: int = PIECE) -> Iterator[tuple[int, int]]:
    """Cuts a text where no trigger can cross. `size` is at least 1; a piece may be longer."""
    start, whole = 0, len(text.body)
    while whole - start > size:
        cut = _CUT.search(text.body, start + size)
        if cut is None:
            break
        yield start, cut.start()
        start = cut.start()
    yield start, whole


def settle(found: Iterable[tuple[Plain, Iterable[Match]]]) -> tuple[Entity, ...]:
    """Of what overlaps, keeps the best: by score, then nearer context, then length.

    Takes the readings of one text, each with what was found in it. Stories are settled among
    themselves: what stands in one stays an entity of its own.
    """
    placed: set[Match] = set()
    for text, matches in found:
        placed.update(matches if text.unmoved else (_moved(text, match) for match in matches))
    told = {match for match in placed if match.type in STORIES}
    kept: Iterable[Match] = chain.from_iterable(
        map(_apart, _crowds(placed - told if told else placed))
    )
    if told:
        over = chain.from_iterable(map(_apart, _crowds(told)))
        kept = sorted(chain(over, kept), key=_START)
    return tuple(Entity(match.type, match.start, match.end, match.score) for match in kept)


def _crowds(placed: Iterable[Match]) -> Iterator[list[Match]]:
    """What hangs together by overlaps, in order: hardly ever more than a few."""
    crowd: list[Match] = []
    reach = 0
    for match in sorted(placed, key=_START):
        if crowd and match.start >= reach:
            yield crowd
            crowd = []
            reach = 0
        crowd.append(match)
        reach = max(reach, match.end)
    if crowd:
        yield crowd


def _apart(crowd: list[Match]) -> list[Match]:
    """The best of them that do not overlap, in order."""
    if len(crowd) == 1:
        return crowd
    kept: list[Match] = []
    for match in sorted(crowd, key=_best_first):
        at = bisect_left(kept, match.end, key=_START)
        if not at or kept[at - 1].end <= match.start:
            kept.insert(at, match)
    return kept


def _moved(text: Plain, match: Match) -> Match:
    start, end = text.span(match.start, match.end)
    return match._replace(start=start, end=end)


def _best_first(match: Match) -> tuple[float, int, int, int, str]:
    return (-match.score, -match.rank, match.start - match.end, match.start, match.type)


_START = attrgetter("start")
