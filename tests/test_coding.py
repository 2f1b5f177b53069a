from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ipt_roleplay.coding import Coding, Exercise, agreement, compare, read_exercise
from ipt_roleplay.config import bundled
from ipt_roleplay.domain import Signal, Style
from ipt_roleplay.errors import ExerciseFileError

BEFORE = bundled("exercises") / "sister_before.yaml"


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return read_exercise(BEFORE)


def test_the_encounter_before_is_mostly_passive_and_varied(exercise: Exercise) -> None:
    styles = Counter(turn.reading.style for turn in exercise.to_code if turn.reading)
    assert len(exercise.to_code) == 8
    assert styles[Style.PASSIVE] == 5
    assert set(styles) == set(Style)
    assert set(exercise.reasons) == {turn.n for turn in exercise.to_code}


def test_the_reference_itself_agrees_throughout(exercise: Exercise) -> None:
    own = {turn.n: Coding(turn.reading.style, frozenset(turn.reading.names)) for turn in exercise.to_code if turn.reading}
    counts = agreement(compare(exercise, own))
    assert (counts.coded, counts.styles_agreed, counts.signals_missed, counts.signals_added) == (8, 8, 0, 0)
    assert counts.signals_found == 16


def test_what_is_found_missed_and_added_is_told_apart_in_codebook_order(exercise: Exercise) -> None:
    first, *others = compare(exercise, {2: Coding(Style.ASSERTIVE, frozenset({Signal.HEDGING, Signal.JUSTIFICATION}))})
    assert not first.style_agrees
    assert (first.found, first.missed, first.added) == ((Signal.JUSTIFICATION,), (Signal.INDIRECT_HINT,), (Signal.HEDGING,))
    assert all(one.own is None and not one.style_agrees and one.missed for one in others)
    counts = agreement((first, *others))
    assert (counts.coded, counts.styles_agreed, counts.signals_missed) == (1, 0, 1)


def test_a_partners_turn_cannot_be_coded(exercise: Exercise) -> None:
    with pytest.raises(ValueError, match=r"\[1\]"):
        compare(exercise, {1: Coding(Style.PASSIVE)})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Yes, boss. Shall I stand to attention while I''m at it?'\n    style", "Yes.'\n    style", "the words for `sarcasm`"),
        ("style: aggressive", "style: furious", "`style`: input should be"),
        ("after: ", "afterwards: ", "`after`: field required"),
        ("      you_blame: ", "      shouting: ", "`shouting`: input should be"),
        ("title: The", "title: &a The", "anchors and aliases"),
    ],
)
def test_a_fault_in_a_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = BEFORE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ExerciseFileError) as raised:
        read_exercise(broken)
    assert said in str(raised.value)
    assert str(raised.value).startswith("broken.yaml:")
