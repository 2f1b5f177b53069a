"""The simulated person: persona, state and history in, a reply out.

`reply.py` has what a reply is and the state before it; `authored.py` speaks from written lines, without a network;
`model.py` lets a language model find the words for what the same rules decided.
"""

from ipt_roleplay.partner.authored import AuthoredPartner
from ipt_roleplay.partner.model import ModelPartner
from ipt_roleplay.partner.reply import Partner, Reply, Scene

__all__ = ["AuthoredPartner", "ModelPartner", "Partner", "Reply", "Scene"]
