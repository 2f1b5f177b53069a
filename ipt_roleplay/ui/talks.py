"""Your talks: look again, go on, delete."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import Session
from ipt_roleplay.errors import UnknownNameError
from ipt_roleplay.ui import live, look, routes, state
from ipt_roleplay.ui.footer import footer

_ASKED = "delete-asked"


def page() -> None:
    """The talks of this computer, or of this visit when off the record."""
    choice = state.saving()
    if choice is None:
        routes.go(routes.WELCOME)
        return
    st.title("Your talks", anchor=False)
    if not choice.keep:
        look.prose("You are off the record: these are gone when you close or reload the page.")
    elif choice.days:
        look.prose(f"Talks older than {choice.days} days are deleted by themselves.")
    talks = state.practice().list()
    titles = {session.id: _row(session) for session in talks}
    if (asked := st.session_state.get(_ASKED)) in titles:
        _confirm(asked, titles[asked])
    if not talks:
        st.info("No talks yet. The first one takes about ten minutes.")
        if st.button("Choose a situation", type="primary"):
            routes.go(routes.HOME)
    live.forget_drafts(but=talks)
    footer(here=routes.TALKS)


def _row(session: Session) -> str:
    try:
        persona, situation = state.services().personas.scene(session.persona_id, session.situation_id)
        title = f"{situation.title}: {persona.name}"
    except UnknownNameError:
        title = f"{session.persona_id}: {session.situation_id}"
    with st.container(border=True, key=f"tight-{session.id}"):
        st.header(title, anchor=False)
        if session.swapped:
            look.prose("In the other seat")
        if session.branch:
            look.prose(f"Another way, from line {session.branch.at} of an earlier talk")
        look.prose(
            f"{session.started_at.astimezone():%d %B %Y, %H:%M}; {len(session.transcript.turns)} turns; {look.OUTCOME_WORDS[session.outcome]}"
        )
        with st.container(horizontal=True):
            open_ = session.outcome is None
            if st.button("Go on" if open_ else "Look at it", key=f"open-{session.id}"):
                own_seat = routes.TALK if open_ else routes.FEEDBACK
                routes.go(routes.OTHER_SEAT if session.swapped else own_seat, id=session.id)
            st.button("Delete …", key=f"delete-{session.id}", type="tertiary", on_click=_ask, args=(session.id,))
    return title


def _ask(session_id: str | None = None) -> None:
    """Ask, in this run and in those after it until there is an answer: a page that runs again must not take the question away."""
    st.session_state[_ASKED] = session_id


@st.dialog("Delete this talk?", on_dismiss=_ask)
def _confirm(session_id: str, title: str) -> None:
    look.prose(f"{title}. Every word of it will be gone from this computer. This cannot be undone.")
    with st.container(horizontal=True):
        if st.button("Keep it", width="stretch"):
            _ask(None)
            st.rerun()
        if st.button("Delete it", type="primary", width="stretch"):
            state.practice().delete(session_id)
            _ask(None)
            st.rerun()
