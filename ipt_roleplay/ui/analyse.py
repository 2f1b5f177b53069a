"""For trainees: code the encounter "before" line by line, then see the reference with its reasons. Answers stay in this visit."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ipt_roleplay.coding import Agreement, Coding, Comparison, Exercise, agreement, compare
from ipt_roleplay.domain import Signal, Style, Turn
from ipt_roleplay.ui import look, routes, state
from ipt_roleplay.ui.footer import footer

_AT, _OWN = "analyse-at", "analyse-own"
LEARNER = "The learner"

_TOP = """
export default function ({ parentElement, data }) {
  const page = parentElement.ownerDocument ?? document;
  const pane = page.querySelector('[data-testid="stMain"]') ?? page.scrollingElement;
  const at = String(data.at);
  const before = pane.dataset.analyseAt ?? at;
  pane.dataset.analyseAt = at;
  if (before === at) return;
  pane.scrollTo({ top: 0 });
  requestAnimationFrame(() => {
    const line = page.querySelector(".st-key-analyse-line") ?? page.querySelector("h1");
    if (!line) return;
    line.tabIndex = -1;
    line.focus({ preventScroll: true });
  });
}
"""


def page() -> None:
    """One learner line at a time; behind the last one, the reference."""
    exercise = state.services().exercise
    at, own = st.session_state.setdefault(_AT, 0), st.session_state.setdefault(_OWN, {})
    st.title(f"Analyse: {exercise.title[0].lower()}{exercise.title[1:]}", anchor=False)
    if at < len(exercise.to_code):
        _code(exercise, at, own)
    else:
        _reference(exercise, own)
    footer(here=routes.ANALYSE)
    with st.container(key="live"):
        _top_component()(key="analyse-top", data={"at": at})


def _code(exercise: Exercise, at: int, own: dict[int, Coding]) -> None:
    turn, count = exercise.to_code[at], len(exercise.to_code)
    with st.container(key="analyse-scene"):  # each part keeps its place on the page, so that none is there twice while it changes
        if at == 0:
            look.prose(exercise.scene, exercise.aim, "Nothing you choose here is kept: reloading the page begins anew.")
    with st.container(key="analyse-line"):
        look.prose(f"{at + 1} of {count}", kind="label")
    before = exercise.transcript.before(turn.n)
    shown = [*([before] if before else []), turn]
    st.html("".join(look.bubble(one.speaker, exercise.partner, one.text, me=LEARNER) for one in shown))
    coding = _chosen(exercise, turn, own.get(turn.n))
    if coding:
        own[turn.n] = coding
    with st.container(key="analyse-missing"):
        if coding is None:
            look.prose("Choose a style to go on. Naming no signal is an answer too.")
    with st.container(horizontal=True, key="steps"):
        if st.button("Back", key="analyse-back", width="stretch", disabled=at == 0):
            _turn_to(at - 1)
        last = at + 1 == count
        if st.button("See the reference" if last else "Next", key="analyse-next", type="primary", width="stretch", disabled=coding is None):
            _turn_to(at + 1)


def _chosen(exercise: Exercise, turn: Turn, before: Coding | None) -> Coding | None:
    """What is chosen for a turn; a coding made before is shown again."""
    style_key, signals_key = f"analyse-style-{turn.n}", f"analyse-signals-{turn.n}"
    if before:
        st.session_state.setdefault(style_key, before.style)
        st.session_state.setdefault(signals_key, [signal for signal in Signal if signal in before.signals])
    style: Style | None = st.radio(
        f"What does this line leave {exercise.partner} with?",
        list(look.STYLE_WORDS),
        index=None,
        format_func=look.STYLE_WORDS.__getitem__,
        key=style_key,
    )
    signals = st.pills(
        "What does it do? (any number, or none)",
        list(look.SIGNAL_WORDS),
        selection_mode="multi",
        format_func=look.SIGNAL_WORDS.__getitem__,
        key=signals_key,
    )
    return Coding(style, frozenset(signals)) if style else None


def _turn_to(at: int) -> None:
    st.session_state[_AT] = at
    st.rerun()


def _reference(exercise: Exercise, own: dict[int, Coding]) -> None:
    comparisons = compare(exercise, own)
    st.header(_styles(agreement(comparisons)), anchor=False)
    look.prose(
        _signals(agreement(comparisons)),
        "The reference is one careful reading, with its reason. Where yours differs, ask what each of you heard in the words.",
    )
    for number, one in enumerate(comparisons, start=1):
        _compared(exercise, one, number)
    st.html(look.bubble(exercise.transcript.turns[-1].speaker, exercise.partner, exercise.transcript.turns[-1].text))
    with st.container(horizontal=True, key="steps"):
        if st.button("Back to the last line", key="analyse-back", width="stretch"):
            _turn_to(len(exercise.to_code) - 1)
        if st.button("Start again", key="analyse-again", type="primary", width="stretch"):
            st.session_state[_OWN] = {}
            _turn_to(0)


def _compared(exercise: Exercise, one: Comparison, number: int) -> None:
    """One turn: the reference with its words underlined, the trainee's own, what agrees, and the reason."""
    turn, before = exercise.transcript.turn(one.n), exercise.transcript.before(one.n)
    with st.container(border=True, key=f"tight-{one.n}"):
        look.prose(f"{number} of {len(exercise.to_code)}", kind="label")
        if before:
            st.html(look.bubble(before.speaker, exercise.partner, before.text))
        st.html(look.annotated(turn, exercise.partner, LEARNER))
        if one.own is None:
            look.prose("You left this one out.")
        else:
            look.told("You chose", _words(one.own))
            look.told("Side by side", _side_by_side(one))
        look.told("Why", exercise.reasons[one.n])


def _words(coding: Coding) -> str:
    names = _listed([signal for signal in Signal if signal in coding.signals])
    return f"{look.STYLE_WORDS[coding.style]}{': ' + names if names else ', no signal'}"


def _side_by_side(one: Comparison) -> str:
    parts = ["You agree on the style." if one.style_agrees else f"The reference says {look.STYLE_WORDS[one.reference.style]}."]
    parts += [
        f"{label}: {_listed(signals)}."
        for label, signals in (("Both name", one.found), ("Only the reference", one.missed), ("Only you", one.added))
        if signals
    ]
    return " ".join(parts)


def _listed(signals: Sequence[Signal]) -> str:
    return ", ".join(look.SIGNAL_WORDS[signal] for signal in signals)


def _styles(counts: Agreement) -> str:
    return f"You and the reference agree on {counts.styles_agreed} of {counts.coded} styles."


def _signals(counts: Agreement) -> str:
    named = counts.signals_found + counts.signals_missed
    more = f" You named {counts.signals_added} more that it does not." if counts.signals_added else ""
    return f"Of the {named} signals that the reference names, you found {counts.signals_found}.{more}"


@st.cache_resource
def _top_component():  # type: ignore[no-untyped-def]
    """Brings the next line into view and puts the keyboard there: Streamlit would stay where the button was, which is off until a style is chosen."""
    return st.components.v2.component("ipt_analyse_top", js=_TOP)
