"""Words that wait in the box: those that could not be sent, with the reason on the page, and those of a hint. Without a box they can be copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

_BOX = "words"


@dataclass(frozen=True)
class Unsent:
    """Why something was not done, and the words that were meant to be sent with it, if any; or a hint and what is said of it."""

    why: str
    words: str | None
    hint: bool = False


def give_back(session_id: str | None, why: str, words: str | None) -> NoReturn:
    """Draw the page anew, as the talk stands now, with the reason and the words."""
    st.session_state[f"unsent-{session_id}"] = Unsent(why, words)
    st.rerun()


def put(session_id: str, about: str, words: str) -> NoReturn:
    """Put the words of a hint into the box, and say on the page what it is; nothing is sent."""
    st.session_state[f"unsent-{session_id}"] = Unsent(about, words, hint=True)
    st.rerun()


def given_back(session_id: str | None) -> Unsent | None:
    """What `give_back` left for this run of the page."""
    found: Unsent | None = st.session_state.get(f"unsent-{session_id}")
    return found


def box(session_id: str | None) -> str | None:
    """The box for words; what was given back stands in it. Returns what was sent."""
    back = given_back(session_id)
    if back and back.words:
        st.session_state[_BOX] = back.words
    sent: str | None = st.chat_input("Your words …  *what your body does*", key=_BOX)
    st.session_state.pop(f"unsent-{session_id}", None)
    return sent


def sent_in_vain(session_id: str | None) -> str | None:
    """What was sent with this run, or given back before, where there is no box any more."""
    words: str | None = st.session_state.get(_BOX)
    if words:
        st.session_state[f"unsent-{session_id}"] = Unsent("", words)
    back = given_back(session_id)
    return back.words if back else None


def to_copy(words: str | None) -> None:
    """The words where there is no box any more."""
    if words:
        st.text_area("Your words, not sent", words, height=160)
