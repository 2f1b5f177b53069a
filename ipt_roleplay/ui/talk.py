"""The talk itself. The learner's words are kept by `take_turn` before a word of the answer is shown; what cannot be kept is given back."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from ipt_roleplay.domain import SAY_NOTHING, Danger, Move, Persona, Phase, Session, Situation, Speaker
from ipt_roleplay.errors import EmptyTurnError, PracticeError, SessionStateError, StorageError, UnknownNameError
from ipt_roleplay.session import Answer
from ipt_roleplay.text import clean
from ipt_roleplay.ui import card, gone, hearing, live, look, routes, state, unsent
from ipt_roleplay.ui.tabs import Tab


def page() -> None:
    """The talk whose id the address names."""
    session_id = state.asked_for("id")
    try:
        choice = state.saving()
        if choice is None or session_id is None:
            return routes.go(routes.HOME)
        speaking = not hearing.until_kept(session_id)
        session = state.practice().show(session_id)
        if session.swapped:
            return routes.go(routes.OTHER_SEAT, id=session_id)
        persona, situation = state.services().personas.scene(session.persona_id, session.situation_id)
    except UnknownNameError as error:
        return _gone(session_id) if error.kind == "session" else _stuck(session_id, error)
    except PracticeError as error:
        return _stuck(session_id, error)
    if f"danger-{session_id}" not in st.session_state:
        _head(session, persona, situation)
    if session.branch:
        look.prose("You went back to this moment. What was said before is kept under your talks.")
    danger: Danger | None = st.session_state.get(f"danger-{session.id}")
    if danger:
        live.follow(session, kept=choice.keep)
        return _stopped(session, danger)
    _talk(session, persona, Tab(session, speaking=speaking), choice.keep)
    return None


def _talk(session: Session, persona: Persona, tab: Tab, kept: bool) -> None:
    """What was said, and what is said now. This run leaves the page as the next one will draw it."""
    log, back = st.container(key="talk-log"), unsent.given_back(session.id)
    with log:
        for turn in session.transcript.turns:
            st.html(look.bubble(turn.speaker, persona.name, turn.text))
            _stood_in(turn.move, persona)
    if back and back.why:
        (st.info if back.hint else st.warning)(back.why)
    if session.outcome is not None:
        live.follow(session, kept=kept)
        return _over(session)
    if tab.speaking and not back:
        look.prose(f"{persona.name} is still speaking. Reload the page to see what was said.")
    live.keep_drafts(session, kept=kept, unsent=back.words if back else None)
    words = _controls(session, persona, tab)
    if words is None and (tab.speaking or not _unanswered(session)):
        return live.follow(session, kept=kept)
    with hearing.speaking(session.id):
        with log:
            answer = _take(session, persona, words, tab)
        live.follow(session, kept=kept, turns=tab.turns)
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


def _unanswered(session: Session) -> bool:
    """Whether the learner's last words were kept before a crash and have no answer yet."""
    last = session.transcript.turns[-1]
    return last.speaker is Speaker.LEARNER and f"understood-{session.id}-{last.n}" not in st.session_state


def _controls(session: Session, persona: Persona, tab: Tab) -> str | None:
    """The box for words and the buttons; returns what was said, if anything."""
    mine = session.transcript.by(Speaker.LEARNER)
    with st.bottom:
        words = unsent.box(session.id)
        with st.container(horizontal=True, horizontal_alignment="distribute", key="talk-bar"):
            silent = st.button("Say nothing", type="tertiary")
            _hint(session)
            again = (mine or silent or words) and st.button("Say that again, differently", type="tertiary")
            if st.button("End the talk", type="tertiary"):
                state.practice().end(session.id)
                routes.go(routes.FEEDBACK, id=session.id)
            if st.button("I need real help", type="tertiary"):
                routes.go(routes.HELP, id=session.id)
    if words or silent or again:
        tab.refuse_if_elsewhere(persona, words)
    if again and mine:
        _go_back(session, mine[-1].n)
    return SAY_NOTHING if silent else words


def _hint(session: Session) -> None:
    """Three lines one could say now; which style one is, stands there once it is chosen, and it goes into the box to be changed."""
    with st.popover("Hint", type="tertiary"):
        st.markdown("Which of these would you try? It goes into the box, and you can change it.")
        for number, hint in enumerate(state.practice().hints(session.id)):
            if st.button(hint.text, key=f"hint-{session.id}-{len(session.transcript.turns)}-{number}", width="stretch"):
                unsent.put(
                    session.id, f"That one is {look.STYLE_WORDS[hint.style]}. Change it until it is yours, or send it and see.", hint.text
                )


def _take(session: Session, persona: Persona, words: str | None, tab: Tab) -> Answer | None:
    """Send the learner's words, or let those be answered that were kept; they are on the page at once."""
    try:
        if words is None:
            answer = state.practice().answer(session.id)
        else:
            st.html(look.bubble(Speaker.LEARNER, persona.name, clean(words)))
            answer = state.practice().take_turn(session.id, words)
    except PracticeError as error:
        _not_taken(session, words, error, tab)
        return None
    tab.shows(answer.turn.n + (0 if answer.danger else 1))
    if answer.danger:
        st.session_state[f"danger-{session.id}"] = answer.danger
        st.rerun()
    return answer


def _not_taken(session: Session, words: str | None, error: PracticeError, tab: Tab) -> None:
    """Give the words back, unless they are kept and only their answer failed: that can be asked for again."""
    if words is None or _was_kept(session, words):
        tab.shows(len(session.transcript.turns) + (0 if words is None else 1))
        return _not_answered(error)
    if words == SAY_NOTHING or isinstance(error, EmptyTurnError):
        unsent.give_back(session.id, str(error), None)
    more = " Your words are in the box again, not saved." if isinstance(error, StorageError) else ""
    unsent.give_back(session.id, f"{error}{more}", words)


def _was_kept(session: Session, words: str) -> bool:
    turns = len(session.transcript.turns)
    with suppress(PracticeError):
        added = state.practice().show(session.id).transcript.turns[turns:]
        return any(turn.speaker is Speaker.LEARNER and turn.text == clean(words) for turn in added)
    return False


def _not_answered(error: PracticeError) -> None:
    if isinstance(error, SessionStateError):
        st.rerun()  # it was answered, or the talk was ended, in another tab: show that
    st.error(str(error))
    st.button("Try again", help="Your words are kept. The answer to them is still to come.")


def _hear(answer: Answer, persona: Persona) -> None:
    """Show the reply; only the end of a talk needs another run."""
    assert answer.reply is not None
    try:
        hearing.hear(answer, persona)
    except (SessionStateError, StorageError) as error:
        return _not_answered(error)
    _stood_in(answer.reply.move, persona)
    if answer.reply.move.state.phase is Phase.CLOSED:
        st.rerun()
    return None


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
    unsent.to_copy(unsent.sent_in_vain(session.id))
    with st.bottom, st.container(horizontal=True, key="over-bar"):
        mine = session.transcript.by(Speaker.LEARNER)
        if mine and st.button("Try the last line again", width="stretch"):
            _go_back(session, mine[-1].n)
        if st.button("Look at it together", type="primary", width="stretch"):
            routes.go(routes.FEEDBACK, id=session.id)
        if st.button("I need real help", type="tertiary"):
            routes.go(routes.HELP, id=session.id)


def _gone(session_id: str | None) -> None:
    gone.draw(routes.TALK, unsent.sent_in_vain(session_id))


def _stuck(session_id: str | None, error: PracticeError) -> None:
    """The talk cannot be read just now: why, and the box as it was, so that no word in it is lost."""
    st.title("This talk cannot be read just now", anchor=False)
    st.error(str(error))
    with st.bottom:
        if words := unsent.box(session_id):
            unsent.give_back(session_id, "", words)
        with st.container(horizontal=True, horizontal_alignment="distribute", key="talk-bar"):
            st.button("Try again", type="tertiary")
            if st.button("I need real help", type="tertiary"):
                routes.go(routes.HELP, **({"id": session_id} if session_id else {}))
