"""Language models behind `ports.ChatModel`: any OpenAI-compatible server, and one with given replies for tests and demonstrations."""

from ipt_roleplay.llm.openai_compatible import OpenAiCompatible
from ipt_roleplay.llm.scripted import ScriptedModel

__all__ = ["OpenAiCompatible", "ScriptedModel"]
