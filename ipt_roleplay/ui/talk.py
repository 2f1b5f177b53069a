"""The talk itself. The learner's words are kept by `take_turn` before a word of the answer is shown."""

from __future__ import annotations

import time
from contextlib import closing

import streamlit as st

from ipt_roleplay.domain import Danger, Persona, Session, Situation, Speaker
from ipt_roleplay.errors import InputError, UnknownNameError
from ipt_roleplay.session import SAY_NOTHING, Answer
from ipt_roleplay.ui import card, gone, look, routes, state

PAUSE = 0.028
"""Seconds between words of a reply: about the pace of someone talking fast."""

_LIVE = """
export default function ({ parentElement }) {
  const page = parentElement.ownerDocument ?? document;
  const log = page.querySelector(".st-key-talk-log");
  if (log) {
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    log.setAttribute("aria-label", "The talk");
    const pane = page.querySelector('[data-testid="stMain"]') ?? page.scrollingElement;
    const down = () => pane.scrollTo({ top: pane.scrollHeight });
    down();
    if (!log.dataset.follows) {
      log.dataset.follows = "yes";
      new MutationObserver(down).observe(log, { childList: true, subtree: true, characterData: true });
    }
  }
}
"""


def page() -> None:
    """The talk whose id the address names."""
    session_id = state.asked_for("id")
    if state.saving() is None or session_id is None:
        routes.go(routes.HOME)
        return
    try:
        session = state.practice().show(session_id)
    except UnknownNameError:
        gone.draw(routes.TALK)
        return
    persona, situation = state.services().personas.scene(session.persona_id, session.situation_id)
    if f"danger-{session_id}" not in st.session_state:
        _head(session, persona, situation)
    if session.branch:
        look.prose("You went back to this moment. What was said before is kept under your talks.")
    danger: Danger | None = st.session_state.get(f"danger-{session_id}")
    if danger:
        return _stopped(session, danger)
    log = st.container(key="talk-log")
    with log:
        for turn in session.transcript.turns:
            st.html(look.bubble(turn.speaker, persona.name, turn.text))
            if turn.move and (why := turn.move.stood_in_because):
                st.html(look.note(f"{persona.name}'s line was written: the model {why}."))
    _announce_replies()
    if session.outcome is not None:
        return _over(session)
    words = _controls(session)
    with log:
        _take(session, persona, words)
    return None


def _head(session: Session, persona: Persona, situation: Situation) -> None:
    """Who it is and what you want stay in view; where and when scrolls away."""
    with st.container(key="talk-head"):
        st.title(f"{persona.name}, {persona.relation}", anchor=False)
        look.prose(f"You want: {session.goal.text}")
    look.prose(f"{situation.time}, {situation.place}.")


def _controls(session: Session) -> str | None:
    """The box for words and the buttons; returns what was said, if anything."""
    with st.bottom:
        draft = st.session_state.pop(f"refused-{session.id}", None)
        if draft:
            kept = st.text_area("Your words, not sent yet", draft, height=160, key=f"again-{session.id}")
            if st.button("Send this"):
                return str(kept)
        words: str | None = st.chat_input("Your words …  *what your body does*", key="words")
        with st.container(horizontal=True, horizontal_alignment="distribute", key="talk-bar"):
            silent = st.button("Say nothing", type="tertiary")
            mine = session.transcript.by(Speaker.LEARNER)
            if mine and st.button("Say that again, differently", type="tertiary"):
                _go_back(session, mine[-1].n)
            if st.button("End the talk", type="tertiary"):
                state.practice().end(session.id)
                routes.go(routes.FEEDBACK, id=session.id)
            if st.button("I need real help", type="tertiary"):
                routes.go(routes.HELP)
    return SAY_NOTHING if silent else words


def _take(session: Session, persona: Persona, words: str | None) -> None:
    """Send the learner's words, or answer a turn that was kept before a crash, and show the reply as it is said."""
    last = session.transcript.turns[-1]
    unanswered = last.speaker is Speaker.LEARNER and f"understood-{session.id}-{last.n}" not in st.session_state
    if words is None and not unanswered:
        return
    try:
        if words is None:
            answer = state.practice().answer(session.id)
        else:
            st.html(look.bubble(Speaker.LEARNER, persona.name, words.strip()))
            answer = state.practice().take_turn(session.id, words)
    except InputError as error:
        st.warning(str(error))
        if words and len(words) > 200:
            st.session_state[f"refused-{session.id}"] = words
        return
    if answer.danger:
        st.session_state[f"danger-{session.id}"] = answer.danger
        st.rerun()
    _show(answer, persona)
    st.rerun()


def _show(answer: Answer, persona: Persona) -> None:
    assert answer.reply is not None
    place, so_far = st.empty(), ""
    with closing(answer.reply.pieces) as pieces:
        for piece in pieces:
            so_far += piece
            place.html(look.bubble(Speaker.PARTNER, persona.name, so_far or "…"))
            if not answer.reply.streams:
                time.sleep(PAUSE)


def _stopped(session: Session, danger: Danger) -> None:
    """The role is over for now; the card stands in its place."""
    with st.container(border=True):
        card.draw(danger)
    kept = "Your words are kept with the talk." if (choice := state.saving()) and choice.keep else "Your words are not written anywhere."
    look.prose(f"The practice has stopped. {kept}")
    if st.button("End the practice", type="primary", width="stretch"):
        state.practice().end(session.id)
        del st.session_state[f"danger-{session.id}"]
        routes.go(routes.HOME)
    if st.button("It was meant differently. Back to the talk", width="stretch"):
        st.session_state[f"understood-{session.id}-{session.transcript.turns[-1].n}"] = True
        del st.session_state[f"danger-{session.id}"]
        st.rerun()


def _go_back(session: Session, n: int) -> None:
    """Leave for a new branch of this talk, just before turn `n`."""
    branch = state.practice().rewind(session.id, n)
    routes.go(routes.TALK, id=branch.id)


def _over(session: Session) -> None:
    look.prose("The talk is over.")
    with st.bottom, st.container(horizontal=True, key="over-bar"):
        mine = session.transcript.by(Speaker.LEARNER)
        if mine and st.button("Try the last line again", width="stretch"):
            _go_back(session, mine[-1].n)
        if st.button("Look at it together", type="primary", width="stretch"):
            routes.go(routes.FEEDBACK, id=session.id)
        if st.button("I need real help", type="tertiary"):
            routes.go(routes.HELP)


@st.cache_resource
def _live_component():  # type: ignore[no-untyped-def]
    return st.components.v2.component("ipt_live_log", js=_LIVE)


def _announce_replies() -> None:
    """Make the talk a live region, so that a screen reader says the replies."""
    with st.container(key="live"):
        _live_component()(key="live-log")
