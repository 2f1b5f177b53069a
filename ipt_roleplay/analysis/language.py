"""Which language a text is in, so that a reading that was taught on English can say when it is guessing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ipt_roleplay.text import words_only

ENGLISH = frozenset({"en", "pcm", "sco"})
"""With Scots and Nigerian Pidgin, which short everyday English is often taken for."""

SURE = 0.5
"""From which probability on another language is believed; no English turn of the labelled ones reaches it with three words."""

WORDS = 3
"""So many different words it takes, unless the script itself tells."""

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def foreign_language(text: str) -> str | None:
    """The code (ISO 639) of the language that `text` is plainly in, if it is not English; None for English, for what is too short to tell, and while the
    disk has no room for py3langid to unpack its model (it does so through a temporary file): the talk matters more than the notice."""
    said = words_only(text)
    words = _WORD.findall(said)
    if len({word.lower() for word in words}) < WORDS and (not words or _LATIN.search(said)):
        return None
    try:
        language, sure = _identifier().classify(said)
    except OSError:
        return None
    return None if language in ENGLISH or float(sure) < SURE else str(language)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
