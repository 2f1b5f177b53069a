from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks.measure import Row, Times, in_turns
from benchmarks.pages import LINES
from benchmarks.report import as_markdown, facts, write_json
from benchmarks.startup import program
from benchmarks.turns import LEARNER_TURNS, WORDS, _talk, turn_of
from evals.yield_rules import PERSONA
from ipt_roleplay.bootstrap import Services


def row(ours: tuple[float, ...], theirs: tuple[float, ...], **target: float) -> Row:
    return Row("this", "that", "some rounds", Times(ours), Times(theirs), **target)


def test_two_things_are_done_in_turns_and_the_warm_up_does_not_count() -> None:
    done: list[str] = []

    def timing(name: str, seconds: float):  # type: ignore[no-untyped-def]
        return lambda n: (done.append(f"{name}{n}"), seconds + n)[1]

    ours, theirs = in_turns(timing("a", 1.0), timing("b", 2.0), rounds=3, warm_up=1)
    assert done == ["b0", "a0", "a1", "b1", "b2", "a2", "a3", "b3"]
    assert (ours.seconds, theirs.seconds) == ((2.0, 3.0, 4.0), (3.0, 4.0, 5.0))


def test_ratio_spread_and_percentile_are_what_they_are_called() -> None:
    one = row((3.0, 2.0, 4.0), (1.0, 1.0, 2.0), ratio_at_most=3.0)
    assert one.ratio == 3.0
    assert one.ratio_quartiles == (2.0, 2.5)
    assert one.met
    assert Times(tuple(float(n) for n in range(1, 101))).p95 == 95.0
    assert Times((1.0, 2.0, 3.0)).p95 == 3.0


@pytest.mark.parametrize(
    ("target", "met"),
    [
        ({"ratio_at_most": 1.5}, False),
        ({"ratio_at_most": 2.0}, True),
        ({"p95_at_most": 1.9}, False),
        ({"p95_at_most": 2.0}, True),
        ({"median_at_most": 1.0}, False),
        ({"median_at_most": 2.0}, True),
    ],
)
def test_a_target_that_is_missed_is_said(target: dict[str, float], met: bool) -> None:
    one = row((2.0, 2.0), (1.0, 1.0), **target)
    assert one.met is met
    assert ("**NO**" in as_markdown(facts("abc", 2), [one])) is not met


def test_a_row_without_a_target_claims_nothing() -> None:
    line = as_markdown(facts("abc", 2), [row((0.2, 0.2), (0.1, 0.1))]).split("\n| this")[1].splitlines()[0]
    assert line.endswith("2.00 (2.00 to 2.00) |  |  |")


def test_every_single_time_is_kept(tmp_path: Path) -> None:
    path = write_json(tmp_path / "results", facts("abc", None), [row((0.2, 0.3), (0.1, 0.1), ratio_at_most=1.0)])
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["commit"] == "abc"
    assert kept["rows"][0]["ours"]["seconds"] == [0.2, 0.3]
    assert kept["rows"][0]["met"] is False


def test_the_timed_turns_are_as_long_as_the_row_says_and_all_different() -> None:
    turns = [turn_of(WORDS, number) for number in range(50)]
    assert {len(turn.split()) for turn in turns} == {WORDS}
    assert len(set(turns)) == len(turns)
    assert len([turn for turn in _talk(1) if turn["speaker"] == "learner"]) == LEARNER_TURNS


@pytest.mark.parametrize("seed", random.Random(5).sample(range(1000), 6))
def test_no_talk_closes_while_its_page_is_timed(shared: Services, seed: int) -> None:
    practice = shared.off_the_record()
    session = practice.start(PERSONA, seed=seed)
    for line in LINES:
        assert practice.take_turn(session.id, line).reply is not None
    assert practice.show(session.id).outcome is None


def test_the_program_that_is_timed_is_the_installed_one() -> None:
    assert Path(program()).is_file()
