"""The safety card, drawn the same way wherever it appears."""

from __future__ import annotations

from html import escape

import streamlit as st

from ipt_roleplay.domain import Danger
from ipt_roleplay.safety import Helpline, safety_card
from ipt_roleplay.safety.helplines import CountryHelp
from ipt_roleplay.ui import state


def draw(danger: Danger | None) -> None:
    """The card: what was noticed, one question, what to do now, whom to call; a choice of country where it is not known."""
    locale = st.session_state.get("country") or state.services().settings.locale
    card = safety_card(danger, locale)
    st.subheader(card.noticed, anchor=False)
    st.markdown(f"**{card.question}**")
    st.markdown(card.now)
    codes = [country.code for country in card.countries]
    names = {country.code: country.name for country in card.countries}
    picked = st.selectbox(
        "Where are you?",
        codes,
        index=codes.index(card.country.code) if card.country else None,
        format_func=lambda code: names[code],
        placeholder="Choose your country",
    )
    if picked and picked != locale:
        st.session_state.country = picked
        card = safety_card(danger, picked)
    if card.country:
        _lines(card.country, card.lines)
    else:
        _every_country(card.countries)
    for line in card.directories:
        st.markdown(f"In other countries: {line.name}, {line.contact}")
    st.markdown(card.someone)
    st.markdown(card.software)


def _every_country(countries: tuple[CountryHelp, ...]) -> None:
    """Where the country is not known, every country at once: nobody should have to choose first."""
    rows = []
    for country in countries:
        first = next((f"; {line.name}: {line.contact}" for line in country.lines if line.kind == "suicide_crisis"), "")
        rows.append(f"<li><b>{escape(country.name)}</b>: emergency {escape(country.emergency)}{escape(first)}</li>")
    st.html(f'<div class="ipt-small ipt-help"><ul>{"".join(rows)}</ul></div>')


def _lines(country: CountryHelp, lines: tuple[Helpline, ...]) -> None:
    rows = [f"<p><b>Emergency in {escape(country.name)}: {escape(country.emergency)}</b></p>"]
    for line in lines:
        hours = f" ({escape(line.hours)})" if line.hours else ""
        rows.append(
            f'<p><b>{escape(line.name)}</b>: {escape(line.contact)}{hours}<br><span class="ipt-source">read {line.read} at {escape(line.source)}</span></p>'
        )
    st.html(f'<div class="ipt-help">{"".join(rows)}</div>')
