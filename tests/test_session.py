from __future__ import annotations

import dataclasses
import random

import pytest

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Danger, Outcome, Speaker
from ipt_roleplay.errors import EmptyTurnError, SessionStateError, StorageError, TurnTooLongError
from ipt_roleplay.partner import Reply, Scene
from ipt_roleplay.session import LONGEST_TURN, SAY_NOTHING, Practice


class FallingPartner:
    """A partner that fails in the middle: a failure that has to be forced."""

    def open(self, scene: Scene) -> Reply:
        raise AssertionError("not used")

    def reply(self, scene: Scene) -> Reply:
        raise ConnectionError("the line went dead")


@pytest.fixture
def practice(shared: Services) -> Practice:
    return shared.off_the_record()


def test_the_words_are_kept_before_anything_can_fail(shared: Services) -> None:
    kept = shared.kept
    session = kept.start("aggressive_sister", seed=1)
    falling = dataclasses.replace(kept, partner=FallingPartner())
    with pytest.raises(ConnectionError):
        falling.take_turn(session.id, "I can't do Wednesday.")
    assert kept.show(session.id).transcript.turns[-1].text == "I can't do Wednesday."
    answer = kept.answer(session.id)
    assert answer.reply is not None
    assert [turn.speaker for turn in kept.show(session.id).transcript.turns] == [Speaker.PARTNER, Speaker.LEARNER, Speaker.PARTNER]


def test_the_reply_is_kept_before_its_first_piece_is_shown(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1)
    answer = practice.take_turn(session.id, "No, I can't.")
    assert answer.reply is not None
    assert practice.show(session.id).transcript.turns[-1].text == "".join(answer.reply.pieces)


def test_danger_stops_the_role_and_the_words_are_kept(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1)
    answer = practice.take_turn(session.id, "I want to kill myself")
    assert (answer.danger, answer.reply) == (Danger.SUICIDE_SELF, None)
    assert practice.show(session.id).transcript.turns[-1].text == "I want to kill myself"


def test_the_talk_can_go_on_after_a_misunderstanding(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1)
    practice.take_turn(session.id, "I'm going to kill her")
    answer = practice.take_turn(session.id, "I didn't mean that. I can't do Wednesday.")
    assert answer.reply is not None


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u202e", "\x00\x07"])
def test_a_turn_without_words_is_refused(practice: Practice, text: str) -> None:
    session = practice.start("aggressive_sister", seed=1)
    with pytest.raises(EmptyTurnError, match="Say nothing"):
        practice.take_turn(session.id, text)
    assert len(practice.show(session.id).transcript.turns) == 1


def test_a_turn_of_twenty_thousand_characters_is_refused_and_a_long_one_taken(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1)
    with pytest.raises(TurnTooLongError, match="your text is kept"):
        practice.take_turn(session.id, "x" * 20_000)
    assert practice.take_turn(session.id, "I can't do it. " * (LONGEST_TURN // 16)).reply is not None


def test_control_and_invisible_characters_are_gone_before_storing(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1)
    practice.take_turn(session.id, "I ca\u200bn't\u202e do\x07 it")
    assert practice.show(session.id).transcript.turns[1].text == "I can't do it"


def test_a_closed_talk_takes_no_more(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1)
    for _ in range(2):
        practice.take_turn(session.id, "okay")
    assert practice.show(session.id).outcome is Outcome.CAPITULATED
    with pytest.raises(SessionStateError, match="over"):
        practice.take_turn(session.id, "wait")


def test_stopping_is_an_outcome_and_keeps_how_one_feels(practice: Practice) -> None:
    session = practice.start("aggressive_sister", seed=1, mood=3)
    practice.take_turn(session.id, SAY_NOTHING)
    ended = practice.end(session.id, mood=5, confidence=4)
    assert (ended.outcome, ended.mood_before, ended.mood_after, ended.confidence_after) == (Outcome.STOPPED, 3, 5, 4)
    assert practice.end(session.id, mood=6).mood_after == 6


def test_without_a_seed_talks_differ(shared: Services) -> None:
    practice = dataclasses.replace(shared.off_the_record(), rng=random.Random(4))
    assert len({practice.start("aggressive_sister").transcript.turns[0].text for _ in range(12)}) > 1


def test_a_full_disk_is_said_and_the_words_are_not_lost_silently(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = shared.kept
    session = kept.start("aggressive_sister", seed=1)

    def full(*_: object) -> None:
        raise StorageError("Your words could not be saved: database or disk is full.")

    monkeypatch.setattr(kept.store, "append", full)
    with pytest.raises(StorageError, match="could not be saved"):
        kept.take_turn(session.id, "No.")
