"""A talk that is asked for and is not there."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.ui import look, routes, unsent
from ipt_roleplay.ui.footer import footer


def draw(here: str, words: str | None = None) -> None:
    """Say so, and the way on; `here` is the page that asked, `words` what was meant to be said and can only be copied now."""
    st.title("This talk is not here any more", anchor=False)
    look.prose("Off the record, closing or reloading the page loses it; a kept one may have been deleted.")
    unsent.to_copy(words)
    if st.button("All situations", type="primary"):
        routes.go(routes.HOME)
    footer(here=here)
