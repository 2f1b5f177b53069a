"""The safety card, drawn the same way wherever it appears."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from ipt_roleplay.domain import Danger
from ipt_roleplay.safety import Helpline, SafetyCard, safety_card
from ipt_roleplay.safety.helplines import CountryHelp
from ipt_roleplay.ui import state

_NUMBER_TO_CALL = re.compile(r"(?P<before>\bcall or text |\bcall |\bor )(?P<number>\d[\d -]*\d)(?![\w.-])")


_IN_VIEW = """
const shown = new WeakSet();
export default function ({ parentElement }) {
  const page = parentElement.ownerDocument ?? document;
  const pane = page.querySelector('[data-testid="stMain"]') ?? page.scrollingElement;
  const head = page.querySelector(".st-key-card-head h1");
  if (!head || shown.has(head)) return;
  shown.add(head);
  head.tabIndex = -1;
  let frames = 300, after = 12; // the talk that stood here goes a moment later and would take the view along
  const show = () => {
    if (!head.isConnected || !frames--) return;
    head.focus({ preventScroll: true });
    pane.scrollTo({ top: 0 });
    if (page.querySelector(".st-key-talk-log") || after--) requestAnimationFrame(show);
  };
  show();
}
"""


def draw(danger: Danger | None) -> None:
    """The card: what was noticed, one question, what to do now, whom to call; a choice of country below, or first where it is not known."""
    locale = st.session_state.get("country") or state.services().settings.locale
    card = safety_card(danger, locale)
    with st.container(key="card-head"):
        st.title(card.noticed, anchor=False)
    st.markdown(f"**{card.question}**")
    st.markdown(card.now)
    above = st.container() if card.country else None
    picked = _country(card)
    if picked and picked != locale:
        st.session_state.country = picked
        card = safety_card(danger, picked)
    with st.container() if above is None else above:
        whom_to_call(card.country, card.lines, card.countries)
    st.markdown("In other countries: " + "; ".join(f"{line.name}, {line.contact}" for line in card.directories))
    st.markdown(card.someone)
    st.markdown(card.software)
    if card.country:
        _sources(card.country, card.lines)
    if danger:
        with st.container(key="live-card"):
            _in_view_component()(key="card-in-view")


def whom_to_call(country: CountryHelp | None, lines: tuple[Helpline, ...], countries: tuple[CountryHelp, ...]) -> None:
    """The lines of a country, or of every country where it is not known."""
    if country:
        _lines(country, lines)
    else:
        _every_country(countries)


def _country(card: SafetyCard) -> str | None:
    """The country that is chosen, if any."""
    names = {country.code: country.name for country in card.countries}
    return st.selectbox(
        "Where are you?",
        list(names),
        index=list(names).index(card.country.code) if card.country else None,
        format_func=names.__getitem__,
        placeholder="Choose your country",
    )


def _every_country(countries: tuple[CountryHelp, ...]) -> None:
    """Where the country is not known, every country at once: nobody should have to choose first."""
    rows = []
    for country in countries:
        first = next((f"; {escape(line.name)}: {to_call(line.contact)}" for line in country.lines if line.kind == "suicide_crisis"), "")
        rows.append(f"<li><b>{escape(country.name)}</b>: emergency {_emergency(country)}{first}</li>")
    st.html(f'<div class="ipt-small ipt-help"><ul>{"".join(rows)}</ul></div>')


def _lines(country: CountryHelp, lines: tuple[Helpline, ...]) -> None:
    rows = [f'<p class="ipt-emergency">Emergency in {escape(country.name)}: {_emergency(country)}</p>']
    for line in lines:
        hours = f" ({escape(line.hours)})" if line.hours else ""
        rows.append(f"<p><b>{escape(line.name)}</b>: {to_call(line.contact)}{hours}</p>")
    st.html(f'<div class="ipt-help">{"".join(rows)}</div>')


def _sources(country: CountryHelp, lines: tuple[Helpline, ...]) -> None:
    """Where the numbers come from: folded away, as nobody in danger should have to read past it."""
    rows = "".join(f"<li>{escape(line.name)}: read {line.read} at {escape(line.source)}</li>" for line in lines)
    st.html(f'<details class="ipt-source ipt-help"><summary>Where these numbers come from</summary><ul>{rows}</ul></details>')


def to_call(contact: str) -> str:
    """A contact as HTML; numbers that are to be called are links, so that a phone dials them."""
    return _NUMBER_TO_CALL.sub(lambda found: found["before"] + _dial(found["number"]), escape(contact))


def _emergency(country: CountryHelp) -> str:
    return re.sub(r"\d+", lambda found: _dial(found[0]), escape(country.emergency))


def _dial(number: str) -> str:
    return f'<a href="tel:{re.sub("[ -]", "", number)}">{number}</a>'


@st.cache_resource
def _in_view_component():  # type: ignore[no-untyped-def]
    """Where words bring the card, its head comes into view and is read out: the box that one was writing in is gone."""
    return st.components.v2.component("ipt_card_in_view", js=_IN_VIEW)
