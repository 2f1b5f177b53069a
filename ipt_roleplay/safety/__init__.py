"""What is screened on the way in, and what is shown then.

`screen.py` finds danger in a learner's words; `helplines.py` reads the checked file `helplines.yaml`; `card.py` has the words of the card;
`gate.py` is the question before a live talk with someone who controls.
"""

from ipt_roleplay.safety.card import SafetyCard, safety_card
from ipt_roleplay.safety.gate import Afraid, instead_of_a_talk, pass_gate
from ipt_roleplay.safety.helplines import Helpline, help_for
from ipt_roleplay.safety.screen import screen

__all__ = ["Afraid", "Helpline", "SafetyCard", "help_for", "instead_of_a_talk", "pass_gate", "safety_card", "screen"]
