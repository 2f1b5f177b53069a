"""A partner who speaks from written lines: nothing is sent anywhere, and the same talk brings the same answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ipt_roleplay.domain import Body, Event, Heard, LineFamily, Move, PartnerState, Signal, Situation, Tactic, Turn
from ipt_roleplay.dynamics import respond
from ipt_roleplay.partner.reply import AND, Reply, Scene
from ipt_roleplay.partner.slots import fill, fillings
from ipt_roleplay.ports import Encoder
from ipt_roleplay.text import sentences, words_only

ANY_TURN = 0.45
"""What a line for any turn counts beside the similarity of a line written for such a turn."""

CHANCE = 0.15
"""How much chance decides between lines that fit about equally well, so that the same words do not bring the same talk every time."""

SLOT_IS_WELCOME = 0.08
"""How much sooner a line comes that carries the learner's own words, once in a few turns."""

TO_BE_TAKEN_UP = 0.3
"""How much sooner a reply begins with the learner's own words, or with the thing just named, than with a word on the kind of turn."""

FOR_WHAT_WAS_SEEN = 0.7
"""What a line for a body counts where that body was seen."""

LAST_WORDS = 24
"""So many words of a long sentence are compared with what lines answer: it is answered where it ends, and the rest would only cost time."""

LAST_SENTENCES, LAST_CHARACTERS, SHORTEST = 2, 400, 8
"""So many sentences are compared with what lines answer, out of so many characters, none shorter than this."""

SORT_FITS = 0.55
"""Similarity from which a turn is of the sort that a word before a line takes up."""

FITS = 0.5
"""Similarity to a family's example turns from which its lines answer what was just said."""

TAKEN_UP = 0.75
"""How often a line for any turn is begun with a word on what was just said, where nothing is known of the turn but what it amounts to."""

_NEAR: dict[Tactic, tuple[Tactic, ...]] = {
    Tactic.ORDER: (Tactic.URGENCY, Tactic.PIN_DOWN),
    Tactic.DICTATE: (Tactic.ORDER,),
    Tactic.CHARM: (Tactic.MINIMISE, Tactic.CHANGE_SUBJECT),
    Tactic.MINIMISE: (Tactic.BRUSH_OFF, Tactic.EXCUSE),
    Tactic.TWIST_WORDS: (Tactic.RIDICULE, Tactic.COMPARE),
    Tactic.MOVE_GOALPOSTS: (Tactic.EXCUSE, Tactic.URGENCY),
    Tactic.EXCUSE: (Tactic.URGENCY, Tactic.MINIMISE),
    Tactic.PIN_DOWN: (Tactic.ORDER, Tactic.MINIMISE),
    Tactic.URGENCY: (Tactic.ORDER, Tactic.GUILT),
    Tactic.COMPARE: (Tactic.GUILT, Tactic.PAST_FAVOURS),
    Tactic.STING: (Tactic.RIDICULE, Tactic.COUNTERATTACK),
    Tactic.RIDICULE: (Tactic.STING, Tactic.PIN_DOWN),
    Tactic.REPEAT: (Tactic.RIDICULE, Tactic.PIN_DOWN),
    Tactic.REACT_BODY: (Tactic.PIN_DOWN, Tactic.ORDER),
    Tactic.INTERRUPT: (Tactic.CHANGE_SUBJECT, Tactic.PIN_DOWN),
    Tactic.DOUBT: (Tactic.BARGAIN, Tactic.ANSWER),
    Tactic.REVEAL: (Tactic.ANSWER, Tactic.THAW),
    Tactic.THAW: (Tactic.ANSWER, Tactic.DOUBT),
    Tactic.ANSWER: (Tactic.THAW, Tactic.DOUBT),
    Tactic.BARGAIN: (Tactic.DOUBT,),
    Tactic.YIELD_A_NOTCH: (Tactic.BARGAIN, Tactic.DOUBT),
}
"""What stands in when a tactic has no line left that was not said."""


@dataclass(frozen=True)
class Decision:
    """A turn and what the partner does with it; `fits` says how near the turn is to what each family of lines answers."""

    turn: Turn
    heard: Heard
    state: PartnerState
    tactic: Tactic
    fits: Mapping[str, float]
    rng: random.Random


KNOWN = 0.85
"""Likeness to an example from which a turn is that example."""

_NO_ANSWER = (Tactic.OPENING, Tactic.TAKE_UP)
"""Lines that are never a whole reply in the middle of a talk."""

_LAST_RESORT = (Tactic.SILENCE, Tactic.ORDER, Tactic.GUILT, Tactic.COMPARE, Tactic.PIN_DOWN, Tactic.BRUSH_OFF, Tactic.CHANGE_SUBJECT)


class AuthoredPartner:
    """Chooses among the situation's lines by tactic, tension, and what kind of turn each line answers."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._examples = lru_cache(maxsize=64)(self._encode_examples)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="listening")
        self._hearing = lru_cache(maxsize=64)(self._hear)

    def open(self, scene: Scene) -> Reply:
        """The first line of the talk."""
        state = scene.state
        lines = [line for line in _Unsaid(scene).of(Tactic.OPENING) if line.family.suits(state.tension, goal=scene.goal)]
        chosen = _best(lines, {}, scene, scene.rng())
        return _spoken(scene.move(state, Tactic.OPENING, chosen.id, None), chosen.words)

    def reply(self, scene: Scene) -> Reply:
        """The answer to the learner's last turn: state first, then tactic, then words."""
        return self.say(scene, self.decide(scene))

    def get_ready(self, situation: Situation) -> None:
        """Encode what the lines of a situation answer, about a second for one: else its first reply waits for that."""
        self._examples(situation)

    def listen(self, text: str) -> None:
        """Begin to compare what the learner just said with what lines answer, while it is still being read."""
        self._hearing(tuple(_last_sentences(text)))

    def _hear(self, parts: tuple[str, ...]) -> Future[np.ndarray]:
        return self._beside.submit(self._encoder.encode, parts)

    def decide(self, scene: Scene, by_lines: bool = True) -> Decision:
        """What to do with the learner's last turn, before any words.

        `by_lines`: among moves that are equally right, one comes sooner that has a line written for such a turn; False where the words come
        from elsewhere, which also saves the time to look.
        """
        turn, heard = scene.heard()
        rng = scene.rng()
        fits = self._fits(scene.situation, turn) if by_lines else {}
        moves = {family.id for family in scene.situation.families if family.tactic is not Tactic.TAKE_UP}
        heard = replace(heard, topics=frozenset(family for family, fit in fits.items() if fit >= FITS and family in moves))
        if turn.reading and _known_dig(scene.situation, fits):
            heard = replace(heard, style=turn.reading.style)
        state, tactic = respond(scene.state, heard, scene.rules, rng, _by_tactic(scene, fits) if by_lines else None)
        return Decision(turn, heard, state, tactic, fits, rng)

    def say(self, scene: Scene, decided: Decision) -> Reply:
        """The written line for what was decided; draws on the decision's chance, so it is asked once for each."""
        if not decided.fits:
            decided = replace(decided, fits=self._fits(scene.situation, decided.turn))
        chosen = _choose(scene, decided)
        move = scene.move(decided.state, decided.tactic, chosen.id, decided.heard)
        taking_up = _take_up(scene, decided, move.event, chosen)
        if taking_up is None:
            return _spoken(move, chosen.words)
        return _spoken(replace(move, line_id=f"{taking_up.id}{AND}{chosen.id}"), f"{taking_up.words} {chosen.words}")

    def _fits(self, situation: Situation, turn: Turn) -> Mapping[str, float]:
        """For each family: how near the turn is to the kinds of turn it answers; a family for any turn is left out."""
        parts = tuple(_last_sentences(turn.text))
        if not parts:
            return {}
        matrix, owners, starts = self._examples(situation)
        if not owners:
            return {}
        near = np.max(matrix @ self._hearing(parts).result().T, axis=1)
        return dict(zip(owners, np.maximum.reduceat(near, starts).tolist(), strict=True))

    def _encode_examples(self, situation: Situation) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
        """A row for each example, the families that have some, and where the rows of each begin."""
        families = [family for family in situation.families if family.answers]
        examples = [example for family in families for example in family.answers]
        matrix = self._encoder.encode(examples) if examples else np.zeros((0, 384), dtype=np.float32)
        starts = np.cumsum([0, *(len(family.answers) for family in families[:-1])])
        return matrix, tuple(family.id for family in families), starts


@dataclass(frozen=True)
class _Line:
    """A line that can be said now: its slots are filled."""

    family: LineFamily
    id: str
    number: int
    words: str
    has_slots: bool


def _last_sentences(text: str) -> list[str]:
    """The last sentences of a turn, each by itself, as what was said in the one before the last may be what a line answers; its last words where they are many."""
    text = text[-LAST_CHARACTERS:]
    parts = [words_only(text[span.start : span.end]) for span in sentences(text) if span.end - span.start >= SHORTEST]
    parts = [part for part in parts if part][-LAST_SENTENCES:] or [words_only(text)]
    return [" ".join(part.split()[-LAST_WORDS:]) for part in parts if part]


def _known_dig(situation: Situation, fits: Mapping[str, float]) -> bool:
    """Whether these words are, nearly word for word, ones to which this persona has an answer for stings and attacks: then there is no doubt."""
    nearest = max(_moves(situation), key=lambda family: fits.get(family.id, 0.0))
    return nearest.tactic in (Tactic.STING, Tactic.COUNTERATTACK) and fits.get(nearest.id, 0.0) >= KNOWN


class _Unsaid:
    """The lines that were not said in this talk, by tactic, with their slots filled."""

    def __init__(self, scene: Scene) -> None:
        self._situation, self._said = scene.situation, scene.said
        self._filled = fillings(scene.transcript, scene.names)

    def of(self, tactic: Tactic) -> list[_Line]:
        """Those of one tactic whose slots can be filled."""
        found = []
        for family in self._situation.by_tactic[tactic]:
            for number, (line_id, line) in enumerate(zip(family.line_ids(), family.say, strict=True)):
                words = None if line_id in self._said else fill(line, self._filled)
                if words:
                    found.append(_Line(family, line_id, number, words, words != line))
        return found


def _by_tactic(scene: Scene, fits: Mapping[str, float]) -> dict[Tactic, float]:
    """How well each tactic's best unsaid line suits the turn."""
    best: dict[Tactic, float] = {}
    said = scene.said
    for family in _moves(scene.situation):
        if any(line_id not in said for line_id in family.line_ids()):
            best[family.tactic] = max(best.get(family.tactic, 0.0), fits.get(family.id, 0.0) if family.answers else ANY_TURN)
    return best


def _choose(scene: Scene, decided: Decision) -> _Line:
    """The best line of the tactic, else of a near one, else of one that nearly always fits, else any that is left."""
    unsaid, suits = _Unsaid(scene), _suits(scene, decided)
    for wanted in (decided.tactic, *_NEAR.get(decided.tactic, ()), *_LAST_RESORT):
        lines = [line for line in unsaid.of(wanted) if suits(line.family) and _answers(line.family, decided.fits)]
        if lines:
            return _best(lines, decided.fits, scene, decided.rng)
    spare = [line for tactic in Tactic if not tactic.startswith("close_") and tactic not in _NO_ANSWER for line in unsaid.of(tactic)]
    if not spare:
        raise ValueError(f"situation {scene.situation.id!r} has no lines left to say")
    return _best(spare, decided.fits, scene, decided.rng)


def _suits(scene: Scene, decided: Decision) -> Callable[[LineFamily], bool]:
    """Whether a family's lines are right as things stand after this turn."""
    state, body = decided.state, _seen(decided.heard)
    return lambda family: family.suits(state.tension, state.phase, body, scene.goal, scene.state.revealed)


_STANDS_ALONE = frozenset({Tactic.SILENCE, Tactic.INTERRUPT, Tactic.REPEAT, Tactic.REVEAL, Tactic.TAKE_MORE})
"""Moves that nobody begins with a word on what was just said."""


def _take_up(scene: Scene, decided: Decision, event: Event | None, chosen: _Line) -> _Line | None:
    """A few words on what was just said, to begin a line with that would go with any turn; None where the line needs none, or none fits."""
    of_its_own = bool(chosen.family.answers or chosen.family.bodies) or chosen.has_slots or chosen.words.startswith("...")
    if of_its_own or chosen.family.tactic in _STANDS_ALONE or chosen.family.tactic.startswith("close_"):
        return None
    suits = _suits(scene, decided)
    lines = [
        line
        for line in _Unsaid(scene).of(Tactic.TAKE_UP)
        if event in line.family.after
        and suits(line.family)
        and (not line.family.answers or decided.fits.get(line.family.id, 0.0) >= SORT_FITS)
    ]
    if not lines:
        return None
    best = _best(lines, decided.fits, scene, decided.rng)
    known = bool(best.family.answers or best.family.bodies)
    return best if known or decided.rng.random() < TAKEN_UP else None


def _moves(situation: Situation) -> tuple[LineFamily, ...]:
    """The families that are moves of their own."""
    return tuple(family for family in situation.families if family.tactic is not Tactic.TAKE_UP)


def _seen(heard: Heard) -> Body | None:
    """What the partner sees: the body, or that nothing comes."""
    return heard.body or (Body.SILENT if heard.has(Signal.SILENCE) else None)


def _answers(family: LineFamily, fits: Mapping[str, float]) -> bool:
    """Whether a family's lines make sense after this turn: they are for any turn, or for what was seen, or the turn is near those they answer."""
    always = family.tactic is Tactic.REVEAL or family.tactic.startswith("close_") or bool(family.bodies)
    return always or not family.answers or fits.get(family.id, 0.0) >= FITS


def _best(lines: list[_Line], fits: Mapping[str, float], scene: Scene, rng: random.Random) -> _Line:
    lately, just_now = (_said_in(scene.transcript.turns[-number:]) & scene.situation.with_slots for number in (5, 2))

    def score(line: _Line) -> float:
        fit = fits.get(line.family.id, 0.0) if line.family.answers else ANY_TURN
        if line.family.bodies:
            fit = max(fit, FOR_WHAT_WAS_SEEN)
        if line.has_slots and line.family.tactic is Tactic.TAKE_UP:
            fit += -5.0 if just_now else TO_BE_TAKEN_UP
        elif line.has_slots:
            fit += -5.0 if lately else SLOT_IS_WELCOME
        if line.family.tactic is Tactic.REVEAL:
            fit -= 0.2 * line.number
        return fit + rng.uniform(0.0, CHANCE)

    return max(lines, key=score)


def _said_in(turns: Sequence[Turn]) -> set[str]:
    return {line_id for turn in turns if turn.move for line_id in turn.move.line_id.split(AND)}


def _spoken(move: Move, line: str) -> Reply:
    return Reply(move, _words(line))


def _words(line: str) -> Generator[str, None, None]:
    """The line, word by word, so that it can be shown as it is said."""
    yield from re.findall(r"\S+\s*", line)
