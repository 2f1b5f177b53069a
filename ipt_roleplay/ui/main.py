"""The pages and the way between them. Faults that are expected are shown in words; nothing shows a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ipt_roleplay.errors import PracticeError, StorageError
from ipt_roleplay.ui import analyse, choose, demo, feedback, look, notes, other_seat, prepare, real_help, routes, talk, talks, welcome

_ICON = str(Path(__file__).with_name("icon.png"))


def main() -> None:
    """Run the page that is asked for."""
    st.set_page_config(page_icon=_ICON, layout="centered", initial_sidebar_state="collapsed")
    look.apply()
    pages = {
        routes.HOME: st.Page(_guarded(choose.page), title="Choose a talk - Practice", url_path="", default=True),
        routes.WELCOME: st.Page(_guarded(welcome.page), title="Settings - Practice", url_path="welcome"),
        routes.PREPARE: st.Page(_guarded(prepare.page), title="Before the talk - Practice", url_path="prepare"),
        routes.TALK: st.Page(_guarded(talk.page), title="The talk - Practice", url_path="talk"),
        routes.OTHER_SEAT: st.Page(_guarded(other_seat.page), title="The other seat - Practice", url_path="other-seat"),
        routes.FEEDBACK: st.Page(_guarded(feedback.page), title="After the talk - Practice", url_path="feedback"),
        routes.TALKS: st.Page(_guarded(talks.page), title="Your talks - Practice", url_path="talks"),
        routes.ANALYSE: st.Page(_guarded(analyse.page), title="Analyse - Practice", url_path="analyse"),
        routes.DEMO: st.Page(_guarded(demo.page), title="Demo - Practice", url_path="demo"),
        routes.NOTES: st.Page(_guarded(notes.page), title="Notes - Practice", url_path="notes"),
        routes.NOTE: st.Page(_guarded(notes.one_page), title="A note - Practice", url_path="note"),
        routes.HELP: st.Page(_guarded(real_help.page), title="Help - Practice", url_path="help"),
    }
    routes.know(pages)
    st.navigation(list(pages.values()), position="hidden").run()


def _guarded(page: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            page()
        except PracticeError as error:
            st.title("This page cannot be shown just now", anchor=False)
            st.error(str(error))
            if isinstance(error, StorageError):
                routes.link(routes.WELCOME, "Choose again whether talks are kept")
            if st.button("Back to the start"):
                routes.go(routes.HOME)

    run.__name__ = page.__module__.rsplit(".", 1)[-1]
    return run
