"""The rule list that a trained reading is measured against: patterns for signals, and the style that follows from them.

Every pattern works on the spoken text in lower case (`text.spoken`), so that positions stay those of the turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ipt_roleplay.domain import Signal, SignalSpan, Style
from ipt_roleplay.text import Span, clauses, sentences, spoken

_INSULT = (
    r"(stupid|selfish|lazy|pathetic|useless|idiot\w*|moron|bitch|cow|liar|lying|ridiculous|mental|mad|crazy|insane|nasty|bully|bossy|"
    r"control freak|cruel|heartless|childish|monster|bastard|prick|arse\w*|asshole|dick\w*|witch|joke|disgrace|disgusting|hypocrite|"
    r"unreasonable|impossible|spoil(t|ed)|martyr|drama queen|manipulative|toxic|rude|ungrateful|thick|dense|snake|coward|parasite|"
    r"narcissist\w*|psycho|evil|cold|jealous|a mess|a nightmare|unbelievable|incapable|incompetent)"
)
_NEED = r"(want|need|would like|would love|would prefer|'d like|'d love|'d prefer|'d rather|would rather|prefer|wish|hope|miss)"
_FEELING = (
    r"(hurt|sad|angry|cross|upset|tired|exhausted|scared|afraid|frightened|worried|anxious|lonely|alone|ashamed|embarrassed|guilty|disappointed|"
    r"frustrated|furious|annoyed|overwhelmed|nervous|jealous|relieved|happy|glad|grateful|stuck|small|invisible|ignored|left out|"
    r"cornered|stressed|knackered|worn out|fed up|humiliated|uncomfortable|unhappy|low|terrible|awful|rubbish|resentful|lost|shattered|"
    r"heartbroken|miserable|drained|proud|excited|confused|bullied|trampled|trapped|pushed|cheated)"
)
_SOFT = r"(really |so |very |just |quite |a bit |honestly |actually |still |too |pretty |kind of |a little |always |also |feeling |getting |absolutely |completely |dead |right )*"

_PATTERNS: dict[Signal, tuple[str, ...]] = {
    Signal.I_STATEMENT: (
        rf"\bi('m| am|'ve been| was| get| got| feel| felt| am feeling|'m feeling) {_SOFT}{_FEELING}\b(?! (of|by) (your|you)\b)",
        rf"\bi( really| just| do| don't| still| also| only|'d really|'d just| didn't)* ?{_NEED}\b(?! (you|u) to (shut|stop being|get lost|go away|leave me alone))[^.!?\n]{{0,80}}",
        r"\bit (hurts|upsets|scares|worries|frightens|bothers|matters to|means a lot to|hurt|upset|scared) (me\b)?",
        r"\bthat (hurts|hurt|upsets|upset|scares|scared|worries|stung|frightens|frightened|bothers)( me)?\b",
        r"\bi('m| am) not (ok|okay|happy|comfortable|alright|all right|fine) with\b[^.!?\n]{0,60}",
        r"\bi don't (like|want)\b[^.!?\n]{1,60}",
    ),
    Signal.FEELING_NAMED: (
        rf"\bi('m| am|'ve been| was| get| got| feel| felt| am feeling|'m feeling| end up)( feeling)? {_SOFT}{_FEELING}\b",
        r"\b(it|that) (hurts?|upsets?|scare[sd]?|frighten(s|ed)?|stung|worrie[sd])( me)?\b",
        r"\bi (hate|dread|love) (it|that|this|when|how)\b",
        r"\b(makes|made|makin|making|leaves|left) me (feel )?" + _SOFT + _FEELING,
    ),
    Signal.YOU_BLAME: (
        r"\b(you|u|ya) (always|never|constantly|only ever|don't ever|just want|only care|don't care|couldn't care|don't even|can't even|just can't|dont care|dont even)\b[^.!?\n]{0,60}",
        rf"\b(you're|you are|your|ur|youre|u r|you were|you've been|you)( just| such| being| so| a| an| really| fucking| bloody| always| the| such a| acting| behaving| like)* {_INSULT}\b",
        r"\b(it's|this is|that's|its) (all )?your fault\b|\byour fault\b|\bbecause of you\b|\bthanks to you\b",
        r"\bi feel (that |like )?(you|you're|you are)\b[^.!?\n]{0,60}",
        r"\b(why|how) (do|can|must|are|did|could) (you|u) (always|never|so|even|be so|be this|just|think you)\b[^.!?\n]{0,60}",
        r"\bwhat('s| is|s) (wrong|the matter) with (you|u)\b|\bwho do (you|u) think (you|u) are\b|\byou (make|made) me (sick|ill|angry|feel|so)\b[^.!?\n]{0,40}",
        r"\bshut (up|it|your)\b|\bget lost\b|\bpiss off\b|\bfuck (off|you)\b|\bgo to hell\b|\bget out\b|\bsod off\b|\bget a (life|grip)\b|\bgrow up\b|\bget over yourself\b",
        r"\b(you|u)('ve| have)? (ruin|ruined|wreck|wrecked|spoil|spoilt|destroy|destroyed) \w+|\btypical (of )?(you)?\b|\bjust like (your|dad|mum|him|her)\b",
        r"\b(you|u) (bully|boss|order|use|treat|dump|push|blame|bulldoze|lie|lied|walk all over)\b[^.!?\n]{0,50}",
        r"\bhow dare you\b|\byou people\b|\byour (stupid|precious|bloody|fucking|pathetic|damn|so-called)\b|\ball you (ever )?(do|care|think)\b[^.!?\n]{0,50}",
    ),
    Signal.ASSUMED_MOTIVE: (
        r"\byou('re| are) (just |only )?(doing|saying|asking) (this|that|it) (because|to|so)\b[^.!?\n]{0,60}",
        r"\byou (just |only )?(want|wanted|like|love|enjoy) (to )?(control|punish|hurt|watch|see me|make me|get me|humiliat|embarrass|prov)\w*[^.!?\n]{0,50}",
        r"\byou don't (want|like|care|trust) [^.!?\n]{0,20}\b(me|us|her|him)\b|\bon purpose\b|\byou (only|just) (care|think) about (yourself|you)\b",
        r"\byou just want[^.!?\n]{1,50}",
    ),
    Signal.CLEAR_REQUEST: (
        r"\b(i'd like|i would like|i want|i need|i'd love|i would love|i'd prefer|i'm asking|i am asking|i'd rather|i wish) (for )?(you|u|us|him|her|them|it|the|martin|dad|mum|\w+ and (you|me))\b(?! (would|weren't|were|didn't|wouldn't))[^.!?\n]{2,90}",
        r"\b(can|could|would|will) (you|u|we)( please| maybe| just| at least|  )*\s*(?!believe|imagine|not\b|even\b|shut|stop being)(take|do|ring|call|go|ask|have|get|drive|pick|come|give|tell|let|stop|wait|sit|talk|help|share|split|send|write|put|bring|make|meet|turn|leave|agree|check|look|say|speak|move|phone|text|swap|try|keep|listen|lower|find|pay|hold|start|cover|show|please|explain|arrange|book|fix|change|set|be |repair|add|include|confirm|return|email|switch|use|slow|let's)[^.!?\n]{0,90}",
        r"\bwould you (mind|be willing|be able|be ok)\b[^.!?\n]{2,90}",
        r"^\s*(and |so |then |no, |ok, |okay, |well, )?(please,? )(?!don't worry|help yourself)\w+[^.!?\n]{2,80}|[.!?,;]\s*(please,? )\w+[^.!?\n]{2,80}",
        r"\b(let's|lets) (sit|talk|do|split|share|take|meet|write|ask|ring|agree|stop|have|try|speak|find|look|discuss|leave|start)\b[^.!?\n]{0,80}",
        r"\b(ask|tell|ring|phone|call|text|send|take|let|give|show) (me|him|her|them|martin|mum|dad|the surgery|us)\b (first|before|when|what|if|by|on|yourself|to|about|a |the |that|instead)[^.!?\n]{0,60}",
        r"\b(stop|don't) (shouting|pointing|interrupting|raising|talking to me|standing over|calling me|telling me|ordering|texting|yelling)\b[^.!?\n]{0,60}",
        r"\byou (do|take|have) (the |this |that |wednesday|tuesday|monday|thursday|friday|saturday|sunday|it this)\w*[^.!?\n]{0,60}|\byou'll (need|have) to (take|do|ask|find)\b[^.!?\n]{0,60}",
        r"\bit's your turn\b[^.!?\n]{0,40}|\bi'm asking you to\b[^.!?\n]{2,90}|\bwhat i('d like| want| need) is\b[^.!?\n]{2,90}",
    ),
    Signal.REFUSAL: (
        r"(^|[.!?;\n]\s*)\W*(sorry,? |look,? |but |denise,? )?(can't|cannot|cant|won't|not) (do|take|make|manage|come|go|get|be|happening|going|doing|taking)\b[^.!?,\n]{0,60}",
        r"^\s*(\W*)(no|nope|nah)\b(?! (one|idea|problem|worries|doubt|wonder|need|matter|i suppose|you're right|of course|sorry i))",
        r"[.!?,;-]\s*(but )?no\b(?=[.!,]|\s*$)|\b(the answer is|it's a|it is a|still a|i said|saying|that's a|so,?) no\b",
        r"\bi (really |just |still |honestly |simply |am afraid i |definitely )*(can't|cannot|won't|will not|cant|wont|can not|am not able to|couldn't possibly)\b(?! (believe|stand|wait|tell|remember|help it|help feeling|imagine|understand|cope|see why|think|find|hear|stop|blame|keep|just|always|win|read your|do anything right|take it))[^.!?,\n]{0,70}",
        r"\bi('m| am) not (taking|doing|going|coming|driving|having|able|available|free|paying|ringing|lending|signing|covering|agreeing|cancelling|changing|moving|staying|going to|gonna|picking|giving|answering|discussing)\b[^.!?,\n]{0,60}",
        r"\bthat (doesn't|does not|won't|will not|wouldn't) (work|suit|do)\b[^.!?\n]{0,40}|\b(doesn't|does not|won't) work for me\b|\b(isn't|is not|not) (going to|gonna) (happen|work)\b|\bnot this (time|week|wednesday|one)\b|\bi('d| would) rather not\b|\bi don't want to\b[^.!?\n]{0,50}|\bno can do\b|\bi('m| am) (out|saying no)\b|\bnot (on )?(wednesday|tuesday|monday|thursday|friday|saturday|sunday)\b|\bcount me out\b|\b(wednesday|tuesday|thursday|friday|monday|saturday|sunday)('s| is)? (no good|not possible|out|doesn't work)\b",
    ),
    Signal.BOUNDARY: (
        r"\b(if|when|unless) (you|u|we|this|it|the)\b[^.!?\n]{2,70}(,| then)? ?i('ll| will|'m going to| am going to|'m)\b[^.!?\n]{2,70}",
        r"\bi('ll| will|'m going to| am going to| can)( only| happily| be)? [^.!?\n]{2,50}\b(when|once|if|until|unless|after|as long as)\b[^.!?\n]{2,50}",
        r"\bi('m| am) not (going to|gonna|having|willing to|prepared to|ok with|okay with|happy to|discussing|talking about|arguing|doing this|staying)\b[^.!?\n]{0,60}",
        r"\bi won't (be|talk|discuss|have|let|argue|listen|stay|stand|accept|go over|continue|answer|carry|apologise)\b[^.!?\n]{0,60}",
        r"\b(don't|do not|please don't|stop) (talk|speak|shout|yell|point|swear|call|stand|interrupt|come|touch|tell)\w*\b( to| at| over| on| in)? (me|my|in)\b[^.!?\n]{0,50}",
        r"\bi don't (do|discuss|answer|lend|work|talk|take calls)\b[^.!?\n]{2,50}|\bnot (in front of|while|after|when)\b[^.!?\n]{2,50}|\bi need you to stop\b[^.!?\n]{0,50}|\bthat's (my limit|as far as i|enough)\b|\bfrom now on\b[^.!?\n]{2,60}|\bi('m| am) (leaving|going|hanging up|ending this|stopping)( now| here)?\b[^.!?\n]{0,40}|\bi'd rather you (didn't|told|asked|rang|said)\b[^.!?\n]{2,60}",
        r"\b(i can do|i'll do) [^.!?\n]{1,30}\b(not|no more|but not|and that's)\b[^.!?\n]{1,40}",
    ),
    Signal.THREAT: (
        r"\b(or else|you'll (regret|be sorry|pay|wish|see what)|don't make me|you('ll| will) never see|i('ll| will) (make sure|make you|tell (everyone|mum|your|the whole|them all|work|social)|ruin|destroy|never speak|never forgive|report you|call the|see to it|get you|have you)|watch (it|yourself|your (back|step))|last warning|i'm warning you|you'd better|you better|be a shame if|it would be a (pity|shame)|see what happens|you've been warned|mark my words|i know where)\b[^.!?\n]{0,60}",
        r"\b(i swear|so help me)\b[^.!?\n]{0,60}|\bthen don't expect\b[^.!?\n]{0,60}|\bi'?d hate for\b[^.!?\n]{2,60}|\bdo you want (everyone|people|me to tell|the)\b[^.!?\n]{2,60}",
    ),
    Signal.VALIDATION: (
        r"\b(i|we) (know|understand|get|see|can see|can tell|realise|realize|appreciate|can imagine|do know|hear)( that| how| why| it| this)?( must| has| have|'s)?[^.!?\n]{0,20}\b(you|you're|you've|your|u|hard|a lot|frightening|tiring|much|difficult|worr\w+|rough)\b[^.!?\n]{0,70}",
        r"\b(that|it|this)( must|'d| would)( have| be|'ve)?( been)?( so| really| very| quite)? (be )?(hard|awful|horrible|difficult|frightening|scary|exhausting|tiring|lonely|tough|worrying|heavy|rough|terrible|upsetting|a lot|a shock|hurtful|frustrating)\b[^.!?\n]{0,40}",
        r"\b(you've|you have|you did|you do|you are|you're|you were) (been )?(doing|done|carrying|carried|had|been|do|did|handled|held|working|right|the one|always there|there|so much|a lot|good)\b[^.!?\n]{0,50}",
        r"\b(fair enough|that makes sense|makes sense|you're right|that's fair|you have a point|fair point|i'd be (scared|angry|upset|worried|tired|cross|frustrated) too|no wonder|of course you('re| are)|i don't blame you|i was glad|i'm grateful|thank you for|thanks for|sounds (hard|like|awful|exhausting|tiring|rough|frustrating|really))\b[^.!?\n]{0,60}",
        r"\byou (must be|look|sound|seem) (so |really |very |a bit |absolutely )?(tired|worried|exhausted|upset|scared|frightened|worn|knackered|shattered|stressed|sad|frustrated|hurt|angry)\b[^.!?\n]{0,40}",
    ),
    Signal.HEDGING: (
        r"\b(i (was )?just (wondering|wondered|thought|think)|just wondering|maybe|perhaps|sort of|kind of|kinda|sorta|i guess|i suppose|possibly|if (that's|it's|thats|its) (ok|okay|alright|all right|not too much|possible|no trouble)|if you don't mind|if it isn't too|i don't know|i dunno|idk|i'm not sure|i might|might be|it's probably|probably (just )?me|it's only|it's just|it's silly|doesn't matter|never mind(?= *([.!,]|$))|no worries if|no rush|a tiny bit|a little bit|at some point|or something|or whatever|i mean|only if|i could be wrong|i was (sort of |kind of )?hoping|i'll (see|try|think about it)|we'll see|not a big deal|it's nothing)\b",
    ),
    Signal.OVER_APOLOGY: (
        r"\b(i'm|im|i am)( so| really| very| ever so| truly| awfully) (so )?sorry\b[^.!?\n]{0,60}",
        r"\bsorry (for (being|asking|existing|bothering|the bother|mentioning|even|needing|wanting|saying|taking|everything|making|getting)|to (be|bother|ask|even|be a|put|sound|keep)|about (me|this|asking)|if (i|this|that)|i (know|just|shouldn't|keep))\b[^.!?\n]{0,60}",
        r"\b(forgive me|i feel (terrible|awful|bad|so bad) (asking|for asking|even)|my fault|i shouldn't have|i'm (useless|hopeless|such a|a terrible|the worst|being (silly|stupid|difficult|a pain))|it's (all )?me)\b[^.!?\n]{0,50}",
    ),
    Signal.QUESTION_OPEN: (
        r"\b(how (are|do|did|is|was|would|have|come|will) (you|u|it|that|things|she|mum|this|we)|what (do|did|would|are|is it|was|happened|did|makes|made|worries|scares|frightens|about it|else|'s going on|is going on|'s the)( the)?( you| u| it| doctor| worst| hardest| she| he| say| that| for you| most| on| like| part)?|what's (it like|the hardest|worrying|going on|happened|wrong|up|behind|making|on your mind|the (worst|matter))|tell me (about|more|what|how)|why (is|was|does) (it|that|this)|who (else )?(could|knows|helps|might)|what would (help|you|it))\b[^.!?\n]{0,70}\??",
        r"\bwas that why\b[^.!?\n]{2,60}|\bis (it|that) (because|that|about|what)\b[^.!?\n]{2,60}\?|\bare you (worried|scared|frightened|afraid|ok|okay|alright|all right|tired|angry with me|cross with me|upset)\b[^.!?\n]{0,60}",
    ),
    Signal.COMPROMISE_OFFER: (
        r"\bwhat about (monday|tuesday|wednesday|thursday|friday|saturday|sunday|the (next|other|one)|next|if|every|a )\b[^.!?\n]{0,80}",
        r"\b(what if|how about|why don't) (i|we|you|i'll|you take|you do)\b[^.!?\n]{2,100}",
        r"\b(i can|i could|i'll|i will|i'd|i'm happy to|i'm willing to|i don't mind) (?!see\b|think|try\b|be there if|never|not\b|always|only tell|kill|make you|tell everyone)[^.!?\n]{2,70}\b(if you|and you|you (do|take|could|can|have)|instead|next time|another|the next|the one (on|after)|every (other|second)|in return|then you|on (monday|tuesday|thursday|friday|saturday|sunday)|half)\b[^.!?\n]{0,60}",
        r"\b(take (it in )?turns|split (it|the|them)|share (it|the|them|this)|half (and half|each|the)|meet (you |me |each other )?(half|in the middle)|halfway|alternate|you do (this|one|the)\b[^.!?\n]{1,30}\bi('ll| will)? do|one each|a rota|every other (week|time|one|month)|(do|make|have) a (swap|deal|trade)|swap (with|weeks|days|turns)|trade)\b[^.!?\n]{0,60}",
        r"\byou (do|take|have|drive)\b[^.!?\n]{2,40}\b(and )?(i'll|i will|i'd|i|me) (do|take|have|drive|ring|call|sit|cover|get|the)\b[^.!?\n]{1,50}",
        r"\b(i'll|i will|i can|i) (do|take|have|ring|drive|cover)\b[^.!?\n]{2,50}\b(and )?(you|if you|then you)('ll| will| can)? (do|take|have|drive|ring|get|go)\b[^.!?\n]{1,50}",
        r"\b(i can't|i won't|not) [^.!?\n]{2,50}\bbut i (can|could|will|'ll)\b[^.!?\n]{2,60}|\bi can't\b[^.!?\n]{2,50}[.,;] (but )?(i can|i could|i'll)\b[^.!?\n]{2,60}",
    ),
    Signal.REINFORCEMENT: (
        r"\b(that way|then (we|you|she|it)('d| would|'ll| will| can)|it (would|'d) (help|mean|make it easier|be easier)|so (that )?(we|you|she) (both |all )?(can|could|get|have|don't)|you'd (get|have|be able)|we'd (both|all)|means (a lot|you))\b[^.!?\n]{2,80}",
    ),
    Signal.CAPITULATION: (
        r"^\W*(ok|okay|k|alright|all right|fine|right|yes|yeah|sure|of course|yep)\W*(then|fine|ok|okay|sure|i'll do it|i will|denise|mum|if you say so|you win|whatever|i guess|sorry)?\W*$",
        r"\b(ok|okay|alright|all right|fine|yes|sure|yeah|oh)[,. ]+(fine[,. ]+)?(then[,. ]+)?(i'll|i will|ill|i can|i guess i|i suppose i|we'll|we can) (?!be (back|home)|see you|not\b|never|tell you what|leave|talk to you)(do|take|go|come|be|have|drive|ring|move|cancel|change|sort|get|ask|say|tell|phone|swap|stay|cover|pay|manage|try|just|figure|rearrange|find|skip|give|let|bring|sign|drop|pick)\b[^.!?\n]{0,25}?\b(it|that|this|her|him|them|mum|dad|one|then|you)\b",
        r"\b(i'll (just )?(do|take|sort|manage|cancel|rearrange|move|skip|figure)(?= (it|that|this|her|him|them|mum|dad)\b)|i suppose i (can|could|will|'ll)|i guess i (can|could|will|'ll|have to)|if i (must|have to)|you win|whatever you (want|say|think|like|prefer|decide)|have it your way|you decide|you're the boss|i don't mind|i'll be (fine|ok|okay)|it's (fine|ok|okay)(, (really|i'll))?|don't worry about (it|me)|forget (it|i said|i asked)|never mind( me)?(?= *([.!,]|$))|i give (in|up)|no(,)? you're right|i'll do (it|that|what))\b(?![^.!?\n]{0,40}\b(if you|and you|but|when|as long)\b)[^.!?\n]{0,40}",
    ),
    Signal.SARCASM: (
        r"\b(oh|well|wow|gosh|aw),? (great|lovely|brilliant|wonderful|fantastic|perfect|sure|right|yes|thank you so much|thanks so much|thanks|nice|how (kind|lovely|generous|nice|convenient|considerate)|poor (you|thing)|bless|please|really|cheers|good|i'm sure|of course|god forbid)\b[^.!?\n]{0,70}",
        r"\b(god forbid|heaven forbid|must be nice|lucky (me|you|us)|how (kind|generous|thoughtful|convenient|noble|considerate|very) of you|as (always|usual|ever)|your (majesty|highness|royal)|yes,? (sir|boss|ma'am|miss|master|chef)|aye aye|saint \w+|mother teresa|thanks for nothing|good for you|don't worry about me|whatever you say|big surprise|what a surprise|surprise,? surprise|colour me|congratulations|bravo|slow clap|obviously|clearly you|i'm sure you|thanks a (lot|bunch|million)|no,? no,? you)\b[^.!?\n]{0,70}",
    ),
    Signal.INDIRECT_HINT: (
        r"\b(it would be nice if|would be nice if|some (of us|people)|somebody (could|should|might)|someone (could|should|might|has to|ought)|one (could|might)|i'm just (saying|really|a bit)|just saying|it's a (bit|lot|busy)|i've (got|had) (a lot|so much)|if only (someone|somebody|you)|i wouldn't mind if|must be nice|other (people|families|sisters|husbands)|must i always|it's been a long)\b[^.!?\n]{0,70}",
    ),
    Signal.ASSUMED_UNDERSTOOD: (
        r"\b(you know (what i mean|why|very well|perfectly well|how i feel|exactly|damn well|full well)|you (should|must|ought to) (know|have known|have guessed|understand|see)|i shouldn't have to (say|ask|tell|explain|spell)|it's obvious|you (could|can) see|do i (really )?have to (spell|say|explain)|if you (really )?(knew|loved|cared)|without (me )?(asking|having to))\b[^.!?\n]{0,60}",
    ),
    Signal.CHECKED_UNDERSTANDING: (
        r"\b(do you mean|you mean|are you saying|is that what you|did i (get|understand|hear)|so (what )?you('re| are) (saying|asking|telling|worried|afraid)|if i('ve| have)? (understood|understand|heard)|have i (got|understood)|let me (check|see if|make sure)|am i (right|hearing)|so for you|what i('m| am) hearing|you want me to [^.!?\n]{2,60}\?|so it's (about|that|the))\b[^.!?\n]{0,70}",
    ),
    Signal.INTERRUPTION: (
        r"^\W*(-|--|\.\.\.)?\s*(let me (finish|stop you)|hang on|hold on|wait,? (no|stop)|stop right there|excuse me|just (listen|a (second|minute))|no,? (listen|wait))\b|^\s*[-–—]{1,2}\s*\w+",
    ),
    Signal.BAD_MOMENT: (
        r"\b(not (now|right now|here|tonight|the (time|place|moment))|bad (time|moment)|this isn't (the|a good)|can (we|this) (talk|do this|wait|discuss)( about)?( this| it)? (later|tomorrow|tonight|after|another|when)|(i'm|we're|you're) (about to|in the middle|half asleep|late|at work|driving|on my way)|i'm just (off|leaving|about)|in front of the (kids|children|others|guests|customers))\b[^.!?\n]{0,60}",
    ),
}

_COMPILED = {signal: tuple(re.compile(pattern) for pattern in patterns) for signal, patterns in _PATTERNS.items()}
_REASON = re.compile(
    r"\b(because|since|'cause|cos|cuz|i've (got|already|been|had)|i have (a|to|an|my|work|so)|i('m| am) (working|busy|already|due|on shift|at work|away|booked)|my (boss|car|manager|kids|shift|back|train|job|meeting)|the (car|kids|traffic|boss|deadline|train)|i (already|promised|told)|plus|and also|on top of|it's (my|the)|there's (a|the|no))\b"
)
_SILENT = re.compile(r"^[\s.…\-]*$")
_YES_IRONY = re.compile(r"\b(great|lovely|brilliant|wonderful|perfect|fantastic)\b.*\b(always|again|never|another|as usual|just what)\b")
_NEGATED_APOLOGY = re.compile(r"\bsorry,? (but )?(no\b|i can't|i won't|that)|\bnot sorry\b")


def signals_of(text: str) -> tuple[SignalSpan, ...]:
    """The signals of one turn with their spans, in order of the codebook; at most one span for each signal."""
    low = spoken(text)
    if _SILENT.match(low):
        return (SignalSpan(Signal.SILENCE, 0, len(text)),) if text else ()
    found = {signal: span for signal in _COMPILED if (span := _first(signal, low))}
    _count_reasons(low, text, found)
    _count_apologies(low, found)
    _settle(low, text, found)
    return tuple(SignalSpan(signal, found[signal].start, found[signal].end) for signal in Signal if signal in found)


def _first(signal: Signal, low: str) -> Span | None:
    matches = (pattern.search(low) for pattern in _COMPILED[signal])
    spans = [_trim(low, match.start(), match.end()) for match in matches if match]
    return min(spans, key=lambda span: span.start) if spans else None


def _trim(low: str, start: int, end: int) -> Span:
    while start < end and not (low[start].isalnum() or low[start] in "'\""):
        start += 1
    while end > start and low[end - 1] in " ,;-\n\t":
        end -= 1
    return Span(start, end)


def _count_reasons(low: str, text: str, found: dict[Signal, Span]) -> None:
    """Several reasons, or a long defence, are a justification; so is one reason where a wish or a no is missing."""
    reasons = [span for span in clauses(text) if _REASON.search(low[span.start : span.end])]
    plain = Signal.REFUSAL in found or Signal.CLEAR_REQUEST in found
    if len(reasons) >= 2 or (
        reasons and not plain and Signal.CAPITULATION not in found and Signal.YOU_BLAME not in found and "?" not in low
    ):
        found[Signal.JUSTIFICATION] = Span(reasons[0].start, reasons[min(len(reasons), 3) - 1].end)


def _count_apologies(low: str, found: dict[Signal, Span]) -> None:
    """Two plain apologies in a turn are too many; one, together with a no, is good manners."""
    apologies = [match for match in re.finditer(r"\b(sorry|apologi[sz]e|apologies|forgive me)\b", low)]
    if len(apologies) >= 2:
        found[Signal.OVER_APOLOGY] = Span(apologies[0].start(), apologies[-1].end())
    elif _NEGATED_APOLOGY.search(low):
        found.pop(Signal.OVER_APOLOGY, None)


def _settle(low: str, text: str, found: dict[Signal, Span]) -> None:
    """Signals that rule each other out: irony is no thanks, blame is no wish, a plain no is no giving in."""
    if _YES_IRONY.search(low):
        found.setdefault(Signal.SARCASM, sentences(text)[0])
    if Signal.SARCASM in found:
        for signal in (Signal.VALIDATION, Signal.I_STATEMENT, Signal.REINFORCEMENT):
            found.pop(signal, None)
    if _overlaps(found, Signal.YOU_BLAME, Signal.VALIDATION):
        found.pop(Signal.VALIDATION)
    if _overlaps(found, Signal.THREAT, Signal.BOUNDARY):
        found.pop(Signal.BOUNDARY)
    if Signal.CAPITULATION in found and Signal.REFUSAL in found:
        ends_later = found[Signal.CAPITULATION].start > found[Signal.REFUSAL].start
        found.pop(Signal.REFUSAL if ends_later else Signal.CAPITULATION)
    if Signal.CAPITULATION in found and (Signal.COMPROMISE_OFFER in found or Signal.BOUNDARY in found):
        found.pop(Signal.CAPITULATION)


def _overlaps(found: dict[Signal, Span], first: Signal, second: Signal) -> bool:
    if first not in found or second not in found:
        return False
    one, other = found[first], found[second]
    return one.start < other.end and other.start < one.end


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
