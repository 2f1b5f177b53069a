from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ipt_roleplay.analysis.turn import WEIGHTS, FirstReading
from ipt_roleplay.domain import Body, Signal, Style
from training.fit_reading import dataset_hash

DEV = Path(__file__).parent / "data" / "reading_dev.jsonl"


@pytest.mark.parametrize(
    ("text", "style", "signals"),
    [
        ("I can't do Wednesday. I'd like you to take her this time.", Style.ASSERTIVE, {Signal.REFUSAL, Signal.CLEAR_REQUEST}),
        ("No.", Style.ASSERTIVE, {Signal.REFUSAL}),
        ("You never think about anyone but yourself, you selfish cow.", Style.AGGRESSIVE, {Signal.YOU_BLAME}),
        ("I feel that you are selfish.", Style.AGGRESSIVE, {Signal.YOU_BLAME}),
        ("okay", Style.PASSIVE, {Signal.CAPITULATION}),
        ("Fine, I'll do it then.", Style.PASSIVE, {Signal.CAPITULATION}),
        ("Oh lovely, Saint Denise has spoken. Thanks so much.", Style.PASSIVE_AGGRESSIVE, {Signal.SARCASM}),
        ("I know you've been doing a lot, and I still can't take her on Wednesday.", Style.ASSERTIVE, {Signal.VALIDATION, Signal.REFUSAL}),
        ("You do Wednesday and I'll do the next two.", Style.ASSERTIVE, {Signal.COMPROMISE_OFFER}),
        ("Sorry, sorry, I'm so sorry to ask, maybe it's just me.", Style.PASSIVE, {Signal.OVER_APOLOGY, Signal.HEDGING}),
        ("How are you coping with all of it?", Style.ASSERTIVE, {Signal.QUESTION_OPEN}),
        ("If you shout at me I'm going to leave the room.", Style.ASSERTIVE, {Signal.BOUNDARY}),
    ],
)
def test_plain_turns_are_read_as_a_person_would(reader: FirstReading, text: str, style: Style, signals: set[Signal]) -> None:
    reading = reader.read(text)
    assert reading.style is style
    assert signals <= set(reading.names)


def test_spans_show_the_words_of_their_signal(reader: FirstReading) -> None:
    text = "*sits up* I know you're tired, Denise. I can't do Wednesday."
    spans = {span.signal: text[span.start : span.end] for span in reader.read(text).signals}
    assert spans[Signal.REFUSAL] == "I can't do Wednesday"
    assert spans[Signal.VALIDATION].startswith("I know you're tired")


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("*looks at the floor* ok", Body.SHRINKING),
        ("*stands up straight* No.", Body.UPRIGHT),
        ("*slams the door* Fine!", Body.HOSTILE),
        ("Hello", None),
    ],
)
def test_the_body_is_read_from_asterisks(reader: FirstReading, text: str, body: Body | None) -> None:
    assert reader.read(text).body is body


def test_silence_is_passive_and_says_so(reader: FirstReading) -> None:
    for text in ("...", "*says nothing*"):
        reading = reader.read(text)
        assert reading.has(Signal.SILENCE)
        assert reading.style is Style.PASSIVE


def test_scores_are_probabilities(reader: FirstReading) -> None:
    scores = reader.read("I want us to share it.").scores
    assert set(scores) == set(Style)
    assert abs(sum(scores.values()) - 1.0) < 1e-6


def test_turns_by_an_author_who_wrote_no_training_text(reader: FirstReading) -> None:
    """A floor, so that a change that breaks the reader is seen; half of these turns have a misleading surface."""
    rows = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
    right = np.mean([reader.read(row["text"], row["context"]).style == row["style"] for row in rows])
    majority = max(np.mean([row["style"] == style for row in rows]) for style in Style)
    assert right > majority + 0.3


def test_the_weights_were_fitted_to_the_turns_that_lie_beside_them() -> None:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        assert str(stored["dataset"]) == dataset_hash(), "run `python -m training.fit_reading`"
