"""The coach, first version: one thing that went well, where the talk turned, one thing to try, a note on guilt where it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ipt_roleplay.analysis.transcript import analyze, read_talk, worth_of
from ipt_roleplay.coach import phrases
from ipt_roleplay.coach.citations import Citations
from ipt_roleplay.coach.phrases import PROBLEMS, Problem, problem_of, strength_of
from ipt_roleplay.coach.quotes import quote_for
from ipt_roleplay.coach.rewrite import better_line
from ipt_roleplay.domain import (
    CommunicationAnalysis,
    Feedback,
    Finding,
    FindingKind,
    Outcome,
    Persona,
    Signal,
    Situation,
    Speaker,
    Style,
    Tactic,
    Transcript,
    Turn,
)
from ipt_roleplay.ports import Retriever, TextClassifier
from ipt_roleplay.safety import screen
from ipt_roleplay.text import sentences

IN_DOUBT = -0.2
"""Worth of a turn (see `worth_of`) below which the coach does not claim that nothing is to mend."""

PLAINLY_WEAK = -0.7
"""Worth below which the coach says that a turn made things worse."""

_PRONOUNS = {"she": ("she", "her"), "he": ("he", "him"), "they": ("they", "them")}
_OWN = {"she": "her", "he": "his", "they": "their"}
_GUILT_WORDS = (
    "guilt",
    "i feel bad",
    "i feel terrible",
    "i feel awful",
    "bad daughter",
    "bad son",
    "let her down",
    "let mum down",
    "let dad down",
)
_GUILT_PUSH = (
    "after all i",
    "after everything",
    "ashamed of you",
    "what would",
    "so i'll do it all",
    "don't worry about me",
    "how could you",
    "selfish",
)


@dataclass(frozen=True)
class TalkAbout:
    """What is known of a talk besides its words; all of it is missing for a talk that was written down."""

    persona: Persona | None = None
    situation: Situation | None = None
    outcome: Outcome | None = None

    def fill(self, text: str, **more: str) -> str:
        """`text` with the other person's pronouns and name."""
        pronoun = self.persona.pronoun if self.persona else "they"
        she, her = _PRONOUNS[pronoun]
        if "{her} side" in text or "{her} way" in text or "{her} part" in text:
            for noun in ("side", "way", "part"):
                text = text.replace(f"{{her}} {noun}", f"{_OWN[pronoun]} {noun}")
        filled = text.format(she=she, her=her, She=she.capitalize(), name=self.persona.name if self.persona else "They", **more)
        return _plural(filled) if pronoun == "they" else filled


class FeedbackCoach:
    """Reads the talk and speaks afterwards; every quote is verbatim and every citation was retrieved, or it is left out."""

    def __init__(self, reader: TextClassifier, retriever: Retriever) -> None:
        self._reader = reader
        self._retriever = retriever

    def feedback(self, transcript: Transcript, about: TalkAbout) -> Feedback:
        """What to say about a talk. `transcript` may come without readings."""
        analysis = analyze(read_talk(transcript, self._reader), about.outcome)
        citations = Citations(self._retriever)
        made = [
            *self._strength(analysis, about, citations),
            *self._try(analysis, about, citations),
            *self._turning_point(analysis, about, citations),
            *_guilt(analysis, about, citations),
        ]
        spoken_of = [finding for finding in made if _is_practice(analysis.transcript.turn(finding.turn))]
        findings = citations.checked(spoken_of, analysis.transcript)
        return Feedback(
            headline=about.fill(phrases.HEADLINES[about.outcome]),
            analysis=analysis,
            findings=findings,
            passages=citations.passages(findings),
        )

    def _strength(self, analysis: CommunicationAnalysis, about: TalkAbout, citations: Citations) -> Sequence[Finding]:
        if analysis.strongest is None:
            return ()
        turn = analysis.transcript.turn(analysis.strongest)
        words = strength_of(turn.reading) if turn.reading else None
        if words is None:
            return ()
        text = about.fill(f"{words.text} {_reaction(analysis.transcript, turn)}".strip())
        return (Finding(FindingKind.STRENGTH, turn.n, quote_for(turn, words.needs), text, citations.find(words.query)),)

    def _try(self, analysis: CommunicationAnalysis, about: TalkAbout, citations: Citations) -> Sequence[Finding]:
        weak = [turn for n in analysis.weakest if _is_practice(turn := analysis.transcript.turn(n))]
        ranked = sorted((turn for turn in weak if turn.reading), key=lambda turn: worth_of(turn.reading) if turn.reading else 0.0)
        for turn in ranked:
            problem = problem_of(turn.reading) if turn.reading else None
            if problem is None:
                continue
            words = PROBLEMS[problem]
            said = frozenset(other.text for other in analysis.transcript.by(Speaker.LEARNER))
            line = better_line(turn, problem, about.situation, self._reader, said)
            text = about.fill(_heard_first(words.text, problem, turn, analysis.transcript))
            return (Finding(FindingKind.TRY, turn.n, quote_for(turn, words.signals), text, citations.find(words.query), line),)
        return ()

    def _turning_point(self, analysis: CommunicationAnalysis, about: TalkAbout, citations: Citations) -> Sequence[Finding]:
        n = analysis.turning_point
        if n is None:
            return ()
        turn = analysis.transcript.turn(n)
        assert turn.reading is not None
        text, query = _turning_words(turn, analysis, about)
        return (Finding(FindingKind.TURNING_POINT, n, quote_for(turn, _telling(turn)), text, citations.find(query)),)


def _is_practice(turn: Turn) -> bool:
    """Words that may tell of danger are no line to be quoted, praised or bettered."""
    return screen(turn.text) is None


def _turning_words(turn: Turn, analysis: CommunicationAnalysis, about: TalkAbout) -> tuple[str, str]:
    """What to say of the turning point, and what to look up for it."""
    assert turn.reading is not None
    worth = worth_of(turn.reading)
    well = worth > 0
    if turn.reading.has(Signal.CAPITULATION):
        return about.fill(phrases.GAVE_WAY), "after saying okay: anger, resentment, and no choice"
    answer = analysis.transcript.after(turn.n)
    query = "holding through objections with the same limit" if well else "notice a habit before you try to change it"
    if answer and answer.move and answer.move.heard:
        return about.fill(phrases.TURNED_WITH_STATE, heard=answer.move.heard), query
    sure = worth > 0.5 or worth < PLAINLY_WEAK
    return about.fill(phrases.TURNED.get((_before(turn, analysis), well), phrases.TURNED_ANYHOW) if sure else phrases.TURNED_ANYHOW), query


def _before(turn: Turn, analysis: CommunicationAnalysis) -> Style:
    """The style that prevailed in the learner's turns before this one."""
    earlier = [other.reading.style for other in analysis.transcript.by(Speaker.LEARNER) if other.reading and other.n < turn.n]
    return max(Style, key=earlier.count) if earlier else Style.ASSERTIVE


def nothing_to_fix(feedback: Feedback) -> bool:
    """Whether the coach may say so: something went well, nothing is to be tried again, and no turn is in doubt."""
    readings = [turn.reading for turn in feedback.analysis.transcript.by(Speaker.LEARNER) if turn.reading]
    settled = feedback.finding(FindingKind.STRENGTH) and not feedback.finding(FindingKind.TRY)
    return bool(settled) and all(worth_of(reading) > IN_DOUBT for reading in readings)


def _guilt(analysis: CommunicationAnalysis, about: TalkAbout, citations: Citations) -> Sequence[Finding]:
    """Guilt in the learner's own words first; else the partner's reach for it, if the learner gave way or apologised after."""
    for turn in analysis.transcript.by(Speaker.LEARNER):
        low = turn.text.lower()
        if any(word in low for word in _GUILT_WORDS):
            position = next(low.find(word) for word in _GUILT_WORDS if word in low)
            return (
                Finding(
                    FindingKind.GUILT, turn.n, _sentence_at(turn.text, position), phrases.GUILT_FELT, citations.find(phrases.GUILT_QUERY)
                ),
            )
    for turn in analysis.transcript.by(Speaker.PARTNER):
        answer = analysis.transcript.after(turn.n)
        if (
            _pushes_guilt(turn)
            and answer
            and answer.reading
            and answer.reading.has(Signal.CAPITULATION, Signal.OVER_APOLOGY, Signal.JUSTIFICATION)
        ):
            text = about.fill(phrases.GUILT_PUSHED)
            return (Finding(FindingKind.GUILT, turn.n, quote_for(turn, ()), text, citations.find(phrases.GUILT_GENERAL_QUERY)),)
    return ()


def _pushes_guilt(turn: Turn) -> bool:
    if turn.move:
        return turn.move.tactic is Tactic.GUILT
    return any(words in turn.text.lower() for words in _GUILT_PUSH)


def _sentence_at(text: str, position: int) -> str:
    for span in sentences(text):
        if span.start <= position < span.end:
            return text[span.start : span.end]
    return text[position : position + 80].strip()


def _reaction(transcript: Transcript, turn: Turn) -> str:
    answer = transcript.after(turn.n)
    return phrases.REACTIONS.get(answer.move.tactic, "") if answer and answer.move else ""


def _heard_first(text: str, problem: Problem, turn: Turn, transcript: Transcript) -> str:
    """For a talk that really happened nobody knows what was heard: it stays "may have heard"."""
    answer = transcript.after(turn.n)
    if answer and answer.move:
        return text
    return text.replace("{She} heard", "{She} may have heard").replace("{She} hears", "{She} may hear")


def _telling(turn: Turn) -> Sequence[Signal]:
    """The signals that say most about a turn, for its quote."""
    assert turn.reading is not None
    first = (
        Signal.CAPITULATION,
        Signal.THREAT,
        Signal.YOU_BLAME,
        Signal.SARCASM,
        Signal.COMPROMISE_OFFER,
        Signal.REFUSAL,
        Signal.CLEAR_REQUEST,
        Signal.BOUNDARY,
        Signal.VALIDATION,
    )
    return [signal for signal in first if turn.reading.has(signal)][:1]


def _plural(text: str) -> str:
    """Verbs after "they" in the few forms that the phrases use."""
    for one, many in (("is", "are"), ("hears", "hear"), ("was", "were"), ("has", "have")):
        for they in ("They", "they"):
            text = text.replace(f"{they} {one} ", f"{they} {many} ")
    return text
