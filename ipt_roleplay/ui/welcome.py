"""The first visit: what this is, what it is not, who to call, and whether talks are kept. Later: that choice again, and what leaves this computer."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.storage.saving import KEEP_DAYS, SavingChoice
from ipt_roleplay.ui import leaving, look, routes, state
from ipt_roleplay.ui.footer import footer

OFF = "Stay off the record"
DAYS = {f"Keep them for {number} days": number for number in KEEP_DAYS} | {"Keep them until I delete them": None}


def page() -> None:
    """Ask about saving; without a choice nothing begins. Who comes back finds the choice of before and may change it."""
    before = state.saving()
    if before is None:
        _welcome()
        st.header("Should your talks be kept?", anchor=False)
    else:
        st.title("Settings", anchor=False)
        st.header("Should your talks be kept?", anchor=False)
    wanted = st.radio("Your talks", [OFF, *DAYS], index=_chosen(before), label_visibility="collapsed", key="saving-choice")
    look.prose(_meaning(wanted))
    if st.button("Go on", type="primary", disabled=wanted is None, width="stretch") and wanted:
        state.choose_saving(SavingChoice(keep=wanted != OFF, days=DAYS.get(wanted)))
        routes.go(routes.HOME)
    if before is not None:
        leaving.overview()
        footer(here=routes.WELCOME)


def _welcome() -> None:
    st.title("Rehearse a hard talk before you have it", anchor=False)
    where = state.services().leaving
    stays = where.sentence if where.stays else "Nothing leaves this computer unless you say yes to it before a talk."
    st.markdown(
        "Here you practise with a made-up person who pushes back. Afterwards you look at the talk line by line.\n\n"
        "- **This is practice, not therapy.** It knows nothing about you and cannot judge your life.\n"
        f"- **{stays}** {where.more}\n"
        "- **You can stop at any time.** Stopping is not failing."
    )
    with st.container(border=True, key="tight-help"):
        look.prose("In danger, or thinking of hurting yourself? This is software. A person can help you now.")
        routes.link(routes.HELP, "Who to call")


def _chosen(before: SavingChoice | None) -> int | None:
    """Where the choice of before stands in the list; None if there is none, or none of these."""
    if before is None:
        return None
    days = list(DAYS.values())
    return 0 if not before.keep else 1 + days.index(before.days) if before.days in days else None


def _meaning(wanted: str | None) -> str:
    if wanted is None:
        return "Choose one to go on. You can change it later."
    if wanted == OFF:
        return "Off the record: nothing is written to disk. When you close or reload the page, the talk is gone."
    return "Kept: every line is saved on this computer as soon as you send it. Anyone who uses this computer account could read it. You can delete it at any time."
