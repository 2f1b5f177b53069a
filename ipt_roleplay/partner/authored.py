"""A partner who speaks from written lines: nothing is sent anywhere, and the same talk brings the same answer."""

from __future__ import annotations

import random
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ipt_roleplay.domain import Heard, LineFamily, Move, PartnerState, Signal, Situation, Tactic, Turn
from ipt_roleplay.dynamics import respond
from ipt_roleplay.partner.reply import Reply, Scene
from ipt_roleplay.ports import Encoder, Vector
from ipt_roleplay.text import clauses, words_only

ECHO = "{echo}"
ANY_TURN = 0.45
"""What a line for any turn counts beside the similarity of a line written for such a turn."""

CHANCE = 0.15
"""How much chance decides between lines that fit about equally well, so that the same words do not bring the same talk every time."""

FITS = 0.5
"""Similarity to a family's example turns from which its lines answer what was just said."""

_NEAR: dict[Tactic, tuple[Tactic, ...]] = {
    Tactic.DICTATE: (Tactic.ORDER,),
    Tactic.URGENCY: (Tactic.ORDER, Tactic.GUILT),
    Tactic.COMPARE: (Tactic.GUILT, Tactic.PAST_FAVOURS),
    Tactic.STING: (Tactic.RIDICULE, Tactic.COUNTERATTACK),
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


_LAST_RESORT = (Tactic.SILENCE, Tactic.ORDER, Tactic.GUILT, Tactic.COMPARE, Tactic.PIN_DOWN, Tactic.BRUSH_OFF, Tactic.CHANGE_SUBJECT)


class AuthoredPartner:
    """Chooses among the situation's lines by tactic, tension, and what kind of turn each line answers."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._examples = lru_cache(maxsize=64)(self._encode_examples)

    def open(self, scene: Scene) -> Reply:
        """The first line of the talk."""
        state = scene.state
        family, number = _pick(_lines_of(scene, Tactic.OPENING, state.tension), {}, scene, None, scene.rng())
        return _spoken(scene.move(state, Tactic.OPENING, family.line_ids()[number], None), family.say[number])

    def reply(self, scene: Scene) -> Reply:
        """The answer to the learner's last turn: state first, then tactic, then words."""
        return self.say(scene, self.decide(scene))

    def get_ready(self, situation: Situation) -> None:
        """Encode what the lines of a situation answer, about a second for one: else its first reply waits for that."""
        self._examples(situation)

    def decide(self, scene: Scene) -> Decision:
        """What to do with the learner's last turn, before any words."""
        turn, heard = scene.heard()
        rng = scene.rng()
        fits = self._fits(scene.situation, turn)
        state, tactic = respond(scene.state, heard, scene.rules, rng, _by_tactic(scene, fits))
        return Decision(turn, heard, state, tactic, fits, rng)

    def say(self, scene: Scene, decided: Decision) -> Reply:
        """The written line for what was decided; draws on the decision's chance, so it is asked once for each."""
        family, number = _choose(scene, decided.tactic, decided.state.tension, decided.fits, decided.turn, decided.rng)
        line = family.say[number].replace(ECHO, _echo(decided.turn) or "")
        return _spoken(scene.move(decided.state, decided.tactic, family.line_ids()[number], decided.heard), line)

    def _fits(self, situation: Situation, turn: Turn) -> Mapping[str, float]:
        """For each family: how near the turn is to the kinds of turn it answers; a family for any turn is left out."""
        words = words_only(turn.text)
        if not words:
            return {}
        matrix, owners = self._examples(situation)
        vectors = [self._encoder.encode([words])[0], *self._clause_vectors(turn)]
        near = np.max(matrix @ np.stack(vectors).T, axis=1)
        found: dict[str, float] = {}
        for owner, value in zip(owners, near, strict=True):
            found[owner] = max(found.get(owner, 0.0), float(value))
        return found

    def _clause_vectors(self, turn: Turn) -> list[Vector]:
        """The last sentence by itself, when there are several: a turn is answered where it ends."""
        text = turn.text[-400:]
        parts = [text[span.start : span.end] for span in clauses(text) if span.end - span.start >= 12]
        return list(self._encoder.encode([parts[-1]])) if len(parts) > 1 else []

    def _encode_examples(self, situation: Situation) -> tuple[np.ndarray, tuple[str, ...]]:
        rows = [(family.id, example) for family in situation.families for example in family.answers]
        if not rows:
            return np.zeros((0, 384), dtype=np.float32), ()
        return self._encoder.encode([example for _, example in rows]), tuple(owner for owner, _ in rows)


def _lines_of(scene: Scene, tactic: Tactic, tension: float) -> list[tuple[LineFamily, int]]:
    """The lines of a tactic that were not said in this talk and suit the tension."""
    return [
        (family, number)
        for family in scene.situation.families
        if family.tactic is tactic and family.tension[0] <= tension <= family.tension[1]
        for number, line_id in enumerate(family.line_ids())
        if line_id not in scene.said
    ]


def _by_tactic(scene: Scene, fits: Mapping[str, float]) -> dict[Tactic, float]:
    """How well each tactic's best unsaid line suits the turn."""
    best: dict[Tactic, float] = {}
    for family in scene.situation.families:
        if any(line_id not in scene.said for line_id in family.line_ids()):
            best[family.tactic] = max(best.get(family.tactic, 0.0), fits.get(family.id, 0.0) if family.answers else ANY_TURN)
    return best


def _choose(
    scene: Scene, tactic: Tactic, tension: float, fits: Mapping[str, float], turn: Turn, rng: random.Random
) -> tuple[LineFamily, int]:
    for wanted in (tactic, *_NEAR.get(tactic, ()), *_LAST_RESORT):
        lines = [entry for entry in _lines_of(scene, wanted, tension) if _answers(entry[0], fits)]
        if lines:
            return _pick(lines, fits, scene, turn, rng)
    spare = [
        (family, number)
        for family in scene.situation.families
        if not family.tactic.startswith("close_") and family.tactic is not Tactic.OPENING
        for number, line_id in enumerate(family.line_ids())
        if line_id not in scene.said
    ]
    if not spare:
        raise ValueError(f"situation {scene.situation.id!r} has no lines left to say")
    return _pick(spare, fits, scene, turn, rng)


def _answers(family: LineFamily, fits: Mapping[str, float]) -> bool:
    """Whether a family's lines make sense after this turn: they are for any turn, or the turn is near those they were written for."""
    always = family.tactic is Tactic.REVEAL or family.tactic.startswith("close_")
    return always or not family.answers or fits.get(family.id, 0.0) >= FITS


def _pick(
    lines: list[tuple[LineFamily, int]], fits: Mapping[str, float], scene: Scene, turn: Turn | None, rng: random.Random
) -> tuple[LineFamily, int]:
    echo = _echo(turn) if turn else None
    echoed_lately = any(
        ECHO in family.say[number]
        for family in scene.situation.families
        for number, line_id in enumerate(family.line_ids())
        if line_id in {other.move.line_id for other in scene.transcript.turns[-5:] if other.move}
    )

    def score(entry: tuple[LineFamily, int]) -> float:
        family, number = entry
        fit = fits.get(family.id, 0.0) if family.answers else ANY_TURN
        if ECHO in family.say[number]:
            fit += 0.08 if echo and not echoed_lately else -5.0
        if family.tactic is Tactic.REVEAL:
            fit -= 0.2 * number
        return fit + rng.uniform(0.0, CHANCE)

    return max(lines, key=score)


def _echo(turn: Turn) -> str | None:
    """Two to six words of the learner's own that a person would throw back: the no, the reason or the apology."""
    if turn.reading is None:
        return None
    wanted = (Signal.REFUSAL, Signal.JUSTIFICATION, Signal.OVER_APOLOGY, Signal.HEDGING)
    for signal in wanted:
        for span in (span for span in turn.reading.signals if span.signal is signal):
            for clause in clauses(turn.text):
                whole = turn.text[clause.start : clause.end]
                text = whole.strip(" ,.!?;…-–—\"'")
                about_the_span = abs(clause.start - span.start) <= 6 and clause.end <= span.end + 8
                if about_the_span and 2 <= len(text.split()) <= 6 and "*" not in text and not whole.endswith("?"):
                    return text[0].upper() + text[1:]
    return None


def _spoken(move: Move, line: str) -> Reply:
    return Reply(move, _words(line))


def _words(line: str) -> Generator[str, None, None]:
    """The line, word by word, so that it can be shown as it is said."""
    yield from re.findall(r"\S+\s*", line)
