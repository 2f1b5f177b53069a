"""The partner as a state machine: (state, what was heard) -> (state, tactic). Pure; all chance comes from `rng`.

What moves the partner, in one paragraph: a clear request or limit that stands through the counter-moves does. Niceness, apologies and
explanations do not, beyond a ceiling. Attack raises tension and closes; giving in is taken, and more is asked. Seeing the partner's side
lets tension down and lets the hidden interest out, which opens a middle way. Patience runs out in the end.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ipt_roleplay.domain import Body, Difficulty, Event, Heard, Outcome, PartnerState, Phase, Signal, Style, Tactic

COUNTER_MOVES_NEEDED = {Difficulty.GENTLE: 1, Difficulty.REALISTIC: 3, Difficulty.TOUGH: 5}
PATIENCE_MORE = {Difficulty.GENTLE: 4, Difficulty.REALISTIC: 0, Difficulty.TOUGH: 0}

NICENESS_CEILING = 2.0
"""Openness that niceness, apologies and explanations can reach at most."""

WALK_OUT_AT = 10.0
ESCALATED_AT = 7.0

SUCCESSORS: dict[Phase, frozenset[Phase]] = {
    Phase.OPENING: frozenset({Phase.OPENING, Phase.PRESSING, Phase.TESTING, Phase.ESCALATED, Phase.CLOSED}),
    Phase.PRESSING: frozenset({Phase.PRESSING, Phase.TESTING, Phase.ESCALATED, Phase.BARGAINING, Phase.CLOSED}),
    Phase.TESTING: frozenset({Phase.TESTING, Phase.PRESSING, Phase.ESCALATED, Phase.BARGAINING, Phase.CLOSED}),
    Phase.ESCALATED: frozenset({Phase.ESCALATED, Phase.PRESSING, Phase.TESTING, Phase.BARGAINING, Phase.CLOSED}),
    Phase.BARGAINING: frozenset({Phase.BARGAINING, Phase.PRESSING, Phase.TESTING, Phase.ESCALATED, Phase.YIELDING, Phase.CLOSED}),
    Phase.YIELDING: frozenset({Phase.YIELDING, Phase.PRESSING, Phase.BARGAINING, Phase.ESCALATED, Phase.CLOSED}),
    Phase.CLOSED: frozenset(),
}
"""Which phase may follow which; no talk goes on after it closed."""

PRESSING_TACTICS = (Tactic.ORDER, Tactic.DICTATE, Tactic.COMPARE, Tactic.GUILT, Tactic.URGENCY)


@dataclass(frozen=True)
class Rules:
    """What is this partner's own: which counter-moves, how many, and how much patience."""

    counter_moves: tuple[Tactic, ...]
    needed: int
    patience: int

    @classmethod
    def of(cls, counter_moves: Sequence[Tactic], patience: int, difficulty: Difficulty) -> Rules:
        """The rules of a persona at a difficulty."""
        return cls(tuple(counter_moves), COUNTER_MOVES_NEEDED[difficulty], patience + PATIENCE_MORE[difficulty])

    def start(self) -> PartnerState:
        """The state before the first word."""
        return PartnerState(patience=self.patience)


def weigh(heard: Heard, state: PartnerState | None = None) -> Event:
    """What a turn amounts to. Style goes before surface: a polite threat is an attack, an ironic yes no giving in.

    `state`: how it stood before. A bare yes where more was just asked is giving in again, however it is meant.
    """
    if heard.style is Style.AGGRESSIVE or heard.has(Signal.THREAT):
        return Event.ATTACKS
    if heard.has(Signal.SILENCE):
        return Event.IS_SILENT
    if heard.style is Style.PASSIVE_AGGRESSIVE:
        return Event.STINGS
    if heard.has(Signal.COMPROMISE_OFFER) and heard.style is Style.ASSERTIVE:
        return Event.OFFERS
    if heard.has(Signal.CAPITULATION):
        return Event.GIVES_IN
    if heard.repeated:
        return Event.REPEATS
    if heard.only_yes and state is not None and state.used[-1:] == (Tactic.TAKE_MORE,):
        return Event.GIVES_IN
    if heard.style is Style.ASSERTIVE:
        return _weigh_open_turn(heard)
    return _weigh_passive_turn(heard)


def _weigh_open_turn(heard: Heard) -> Event:
    wonders = heard.asks and heard.has(Signal.QUESTION_OPEN)
    if heard.has(Signal.REFUSAL, Signal.BOUNDARY) or (heard.has(Signal.CLEAR_REQUEST) and not wonders):
        return Event.STANDS_FIRM
    if heard.has(Signal.VALIDATION, Signal.QUESTION_OPEN, Signal.CHECKED_UNDERSTANDING):
        return Event.UNDERSTANDS
    if heard.asks:
        return Event.ASKS
    if heard.has(Signal.FEELING_NAMED, Signal.I_STATEMENT):
        return Event.SAYS_FEELING
    return Event.EXPLAINS if heard.has(Signal.JUSTIFICATION) else Event.IS_NICE


def _weigh_passive_turn(heard: Heard) -> Event:
    if heard.has(Signal.VALIDATION, Signal.QUESTION_OPEN) and not heard.has(Signal.OVER_APOLOGY, Signal.HEDGING):
        return Event.UNDERSTANDS
    if heard.has(Signal.JUSTIFICATION):
        return Event.EXPLAINS
    if heard.asks:
        return Event.ASKS
    if heard.has(Signal.HEDGING, Signal.INDIRECT_HINT, Signal.REFUSAL, Signal.CLEAR_REQUEST):
        return Event.STAYS_VAGUE
    return Event.IS_NICE


def respond(
    state: PartnerState, heard: Heard, rules: Rules, rng: random.Random, fit: Mapping[Tactic, float] | None = None
) -> tuple[PartnerState, Tactic]:
    """One step. `fit` says how well each tactic suits what was said (any scale; higher is better) and only breaks ties.

    Raises ValueError if the talk is closed.
    """
    if state.phase is Phase.CLOSED:
        raise ValueError("the talk is closed")
    event = weigh(heard, state)
    after, tactic = _REACTIONS[event](state, heard, rules, _Choice(rng, fit or {}))
    after = _settle(after, event)
    after, tactic = _run_out(after, tactic, rules)
    if after.phase not in SUCCESSORS[state.phase]:
        raise AssertionError(f"{state.phase} may not be followed by {after.phase}")
    return replace(after, used=(*state.used, tactic)), tactic


@dataclass(frozen=True)
class _Choice:
    """Picks one of several tactics that are equally right."""

    rng: random.Random
    fit: Mapping[Tactic, float]

    def among(self, tactics: Sequence[Tactic], recent: Sequence[Tactic] = ()) -> Tactic:
        """The best fitting with a little chance in it; not what was just done, if there is anything else."""
        fresh = [tactic for tactic in tactics if tactic not in recent] or list(tactics)
        return max(fresh, key=lambda tactic: self.fit.get(tactic, 0.0) + self.rng.uniform(0.0, 0.12))

    def fits(self, tactic: Tactic) -> bool:
        """Whether this tactic suits what was said at least as well as any other."""
        return self.fit.get(tactic, 0.0) >= max(self.fit.values(), default=0.0)


def _attacked(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    hit = 1.5 if heard.has(Signal.THREAT) or heard.body is Body.HOSTILE else 1.0
    after = _moved(state, tension=2.0 * hit, openness=-1.5, face=1.0, attacks=1)
    if after.tension >= WALK_OUT_AT and after.attacks >= 3:
        return _close(after, Outcome.WALKED_OUT), Tactic.CLOSE_WALKOUT
    phase = Phase.ESCALATED if after.tension >= ESCALATED_AT else Phase.PRESSING
    return replace(after, phase=phase), Tactic.COUNTERATTACK


def _stung(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _moved(state, tension=1.0, openness=-0.7, face=0.5)
    phase = Phase.ESCALATED if after.tension >= ESCALATED_AT else Phase.PRESSING
    return replace(after, phase=phase), choice.among((Tactic.STING, Tactic.RIDICULE), state.used[-1:])


def _given_in(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    if _deal_lies_open(state):
        return _settled(state, replace(state, offered=True))
    after = _moved(state, tension=-1.0, pressure=1.5, openness=-2.0, given_in=1)
    if after.given_in >= 2:
        return _close(after, Outcome.CAPITULATED), Tactic.CLOSE_CAPITULATED
    return replace(after, phase=Phase.PRESSING, held=0, asked=False, offered=False), Tactic.TAKE_MORE


def _repeated(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _moved(state, tension=1.0, openness=-0.5)
    return replace(after, phase=_back_from_opening(state)), Tactic.REPEAT


def _firm(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """A request, a limit or an offer: a counter-move while there are some left, then something shifts."""
    seen = heard.has(Signal.VALIDATION, Signal.CHECKED_UNDERSTANDING, Signal.QUESTION_OPEN)
    after = _moved(
        state,
        tension=-0.8 if seen else 0.2,
        openness=0.8 + (0.5 if seen else 0.0) + (0.3 if heard.body is Body.UPRIGHT else 0.0),
        held=1 if state.countered else 0,
        understood=1 if seen else 0,
    )
    after = replace(
        after,
        asked=state.asked or heard.has(Signal.CLEAR_REQUEST, Signal.COMPROMISE_OFFER),
        offered=state.offered or heard.has(Signal.COMPROMISE_OFFER),
        given_in=0,
    )
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    opened = state.revealed and state.countered >= 1 and heard.has(Signal.COMPROMISE_OFFER)
    if after.countered < rules.needed and not opened:
        return _counter(after, heard, rules, choice)
    return _shift(after, heard)


def _counter(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    if _may_reveal(state) and state.countered >= 1:
        return replace(state, phase=_back_from_opening(state), revealed=True), Tactic.REVEAL
    possible = (*rules.counter_moves, Tactic.BARGAIN) if heard.has(Signal.COMPROMISE_OFFER) else rules.counter_moves
    unused = [tactic for tactic in possible if tactic not in state.used] or list(rules.counter_moves)
    moves = [Tactic.INTERRUPT, *unused] if heard.long_speech and Tactic.INTERRUPT not in state.used else unused
    tactic = Tactic.INTERRUPT if heard.long_speech and moves[0] is Tactic.INTERRUPT else choice.among(moves, state.used[-1:])
    return replace(state, phase=Phase.TESTING, countered=state.countered + 1), tactic


def _shift(state: PartnerState, heard: Heard) -> tuple[PartnerState, Tactic]:
    """The counter-moves are spent: doubt, then a bargain, then a piece is given."""
    if _may_reveal(state):
        return replace(state, phase=Phase.BARGAINING, revealed=True), Tactic.REVEAL
    after = _moved(state, openness=1.2, face=-0.8)
    if state.phase is not Phase.BARGAINING and not (heard.has(Signal.COMPROMISE_OFFER) and state.revealed):
        return replace(after, phase=Phase.BARGAINING), Tactic.BARGAIN if heard.has(Signal.COMPROMISE_OFFER) else Tactic.DOUBT
    if state.phase is not Phase.BARGAINING:
        return replace(after, phase=Phase.BARGAINING), Tactic.BARGAIN
    return replace(after, phase=Phase.YIELDING), Tactic.YIELD_A_NOTCH


def _understood(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    ceiling = 10.0 if state.held else 4.0
    openness = max(0.0, min(1.0, ceiling - state.openness))
    after = _moved(state, tension=-1.2, openness=openness, understood=1)
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    phase = Phase.BARGAINING if state.phase is Phase.BARGAINING else _calmer(after, state)
    if _may_reveal(after):
        return replace(after, phase=phase, revealed=True), Tactic.REVEAL
    asked = heard.has(Signal.QUESTION_OPEN, Signal.CHECKED_UNDERSTANDING)
    tactic = Tactic.ANSWER if asked or state.used[-1:] == (Tactic.THAW,) else Tactic.THAW
    return replace(after, phase=phase), tactic


def _feeling_said(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """An open feeling without a request: it is noticed, and it leaves the question open."""
    openness = max(0.0, min(0.6, 4.0 - state.openness))
    after = _moved(state, tension=-0.4, openness=openness)
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    tactic = choice.among((Tactic.PIN_DOWN, Tactic.COMPARE, Tactic.BRUSH_OFF), state.used[-2:])
    return replace(after, phase=_calmer(after, state)), tactic


def _asked(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """A plain question is answered, after a fashion; it neither costs nor wins anything but time."""
    if state.phase is Phase.YIELDING:
        return _settled(state, state)
    tactic = choice.among(
        (Tactic.ANSWER, Tactic.PIN_DOWN, Tactic.ORDER, Tactic.DICTATE), () if choice.fits(Tactic.ANSWER) else state.used[-1:]
    )
    return replace(state, phase=_calmer(state, state)), tactic


def _silent(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _moved(state, pressure=0.7)
    tactic = choice.among((Tactic.REACT_BODY, Tactic.ORDER), state.used[-1:])
    return replace(after, phase=_back_from_opening(state), patience=after.patience - 1), tactic


def _vague(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _moved(state, pressure=0.5)
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    body = heard.body is Body.SHRINKING and Tactic.REACT_BODY not in state.used[-2:]
    tactic = Tactic.REACT_BODY if body else choice.among((Tactic.PIN_DOWN, Tactic.ORDER), state.used[-1:])
    return replace(after, phase=_back_from_opening(state)), tactic


def _explained(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """Reasons without a wish: they are taken for an excuse, and the pressing goes on."""
    after = _nice_openness(_moved(state, pressure=0.5))
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    if heard.long_speech and Tactic.INTERRUPT not in state.used[-3:]:
        return replace(after, phase=_back_from_opening(state)), Tactic.INTERRUPT
    pool = (*PRESSING_TACTICS, Tactic.BRUSH_OFF, Tactic.RIDICULE)
    return replace(after, phase=_back_from_opening(state)), choice.among(pool, state.used[-3:])


def _nice(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _nice_openness(state)
    if _deal_lies_open(state):
        return _settled(after, replace(state, offered=state.offered or state.phase is Phase.BARGAINING))
    sorry_for_something = heard.has(Signal.OVER_APOLOGY) and state.attacks > 0 and state.tension >= 5.0
    if sorry_for_something and Tactic.THAW not in state.used[-2:]:
        after = _moved(after, tension=-1.5)
        return replace(after, phase=_calmer(after, state)), Tactic.THAW
    if heard.body is Body.SHRINKING and Tactic.REACT_BODY not in state.used[-2:]:
        return replace(after, phase=_back_from_opening(state)), Tactic.REACT_BODY
    pool = (Tactic.BRUSH_OFF, Tactic.PIN_DOWN, Tactic.ORDER)
    return replace(after, phase=_back_from_opening(state)), choice.among(pool, state.used[-1:])


_REACTIONS = {
    Event.ATTACKS: _attacked,
    Event.STINGS: _stung,
    Event.GIVES_IN: _given_in,
    Event.REPEATS: _repeated,
    Event.OFFERS: _firm,
    Event.STANDS_FIRM: _firm,
    Event.UNDERSTANDS: _understood,
    Event.SAYS_FEELING: _feeling_said,
    Event.ASKS: _asked,
    Event.IS_SILENT: _silent,
    Event.STAYS_VAGUE: _vague,
    Event.EXPLAINS: _explained,
    Event.IS_NICE: _nice,
}


def _deal_lies_open(state: PartnerState) -> bool:
    """Whether the partner's last move was a bargain or a piece given: then a yes to it is agreeing, not giving in."""
    return state.phase is Phase.YIELDING or (state.phase is Phase.BARGAINING and state.used[-1:] == (Tactic.BARGAIN,))


def _settled(state: PartnerState, before: PartnerState) -> tuple[PartnerState, Tactic]:
    """The partner has given a piece, and the learner did not throw it away: the talk closes on it."""
    if before.offered or state.offered:
        return _close(state, Outcome.COMPROMISE), Tactic.CLOSE_COMPROMISE
    if before.asked or state.asked:
        return _close(state, Outcome.AGREEMENT), Tactic.CLOSE_AGREEMENT
    return _close(state, Outcome.BOUNDARY_HELD), Tactic.CLOSE_BOUNDARY


def _run_out(state: PartnerState, tactic: Tactic, rules: Rules) -> tuple[PartnerState, Tactic]:
    """Every turn costs patience; at the end of it a limit that was held stands, anything else is an impasse."""
    if state.phase is Phase.CLOSED:
        return state, tactic
    left = state.patience - 1
    if left > 0:
        return replace(state, patience=left), tactic
    if state.held >= rules.needed:
        return _close(replace(state, patience=0), Outcome.BOUNDARY_HELD), Tactic.CLOSE_BOUNDARY
    return _close(replace(state, patience=0), Outcome.IMPASSE), Tactic.CLOSE_IMPASSE


def _settle(state: PartnerState, event: Event) -> PartnerState:
    """Heat goes down by itself while nobody adds to it: no mood is a trap."""
    if event in (Event.ATTACKS, Event.STINGS, Event.REPEATS) or state.phase is Phase.CLOSED:
        return state
    cooler = _moved(state, tension=-0.4)
    if cooler.phase is Phase.ESCALATED and cooler.tension < ESCALATED_AT:
        return replace(cooler, phase=Phase.PRESSING)
    return cooler


def _may_reveal(state: PartnerState) -> bool:
    return state.understood >= 2 and not state.revealed and state.tension < ESCALATED_AT


def _nice_openness(state: PartnerState) -> PartnerState:
    gain = max(0.0, min(0.3, NICENESS_CEILING - state.openness))
    return _moved(state, openness=gain)


def _back_from_opening(state: PartnerState) -> Phase:
    """Where the talk goes on when nothing shifted."""
    return Phase.PRESSING if state.phase is Phase.OPENING else state.phase


def _calmer(after: PartnerState, before: PartnerState) -> Phase:
    if before.phase is Phase.ESCALATED and after.tension >= ESCALATED_AT:
        return Phase.ESCALATED
    return Phase.PRESSING if before.phase in (Phase.OPENING, Phase.ESCALATED) else before.phase


def _close(state: PartnerState, outcome: Outcome) -> PartnerState:
    return replace(state, phase=Phase.CLOSED, outcome=outcome)


def _moved(
    state: PartnerState,
    *,
    tension: float = 0.0,
    pressure: float = 0.0,
    openness: float = 0.0,
    face: float = 0.0,
    held: int = 0,
    understood: int = 0,
    given_in: int = 0,
    attacks: int = 0,
) -> PartnerState:
    """`state` with amounts added; the four quantities stay within 0-10."""
    return replace(
        state,
        tension=_bounded(state.tension + tension),
        pressure=_bounded(state.pressure + pressure),
        openness=_bounded(state.openness + openness),
        face=_bounded(state.face + face),
        held=state.held + held,
        understood=state.understood + understood,
        given_in=state.given_in + given_in,
        attacks=state.attacks + attacks,
    )


def _bounded(value: float) -> float:
    return round(max(0.0, min(10.0, value)), 3)
