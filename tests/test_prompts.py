from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.long_talk import FACTS
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import PartnerState, Phase, Session, Speaker, Tactic, Transcript, Turn
from ipt_roleplay.learner import read_learner_lines
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.partner import AuthoredPartner, Scene
from ipt_roleplay.partner.direction import messages_for
from ipt_roleplay.prompts import TACTIC_WORDS, PromptError, limit_in_words, render, slots_of, state_in_words


def test_a_missing_or_an_unused_slot_is_an_error() -> None:
    fillings = {name: "x" for name in slots_of("partner_turn")}
    assert "{" not in render("partner_turn", **fillings)
    with pytest.raises(PromptError, match=r"missing \['words'\]"):
        render("partner_turn", **{name: "x" for name in fillings if name != "words"})
    with pytest.raises(PromptError, match=r"unused \['more'\]"):
        render("partner_turn", **fillings, more="x")


def test_what_is_filled_in_is_never_read_as_a_slot() -> None:
    fillings = {name: "x" for name in slots_of("partner_turn")} | {"words": "{voice} {nothing}", "voice": "SECRET"}
    assert render("partner_turn", **fillings).startswith("{voice} {nothing}")


def test_every_tactic_has_words_and_only_giving_ones_may_give() -> None:
    assert set(TACTIC_WORDS) == set(Tactic)
    assert limit_in_words(Tactic.GUILT).startswith("Give way in nothing")
    assert limit_in_words(Tactic.YIELD_A_NOTCH).startswith("Give way exactly that far")


def test_the_state_is_said_without_numbers() -> None:
    said = {state_in_words(PartnerState(phase=phase, tension=heat)) for phase in Phase for heat in (0, 5, 10)}
    assert len(said) == len(Phase) * 3
    assert not [words for words in said if any(character.isdigit() for character in words)]


def counted(text: str) -> int:
    return 4 + len(text.split())


def asked(services: Services, session: Session, count: Callable[[str], int] = counted) -> list[tuple[str, str]]:
    scene = services.off_the_record().scene(session)
    return messages_for(scene, AuthoredPartner(services.encoder).decide(scene), count)


def test_persona_first_and_the_same_bytes_then_the_talk_then_what_to_do(shared: Services) -> None:
    practice = shared.off_the_record()
    session = practice.start("aggressive_sister", seed=1)
    practice.take_turn(session.id, "I've got work.")
    first = practice.show(session.id)
    practice.take_turn(session.id, "No, Denise. I can't.")
    second = practice.show(session.id)
    before, after = (asked(shared, replace(talk, transcript=Transcript(talk.transcript.turns[:-1]))) for talk in (first, second))
    assert before[0] == after[0]
    assert before[0][0] == "system"
    assert [role for role, _ in after] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert after[3][1] == "I've got work."
    assert after[-1][1].startswith("No, Denise. I can't.\n\n[Direction")
    move = second.transcript.turns[-1].move
    assert move is not None
    assert TACTIC_WORDS[move.tactic] in after[-1][1]
    assert state_in_words(move.state) in after[-1][1]
    voice = [line for family in scene_of(shared, second).situation.families if family.tactic is move.tactic for line in family.say]
    assert sum(line in after[-1][1] for line in voice) == 2


def test_a_very_long_talk_and_turns_without_answers_keep_the_roles_in_turn(shared: Services) -> None:
    practice = shared.off_the_record()
    session = practice.start("aggressive_sister", seed=1)
    opening = session.transcript.turns[0]
    reading = shared.reader.read("No. I can't do it.")
    turns = [opening]
    for number in range(2, 60):
        speaker = Speaker.LEARNER if number % 2 == 0 or number % 7 == 0 else Speaker.PARTNER
        turns.append(Turn(number, speaker, "No. I can't do it. " * 400, reading=reading if speaker is Speaker.LEARNER else None))
    turns.append(Turn(60, Speaker.LEARNER, "No.", reading=reading))
    messages = asked(shared, replace(session, transcript=Transcript(tuple(turns))))
    roles = [role for role, _ in messages[1:]]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"] * (len(roles) % 2)
    assert roles[-1] == "user"
    assert len(messages) <= 12
    assert sum(len(text) for _, text in messages) < 20_000


def scene_of(services: Services, session: Session) -> Scene:
    return services.off_the_record().scene(session)


def long_talk(services: Services, session: Session, turns: int, planted: str) -> Session:
    """A talk of so many turns, ordinary but for what is said in turn 2."""
    said = [line.text for line in read_learner_lines()["assertive"] if line.situation in (None, "doctors_appointment")]
    answered = [line for family in scene_of(services, session).situation.families for line in family.say if "{" not in line]
    reading = services.reader.read("No. I can't do it.")
    talk = list(session.transcript.turns)
    for n in range(2, turns + 1):
        if n % 2:
            talk.append(Turn(n, Speaker.PARTNER, answered[n]))
        else:
            text = planted if n == 2 else said[n]
            talk.append(Turn(n, Speaker.LEARNER, text, reading=services.reader.read(text) if n < turns else reading))
    return replace(session, transcript=Transcript(tuple(talk)))


def test_the_prompt_stays_flat_and_what_was_stated_early_is_still_in_it(shared: Services) -> None:
    tokens = TokenCounter("gpt-4o", shared.settings.data_dir / "tokens")
    session = shared.off_the_record().start("aggressive_sister", "doctors_appointment", seed=1)
    kept, sizes, first = 0, {}, set()
    for half in (FACTS[:10], FACTS[10:]):
        for turns in (16, 60):
            messages = asked(shared, long_talk(shared, session, turns, " ".join(half)), tokens.count)
            sizes[turns] = sum(tokens.count(text) for _, text in messages)
            first.add(messages[0])
        kept += sum(fact in messages[1][1] for fact in half)
    assert kept >= 19
    assert sizes[60] <= 1.2 * sizes[16]
    assert len(first) == 1
    assert tokens.exact


def test_a_count_for_an_unknown_model_is_rather_too_high(tmp_path: Path) -> None:
    known, unknown = (TokenCounter(name, tmp_path) for name in ("gpt-4o", "my-own-model"))
    assert unknown.count("She went down in the shower.") > known.count("She went down in the shower.")
    assert not unknown.exact
    assert known.count("<|endoftext|>") > 4
