"""The only wiring: Settings in, Services out."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ipt_roleplay.coach import FeedbackCoach
from ipt_roleplay.coding import DemoScript, Exercise, read_demo, read_exercise
from ipt_roleplay.config import Settings, bundled, load_settings
from ipt_roleplay.errors import InputError
from ipt_roleplay.learner import LearnersSeat
from ipt_roleplay.loading import ONE_AT_A_TIME, loaded_once
from ipt_roleplay.model_server import AUTHORED, LOCAL, Leaving, ModelServer, chosen_server, leaving
from ipt_roleplay.partner import AuthoredPartner, ModelPartner, Partner
from ipt_roleplay.personas import PersonaLibrary
from ipt_roleplay.ports import ChatModel, ReplyReader, SessionStore
from ipt_roleplay.session import Practice
from ipt_roleplay.storage.consent import Consent, ConsentFile
from ipt_roleplay.storage.memory import MemorySessionStore
from ipt_roleplay.storage.saving import SavingChoiceFile

if TYPE_CHECKING:
    from ipt_roleplay.analysis.turn import TurnReader
    from ipt_roleplay.encoders.minilm import MiniLmEncoder
    from ipt_roleplay.knowledge.own import OwnNotes
    from ipt_roleplay.knowledge.search import NoteSearch
    from ipt_roleplay.knowledge.sources import Articles

# Chroma, LangChain, SQLAlchemy and onnxruntime take seconds to load: each is imported by what first needs it, one at a time (loading.py).
# What is `loaded_once` may ask for what is a plain `cached_property`, not the other way round.


TERMINAL = "terminal"
"""Under this what was agreed to in the terminal is kept."""

NEARLY = 0.8
"""Share of what a model may use from which one is told."""

OWN_PERSONAS = "personas"
"""The folder of somebody's own personas in the data folder."""


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Everything an edge needs, made when it is first used."""

    settings: Settings

    @loaded_once
    def encoder(self) -> MiniLmEncoder:
        """The shared encoder."""
        from ipt_roleplay.encoders.minilm import MiniLmEncoder

        return MiniLmEncoder()

    @loaded_once
    def reader(self) -> TurnReader:
        """Reads learner turns."""
        from ipt_roleplay.analysis.turn import TurnReader
        from ipt_roleplay.encoders.turn_scores import ReadingNetwork

        return TurnReader(ReadingNetwork())

    @loaded_once
    def reply_reader(self) -> ReplyReader:
        """Reads a model's replies as the partner; only needed with one."""
        from ipt_roleplay.encoders.reply_network import ReplyNetwork

        return ReplyNetwork()

    @cached_property
    def personas(self) -> PersonaLibrary:
        """The personas."""
        return PersonaLibrary(self.settings.personas_dir, self.settings.data_dir / OWN_PERSONAS)

    @loaded_once
    def notes(self) -> NoteSearch:
        """The notes and their search."""
        from ipt_roleplay.knowledge.search import NoteSearch

        return NoteSearch(self.settings.knowledge_dir, self.settings.data_dir / "notes-index", self.encoder)

    @cached_property
    def articles(self) -> Articles:
        """What the articles behind the notes are called."""
        from ipt_roleplay.knowledge.sources import read_articles

        return read_articles(self.settings.knowledge_dir)

    @loaded_once
    def own_notes(self) -> OwnNotes:
        """The notes that somebody added on this computer; the coach never cites them."""
        from ipt_roleplay.knowledge.own import OwnNotes

        return OwnNotes(self.settings.data_dir / "own-notes", self.encoder)

    @loaded_once
    def coach(self) -> FeedbackCoach:
        """The coach."""
        return FeedbackCoach(self.reader, self.notes)

    @cached_property
    def server(self) -> ModelServer | None:
        """The model server that is chosen, or None for written lines. Raises InputError if the choice cannot be used."""
        from ipt_roleplay.llm.keys import kept_key

        return chosen_server(self.settings.model, os.environ, kept_key)

    @cached_property
    def leaving(self) -> Leaving:
        """What would leave this computer."""
        return leaving(self.server, self.settings.model)

    @loaded_once
    def model(self) -> ChatModel | None:
        """The language model, if one is chosen. Raises InputError where it cannot be used as it is chosen."""
        if self.settings.model == AUTHORED:
            return None
        if self.settings.model == LOCAL:
            from ipt_roleplay.llm.local import LocalModel

            return LocalModel(self._gguf())
        if self.server is None:
            from ipt_roleplay.llm.providers import AnyProvider

            return AnyProvider(self.settings.model)
        from ipt_roleplay.llm.openai_compatible import OpenAiCompatible

        return OpenAiCompatible(self.server)

    def running_low(self) -> str:
        """A sentence where most of what a model elsewhere may use in a day is used, else ""."""
        if self.leaving.stays:
            return ""
        from ipt_roleplay.llm.budget import Ledger

        today, most = Ledger(self.settings.data_dir, SystemClock()).today(), self.settings.day_tokens
        if today.prompt + today.reply < NEARLY * most:
            return ""
        return (
            f"Of the {most:,} tokens that the model may use in a day, {min(most, today.prompt + today.reply):,} are used. "
            "When they are gone, written lines go on. IPT_DAY_TOKENS allows more."
        )

    def used_today(self) -> str:
        """A sentence on what a model elsewhere used today, else ""."""
        if self.leaving.stays:
            return ""
        from ipt_roleplay.llm.budget import Ledger

        today = Ledger(self.settings.data_dir, SystemClock()).today()
        return f"Used today: {today.prompt + today.reply:,} of {self.settings.day_tokens:,} tokens ({today.prompt:,} read, {today.reply:,} said)."

    def _gguf(self) -> Path:
        if self.settings.gguf is None:
            raise InputError(
                "For IPT_MODEL=local a model file is needed: `ipt-roleplay model use FILE.gguf`, or `ipt-roleplay model get` to fetch one."
            )
        return self.settings.gguf

    def partner_for(self, consent: Consent) -> Partner:
        """The partner for somebody who agreed to this: words leave this computer only to whom they may, and without the names that stay here."""
        if self.settings.model == AUTHORED or not (self.leaving.stays or self.leaving.to in consent.to):
            return self.authored
        assert self.model
        if self.leaving.stays:
            return self._speaking(self.model)
        from ipt_roleplay.llm.veil import Veiled

        return self._speaking(Veiled(self.model, consent.private))

    def _speaking(self, model: ChatModel) -> ModelPartner:
        from ipt_roleplay.llm.budget import Budgeted, Ledger
        from ipt_roleplay.llm.tokens import counter_for

        tokens = counter_for(model.name, self.settings.data_dir / "tokens")
        if not self.leaving.stays:  # what runs on this computer costs nobody anything
            model = Budgeted(model, Ledger(self.settings.data_dir, SystemClock()), self.settings.day_tokens, tokens.count)
        return ModelPartner(model, self.authored, tokens, self.reply_reader, a_talk=self.settings.talk_tokens)

    @loaded_once
    def authored(self) -> AuthoredPartner:
        """The partner that speaks from written lines."""
        return AuthoredPartner(self.encoder)

    @cached_property
    def exercise(self) -> Exercise:
        """The transcript that trainees code. Raises ExerciseFileError."""
        return read_exercise(bundled("exercises") / "sister_before.yaml")

    @cached_property
    def demo(self) -> DemoScript:
        """The talk that is shown to a group. Raises ExerciseFileError."""
        return read_demo(bundled("exercises") / "sister_demo.yaml")

    @cached_property
    def saving(self) -> SavingChoiceFile:
        """The remembered choice about saving."""
        return SavingChoiceFile(self.settings.data_dir)

    @cached_property
    def consent(self) -> ConsentFile:
        """What people agreed to about words that leave this computer."""
        return ConsentFile(self.settings.data_dir)

    @loaded_once
    def kept(self) -> Practice:
        """Everybody's practices that are kept on this computer, for the terminal of who may read the data folder anyway."""
        from ipt_roleplay.storage.sql import SqlSessionStore

        return self._practice(SqlSessionStore(self.settings.database), self.partner_for(self.consent.read(TERMINAL)))

    def kept_for(self, owner: str, days: int | None) -> Practice:
        """One owner's practices that are kept on this computer, new ones for `days`."""
        return replace(self.kept, owner=owner, keep_days=days, partner=self.partner_for(self.consent.read(owner)))

    def forget_expired(self) -> None:
        """Delete everybody's talks whose days are over."""
        self.kept.forget_expired()

    def off_the_record(self, consent: Consent | None = None) -> Practice:
        """Practices in memory only, new and empty; without `consent` by what the terminal agreed to."""
        return self._practice(MemorySessionStore(), self.partner_for(consent or self.consent.read(TERMINAL)))

    def on_stage(self) -> Practice:
        """Practices for a demonstration: in memory, and with written lines whatever model is chosen, so that every showing is the same."""
        return self._practice(MemorySessionStore(), self.authored)

    def warm_up(self) -> None:
        """Load what the first talk would otherwise wait for: its keeping first, as a talk begins with that."""
        with ONE_AT_A_TIME:
            import ipt_roleplay.storage.sql  # noqa: F401 - the library only: off the record, no database is made
        self.reader.read("I can't do it this time. Can you?")

    def _practice(self, store: SessionStore, partner: Partner) -> Practice:
        return Practice(
            store=store,
            personas=self.personas,
            partner=partner,
            reader=self.reader,
            coach=self.coach,
            seat=LearnersSeat(self.encoder),
            clock=SystemClock(),
            rng=random.SystemRandom(),
        )


def services(settings: Settings | None = None) -> Services:
    """The services of this process."""
    return Services(settings or load_settings())
