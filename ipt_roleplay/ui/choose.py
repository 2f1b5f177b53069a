"""Choosing a situation: a card tells who it is, what happened, and what you could want."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import Persona, Situation
from ipt_roleplay.ui import look, routes, state
from ipt_roleplay.ui.footer import footer


def page() -> None:
    """The situations; the first visit goes to the welcome page."""
    choice = state.saving()
    if choice is None:
        routes.go(routes.WELCOME)
        return
    services = state.services()
    st.title("Which talk would you like to practise?", anchor=False)
    personas = services.personas.list()
    for persona in personas:
        for situation in persona.situations:
            _card(persona, situation)
    if not personas:
        st.info("There is nobody to practise with yet. Put a persona file into the personas folder.")
    for fault in services.personas.faults():
        st.warning(f"A persona file cannot be used: {fault}")
    look.prose(
        "Your talks are kept on this computer." if choice.keep else "You are off the record: closing or reloading the page loses the talk."
    )
    with st.container(horizontal=True, key="rooms"):
        routes.link(routes.ANALYSE, "For trainees: Analyse")
        routes.link(routes.DEMO, "For groups: Demo")
    footer(here=routes.HOME)


def _card(persona: Persona, situation: Situation) -> None:
    with st.container(border=True):
        st.header(situation.title, anchor=False)
        look.prose(f"{persona.name}, {persona.relation}. {situation.time}, {situation.place}.", situation.happened)
        look.listed("What you could want", [goal.text for goal in situation.goals])
        if st.button(f"Practise with {persona.name}", key=f"{persona.id}/{situation.id}", type="primary", width="stretch"):
            routes.go(routes.PREPARE, persona=persona.id, situation=situation.id)
