from __future__ import annotations

import re
from collections import Counter

import pytest

from ipt_roleplay.analysis.turn import TurnReader
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Outcome, Reading, Session, Speaker, Style, Tactic
from ipt_roleplay.partner.reply import style_heard

FIRM = [
    "I know you're doing a lot. I can't do Wednesday.",
    "You did do Christmas, and I was glad. I still can't do Wednesday. I'd like you to take her.",
    "I'm not able to take her this time. Can you ask Bev for the morning?",
    "No, Denise. I can't. I'd like you to do this one.",
    "I want you to take her on Wednesday, please.",
    "I still can't. Will you take her this time?",
    "I'd like you to take her this Wednesday, and tell me what he says.",
    "I'm going to work on Wednesday, Denise. I'd like you to go with Mum.",
    "I won't be there this time. I'll ring you both at dinner time and hear how it went.",
    "So that's how I want it. You take her this time, please.",
]
NICE = [
    "You're so good with her.",
    "I really appreciate you.",
    "I'm sorry, Denise.",
    "I'm really sorry, you're amazing.",
    "That's lovely of you.",
    "You work so hard.",
    "I'm sorry about everything.",
    "You look nice today.",
]

SEEING_HER = [
    "You've had to do all of this by yourself, I can see that.",
    "It must have been frightening, finding her like that.",
    "What worries you most about Wednesday?",
    "You were the one who was there in February, on that chair. I know.",
    "What has it been like for you since the fall?",
    "You've not had a day to yourself in months, have you? That's a lot.",
    "I can see why you were angry with me at Christmas. You had nine of us and a tooth.",
    "What would make it easier for you?",
    "You hear her slippers and you know how she is. Nobody else knows that.",
    "You asked me in November and I sent a thumb. That was true, what you said.",
    "What are you afraid he'll say?",
    "You go past last thing at night to see her light go off. I didn't know that.",
]
VARIED = [
    "*looks at the table* I've got work on Wednesday.",
    "I'm not sure, maybe, I'd have to see.",
    "Why is it always me?",
    "...",
    "It's forty minutes for me, and I've got the kids.",
    "How is Mum?",
    "You make everything worse.",
    "Can't Martin take her?",
    "I'll think about it.",
]


def practise(services: Services, turns: list[str], seed: int) -> Session:
    practice = services.off_the_record()
    session = practice.start("aggressive_sister", seed=seed)
    for text in turns:
        if practice.show(session.id).outcome is not None:
            break
        practice.take_turn(session.id, text)
    return practice.show(session.id)


@pytest.mark.parametrize("seed", range(5))
def test_firm_and_fair_wins_nice_does_not_and_okay_gives_it_away(shared: Services, seed: int) -> None:
    assert practise(shared, FIRM, seed).outcome in (Outcome.AGREEMENT, Outcome.COMPROMISE, Outcome.BOUNDARY_HELD)
    assert practise(shared, NICE, seed).outcome is None
    assert practise(shared, ["okay", "okay, fine"], seed).outcome is Outcome.CAPITULATED


def test_no_line_is_said_twice_in_the_longest_talk(shared: Services) -> None:
    turns = ["I'm sorry.", "Maybe.", "You're a bully.", "Oh yes, Saint Denise.", "...", "I've got work.", "How are you coping?"] * 3
    session = practise(shared, turns, seed=3)
    ids = [turn.move.line_id for turn in session.transcript.turns if turn.move]
    assert len(ids) > 8
    assert max(Counter(ids).values()) == 1


def test_her_answers_go_with_what_was_said(shared: Services) -> None:
    """Each opening remark has lines written for it; with the right kind of reply open, one of those is chosen."""
    expected = {
        "What are you afraid he'll say?": "ans_afraid",
        "How is Mum?": "ans_mum",
        "I'm so sorry, Denise.": "brush_sorry",
        "Oh yes, Saint Denise.": "sting_saint",
        "okay": "more_",
    }
    for said, family in expected.items():
        turn = practise(shared, [said], seed=1).transcript.turns[-1]
        assert turn.move is not None
        assert turn.move.line_id.startswith(family), (said, turn.text)


def test_an_echo_throws_back_the_learners_own_words(shared: Services) -> None:
    found = 0
    for seed in range(40):
        session = practise(shared, ["I've got work on Wednesday.", "I can't do Wednesday."], seed)
        for turn in session.transcript.by(Speaker.PARTNER):
            assert "{echo}" not in turn.text
            quoted = re.search(r'"(I can\'t do Wednesday|I\'ve got work on Wednesday)\."', turn.text)
            found += quoted is not None
    assert found > 0


def test_what_she_heard_and_meant_is_kept_for_the_coach(shared: Services) -> None:
    move = (
        practise(shared, ["I've got work on Wednesday, and the car's been funny, and it's a long way."], seed=2).transcript.turns[-1].move
    )
    assert move is not None
    assert move.heard == "an excuse"
    assert move.meant


def test_the_same_seed_and_words_bring_the_same_talk(shared: Services) -> None:
    assert [turn.text for turn in practise(shared, FIRM, 9).transcript.turns] == [
        turn.text for turn in practise(shared, FIRM, 9).transcript.turns
    ]


def test_a_long_speech_is_interrupted(shared: Services) -> None:
    speech = "I've got work, and there is the car, and my manager said no, and it is a long way, because of the roads. " * 12
    turn = practise(shared, [speech], seed=1).transcript.turns[-1]
    assert turn.move is not None
    assert turn.move.tactic is Tactic.INTERRUPT


def test_over_many_talks_many_different_lines_are_heard(shared: Services, reader: TurnReader) -> None:
    talks = [practise(shared, turns, seed) for seed in range(10) for turns in (FIRM, NICE, VARIED)]
    lines = {turn.move.line_id for talk in talks for turn in talk.transcript.turns if turn.move}
    assert len(lines) >= 60


def test_a_line_for_any_turn_begins_with_a_word_on_what_was_said_and_never_with_the_same(shared: Services) -> None:
    _, situation = shared.personas.scene("aggressive_sister", "doctors_appointment")
    begins = {line_id for family in situation.families if family.tactic is Tactic.TAKE_UP for line_id in family.line_ids()}
    for_any_turn = {
        line_id
        for family in situation.families
        if not family.answers and not family.bodies and family.tactic in (Tactic.ORDER, Tactic.PIN_DOWN, Tactic.GUILT, Tactic.COMPARE)
        for line_id, line in zip(family.line_ids(), family.say, strict=True)
        if "{" not in line
    }
    taken_up, could_be = 0, 0
    for seed in range(6):
        for turns in (FIRM, NICE, VARIED):
            parts = [turn.move.line_id.split("+") for turn in practise(shared, turns, seed).transcript.turns if turn.move]
            first = [part[0] for part in parts if len(part) == 2]
            assert len(set(first)) == len(first)
            assert set(first) <= begins
            assert not [part for part in parts if part[-1] in begins]
            taken_up += len([part for part in parts if len(part) == 2 and part[-1] in for_any_turn])
            could_be += len([part for part in parts if part[-1] in for_any_turn])
    assert could_be > 10
    assert taken_up > could_be / 2


def test_what_is_said_beside_a_gesture_is_answered(shared: Services) -> None:
    alone, beside = (
        {turn.move.tactic for seed in range(8) if (turn := practise(shared, [said], seed).transcript.turns[-1]).move}
        for said in ("*looks away*", "*looks away* I'm so sorry, you do such a lot for everybody.")
    )
    assert Tactic.REACT_BODY in alone
    assert Tactic.REACT_BODY not in beside


@pytest.mark.parametrize("seed", range(3))
def test_in_a_long_talk_no_mood_is_a_trap(shared: Services, seed: int) -> None:
    """Twenty-five turns: kind words do not melt her, and being seen brings her down again after a bad start."""
    attacks = ["You're a bully, Denise.", "This is your fault. You make everything worse."]
    seen, nice = (practise(shared, turns, seed) for turns in ([*attacks, *SEEING_HER], (NICE * 2)[:12]))
    heat, melted = ([turn.move.state.tension for turn in talk.transcript.turns if turn.move] for talk in (seen, nice))
    assert len(heat) > 10
    assert max(heat[:4]) >= 6
    assert heat[-1] <= max(heat) - 3
    assert min(melted) >= 1
    assert max(turn.move.state.openness for turn in nice.transcript.turns if turn.move) <= 4  # being seen goes so far without a line held


def reading_with(style: Style, **scores: float) -> Reading:
    return Reading(style=style, scores={each: scores.get(each.value, 0.0) for each in Style})


def test_only_a_plain_sting_is_answered_as_one() -> None:
    doubtful = reading_with(Style.PASSIVE_AGGRESSIVE, passive_aggressive=0.5, aggressive=0.1, passive=0.3, assertive=0.1)
    plain = reading_with(Style.PASSIVE_AGGRESSIVE, passive_aggressive=0.5, aggressive=0.3, passive=0.1, assertive=0.1)
    assert style_heard(doubtful) is Style.PASSIVE
    assert style_heard(plain) is Style.PASSIVE_AGGRESSIVE
    assert style_heard(reading_with(Style.ASSERTIVE, assertive=0.4, aggressive=0.3, passive_aggressive=0.3)) is Style.ASSERTIVE
