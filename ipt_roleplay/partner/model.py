"""A partner whose words come from a language model. What is done with a turn is decided by the same rules as without one."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from ipt_roleplay.domain import STAND_IN, Speaker
from ipt_roleplay.errors import ModelBudgetError, ModelCutOffError, ModelError
from ipt_roleplay.partner.authored import AuthoredPartner, Decision
from ipt_roleplay.partner.deadline import within
from ipt_roleplay.partner.direction import messages_for
from ipt_roleplay.partner.guard import REASONS, Guard, Unfit, guarded
from ipt_roleplay.partner.reply import Reply, Scene
from ipt_roleplay.partner.speech import fit_for_the_talk
from ipt_roleplay.ports import ChatModel, ReplyReader, Spent, TokenCounts
from ipt_roleplay.prompts import render

DEADLINE = 45.0
"""Seconds for a whole reply."""

A_TALK = 150_000

_log = logging.getLogger(__name__)


class ModelPartner:
    """Decides as `authored` does and lets `model` find the words; what may not be said is tried once more, then the written line takes its place.

    `reader` reads the replies beside the rules; `tokens` counts what the model is shown; `a_talk`: how many tokens one talk may use.
    """

    def __init__(
        self,
        model: ChatModel,
        authored: AuthoredPartner,
        tokens: TokenCounts,
        reader: ReplyReader | None = None,
        deadline: float = DEADLINE,
        a_talk: int = A_TALK,
    ) -> None:
        self._model, self._authored, self._deadline, self._a_talk = model, authored, deadline, a_talk
        self._tokens, self._reader = tokens, reader

    def open(self, scene: Scene) -> Reply:
        """The first line of the talk: a written one, so that a talk begins at once."""
        return self._authored.open(scene)

    def listen(self, text: str) -> None:
        """Nothing is to be made ready: which written line would fit is looked up only when one is needed."""

    def reply(self, scene: Scene) -> Reply:
        """The answer to the learner's last turn."""
        decided = self._authored.decide(scene, by_lines=False)
        move = scene.move(decided.state, decided.tactic, f"model/{len(scene.transcript.turns) + 1}", decided.heard)
        reply = Reply(replace(move, said_by=self._model.name), _nothing(), streams=True)
        reply.pieces = self._pieces(scene, decided, reply)
        return reply

    def _pieces(self, scene: Scene, decided: Decision, reply: Reply) -> Generator[str, None, None]:
        until = time.monotonic() + self._deadline
        warning, said = "", ""
        used = sum(sum(turn.move.spent) for turn in scene.transcript.turns if turn.move)
        if used >= self._a_talk:
            why = ModelBudgetError(f"this talk's {self._a_talk:,} tokens are used up", "IPT_TALK_TOKENS")
            yield from self._written(scene, decided, reply, why, said)
            return
        for last in (False, True):
            try:
                with closing(self._spoken(scene, decided, reply, warning, until - time.monotonic())) as pieces:
                    for piece in pieces:
                        said += piece
                        yield piece
                return
            except Unfit as unfit:
                reply.move = replace(reply.move, guarded=(*reply.move.guarded, unfit.fault))
                if said.strip():
                    return  # what was said until then is a reply
                if last:
                    yield from self._written(scene, decided, reply, unfit, said)
                    return
                warning = render("partner_again", name=scene.persona.name, reason=REASONS[unfit.fault])
            except ModelError as error:
                if said.strip() and isinstance(error, ModelCutOffError):
                    return
                yield from self._written(scene, decided, reply, error, said)
                return

    def _written(self, scene: Scene, decided: Decision, reply: Reply, why: ModelError, said: str) -> Generator[str, None, None]:
        _log.warning("%s", why)
        written = self._authored.say(scene, decided)
        reply.move = replace(written.move, said_by=f"{STAND_IN}{why.reason})", guarded=reply.move.guarded, spent=reply.move.spent)
        yield from _resumed(said, written)

    def _spoken(self, scene: Scene, decided: Decision, reply: Reply, warning: str, seconds: float) -> Generator[str, None, None]:
        def spent(used: Spent) -> None:
            prompt, words = reply.move.spent
            reply.move = replace(reply.move, spent=(prompt + used.prompt, words + used.reply))

        messages = messages_for(scene, decided, self._tokens.count, warning)
        before = tuple(turn.text for turn in scene.transcript.by(Speaker.PARTNER))
        guard = Guard(self._reader, decided.turn.text, decided.tactic, before)
        return guarded(fit_for_the_talk(within(seconds, lambda: self._model.stream(messages, spent)), scene.persona.name), guard)


def _resumed(said: str, written: Reply) -> Generator[str, None, None]:
    """The written line; after words of the model that broke off, as someone who starts again."""
    if said.strip():
        yield "… " if said.count("*") % 2 == 0 else "…* "
    yield from written.pieces


def _nothing() -> Generator[str, None, None]:
    yield from ()
