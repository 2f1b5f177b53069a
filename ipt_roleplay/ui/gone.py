"""A talk that is asked for and is not there."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.ui import look, routes
from ipt_roleplay.ui.footer import footer


def draw(here: str) -> None:
    """Say so, and the way on; `here` is the page that asked."""
    st.title("This talk is not here any more", anchor=False)
    look.prose("Off the record, closing or reloading the page loses it; a kept one may have been deleted.")
    if st.button("All situations", type="primary"):
        routes.go(routes.HOME)
    footer(here=here)
