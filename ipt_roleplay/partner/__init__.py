"""The simulated person: persona, state and history in, a reply out.

`reply.py` has what a reply is and the state before it; `authored.py` speaks from written lines, without a network.
"""

from ipt_roleplay.partner.authored import AuthoredPartner
from ipt_roleplay.partner.reply import Partner, Reply, Scene

__all__ = ["AuthoredPartner", "Partner", "Reply", "Scene"]
