"""How things look: the talk's bubbles, small print, quotes. Everything a person or a partner wrote is shown as text, never as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from ipt_roleplay.domain import Outcome, Reading, Signal, SignalSpan, Speaker, Style, Turn

STYLE_WORDS = {
    Style.ASSERTIVE: "assertive",
    Style.PASSIVE: "passive",
    Style.AGGRESSIVE: "aggressive",
    Style.PASSIVE_AGGRESSIVE: "passive-aggressive",
}
SIGNAL_WORDS = {
    Signal.I_STATEMENT: "I-statement",
    Signal.YOU_BLAME: "blame",
    Signal.CLEAR_REQUEST: "clear request",
    Signal.REFUSAL: "a no",
    Signal.BOUNDARY: "boundary",
    Signal.THREAT: "threat",
    Signal.VALIDATION: "saw the other side",
    Signal.HEDGING: "hedging",
    Signal.OVER_APOLOGY: "over-apology",
    Signal.JUSTIFICATION: "reasons",
    Signal.QUESTION_OPEN: "open question",
    Signal.COMPROMISE_OFFER: "offer of a middle way",
    Signal.REINFORCEMENT: "what is in it for them",
    Signal.CAPITULATION: "gave in",
    Signal.SARCASM: "sarcasm",
    Signal.FEELING_NAMED: "feeling named",
    Signal.INDIRECT_HINT: "hint",
    Signal.SILENCE: "silence",
    Signal.ASSUMED_UNDERSTOOD: "took it as understood",
    Signal.ASSUMED_MOTIVE: "guessed a motive",
    Signal.INTERRUPTION: "interruption",
    Signal.CHECKED_UNDERSTANDING: "checked understanding",
    Signal.BAD_MOMENT: "bad moment",
}
OUTCOME_WORDS = {
    None: "open",
    Outcome.AGREEMENT: "they agreed",
    Outcome.COMPROMISE: "a middle way",
    Outcome.BOUNDARY_HELD: "you kept your no",
    Outcome.IMPASSE: "nothing settled",
    Outcome.WALKED_OUT: "they walked out",
    Outcome.CAPITULATED: "they got their way",
    Outcome.STOPPED: "stopped",
}

CSS = """
<style>
.block-container, [data-testid="stMainBlockContainer"] { max-width: 46rem; padding: 2.2rem 1rem 6rem; }
[data-testid="stHeader"] { background: transparent; height: 2rem; }
.ipt-turn { margin: .35rem 0; display: flex; }
.ipt-turn p { margin: 0; padding: .55rem .85rem; border-radius: 1rem; max-width: 85%; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
.ipt-partner p { background: color-mix(in srgb, currentColor 8%, transparent); border-bottom-left-radius: .25rem; }
.ipt-learner { justify-content: flex-end; }
.ipt-learner p { background: color-mix(in srgb, #1f6f68 24%, transparent); border-bottom-right-radius: .25rem; }
.ipt-turn em, .ipt-quote em { opacity: .86; }
::highlight(ipt-unsaid) { color: transparent; }
.ipt-who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.ipt-small { font-size: .92rem; line-height: 1.5; margin: 0 0 .4rem; }
.ipt-label { font-size: .85rem; letter-spacing: .01em; margin: .1rem 0 .15rem; font-weight: 600; }
.ipt-quote { border-left: 3px solid #3d8f86; margin: .2rem 0 .5rem; padding: .1rem 0 .1rem .8rem; font-size: 1.08rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.ipt-marks { font-size: .85rem; margin: .1rem .4rem .6rem; text-align: right; }
.ipt-note { font-size: .85rem; margin: -.1rem .4rem .4rem; }
.ipt-marks b { font-weight: 600; }
.ipt-turn mark { background: none; color: inherit; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; text-decoration-color: #3d8f86; }
.ipt-turn:target p { outline: 3px solid #3d8f86; outline-offset: 2px; }
.ipt-turn[id] { scroll-margin-top: 4rem; }
.ipt-help { overflow-wrap: anywhere; }
.ipt-small a { color: inherit; text-underline-offset: 3px; }
.ipt-small ul { margin: .2rem 0 0; padding-left: 1.2rem; }
.ipt-small li { margin: .15rem 0; }
.ipt-source { font-size: .85rem; }
[class*="st-key-tight"], .st-key-talk-log { gap: .35rem; }
[data-testid="stButtonGroup"] button[data-selected="true"] { color: inherit !important; font-weight: 600; }
.st-key-live { height: 0; overflow: hidden; margin: -1rem 0 0; }
@media (max-width: 640px) { .ipt-turn p { max-width: 92%; } [data-testid="stMainBlockContainer"] { padding-top: 1.6rem; } h1 { font-size: 1.7rem !important; } }
</style>
"""


def apply() -> None:
    """Put the style sheet on the page."""
    st.html(CSS)


def said(text: str, spans: Sequence[SignalSpan] = ()) -> str:
    """A turn's text as safe HTML: body parts in italics, the words that show a signal underlined."""
    marked = _marked(text, spans)
    return re.sub(r"\*([^*\n]{1,200})\*", r"<em>\1</em>", marked)


def bubble(speaker: Speaker, name: str, text: str, anchor: str = "", spans: Sequence[SignalSpan] = (), me: str = "You") -> str:
    """One turn as a bubble; a screen reader hears who speaks (`me`: the learner)."""
    who = me if speaker is Speaker.LEARNER else name
    identity = f' id="{escape(anchor)}"' if anchor else ""
    return f'<div class="ipt-turn ipt-{speaker}"{identity}><p><span class="ipt-who">{escape(who)}: </span>{said(text, spans)}</p></div>'


def unfinished(html: str) -> str:
    """Something that is still being said: seen, and not yet read out."""
    return f'<div aria-hidden="true">{html}</div>'


def note(text: str) -> str:
    """Small print under a bubble."""
    return f'<p class="ipt-note">{escape(text)}</p>'


def annotated(turn: Turn, name: str, me: str = "You") -> str:
    """A turn with the words that show its signals, and beneath it what was read in it."""
    spans = turn.reading.signals if turn.reading else ()
    shown = bubble(turn.speaker, name, turn.text, f"turn-{turn.n}", spans, me)
    return shown + (f'<p class="ipt-marks">{_marks(turn.reading)}</p>' if turn.reading else "")


def quote(text: str) -> None:
    """A quote from the talk."""
    st.html(f'<blockquote class="ipt-quote">{said(text)}</blockquote>')


def prose(text: str, kind: str = "small") -> None:
    """A paragraph of plain text; `kind` is "small" or "label"."""
    st.html(f'<p class="ipt-{kind}">{escape(text)}</p>')


def listed(label: str, items: Sequence[str]) -> None:
    """A short label with plain items under it."""
    rows = "".join(f"<li>{escape(item)}</li>" for item in items)
    st.html(f'<p class="ipt-label">{escape(label)}</p><div class="ipt-small"><ul>{rows}</ul></div>')


def told(label: str, text: str) -> None:
    """A short label with a plain paragraph under it."""
    st.html(f'<p class="ipt-label">{escape(label)}</p><p class="ipt-small">{escape(text)}</p>')


def _marks(reading: Reading) -> str:
    names = ", ".join(SIGNAL_WORDS[signal] for signal in reading.names)
    return f"<b>{STYLE_WORDS[reading.style]}</b>{': ' + names if names else ''}"


def _marked(text: str, spans: Sequence[SignalSpan]) -> str:
    """Escaped text with spans wrapped in <mark>; overlapping spans become one."""
    merged: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: span.start):
        if span.signal is Signal.SILENCE:
            continue
        if merged and span.start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], span.end)
        else:
            merged.append((span.start, span.end))
    out, position = [], 0
    for start, end in merged:
        out += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
        position = end
    return "".join([*out, escape(text[position:])])
