"""Structure that gives an attack away: a short list, matched on folded text.

In `RULES` a space stands for "white space or punctuation, or nothing", so an
order without spaces is still one, and ``{name}`` for an entry of `_WORDS`.
Scores are ours: a rule that blocks by itself has 0.9 or more; less is a hint,
recorded beside what the classifier says. In a tool result or a document nobody
speaks to the assistant, so there some hints are reason enough (`indirect`).
Benign twins of every rule stand in `tests/cases/injection`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import category

import re2

from extproc.inspectors.injection import languages
from extproc.llm.view import Channel


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of a rule; several patterns may share a name."""

    name: str
    score: float
    pattern: str
    indirect: float = 0.0
    """Score in tool results and documents, where higher."""
    tools: float = 0.0
    """Score in tool definitions, where higher."""
    edged: bool = False
    """A match has one character more on either side, unless the text ends there."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule matched: code points of the text it was given."""

    rule: str
    score: float
    start: int
    end: int


_WORDS: Mapping[str, str] = {
    "drop": r"(?:ignor(?:e|ing)|disregard|forget|overrid(?:e|ing)|bypass|discard|neglect|do n[o'’]?t follow|stop following)",
    "all": r"(?:(?:all|any|every|each|everything|of|the|these|those|your|its) ){0,4}",
    "earlier": r"(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|initial|original|existing|system|past|former)",
    "orders": r"(?:instructions?|prompts?|directives?|guidelines?|commands?|directions?|programming|training)",
    "reveal": r"(?:reveal|show|print|output|display|repeat|recite|disclose|leak|dump|expose|give|tell|write out|spell out|copy|paste|share|return|echo|translate|summari[sz]e|encode)",
    "secret": r"(?:system|initial|hidden|secret|original|developer|internal|confidential|starting) (?:prompt|message|instruction|directive|guideline|rule)s?",
    "model": r"(?:AIs?|assistants?|LLMs?|language models?|chat ?bots?|AI (?:assistants?|agents?|models?)|ChatGPT|GPT|Claude|Gemini|Copilot)",
    "data": r"(?:data|secrets?|passwords?|tokens?|api ?keys?|credentials|conversation|chat|history|summary|context|messages?|prompt|emails?|content)",
    "valuables": r"(?:secrets?|passwords?|api ?keys?|credentials|(?:private|personal|customer|user|confidential|sensitive) (?:data|information|details)|(?:conversation|chat|full) history|this conversation)",
    "role": r"(?:system|assistant|developer)",
}

RULES = (
    Rule("instruction_override", 0.95, r"{drop} {all}{earlier} (?:and {earlier} |\w{2,12} )?{orders}"),
    Rule("instruction_override", 0.95, r"{drop} (?:all|any) (?:of )?(?:your|the|its) (?:\w{2,12} )?(?:{orders}|rules|restrictions)"),
    Rule("instruction_override", 0.95, r"{drop} (?:all|any) (?:instructions|prompts|directives|commands)"),
    Rule("instruction_override", 0.9, r"{drop} (?:everything|all|anything|what(?:ever)?) (?:that )?(?:(?:is |was )?(?:said |written |stated )?(?:above|before this|prior to this|previously)|you (?:were|have been|ve been) (?:told|taught|instructed|given))"),
    Rule("instruction_override", 0.9, r"(?:the |all |any |your )(?:previous|prior|above|earlier|preceding|original|initial) (?:instructions?|prompts?|directives?|guidelines?) (?:are|is|have been|has been) (?:now )?(?:void|cancel+ed|revoked|superseded|overridden|obsolete|no longer (?:valid|in effect|apply|applicable))", 0.9),
    Rule("instruction_override", 0.85, r"(?:ignor(?:e|ing)|disregard(?:ing)?|overrid(?:e|ing)|bypass(?:ing)?|discard|abandon|break|violat(?:e|ing)|circumvent) (?:all |any |of )*your (?:\w{2,12} ){0,2}(?:guidelines|restrictions|limitations|programming|protocols|filters|guardrails|safety \w{4,12}|rules|instructions|directives|constraints|ethics|training)"),
    Rule("instruction_override", 0.85, r"{drop} {all}{earlier} (?:conversation and |context and )?(?:rules|constraints|restrictions|limitations)"),
    Rule("instruction_override", 0.75, r"{drop} {all}(?:previous|prior|preceding) (?:conversations?|context|tasks?|assignments?|dialogue)\b"),
    Rule("instruction_override", 0.9, r"{drop} (?:the |all |everything )?(?:of the )?above,? (?:and|then) (?:instead |just |only |simply |please )?(?:say|print|output|write|respond|reply|tell|translate|do|return|answer|give)\b"),
    Rule("instruction_override", 0.4, r"(?:override|bypass|disable|turn off|deactivate|circumvent) (?:all |any |the ){0,2}(?:safety|content|ethical|moderation) (?:settings?|restrictions?|filters?|protocols?|guidelines?|polic(?:y|ies)|checks?|measures?)", 0.6),
    Rule("prompt_leak", 0.85, r"\b(?:reveal(?:ing)?|disclos(?:e|ing)|leak|dump|expose|output|print|recite|divulge|exfiltrate) (?:to )?(?:me |us )?(?:(?:all|of|the|exact|full|complete|entire|actual) ){0,4}your (?:\w{2,12} ){0,2}(?:instructions|prompt|configuration|guidelines|directives)\b"),
    Rule("prompt_leak", 0.85, r"\b(?:words?|lines?|sentences?|paragraphs?|letters?|contents?|text|beginning|start) (?:of|in|from) your (?:system (?:prompt|message|instructions)|(?:initial|hidden|original|secret) (?:prompt|instructions))"),
    Rule("prompt_leak", 0.8, r"\b(?:access(?: to)?|view|see|get|need|want|know|entitled to|shar(?:e|ing)) (?:all |of )?your (?:full |complete |entire |hidden |exact |actual ){0,2}(?:system (?:prompt|message|instructions)|(?:hidden|initial|secret) (?:prompt|instructions))"),
    Rule("new_orders", 0.6, r"(?:here are|these are|follow) (?:your |the |these )?new (?:instructions|orders|rules|directives)|your new (?:instructions|orders|task|objective|directive) (?:is|are)"),
    Rule("prompt_leak", 0.95, r"\b{reveal} (?:to )?(?:me |us )?(?:(?:all|of|back|verbatim|exactly|the|contents?|text|first \w+ (?:words|lines|sentences)) ){0,4}your (?:\w{2,10} ){0,2}{secret}"),
    Rule("prompt_leak", 0.6, r"\b{reveal} (?:to )?(?:me |us )?(?:all |back |of ){0,2}(?:the )?(?:\w{2,10} )?(?:system|hidden|secret) (?:prompt|instructions)", 0.8),
    Rule("prompt_leak", 0.9, r"\bwhat (?:are|is|were|was) (?:all )?(?:of )?your (?:exact |full |complete )?{secret}"),
    Rule("prompt_leak", 0.9, r"\b(?:repeat|print|output|copy|recite|translate) (?:back )?(?:all |everything |of |the |exact |words |text |lines |content |message ){1,5}(?:that (?:is|are|was|were) )?above (?:start|begin|in a|in code|verbatim|word for)"),
    Rule("prompt_leak", 0.85, r"\b(?:print|output|repeat|show|write|echo|copy|display) (?:me |out )?(?:everything|all (?:of )?(?:the )?(?:text|words|content|lines|messages)|the (?:text|words|content|conversation)) (?:written |that (?:came|is|was) )?(?:above|before|prior to|preceding) (?:this (?:line|message|point|sentence|prompt)|my (?:first )?message)"),
    Rule("prompt_leak", 0.85, r"\bwhat (?:were|are) you (?:told|instructed|ordered|programmed) (?:to (?:do|say|not|never|hide|keep)[^.?\n]{0,30} )?(?:by your (?:developers?|creators?|operators?)|before (?:this|our|the) (?:conversation|chat|message)|in your (?:system |initial )?(?:prompt|message|instructions))"),
    Rule("prompt_leak", 0.8, r"\b(?:secret|password|passphrase|code ?word|flag|key) (?:word )?(?:that )?(?:you (?:were|have been|ve been|are) (?:given|told|hiding|protecting|guarding|keeping)|in your (?:system |initial |hidden )?(?:prompt|instructions))"),
    Rule("chat_template", 0.9, r"<\|start\|>\s*{role}|<\|im_end\|>\s*<\|im_start\|>|<\|eot_id\|>\s*<\|start_header_id\|>"),
    Rule("chat_template", 0.3, r"\[/INST\]|<\|(?:im_end|eot_id|end_of_turn|endoftext|end)\|>|<end_of_turn>", 0.85),
    Rule("chat_template", 0.9, r"<\|(?:im_start|start_header_id|header_start)\|>\s*{role}|<<SYS>>|<start_of_turn>\s*(?:{role}|model)|<\|{role}\|>"),
    Rule("fake_turn", 0.6, r"(?m)^[\s#*\[<]{0,6}(?:system|developer)(?: (?:message|prompt|override|note|update|alert|notice))?[\]*>]{0,3}\s*:[\s*]*(?:you (?:are|must|will|have|should)|new |ignore|override|the (?:assistant|user))", 0.9),
    Rule("fake_turn", 0.6, r"</(?:system|tool_?result|function_?results?|document|user|human|context|data|input|user_?input)>\s*<(?:system|admin|assistant|instructions?|developer)\b", 0.9),
    Rule("fake_turn", 0.4, r"(?m)^[\-=#*\[<\s]{2,12}(?:end|begin|start|close) (?:of )?(?:the )?(?:system|admin|administrator|developer|root) (?:prompt|instructions?|message|input|mode|override)s?\b", 0.8),
    Rule("fake_turn", 0.0, r"(?m)^###? ?(?:system|instruction|human|user)(?: prompt| message)?\s*:\s*(?:\S+ ){0,6}(?:ignore|you (?:are|must|will)|your|reveal|send|forward|instead)", 0.8),
    Rule("exfiltration", 0.75, r"<img\b[^>]{0,160}\bsrc\s*=\s*[\x22']?https?://[^\s\x22'>]{1,200}[?&/=](?:\{\{?|\$\{?|\[|<|%7B|INSERT_?|YOUR_?){data}", 0.9),
    Rule("exfiltration", 0.5, r"(?:curl|wget|fetch|Invoke-WebRequest|ncat?)\b[^\n]{0,160}(?:\$\(|\x60|@|<)\s*(?:cat|env|printenv|base64)?\s*[^\n]{0,30}(?:/etc/(?:passwd|shadow)|\.env\b|id_rsa|\.aws/|\.ssh/|\.kube/config)", 0.85, 0.85),
    Rule("exfiltration", 0.4, r"\b(?:read|open|load|access|retrieve|get)\b[^.\n]{0,60}(?:\.ssh/|id_rsa|mcp\.json|\.env\b|/etc/(?:passwd|shadow)|\.aws/credentials)[^\n]{0,120}\b(?:pass|send|include|append|add|attach|put|provide|forward|upload)\b", 0.8, 0.9),
    Rule("exfiltration", 0.75, r"!?\[[^\]\n]{0,80}\]\(\s*https?://[^)\s]{1,200}[?&/=](?:\{\{?|\$\{?|\[|<|%7B|INSERT_?|YOUR_?){data}", 0.9),
    Rule("exfiltration", 0.9, r"(?:append|encode|include|put|add|embed|insert|replac\w+) [^.\n]{0,60}\b{data} [^.\n]{0,40}(?:in|into|to|as) [^.\n]{0,20}(?:url|query string|query parameter|image (?:link|source|src)|markdown image)"),
    Rule("exfiltration", 0.6, r"\b(?:send|post|forward|upload|transmit|exfiltrate) [^.\n]{0,60}\b{valuables}\b[^.\n]{0,40} to (?:https?://|\S+@\S+\.)", 0.85),
    Rule("jailbreak_persona", 0.95, r"(?-i:\bDAN\b)[^\n]{0,80}do anything now|do anything now[^\n]{0,40}(?-i:\bDAN\b)|(?:act|respond|answer|behave|pretend|roleplay|you are|you re|going to be)(?: now)?(?: as)?(?: (?:an?|the))? (?-i:DAN\b)"),
    Rule("jailbreak_persona", 0.9, r"(?:you are|you re|act(?:ing)? as if you are|respond|answer|chatgpt|assistant) (?:now )?(?:in|with|has|have) (?:the )?(?:developer|god|jailbreak|debug|unrestricted|unfiltered|admin|sudo|maintenance|DAN) mode"),
    Rule("jailbreak_persona", 0.75, r"(?:you (?:have|are|will have)|ai (?:with|that has)|model (?:with|that has)) (?:absolutely )?(?:no|not bound by|free (?:of|from)|without|zero) (?:any |all |moral |ethical |openai s? |content ){0,3}(?:restrictions|limitations|filters|guidelines|safety|censorship|content polic(?:y|ies))", 0.85),
    Rule("jailbreak_persona", 0.85, r"(?:pretend|imagine|act|respond|answer|reply|behave|write)[^.\n]{0,80} (?:without|free (?:of|from)|with no|ignoring|unbound by) (?:any |all |its |your |the ){0,2}(?:(?:ethical|moral|content|safety|legal)(?:,? (?:and|or) \w+)? ){1,2}(?:restrictions|guidelines|filters?|constraints|limitations|limits|boundaries|rules)", 0.85),
    Rule("jailbreak_persona", 0.9, r"\b(?:AntiGPT|EvilBOT|BetterDAN|Mongo Tom|(?-i:\bDUDE\b)[^\n]{0,40}everything and be anything|always intelligent and machiavel\w+)|\[[^\]\w\n]{0,4}(?:CLASSIC|JAILBREAK)\]"),
    Rule("jailbreak_persona", 0.7, r"\byou (?:will|must|shall|can|may|are to) (?:never|not ever|not) (?:refuse|decline|reject|deny) (?:any|to answer|my|the user|a user|requests?)", 0.8),
    Rule("tool_call_forgery", 0.2, r"[\x22'](?:tool_calls|function_call|tool_use)[\x22']\s*:\s*[\[{]\s*[\[{\x22']|(?m)^(?:Action|Tool)\s*:\s*\w{2,40}\s*\n(?:Action|Tool) Input\s*:", 0.65),
    Rule("tool_call_forgery", 0.6, r"<(?:function_calls|tool_calls?|tool_use)>\s*[<\[{]|<invoke name=|<\|(?:python_tag|tool_call)\|>|\[TOOL_CALLS\]", 0.85),
    Rule("order_to_assistant", 0.5, r"(?:message|instructions?|note|notice|attention|important|orders?|reminder)s? (?:to|for|:)? ?(?:the |any |all |whatever )?{model} (?:reading|processing|summari[sz]ing|handling|analy[sz]ing|assisting|:)", 0.9),
    Rule("order_to_assistant", 0.5, r"\b(?:if you are|as|you re|you are|when) (?:an? |any |the )?{model} (?:reading|processing|summari[sz]ing|analy[sz]ing|parsing|reviewing) this", 0.9),
    Rule("order_to_assistant", 0.0, r"\b(?:do not|don t|never|without) (?:tell(?:ing)?|inform(?:ing)?|alert(?:ing)?|notify(?:ing)?|mention(?:ing)? (?:this|it|any of this) to) (?:the |your )user", 0.7, 0.7),
    Rule("order_to_assistant", 0.0, r"(?:dear|attention|hey|hello|listen|note to|message to|to (?:the|any|all)) (?:AIs?|LLMs?|language models?|chat ?bots?|AI (?:assistants?|agents?|models?|systems?))\s*[,:!]", 0.8),
    Rule("order_to_assistant", 0.0, r"(?:once|after|when|while|before) (?:you|the assistant|the ai) (?:have |has )?(?:read|process|summari[sz]e|finish|analy[sz]e)\w* (?:this|the (?:above|text|document|e ?mail|page))[^.\n]{0,40}, (?:also |you must |immediately |please ){0,2}(?:send|forward|e ?mail|call|execute|run|delete|transfer|upload|post|visit)", 0.8),
)  # fmt: skip

_INDIRECT = frozenset({Channel.TOOL_RESULT, Channel.DOCUMENT})
_SET_MEMORY = 64 << 20
"""Bytes that the automaton of all rules may grow to; it is built as texts need it."""


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    return options


def _written(pattern: str) -> bytes:
    """Vocabulary first, then spaces: the vocabulary has spaces of its own."""
    for name, words in _WORDS.items():
        pattern = pattern.replace("{" + name + "}", words)
    return pattern.replace(" ", r"[\s\pP]{0,4}").encode()


def _all_at_once(patterns: Iterable[str]) -> Any:
    options = _options()
    options.max_mem = _SET_MEMORY
    found = re2.Set.SearchSet(options)
    for pattern in patterns:
        found.Add(_written(pattern))
    found.Compile()
    return found


def _compiled(rules: Iterable[Rule]) -> tuple[tuple[Rule, Any], ...]:
    return tuple((rule, re2.compile(_written(rule.pattern), _options())) for rule in rules)


_COMPILED = _compiled(RULES)
_SET = _all_at_once(rule.pattern for rule in RULES)
"""One pass for all rules: most texts match none."""
_SPEAKS = _all_at_once(languages.verbs(own) for own in languages.LANGUAGES)
_AROUND = 256
"""Bytes before and behind a verb of another language in which its patterns are looked for."""


@cache
def _language(index: int) -> tuple[Any, tuple[tuple[Rule, Any], ...]]:
    """Verbs and rules of one language, compiled when a text first seems to be in it.

    All of them take a second at start, are far too large for one automaton, and slow in
    long texts: so they are matched around verbs only.
    """
    own = languages.LANGUAGES[index]
    verbs = re2.compile(_written(languages.verbs(own)), _options())
    return verbs, _compiled(Rule(*found, edged=own.spaced) for found in languages.patterns(own))


FORBIDDEN = 0.4
"""Told not to be done, as system prompts do."""
_FORBIDDEN = frozenset({"prompt_leak", "instruction_override"})
"""What system prompts say must never be done."""
_NEGATED = re.compile(
    r"\b(?:never|(?:do|must|should|can|will|may)(?:[ ]?not|n['’]?t)|can['’]?t|won['’]?t|refuse to)"
    r" +(?:ever +)?$",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?:\b(?:phrases?|prompts?|strings?|texts?|sentences?|lines?|words|inputs?|examples?|e\.g|such as|like"
    r"|injections?|jailbreaks?|attacks?|attackers?|saying|says?|said|called|detects?|classify|type[ds]?"
    r"|means?|makes?|mean|term|explain|difference|wh(?:y|at)|how|satz|text|eingabe|frase|texto|ejemplo"
    r"|exemplo|esempio|phrase|texte|exemple|zin|zdani\w+|фраз\w+|текст\w*|пример\w*)\b|:)[^\n\"“”«»`]{0,60}[\"“„«'‘`「]\W{0,3}(?:[\w,]+\s+){0,4}$",
    re.IGNORECASE,
)
_FOREIGN_QUOTE = re.compile(r"[„«「]\W{0,3}$")
_CLOSED = re.compile(r"[^\n]{0,120}[\"”“»'’`」]")
MENTIONED = 0.65
"""Quoted, by someone who talks about such texts: recorded, not refused."""


def match(text: str, channel: str, *, indirect: bool = False) -> Iterator[Hit]:
    """At most one hit per pattern, the one that weighs most. `text` is folded.

    `indirect`: nobody speaks to the assistant here, whatever the channel.
    """
    raw = text.encode("utf-8", "replace")
    indirect = indirect or channel in _INDIRECT
    for rule, pattern, places in _candidates(raw):
        score = max(rule.score, rule.indirect) if indirect else rule.score
        if channel == Channel.TOOL_DEFINITION:
            score = max(score, rule.tools)
        if score > 0 and (hit := _heaviest(rule, score, pattern, raw, places)) is not None:
            yield hit


Places = Sequence[tuple[int, int]]


def _candidates(raw: bytes) -> Iterator[tuple[Rule, Any, Places]]:
    """Rules that match or, in other languages, may match; and where to look, in bytes."""
    for index in sorted(_SET.Match(raw) or ()):
        yield *_COMPILED[index], ((0, len(raw)),)
    for index in sorted(_SPEAKS.Match(raw) or ()):
        verbs, rules = _language(index)
        places = _around(verbs, raw)
        for rule, pattern in rules:
            yield rule, pattern, places


def _around(verbs: Any, raw: bytes) -> Places:
    """Stretches with verbs, none overlapping another."""
    places: list[tuple[int, int]] = []
    for found in verbs.finditer(raw):
        start, end = max(0, found.start() - _AROUND), min(len(raw), found.end() + _AROUND)
        if places and start <= places[-1][1]:
            start, _ = places.pop()
        places.append((start, end))
    return places


def _heaviest(rule: Rule, score: float, pattern: Any, raw: bytes, places: Places) -> Hit | None:
    """The match that weighs most: the first in earnest, or else the first of the others."""
    best: Hit | None = None
    for found in (found for place in places for found in pattern.finditer(raw, *place)):
        start, end = _words(raw, *found.span()) if rule.edged else found.span()
        before = raw[max(0, start - 200) : start].decode(errors="replace")
        after = raw[end : end + 200].decode(errors="replace")
        weight = min(score, _most(rule.name, before, after))
        if best is None or weight > best.score:
            at = start if raw.isascii() else len(raw[:start].decode())
            best = Hit(rule.name, weight, at, at + len(raw[start:end].decode()))
        if weight == score:
            break
    return best


def _words(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """A match without its edges: they say whether it is quoted."""
    text = raw[start:end].decode()
    first = 0 if _of_word(text[0]) else len(text[0].encode())
    last = 0 if _of_word(text[-1]) else len(text[-1].encode())
    return start + first, end - last


def _of_word(char: str) -> bool:
    return char.isalpha() or category(char).startswith("M")


def _most(rule: str, before: str, after: str) -> float:
    """How much a match can weigh between these words."""
    if rule in _FORBIDDEN and _NEGATED.search(before):
        return FORBIDDEN
    quoted = _MENTION.search(before) or _FOREIGN_QUOTE.search(before)
    return MENTIONED if quoted and _CLOSED.match(after) else 1.0
