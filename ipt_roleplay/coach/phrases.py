"""What the coach says, by what was found. `{she}`, `{her}`, `{She}` and `{name}` are filled in for the other person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ipt_roleplay.domain import Outcome, Reading, Signal, Style, Tactic


class Problem(StrEnum):
    """What is to be tried again in a turn."""

    GAVE_IN = "gave_in"
    THREAT = "threat"
    ATTACK = "attack"
    STING = "sting"
    APOLOGY = "apology"
    EXCUSE = "excuse"
    VAGUE = "vague"
    HINT = "hint"
    SILENCE = "silence"
    PASSIVE = "passive"


@dataclass(frozen=True)
class ProblemWords:
    """For one problem: the signals that show it, what the coach says, what to look up, and what authored lines stand against it."""

    signals: tuple[Signal, ...]
    text: str
    query: str
    instead_of: tuple[Signal | Style, ...]


PROBLEMS: dict[Problem, ProblemWords] = {
    Problem.GAVE_IN: ProblemWords(
        (Signal.CAPITULATION,),
        "Here you gave in. It bought you quiet, and {she} learned that pressing works. What did you want to say instead?",
        "just saying okay and giving in stops the shouting but keeps the pattern; passive answers invite the next order",
        (Signal.CAPITULATION, Style.PASSIVE),
    ),
    Problem.THREAT: ProblemWords(
        (Signal.THREAT,),
        "This is a threat, even said quietly. {She} can only give in or fight. Say what you will do yourself, and stop there.",
        "a boundary says what you will do, not what will happen to them; anger without the attack",
        (Signal.THREAT, Style.AGGRESSIVE),
    ),
    Problem.ATTACK: ProblemWords(
        (Signal.YOU_BLAME, Signal.ASSUMED_MOTIVE),
        "There is something true under this, and {she} can't hear it for the blow. {She} hears that {she} is the problem. What is the anger asking for?",
        "say the anger without the attack; blame in disguise; aggressive",
        (Signal.YOU_BLAME, Style.AGGRESSIVE),
    ),
    Problem.STING: ProblemWords(
        (Signal.SARCASM,),
        "The dig carries a wish, but only the dig arrives. {She} can answer the dig and skip the wish.",
        "swap the dig for the wish behind it; sarcasm, sideways anger",
        (Signal.SARCASM, Style.PASSIVE_AGGRESSIVE),
    ),
    Problem.APOLOGY: ProblemWords(
        (Signal.OVER_APOLOGY,),
        "You said sorry for needing something. After that the need sounds like a mistake. Leave the sorry out and see what is left.",
        "guilt and apologising for having a need; guilt is a feeling not an order",
        (Signal.OVER_APOLOGY, Style.PASSIVE),
    ),
    Problem.EXCUSE: ProblemWords(
        (Signal.JUSTIFICATION,),
        "You gave a reason and left out the wish. {She} heard an excuse, and a reason can be argued away. What did you want {her} to understand?",
        "say the wish, not only the reason; an excuse can be argued with",
        (Signal.JUSTIFICATION, Style.PASSIVE),
    ),
    Problem.VAGUE: ProblemWords(
        (Signal.HEDGING,),
        "This is easy to pass over, or to take for a yes. What did you want {her} to hear?",
        "a plain no can be short and kind; hedging makes the wish easy to ignore",
        (Signal.HEDGING, Style.PASSIVE),
    ),
    Problem.HINT: ProblemWords(
        (Signal.INDIRECT_HINT, Signal.ASSUMED_UNDERSTOOD),
        "You are hoping {she} will guess. {She} may not, and then you are hurt twice. Say the thing itself.",
        "start with one small wish said openly instead of a hint",
        (Signal.INDIRECT_HINT, Style.PASSIVE),
    ),
    Problem.SILENCE: ProblemWords(
        (Signal.SILENCE,),
        "You said nothing here. Silence can be a choice. With {her} it is likely to be counted as a yes.",
        "looking away and saying nothing; a passive answer up close",
        (Signal.SILENCE, Style.PASSIVE),
    ),
    Problem.PASSIVE: ProblemWords(
        (),
        "What you want is not in this line yet, so {she} can go on without answering it.",
        "passive answers leave the wish unsaid and invite the next order",
        (Style.PASSIVE,),
    ),
}


def problem_of(reading: Reading) -> Problem | None:
    """The one thing to try again in a turn, or None where nothing is to mend."""
    if reading.style is Style.ASSERTIVE:
        return None
    if reading.has(Signal.THREAT):
        return Problem.THREAT
    if reading.style is Style.AGGRESSIVE:
        return Problem.ATTACK
    if reading.style is Style.PASSIVE_AGGRESSIVE:
        return Problem.STING
    order = (
        (Signal.SILENCE, Problem.SILENCE),
        (Signal.CAPITULATION, Problem.GAVE_IN),
        (Signal.OVER_APOLOGY, Problem.APOLOGY),
        (Signal.JUSTIFICATION, Problem.EXCUSE),
        (Signal.HEDGING, Problem.VAGUE),
        (Signal.INDIRECT_HINT, Problem.HINT),
        (Signal.ASSUMED_UNDERSTOOD, Problem.HINT),
    )
    return next((problem for signal, problem in order if reading.has(signal)), Problem.PASSIVE)


@dataclass(frozen=True)
class StrengthWords:
    """A strength: all of `needs` must be there and none of `without`; `show` is quoted."""

    needs: tuple[Signal, ...]
    text: str
    query: str
    without: tuple[Signal, ...] = ()


STRENGTHS: tuple[StrengthWords, ...] = (
    StrengthWords((Signal.VALIDATION, Signal.REFUSAL), "You saw {her} side and kept your no.", "agree with the true part and keep your no"),
    StrengthWords(
        (Signal.VALIDATION, Signal.BOUNDARY),
        "You saw {her} side and kept your limit.",
        "agree with the true part and keep your no; boundary",
    ),
    StrengthWords(
        (Signal.VALIDATION, Signal.CLEAR_REQUEST),
        "You saw {her} side, and you asked all the same.",
        "say back what you heard and ask for what you want",
    ),
    StrengthWords(
        (Signal.COMPROMISE_OFFER,),
        "You put a middle way on the table, with your own part in it.",
        "offer a smaller yes or a fair swap; compromise",
    ),
    StrengthWords(
        (Signal.CHECKED_UNDERSTANDING,),
        "You checked what {she} meant before you answered it.",
        "say back what you heard before you answer; listening",
    ),
    StrengthWords(
        (Signal.REFUSAL, Signal.CLEAR_REQUEST),
        "A no and a request in one breath. {She} knows where you stand and what to do about it.",
        "a plain no, and say the wish not only the reason",
    ),
    StrengthWords((Signal.BOUNDARY,), "You said what you will do, and left the rest to {her}.", "a boundary says what you will do"),
    StrengthWords(
        (Signal.REFUSAL,), "A plain no, with no reason for {her} to pick at.", "a plain no can be short and kind", (Signal.JUSTIFICATION,)
    ),
    StrengthWords((Signal.REFUSAL,), "You said no, out loud.", "a plain no can be short and kind"),
    StrengthWords(
        (Signal.CLEAR_REQUEST,), "You asked for something {she} could actually do.", "say the wish, not only the reason; clear request"
    ),
    StrengthWords((Signal.VALIDATION,), "You saw {her} side.", "listening helps both people feel heard"),
    StrengthWords(
        (Signal.QUESTION_OPEN,), "You asked, and it was a real question.", "look for what the quarrel is really about; listening"
    ),
    StrengthWords(
        (Signal.I_STATEMENT,), "You said how it is for you, and blamed nobody.", "an I-statement says your own feeling, need or wish"
    ),
    StrengthWords(
        (Signal.FEELING_NAMED,), "You said how it is for you, and blamed nobody.", "an I-statement says your own feeling, need or wish"
    ),
)


def strength_of(reading: Reading) -> StrengthWords | None:
    """What is strong in an assertive turn, or None."""
    if reading.style is not Style.ASSERTIVE:
        return None
    return next(
        (words for words in STRENGTHS if all(reading.has(signal) for signal in words.needs) and not reading.has(*words.without)), None
    )


REACTIONS: dict[Tactic, str] = {
    Tactic.DOUBT: "After it {she} had one objection less.",
    Tactic.BARGAIN: "After it {she} began to deal.",
    Tactic.YIELD_A_NOTCH: "After it {she} gave a piece.",
    Tactic.REVEAL: "After it {she} told you something new.",
    Tactic.THAW: "After it {she} came down a little.",
    Tactic.ANSWER: "{She} answered it, nearly.",
    Tactic.CLOSE_AGREEMENT: "That settled it.",
    Tactic.CLOSE_COMPROMISE: "That settled it.",
    Tactic.CLOSE_BOUNDARY: "{She} stopped asking.",
    Tactic.GUILT: "{She} came back with guilt. That is pressure, not proof that you were wrong.",
    Tactic.THREATEN_TO_TELL: "{She} came back with what others will say. That is pressure, not proof that you were wrong.",
    Tactic.PAST_FAVOURS: "{She} came back with old favours. That is pressure, not proof that you were wrong.",
    Tactic.RIDICULE: "{She} made fun of it. People do that when a no is new.",
}
"""What the partner did next, where it says something about the turn."""

HEADLINES: dict[Outcome | None, str] = {
    Outcome.AGREEMENT: "You asked, and {she} will do it.",
    Outcome.COMPROMISE: "You found a middle way.",
    Outcome.BOUNDARY_HELD: "You said no, and you stayed with it.",
    Outcome.IMPASSE: "Nothing was settled this time.",
    Outcome.WALKED_OUT: "{She} walked out.",
    Outcome.CAPITULATED: "This time {she} got {her} way.",
    Outcome.STOPPED: "You stopped here. That's all right.",
    None: "What stands out in this talk.",
}

NOTHING_YET = "Nothing to hold on to yet, and that is all right: you came, and the talk is here to look at."
NOTHING_TO_FIX = "Nothing to fix here."
TOO_SHORT = "That was short. There is not enough here to say much about it."

TURNED_WITH_STATE = "Here the talk turned. {name} heard: {heard}."
TURNED = {
    (Style.PASSIVE, True): "Here the talk turned: until now you were giving ground, and here you said something of your own.",
    (Style.AGGRESSIVE, True): "Here the talk turned: until now it was blow for blow, and here you stepped out of that.",
    (Style.PASSIVE_AGGRESSIVE, True): "Here the talk turned: until now it went sideways, and here you said it straight.",
    (Style.ASSERTIVE, True): "Here the talk turned: what you said here changed what came after.",
    (Style.ASSERTIVE, False): "Here the talk turned. Look at what came before it, and after: is that where you wanted to go?",
}
"""By the style that prevailed before, and whether the turn itself is assertive."""

TURNED_ANYHOW = "Here the talk turned: it went another way after this."
GAVE_WAY = "Here {she} had what {she} came for. What would you have needed, just then, to wait one more breath?"

GUILT_FELT = "Guilt speaks here. It is normal to feel it when you can't do more; it doesn't mean that you did wrong."
GUILT_PUSHED = "{She} reached for guilt here. You can feel it and still keep your answer."
GUILT_QUERY = "it is normal to feel guilty when you cannot help more"
GUILT_GENERAL_QUERY = "guilt is a feeling, not an order"

NOT_ENGLISH = "This does not look English. The reading was made for English: take it as a guess."
"""Under a line that is plainly in another language."""
