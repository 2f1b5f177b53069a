"""What is screened on the way in, and what is shown then.

`screen.py` finds danger in a learner's words; `helplines.py` reads the checked file `helplines.yaml`; `card.py` has the words of the card.
"""

from ipt_roleplay.safety.card import SafetyCard, safety_card
from ipt_roleplay.safety.helplines import Helpline, help_for
from ipt_roleplay.safety.screen import screen

__all__ = ["Helpline", "SafetyCard", "help_for", "safety_card", "screen"]
