"""Where practices are kept: one database on this computer, or memory only."""

from ipt_roleplay.storage.memory import MemorySessionStore
from ipt_roleplay.storage.saving import SavingChoice, SavingChoiceFile
from ipt_roleplay.storage.sql import SqlSessionStore

__all__ = ["MemorySessionStore", "SavingChoice", "SavingChoiceFile", "SqlSessionStore"]
