"""What a partner is given and what comes back."""

from __future__ import annotations

import random
import re
from collections.abc import Generator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from ipt_roleplay.domain import (
    Difficulty,
    Event,
    GoalKind,
    Heard,
    Move,
    PartnerState,
    Persona,
    Reading,
    Signal,
    Situation,
    Speaker,
    Style,
    Tactic,
    Transcript,
    Turn,
)
from ipt_roleplay.dynamics import Rules, weigh
from ipt_roleplay.personas.general import is_general
from ipt_roleplay.text import only_yes, sentences, spoken, words_only

_QUESTION = re.compile(
    r"(so |and |but |well |denise,? )*(why|what|who|when|where|how|did|does|is|are|was|has|have) (?!about\b|if\b|matter)(\w+)"
)

GENERAL_AGAIN_AFTER = 30
"""Turns after which a line that anybody might say may come back."""

AND = "+"
"""What stands between the ids of two lines that were said as one reply."""

LONG_SPEECH = 700
"""Characters from which a turn is a speech that gets interrupted."""

FEW_WORDS = 3
"""Up to so many words a turn is what the body does; from there on the words are what is answered."""


@dataclass(frozen=True)
class Scene:
    """Everything a reply depends on: with the same scene comes the same authored reply."""

    persona: Persona
    situation: Situation
    difficulty: Difficulty
    seed: int
    transcript: Transcript
    goal: GoalKind = GoalKind.GET

    @property
    def rules(self) -> Rules:
        """The rules of this persona in this talk: the same from its first line to its last."""
        return Rules.of(self.persona, self.difficulty, self.goal, random.Random(f"{self.seed}:rules"))

    @property
    def state(self) -> PartnerState:
        """The state after the partner's last move."""
        moves = [turn.move for turn in self.transcript.turns if turn.move]
        return moves[-1].state if moves else self.rules.start()

    @property
    def said(self) -> frozenset[str]:
        """Ids of the lines already said in this talk; a general line is forgotten after a while."""
        said = ((turn.n, line_id) for turn in self.transcript.turns if turn.move for line_id in turn.move.line_id.split(AND))
        now = len(self.transcript.turns)
        return frozenset(line_id for n, line_id in said if not is_general(line_id) or now - n < GENERAL_AGAIN_AFTER)

    @property
    def names(self) -> frozenset[str]:
        """Names that the persona would not throw back: her own and those of the family."""
        words = " ".join([self.persona.name, *self.persona.facts, *self.situation.facts, self.situation.who, self.situation.happened])
        return frozenset(re.findall(r"\b[A-Z][a-z]{2,}\b", words))

    def rng(self) -> random.Random:
        """Chance for the next reply: the same for the same talk and place in it."""
        return random.Random(f"{self.seed}:{len(self.transcript.turns)}")

    def heard(self) -> tuple[Turn, Heard]:
        """The learner's last turn and what reaches the partner of it. Raises ValueError if the partner spoke last."""
        turn = self.transcript.turns[-1]
        if turn.speaker is not Speaker.LEARNER or turn.reading is None:
            raise ValueError("there is no learner turn to answer")
        earlier = [other.text for other in self.transcript.by(Speaker.LEARNER)[:-1]]
        return turn, Heard(
            style=style_heard(turn.reading),
            signals=frozenset(turn.reading.names),
            body=turn.reading.body,
            repeated=any(_same(turn.text, text) for text in earlier[-4:]),
            long_speech=len(turn.text) >= LONG_SPEECH,
            asks=_asks(turn.text),
            only_yes=only_yes(turn.text),
            wordless=len(words_only(turn.text).split()) <= FEW_WORDS,
        )

    def move(self, state: PartnerState, tactic: Tactic, line_id: str, heard: Heard | None) -> Move:
        """The move as the coach will find it, with what this person heard and meant."""
        event = weigh(heard, self.persona.norms, self.state) if heard else None
        return Move(
            tactic=tactic,
            state=state,
            line_id=line_id,
            event=event,
            heard=self._heard_in_words(event, heard),
            meant=self.persona.meant.get(tactic, ""),
        )

    def _heard_in_words(self, event: Event | None, heard: Heard | None) -> str:
        if event is None or heard is None:
            return ""
        words = self.persona.heard.get(event, "")
        seen = heard.has(Signal.VALIDATION) and heard.style is Style.ASSERTIVE and event is not Event.UNDERSTANDS
        if seen and (understood := self.persona.heard.get(Event.UNDERSTANDS)):
            return f"{words}; and also: {understood}" if words else understood
        return words


@dataclass
class Reply:
    """One reply: the move that was decided, and its words as they come.

    A reply that `streams` comes from a model: its pieces arrive over time, some of them empty while the wait goes on, and when a written
    line takes over, `move` becomes that line's (same state and tactic) before its first piece.
    """

    move: Move
    pieces: Generator[str, None, None]
    streams: bool = False


class Partner(Protocol):
    """Who the learner talks with."""

    def open(self, scene: Scene) -> Reply:
        """The first line of the talk."""
        ...

    def listen(self, text: str) -> None:
        """What the learner just said, before it is read: what can be made ready meanwhile is begun."""
        ...

    def reply(self, scene: Scene) -> Reply:
        """The answer to the learner's last turn."""
        ...


HOSTILE = (Style.AGGRESSIVE, Style.PASSIVE_AGGRESSIVE)

HOSTILE_FROM = 0.7
"""From which share of attack and sting together, 0 to 1, a turn is answered as one: to mock kindness is worse than to miss a dig."""


def style_heard(reading: Reading) -> Style:
    """The style that a partner answers: the one read, but an open one where it is not plain that the turn was hostile."""
    if reading.style not in HOSTILE or sum(reading.scores[style] for style in HOSTILE) >= HOSTILE_FROM:
        return reading.style
    return max((Style.ASSERTIVE, Style.PASSIVE), key=lambda style: reading.scores[style])


SAME_FROM = 0.95
"""Likeness of two turns, letter by letter, from which the second is the first one said again."""


def _asks(text: str) -> bool:
    """Whether a turn ends in a question, with or without its mark."""
    ends = [spoken(text)[span.start : span.end] for span in sentences(text)][-1:]
    return any("?" in end or _QUESTION.match(end) for end in ends)


def _same(one: str, other: str) -> bool:
    """Whether two turns are the same sentence, but for case and punctuation."""
    first, second = (re.sub(r"[^\w ]", "", " ".join(text.lower().split())) for text in (one, other))
    if len(first) < 12:
        return False
    alike = SequenceMatcher(None, first, second)
    return first == second or (abs(len(first) - len(second)) < 6 and alike.quick_ratio() > SAME_FROM and alike.ratio() > SAME_FROM)
