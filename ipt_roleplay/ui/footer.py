"""What stands at the foot of the pages: the way round, and the way to real help."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.ui import routes


def footer(here: str) -> None:
    """Links to the other pages, always in the same order."""
    with st.container(horizontal=True, horizontal_alignment="distribute", key="foot"):
        if here != routes.HOME:
            routes.link(routes.HOME, "All situations")
        if here != routes.TALKS:
            routes.link(routes.TALKS, "Your talks")
        if here != routes.NOTES:
            routes.link(routes.NOTES, "Notes")
        if here != routes.WELCOME:
            routes.link(routes.WELCOME, "Settings")
        if here != routes.HELP:
            routes.link(routes.HELP, "I need real help")
