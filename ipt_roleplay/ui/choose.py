"""Choosing whom to practise with: a card tells who it is and which talks there are; what happened is told on the next page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ipt_roleplay.domain import Persona, Relationship
from ipt_roleplay.ui import look, routes, state
from ipt_roleplay.ui.footer import footer

EVERYBODY = "Everybody"
GROUPS = {
    "Family": (Relationship.FAMILY, Relationship.IN_LAW),
    "Partner or ex": (Relationship.PARTNER, Relationship.EX_PARTNER),
    "Friend": (Relationship.FRIEND,),
    "Work": (Relationship.WORK,),
}
FEW = 4
"""So many people can be looked through without a choice above them."""


def page() -> None:
    """The situations; the first visit goes to the welcome page."""
    choice = state.saving()
    if choice is None:
        routes.go(routes.WELCOME)
        return
    services = state.services()
    st.title("Which talk would you like to practise?", anchor=False)
    personas = services.personas.list()
    for persona in _asked_for(personas):
        _card(persona)
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


def _asked_for(personas: Sequence[Persona]) -> Sequence[Persona]:
    """Those of the chosen group; groups that nobody is in are not offered."""
    if len(personas) <= FEW:
        return personas
    there = [name for name, kinds in GROUPS.items() if any(persona.relationship in kinds for persona in personas)]
    chosen = st.pills("With whom?", [EVERYBODY, *there], default=EVERYBODY, key="with-whom") or EVERYBODY
    return [persona for persona in personas if chosen == EVERYBODY or persona.relationship in GROUPS[chosen]]


def _card(persona: Persona) -> None:
    with st.container(border=True, key=f"tight-{persona.id}"):
        st.header(f"{persona.name}, {persona.relation}", anchor=False)
        look.prose(persona.summary)
        look.listed("About" if len(persona.situations) == 1 else "One of these", [situation.title for situation in persona.situations])
        if st.button(f"Practise with {persona.name}", key=persona.id, type="primary", width="stretch"):
            routes.go(routes.PREPARE, persona=persona.id)
