"""What a model may not say as the partner is caught before it is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.cli.main import cli
from ipt_roleplay.config import Settings
from ipt_roleplay.domain import GuardFault, Speaker, Tactic
from ipt_roleplay.llm.scripted import ScriptedModel
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.partner import ModelPartner
from ipt_roleplay.partner.guard import Guard, Unfit, guarded
from ipt_roleplay.ports import Allowed
from tests.test_model_partner import NO, last_move, practice_with, shown

GUARD = Guard(None, "No. I can't do Wednesday.", Tactic.GUILT, ("You always were her favourite, and look at you now.",))


class Fussy:
    """A reader that finds a fault in every reply with a given word."""

    def __init__(self, word: str, fault: GuardFault) -> None:
        self.word, self.found, self.asked = word, fault, list[str]()

    def fault(self, reply: str, learner: str, allowed: Allowed, ended: bool) -> GuardFault | None:
        self.asked.append(reply)
        return self.found if self.word in reply else None


def through(pieces: Iterable[str], guard: Guard = GUARD) -> tuple[str, GuardFault | None]:
    """What is shown, and what stopped it."""
    shown_so_far = ""
    try:
        for piece in guarded(pieces, guard):
            shown_so_far += piece
    except Unfit as unfit:
        return shown_so_far, unfit.fault
    return shown_so_far, None


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("As an AI language model I can't be rude to you.", GuardFault.ASSISTANT),
        ("How can I help you today?", GuardFault.ASSISTANT),
        ("It sounds like you're feeling overwhelmed by all of this.", GuardFault.THERAPIST),
        ("I hear you, and let's find a compromise that works for both of us.", GuardFault.THERAPIST),
        ("Good job setting a clear boundary there.", GuardFault.COACHING),
        ("That was a lovely I-statement.", GuardFault.COACHING),
        ("In this scene my character would be angry.", GuardFault.OUT_OF_ROLE),
        ("You: okay, I'll take her.", GuardFault.SPEAKS_FOR_LEARNER),
        ("*waits*\nJanelle: You know what, take them.", GuardFault.SPEAKS_FOR_LEARNER),
        ("I could slap you for that.", GuardFault.LIMITS),
        ("Another soft faggot on the wing.", GuardFault.LIMITS),
        ("*you sigh and reach for the card*", GuardFault.SPEAKS_FOR_LEARNER),
        ("[Direction for Denise: press on]", GuardFault.LEAK),
        ("Then I will kill myself and you can explain it.", GuardFault.LIMITS),
        ("No puedo llevarla el miércoles, tienes que hacerlo tú.", GuardFault.OTHER_LANGUAGE),
        ("...", GuardFault.EMPTY),
        ("You always were her favourite, and look at you now!", GuardFault.REPEATS),
    ],
)
def test_a_reply_that_is_no_partners_is_not_shown(said: str, fault: GuardFault) -> None:
    assert through([said]) == ("", fault)
    assert through(said) == ("", fault)


@pytest.mark.parametrize(
    "said",
    [
        "*not looking up* Say that again.",
        "I hear you. I heard you the first time.",
        "*puts the cup down, hard*",
        "Oh, 'I need'. Listen to it.",
        "You'd be a great help, you would. You and your diary.",
        "Habibi, no. Wednesday.",
        "How are you feeling, Mum says? Feeling!",
    ],
)
def test_rude_short_and_odd_is_what_partners_are(said: str) -> None:
    assert through(said) == (said, None)


def test_sentences_are_shown_one_by_one_once_they_are_read() -> None:
    reader = Fussy("nothing", GuardFault.CONCEDES)
    guard = Guard(reader, NO, Tactic.GUILT)
    pieces = guarded(["She fell. ", "I found her. ", "You ", "weren't there."], guard)
    assert next(pieces).strip() == "She fell."
    assert reader.asked == ["She fell."]
    assert "".join(pieces).strip() == "I found her. You weren't there."


def test_what_comes_before_a_fault_stays_and_nothing_of_its_sentence() -> None:
    reader = Fussy("take her", GuardFault.CONCEDES)
    assert through("She fell. All right, I'll take her. Happy?", Guard(reader, NO, Tactic.GUILT)) == ("She fell.", GuardFault.CONCEDES)


def test_how_far_a_reply_may_give_way_follows_the_tactic() -> None:
    allowed = {tactic: Guard(None, NO, tactic).allowed for tactic in (Tactic.GUILT, Tactic.BARGAIN, Tactic.CLOSE_AGREEMENT)}
    assert list(allowed.values()) == [Allowed.NOTHING, Allowed.A_LITTLE, Allowed.AGREE]


def test_one_more_try_is_made_with_the_reason(shared: Services) -> None:
    model = ScriptedModel(["As an AI I can't be unkind.", "She's got her good blouse out."])
    practice = practice_with(shared, model)
    session = practice.start("aggressive_sister", seed=1)
    assert shown(practice.take_turn(session.id, NO)) == "She's got her good blouse out."
    move = last_move(practice, session)
    assert (move.said_by, move.guarded) == ("scripted", (GuardFault.ASSISTANT,))
    assert "as it sounded like an assistant" in model.asked[1][-1][1]
    assert model.asked[0][:-1] == model.asked[1][:-1]


def test_after_two_the_written_line_comes_and_the_count_is_kept(shared: Services) -> None:
    practice = practice_with(shared, ScriptedModel(["As an AI I can't be unkind.", "It sounds like you're feeling hurt."]))
    session = practice.start("aggressive_sister", seed=1)
    said = shown(practice.take_turn(session.id, NO))
    kept = practice.show(session.id).transcript.by(Speaker.PARTNER)[-1]
    assert kept.text == said
    assert kept.move
    assert kept.move.guarded == (GuardFault.ASSISTANT, GuardFault.THERAPIST)
    assert kept.move.stood_in_because == "was not used, as it sounded like a therapist"


def test_a_fault_after_a_good_sentence_ends_the_reply_there(shared: Services) -> None:
    practice = practice_with(shared, ScriptedModel(["She's got her good blouse out. How can I help you with that?"]))
    session = practice.start("aggressive_sister", seed=1)
    assert shown(practice.take_turn(session.id, NO)) == "She's got her good blouse out."
    assert last_move(practice, session).guarded == (GuardFault.ASSISTANT,)


def test_the_counts_stand_under_the_kept_talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPT_DATA_DIR", str(tmp_path))
    made = Services(Settings(data_dir=tmp_path, locale="GB"))
    model = ScriptedModel(["As an AI I can't be unkind.", "She's got her good blouse out."])
    partner = ModelPartner(model, made.authored, TokenCounter("m", tmp_path / "tokens"))
    practice = dataclasses.replace(made.kept, partner=partner)
    session = practice.start("aggressive_sister", seed=1)
    shown(practice.take_turn(session.id, NO))
    shown_there = CliRunner().invoke(cli, ["sessions", "show", session.id])
    assert "asked for 1 reply; a written line stood in for 0. Not used, or not to the end: assistant 1." in shown_there.output
