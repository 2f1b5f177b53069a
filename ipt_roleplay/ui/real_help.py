"""`I need real help`: the card, opened by the person."""

from __future__ import annotations

from ipt_roleplay.ui import card, routes
from ipt_roleplay.ui.footer import footer


def page() -> None:
    """Whom to call, now."""
    card.draw(None)
    footer(here=routes.HELP)
