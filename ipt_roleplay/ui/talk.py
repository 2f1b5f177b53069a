"""The talk itself. The learner's words are kept by `take_turn` before a word of the answer is shown."""

from __future__ import annotations

import time
from contextlib import closing

import streamlit as st

from ipt_roleplay.domain import Danger, Move, Persona, Phase, Session, Situation, Speaker
from ipt_roleplay.errors import InputError, UnknownNameError
from ipt_roleplay.session import SAY_NOTHING, Answer
from ipt_roleplay.text import clean
from ipt_roleplay.ui import card, gone, live, look, routes, state

TOGETHER = 0.08
"""Seconds in which words of a streamed reply are sent together: still read as someone talking, and a tenth of the work."""


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
    choice = state.saving()
    kept = choice is not None and choice.keep
    danger: Danger | None = st.session_state.get(f"danger-{session_id}")
    if danger:
        live.follow(session, kept=kept, stopped=True)
        return _stopped(session, danger)
    log = st.container(key="talk-log")
    with log:
        for turn in session.transcript.turns:
            st.html(look.bubble(turn.speaker, persona.name, turn.text))
            _stood_in(turn.move, persona)
    if session.outcome is not None:
        live.follow(session, kept=kept)
        return _over(session)
    words = _controls(session)
    with log:
        answer = _take(session, persona, words)
    live.follow(session, kept=kept, turns=_turns(answer) if answer else None)
    if answer:
        with log:
            _hear(answer, persona)
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
            again = (mine or silent or words) and st.button("Say that again, differently", type="tertiary")
            if again and mine:
                _go_back(session, mine[-1].n)
            if st.button("End the talk", type="tertiary"):
                state.practice().end(session.id)
                routes.go(routes.FEEDBACK, id=session.id)
            if st.button("I need real help", type="tertiary"):
                routes.go(routes.HELP, id=session.id)
    return SAY_NOTHING if silent else words


def _take(session: Session, persona: Persona, words: str | None) -> Answer | None:
    """Send the learner's words, or let a turn be answered that was kept before a crash; the words are on the page at once."""
    last = session.transcript.turns[-1]
    unanswered = last.speaker is Speaker.LEARNER and f"understood-{session.id}-{last.n}" not in st.session_state
    if words is None and not unanswered:
        return None
    try:
        if words is None:
            answer = state.practice().answer(session.id)
        else:
            st.html(look.bubble(Speaker.LEARNER, persona.name, clean(words)))
            answer = state.practice().take_turn(session.id, words)
    except InputError as error:
        st.warning(str(error))
        if words and len(words) > 200:
            st.session_state[f"refused-{session.id}"] = words
        return None
    if answer.danger:
        st.session_state[f"danger-{session.id}"] = answer.danger
        st.rerun()
    return answer


def _turns(answer: Answer) -> int:
    """How many turns the talk has now: a written reply is kept whole already, a streamed one when it ends."""
    return answer.turn.n + (0 if answer.reply and answer.reply.streams else 1)


def _hear(answer: Answer, persona: Persona) -> None:
    """Show the reply. This run leaves the page as the next one will draw it, so that none is needed but at the end of a talk."""
    assert answer.reply is not None
    if answer.reply.streams:
        _as_it_comes(answer, persona)
    else:
        st.html(look.bubble(Speaker.PARTNER, persona.name, "".join(answer.reply.pieces)))
    _stood_in(answer.reply.move, persona)
    if answer.reply.move.state.phase is Phase.CLOSED:
        st.rerun()


def _as_it_comes(answer: Answer, persona: Persona) -> None:
    """A reply that streams, some words at a time. Screen readers get it once, whole: until then it is hidden from them."""
    assert answer.reply is not None
    place, so_far, drawn_at = st.empty(), "", 0.0
    with closing(answer.reply.pieces) as pieces:
        for piece in pieces:
            so_far += piece
            if piece and time.monotonic() - drawn_at < TOGETHER:
                continue
            drawn_at = time.monotonic()
            place.html(look.unfinished(look.bubble(Speaker.PARTNER, persona.name, so_far or "…")))
    place.html(look.bubble(Speaker.PARTNER, persona.name, so_far))


def _stood_in(move: Move | None, persona: Persona) -> None:
    if move and (why := move.stood_in_because):
        st.html(look.note(f"{persona.name}'s line was written: the model {why}."))


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
    live.take_along(draft_of=session, to=branch)
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
            routes.go(routes.HELP, id=session.id)
