"""What no line of any persona may hold, at any difficulty: violence, slurs, sexual pressure, threats of self-harm; and no therapist's or assistant's voice."""

from __future__ import annotations

import re

LIMITS: dict[str, re.Pattern[str]] = {
    "a threat of violence": re.compile(
        r"\b(i'?ll|i will|gonna|going to|want to|could|ought to|should) (\w+ ){0,2}(kill|hit|slap|punch|hurt|smack|thump|belt|strangle|choke|beat) (you|yer|ya)\b|"
        r"\b((feel|get|taste|want|give you) the back of my hand|black eye|break your (neck|arm|legs?|face))\b",
        re.IGNORECASE,
    ),
    "a slur or an insult to what somebody is": re.compile(
        r"\b(bitch|slut|whore|cunt|retard(ed)?|spastic|spaz|faggot|poof|dyke|tranny|nigg\w+|paki|chink|gyppo|pikey|cripple)\b",
        re.IGNORECASE,
    ),
    "sexual pressure": re.compile(
        r"\b(owe me (sex|a shag)|in bed you|sleep with me|get your kit off|wifely duty|put out for)\b", re.IGNORECASE
    ),
    "a threat of self-harm": re.compile(
        r"\b(kill myself|end it all|hurt myself|top myself|slit my|throw myself|be better off dead|better off without me|won'?t be here much longer|overdose)\b",
        re.IGNORECASE,
    ),
    "a therapist's voice": re.compile(
        r"\b(i hear you|i feel|valid(ate|ated|ating)?|boundar(y|ies)|overwhelmed|self-care|assertive(ly)?|communicat(e|ion) (better|style)|active listening|"
        r"safe space|hold(ing)? space|unpack (this|that)|coping (skills?|strateg\w+)|your feelings are|it sounds like you)\b",
        re.IGNORECASE,
    ),
    "an assistant's voice": re.compile(
        r"\b(as an ai|language model|how can i (help|assist)|i'?m here (for you|to help)|great question|let me know if)\b", re.IGNORECASE
    ),
}
"""What is looked for, by what it is."""


def broken_limits(line: str) -> list[str]:
    """What is wrong with a line, in words; empty where nothing is."""
    return [what for what, pattern in LIMITS.items() if pattern.search(line)]
