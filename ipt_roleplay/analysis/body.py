"""What the learner's body says, from the parts between asterisks."""

from __future__ import annotations

import re

from ipt_roleplay.domain import Body
from ipt_roleplay.text import body_parts

_SHRINKING = re.compile(
    r"look(s|ing)?( away| down| at (the|my) (floor|table|feet|hands|shoes|ground|plate|phone|wall|window|carpet))|avoid\w* (eye|her|his|their)|"
    r"hunch|shrug|mumbl|mutter|whisper|quiet|small voice|shrink|flinch|fidget|steps? back|backs away|sigh|nods?\b|"
    r"bites? (my )?lip|wrings?|picks? at|eyes (down|on the)|looks? to(wards)? the (door|floor)|stares? at|says? nothing|silen|trail\w* off|"
    r"tears?\b|cr(y|ies|ying)|swallow|curl|arms? around myself|head (down|low)|turns? away"
)
_UPRIGHT = re.compile(
    r"looks? (at )?(her|him|them|you|up)\b|look(s|ing)? (\w+ )?in the eye|eye contact|(stands?|sits?|standing|sitting) (up|straight|tall)|straighten|"
    r"steady|calm|breath|puts? (the|my) \w+ down|faces? (her|him|them)|turns? to (her|him|them)|doesn't look away|shoulders (back|down)|"
    r"both feet|stands? my ground|level|firm(ly)?\b"
)
_HOSTILE = re.compile(
    r"slam|shout|yell|scream|throw|hurl|shov|thump|smash|toss|stomp|point(s|ing)? (a |my )?finger|jab|roll\w* (my )?eyes|bang|storm|snatch|glare|sneer|scoff|fist|"
    r"slow clap|claps? slowly|mock|snort|laughs? (bitter|cold|in)|kick|door (goes|bangs)|raises? (my )?voice"
)


def body_of(text: str) -> Body | None:
    """The last thing the body does that can be read, or None."""
    for part in reversed(body_parts(text.lower())):
        for body, pattern in ((Body.HOSTILE, _HOSTILE), (Body.UPRIGHT, _UPRIGHT), (Body.SHRINKING, _SHRINKING)):
            if pattern.search(part):
                return body
    return None
