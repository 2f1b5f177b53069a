"""Where one can go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

HOME, WELCOME, PREPARE, TALK, FEEDBACK, TALKS, HELP = "home", "welcome", "prepare", "talk", "feedback", "talks", "help"
ANALYSE, DEMO, OTHER_SEAT, NOTES, NOTE = "analyse", "demo", "other-seat", "notes", "note"

_KEY = "_pages"


def know(pages: Mapping[str, Any]) -> None:
    """Remember the pages of this run."""
    st.session_state[_KEY] = dict(pages)


def go(name: str, **address: str) -> None:
    """Leave for another page; `address` goes into its query."""
    st.switch_page(st.session_state[_KEY][name], query_params=address or None)


def link(name: str, label: str, **address: str) -> None:
    """A link to another page."""
    st.page_link(st.session_state[_KEY][name], label=label, query_params=address or None)
