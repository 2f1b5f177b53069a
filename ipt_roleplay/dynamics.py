"""The partner as a state machine: (state, what was heard) -> (state, tactic). Pure; all chance comes from `rng`.

What moves the partner, in one paragraph: a clear request or limit that stands through the counter-moves does. Niceness, apologies and
explanations do not, beyond a ceiling. Attack raises tension and closes; giving in is taken, and more is asked. Seeing the partner's side
lets tension down and lets the hidden interest out, which opens a middle way. Patience runs out in the end.

What counts as clear depends on the persona's norms, what counts as the learner's line on the goal of the talk, and a partner who controls
never agrees from `realistic` up: there, what was said, kept and left calmly is the good ending.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ipt_roleplay.domain import (
    Body,
    Difficulty,
    Event,
    GoalKind,
    Heard,
    Norms,
    Outcome,
    PartnerState,
    Persona,
    Phase,
    Signal,
    Style,
    Tactic,
)

COUNTER_MOVES_NEEDED = {Difficulty.GENTLE: (1, 2), Difficulty.REALISTIC: (3, 4), Difficulty.TOUGH: (5, 7)}
"""How many counter-moves come before something shifts: from the least to the most; which it is in a talk, chance decides once."""

PATIENCE_MORE = {Difficulty.GENTLE: 4, Difficulty.REALISTIC: 0, Difficulty.TOUGH: 2}

MEANT_FOR_THIS = 0.6
"""Fit (similarity, 0 to 1) from which a move that was written for what was just said comes before those that come anyway."""

FACE_TO_LOSE = 5.0
"""Face from which somebody who has no counter-move left is cornered first, and only then deals."""

NICENESS_CEILING = 2.0
"""Openness that niceness, apologies and explanations can reach at most."""

AT_REST = 3.0
"""Tension goes down to this by itself; below it only where the partner is understood."""

WALK_OUT_AT = 10.0
ESCALATED_AT = 7.0

SUCCESSORS: dict[Phase, frozenset[Phase]] = {
    Phase.OPENING: frozenset({Phase.OPENING, Phase.PRESSING, Phase.TESTING, Phase.ESCALATED, Phase.CLOSED}),
    Phase.PRESSING: frozenset({Phase.PRESSING, Phase.TESTING, Phase.ESCALATED, Phase.CORNERED, Phase.BARGAINING, Phase.CLOSED}),
    Phase.TESTING: frozenset({Phase.TESTING, Phase.PRESSING, Phase.ESCALATED, Phase.CORNERED, Phase.BARGAINING, Phase.CLOSED}),
    Phase.ESCALATED: frozenset({Phase.ESCALATED, Phase.PRESSING, Phase.TESTING, Phase.CORNERED, Phase.BARGAINING, Phase.CLOSED}),
    Phase.CORNERED: frozenset({Phase.CORNERED, Phase.PRESSING, Phase.ESCALATED, Phase.BARGAINING, Phase.CLOSED}),
    Phase.BARGAINING: frozenset({Phase.BARGAINING, Phase.PRESSING, Phase.TESTING, Phase.ESCALATED, Phase.YIELDING, Phase.CLOSED}),
    Phase.YIELDING: frozenset({Phase.YIELDING, Phase.PRESSING, Phase.BARGAINING, Phase.ESCALATED, Phase.CLOSED}),
    Phase.CLOSED: frozenset(),
}
"""Which phase may follow which; no talk goes on after it closed."""


@dataclass(frozen=True)
class Rules:
    """What is this talk's own: the persona's ways, how many counter-moves come, how much patience there is, and what the learner is after."""

    presses_with: tuple[Tactic, ...]
    counter_moves: tuple[Tactic, ...]
    needed: int
    patience: int
    norms: Norms = Norms.DIRECT
    goal: GoalKind = GoalKind.GET
    agrees: bool = True
    """False: this partner never agrees, nor meets half-way; a limit can be held all the same."""

    @classmethod
    def of(cls, persona: Persona, difficulty: Difficulty, goal: GoalKind, rng: random.Random) -> Rules:
        """The rules of a persona at a difficulty for a goal."""
        return cls(
            presses_with=persona.presses_with,
            counter_moves=persona.counter_moves,
            needed=rng.randint(*COUNTER_MOVES_NEEDED[difficulty]),
            patience=persona.patience + PATIENCE_MORE[difficulty],
            norms=persona.norms,
            goal=goal,
            agrees=not persona.coercive or difficulty is Difficulty.GENTLE,
        )

    def start(self) -> PartnerState:
        """The state before the first word."""
        return PartnerState(patience=self.patience)


def weigh(heard: Heard, norms: Norms = Norms.DIRECT, state: PartnerState | None = None) -> Event:
    """What a turn amounts to. Style goes before surface: a polite threat is an attack, an ironic yes no giving in.

    `state`: how it stood before. Who has held a line keeps it with any open word ("Thursday then, with the telly off"); a bare yes where more
    was just asked is giving in again, however it is meant.
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
    if _unmistakable(heard, norms):
        return Event.STANDS_FIRM
    if heard.only_yes and state is not None and state.used[-1:] == (Tactic.TAKE_MORE,):
        return Event.GIVES_IN
    if heard.style is Style.ASSERTIVE:
        event = _weigh_open_turn(heard)
        return Event.STANDS_FIRM if event is Event.IS_NICE and state is not None and state.held else event
    return _weigh_passive_turn(heard)


def _unmistakable(heard: Heard, norms: Norms) -> bool:
    """Whether a hint is as good as a word: where people keep each other's face or rank, and it comes with respect and without wavering."""
    respectful = (Signal.VALIDATION, Signal.REINFORCEMENT, Signal.CHECKED_UNDERSTANDING, Signal.CLEAR_REQUEST, Signal.COMPROMISE_OFFER)
    wavering = heard.has(Signal.HEDGING, Signal.OVER_APOLOGY)
    return norms is not Norms.DIRECT and heard.has(Signal.INDIRECT_HINT) and heard.has(*respectful) and not wavering


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
    event = weigh(heard, rules.norms, state)
    react = _FOR_A_GOAL.get((rules.goal, event), _REACTIONS[event])
    after, tactic = react(state, heard, rules, _Choice(rng, fit or {}))
    after = _settle(after, event)
    after, tactic = _run_out(after, tactic, rules)
    if after.phase not in SUCCESSORS[state.phase]:
        raise AssertionError(f"{state.phase} may not be followed by {after.phase}")
    topics = tuple(dict.fromkeys((*state.topics, *sorted(heard.topics))))
    return replace(after, used=(*state.used, tactic), topics=topics), tactic


@dataclass(frozen=True)
class _Choice:
    """Picks one of several tactics that are equally right."""

    rng: random.Random
    fit: Mapping[Tactic, float]

    def among(self, tactics: Sequence[Tactic], recent: Sequence[Tactic] = (), also: Sequence[Tactic] = ()) -> Tactic:
        """The best fitting with a little chance in it; not what was just done, if there is anything else.

        `also`: moves that come into it only where they have words meant for just this.
        """
        fresh = [tactic for tactic in tactics if tactic not in recent] or list(tactics)
        fresh += [tactic for tactic in also if tactic not in recent and tactic not in fresh and self.meant(tactic)]
        return max(fresh, key=lambda tactic: self.fit.get(tactic, 0.0) + self.rng.uniform(0.0, 0.12))

    def meant(self, tactic: Tactic) -> bool:
        """Whether this tactic has words that were written for such a turn."""
        return self.fit.get(tactic, 0.0) >= MEANT_FOR_THIS

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
    return replace(after, phase=phase), choice.among((Tactic.STING, Tactic.RIDICULE), state.used[-1:], rules.counter_moves)


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
    asked = heard.has(Signal.CLEAR_REQUEST, Signal.COMPROMISE_OFFER, Signal.INDIRECT_HINT)
    told = rules.goal is GoalKind.UNDERSTOOD and heard.has(Signal.FEELING_NAMED, Signal.I_STATEMENT)
    after = replace(
        _weighed(state, heard, rules, seen=seen),
        asked=state.asked or asked or told,
        offered=state.offered or heard.has(Signal.COMPROMISE_OFFER),
        given_in=0,
    )
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    if _enough_for_today(after, rules):
        return _settled(after, after)
    opened = rules.agrees and state.revealed and state.countered >= max(1, rules.needed // 2) and heard.has(Signal.COMPROMISE_OFFER)
    if after.countered < rules.needed and not opened:
        return _counter(after, heard, rules, choice)
    return _shift(after, heard) if rules.agrees else _dig_in(after, rules, choice)


def _weighed(state: PartnerState, heard: Heard, rules: Rules, *, seen: bool) -> PartnerState:
    """What a clear word does by how it is said: seeing the other helps, standing upright helps, a bald word costs face where face counts."""
    softened = seen or heard.has(Signal.REINFORCEMENT, Signal.COMPROMISE_OFFER, Signal.INDIRECT_HINT)
    bald = rules.norms is not Norms.DIRECT and not softened
    by_body = {Body.UPRIGHT: 0.3, Body.SHRINKING: -0.4}.get(heard.body, 0.0) if heard.body else 0.0
    return _moved(
        state,
        tension=-0.8 if seen else 0.8 if bald else 0.2,
        openness=(0.6 if bald else 0.8) + (0.5 if seen else 0.0) + by_body,
        face=0.5 if bald else -0.5 if seen else 0.0,
        held=1 if state.countered else 0,
        understood=1 if seen else 0,
    )


def _enough_for_today(state: PartnerState, rules: Rules) -> bool:
    """Whether a talk that the learner wants to put off has been put off often enough: that takes one counter-move less than winning it."""
    return rules.goal is GoalKind.NOT_TODAY and rules.agrees and state.countered >= max(1, rules.needed - 1)


def _counter(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    if _may_reveal(state) and state.countered >= 1:
        return replace(state, phase=_back_from_opening(state), revealed=True), Tactic.REVEAL
    possible = (*rules.counter_moves, Tactic.BARGAIN) if heard.has(Signal.COMPROMISE_OFFER) and rules.agrees else rules.counter_moves
    unused = [tactic for tactic in possible if tactic not in state.used] or list(rules.counter_moves)
    cuts_in = heard.long_speech and Tactic.INTERRUPT not in state.used
    tactic = Tactic.INTERRUPT if cuts_in else choice.among(unused, state.used[-1:], rules.counter_moves)
    return replace(state, phase=Phase.TESTING, countered=state.countered + 1), tactic


def _shift(state: PartnerState, heard: Heard) -> tuple[PartnerState, Tactic]:
    """The counter-moves are spent: doubt, with one's back to the wall if backing down costs much; then a bargain; then a piece is given."""
    if _may_reveal(state):
        return replace(state, phase=Phase.BARGAINING, revealed=True), Tactic.REVEAL
    offers = heard.has(Signal.COMPROMISE_OFFER)
    after = _moved(state, openness=1.2, face=-0.8)
    if state.phase is Phase.BARGAINING:
        return replace(after, phase=Phase.YIELDING), Tactic.YIELD_A_NOTCH
    if state.phase is Phase.CORNERED:
        return replace(after, phase=Phase.BARGAINING), Tactic.BARGAIN if state.asked else Tactic.DOUBT
    if state.face >= FACE_TO_LOSE and not state.understood and not offers:
        return replace(after, phase=Phase.CORNERED), Tactic.DOUBT
    return replace(after, phase=Phase.BARGAINING), Tactic.BARGAIN if offers else Tactic.DOUBT


def _dig_in(state: PartnerState, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """A partner who controls has nothing left and does not give in: one move more; then the learner, who said it and kept it, goes."""
    if state.phase is Phase.CORNERED:
        return _close(state, Outcome.BOUNDARY_HELD), Tactic.CLOSE_BOUNDARY
    unused = [tactic for tactic in rules.counter_moves if tactic not in state.used] or list(rules.counter_moves)
    return replace(state, phase=Phase.CORNERED), choice.among(unused, state.used[-1:])


def _understood(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    ceiling = 10.0 if state.held else 4.0
    openness = max(0.0, min(1.0, ceiling - state.openness))
    after = _moved(state, tension=-1.2, openness=openness, understood=1)
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    phase = state.phase if state.phase in (Phase.CORNERED, Phase.BARGAINING) else _calmer(after, state)
    if _may_reveal(after):
        return replace(after, phase=phase, revealed=True), Tactic.REVEAL
    asked = heard.has(Signal.QUESTION_OPEN, Signal.CHECKED_UNDERSTANDING)
    tactic = Tactic.ANSWER if asked or state.used[-1:] == (Tactic.THAW,) else Tactic.THAW
    return replace(after, phase=phase), tactic


def _wondered(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """The learner is here to find out: questions are dodged as often as limits would be countered, then the truth slips out."""
    after = _moved(state, tension=-0.6, openness=max(0.0, min(0.8, 10.0 - state.openness)), understood=1)
    if state.revealed and after.tension < ESCALATED_AT and rules.agrees:
        return _close(replace(after, asked=True), Outcome.AGREEMENT), Tactic.CLOSE_AGREEMENT
    phase = _calmer(after, state)
    if after.countered >= rules.needed and not after.revealed and after.tension < ESCALATED_AT:
        return replace(after, phase=phase, revealed=True), Tactic.REVEAL
    dodges = [tactic for tactic in rules.counter_moves if tactic not in state.used] or list(rules.counter_moves)
    answers = state.used[-1:] != (Tactic.ANSWER,) and choice.fits(Tactic.ANSWER)
    tactic = Tactic.ANSWER if answers else choice.among(dodges, state.used[-1:])
    return replace(after, phase=phase, countered=after.countered + 1), tactic


def _feeling_said(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """An open feeling without a request: it is noticed, and it leaves the question open."""
    openness = max(0.0, min(0.6, 4.0 - state.openness))
    after = _moved(state, tension=-0.4, openness=openness)
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    tactic = choice.among((Tactic.PIN_DOWN, Tactic.BRUSH_OFF, *rules.presses_with), state.used[-2:], rules.counter_moves)
    return replace(after, phase=_calmer(after, state)), tactic


def _asked(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """A plain question is answered, after a fashion; it neither costs nor wins anything but time."""
    if state.phase is Phase.YIELDING:
        return _settled(state, state)
    tactic = choice.among((Tactic.ANSWER, Tactic.PIN_DOWN, *rules.presses_with[:2]), () if choice.fits(Tactic.ANSWER) else state.used[-1:])
    return replace(state, phase=_calmer(state, state)), tactic


def _silent(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _moved(state, pressure=0.7)
    tactic = choice.among((Tactic.REACT_BODY, rules.presses_with[0]), state.used[-1:])
    return replace(after, phase=_back_from_opening(state), patience=after.patience - 1), tactic


def _vague(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _moved(state, pressure=0.5)
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    body = heard.wordless and heard.body is Body.SHRINKING and Tactic.REACT_BODY not in state.used[-2:]
    tactic = Tactic.REACT_BODY if body else choice.among((Tactic.PIN_DOWN, rules.presses_with[0]), state.used[-1:], rules.counter_moves)
    return replace(after, phase=_back_from_opening(state)), tactic


def _explained(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    """Reasons without a wish: they are taken for an excuse, and the pressing goes on."""
    after = _nice_openness(_moved(state, pressure=0.5))
    if state.phase is Phase.YIELDING:
        return _settled(after, state)
    if heard.long_speech and Tactic.INTERRUPT not in state.used[-3:]:
        return replace(after, phase=_back_from_opening(state)), Tactic.INTERRUPT
    return replace(after, phase=_back_from_opening(state)), choice.among(
        (*rules.presses_with, Tactic.BRUSH_OFF), state.used[-3:], rules.counter_moves
    )


def _nice(state: PartnerState, heard: Heard, rules: Rules, choice: _Choice) -> tuple[PartnerState, Tactic]:
    after = _nice_openness(state)
    if _deal_lies_open(state):
        return _settled(after, replace(state, offered=state.offered or state.phase is Phase.BARGAINING))
    sorry_for_something = heard.has(Signal.OVER_APOLOGY) and state.attacks > 0 and state.tension >= 5.0
    if sorry_for_something and Tactic.THAW not in state.used[-2:]:
        after = _moved(after, tension=-1.5)
        return replace(after, phase=_calmer(after, state)), Tactic.THAW
    if heard.wordless and heard.body is Body.SHRINKING and Tactic.REACT_BODY not in state.used[-2:]:
        return replace(after, phase=_back_from_opening(state)), Tactic.REACT_BODY
    pool = (Tactic.BRUSH_OFF, Tactic.PIN_DOWN, rules.presses_with[0])
    return replace(after, phase=_back_from_opening(state)), choice.among(pool, state.used[-1:], rules.counter_moves)


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

_FOR_A_GOAL = {
    (GoalKind.UNDERSTOOD, Event.SAYS_FEELING): _firm,
    (GoalKind.FIND_OUT, Event.UNDERSTANDS): _wondered,
    (GoalKind.FIND_OUT, Event.ASKS): _wondered,
}
"""Where the learner's goal makes something else of a turn: who wants to be understood holds a line by saying how it is."""


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
    cooler = _moved(state, tension=-min(0.4, max(0.0, state.tension - AT_REST)))
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
