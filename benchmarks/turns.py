"""What a turn and the feedback cost without any page: the work that a practice adds to the bare encoder or reader."""

from __future__ import annotations

import json
import random
import time

from benchmarks.measure import Row, Timing, in_turns
from evals.yield_rules import PERSONA, lines_of
from ipt_roleplay.analysis.formats import parse_transcript
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.coach import TalkAbout
from ipt_roleplay.domain import Speaker
from ipt_roleplay.learner import KINDS
from ipt_roleplay.session import Practice
from ipt_roleplay.simulation import simulate

WORDS = 40
MAIN = ("aggressive_sister", "controlling_partner")
REPLIES = 120
REPLY_P95_AT_MOST = 0.030
TALKS = 50
TALKS_AT_MOST = 240.0 * TALKS / 1000
"""A thousand simulated talks in four minutes."""
LEARNER_TURNS = 20
FEEDBACKS = 15
FEEDBACK_AT_MOST = 1.0


def reply_row(services: Services) -> Row:
    """A turn of 40 words, screened, read and answered, beside encoding 40 words once."""
    ours, theirs = in_turns(_taking(services.off_the_record(), 0), _encoding(services), REPLIES, warm_up=5)
    return Row(
        what=f"authored reply to a turn of {WORDS} words",
        yardstick="encoding such a turn once",
        how=f"`take_turn` off the record, every turn new, {REPLIES} rounds",
        ours=ours,
        theirs=theirs,
        p95_at_most=REPLY_P95_AT_MOST,
    )


def kept_reply_row(services: Services) -> Row:
    """What keeping a talk on disk adds, since every word is written before it is answered."""
    ours, theirs = in_turns(_taking(services.kept, 20_000), _taking(services.off_the_record(), 30_000), REPLIES, warm_up=5)
    return Row(
        what="the same reply in a talk that is kept",
        yardstick="the same off the record",
        how=f"`take_turn` with SQLite in the data folder, which waits for the disk, {REPLIES} rounds",
        ours=ours,
        theirs=theirs,
    )


def _taking(practice: Practice, first: int) -> Timing:
    """Take new turns of 40 words, with a new talk (not timed) where one has closed."""
    talks = [practice.start(PERSONA, seed=first).id]

    def take(number: int) -> float:
        if practice.show(talks[-1]).outcome is not None:
            talks.append(practice.start(PERSONA, seed=first + number).id)
        words = turn_of(WORDS, first + number)
        began = time.perf_counter()
        answer = practice.take_turn(talks[-1], words)
        taken = time.perf_counter() - began
        assert answer.reply is not None, "a timed turn must be answered"
        return taken

    return take


def _encoding(services: Services) -> Timing:
    def encode(number: int) -> float:
        words = turn_of(WORDS, 10_000 + number)
        began = time.perf_counter()
        services.encoder.encode([words])
        return time.perf_counter() - began

    return encode


def feedback_row(services: Services) -> Row:
    """The coach on a talk it never saw, beside reading as many turns."""

    def feed(number: int) -> float:
        talk = parse_transcript(json.dumps({"turns": _talk(number)}))
        began = time.perf_counter()
        feedback = services.coach.feedback(talk, TalkAbout())
        taken = time.perf_counter() - began
        assert feedback.findings
        return taken

    def read(number: int) -> float:
        turns = [turn["text"] for turn in _talk(50_000 + number) if turn["speaker"] == "learner"]
        began = time.perf_counter()
        for turn in turns:
            services.reader.read(turn)
        return time.perf_counter() - began

    ours, theirs = in_turns(feed, read, FEEDBACKS, warm_up=2)
    return Row(
        what=f"feedback for {LEARNER_TURNS} turns",
        yardstick=f"reading {LEARNER_TURNS} other turns",
        how=f"{LEARNER_TURNS} learner turns and as many of the partner, nothing read before, {FEEDBACKS} rounds",
        ours=ours,
        theirs=theirs,
        median_at_most=FEEDBACK_AT_MOST,
    )


def simulated_row(services: Services) -> Row:
    """Whole simulated talks of at most twelve learner turns, every turn read as a person's is, beside reading as many turns."""
    played: list[int] = []

    def talks(number: int) -> float:
        began = time.perf_counter()
        turns = 0
        for talk in range(TALKS):
            persona, kind = MAIN[talk % 2], KINDS[talk % len(KINDS)]
            (run,) = simulate(services.on_stage(), persona, None, kind, seeds=(number * TALKS + talk,))
            turns += len(run.transcript.by(Speaker.LEARNER))
        played.append(turns)
        return time.perf_counter() - began

    def read(number: int) -> float:
        texts = [turn_of(15, 70_000 + number * 1000 + place) for place in range(played[-1] if played else TALKS * 6)]
        began = time.perf_counter()
        for text in texts:
            services.reader.read(text)
        return time.perf_counter() - began

    ours, theirs = in_turns(talks, read, 3, warm_up=2)
    return Row(
        what=f"{TALKS} simulated talks",
        yardstick="reading as many other turns of 15 words",
        how=f"`simulate` with both main personas and five kinds of learner, at most 12 learner turns each, {sum(played[-3:])} turns in 3 rounds",
        ours=ours,
        theirs=theirs,
        median_at_most=TALKS_AT_MOST,
    )


def turn_of(words: int, number: int) -> str:
    """Exactly so many words from the assertive learner's lines, in an order of its own: the encoder has not seen it before."""
    lines = lines_of("assertive")
    random.Random(number).shuffle(lines)
    return " ".join(" ".join(line for line in lines if "*" not in line).split()[:words])


def _talk(number: int) -> list[dict[str, str]]:
    """Turns of 15 words from all kinds of learner; the partner's are short and always the same."""
    turns = []
    for place in range(LEARNER_TURNS):
        turns.append({"speaker": "partner", "text": "You're taking her, and that is that."})
        turns.append({"speaker": "learner", "text": turn_of(15, number * LEARNER_TURNS + place)})
    return turns
