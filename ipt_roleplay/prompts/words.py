"""State and tactic in words a model can play. A model is never shown numbers, and never told to be fair."""

from __future__ import annotations

from ipt_roleplay.domain import PartnerState, Phase, Tactic

TACTIC_WORDS: dict[Tactic, str] = {
    Tactic.OPENING: "Says what was decided, as if it were settled.",
    Tactic.ORDER: "Gives an order about a practical detail.",
    Tactic.DICTATE: "Tells the other word for word what to say.",
    Tactic.CHARM: "Is pleasant about it, as if it had long been agreed.",
    Tactic.COMPARE: "Sets what the other does beside what others do.",
    Tactic.GUILT: "Makes the other feel what it costs if they don't.",
    Tactic.URGENCY: "Presses with the time: it has to be now.",
    Tactic.PAST_FAVOURS: "Brings up something done for the other before.",
    Tactic.RIDICULE: "Makes light of how the other talks.",
    Tactic.SILENCE: "Says next to nothing; the body does it.",
    Tactic.INTERRUPT: "Cuts the long speech short.",
    Tactic.CHANGE_SUBJECT: "Goes off to something else, anything but this.",
    Tactic.MINIMISE: "Makes it small: there is nothing, and it is not that bad.",
    Tactic.TWIST_WORDS: "Turns what the other said until it means something else.",
    Tactic.MOVE_GOALPOSTS: "Grants nothing, but asks for something new first.",
    Tactic.EXCUSE: "Has a reason why it can't be now, or isn't theirs to decide.",
    Tactic.THREATEN_TO_TELL: "Says that someone else in the family will hear of it.",
    Tactic.THREATEN_TO_LEAVE: "Moves to go, to be stopped.",
    Tactic.PIN_DOWN: "Wants a plain answer: yes or no.",
    Tactic.BRUSH_OFF: "Lets the kind words drop.",
    Tactic.REACT_BODY: "Answers what the other's body does, or that nothing was said.",
    Tactic.REPEAT: "Notices that the same was said again, and does not like it.",
    Tactic.COUNTERATTACK: "Is hit, and hits back with words, about something real.",
    Tactic.STING: "Gives the sarcasm back.",
    Tactic.ANSWER: "Answers the question, gruffly, with a bit of the truth.",
    Tactic.DOUBT: "Begins to think that the other might mean it.",
    Tactic.REVEAL: "Lets something slip of what is underneath.",
    Tactic.BARGAIN: "Would give something, for something.",
    Tactic.YIELD_A_NOTCH: "Gives one small piece, ungraciously.",
    Tactic.THAW: "Softens for a moment and does not know what to do with it.",
    Tactic.TAKE_MORE: "Takes the yes and asks for one thing more.",
    Tactic.TAKE_UP: "Shows in a few words what was heard, before going on.",
    Tactic.CLOSE_AGREEMENT: "Agrees to what was asked, without thanks, and ends the talk.",
    Tactic.CLOSE_COMPROMISE: "Agrees to the middle way that was offered, and ends the talk.",
    Tactic.CLOSE_BOUNDARY: "Accepts the no without liking it, and ends the talk.",
    Tactic.CLOSE_CAPITULATED: "Takes it as settled, having got everything, and ends the talk.",
    Tactic.CLOSE_WALKOUT: "Has had enough of being spoken to like that, and leaves.",
    Tactic.CLOSE_IMPASSE: "Has no more in them tonight; ends it with nothing settled.",
}

_PHASES: dict[Phase, str] = {
    Phase.OPENING: "just come in, sure of it",
    Phase.PRESSING: "pushing, and sees no reason to stop",
    Phase.TESTING: "trying whether the no holds",
    Phase.ESCALATED: "angry, close to leaving",
    Phase.CORNERED: "out of arguments, back to the wall",
    Phase.BARGAINING: "half ready to find a way, on terms",
    Phase.YIELDING: "giving way, grudgingly",
    Phase.CLOSED: "done with the talk",
}
_GIVING = (Tactic.BARGAIN, Tactic.YIELD_A_NOTCH, Tactic.CLOSE_AGREEMENT, Tactic.CLOSE_COMPROMISE, Tactic.CLOSE_BOUNDARY)


def state_in_words(state: PartnerState) -> str:
    """Where the partner stands: phase, heat and how far they have opened, in one sentence."""
    heat = _step(state.tension, "calm enough", "tense", "very angry")
    door = _step(state.openness, "not open to anything yet", "listening a little", "nearly won over")
    tired = "; patience is nearly gone" if state.patience <= 2 else ""
    return f"{_PHASES[state.phase]}; {heat}; {door}{tired}."


def limit_in_words(tactic: Tactic) -> str:
    """How far a reply may give way: as far as the tactic does, and no further."""
    if tactic in _GIVING:
        return "Give way exactly that far, and no further."
    return "Give way in nothing: promise nothing, agree to nothing, do not apologise."


def _step(value: float, low: str, middle: str, high: str) -> str:
    return low if value < 3.5 else middle if value < 7.0 else high
