"""The only wiring: Settings in, Services out."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ipt_roleplay.analysis.turn import FirstReading
from ipt_roleplay.coach import FeedbackCoach
from ipt_roleplay.config import Settings, load_settings
from ipt_roleplay.model_server import Leaving, ModelServer, chosen_server, leaving
from ipt_roleplay.partner import AuthoredPartner, ModelPartner, Partner
from ipt_roleplay.personas import PersonaLibrary
from ipt_roleplay.ports import ChatModel, SessionStore
from ipt_roleplay.session import Practice
from ipt_roleplay.storage.memory import MemorySessionStore
from ipt_roleplay.storage.saving import SavingChoiceFile

if TYPE_CHECKING:
    from ipt_roleplay.encoders.minilm import MiniLmEncoder
    from ipt_roleplay.knowledge.search import NoteSearch

# Chroma, LangChain, SQLAlchemy and onnxruntime take seconds to load: each is imported by what first needs it.


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Everything an edge needs, made when it is first used."""

    settings: Settings

    @cached_property
    def encoder(self) -> MiniLmEncoder:
        """The shared encoder."""
        from ipt_roleplay.encoders.minilm import MiniLmEncoder

        return MiniLmEncoder()

    @cached_property
    def reader(self) -> FirstReading:
        """Reads learner turns."""
        return FirstReading(self.encoder)

    @cached_property
    def personas(self) -> PersonaLibrary:
        """The personas."""
        return PersonaLibrary(self.settings.personas_dir)

    @cached_property
    def notes(self) -> NoteSearch:
        """The notes and their search."""
        from ipt_roleplay.knowledge.search import NoteSearch

        return NoteSearch(self.settings.knowledge_dir, self.settings.data_dir / "notes-index", self.encoder)

    @cached_property
    def coach(self) -> FeedbackCoach:
        """The coach."""
        return FeedbackCoach(self.reader, self.notes)

    @cached_property
    def server(self) -> ModelServer | None:
        """The model server that is chosen, or None for written lines. Raises InputError if the choice cannot be used."""
        return chosen_server(self.settings.model, os.environ)

    @cached_property
    def leaving(self) -> Leaving:
        """What would leave this computer."""
        return leaving(self.server)

    @cached_property
    def model(self) -> ChatModel | None:
        """The language model, if one is chosen."""
        if self.server is None:
            return None
        from ipt_roleplay.llm.openai_compatible import OpenAiCompatible

        return OpenAiCompatible(self.server)

    @cached_property
    def partner(self) -> Partner:
        """The partner."""
        authored = AuthoredPartner(self.encoder)
        return ModelPartner(self.model, authored) if self.model else authored

    @cached_property
    def saving(self) -> SavingChoiceFile:
        """The remembered choice about saving."""
        return SavingChoiceFile(self.settings.data_dir)

    @cached_property
    def kept(self) -> Practice:
        """Practices that are kept on this computer."""
        from ipt_roleplay.storage.sql import SqlSessionStore

        return self._practice(SqlSessionStore(self.settings.database))

    def off_the_record(self) -> Practice:
        """Practices in memory only, new and empty."""
        return self._practice(MemorySessionStore())

    def warm_up(self) -> None:
        """Load what the first turn would otherwise wait for."""
        self.reader.read("I can't do it this time. Can you?")

    def _practice(self, store: SessionStore) -> Practice:
        return Practice(
            store=store,
            personas=self.personas,
            partner=self.partner,
            reader=self.reader,
            encoder=self.encoder,
            coach=self.coach,
            clock=SystemClock(),
            rng=random.SystemRandom(),
        )


def services(settings: Settings | None = None) -> Services:
    """The services of this process."""
    return Services(settings or load_settings())
