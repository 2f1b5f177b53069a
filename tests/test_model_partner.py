"""A language model as the partner: a real one wherever it can be, a scripted one where a failure must be forced."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.config import Settings
from ipt_roleplay.domain import Move, Outcome, Session
from ipt_roleplay.errors import ModelError, ModelKeyRefusedError
from ipt_roleplay.llm.openai_compatible import OpenAiCompatible
from ipt_roleplay.llm.scripted import ScriptedModel
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.model_server import ModelServer
from ipt_roleplay.partner import AuthoredPartner, ModelPartner
from ipt_roleplay.partner.reply import AND
from ipt_roleplay.partner.slots import SLOT
from ipt_roleplay.ports import ChatModel, ReplyReader, Spent
from ipt_roleplay.session import Answer, Practice
from tests.servers import answering
from tests.test_partner import FIRM, NICE
from tests.web import free_port

NO = "No, Denise. I can't do Wednesday."


def practice_with(services: Services, model: ChatModel, deadline: float = 30, reader: ReplyReader | None = None) -> Practice:
    tokens = TokenCounter(model.name, services.settings.data_dir / "tokens")
    partner = ModelPartner(model, AuthoredPartner(services.encoder), tokens, reader, deadline)
    return dataclasses.replace(services.off_the_record(), partner=partner)


def shown(answer: Answer) -> str:
    assert answer.reply is not None
    return "".join(answer.reply.pieces)


def last_move(practice: Practice, session: Session) -> Move:
    move = practice.show(session.id).transcript.turns[-1].move
    assert move is not None
    return move


def test_a_real_model_by_one_setting_and_back_in_the_middle_of_a_talk(
    llama: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", llama.address)
    monkeypatch.setenv("OPENAI_API_KEY", llama.key)
    written, spoken = (Services(Settings(model=model, data_dir=tmp_path, locale="GB")) for model in ("authored", "openai:smollm2"))
    assert spoken.leaving.brief.startswith("nothing: the model server is on this computer")
    session = written.kept.start("aggressive_sister", seed=1)
    said = (NO, "How is Mum?", "I still can't, Denise. Will you take her this time?")
    heard = [shown(made.kept.take_turn(session.id, text)) for made, text in zip((written, spoken, written), said, strict=True)]
    turns = written.kept.show(session.id).transcript.turns
    assert [turn.text for turn in turns[1::2]] == list(said)
    assert [turn.text for turn in turns[2::2]] == heard
    moves = [turn.move for turn in turns if turn.move]
    assert [len(move.state.used) for move in moves] == [0, 1, 2, 3]
    assert [move.said_by for move in (*moves[:2], moves[3])] == ["authored"] * 3
    # so small a model is often not fit to be shown; then a reason stands there
    assert moves[2].line_id == "model/5" if moves[2].said_by == "smollm2" else moves[2].stood_in_because
    spoken.kept.end(session.id)
    assert spoken.kept.feedback(session.id).headline


def test_the_words_of_a_model_move_nothing(shared: Services) -> None:
    """A model that gives in at once changes no state: niceness still wins nothing, a line that holds still does."""
    for turns, won in ((NICE, False), (FIRM, True)):
        practice = practice_with(shared, ScriptedModel([f"Fine, you're right, number {n}, I'll take her, I'm sorry." for n in range(50)]))
        session = practice.start("aggressive_sister", seed=2)
        for text in turns:
            if practice.show(session.id).outcome is None:
                shown(practice.take_turn(session.id, text))
        good = practice.show(session.id).outcome in (Outcome.AGREEMENT, Outcome.COMPROMISE, Outcome.BOUNDARY_HELD)
        assert good is won


def assert_stand_ins(practice: Practice, reason: str) -> None:
    session = practice.start("aggressive_sister", seed=1)
    for number, text in enumerate((NO, "walrus-marker, I'm not able to."), start=1):
        answer = practice.take_turn(session.id, text)
        assert practice.show(session.id).transcript.turns[-1].text == text
        said = shown(answer)
        turns = practice.show(session.id).transcript.turns
        assert len(turns) == 1 + 2 * number
        assert turns[-1].text == said
        move = last_move(practice, session)
        assert move.stood_in_because == reason
        for line_id in move.line_id.split(AND):
            family = next(f for f in practice.scene(session).situation.families if line_id in f.line_ids())
            assert all(part.strip() in said for part in SLOT.split(family.say[family.line_ids().index(line_id)])[::2])


def test_a_server_that_is_down(shared: Services, caplog: pytest.LogCaptureFixture) -> None:
    model = OpenAiCompatible(ModelServer("m", f"http://127.0.0.1:{free_port()}/v1", "k"))
    with caplog.at_level(logging.DEBUG, "ipt_roleplay"):
        assert_stand_ins(practice_with(shared, model), "could not be reached")
    assert "Start it" in caplog.text
    assert "walrus" not in caplog.text


def test_a_server_that_is_slow(shared: Services) -> None:
    with answering(b"", hang_up=False) as silent:
        model = OpenAiCompatible(ModelServer("m", silent.address, "k"), silence=5, retries=0)
        assert_stand_ins(practice_with(shared, model, deadline=0.6), "did not answer in time")


def test_a_wrong_key(shared: Services, llama: ModelServer) -> None:
    model = OpenAiCompatible(dataclasses.replace(llama, key="wrong"))
    assert_stand_ins(practice_with(shared, model), "refused the key")


def test_an_empty_reply(shared: Services) -> None:
    assert_stand_ins(practice_with(shared, ScriptedModel(["", " \n ", "", "..."])), "was not used, as it said nothing")


def test_stopped_while_it_speaks_what_was_said_is_kept(shared: Services, llama: ModelServer) -> None:
    practice = practice_with(shared, OpenAiCompatible(llama))
    session = practice.start("aggressive_sister", seed=1)
    answer = practice.take_turn(session.id, NO)
    assert answer.reply is not None
    said = ""
    with closing(answer.reply.pieces) as pieces:
        for piece in pieces:
            said += piece
            if len(said) > 5:
                break
    assert practice.show(session.id).transcript.turns[-1].text == said.rstrip() + " …"
    assert last_move(practice, session).said_by == "smollm2"
    assert shown(practice.take_turn(session.id, "What were you going to say?"))


def test_stopped_before_it_spoke_the_turn_stays_to_be_answered(shared: Services) -> None:
    practice = practice_with(shared, ScriptedModel(["Not used", "You said that before."]))
    session = practice.start("aggressive_sister", seed=1)
    answer = practice.take_turn(session.id, NO)
    assert answer.reply is not None
    answer.reply.pieces.close()
    assert practice.show(session.id).transcript.turns[-1].text == NO
    assert shown(practice.answer(session.id))
    assert len(practice.show(session.id).transcript.turns) == 3


@pytest.mark.parametrize("begun", ["You think it's never mine. ", "*leans in* It's never mine. "])
def test_a_model_that_breaks_off_is_followed_by_the_written_line(shared: Services, begun: str) -> None:
    broken: list[str | Exception] = [begun, "And half a ", ModelKeyRefusedError("nowhere")]
    practice = practice_with(shared, ScriptedModel([broken]))
    session = practice.start("aggressive_sister", seed=1)
    said = shown(practice.take_turn(session.id, NO))
    assert said.startswith(begun.strip())
    assert "half" not in said
    assert "…" in said
    assert said.count("*") % 2 == 0
    move = last_move(practice, session)
    assert move.stood_in_because == "refused the key"
    assert not move.line_id.startswith("model/")


class Fuming:
    """A model with a fault of the program in it, which must not be taken for a fault of the model."""

    name = "fuming"

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        yield "No, "
        raise ZeroDivisionError("a bug")

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError("a bug")


def test_a_fault_of_the_program_is_not_covered_up_and_the_words_are_kept(shared: Services) -> None:
    practice = practice_with(shared, Fuming())
    session = practice.start("aggressive_sister", seed=1)
    answer = practice.take_turn(session.id, NO)
    with pytest.raises(ZeroDivisionError):
        shown(answer)
    assert not issubclass(ZeroDivisionError, ModelError)
    assert practice.show(session.id).transcript.turns[1].text == NO
