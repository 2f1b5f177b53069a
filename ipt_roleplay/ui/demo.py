"""For groups: the same talk with two scripted learners, one line at a time, in type that a room can read. Off the record."""

from __future__ import annotations

from html import escape

import streamlit as st

from ipt_roleplay.coding import DemoLearner, DemoScript
from ipt_roleplay.domain import Outcome, Persona, Session, Speaker, Turn
from ipt_roleplay.errors import SessionStateError
from ipt_roleplay.session import Practice
from ipt_roleplay.ui import look, routes, state
from ipt_roleplay.ui.footer import footer

CSS = """
<style>
[data-testid="stMainBlockContainer"] { max-width: 76rem; }
.ipt-stage p { margin: .5rem 0 0; font-size: clamp(1.75rem, 2.6vw, 2.5rem); line-height: 1.35; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 34em; }
.ipt-stage { border-left: .35rem solid currentColor; padding: 0 0 .2rem 1rem; margin: 0 0 1.1rem; }
.ipt-stage.ipt-mine { border-color: #3d8f86; margin-left: clamp(0rem, 6vw, 6rem); display: block; }
.ipt-stage .ipt-name { font-size: 1.15rem; font-weight: 600; margin: 0; }
.ipt-stage .ipt-read { font-size: 1.25rem; line-height: 1.4; }
.ipt-ending p { font-size: clamp(1.75rem, 2.6vw, 2.5rem); line-height: 1.35; margin: .4rem 0; max-width: 34em; }
.st-key-demo-next button { min-height: 4rem; } .st-key-demo-next button p { font-size: 1.6rem; }
[data-testid="stBottomBlockContainer"] { max-width: 76rem; }
.st-key-demo-bar { align-items: center; }
.ipt-ending:focus { outline: 3px solid #3d8f86; outline-offset: .6rem; border-radius: .25rem; }
.st-key-demo-focus { height: 0; overflow: hidden; margin: -1rem 0 0; }
</style>
"""

_FOCUS = """
export default function ({ parentElement, data }) {
  const page = parentElement.ownerDocument ?? document;
  const pane = page.querySelector('[data-testid="stMain"]') ?? page.scrollingElement;
  const at = `${data.learner} ${data.at}`;
  requestAnimationFrame(() => {
    const button = page.querySelector(".st-key-demo-next button");
    const ending = page.querySelector(".ipt-ending");
    if (ending) ending.tabIndex = -1;
    if (pane.dataset.demoAt !== at) (ending ?? button)?.focus({ preventScroll: true });
    pane.dataset.demoAt = at;
    const last = data.at > 1 ? [...page.querySelectorAll(".ipt-stage, .ipt-ending")].at(-1) : null;
    const bar = page.querySelector('[data-testid="stBottom"]');
    const room = window.innerHeight - (bar ? bar.offsetHeight : 0) - 12;
    if (last) pane.scrollBy({ top: last.getBoundingClientRect().bottom - room });
    else pane.scrollTo({ top: 0 });
  });
}
"""


def page() -> None:
    """The learner's talk up to the line that was stepped to."""
    st.html(CSS)
    script = state.services().demo
    persona = state.services().personas.get(script.persona)
    learner, talk = _chosen(script)
    at = min(st.session_state.setdefault(f"demo-at-{learner.id}", 1), len(talk.transcript.turns))
    heard = st.session_state.get("demo-heard", True)
    with st.container(key="demo-stage"):
        for turn in talk.transcript.turns[:at]:
            after = talk.transcript.after(turn.n) if turn.n < at and heard else None
            st.html(_staged(turn, after, persona))
    ended = at == len(talk.transcript.turns)
    if ended:
        st.html(f'<div class="ipt-ending"><p><b>{escape(ending(talk.outcome, persona))}</b></p><p>{escape(learner.question)}</p></div>')
    footer(here=routes.DEMO)
    with st.bottom:
        _controls(learner.id, at, ended, persona)
        with st.container(key="demo-focus"):
            _focus_component()(key="demo-focus-next", data={"at": at, "learner": learner.id})


def perform(practice: Practice, script: DemoScript, learner: DemoLearner) -> Session:
    """Play one learner's lines through a practice, to the end of the talk or of the lines.

    Raises SessionStateError if a line is taken for danger: such a line is not for a stage.
    """
    talk = practice.start(script.persona, script.situation, difficulty=script.difficulty, seed=script.seed)
    for line in learner.says:
        answer = practice.take_turn(talk.id, line)
        if answer.reply is None:
            raise SessionStateError(
                f"A line of {learner.name!r} in {script.id}.yaml stops the practice ({answer.danger}). Change that line."
            )
        for _ in answer.reply.pieces:
            pass
        if practice.show(talk.id).outcome is not None:
            break
    return practice.show(talk.id)


def ending(outcome: Outcome | None, persona: Persona) -> str:
    """How the talk ended, for a room."""
    return {
        Outcome.AGREEMENT: f"{persona.name} said yes to what was asked.",
        Outcome.COMPROMISE: "They found a middle way.",
        Outcome.BOUNDARY_HELD: "The no was kept.",
        Outcome.WALKED_OUT: f"{persona.name} walked out.",
        Outcome.CAPITULATED: f"{persona.name} got her way." if persona.pronoun == "she" else f"{persona.name} got all that was ordered.",
    }.get(outcome or Outcome.STOPPED, "Nothing was settled.")


def _chosen(script: DemoScript) -> tuple[DemoLearner, Session]:
    """The learner that is shown, and the talk; each talk is played once in a visit, and stepping only uncovers it."""
    st.title(script.title, anchor=False)
    names = {learner.name: learner for learner in script.learners}
    name = st.segmented_control("Which learner", list(names), default=next(iter(names)), label_visibility="collapsed", key="demo-learner")
    learner = names[name or next(iter(names))]
    kept = f"demo-talk-{learner.id}"
    if kept not in st.session_state:
        with st.spinner("Setting the stage …"):
            st.session_state[kept] = perform(state.services().on_stage(), script, learner)
    talk: Session = st.session_state[kept]
    return learner, talk


def _controls(learner_id: str, at: int, ended: bool, persona: Persona) -> None:
    if st.button("The end" if ended else "Next line", key="demo-next", type="primary", width="stretch", disabled=ended):
        _step_to(learner_id, at + 1)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="demo-bar"):
        if st.button("Back one line", type="tertiary", disabled=at == 1):
            _step_to(learner_id, at - 1)
        if st.button("From the start", type="tertiary", disabled=at == 1):
            _step_to(learner_id, 1)
        st.toggle(f"Show what {persona.pronoun} heard", value=True, key="demo-heard")


def _step_to(learner_id: str, at: int) -> None:
    st.session_state[f"demo-at-{learner_id}"] = at
    st.rerun()


def _staged(turn: Turn, after: Turn | None, persona: Persona) -> str:
    """One line on the stage; beneath a learner's, its style and what the partner heard in it."""
    who = "The learner" if turn.speaker is Speaker.LEARNER else persona.name
    read = ""
    if turn.reading:
        heard = f"; {persona.name} heard: {after.move.heard}" if after and after.move and after.move.heard else ""
        read = f'<p class="ipt-read">{escape(look.STYLE_WORDS[turn.reading.style] + heard)}</p>'
    side = " ipt-mine" if turn.speaker is Speaker.LEARNER else ""
    return f'<div class="ipt-stage{side}"><p class="ipt-name">{escape(who)}</p><p>{look.said(turn.text)}</p>{read}</div>'


@st.cache_resource
def _focus_component():  # type: ignore[no-untyped-def]
    return st.components.v2.component("ipt_demo_focus", js=_FOCUS)
