"""The gate on the page before a talk: one question where the partner controls, and help in place of the talk unless the answer is no."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import Persona
from ipt_roleplay.safety import Afraid, instead_of_a_talk
from ipt_roleplay.safety.gate import NO_CLEARANCE, OTHERS, QUESTION, WHY
from ipt_roleplay.ui import card, look, routes, state


def ask(persona: Persona) -> Afraid | None:
    """What was answered, or None where nothing is asked or answered yet; the answer lives on this page only."""
    if not persona.coercive:
        return None
    look.prose(WHY)
    st.header(QUESTION, anchor=False)
    answer = st.radio(QUESTION, list(Afraid), index=None, format_func=lambda value: value.value, label_visibility="collapsed")
    if answer is Afraid.NO:
        look.prose(NO_CLEARANCE)
    elif answer is not None:
        _instead()
    return answer


def _instead() -> None:
    help_ = instead_of_a_talk(st.session_state.get("country") or state.services().settings.locale)
    with st.container(border=True, key="instead-of-a-talk"):
        for text in help_.text:
            st.markdown(text)
        st.markdown(help_.now)
        card.whom_to_call(help_.country, help_.lines, help_.countries)
        st.markdown(OTHERS)
        routes.link(routes.HOME, "See the other talks")
