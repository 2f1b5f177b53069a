"""The other seat: the person plays the partner and hears the learner's part from over there, in a way of speaking they choose."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import SAY_NOTHING, Danger, Persona, Session, Situation, Speaker, Tactic
from ipt_roleplay.errors import PracticeError
from ipt_roleplay.safety import Afraid
from ipt_roleplay.text import clean
from ipt_roleplay.ui import card, gate, hearing, live, look, routes, state, unsent
from ipt_roleplay.ui.footer import footer
from ipt_roleplay.ui.tabs import Tab

WAYS = {
    "assertive": "openly: what I want, and why it matters to me",
    "nice": "kindly, and never saying what I want",
    "passive": "giving way",
    "passive-aggressive": "sideways, with a sting",
    "aggressive": "attacking",
}
QUESTIONS = (
    "Which of these answers made it hardest to go on pressing?",
    "Which one made you press harder, or stop listening?",
    "Is there one that you would like to be able to say?",
)
MINE = "Your part"


def page() -> None:
    """Before, during and after: the address names a persona and a situation, or a talk that has begun."""
    choice = state.saving()
    if choice is None:
        return routes.go(routes.WELCOME)
    session_id = state.asked_for("id")
    if session_id is None:
        return _before(*state.services().personas.scene(state.asked_for("persona") or "aggressive_sister", state.asked_for("situation")))
    speaking = not hearing.until_kept(session_id)
    session = state.practice().show(session_id)
    if not session.swapped:
        return routes.go(routes.TALK, id=session_id)
    persona, situation = state.services().personas.scene(session.persona_id, session.situation_id)
    if session.outcome is not None:
        return _after(session, persona)
    danger: Danger | None = st.session_state.get(f"danger-{session.id}")
    return _stopped(session, danger) if danger else _during(session, persona, situation, Tab(session, speaking=speaking), kept=choice.keep)


def _before(persona: Persona, situation: Situation) -> None:
    st.title(f"In {persona.name}'s seat", anchor=False)
    afraid = gate.ask(persona)
    if persona.coercive and afraid is not Afraid.NO:
        return footer(here=routes.OTHER_SEAT)
    look.prose(
        f"You play {persona.name}. Your own part is spoken for you, in the way you choose here. From over there one hears what an answer does.",
        f"{situation.time}, {situation.place}.",
    )
    look.told('What happened ("you" is your own part)', situation.happened)
    with st.expander(f"What {persona.name} does not say"):
        look.prose(situation.hidden_interest, "In your own seat you would have to find this out.")
    ways = list(WAYS)
    kind = st.radio("How should your part be spoken?", ways, format_func=WAYS.__getitem__)
    if st.button(f"Begin as {persona.name}", type="primary", width="stretch"):
        session = state.practice().swap(persona.id, situation.id, kind=kind or ways[0], afraid=afraid)
        routes.go(routes.OTHER_SEAT, id=session.id)
    routes.link(routes.PREPARE, "Back to your own seat", persona=persona.id, situation=situation.id)
    return footer(here=routes.OTHER_SEAT)


def _during(session: Session, persona: Persona, situation: Situation, tab: Tab, *, kept: bool) -> None:
    with st.container(key="talk-head"):
        st.title(f"You are {persona.name}", anchor=False)
        look.prose(f"Your part is spoken {WAYS[session.swapped or 'assertive']}.")
    with st.container(key="seat-opening"):  # always there, so that what comes below keeps its place when the quote goes
        if not session.transcript.turns:
            openings = [line for family in situation.families if family.tactic is Tactic.OPENING for line in family.say]
            look.quote(openings[session.seed % len(openings)], label=f"{persona.name} might begin like this, or in words of yours:")
    log, back = st.container(key="talk-log"), unsent.given_back(session.id)
    with log:
        for turn in session.transcript.turns:
            st.html(look.bubble(turn.speaker, f"You, as {persona.name}", turn.text, me=MINE))
    if back and back.why:
        st.warning(back.why)
    live.keep_drafts(session, kept=kept, unsent=back.words if back else None)
    with st.bottom:
        words = unsent.box(session.id)
        with st.container(horizontal=True, horizontal_alignment="distribute", key="talk-bar"):
            silent = st.button("Say nothing", type="tertiary")
            if st.button("Enough: look at it", type="tertiary"):
                state.practice().end(session.id)
                st.rerun()
            if st.button("I need real help", type="tertiary"):
                routes.go(routes.HELP, id=session.id)
    words = SAY_NOTHING if silent else words
    if words:
        tab.refuse_if_elsewhere(persona, words)
    if words or _unanswered(session):
        with hearing.speaking(session.id), log:
            _say(session, persona, words, tab)
    live.follow(session, kept=kept, turns=tab.turns)


def _unanswered(session: Session) -> bool:
    turns = session.transcript.turns
    return bool(turns) and turns[-1].speaker is Speaker.PARTNER


def _say(session: Session, persona: Persona, words: str | None, tab: Tab) -> None:
    """Keep what was said in the partner's seat and show the answer to it; what cannot be kept goes back into the box."""
    practice = state.practice()
    try:
        if words is None:
            practice.answer_as_learner(session.id)
        else:
            st.html(look.bubble(Speaker.PARTNER, f"You, as {persona.name}", clean(words), me=MINE))
            if danger := practice.speak_as_partner(session.id, words):
                st.session_state[f"danger-{session.id}"] = danger
                st.rerun()
    except PracticeError as error:
        unsent.give_back(session.id, str(error), words)
    now = practice.show(session.id)
    st.html(look.bubble(Speaker.LEARNER, persona.name, now.transcript.turns[-1].text, me=MINE))
    tab.shows(len(now.transcript.turns))
    if now.outcome is not None:
        st.rerun()


def _stopped(session: Session, danger: Danger) -> None:
    with st.container(border=True):
        card.draw(danger)
    look.prose("The practice has stopped.")
    if st.button("End the practice", type="primary", width="stretch"):
        state.practice().end(session.id)
        del st.session_state[f"danger-{session.id}"]
        routes.go(routes.HOME)
    if st.button("It was meant differently. Back to the talk", width="stretch"):
        del st.session_state[f"danger-{session.id}"]
        st.rerun()


def _after(session: Session, persona: Persona) -> None:
    st.title(f"What you heard in {persona.name}'s seat", anchor=False)
    look.prose("Under your part's lines: how each may land. What it did to you over there counts more.")
    st.html("".join(look.annotated(turn, f"You, as {persona.name}", MINE) for turn in session.transcript.turns))
    look.listed("Three questions", QUESTIONS)
    if st.button("Now from your own seat", type="primary", width="stretch"):
        routes.go(routes.PREPARE, persona=session.persona_id, situation=session.situation_id)
    if st.button("Once more, spoken another way", width="stretch"):
        routes.go(routes.OTHER_SEAT, persona=session.persona_id, situation=session.situation_id)
    footer(here=routes.OTHER_SEAT)
