"""What one visit remembers: the services, whose visit it is, the choice about saving, and which practice the talks belong to."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace

import streamlit as st

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.bootstrap import services as make_services
from ipt_roleplay.domain import Situation
from ipt_roleplay.errors import PracticeError, SessionStateError
from ipt_roleplay.serving.seal import seal
from ipt_roleplay.session import Practice
from ipt_roleplay.storage.consent import Consent
from ipt_roleplay.storage.saving import SavingChoice

WARM_UP_AFTER = 1.0
"""Seconds that the first page gets for itself before models and notes are loaded beside it."""


@st.cache_resource(show_spinner="Getting the room ready …")
def services() -> Services:
    """One for all visits: the models and the notes index are loaded once."""
    made = make_services()
    warming = threading.Timer(WARM_UP_AFTER, _warm_up, args=(made,))
    warming.daemon = True
    warming.start()
    return made


def _warm_up(made: Services) -> None:
    """Load models and notes while the first pages are read, and forget the talks whose days are over; what fails here is said where it is needed."""
    for step in (made.warm_up, made.notes.prepare, made.forget_expired):
        with contextlib.suppress(PracticeError):
            step()


def owner() -> str:
    """Whose visit this is, by the cookie of the browser. Raises SessionStateError where there is none."""
    found = seal(services().settings.data_dir).owner(st.context.cookies)
    if found is None:
        raise SessionStateError(
            "This page was not opened by the app's own address. Start it with `ipt-roleplay app` and open what it prints."
        )
    return found


def get_ready(situation: Situation) -> None:
    """Let the partner get ready for a situation while the learner reads about it."""
    if st.session_state.get("ready-for") != situation.id:
        st.session_state["ready-for"] = situation.id
        threading.Thread(target=services().authored.get_ready, args=(situation,), daemon=True).start()


def saving() -> SavingChoice | None:
    """What the learner chose about saving, in this visit or (to keep) an earlier one."""
    if "saving" not in st.session_state:
        st.session_state.saving = services().saving.read(owner())
    choice: SavingChoice | None = st.session_state.saving
    return choice


def choose_saving(choice: SavingChoice) -> None:
    """Remember the choice for this visit; to keep, for later ones too, and for the talks that are there."""
    services().saving.write(owner(), choice)
    st.session_state.saving = choice
    if choice.keep:
        practice().keep_for(choice.days)


def consent() -> Consent:
    """What this visit agreed to about words that leave this computer; off the record it is forgotten with the visit."""
    choice = saving()
    if choice and choice.keep:
        return services().consent.read(owner())
    found: Consent = st.session_state.get("consent", Consent())
    return found


def agree(given: Consent) -> None:
    """Remember it for this visit; where talks are kept, for later ones too. Talks off the record go on with it."""
    if given == consent():
        return
    choice = saving()
    if choice and choice.keep:
        services().consent.write(owner(), given)
    st.session_state.consent = given
    if "off_the_record" in st.session_state:
        st.session_state.off_the_record = replace(practice(), partner=services().partner_for(given))


def practice() -> Practice:
    """The practice of this visit: this browser's talks on this computer, or this visit's memory only."""
    choice = saving()
    if choice and choice.keep:
        return services().kept_for(owner(), choice.days)
    if "off_the_record" not in st.session_state:
        st.session_state.off_the_record = services().off_the_record(consent())
    made: Practice = st.session_state.off_the_record
    return made


def asked_for(name: str) -> str | None:
    """A value of the page's address, or None."""
    return st.query_params.get(name)
