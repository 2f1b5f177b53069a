"""Strict rendering: a text with `{slots}` in, the same text with each slot filled out."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_SLOT = re.compile(r"\{(\w+)\}")
_FOLDER = Path(__file__).parent


class PromptError(ValueError):
    """A fault of the program: a slot without a filling, or a filling without a slot."""


def render(prompt: str, /, **fillings: str) -> str:
    """The text `prompt`.md with every slot filled, in one pass: what is filled in is never read as a slot.

    Raises PromptError for a missing or an unused filling.
    """
    slots = slots_of(prompt)
    missing, unused = slots - fillings.keys(), fillings.keys() - slots
    if missing or unused:
        raise PromptError(f"prompt {prompt!r}: missing {sorted(missing)}, unused {sorted(unused)}")
    return _SLOT.sub(lambda match: fillings[match.group(1)], _text(prompt))


def slots_of(name: str) -> frozenset[str]:
    """The names of the slots in the text `name`.md."""
    return frozenset(_SLOT.findall(_text(name)))


@lru_cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()
