"""What a written line may carry of the learner's own: the words just said, a claim from earlier, a day, a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ipt_roleplay.domain import Signal, Speaker, Transcript, Turn
from ipt_roleplay.personas.limits import broken_limits
from ipt_roleplay.text import clauses, words_only

SLOT = re.compile(r"\{(echo|words|thing|earlier|day|person)\}")

CLAIMS = (Signal.REFUSAL, Signal.JUSTIFICATION, Signal.OVER_APOLOGY, Signal.HEDGING)
"""What a person would throw back: the no, the reason, the apology, the maybe."""

EARLIER_BY = 3
"""Learner turns that must lie between a claim and its being thrown back."""

_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b(?: (?:morning|afternoon|evening|night))?", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
_NO_NAME = re.compile(
    r"(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"christmas|easter|english|god|mum|mom|dad|mam|doctor|sorry|okay|yes|please|the|this|that|there|and|but|what|why|when|how|you",
    re.IGNORECASE,
)


def fillings(transcript: Transcript, own_names: frozenset[str] = frozenset()) -> Mapping[str, str | None]:
    """What each slot can be filled with after this much of the talk; None: with nothing.

    `own_names`: names that the persona is called by, which are no news to anybody.
    """
    return {slot: found(transcript, own_names) for slot, found in _FILLINGS.items()}


def fill(line: str, filled: Mapping[str, str | None]) -> str | None:
    """The line with its slots filled; None where one of them cannot be."""
    if "{" not in line:
        return line
    if not all(filled[slot] for slot in SLOT.findall(line)):
        return None
    return SLOT.sub(lambda match: _at_the_start(str(filled[match.group(1)])) if match.start() == 0 else str(filled[match.group(1)]), line)


def _at_the_start(words: str) -> str:
    return words[0].upper() + words[1:]


def _echo(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    turns = transcript.by(Speaker.LEARNER)
    return _claim(turns[-1]) if turns else None


WORDS_AT_MOST = 5


def _words(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    """One to five words just said, of any kind: the last clause that is that short, and no question; what no persona may say is not said back."""
    turns = transcript.by(Speaker.LEARNER)
    if not turns or broken_limits(turns[-1].text):
        return None
    for clause in reversed(clauses(turns[-1].text)):
        whole = turns[-1].text[clause.start : clause.end]
        text = whole.strip(" ,.!?;:…-–—\"'()")
        if len(text.split()) <= WORDS_AT_MOST and _tells(text) and text.isascii() and "*" not in text and "?" not in whole:
            return text[0].upper() + text[1:]
    return None


def _tells(words: str) -> bool:
    """Whether words are worth saying back: "marvellous" is, "do you" is not."""
    told = [word for word in re.findall(r"[\w']+", words.lower()) if word not in _TELL_NOTHING]
    return any(len(word) >= 5 for word in told) or sum(len(word) for word in told) >= 9


_TELL_NOTHING = frozenset(
    [
        "shall",
        "could",
        "would",
        "should",
        "there",
        "where",
        "which",
        "about",
        "after",
        "again",
        "because",
        "don't",
        "can't",
        "won't",
        "isn't",
        "didn't",
        "doesn't",
        "wouldn't",
        "couldn't",
        "those",
        "these",
        "their",
        "they're",
        "you're",
        "that's",
        "what's",
        "haven't",
        "aren't",
        "really",
        "actually",
        "anyway",
        "right",
        "please",
        "sorry",
        "thank",
        "thanks",
        "alright",
        "suppose",
        "you",
        "i",
        "do",
        "did",
        "it",
        "is",
        "was",
        "and",
        "but",
        "the",
        "a",
        "to",
        "of",
    ]
)


_THING = re.compile(
    r"\b(the|my|her|his|our|their) ([a-z]{3,}(?:'s [a-z]{3,})?)"
    r"(?=[.,!?;:…)]|$| (?:and|but|or|for|on|in|at|to|with|from|when|because|cos|so|if|before|after|by|about|is|was|are|were)\b)"
)
_NO_THING = re.compile(
    r"(thing|things|way|ways|moment|bit|bits|time|times|day|days|point|minute|minutes|same|other|others|lot|first|second|third|right|whole|least|most|last|next|rest|"
    r"middle|hell|fact|truth|kind|sort|while|couple|question|answer|answers|word|words|one|ones|two|end|start|morning|evening|afternoon|week|weeks|month|months|"
    r"year|years|self|own|name|fault|problem|side|mind|head|face|heart|life|love|best|worst|idea|reason|matter|weekend|night|tonight|now|then|too|"
    r"just|only|even|still|all|much|enough|here|there|you|she|mum|dad|mam|mother|father|sister|brother|husband|wife|family|body|hand|hands|eye|eyes|feet|foot|heels|knees|shoes|shoulders|neck|arm|arms|nose|ear|ears|mouth|tongue|teeth|fingers|place|floor|table|top|bottom|plate|edge|edges|"
    r"world|road|air|please|happy|upset|angry|sad|worse|better|harder|easier|alone|again|safe|sorry|wrong|tired|ill|cross|mad|proud|home|"
    r"down|off|over|back|away|everything|anything|nothing|something|"
    r"\w+ly|\w+ing)"
)
_SEEN_FROM_THERE = {"my": "your"}


def _thing(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    """The last thing that was just named, as the partner would name it ("my shift": your shift); the partner's own things are never news to them."""
    turns = transcript.by(Speaker.LEARNER)
    found = _THING.findall(words_only(turns[-1].text).lower().replace("’", "'")) if turns else []
    named = (f"{_SEEN_FROM_THERE.get(which, which)} {thing}" for which, thing in reversed(found) if not _NO_THING.fullmatch(thing))
    return next((thing for thing in named if not broken_limits(thing)), None)


def _earlier(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    """The latest claim that lies far enough back, and is not what was just said again."""
    turns = transcript.by(Speaker.LEARNER)
    now = (_claim(turns[-1]) or "").lower() if turns else ""
    claims = (_claim(turn) for turn in reversed(turns[: -EARLIER_BY - 1] if len(turns) > EARLIER_BY else ()))
    return next((claim for claim in claims if claim and claim.lower() != now), None)


def _claim(turn: Turn) -> str | None:
    """Two to six words in which the turn says no, gives a reason, apologises or wavers."""
    if turn.reading is None:
        return None
    for signal in CLAIMS:
        for span in (span for span in turn.reading.signals if span.signal is signal):
            for clause in clauses(turn.text):
                whole = turn.text[clause.start : clause.end]
                text = whole.strip(" ,.!?;…-–—\"'")
                about_the_span = abs(clause.start - span.start) <= 6 and clause.end <= span.end + 8
                if about_the_span and 2 <= len(text.split()) <= 6 and "*" not in text and not whole.endswith("?"):
                    return text[0].upper() + text[1:]
    return None


def _day(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    turns = transcript.by(Speaker.LEARNER)
    found = next((match for turn in reversed(turns) for match in _DAY.findall(turn.text)), None)
    return found[0].upper() + found[1:] if found else None


def _person(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    names = (name for turn in reversed(transcript.by(Speaker.LEARNER)) for name in _NAME.findall(turn.text))
    return next((name for name in names if not _NO_NAME.fullmatch(name) and name not in own_names), None)


_FILLINGS: dict[str, Callable[[Transcript, frozenset[str]], str | None]] = {
    "echo": _echo,
    "words": _words,
    "thing": _thing,
    "earlier": _earlier,
    "day": _day,
    "person": _person,
}
