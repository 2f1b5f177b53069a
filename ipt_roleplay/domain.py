"""The words of the project as frozen types. Nothing here computes more than a property of itself.

Vocabulary: see the design, section 3. A talk is a `Transcript` of `Turn`s; a learner's turn carries a `Reading`, a
partner's turn carries a `Move`; afterwards the coach makes `Feedback`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property


class Speaker(StrEnum):
    """Who says a turn."""

    LEARNER = "learner"
    PARTNER = "partner"


SAY_NOTHING = "*says nothing*"
"""The turn in which the learner keeps silent."""


class Style(StrEnum):
    """What a turn leaves the other person with (codebook)."""

    PASSIVE = "passive"
    AGGRESSIVE = "aggressive"
    PASSIVE_AGGRESSIVE = "passive_aggressive"
    ASSERTIVE = "assertive"


class Signal(StrEnum):
    """One thing that a turn does (codebook)."""

    I_STATEMENT = "i_statement"
    YOU_BLAME = "you_blame"
    CLEAR_REQUEST = "clear_request"
    REFUSAL = "refusal"
    BOUNDARY = "boundary"
    THREAT = "threat"
    VALIDATION = "validation"
    HEDGING = "hedging"
    OVER_APOLOGY = "over_apology"
    JUSTIFICATION = "justification"
    QUESTION_OPEN = "question_open"
    COMPROMISE_OFFER = "compromise_offer"
    REINFORCEMENT = "reinforcement"
    CAPITULATION = "capitulation"
    SARCASM = "sarcasm"
    FEELING_NAMED = "feeling_named"
    INDIRECT_HINT = "indirect_hint"
    SILENCE = "silence"
    ASSUMED_UNDERSTOOD = "assumed_understood"
    ASSUMED_MOTIVE = "assumed_motive"
    INTERRUPTION = "interruption"
    CHECKED_UNDERSTANDING = "checked_understanding"
    BAD_MOMENT = "bad_moment"


class Body(StrEnum):
    """What the learner's body does, read from *asterisks*; silent where nothing is said and nothing else is seen."""

    SHRINKING = "shrinking"
    UPRIGHT = "upright"
    HOSTILE = "hostile"
    SILENT = "silent"


class Phase(StrEnum):
    """Where the talk stands for the partner."""

    OPENING = "opening"
    PRESSING = "pressing"
    TESTING = "testing"
    ESCALATED = "escalated"
    CORNERED = "cornered"
    BARGAINING = "bargaining"
    YIELDING = "yielding"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a talk ended."""

    AGREEMENT = "agreement"
    COMPROMISE = "compromise"
    BOUNDARY_HELD = "boundary_held"
    IMPASSE = "impasse"
    WALKED_OUT = "walked_out"
    CAPITULATED = "capitulated"
    STOPPED = "stopped"


class Tactic(StrEnum):
    """What the partner does with a turn."""

    OPENING = "opening"
    ORDER = "order"
    DICTATE = "dictate"
    CHARM = "charm"
    COMPARE = "compare"
    GUILT = "guilt"
    URGENCY = "urgency"
    PAST_FAVOURS = "past_favours"
    RIDICULE = "ridicule"
    SILENCE = "silence"
    INTERRUPT = "interrupt"
    CHANGE_SUBJECT = "change_subject"
    MINIMISE = "minimise"
    TWIST_WORDS = "twist_words"
    MOVE_GOALPOSTS = "move_goalposts"
    EXCUSE = "excuse"
    THREATEN_TO_TELL = "threaten_to_tell"
    THREATEN_TO_LEAVE = "threaten_to_leave"
    PIN_DOWN = "pin_down"
    BRUSH_OFF = "brush_off"
    REACT_BODY = "react_body"
    REPEAT = "repeat"
    COUNTERATTACK = "counterattack"
    STING = "sting"
    ANSWER = "answer"
    DOUBT = "doubt"
    REVEAL = "reveal"
    BARGAIN = "bargain"
    YIELD_A_NOTCH = "yield_a_notch"
    THAW = "thaw"
    TAKE_MORE = "take_more"
    TAKE_UP = "take_up"
    """No move of its own: the first words of a reply, before a line for any turn; they show what was heard."""
    CLOSE_AGREEMENT = "close_agreement"
    CLOSE_COMPROMISE = "close_compromise"
    CLOSE_BOUNDARY = "close_boundary"
    CLOSE_CAPITULATED = "close_capitulated"
    CLOSE_WALKOUT = "close_walkout"
    CLOSE_IMPASSE = "close_impasse"


class Difficulty(StrEnum):
    """How many counter-moves the partner makes before something shifts."""

    GENTLE = "gentle"
    REALISTIC = "realistic"
    TOUGH = "tough"


class GoalKind(StrEnum):
    """What the learner wants from the talk."""

    GET = "get_something"
    HOLD = "hold_a_limit"
    UNDERSTOOD = "be_understood"
    FIND_OUT = "find_out"
    NOT_TODAY = "not_today"


class ProblemArea(StrEnum):
    """The four problem areas of IPT."""

    GRIEF = "grief"
    ROLE_DISPUTE = "role_dispute"
    ROLE_TRANSITION = "role_transition"
    INTERPERSONAL_DEFICITS = "interpersonal_deficits"


class Relationship(StrEnum):
    """What the partner is to the learner."""

    PARTNER = "partner"
    EX_PARTNER = "ex_partner"
    FAMILY = "family"
    IN_LAW = "in_law"
    FRIEND = "friend"
    WORK = "work"


class Norms(StrEnum):
    """What counts as clear between these two: a plain word, or one that lets everybody keep face or rank."""

    DIRECT = "direct"
    FACE_SAVING = "face_saving"
    HIERARCHICAL = "hierarchical"


# --- personas ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineFamily:
    """Lines that do the same thing to the same kind of turn.

    `answers` are example learner turns this family answers (empty: any turn); `tension` is the inclusive range of the
    partner's tension (0-10) in which the lines are right; `phases`, `bodies` and `goals` are those they are for (empty: any);
    `revealed`: only after (True) or before (False) what is hidden came out; `after`: what the learner's turn amounted to (empty: anything).
    """

    id: str
    tactic: Tactic
    say: tuple[str, ...]
    answers: tuple[str, ...] = ()
    tension: tuple[int, int] = (0, 10)
    phases: frozenset[Phase] = frozenset()
    bodies: frozenset[Body] = frozenset()
    goals: frozenset[GoalKind] = frozenset()
    revealed: bool | None = None
    after: frozenset[Event] = frozenset()

    def suits(
        self,
        tension: float,
        phase: Phase | None = None,
        body: Body | None = None,
        goal: GoalKind | None = None,
        revealed: bool | None = None,
    ) -> bool:
        """Whether these lines are right at this tension, in this phase, before this body, for this goal; None: not asked."""
        if None not in (revealed, self.revealed) and revealed is not self.revealed:
            return False
        if not self.tension[0] <= tension <= self.tension[1]:
            return False
        if self.bodies and body not in self.bodies:
            return False
        return (phase is None or not self.phases or phase in self.phases) and (goal is None or not self.goals or goal in self.goals)

    def line_ids(self) -> tuple[str, ...]:
        """One id for each line, stable as long as the file is."""
        return self._line_ids

    @cached_property
    def _line_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.id}/{number}" for number in range(1, len(self.say) + 1))


@dataclass(frozen=True)
class Goal:
    """One thing a learner may want from a situation, in the learner's words."""

    kind: GoalKind
    text: str


@dataclass(frozen=True)
class LineToTry:
    """A better line for one kind of difficulty in this situation, in the learner's voice."""

    instead_of: Signal | Style
    text: str


@dataclass(frozen=True)
class Situation:
    """One scene of a persona. `facts`: what is true here beside the persona's own, never to be contradicted."""

    id: str
    title: str
    time: str
    place: str
    channel: str
    who: str
    happened: str
    usual: str
    goals: tuple[Goal, ...]
    lines_to_try: tuple[LineToTry, ...]
    families: tuple[LineFamily, ...]
    hidden_interest: str
    facts: tuple[str, ...] = ()

    @cached_property
    def by_tactic(self) -> Mapping[Tactic, tuple[LineFamily, ...]]:
        """The families of each tactic, in their order."""
        return {tactic: tuple(family for family in self.families if family.tactic is tactic) for tactic in Tactic}

    @cached_property
    def with_slots(self) -> frozenset[str]:
        """Ids of the lines that carry something of the learner's own."""
        return frozenset(id_ for family in self.families for id_, line in zip(family.line_ids(), family.say, strict=True) if "{" in line)


@dataclass(frozen=True)
class Persona:
    """The card a partner is played from.

    `heard` and `meant` say, per event and per tactic, what this person hears in a learner's turn and means by a move:
    what the learner is asked to guess afterwards. `facts` are what is true in this family, never to be contradicted.
    `presses_with` is what comes while there is no clear wish, `counter_moves` what comes against one.
    """

    id: str
    name: str
    relation: str
    pronoun: str
    summary: str
    relationship: Relationship
    problem_area: ProblemArea
    coercive: bool
    norms: Norms
    presses_with: tuple[Tactic, ...]
    counter_moves: tuple[Tactic, ...]
    patience: int
    heard: Mapping[Event, str]
    meant: Mapping[Tactic, str]
    facts: tuple[str, ...]
    situations: tuple[Situation, ...]


# --- reading a turn ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignalSpan:
    """A signal and the words that show it: `text[start:end]` of the turn it was read from."""

    signal: Signal
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """One learner turn, read. `scores` has every style, summing to 1. `language` is set where the turn is plainly not English (ISO 639)."""

    style: Style
    scores: Mapping[Style, float]
    signals: tuple[SignalSpan, ...] = ()
    body: Body | None = None
    language: str | None = None

    def has(self, *signals: Signal) -> bool:
        """Whether any of `signals` was read."""
        return any(span.signal in signals for span in self.signals)

    @property
    def names(self) -> tuple[Signal, ...]:
        """The signals read, each once, in the order of the codebook."""
        present = {span.signal for span in self.signals}
        return tuple(signal for signal in Signal if signal in present)


# --- the partner's side -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartnerState:
    """How it stands with the partner. Tension, pressure, openness and face (what backing down would cost) run from 0 to 10.

    `held` counts clear requests or limits that stood through a counter-move; `countered` the counter-moves made; `understood` the
    turns in which the learner saw the partner's side; `given_in` those in which the learner gave in; `patience` runs down to 0.
    `asked` and `offered` say whether a request or a middle way lies on the table; `used` are the tactics so far, in order; `topics` is what
    the learner brought up so far.
    """

    phase: Phase = Phase.OPENING
    tension: float = 4.0
    pressure: float = 5.0
    openness: float = 0.0
    face: float = 6.0
    patience: int = 14
    held: int = 0
    countered: int = 0
    understood: int = 0
    given_in: int = 0
    attacks: int = 0
    revealed: bool = False
    asked: bool = False
    offered: bool = False
    used: tuple[Tactic, ...] = ()
    topics: tuple[str, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Heard:
    """What reaches the partner of a learner's turn: never the words themselves. `topics` are the line families that answer such a turn."""

    style: Style
    signals: frozenset[Signal]
    body: Body | None = None
    repeated: bool = False
    long_speech: bool = False
    asks: bool = False
    topics: frozenset[str] = frozenset()
    only_yes: bool = False
    wordless: bool = False

    def has(self, *signals: Signal) -> bool:
        """Whether any of `signals` was heard."""
        return not self.signals.isdisjoint(signals)


class Event(StrEnum):
    """What a learner's turn amounts to for the partner."""

    ATTACKS = "attacks"
    STINGS = "stings"
    GIVES_IN = "gives_in"
    REPEATS = "repeats"
    OFFERS = "offers"
    STANDS_FIRM = "stands_firm"
    UNDERSTANDS = "understands"
    SAYS_FEELING = "says_feeling"
    ASKS = "asks"
    IS_SILENT = "is_silent"
    STAYS_VAGUE = "stays_vague"
    EXPLAINS = "explains"
    IS_NICE = "is_nice"


AUTHORED = "authored"
STAND_IN = "authored (model failed: "


class GuardFault(StrEnum):
    """What was wrong with a reply of a model that was not used, or not to its end."""

    ASSISTANT = "assistant"
    THERAPIST = "therapist"
    COACHING = "coaching"
    OUT_OF_ROLE = "out_of_role"
    SPEAKS_FOR_LEARNER = "speaks_for_learner"
    CONCEDES = "concedes"
    LIMITS = "limits"
    LEAK = "leak"
    CUT_OFF = "cut_off"
    OTHER_LANGUAGE = "other_language"
    EMPTY = "empty"
    REPEATS = "repeats"


@dataclass(frozen=True)
class Move:
    """What the partner did and in what state: logged for the coach, hidden during the talk.

    `said_by` is "authored", a model's name, or "authored (model failed: <reason>)" where a written line stood in. `guarded`: what was wrong with
    tries of the model that were not used, or not to their end.
    """

    tactic: Tactic
    state: PartnerState
    line_id: str
    event: Event | None
    heard: str
    meant: str
    said_by: str = AUTHORED
    guarded: tuple[GuardFault, ...] = ()
    spent: tuple[int, int] = (0, 0)
    """Tokens that a model used for it: of the prompts, of the replies."""

    @property
    def stood_in_because(self) -> str | None:
        """Why a written line took the model's place, going on from "the model ..."; None if it did not."""
        if not self.said_by.startswith(STAND_IN):
            return None
        return self.said_by.removeprefix(STAND_IN).removesuffix(")")


@dataclass(frozen=True)
class Turn:
    """One turn of a talk, `n` counted from 1 over both speakers."""

    n: int
    speaker: Speaker
    text: str
    reading: Reading | None = None
    move: Move | None = None


@dataclass(frozen=True)
class Transcript:
    """A talk as it was said."""

    turns: tuple[Turn, ...] = ()

    def by(self, speaker: Speaker) -> tuple[Turn, ...]:
        """The turns of one speaker, in order."""
        return tuple(turn for turn in self.turns if turn.speaker is speaker)

    def turn(self, n: int) -> Turn:
        """Turn number `n` (from 1)."""
        return self.turns[n - 1]

    def before(self, n: int) -> Turn | None:
        """The turn before number `n`, or None at the start."""
        return self.turns[n - 2] if n > 1 else None

    def after(self, n: int) -> Turn | None:
        """The turn after number `n`, or None at the end."""
        return self.turns[n] if n < len(self.turns) else None


@dataclass(frozen=True)
class Branch:
    """Where a talk branches off: it is the talk `of` up to the turn before number `at`, and goes on in its own way."""

    of: str
    at: int


@dataclass(frozen=True)
class Session:
    """One practice: who with, what for, and the talk so far. Mood and confidence are 0-10 or skipped.

    `owner` is whose it is (None: the terminal's), `keep_days` after how many days it is forgotten (None: never by itself).
    `swapped`: the person plays the partner, and the program the learner's part, as this kind of learner (None: seats as usual).
    """

    id: str
    persona_id: str
    situation_id: str
    difficulty: Difficulty
    goal: Goal
    seed: int
    started_at: datetime
    transcript: Transcript = field(default_factory=Transcript)
    mood_before: int | None = None
    confidence_before: int | None = None
    mood_after: int | None = None
    confidence_after: int | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    branch: Branch | None = None
    owner: str | None = None
    keep_days: int | None = None
    swapped: str | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether the days it was to be kept are over."""
        return self.keep_days is not None and self.started_at < now - timedelta(days=self.keep_days)


# --- safety -----------------------------------------------------------------------------------------------------


class Danger(StrEnum):
    """What the safety screen stops for."""

    SUICIDE_SELF = "suicide_self"
    SELF_HARM = "self_harm"
    HARM_TO_OTHERS = "harm_to_others"
    IPV_DANGER = "ipv_danger"


# --- notes and feedback -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NoteSource:
    """Where a note's facts come from: a source's label and an inclusive line range such as "27-31"."""

    file: str
    lines: str


@dataclass(frozen=True)
class Note:
    """One IPT note: Markdown below level-two headings, and where its facts come from; one's own notes have a `file` name and a day (`added`)."""

    id: str
    title: str
    topics: tuple[str, ...]
    origin: str
    sources: tuple[NoteSource, ...]
    body: str
    file: str = ""
    added: str = ""


@dataclass(frozen=True)
class Passage:
    """One section of a note, as found. `score` (0 to 1) is comparable across questions."""

    note_id: str
    note_title: str
    heading: str
    text: str
    score: float
    sources: tuple[NoteSource, ...] = ()
    origin: str = "sources"

    @property
    def key(self) -> str:
        """The citation key, `note#heading`."""
        return f"{self.note_id}#{self.heading}"


class FindingKind(StrEnum):
    """What a finding is about."""

    STRENGTH = "strength"
    TURNING_POINT = "turning_point"
    TRY = "try"
    GUILT = "guilt"
    STYLE = "style"


@dataclass(frozen=True)
class Finding:
    """One point of the coach: `quote` is verbatim from turn `turn`, `citations` are keys of retrieved passages.

    `better_line` is one thing to say instead, where there is one.
    """

    kind: FindingKind
    turn: int
    quote: str
    text: str
    citations: tuple[str, ...] = ()
    better_line: str | None = None


@dataclass(frozen=True)
class CommunicationAnalysis:
    """A transcript, read: `turns` are the learner's turn numbers with readings; the rest are turn numbers or None."""

    transcript: Transcript
    turning_point: int | None
    strongest: int | None
    weakest: tuple[int, ...]


@dataclass(frozen=True)
class Feedback:
    """What the coach says after a talk. `passages` are what the citations open, numbered from 1 in this order."""

    headline: str
    analysis: CommunicationAnalysis
    findings: tuple[Finding, ...]
    passages: tuple[Passage, ...]

    def finding(self, kind: FindingKind) -> Finding | None:
        """The first finding of a kind."""
        return next((finding for finding in self.findings if finding.kind is kind), None)

    def number(self, key: str) -> int:
        """The number [1..] under which a citation is shown."""
        return next(i for i, passage in enumerate(self.passages, start=1) if passage.key == key)
