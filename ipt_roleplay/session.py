"""The only orchestrator of a practice: start, take a turn, end, list, show, delete; each owner sees their own talks only.

The order of a turn: the words are cleaned and kept, then screened for danger, then read, then answered. Whatever fails after the
first step, the learner's words are there.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass, replace

from ipt_roleplay.coach import FeedbackCoach, TalkAbout
from ipt_roleplay.domain import (
    Branch,
    Danger,
    Difficulty,
    Feedback,
    Goal,
    Outcome,
    Phase,
    Reading,
    Session,
    Speaker,
    Transcript,
    Turn,
)
from ipt_roleplay.errors import EmptyTurnError, SessionStateError, TurnTooLongError, UnknownNameError
from ipt_roleplay.learner import KINDS, Hint, LearnersSeat, hints
from ipt_roleplay.partner import Partner, Reply, Scene
from ipt_roleplay.personas import PersonaLibrary
from ipt_roleplay.ports import Clock, SessionStore, TextClassifier
from ipt_roleplay.safety import Afraid, pass_gate, screen
from ipt_roleplay.text import clean

LONGEST_TURN = 10_000
"""Characters; more is refused and the text left with the learner."""

LONGEST_SWAP = 12
"""How often the learner's part answers somebody who sits in the partner's seat; then it is time to look at it."""

CUT = " …"
"""What stands at the end of a reply that was stopped while it was said."""


@dataclass(frozen=True)
class Answer:
    """What came of a learner's turn: a danger (then there is no reply), or the partner's reply, to be shown piece by piece.

    Whoever shows a reply draws its pieces to the end or closes them: a streamed reply is kept only then.
    """

    turn: Turn
    danger: Danger | None
    reply: Reply | None


@dataclass(frozen=True)
class Practice:
    """The use cases of a practice, over one store."""

    store: SessionStore
    personas: PersonaLibrary
    partner: Partner
    reader: TextClassifier
    coach: FeedbackCoach
    seat: LearnersSeat
    clock: Clock
    rng: random.Random
    owner: str | None = None
    """Whose talks these are; None: everybody's, for whoever may read the storage anyway."""
    keep_days: int | None = None
    """After how many days new talks are forgotten; None: never by themselves."""

    def start(
        self,
        persona_id: str,
        situation_id: str | None = None,
        *,
        goal: Goal | None = None,
        difficulty: Difficulty = Difficulty.REALISTIC,
        mood: int | None = None,
        confidence: int | None = None,
        seed: int | None = None,
        afraid: Afraid | None = None,
    ) -> Session:
        """Begin a talk; the partner has said the first line. `mood` and `confidence` are 0-10 or None.

        This is the only way into a live talk. Raises GateClosedError with a coercive persona, unless `afraid` is "no".
        """
        session = replace(
            self._new(persona_id, situation_id, afraid, seed), difficulty=difficulty, mood_before=mood, confidence_before=confidence
        )
        session = replace(session, goal=goal or session.goal)
        self.store.create(session)
        self._said(session.id, self.partner.open(self.scene(session)))
        return self.store.get(session.id)

    def swap(
        self, persona_id: str, situation_id: str | None = None, *, kind: str, seed: int | None = None, afraid: Afraid | None = None
    ) -> Session:
        """Begin a talk with the seats swapped: the person plays the partner and speaks first, a learner of `kind` answers.

        Raises UnknownNameError for a kind that is not one of KINDS, and GateClosedError as `start` does.
        """
        if kind not in KINDS:
            raise UnknownNameError("learner", kind, KINDS)
        session = replace(self._new(persona_id, situation_id, afraid, seed), swapped=kind)
        self.store.create(session)
        return session

    def take_turn(self, session_id: str, text: str) -> Answer:
        """Keep the learner's words, then screen, read and answer them.

        Raises EmptyTurnError, TurnTooLongError, SessionStateError, UnknownNameError or StorageError; then the words are not
        kept, and the caller still has them.
        """
        self._keep_words(session_id, text, Speaker.LEARNER)
        return self.answer(session_id)

    def speak_as_partner(self, session_id: str, text: str) -> Danger | None:
        """With swapped seats: keep the person's words, said as the partner, then screen them and let the learner's part answer.

        Raises as `take_turn` does.
        """
        self._keep_words(session_id, text, Speaker.PARTNER)
        danger = screen(self.show(session_id).transcript.turns[-1].text)
        if danger is None:
            self.answer_as_learner(session_id)
        return danger

    def answer_as_learner(self, session_id: str) -> Turn:
        """With swapped seats: the learner's answer to the partner's last words, read as any turn is. Ends the talk after LONGEST_SWAP answers."""
        session = self._open_talk(session_id, swapped=True)
        if not session.transcript.turns or session.transcript.turns[-1].speaker is not Speaker.PARTNER:
            raise SessionStateError("There is nothing to answer. Say something first.")
        _, situation = self.personas.scene(session.persona_id, session.situation_id)
        words = self.seat.next(situation, session.transcript, session.swapped or KINDS[0], session.seed)
        turn = Turn(len(session.transcript.turns) + 1, Speaker.LEARNER, words)
        turn = replace(turn, reading=self._read(session.transcript, turn))
        self.store.append(session_id, turn)
        if len(session.transcript.by(Speaker.LEARNER)) + 1 >= LONGEST_SWAP:
            self.end(session_id)
        return turn

    def answer(self, session_id: str) -> Answer:
        """Answer the learner's last turn, also one that was kept before a crash and has no answer yet."""
        session = self._open_talk(session_id)
        last = session.transcript.turns[-1]
        if last.speaker is not Speaker.LEARNER:
            raise SessionStateError("There is nothing to answer. Say something first.")
        danger = screen(last.text)
        if danger:
            return Answer(last, danger, None)
        self.partner.listen(last.text)
        read = replace(last, reading=self._read(session.transcript, last))
        self.store.revise(session_id, read)
        scene = self.scene(self.store.get(session_id))
        return Answer(read, None, self._said(session_id, self.partner.reply(scene)))

    def rewind(self, session_id: str, n: int) -> Session:
        """Go back to just before the learner's turn `n`: a new talk that branches off there; the old one is kept as it is.

        Raises SessionStateError if turn `n` is not one of the learner's.
        """
        session = self.show(session_id)
        if session.swapped:
            raise SessionStateError("With swapped seats there is no going back to a line. Begin again: it is short.")
        turns = session.transcript.turns
        if not 1 <= n <= len(turns) or turns[n - 1].speaker is not Speaker.LEARNER:
            raise SessionStateError("One can go back to a line of one's own only. Choose one of yours.")
        branch = replace(
            session,
            id=f"{self.rng.getrandbits(64):016x}",
            started_at=self.clock.now(),
            transcript=Transcript(turns[: n - 1]),
            ended_at=None,
            outcome=None,
            mood_after=None,
            confidence_after=None,
            branch=Branch(session.id, n),
        )
        self.store.create(branch)
        return branch

    def end(self, session_id: str, *, mood: int | None = None, confidence: int | None = None) -> Session:
        """End the talk (stopped, unless the partner closed it), and keep mood and confidence afterwards where given."""
        session = self.show(session_id)
        ended = replace(
            session,
            outcome=session.outcome or Outcome.STOPPED,
            ended_at=session.ended_at or self.clock.now(),
            mood_after=session.mood_after if mood is None else mood,
            confidence_after=session.confidence_after if confidence is None else confidence,
        )
        self.store.update(ended)
        return ended

    def feedback(self, session_id: str) -> Feedback:
        """The coach's view of a talk."""
        session = self.show(session_id)
        persona, situation = self.personas.scene(session.persona_id, session.situation_id)
        return self.coach.feedback(session.transcript, TalkAbout(persona, situation, session.outcome))

    def show(self, session_id: str) -> Session:
        """One talk of the owner's; somebody else's is as unknown as one that never was. Raises UnknownNameError."""
        with suppress(UnknownNameError):
            session = self.store.get(session_id)
            if self.owner in (None, session.owner):
                return session
        raise UnknownNameError("session", session_id, [session.id for session in self.list()])

    def list(self) -> tuple[Session, ...]:
        """The owner's talks, newest first."""
        return self.store.list(self.owner)

    def hints(self, session_id: str) -> tuple[Hint, ...]:
        """Three things the learner could say next, of different styles."""
        return hints(self._open_talk(session_id))

    def delete(self, session_id: str) -> None:
        """Remove a talk and every word of it."""
        self.store.delete(self.show(session_id).id)

    def keep_for(self, days: int | None) -> None:
        """Set after how many days the owner's talks are forgotten, also those that are there; None: never by themselves."""
        if self.owner is not None:
            self.store.keep_for(self.owner, days)

    def forget_expired(self) -> int:
        """Remove everybody's talks whose days are over; returns how many."""
        return self.store.forget_expired(self.clock.now())

    def scene(self, session: Session) -> Scene:
        """The talk as the partner sees it."""
        persona, situation = self.personas.scene(session.persona_id, session.situation_id)
        return Scene(persona, situation, session.difficulty, session.seed, session.transcript, session.goal.kind)

    def _read(self, transcript: Transcript, turn: Turn) -> Reading:
        before = transcript.before(turn.n)
        return self.reader.read(turn.text, before.text if before else None)

    def _new(self, persona_id: str, situation_id: str | None, afraid: Afraid | None, seed: int | None) -> Session:
        """A talk that has not begun; every live talk comes from here, so the gate stands here."""
        persona, situation = self.personas.scene(persona_id, situation_id)
        pass_gate(persona, afraid)
        return Session(
            id=f"{self.rng.getrandbits(64):016x}",
            persona_id=persona.id,
            situation_id=situation.id,
            difficulty=Difficulty.REALISTIC,
            goal=situation.goals[0],
            seed=self.rng.getrandbits(31) if seed is None else seed,
            started_at=self.clock.now(),
            owner=self.owner,
            keep_days=self.keep_days,
        )

    def _keep_words(self, session_id: str, text: str, speaker: Speaker) -> None:
        """Put a person's words into the storage, said in the seat that `speaker` names."""
        words = clean(text)
        if not words:
            raise EmptyTurnError
        if len(words) > LONGEST_TURN:
            raise TurnTooLongError(len(words), LONGEST_TURN)
        session = self._open_talk(session_id, swapped=speaker is Speaker.PARTNER)
        self.store.append(session_id, Turn(len(session.transcript.turns) + 1, speaker, words))

    def _open_talk(self, session_id: str, *, swapped: bool = False) -> Session:
        session = self.show(session_id)
        if bool(session.swapped) is not swapped:
            raise SessionStateError("In this talk the seats are the other way round. Open it from your talks.")
        if session.outcome is not None:
            raise SessionStateError("This talk is over. Look at it again under your talks, or start a new one.")
        return session

    def _said(self, session_id: str, reply: Reply) -> Reply:
        """The reply; a written one is kept whole before its first piece is shown, a streamed one when it ends."""
        session = self.store.get(session_id)
        if reply.streams:
            reply.pieces = self._as_it_comes(session, reply, reply.pieces)
            return reply
        pieces = tuple(reply.pieces)
        self._keep_said(session, reply, "".join(pieces))
        reply.pieces = (piece for piece in pieces)
        return reply

    def _as_it_comes(self, session: Session, reply: Reply, pieces: Generator[str, None, None]) -> Generator[str, None, None]:
        """Hand out the pieces and keep what was said at the end; closed early, what was said so far is kept and marked as cut."""
        said, cut = "", True
        try:
            with closing(pieces):
                for piece in pieces:
                    said += piece
                    yield piece
            cut = False
        finally:
            if said.strip():
                self._keep_said(session, reply, said.rstrip() + (CUT if cut else ""))

    def _keep_said(self, session: Session, reply: Reply, text: str) -> None:
        """Keep the partner's turn; a talk that it closes is ended."""
        self.store.append(session.id, Turn(len(session.transcript.turns) + 1, Speaker.PARTNER, text, move=reply.move))
        if reply.move.state.phase is Phase.CLOSED:
            self.store.update(replace(session, outcome=reply.move.state.outcome, ended_at=self.clock.now()))
