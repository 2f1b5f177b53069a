"""Swapped seats: the person plays the partner, the learner's part is spoken for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import SAY_NOTHING, Danger, Outcome, Session, Speaker, Style
from ipt_roleplay.errors import EmptyTurnError, GateClosedError, SessionStateError, UnknownNameError
from ipt_roleplay.learner import KINDS, read_learner_lines
from ipt_roleplay.safety import Afraid
from ipt_roleplay.session import LONGEST_SWAP, Practice
from tests.test_cli import data, ipt

__all__ = ["data"]

DENISE = (
    "You're taking Mum on Wednesday. Twenty to ten. I've told her.",
    "After everything I've done for this family?",
    "Don't be so pathetic.",
    "Fine. What would you do, then?",
)


def played(practice: Practice, kind: str, said: tuple[str, ...] = DENISE) -> Session:
    session = practice.swap("aggressive_sister", kind=kind, seed=5)
    for words in said:
        assert practice.speak_as_partner(session.id, words) is None
    return practice.show(session.id)


@pytest.mark.parametrize("kind", KINDS)
def test_the_part_answers_each_line_in_its_own_way_and_is_read(shared: Services, kind: str) -> None:
    talk = played(shared.off_the_record(), kind).transcript
    assert [turn.text for turn in talk.by(Speaker.PARTNER)] == list(DENISE)
    answers = talk.by(Speaker.LEARNER)
    assert len(answers) == len(DENISE) == len({turn.text for turn in answers})
    assert {turn.text for turn in answers} <= {line.text for line in read_learner_lines()[kind]}
    assert all(turn.reading for turn in answers)


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("You have to come on Sunday, everyone expects you.", "ordered"),
        ("I paid for your driving lessons, remember?", "guilt"),
        ("You never think of anyone but yourself.", "hurt"),
        ("So what is it you want?", "asked"),
        ("I was just worried about you.", "opened"),
        ("ok so if i take saturday will you do sunday", "offered"),
        ("Great, then you can also do the dishes.", "more"),
        ("*sighs, looks away*", "dodged"),
        (SAY_NOTHING, "dodged"),
        ("Photosynthesis.", "any"),
    ],
)
def test_what_was_said_is_taken_for_what_it_does(shared: Services, said: str, does: str) -> None:
    assert shared.off_the_record().seat.place(said) == does


def test_the_answer_is_one_for_what_was_just_done(shared: Services) -> None:
    lines = {line.text: line for line in read_learner_lines()["aggressive"]}
    answers = played(shared.off_the_record(), "aggressive").transcript.by(Speaker.LEARNER)
    assert lines[answers[0].text].after in ("first", "any")
    assert [lines[turn.text].after for turn in answers[1:3]] == ["guilt", "hurt"]


def test_the_open_part_mostly_reads_as_assertive_and_the_attacking_one_does_not(shared: Services) -> None:
    def styles(kind: str) -> list[Style]:
        return [turn.reading.style for turn in played(shared.off_the_record(), kind).transcript.turns if turn.reading]

    assert styles("assertive").count(Style.ASSERTIVE) >= 3
    assert styles("aggressive").count(Style.AGGRESSIVE) >= 3


def test_it_ends_by_itself_and_then_says_so(shared: Services) -> None:
    practice = shared.off_the_record()
    session = practice.swap("aggressive_sister", kind="passive")
    for number in range(LONGEST_SWAP):
        practice.speak_as_partner(session.id, f"You will do it, and that is the {number}. time I say it.")
    assert practice.show(session.id).outcome is Outcome.STOPPED
    with pytest.raises(SessionStateError, match="over"):
        practice.speak_as_partner(session.id, "And another thing.")


def test_the_words_are_kept_before_they_are_screened_and_answered_after_a_misunderstanding(shared: Services) -> None:
    practice = shared.kept
    session = practice.swap("aggressive_sister", kind="nice")
    assert practice.speak_as_partner(session.id, "I want to kill myself") is Danger.SUICIDE_SELF
    assert [turn.text for turn in practice.show(session.id).transcript.turns] == ["I want to kill myself"]
    practice.answer_as_learner(session.id)
    kept = practice.show(session.id)
    assert (kept.swapped, len(kept.transcript.turns)) == ("nice", 2)
    with pytest.raises(SessionStateError, match="nothing to answer"):
        practice.answer_as_learner(session.id)
    practice.delete(session.id)


def test_silence_from_the_partners_seat_is_answered_and_nothing_at_all_is_not(shared: Services) -> None:
    practice = shared.off_the_record()
    session = practice.swap("aggressive_sister", kind="assertive")
    practice.speak_as_partner(session.id, SAY_NOTHING)
    assert len(practice.show(session.id).transcript.turns) == 2
    with pytest.raises(EmptyTurnError):
        practice.speak_as_partner(session.id, "  ")


def test_neither_seat_can_be_spoken_from_in_a_talk_of_the_other_kind(shared: Services) -> None:
    practice = shared.off_the_record()
    swapped, usual = practice.swap("aggressive_sister", kind="nice"), practice.start("aggressive_sister")
    with pytest.raises(SessionStateError, match="other way round"):
        practice.take_turn(swapped.id, "No.")
    with pytest.raises(SessionStateError, match="other way round"):
        practice.speak_as_partner(usual.id, "Yes you will.")
    practice.speak_as_partner(swapped.id, "Yes you will.")
    with pytest.raises(SessionStateError, match="swapped seats"):
        practice.rewind(swapped.id, 2)


def test_there_is_no_such_learner(shared: Services) -> None:
    with pytest.raises(UnknownNameError, match="assertive"):
        shared.off_the_record().swap("aggressive_sister", kind="brave")


@pytest.mark.parametrize("answer", [None, Afraid.YES, Afraid.NOT_SURE, Afraid.NOT_SAID])
def test_the_gate_stands_before_the_other_seat_as_well(shared: Services, answer: Afraid | None) -> None:
    practice = shared.off_the_record()
    with pytest.raises(GateClosedError):
        practice.swap("controlling_partner", kind="assertive", afraid=answer)
    assert practice.list() == ()


def test_in_the_terminal(data: Path) -> None:
    done = ipt(data, "chat", "aggressive_sister", "--swap", "passive", given=f"{DENISE[0]}\n{DENISE[1]}\n/end\n")
    assert done.returncode == 0
    assert "You are Denise now" in done.stdout
    assert done.stdout.count("Your part: ") == 2
    assert "hardest to go on pressing" in done.stdout
    (listed,) = ipt(data, "sessions", "list").stdout.splitlines()
    shown = ipt(data, "sessions", "show", listed.split()[0]).stdout
    assert f"You, as Denise: {DENISE[0]}" in shown
    assert ipt(data, "chat", "aggressive_sister", "--swap", "brave", given="\n").returncode == 1
