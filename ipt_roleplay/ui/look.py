"""How things look, with look.css: the talk's bubbles, small print, quotes. Everything a person or a partner wrote is shown as text, never as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from ipt_roleplay.coach.phrases import NOT_ENGLISH
from ipt_roleplay.domain import Outcome, Reading, Signal, SignalSpan, Speaker, Style, Turn
from ipt_roleplay.text import Span

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

CSS = f"<style>{Path(__file__).with_name('look.css').read_text(encoding='utf-8')}</style>"


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


def quote(text: str, below: str = "", label: str = "") -> None:
    """Something to say, or that was said; `below`, as HTML that is safe, is what is said about it."""
    above = f'<p class="ipt-label">{escape(label)}</p>' if label else ""
    st.html(f'{above}<blockquote class="ipt-quote">{said(text)}</blockquote>{below}')


def prose(*paragraphs: str, kind: str = "small") -> None:
    """Plain text; `kind` is "small" or "label"."""
    st.html("".join(f'<p class="ipt-{kind}">{escape(text)}</p>' for text in paragraphs))


def marked(text: str, spans: Sequence[Span]) -> None:
    """Plain paragraphs with some words marked."""
    html, at = "", 0
    for span in spans:
        html += f"{escape(text[at : span.start])}<mark>{escape(text[span.start : span.end])}</mark>"
        at = span.end
    paragraphs = (html + escape(text[at:])).split("\n\n")
    st.html("".join(f'<p class="ipt-small">{paragraph}</p>' for paragraph in paragraphs))


def listed(label: str, items: Sequence[str]) -> None:
    """A short label with plain items under it."""
    rows = "".join(f"<li>{escape(item)}</li>" for item in items)
    st.html(f'<p class="ipt-label">{escape(label)}</p><div class="ipt-small"><ul>{rows}</ul></div>')


def leap(label: str, anchor: str) -> None:
    """A wide button that leads to a place further down the same page."""
    st.html(f'<a class="ipt-button" href="#{escape(anchor)}">{escape(label)}</a>')


def told(label: str, text: str) -> None:
    """A short label with a plain paragraph under it."""
    st.html(f'<p class="ipt-label">{escape(label)}</p><p class="ipt-small">{escape(text)}</p>')


def _marks(reading: Reading) -> str:
    names = ", ".join(SIGNAL_WORDS[signal] for signal in reading.names)
    guessed = f"<br>{escape(NOT_ENGLISH)}" if reading.language else ""
    return f"<b>{STYLE_WORDS[reading.style]}</b>{': ' + names if names else ''}{guessed}"


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
