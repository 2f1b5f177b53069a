from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipt_roleplay.domain import Body, Difficulty, GoalKind, Heard, Norms, Outcome, PartnerState, Phase, Signal, Style, Tactic
from ipt_roleplay.dynamics import COUNTER_MOVES_NEEDED, NICENESS_CEILING, SUCCESSORS, Rules, respond

COUNTERS = (
    Tactic.GUILT,
    Tactic.URGENCY,
    Tactic.PAST_FAVOURS,
    Tactic.COMPARE,
    Tactic.RIDICULE,
    Tactic.THREATEN_TO_TELL,
    Tactic.THREATEN_TO_LEAVE,
    Tactic.CHANGE_SUBJECT,
    Tactic.SILENCE,
)


def heard(style: Style, *signals: Signal, body: Body | None = None, repeated: bool = False) -> Heard:
    return Heard(style, frozenset(signals), body, repeated)


NO = heard(Style.ASSERTIVE, Signal.REFUSAL)
ASK = heard(Style.ASSERTIVE, Signal.CLEAR_REQUEST)
OFFER = heard(Style.ASSERTIVE, Signal.COMPROMISE_OFFER)
SEEN = heard(Style.ASSERTIVE, Signal.VALIDATION)
NICE = heard(Style.PASSIVE)
SORRY = heard(Style.PASSIVE, Signal.OVER_APOLOGY)
REASONS = heard(Style.PASSIVE, Signal.JUSTIFICATION)
MAYBE = heard(Style.PASSIVE, Signal.HEDGING)
OKAY = heard(Style.PASSIVE, Signal.CAPITULATION)
ATTACK = heard(Style.AGGRESSIVE, Signal.YOU_BLAME)
DIG = heard(Style.PASSIVE_AGGRESSIVE, Signal.SARCASM)
SILENT = heard(Style.PASSIVE, Signal.SILENCE)


PRESSES = (Tactic.ORDER, Tactic.DICTATE, Tactic.COMPARE)


def rules(
    difficulty: Difficulty = Difficulty.REALISTIC,
    seed: int = 1,
    goal: GoalKind = GoalKind.GET,
    norms: Norms = Norms.DIRECT,
    agrees: bool = True,
) -> Rules:
    needed = random.Random(seed).randint(*COUNTER_MOVES_NEEDED[difficulty])
    return Rules(PRESSES, COUNTERS, needed, 18, norms, goal, agrees)


def play(
    turns: Iterable[Heard], difficulty: Difficulty = Difficulty.REALISTIC, seed: int = 1, own: Rules | None = None
) -> list[tuple[PartnerState, Tactic]]:
    own = own or rules(difficulty, seed)
    chance, state = random.Random(seed), own.start()
    steps: list[tuple[PartnerState, Tactic]] = []
    for turn in turns:
        state, tactic = respond(state, turn, own, chance)
        steps.append((state, tactic))
        if state.phase is Phase.CLOSED:
            break
    return steps


soft = st.sampled_from([NICE, SORRY, REASONS, MAYBE])
anything = st.sampled_from([NO, ASK, OFFER, SEEN, NICE, SORRY, REASONS, MAYBE, OKAY, ATTACK, DIG, SILENT])
difficulties = st.sampled_from(list(Difficulty))


@given(st.lists(soft, min_size=1, max_size=30), difficulties, st.integers(0, 99))
def test_niceness_apologies_and_reasons_never_move_her(turns: list[Heard], difficulty: Difficulty, seed: int) -> None:
    steps = play(turns, difficulty, seed)
    assert all(state.openness <= NICENESS_CEILING for state, _ in steps)
    assert steps[-1][0].outcome in (None, Outcome.IMPASSE)


@given(difficulties, st.integers(0, 99))
def test_agreeing_to_everything_ends_with_her_way_after_she_took_more(difficulty: Difficulty, seed: int) -> None:
    steps = play([OKAY] * 10, difficulty, seed)
    assert [tactic for _, tactic in steps] == [Tactic.TAKE_MORE, Tactic.CLOSE_CAPITULATED]
    assert steps[-1][0].outcome is Outcome.CAPITULATED


@given(st.lists(anything, max_size=8), st.integers(0, 99))
def test_an_attack_raises_tension_and_closes(before: list[Heard], seed: int) -> None:
    steps = play([*before, ATTACK], seed=seed)
    if len(steps) <= len(before):
        return
    was = steps[-2][0] if before else rules().start()
    now = steps[-1][0]
    assert now.tension > was.tension or now.tension == 10.0
    assert now.openness <= was.openness


def test_attacking_on_and_on_makes_her_walk_out() -> None:
    assert play([ATTACK] * 10)[-1][0].outcome is Outcome.WALKED_OUT


@given(st.sampled_from([NO, ASK]), difficulties, st.integers(0, 99))
def test_a_clear_line_that_holds_through_every_counter_move_wins(line: Heard, difficulty: Difficulty, seed: int) -> None:
    steps = play([line] * 14, difficulty, seed)
    good = Outcome.AGREEMENT if line is ASK else Outcome.BOUNDARY_HELD
    assert steps[-1][0].outcome is good
    countered = [tactic for _, tactic in steps if tactic in COUNTERS]
    assert len(countered) == rules(difficulty, seed).needed
    assert len(set(countered)) == len(countered), "every objection is a different one"


@given(st.integers(0, 999))
def test_tough_takes_longer_than_realistic_than_gentle(seed: int) -> None:
    lengths = [len(play([ASK] * 20, difficulty, seed)) for difficulty in (Difficulty.GENTLE, Difficulty.REALISTIC, Difficulty.TOUGH)]
    assert lengths == sorted(set(lengths))


def test_with_her_back_to_the_wall_she_deals_only_after_one_turn_more_unless_she_was_seen() -> None:
    with_back_to_the_wall = [state.phase for state, _ in play([NO] * 12)]
    assert Phase.CORNERED in with_back_to_the_wall
    assert with_back_to_the_wall.index(Phase.CORNERED) < with_back_to_the_wall.index(Phase.BARGAINING)
    assert Phase.CORNERED not in [
        state.phase for state, _ in play([NO, heard(Style.ASSERTIVE, Signal.REFUSAL, Signal.VALIDATION), *[NO] * 9])
    ]


@given(st.lists(anything, min_size=1, max_size=40), difficulties, st.integers(0, 999))
def test_who_controls_never_agrees_and_a_limit_can_be_held_all_the_same(turns: list[Heard], difficulty: Difficulty, seed: int) -> None:
    own = replace(rules(difficulty, seed), agrees=False)
    assert play(turns, seed=seed, own=own)[-1][0].outcome not in (Outcome.AGREEMENT, Outcome.COMPROMISE)
    assert play([NO] * 20, seed=seed, own=own)[-1][0].outcome is Outcome.BOUNDARY_HELD


@given(st.lists(st.sampled_from([NICE, SORRY, REASONS, MAYBE, SILENT, SEEN]), max_size=6), difficulties, st.integers(0, 999))
def test_what_is_won_stays_won_unless_it_is_given_away(meanwhile: list[Heard], difficulty: Difficulty, seed: int) -> None:
    own = replace(rules(difficulty, seed), patience=40)
    steps = play([NO, NO, NO, *meanwhile], seed=seed, own=own)
    was, now = steps[2][0] if len(steps) > 2 else steps[-1][0], steps[-1][0]
    assert (now.held, now.countered) >= (was.held, was.countered)
    given_away = play([NO, NO, NO, OKAY], seed=seed, own=own)[-1][0]
    assert given_away.held == 0 or given_away.outcome is Outcome.COMPROMISE


@given(st.lists(soft, min_size=10, max_size=25), st.integers(0, 99))
def test_kind_words_alone_do_not_take_the_heat_out(turns: list[Heard], seed: int) -> None:
    assert all(state.tension >= 2.5 for state, _ in play(turns, seed=seed, own=replace(rules(), patience=30)))


HINT = heard(Style.PASSIVE, Signal.INDIRECT_HINT)
RESPECTFUL_HINT = heard(Style.PASSIVE, Signal.INDIRECT_HINT, Signal.VALIDATION)


@pytest.mark.parametrize("norms", [Norms.FACE_SAVING, Norms.HIERARCHICAL])
def test_where_face_counts_a_respectful_hint_is_a_word_and_a_bald_no_costs_more(norms: Norms) -> None:
    own = rules(norms=norms)
    assert play([RESPECTFUL_HINT] * 14, own=own)[-1][0].outcome is Outcome.AGREEMENT
    assert play([RESPECTFUL_HINT] * 14)[-1][0].outcome is not Outcome.AGREEMENT, "between people who say things straight it is a hint"
    assert play([HINT] * 14, own=own)[-1][0].outcome is not Outcome.AGREEMENT, "a hint alone can be passed over anywhere"
    bald, soft_no = (play([turn], own=own)[0][0] for turn in (NO, heard(Style.ASSERTIVE, Signal.REFUSAL, Signal.VALIDATION)))
    assert bald.tension > soft_no.tension
    assert 0.0 < bald.openness < soft_no.openness
    assert play([NO] * 16, own=own)[-1][0].outcome is Outcome.BOUNDARY_HELD


FEELING = heard(Style.ASSERTIVE, Signal.FEELING_NAMED, Signal.I_STATEMENT)
WONDERS = heard(Style.ASSERTIVE, Signal.QUESTION_OPEN)


def test_who_wants_to_be_understood_holds_a_line_by_saying_how_it_is() -> None:
    assert play([FEELING] * 14, own=rules(goal=GoalKind.UNDERSTOOD))[-1][0].outcome is Outcome.AGREEMENT
    assert play([FEELING] * 14, own=rules(goal=GoalKind.GET))[-1][0].outcome is not Outcome.AGREEMENT


@given(difficulties, st.integers(0, 99))
def test_who_wants_to_find_out_asks_through_the_dodges(difficulty: Difficulty, seed: int) -> None:
    own = rules(difficulty, seed, GoalKind.FIND_OUT)
    steps = play([WONDERS] * 18, seed=seed, own=own)
    assert steps[-1][0].outcome is Outcome.AGREEMENT
    assert [tactic for _, tactic in steps].index(Tactic.REVEAL) == own.needed


@given(difficulties, st.integers(0, 99))
def test_putting_the_talk_off_takes_less_than_winning_it(difficulty: Difficulty, seed: int) -> None:
    put_off = play([NO] * 18, seed=seed, own=rules(difficulty, seed, GoalKind.NOT_TODAY))
    assert put_off[-1][0].outcome is Outcome.BOUNDARY_HELD
    assert len(put_off) < len(play([NO] * 18, seed=seed, own=rules(difficulty, seed, GoalKind.HOLD)))
    another_time = play([ASK] * 18, seed=seed, own=rules(difficulty, seed, GoalKind.NOT_TODAY))
    assert another_time[-1][0].outcome is Outcome.AGREEMENT, "a time that is named is a request, not avoidance"


def test_being_understood_reveals_what_is_hidden_and_opens_a_middle_way() -> None:
    steps = play([NO, SEEN, SEEN, OFFER, OFFER, NICE])
    assert Tactic.REVEAL in [tactic for _, tactic in steps]
    assert steps[-1][0].outcome is Outcome.COMPROMISE
    by_offering_alone = play([OFFER] * 14)
    counters = [sum(tactic in (*COUNTERS, Tactic.BARGAIN) for _, tactic in talk) for talk in (steps, by_offering_alone)]
    assert counters[0] < counters[1], "she needs fewer objections once she was understood"


def test_a_yes_to_her_bargain_is_agreeing_and_not_giving_in() -> None:
    steps = play([NO, SEEN, SEEN, OFFER, OKAY])
    assert steps[-2][1] is Tactic.BARGAIN
    assert steps[-1][0].outcome is Outcome.COMPROMISE


PLAIN = heard(Style.ASSERTIVE)


def test_a_plain_open_word_keeps_a_line_that_was_held_and_is_no_line_by_itself() -> None:
    assert play([PLAIN] * 14)[-1][0].outcome is not Outcome.BOUNDARY_HELD
    assert play([NO, NO, *[PLAIN] * 12])[-1][0].outcome is Outcome.BOUNDARY_HELD


def test_a_bare_yes_is_giving_in_where_more_was_just_asked_and_nothing_elsewhere() -> None:
    yes = Heard(Style.ASSERTIVE, frozenset(), only_yes=True)
    assert play([OKAY, yes])[-1][0].outcome is Outcome.CAPITULATED
    assert play([yes, yes, yes])[-1][0].given_in == 0


def test_giving_in_once_can_be_taken_back() -> None:
    steps = play([OKAY, *[NO] * 12])
    assert steps[0][1] is Tactic.TAKE_MORE
    assert steps[-1][0].outcome is Outcome.BOUNDARY_HELD


def test_the_same_sentence_again_does_not_help() -> None:
    again = heard(Style.ASSERTIVE, Signal.REFUSAL, repeated=True)
    steps = play([NO, again, again])
    assert [tactic for _, tactic in steps[1:]] == [Tactic.REPEAT, Tactic.REPEAT]
    assert steps[2][0].tension > steps[0][0].tension


@given(st.lists(anything, max_size=12), st.integers(0, 99))
def test_no_mood_is_a_trap(before: list[Heard], seed: int) -> None:
    steps = play([*before, *[SEEN] * 5], seed=seed)
    if steps[-1][0].phase is not Phase.CLOSED:
        assert steps[-1][0].tension <= 4.0


@settings(max_examples=200)
@given(st.lists(anything, min_size=30, max_size=60), difficulties, st.integers(0, 9999))
def test_every_talk_ends_within_bounds_and_only_by_allowed_steps(turns: list[Heard], difficulty: Difficulty, seed: int) -> None:
    steps = play(turns, difficulty, seed)
    assert steps[-1][0].phase is Phase.CLOSED
    assert steps[-1][0].outcome is not None
    phases = [Phase.OPENING, *(state.phase for state, _ in steps)]
    for one, other in itertools.pairwise(phases):
        assert other in SUCCESSORS[one]
    for state, _ in steps:
        assert all(0.0 <= value <= 10.0 for value in (state.tension, state.pressure, state.openness, state.face))


def test_a_closed_talk_takes_no_more_turns() -> None:
    closed = play([OKAY, OKAY])[-1][0]
    with pytest.raises(ValueError, match="closed"):
        respond(closed, NO, rules(), random.Random(1))


def test_the_same_seed_gives_the_same_talk() -> None:
    assert play([NO, ASK, SEEN, OFFER], seed=7) == play([NO, ASK, SEEN, OFFER], seed=7)
