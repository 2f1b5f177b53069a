"""What the talk needs of the browser itself (live.js): being read out, staying in view, and drafts that outlive the page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from ipt_roleplay.domain import Session

PAUSE = 0.028
"""Seconds between words of a reply as the browser uncovers it: about the pace of someone talking fast."""

_SCRIPT = Path(__file__).with_name("live.js")


def keep_drafts(session: Session, *, kept: bool, unsent: str | None) -> None:
    """Keep what is typed and not sent: in the browser's tab for a kept talk, else in the open page only. To be drawn before the box.

    `unsent`: words that are in the box again.
    """
    _tell("live-draft", _about(session, kept) | {"drafts": True, "unsent": unsent, "from": st.session_state.get(f"came-from-{session.id}")})


def follow(session: Session, *, kept: bool, turns: int | None = None) -> None:
    """Let new replies be seen word by word and read out whole. `turns`: how many there are now, where that is more than the session tells."""
    _tell("live", _about(session, kept) | {"turns": turns or len(session.transcript.turns), "pause": 1000 * PAUSE})


def take_along(draft_of: Session, to: Session) -> None:
    """Let the words that stand in the box of one talk come along to a branch of it."""
    st.session_state[f"came-from-{to.id}"] = draft_of.id


def forget_drafts(but: Iterable[Session]) -> None:
    """Drop the drafts of talks that are over or deleted."""
    _tell("live", {"only": [session.id for session in but if session.outcome is None]})


def _about(session: Session, kept: bool) -> dict[str, object]:
    return {"talk": session.id, "turns": len(session.transcript.turns), "open": session.outcome is None, "kept": kept}


def _tell(key: str, data: dict[str, object]) -> None:
    with st.container(key=key):
        _component()(key=f"{key}-log", data=data)


@st.cache_resource
def _component():  # type: ignore[no-untyped-def]
    return st.components.v2.component("ipt_live", js=_SCRIPT.read_text(encoding="utf-8"))
