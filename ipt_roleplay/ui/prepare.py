"""Before the talk: who is coming, what you want, how you are (skippable)."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import Difficulty, Goal, Persona, Situation
from ipt_roleplay.safety import Afraid
from ipt_roleplay.ui import gate, leaving, look, routes, state
from ipt_roleplay.ui.footer import footer

_DIFFICULTY = {Difficulty.GENTLE: "gentle", Difficulty.REALISTIC: "realistic", Difficulty.TOUGH: "tough"}
_OWN = "Something else, in my words"
LONGEST_GOAL = 200


def page() -> None:
    """Choose a goal, and begin."""
    if state.saving() is None:
        routes.go(routes.WELCOME)
        return
    persona, situation = state.services().personas.scene(state.asked_for("persona") or "aggressive_sister", state.asked_for("situation"))
    st.title(f"{persona.name}, {persona.relation}", anchor=False)
    afraid = gate.ask(persona)
    if afraid is not Afraid.NO and persona.coercive:
        footer(here=routes.PREPARE)
        return
    situation = _which(persona, situation)
    state.get_ready(situation)
    look.prose(f"{situation.time}, {situation.place}.")
    look.told("Who", situation.who)
    look.told("What happened", situation.happened)
    look.told("What you usually do", situation.usual)
    st.header("What do you want from this talk?", anchor=False)
    options = [goal.text for goal in situation.goals] + [_OWN]
    chosen = st.radio("Your aim", options, label_visibility="collapsed")
    own = st.text_input("What you want, in your words", max_chars=LONGEST_GOAL) if chosen == _OWN else ""
    st.header("How are you just now?", anchor=False)
    look.prose("Both can be skipped. 0 is low, 10 is high.")
    mood = st.pills("Mood", list(range(11)), key="mood-before")
    confidence = st.pills("How sure you are that you can say it", list(range(11)), key="confidence-before")
    difficulty = st.segmented_control(
        f"How hard {persona.name} pushes", list(_DIFFICULTY), default=Difficulty.REALISTIC, format_func=lambda value: _DIFFICULTY[value]
    )
    look.prose("In the talk, put what your body does between asterisks, like *looks at the table*. You can also say nothing.")
    agreed = leaving.ask(persona.name)
    missing = chosen == _OWN and not own.strip()
    if st.button("Begin", type="primary", width="stretch", disabled=missing):
        goal = Goal(situation.goals[0].kind, own.strip()) if chosen == _OWN else situation.goals[options.index(chosen)]
        if agreed is not None:
            state.agree(agreed)
        session = state.practice().start(
            persona.id,
            situation.id,
            goal=goal,
            difficulty=difficulty or Difficulty.REALISTIC,
            mood=mood,
            confidence=confidence,
            afraid=afraid,
        )
        routes.go(routes.TALK, id=session.id)
    routes.link(routes.OTHER_SEAT, f"Swap seats: play {persona.name}, and hear yourself", persona=persona.id, situation=situation.id)
    footer(here=routes.PREPARE)


def _which(persona: Persona, asked_for: Situation) -> Situation:
    """The situation that is chosen, where there are several; the address may name the one to begin with."""
    situations = persona.situations
    if len(situations) == 1:
        st.header(asked_for.title, anchor=False)
        return asked_for
    st.header("Which talk?", anchor=False)
    titles = [situation.title for situation in situations]
    chosen = st.radio("Which talk?", titles, index=situations.index(asked_for), label_visibility="collapsed", key=f"which-{persona.id}")
    return situations[titles.index(chosen)] if chosen else asked_for
