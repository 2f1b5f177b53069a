"""What leaves this computer: asked before a talk, and shown, changed and taken back among the settings."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.storage.consent import Consent
from ipt_roleplay.ui import look, state

LONGEST_NAMES = 400
REPLACED = "On the way out another name stands for each of them, on the way in yours comes back. Telephone numbers and mail addresses are replaced by themselves."


def ask(name: str) -> Consent | None:
    """Where a model elsewhere is chosen: what would go where, whether it may, and which names stay here. None where nothing would leave."""
    leaving = state.services().leaving
    if leaving.stays:
        return None
    before = state.consent()
    st.header(f"May your words go to {leaving.to}?", anchor=False)
    look.prose(
        f"{leaving.more} What goes there: the scene, your lines and {name}'s. What does not: your aim, how you are, the coach's view and other talks. "
        f"Without your yes {name} speaks from written lines, and nothing is sent."
    )
    may = st.checkbox(f"Yes, my words in this talk and later ones may go to {leaving.to}", value=leaving.to in before.to)
    if low := state.services().running_low():
        look.prose(low)
    private = _names(before.private) if may else before.private
    return Consent(before.to | {leaving.to} if may else before.to - {leaving.to}, private)


def overview() -> None:
    """Where words go now, to whom one said yes, which names stay here, and what was used today."""
    leaving, given = state.services().leaving, state.consent()
    st.header("Where your words go", anchor=False)
    if leaving.stays or leaving.to in given.to:
        look.prose(f"{leaving.sentence} {leaving.more}")
    else:
        look.prose(
            f"Nothing leaves this computer: a model at {leaving.to} is chosen, but you have not said yes to it, so written lines are used. You are asked before each talk."
        )
    for to in sorted(given.to):
        if st.button(f"Take back my yes to {to}", key=f"take-back-{to}"):
            state.agree(Consent(given.to - {to}, given.private))
            st.rerun()
    if leaving.stays and not given.to:
        return
    private = _names(given.private)
    if st.button("Keep these names here", disabled=private == given.private):
        state.agree(Consent(given.to, private))
        st.rerun()
    if used := state.services().used_today():
        look.prose(used)


def _names(before: tuple[str, ...]) -> tuple[str, ...]:
    written = st.text_input("Names that stay here (between commas)", value=", ".join(before), max_chars=LONGEST_NAMES, help=REPLACED)
    return tuple(dict.fromkeys(word.strip() for word in written.split(",") if word.strip()))
