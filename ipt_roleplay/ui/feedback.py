"""After the talk: first one quote that worked and one moment to try again; the rest further down."""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st

from ipt_roleplay.coach import nothing_to_fix
from ipt_roleplay.coach.phrases import NOTHING_TO_FIX, NOTHING_YET, TOO_SHORT
from ipt_roleplay.domain import Feedback, Finding, FindingKind, Passage, Session, Speaker
from ipt_roleplay.errors import UnknownNameError, shorten
from ipt_roleplay.ui import gone, look, routes, state
from ipt_roleplay.ui.footer import footer

_ARRIVE = """
export default function ({ parentElement, data }) {
  const page = parentElement.ownerDocument ?? document;
  const pane = page.querySelector('[data-testid="stMain"]') ?? page.scrollingElement;
  if (pane.dataset.arrivedIn === data.talk) return;
  pane.dataset.arrivedIn = data.talk;
  const named = page.defaultView.location.hash.match(/^#turn-\\d+$/);
  if (named) requestAnimationFrame(() => page.querySelector(named[0])?.scrollIntoView());
}
"""
"""Once a talk is drawn: to the moment that the address names. A link to it can be followed before the moment is there."""

_MORE = {FindingKind.TURNING_POINT: "Where it turned", FindingKind.GUILT: "About guilt"}


def page() -> None:
    """The coach's view of the talk whose id the address names."""
    session_id = state.asked_for("id")
    if state.saving() is None or session_id is None:
        routes.go(routes.HOME)
        return
    try:
        session = state.practice().show(session_id)
    except UnknownNameError:
        gone.draw(routes.FEEDBACK)
        return
    if session.swapped:
        routes.go(routes.OTHER_SEAT, id=session_id)
        return
    with st.spinner("Reading the talk …"):
        feedback = state.practice().feedback(session_id)
    _say_if_rebuilt()
    st.title(feedback.headline, anchor=False)
    _first(feedback)
    _buttons(session, feedback)
    for finding in feedback.findings:
        if finding.kind in _MORE:
            st.header(_MORE[finding.kind], anchor=False)
            _finding(feedback, finding)
    _notes(feedback)
    _whole_talk(session, feedback)
    _afterwards(session, feedback)
    footer(here=routes.FEEDBACK)


def _say_if_rebuilt() -> None:
    """Once in a visit, where the notes are first used."""
    reason = state.services().notes.rebuilt_because
    if reason and "damaged" in reason and "told-rebuilt" not in st.session_state:
        st.session_state["told-rebuilt"] = True
        st.info("The notes index was damaged and has been made anew. Nothing is lost.")


def _first(feedback: Feedback) -> None:
    strength, again = feedback.finding(FindingKind.STRENGTH), feedback.finding(FindingKind.TRY)
    if strength:
        _finding(feedback, strength)
    elif len(feedback.analysis.transcript.by(Speaker.LEARNER)) < 1:
        look.prose(TOO_SHORT)
    elif again:
        look.prose(NOTHING_YET)
    if again:
        st.header("One moment to try again", anchor=False)
        _finding(feedback, again)
        if again.better_line:
            look.quote(again.better_line, label="You could try")
    elif nothing_to_fix(feedback):
        look.prose(NOTHING_TO_FIX)


def _finding(feedback: Feedback, finding: Finding) -> None:
    marks = "".join(f' <a href="#note-{feedback.number(key)}">[{feedback.number(key)}]</a>' for key in finding.citations)
    about = f'<p class="ipt-small">{escape(finding.text)}{marks} <a href="#turn-{finding.turn}">Go to that moment</a></p>'
    look.quote(finding.quote, below=about)


def _buttons(session: Session, feedback: Feedback) -> None:
    again = feedback.finding(FindingKind.TRY)
    if again:
        if st.button("Try that moment again", type="primary", width="stretch"):
            _go_back(session, again.turn)
    else:
        _from_the_start(session, "primary")
    look.leap("See the whole talk", "whole-talk")


def _from_the_start(session: Session, type: Literal["primary", "secondary"]) -> None:
    if st.button("Practise it from the start", type=type, width="stretch"):
        routes.go(routes.PREPARE, persona=session.persona_id, situation=session.situation_id)


def _go_back(session: Session, n: int) -> None:
    branch = state.practice().rewind(session.id, n)
    routes.go(routes.TALK, id=branch.id)


def _notes(feedback: Feedback) -> None:
    if not feedback.passages:
        return
    st.header("What this rests on", anchor=False)
    with st.container(key="tight-notes"):
        for number, passage in enumerate(feedback.passages, start=1):
            st.html(f'<span id="note-{number}"></span>')
            with st.expander(f"[{number}] {passage.note_title}: {passage.heading}"):
                look.prose(*passage.text.split("\n\n"), _where_from(passage))
                routes.link(routes.NOTE, "Read the whole note", id=passage.note_id)


def _where_from(passage: Passage) -> str:
    if not passage.sources:
        return "General knowledge, not from the articles."
    return f"From the articles: {state.services().articles.named(passage.sources)}."


def _whole_talk(session: Session, feedback: Feedback) -> None:
    st.html('<span id="whole-talk"></span>')
    st.header("The whole talk", anchor=False)
    name = state.services().personas.get(session.persona_id).name
    look.prose("Under your lines: how each may land, and what shows it (underlined).")
    st.html("".join(look.annotated(turn, name) for turn in feedback.analysis.transcript.turns))
    with st.container(key="arrive"):
        _arrive_component()(key="feedback-arrive", data={"talk": session.id})
    mine = {turn.n: turn.text for turn in session.transcript.by(Speaker.LEARNER)}
    if mine:
        n = st.selectbox(
            "Go back to a moment and try it another way",
            list(mine),
            index=None,
            format_func=lambda n: shorten(mine[n], 70),
            placeholder="Choose one of your lines",
        )
        if n is not None and st.button("Go back to this moment", width="stretch"):
            _go_back(session, n)


@st.cache_resource(show_spinner=False)
def _arrive_component():  # type: ignore[no-untyped-def]
    return st.components.v2.component("ipt_arrive", js=_ARRIVE)


def _afterwards(session: Session, feedback: Feedback) -> None:
    st.header("How is it now?", anchor=False)
    look.prose("Both can be skipped.")
    mood = st.pills("Mood", list(range(11)), default=session.mood_after, key="mood-after")
    confidence = st.pills("How sure you are that you can say it", list(range(11)), default=session.confidence_after, key="confidence-after")
    if (mood, confidence) != (session.mood_after, session.confidence_after) and (mood is not None or confidence is not None):
        state.practice().end(session.id, mood=mood, confidence=confidence)
    before = [
        f"{label} before: {value}"
        for label, value in (("mood", session.mood_before), ("confidence", session.confidence_before))
        if value is not None
    ]
    if before:
        look.prose("; ".join(before).capitalize() + ".")
    if feedback.finding(FindingKind.TRY):
        _from_the_start(session, "secondary")
