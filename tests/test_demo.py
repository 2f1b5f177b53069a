from __future__ import annotations

from pathlib import Path

import pytest

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.coding import read_demo
from ipt_roleplay.config import bundled
from ipt_roleplay.domain import Outcome, Session, Signal, Speaker, Style
from ipt_roleplay.errors import ExerciseFileError, SessionStateError
from ipt_roleplay.ui.demo import perform


@pytest.fixture(scope="module")
def talks(shared: Services) -> dict[str, Session]:
    return {learner.id: perform(shared.on_stage(), shared.demo, learner) for learner in shared.demo.learners}


def styles(talk: Session) -> list[Style]:
    return [turn.reading.style for turn in talk.transcript.by(Speaker.LEARNER) if turn.reading]


def test_the_passive_talk_ends_her_way(shared: Services, talks: dict[str, Session]) -> None:
    talk = talks["passive"]
    assert talk.outcome is Outcome.CAPITULATED
    assert set(styles(talk)) == {Style.PASSIVE}
    assert len(styles(talk)) == len(shared.demo.learners[0].says), "the talk closed before the script did"


def test_the_assertive_talk_ends_well_after_real_resistance(shared: Services, talks: dict[str, Session]) -> None:
    talk = talks["assertive"]
    assert talk.outcome in (Outcome.AGREEMENT, Outcome.COMPROMISE)
    assert set(styles(talk)) == {Style.ASSERTIVE}
    assert len(styles(talk)) == len(shared.demo.learners[1].says)
    closing = talk.transcript.turns[-1].move
    assert closing
    assert closing.state.countered >= 3
    assert Signal.CAPITULATION not in {name for turn in talk.transcript.turns if turn.reading for name in turn.reading.names}


def test_both_meet_the_same_partner_and_nothing_is_kept(shared: Services, talks: dict[str, Session]) -> None:
    assert len({talk.transcript.turns[0].text for talk in talks.values()}) == 1
    assert not shared.on_stage().store.keeps
    again = perform(shared.on_stage(), shared.demo, shared.demo.learners[1])
    assert [turn.text for turn in again.transcript.turns] == [turn.text for turn in talks["assertive"].transcript.turns]


def test_a_line_that_speaks_of_danger_is_refused_with_what_to_do(shared: Services, tmp_path: Path) -> None:
    text = (bundled("exercises") / "sister_demo.yaml").read_text(encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("*small voice* Fine. I''ll do that one as well.", "I want to kill myself."), encoding="utf-8")
    script = read_demo(bad)
    with pytest.raises(SessionStateError, match="Change that line"):
        perform(shared.on_stage(), script, script.learners[0])
    bad.write_text(text.replace("difficulty: realistic", "difficulty: heroic"), encoding="utf-8")
    with pytest.raises(ExerciseFileError, match=r"bad.yaml:\d+: `difficulty`"):
        read_demo(bad)
