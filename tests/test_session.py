from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import SAY_NOTHING, Danger, Outcome, Speaker
from ipt_roleplay.errors import EmptyTurnError, SessionStateError, StorageError, TurnTooLongError, UnknownNameError
from ipt_roleplay.partner import Reply, Scene
from ipt_roleplay.session import LONGEST_TURN, Practice


class FallingPartner:
    """A partner that fails in the middle: a failure that has to be forced."""

    def open(self, scene: Scene) -> Reply:
        raise AssertionError("not used")

    def listen(self, text: str) -> None:
        """Hears it, and falls later."""

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


def test_nobody_reaches_somebody_elses_talk(shared: Services) -> None:
    hers, his = shared.kept_for("her", 30), shared.kept_for("him", None)
    talk = hers.start("aggressive_sister", seed=1)
    own = his.start("aggressive_sister", seed=1)
    assert [one.id for one in his.list()] == [own.id]
    ways: tuple[Callable[[], object], ...] = (
        lambda: his.show(talk.id),
        lambda: his.take_turn(talk.id, "No."),
        lambda: his.answer(talk.id),
        lambda: his.rewind(talk.id, 2),
        lambda: his.end(talk.id),
        lambda: his.feedback(talk.id),
        lambda: his.delete(talk.id),
    )
    for way in ways:
        with pytest.raises(UnknownNameError) as refused:
            way()
        assert talk.id not in str(refused.value).split("Did you mean")[-1].split("There is:")[-1]
    assert hers.show(talk.id) == talk
    assert {talk.id, own.id} <= {one.id for one in shared.kept.list()}


def test_a_branch_belongs_to_whom_the_talk_belongs_and_is_kept_as_long(shared: Services) -> None:
    hers = shared.kept_for("her", 30)
    talk = hers.start("aggressive_sister", seed=1)
    hers.take_turn(talk.id, "No, I can't.")
    assert (hers.rewind(talk.id, 2).owner, hers.rewind(talk.id, 2).keep_days) == ("her", 30)
    hers.keep_for(7)
    assert {one.keep_days for one in hers.list()} == {7}


def test_everybodys_talks_are_forgotten_when_their_days_are_over(shared: Services) -> None:
    class Later:
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(days=31)

    hers = shared.kept_for("her", 30)
    talk = hers.start("aggressive_sister", seed=1)
    assert hers.forget_expired() == 0
    assert dataclasses.replace(shared.kept, clock=Later()).forget_expired() >= 1
    with pytest.raises(UnknownNameError):
        hers.show(talk.id)
