from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ipt_roleplay.analysis.language import _identifier, foreign_language
from ipt_roleplay.analysis.turn import WEIGHTS, FirstReading
from ipt_roleplay.domain import Body, Signal, Style
from ipt_roleplay.encoders.pairs import PairTokenizer, line_before
from training.fit_reading import dataset_hash
from training.rows import read_turns, training_files

DEV = Path(__file__).parent / "data" / "reading_dev.jsonl"
DATASETS = Path(__file__).resolve().parents[1] / "evals" / "datasets"


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


def test_the_start_and_the_end_of_a_long_turn_are_read() -> None:
    pair = PairTokenizer().pair(None, "first " + "so " * 500 + "last")
    places = list(pair.said.values())
    assert places[0] == (0, 5)
    assert places[-1][1] == 6 + 1500 + 4
    assert len(pair.ids) < 160


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ('Mum: "Well?"', "Well?"),
        ("“Sit down.”", "Sit down."),
        ("Dr. O'Neil: Sit.", "Sit."),
        ("At three: the bus.", "the bus."),
        ("", ""),
        (None, ""),
    ],
)
def test_who_said_the_line_before_is_left_out(context: str | None, said: str) -> None:
    assert line_before(context) == said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("No puedo ir el miércoles, ya te lo dije.", "es"),
        ("Nein, das mache ich nicht.", "de"),
        ("Non, je suis désolée mais c'est non.", "fr"),
        ("水曜日は無理です", "ja"),
        ("No. I can't do Wednesday.", None),
        ("aye nae bother pal", None),
        ("ok sí", None),
        ("*looks at the floor*", None),
        ("", None),
    ],
)
def test_another_language_is_noticed_where_it_is_plain(text: str, language: str | None) -> None:
    assert foreign_language(text) == language


def test_no_room_to_unpack_the_languages_costs_the_notice_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _identifier.cache_clear()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    assert foreign_language("No puedo el miércoles, lo siento.") is None
    monkeypatch.undo()
    assert foreign_language("No puedo el miércoles, lo siento.") == "es"


def test_english_turns_are_not_taken_for_another_language() -> None:
    assert [row.text for row in read_turns() if foreign_language(row.text)] == []


def test_the_labelled_turns_are_what_the_codebook_wants() -> None:
    """Enough of every signal, and enough that looks like it; no text of the test or development set among them."""
    rows = [json.loads(line) for path in training_files() for line in path.read_text(encoding="utf-8").splitlines()]
    there = Counter(signal["name"] for row in rows for signal in row["signals"])
    missed = Counter(name for row in rows for name in row["near_misses"])
    assert min(there[signal] for signal in Signal) >= 120
    assert min(missed[signal] for signal in Signal) >= 120
    measured = {
        row.text
        for path in (DATASETS / "reading_dev.jsonl", DATASETS / "reading_test.jsonl")
        for row in read_turns([path])
        if len(row.text.split()) > 4
    }
    assert measured.isdisjoint(row["text"] for row in rows)


@pytest.mark.parametrize("text", ["", "*", "**", "* *", "🙃", "a" * 4000, "no " * 900, "*" * 300, "\n\n", "Ａ　ｂ", "é" * 50])
def test_strange_texts_are_read_without_a_fault(reader: FirstReading, text: str) -> None:
    reading = reader.read(text, text)
    assert abs(sum(reading.scores.values()) - 1.0) < 1e-6
    assert all(0 <= span.start <= span.end <= len(text) for span in reading.signals)


def test_many_turns_are_read_as_one_by_one(reader: FirstReading) -> None:
    turns = [(row.text, row.context) for row in read_turns([DATASETS / "reading_dev.jsonl"])[:60]]
    together = reader.read_many(turns)
    alone = [reader.read(text, context) for text, context in turns]
    assert (
        np.mean([one.style is other.style for one, other in zip(together, alone, strict=True)]) > 0.95
    )  # int8 rounds a batch by its largest value
    assert reader.read_many([]) == ()


def test_a_reading_of_another_language_says_so(reader: FirstReading) -> None:
    assert reader.read("No puedo ir el miércoles, ya te lo dije.").language == "es"
    assert reader.read("No. I can't do Wednesday.").language is None
