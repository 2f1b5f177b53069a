"""A partner whose words come from a language model. What is done with a turn is decided by the same rules as without one."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from ipt_roleplay.domain import STAND_IN
from ipt_roleplay.errors import ModelAnswerError, ModelError
from ipt_roleplay.partner.authored import AuthoredPartner, Decision
from ipt_roleplay.partner.deadline import within
from ipt_roleplay.partner.direction import messages_for
from ipt_roleplay.partner.reply import Reply, Scene
from ipt_roleplay.partner.speech import fit_for_the_talk
from ipt_roleplay.ports import ChatModel

DEADLINE = 45.0
"""Seconds for a whole reply."""

_log = logging.getLogger(__name__)


class ModelPartner:
    """Decides as `authored` does and lets `model` find the words; where it fails, the written line takes its place."""

    def __init__(self, model: ChatModel, authored: AuthoredPartner, deadline: float = DEADLINE) -> None:
        self._model, self._authored, self._deadline = model, authored, deadline

    def open(self, scene: Scene) -> Reply:
        """The first line of the talk: a written one, so that a talk begins at once."""
        return self._authored.open(scene)

    def reply(self, scene: Scene) -> Reply:
        """The answer to the learner's last turn."""
        decided = self._authored.decide(scene)
        move = scene.move(decided.state, decided.tactic, f"model/{len(scene.transcript.turns) + 1}", decided.heard)
        reply = Reply(replace(move, said_by=self._model.name), _nothing(), streams=True)
        reply.pieces = self._pieces(scene, decided, reply)
        return reply

    def _pieces(self, scene: Scene, decided: Decision, reply: Reply) -> Generator[str, None, None]:
        said = ""
        try:
            with closing(self._spoken(scene, decided)) as pieces:
                for piece in pieces:
                    said += piece
                    yield piece
            if not said.strip():
                raise ModelAnswerError("gave an empty reply")
        except ModelError as error:
            _log.warning("%s", error)
            written = self._authored.say(scene, decided)
            reply.move = replace(written.move, said_by=f"{STAND_IN}{error.reason})")
            yield from _resumed(said, written)

    def _spoken(self, scene: Scene, decided: Decision) -> Generator[str, None, None]:
        messages = messages_for(scene, decided)
        return fit_for_the_talk(within(self._deadline, lambda: self._model.stream(messages)), scene.persona.name)


def _resumed(said: str, written: Reply) -> Generator[str, None, None]:
    """The written line; after words of the model that broke off, as someone who starts again."""
    if said.strip():
        yield "… " if said.count("*") % 2 == 0 else "…* "
    yield from written.pieces


def _nothing() -> Generator[str, None, None]:
    yield from ()
