"""The first visit: what this is, what it is not, who to call, and whether talks are kept."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.storage.saving import KEEP_DAYS, SavingChoice
from ipt_roleplay.ui import look, routes, state


def page() -> None:
    """Ask once about saving; without a choice nothing begins."""
    st.title("Rehearse a hard talk before you have it", anchor=False)
    leaving = state.services().leaving
    st.markdown(
        "Here you practise with a made-up person who pushes back. Afterwards you look at the talk line by line.\n\n"
        "- **This is practice, not therapy.** It knows nothing about you and cannot judge your life.\n"
        f"- **{leaving.sentence}** {leaving.more}\n"
        "- **You can stop at any time.** Stopping is not failing."
    )
    st.info("In danger, or thinking of hurting yourself? This is software. A person can help you now.")
    routes.link(routes.HELP, "Who to call")
    st.subheader("Should your talks be kept?", anchor=False)
    days = {f"Keep them for {number} days": number for number in KEEP_DAYS} | {"Keep them until I delete them": None}
    off = "Stay off the record"
    wanted = st.radio("Your talks", [off, *days], index=None, label_visibility="collapsed", key="saving-choice")
    if wanted == off:
        look.prose("Off the record: nothing is written to disk. When you close or reload the page, the talk is gone.")
    elif wanted:
        look.prose(
            "Kept: every line is saved on this computer as soon as you send it. Anyone who uses this computer account could read it. You can delete it at any time."
        )
    if st.button("Go on", type="primary", disabled=wanted is None, width="stretch") and wanted:
        state.choose_saving(SavingChoice(keep=wanted != off, days=days.get(wanted)))
        routes.go(routes.HOME)
