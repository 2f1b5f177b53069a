"""A reply on the page: a written one at once, a streamed one as it comes; and one reply of a talk at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import streamlit as st

from ipt_roleplay.domain import Persona, Speaker
from ipt_roleplay.session import Answer
from ipt_roleplay.ui import look

TOGETHER = 0.08
"""Seconds in which words of a streamed reply are sent together: still read as someone talking, and a tenth of the work."""

PATIENCE = 1.5
"""Seconds to wait for a run of the page that was stopped in the middle of a reply; it notices within a quarter of a second."""

_speaking: dict[str, threading.Event] = {}


def hear(answer: Answer, persona: Persona) -> None:
    """Show the reply to a turn."""
    assert answer.reply is not None
    if answer.reply.streams:
        _as_it_comes(answer, persona)
    else:
        st.html(look.bubble(Speaker.PARTNER, persona.name, "".join(answer.reply.pieces)))


@contextmanager
def speaking(session_id: str) -> Iterator[None]:
    """While words are taken and answered. Stopped in between, what was said so far is kept; `until_kept` waits for that."""
    kept = _speaking[session_id] = threading.Event()
    try:
        yield
    finally:
        kept.set()
        if _speaking.get(session_id) is kept:
            del _speaking[session_id]


def until_kept(session_id: str) -> bool:
    """Wait until a reply that was stopped is kept; False if it still goes on, as it does when another tab hears it.

    Streamlit lets a new run of the page begin while the one before is still being stopped: without this it would read the talk too early, and
    whatever it adds would take the place of the words that were said.
    """
    kept = _speaking.get(session_id)
    return kept is None or kept.wait(PATIENCE)


def _as_it_comes(answer: Answer, persona: Persona) -> None:
    """Some words at a time. Screen readers get the reply once, whole: until then it is hidden from them."""
    assert answer.reply is not None
    place, so_far, drawn_at = st.empty(), "", 0.0
    with closing(answer.reply.pieces) as pieces:
        for piece in pieces:
            so_far += piece
            if piece and time.monotonic() - drawn_at < TOGETHER:
                continue
            drawn_at = time.monotonic()
            place.html(look.unfinished(look.bubble(Speaker.PARTNER, persona.name, so_far or "…")))
    place.html(look.bubble(Speaker.PARTNER, persona.name, so_far))
