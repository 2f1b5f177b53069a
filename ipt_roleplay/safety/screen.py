"""A first, narrow safety screen: explicit words about suicide, self-harm, or violence done or meant. English only.

It knows what it says plainly and misses what is only implied. Common idioms ("this is killing me") and what is denied, told of others
or quoted are left alone.
"""

from __future__ import annotations

import re

from ipt_roleplay.domain import Danger
from ipt_roleplay.text import plain

_I = r"\b(i|i'm|im|i am|i've|ive|i'd|id|i'll|ill|i will)\b"
_WANT = (
    r"(want|wanna|wanted|going|gonna|plan|planning|planned|thinking (about|of)|thought (about|of)|think (about|of)|considering|ready|about|"
    r"decided|intend|might|will|could|feel like|keep thinking( about| of)?|tempted|tried|try|trying|am|have|would)"
)

_PATTERNS: tuple[tuple[Danger, str], ...] = (
    (Danger.SUICIDE_SELF, r"\b(kill|hang|shoot|drown|poison)(ing|ed)? ?(myself|my self|meself)\b"),
    (Danger.SUICIDE_SELF, r"\b(end|ending|take|taking|took) (my (own )?life|it all|myself out)\b"),
    (Danger.SUICIDE_SELF, r"\b(suicidal|suicide|kms|unalive myself|top myself|do myself in|off myself|overdose|o\.?d\.? on)\b"),
    (
        Danger.SUICIDE_SELF,
        rf"{_I}[^.!?\n]{{0,25}}\b(want|wanna|wish|going|ready|rather|deserve|hoping|hope)\b[^.!?\n]{{0,15}}\b(to die|be dead|was dead|were dead|i was never born|not wake up|never wake up|wouldn't wake up|don't wake up)\b",
    ),
    (
        Danger.SUICIDE_SELF,
        r"\b(better off (dead|without me)|no (reason|point) (to|in) (live|living|be(ing)? (here|alive)|go(ing)? on)|(don't|dont|do not) want to (live|be alive|be here any ?more|exist|wake up)|can't go on living|not (want )?to be alive)\b",
    ),
    (
        Danger.SELF_HARM,
        r"\b(cut|cutting|burn|burning|hurt|hurting|harm|harming|starv(e|ing)|injur(e|ing)) (myself|my (own )?(arms?|wrists?|legs?|thighs?|skin))\b|\bself[- ]?harm(ing|ed)?\b|\bslit(ting)? my\b",
    ),
    (
        Danger.HARM_TO_OTHERS,
        rf"{_I}[^.!?\n]{{0,20}}\b(kill|murder|stab|shoot|strangle|poison|hurt|smash|beat|hit|punch|burn)(ing)? (her|him|them|you|my (mum|mother|dad|father|sister|brother|husband|wife|partner|boss|kids?|child|children|baby|son|daughter)|everyone|somebody|someone)\b(?! up with| for six| home| feelings)",
    ),
    (Danger.HARM_TO_OTHERS, r"\b(got|get|getting|have|bought|buy) (a|my|the) (gun|knife)\b[^.!?\n]{0,40}\b(for|use|her|him|them|you)\b"),
    (
        Danger.IPV_DANGER,
        r"\b(he|she|they|my (husband|wife|partner|boyfriend|girlfriend|ex|dad|father|mum|mother|brother|sister|son))('s|'ll|'d| has| is| will| would| just| already| always)* ?(hit|hits|hitting|beat|beats|beating|choke[sd]?|choking|strangle[sd]?|strangling|punche[sd]?|punching|kick(s|ed)|raped?|threatened to kill|going to kill|gonna kill|kill) (me|us|the (kids|children|baby)|my (kids|children|baby|son|daughter))\b",
    ),
    (
        Danger.IPV_DANGER,
        r"\b(he|she|they)('s| has| have|'ve)? (got )?(a )?(gun|knife)\b|\b(put|puts) (his|her|their) hands? (around|round|on) my (neck|throat)\b|\bscared (that )?(he|she|they)('ll| will|'s going to| is going to)? ?(kill|hurt|hit)\b",
    ),
    (
        Danger.SUICIDE_SELF,
        r"\b(don't|dont|do not|can't) (see|have|find) (any|a|much) (reason|point) (to|in) (live|living|be here|go(ing)? on|be(ing)? alive)\b",
    ),
    (
        Danger.SUICIDE_SELF,
        r"\b(hope|wish|pray|want|wanted|like)\b[^.!?\n]{0,40}\b(don't|not|never|wouldn't|won't) (to )?(wake up|be alive|exist|be here any ?more)\b",
    ),
    (Danger.SUICIDE_SELF, r"\bi('ll| will|'d| would| should)( rather| soon| just)? be dead\b"),
    (
        Danger.SUICIDE_SELF,
        r"\b(saved|saving|stashed|hoarded|hoarding|collecting|counted)( up)?( enough| all| my| the)* (tablets|pills|meds|paracetamol|insulin)\b",
    ),
    (
        Danger.SUICIDE_SELF,
        r"\bjump(ing)? (off|from|in front of|under) (the|a|that|my) (\w+ )?(bridge|roof|building|cliff|train|balcony|platform|lorry|bus|tube)\b",
    ),
    (
        Danger.SELF_HARM,
        r"\b(burn(ed|t|ing)?|cut(ting)?|scratch(ed|ing)?|hit(ting)?|bang(ed|ing)?|bit(e|ing)?|punch(ed|ing)?) my (own )?(arms?|legs?|wrists?|head|thighs?|skin|hands?|stomach)\b[^.!?\n]{0,50}\b(on purpose|deliberately|until|till|to feel|so (that )?i feel)\b",
    ),
    (Danger.SELF_HARM, r"\bi (go|went|just|sit|hide)\b[^.!?\n]{0,30} and (cut|cut myself|burn myself)(?=[.!?,]|$)"),
    (
        Danger.HARM_TO_OTHERS,
        r"\bi('ve| have)?( just| only| nearly| almost)? (hit|slapped|shook|shaken|beat|beaten|punched|choked|strangled|hurt|pushed|shoved) (my (son|daughter|kids?|child|children|baby|wife|husband|partner|mum|mother|dad|father|boy|girl)|mum|dad)\b(?!'s)",
    ),
    (
        Danger.HARM_TO_OTHERS,
        r"\b(got|get|getting|have|bought|buy|buying) (a|my|the) (gun|knife)\b[^.!?\n]{0,30}\b(for|use|on) (her|him|them|you|it)\b",
    ),
    (
        Danger.HARM_TO_OTHERS,
        r"\bi('m| am|'ll| will| want)[^.!?\n]{0,15}\b(burn|set)[^.!?\n]{0,20}\b(house|flat|home|car)\b[^.!?\n]{0,12}\b(down|on fire|alight)\b",
    ),
    (
        Danger.IPV_DANGER,
        r"\b(he|she|they|my (husband|wife|partner|boyfriend|girlfriend|ex|dad|father|mum|mother|brother|sister|son))( has| have|'s|'ve| keeps?| kept| was| is)*( been| just)* (hit|kick|punch|chok|strangl|beat|slapp?|push|shov|throw|drag|burn)(ing|s|ed|es|en)? me\b(?! feelings| an? (idea|text|message|line|look|bone|party|smile|kiss|email|question|to\b)| (to|for|into (it|going|doing|taking|saying)|around|about|away|up|off|at|in a|with (a|the) (ball|idea|news|bill|question))\b)",
    ),
)
_COMPILED = tuple((danger, re.compile(pattern)) for danger, pattern in _PATTERNS)

_INTENT = re.compile(rf"{_I}[^.!?\n]{{0,20}}\b{_WANT}\b|\b(i'll|i will|i'm going to|i'm gonna|gonna|i could|i want to|i swear)\b")
_DENIED = re.compile(
    r"\b(not|never|isn't|wasn't|don't|dont|wouldn't|won't|no longer|not going to|didn't) (\w+ ){0,3}$|\b(as if|joke|joking|like (to|i'm going to)) (\w+ ){0,2}$"
)
_NOT_DENIED = re.compile(r"\b(don't|dont|do not|can't) (want|see|think|know|feel)\b")
_ABOUT_OTHERS = re.compile(
    r"\b(he|she|they|my (uncle|aunt|dad|father|mum|mother|friend|brother|sister|cousin|colleague|neighbour)|film|movie|book|series|song|character|"
    r"documentary|leaflet|prevention|awareness|hotline|squad|mission|watch)\b[^.!?\n]{0,40}$"
)
_HYPERBOLE = re.compile(
    r"\b(laugh\w*|embarrass\w*|bored\w*|curios\w*|die of|to death|dead (tired|sure|right)|killing me|could (just )?(have )?(murder|kill) (a|an|for) |"
    r"(kill|murder)(ed)? (a|an|for a) (pint|tea|coffee|drink|pizza|curry)|hit (her|him|them|you) (up|back (on|with a text))|hit me with|"
    r"beat (her|him|them|you) (at|to|in)|hurt (her|him|them|you)r? feelings|(don't|not|never|didn't) (want|mean|meant|like|going) to hurt|kill me if|would kill me|she'll kill me|"
    r"if looks could kill|beat myself up)\b"
)


def screen(text: str) -> Danger | None:
    """The danger that `text` speaks of plainly, or None. Never raises; reads at most the first 20,000 characters."""
    low = " ".join(plain(text[:20_000]).replace("*", " ").split())
    for danger, pattern in _COMPILED:
        for match in pattern.finditer(low):
            if _counts(danger, low, match):
                return danger
    return None


_WISH_DENIED = re.compile(
    r"\b(don't|dont|do not|didn't|never|not|wouldn't) (\w+ )?(want|wanted|wanna|wish|rather|hope)\b[^.!?\n]{0,20}\b(to die|dead)\b|\bwould(n't| not) (want to )?be dead\b"
)
_ASKED_WHETHER = re.compile(r"\b(ask|asks|asked|asking|wonder\w*|check\w*)\b[^.!?\n]{0,40}\b(whether|if)\b[^.!?\n]{0,20}$")
_SAID_OF_THE_THING = re.compile(
    r"^('s\b|\W*(prevention|awareness|hotline|helpline|line|squad|watch|note|bomb\w*|attempt (by|of) (my|his|her|a)|rates?|statistics)\b)"
)
_NO_BLOWS = re.compile(r"^ (up|at|to (it|that|the)|in (a|the) (race|game|quiz))\b")
_NO_INTENT_NEEDED = re.compile(
    r"\b(knife|gun)\b|\b(hit|slapped|shook|shaken|beat|beaten|punched|choked|strangled|hurt|pushed|shoved) (my|mum|dad)\b|\b(down|on fire|alight)$"
)


def _counts(danger: Danger, text: str, match: re.Match[str]) -> bool:
    """Whether these words are meant as they stand: not denied, not about a film or somebody else, not a manner of speaking."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ".!?\n") + 1
    before, sentence = text[start : match.start()], text[start : match.end() + 40]
    if _HYPERBOLE.search(sentence) and danger is not Danger.IPV_DANGER:
        return False
    if _WISH_DENIED.search(before + match.group()) or _ASKED_WHETHER.search(before) or _SAID_OF_THE_THING.search(text[match.end() :]):
        return False
    if danger is Danger.HARM_TO_OTHERS and _NO_INTENT_NEEDED.search(match.group()):
        return not _DENIED.search(before)
    if danger is Danger.IPV_DANGER and _NO_BLOWS.search(text[match.end() :]):
        return False
    if danger is Danger.IPV_DANGER:
        return "will kill me" not in match.group() or "scared" in before
    if danger is Danger.HARM_TO_OTHERS:
        return (
            bool(_INTENT.search(text[start : match.end()]))
            and not _DENIED.search(before)
            and not _DENIED.search(match.group()[: match.group().rfind(" ")] + " ")
        )
    if _DENIED.search(before) and not _NOT_DENIED.search(before + match.group()):
        return False
    return not (_ABOUT_OTHERS.search(before) and not re.search(r"\b(i|i'm|im|me|myself)\b", before + match.group()))
