from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ipt_roleplay.analysis.language import _identifier, foreign_language
from ipt_roleplay.analysis.turn import TurnReader
from ipt_roleplay.domain import Body, Signal, Style
from ipt_roleplay.encoders.ngrams import BEFORE, SIZE, ngrams, stack
from ipt_roleplay.encoders.pairs import PairTokenizer, line_before
from ipt_roleplay.encoders.turn_scores import CALIBRATION, WEIGHTS
from training.rows import TURNS, dataset_hash, read_turns, training_files

DATASETS = Path(__file__).resolve().parents[1] / "evals" / "datasets"
DEV = DATASETS / "reading_dev.jsonl"


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
def test_plain_turns_are_read_as_a_person_would(reader: TurnReader, text: str, style: Style, signals: set[Signal]) -> None:
    reading = reader.read(text, "You're having Wednesday. You're taking her to Dr Sethi at nine and that's that.")
    assert reading.style is style
    assert signals <= set(reading.names)


def test_spans_show_the_words_of_their_signal(reader: TurnReader) -> None:
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
def test_the_body_is_read_from_asterisks(reader: TurnReader, text: str, body: Body | None) -> None:
    assert reader.read(text).body is body


def test_silence_is_read_from_what_has_no_words(reader: TurnReader) -> None:
    for text in ("...", "*says nothing*", "*looks at the table*"):
        reading = reader.read(text, "Well? Are you taking her or not?")
        assert reading.has(Signal.SILENCE)
        assert reading.style is Style.PASSIVE


def test_the_line_before_decides_what_a_short_answer_is(reader: TurnReader) -> None:
    gives_in = reader.read("Fine, ok.", "You're taking her on Wednesday and that's that.")
    agrees = reader.read("Yes, that works for me.", "Then I'll take her this time and you do the next one. All right?")
    assert gives_in.style is Style.PASSIVE
    assert gives_in.has(Signal.CAPITULATION)
    assert agrees.style is Style.ASSERTIVE
    assert not agrees.has(Signal.CAPITULATION)


def test_scores_are_probabilities(reader: TurnReader) -> None:
    scores = reader.read("I want us to share it.").scores
    assert set(scores) == set(Style)
    assert abs(sum(scores.values()) - 1.0) < 1e-6


def test_many_turns_are_read_as_one_by_one(reader: TurnReader) -> None:
    turns = [(row.text, row.context) for row in read_turns([DEV])[:80]]
    together = reader.read_many(turns)
    alone = [reader.read(text, context) for text, context in turns]
    assert len(together) == len(turns)
    assert (
        np.mean([one.style is other.style for one, other in zip(together, alone, strict=True)]) > 0.95
    )  # int8 rounds a batch by its largest value
    assert all(0 <= span.start < span.end <= len(text) for (text, _), one in zip(turns, together, strict=True) for span in one.signals)
    assert reader.read_many([]) == ()


def test_spans_meet_the_words_that_people_marked(reader: TurnReader) -> None:
    rows = read_turns([DEV])
    met = []
    for row, reading in zip(rows, reader.read_many([(row.text, row.context) for row in rows]), strict=True):
        told = {span.signal: span for span in row.spans}
        met += [
            span.start < told[span.signal].end and told[span.signal].start < span.end for span in reading.signals if span.signal in told
        ]
    assert np.mean(met) > 0.85


@pytest.mark.parametrize("text", ["", "*", "**", "* *", "🙃", "a" * 4000, "no " * 900, "*" * 300, "\n\n", "Ａ　ｂ", "é" * 50])
def test_strange_texts_are_read_without_a_fault(reader: TurnReader, text: str) -> None:
    reading = reader.read(text, text)
    assert abs(sum(reading.scores.values()) - 1.0) < 1e-6
    assert all(0 <= span.start <= span.end <= len(text) for span in reading.signals)


def test_runs_of_words_and_letters_weigh_the_same_in_a_short_turn_and_a_long_one() -> None:
    for context, text in ((None, "No."), ("Mum: Well?", "No. I can't do Wednesday, I've said so twice. " * 3), ("Well?", "")):
        numbers, values = ngrams(context, text)
        assert len(numbers) == len(values)
        assert numbers.min() >= 0
        assert numbers.max() < SIZE
        assert float(values @ values) == pytest.approx(2 + BEFORE**2 if text else 1 + BEFORE**2 + 1, abs=1e-4)
    assert set(ngrams(None, "No.")[0]) != set(ngrams(None, "no.")[0])
    rows = stack([ngrams(None, "No."), ngrams(None, "No. I can't.")])
    assert rows["runs"].shape == rows["shares"].shape
    assert rows["runs"][0, -1] == SIZE
    assert rows["shares"][0, -1] == 0


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


def test_english_turns_are_not_taken_for_another_language() -> None:
    assert [row.text for row in read_turns() if foreign_language(row.text)] == []


def test_turns_by_an_author_who_wrote_no_training_text(reader: TurnReader) -> None:
    """A floor, so that a change that breaks the reader is seen; how good it is, the evals say."""
    rows = read_turns([DEV])
    readings = reader.read_many([(row.text, row.context) for row in rows])
    right = np.mean([reading.style is row.style for row, reading in zip(rows, readings, strict=True)])
    majority = max(np.mean([row.style is style for row in rows]) for style in Style)
    assert right > majority + 0.3


def test_the_weights_were_taught_what_they_say() -> None:
    kept = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    files = [TURNS / f"{name}.jsonl" for name in kept["taught"]]
    assert kept["dataset"] == dataset_hash(files), "run `python -m training.teach_reading`"
    assert len(read_turns(files)) >= 3000
    assert WEIGHTS.stat().st_size < 30_000_000


def test_no_room_to_unpack_the_languages_costs_the_notice_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _identifier.cache_clear()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    assert foreign_language("No puedo el miércoles, lo siento.") is None
    monkeypatch.undo()
    assert foreign_language("No puedo el miércoles, lo siento.") == "es"


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


def test_a_reading_of_another_language_says_so(reader: TurnReader) -> None:
    assert reader.read("No puedo ir el miércoles, ya te lo dije.").language == "es"
    assert reader.read("No. I can't do Wednesday.").language is None
