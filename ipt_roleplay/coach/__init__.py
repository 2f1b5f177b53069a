"""Communication analysis after a talk: `feedback.py` puts it together, `phrases.py` has the words, `quotes.py` checks every quote,
`citations.py` finds the notes, `rewrite.py` finds the line to try."""

from ipt_roleplay.coach.feedback import FeedbackCoach, TalkAbout, nothing_to_fix

__all__ = ["FeedbackCoach", "TalkAbout", "nothing_to_fix"]
