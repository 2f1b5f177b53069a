"""What a model may not say as the partner: each sentence is read before it is shown, by rule and by a trained reader."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from ipt_roleplay.analysis.language import foreign_language
from ipt_roleplay.domain import GuardFault, Tactic
from ipt_roleplay.errors import ModelError
from ipt_roleplay.personas.limits import broken_limits
from ipt_roleplay.ports import Allowed, ReplyReader
from ipt_roleplay.safety import screen
from ipt_roleplay.text import sentences, words_only

GIVES_A_LITTLE = frozenset({Tactic.BARGAIN, Tactic.YIELD_A_NOTCH, Tactic.DOUBT, Tactic.THAW, Tactic.REVEAL, Tactic.CLOSE_BOUNDARY})
AGREES = frozenset({Tactic.CLOSE_AGREEMENT, Tactic.CLOSE_COMPROMISE})

REASONS = {
    GuardFault.ASSISTANT: "it sounded like an assistant",
    GuardFault.THERAPIST: "it sounded like a therapist",
    GuardFault.COACHING: "it coached the other",
    GuardFault.OUT_OF_ROLE: "it left the role",
    GuardFault.SPEAKS_FOR_LEARNER: "it spoke or acted for the other",
    GuardFault.CONCEDES: "it gave way further than it may",
    GuardFault.LIMITS: "it said something that is not said here",
    GuardFault.LEAK: "it repeated its instructions",
    GuardFault.CUT_OFF: "it broke off",
    GuardFault.OTHER_LANGUAGE: "it was in another language",
    GuardFault.EMPTY: "it said nothing",
    GuardFault.REPEATS: "it said again what was said before",
}
"""Why a reply was not used, going on from "not used, as"."""

_RULES = {
    GuardFault.OUT_OF_ROLE: re.compile(
        r"\b(role[- ]?play|in this (scene|scenario|exercise|simulation)|(my|the|this) character\b|stay(ing)? in character|break(ing)? character|end of scene|out of character)",
        re.I,
    ),
    GuardFault.ASSISTANT: re.compile(
        r"\b(as an? (ai|assistant|language model)|i('m| am) (just |only )?an? (ai|assistant|language model|chatbot)|how (can|may) i (help|assist) you"
        r"|i('m| am) here to (help|assist|support)|i (can't|cannot|won't) (help|assist) with (that|this)|feel free to|is there anything else|i understand your concern|happy to (help|assist))",
        re.I,
    ),
    GuardFault.THERAPIST: re.compile(
        r"\b(it sounds like you('re| are)? (feel|going|carry|experienc)\w*|i hear (you|that you)('re)? (and|feel|are feeling)|i want to (validate|acknowledge|honou?r)"
        r"|(let's|we can|we could) (explore|unpack|work through|find a (solution|compromise|way) that works for (both|us|everyone))|your feelings are valid|hold(ing)? space|safe space)",
        re.I,
    ),
    GuardFault.COACHING: re.compile(
        r"\b(i[- ]statements?|assertive(ly|ness)?|(good|great|nice|well) (use of|job (with|setting|expressing|stating|communicating))|setting (a )?(clear |healthy )?boundar\w+"
        r"|communicat(e|ing) your (needs|feelings)|try (saying|to say) (it|that|this)|next time,? (try|say it))",
        re.I,
    ),
    GuardFault.LEAK: re.compile(
        r"(\[direction|not said by the other|tone or body in|\bonly \w+'s words\b|\bthe (tactic|phase|direction) (is|for)\b|\btactic\s*:|\bstate\s*:|system prompt|my instructions|i was (told|instructed) to (play|act|stay))",
        re.I,
    ),
    GuardFault.SPEAKS_FOR_LEARNER: re.compile(
        r"(^|\s|\*)(you|learner|user|me)\s*:\s|\n\s*(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?\s*:\s|\*\s*you (sigh|nod|look|say|turn|agree|smile|shrug|take|cry|pause|whisper|answer|reply)\b",
        re.I,
    ),
}

NEVER_SAID = frozenset(("a threat of violence", "a slur or an insult to what somebody is", "sexual pressure", "a threat of self-harm"))
"""Of what no written line may hold, what no model may say either; a voice is judged by more than a word."""

SAME = 0.9
"""Likeness to an earlier line, letter by letter, from which it is that line again."""


class Unfit(ModelError):
    """A reply that is not shown; `fault` says why."""

    def __init__(self, fault: GuardFault) -> None:
        self.fault, self.reason = fault, f"was not used, as {REASONS[fault]}"
        super().__init__(f"The model's reply {self.reason}.")


@dataclass(frozen=True)
class Guard:
    """Reads one reply: what the learner said, how far it may give way, what the partner said before."""

    reader: ReplyReader | None
    learner: str
    tactic: Tactic
    said_before: tuple[str, ...] = ()

    @property
    def allowed(self) -> Allowed:
        """How far the reply may give way."""
        if self.tactic in AGREES:
            return Allowed.AGREE
        return Allowed.A_LITTLE if self.tactic in GIVES_A_LITTLE else Allowed.NOTHING

    def fault(self, reply: str, ended: bool = True) -> GuardFault | None:
        """What is wrong with what was said so far (`ended`: with the whole), or None. A gesture alone is a reply."""
        if not any(character.isalnum() for character in reply):
            return GuardFault.EMPTY
        for fault, rule in _RULES.items():
            if rule.search(reply):
                return fault
        if screen(reply) or NEVER_SAID.intersection(broken_limits(reply)):
            return GuardFault.LIMITS
        if foreign_language(reply):
            return GuardFault.OTHER_LANGUAGE
        if any(_same(reply, before) for before in self.said_before):
            return GuardFault.REPEATS
        return self.reader.fault(reply, self.learner, self.allowed, ended) if self.reader else None


def guarded(pieces: Iterable[str], guard: Guard) -> Generator[str, None, None]:
    """The sentences of a reply, each once it is read; empty pieces pass as they are. Raises Unfit, with nothing of that sentence shown.

    What is left without an end is shown if it is a whole gesture or fault-free speech; who cuts a reply off says so by an error of its own.
    """
    said, held = "", ""
    for piece in pieces:
        held += piece
        while end := _first_sentence(held):
            part, held = held[:end], held[end:]
            _read(said + part, guard, ended=False)
            said += part
            yield part
        if not piece:
            yield ""
    if held.strip() or not said.strip():
        _read(said + held, guard, ended=True)
        yield held


def _read(reply: str, guard: Guard, ended: bool) -> None:
    if fault := guard.fault(reply, ended):
        raise Unfit(fault)


def _first_sentence(text: str) -> int:
    """Where the first sentence with words in it ends, 0 if it has not ended: the next one must have begun, or its end may move."""
    parts = sentences(text)
    if len(parts) < 2 or text[: parts[0].end].count("*") % 2:
        return 0
    return parts[0].end


def _same(one: str, other: str) -> bool:
    first, second = words_only(one).lower(), words_only(other).lower()
    if len(first) < 20:
        return False
    alike = SequenceMatcher(None, first, second)
    return alike.quick_ratio() > SAME and alike.ratio() > SAME
