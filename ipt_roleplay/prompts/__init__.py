"""What a language model is told, as texts beside this file, and how their slots are filled: each of them, and no other."""

from ipt_roleplay.prompts.render import PromptError, render, slots_of
from ipt_roleplay.prompts.words import TACTIC_WORDS, limit_in_words, state_in_words

__all__ = ["TACTIC_WORDS", "PromptError", "limit_in_words", "render", "slots_of", "state_in_words"]
