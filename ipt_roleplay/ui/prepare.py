"""Before the talk: who is coming, what you want, how you are (skippable)."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import Difficulty, Goal, Persona, Situation
from ipt_roleplay.safety import Afraid
from ipt_roleplay.storage.consent import Consent
from ipt_roleplay.ui import gate, look, routes, state
from ipt_roleplay.ui.footer import footer

_DIFFICULTY = {Difficulty.GENTLE: "gentle", Difficulty.REALISTIC: "realistic", Difficulty.TOUGH: "tough"}
_OWN = "Something else, in my words"
LONGEST_GOAL = 200
LONGEST_NAMES = 400


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
    agreed = _words_may_leave(persona.name)
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


def _words_may_leave(name: str) -> Consent | None:
    """Where a model elsewhere is chosen: what would go where, whether it may, and which names stay here. None where nothing would leave."""
    leaving = state.services().leaving
    if leaving.stays:
        return None
    before = state.consent()
    st.header(f"May your words go to {leaving.to}?", anchor=False)
    look.prose(
        f"{leaving.more} What goes there: the scene, your lines and {name}'s. What does not: your aim, how you are, the coach's view and other talks. "
        f"Without your yes {name} speaks from written lines, and nothing is sent."
    )
    may = st.checkbox(f"Yes, my words in this talk and later ones may go to {leaving.to}", value=leaving.to in before.to)
    if low := state.services().running_low():
        look.prose(low)
    private = ", ".join(before.private)
    if may:
        private = st.text_input(
            "Names that stay here (between commas)",
            value=private,
            max_chars=LONGEST_NAMES,
            help="On the way out another name stands for each of them, on the way in yours comes back. Telephone numbers and mail addresses are replaced by themselves.",
        )
    to = before.to | {leaving.to} if may else before.to - {leaving.to}
    return Consent(frozenset(to), tuple(dict.fromkeys(word.strip() for word in private.split(",") if word.strip())))
