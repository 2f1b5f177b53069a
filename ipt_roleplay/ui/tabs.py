"""The same talk open in two tabs: from one that fell behind nothing is done, and it says so."""

from __future__ import annotations

import streamlit as st

from ipt_roleplay.domain import Persona, Session
from ipt_roleplay.ui import unsent

WENT_ON = "This talk went on in another tab. Here it is as it stands now; nothing was done from this tab."
IN_THE_BOX = "Your words are in the box again: change them if they no longer fit, and send them."


class Tab:
    """How many turns of a talk this tab has on its page, and whether the talk is somewhere else.

    `speaking`: the partner is speaking just now, to another tab.
    """

    def __init__(self, session: Session, *, speaking: bool) -> None:
        # A plain dict, kept from run to run: storing into Streamlit's own state could end the run before it is noted what was taken.
        self._shown: dict[str, int] = st.session_state.setdefault("turns-shown", {})
        self._id, self.speaking = session.id, speaking
        self.turns = len(session.transcript.turns)
        self._behind = self.turns > self._shown.get(session.id, self.turns)
        self.shows(self.turns)

    def shows(self, turns: int) -> None:
        """There are `turns` on the page now."""
        self.turns = self._shown[self._id] = turns

    def refuse_if_elsewhere(self, persona: Persona, words: str | None) -> None:
        """Give back what was meant to be said or done here, where the learner did not see how the talk stands; ends the run then."""
        if not (self._behind or self.speaking):
            return
        why = WENT_ON if self._behind else f"{persona.name} is still speaking; nothing was done from this tab."
        unsent.give_back(self._id, f"{why} {IN_THE_BOX}" if words else why, words)
