"""The rule list that a trained reading is measured against: the first reader's patterns for signals, and the style that follows from them."""

from __future__ import annotations

from collections.abc import Iterable

from ipt_roleplay.analysis.signals import signals_of
from ipt_roleplay.domain import Signal, Style

__all__ = ("signals_of", "style_of")

_STYLES = (
    (Style.PASSIVE_AGGRESSIVE, (Signal.SARCASM,)),
    (Style.AGGRESSIVE, (Signal.THREAT, Signal.YOU_BLAME, Signal.ASSUMED_MOTIVE)),
    (Style.PASSIVE, (Signal.CAPITULATION, Signal.SILENCE, Signal.OVER_APOLOGY)),
    (
        Style.ASSERTIVE,
        (
            Signal.REFUSAL,
            Signal.CLEAR_REQUEST,
            Signal.BOUNDARY,
            Signal.COMPROMISE_OFFER,
            Signal.VALIDATION,
            Signal.CHECKED_UNDERSTANDING,
            Signal.I_STATEMENT,
            Signal.REINFORCEMENT,
        ),
    ),
    (Style.PASSIVE_AGGRESSIVE, (Signal.INDIRECT_HINT, Signal.ASSUMED_UNDERSTOOD)),
    (Style.PASSIVE, (Signal.HEDGING, Signal.JUSTIFICATION)),
)
"""The first row whose signal is there decides."""


def style_of(signals: Iterable[Signal]) -> Style:
    """The style that a rule would give; assertive, the most frequent one, where no rule speaks."""
    present = set(signals)
    return next((style for style, deciding in _STYLES if present.intersection(deciding)), Style.ASSERTIVE)
