"""`I need real help`: the card, opened by the person."""

from __future__ import annotations

from ipt_roleplay.ui import card, routes, state
from ipt_roleplay.ui.footer import footer


def page() -> None:
    """Whom to call, now; the address names the talk that one came from, if any."""
    card.draw(None)
    if talk := state.asked_for("id"):
        routes.link(routes.TALK, "Back to the talk", id=talk)
    footer(here=routes.HELP)
