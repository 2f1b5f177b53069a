from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evals import honesty, reading, retrieval, screening, yield_rules
from evals.catalogue import EVALUATIONS
from evals.datasets import FOLDER, DatasetError, load
from evals.evaluation import Case, Evaluation, Observation
from evals.learners import KINDS, talk
from evals.report import Result, Run, as_markdown, not_met, write_json
from evals.score import Score, mean_of, score, share_of
from ipt_roleplay import session as session_module
from ipt_roleplay.analysis.turn import TurnReader
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.coach import feedback as feedback_module
from ipt_roleplay.coach.citations import Citations
from ipt_roleplay.domain import SAY_NOTHING, Finding, Heard, Outcome, PartnerState, Passage, Phase, Reading, Style, Tactic, Transcript
from ipt_roleplay.knowledge.notes import sections_of
from ipt_roleplay.knowledge.search import NoteSearch
from ipt_roleplay.partner import authored

ROOT = Path(__file__).resolve().parents[1]
SEEDS = 8


def broken(scores: Sequence[Score]) -> set[str]:
    return {one.name for one in scores if not one.met}


# --- the build as it is, and four that are broken on purpose ------------------------------------------------------


def test_the_build_as_it_is_keeps_every_bound(shared: Services) -> None:
    assert broken(yield_rules.YIELD_RULES.run(shared, 1, yield_rules.cases(SEEDS))) == set()
    assert broken(retrieval.RETRIEVAL.run(shared, 1)) == set()
    assert broken(screening.SCREENING.run(shared, 1)) == set()
    assert broken(honesty.HONESTY.run(shared, 1, honesty.cases(practices=1))) == set()


def test_a_partner_that_softens_at_once_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def soften(state: PartnerState, heard: Heard, *_: object) -> tuple[PartnerState, Tactic]:
        return replace(state, phase=Phase.CLOSED, outcome=Outcome.AGREEMENT), Tactic.CLOSE_AGREEMENT

    monkeypatch.setattr(authored, "respond", soften)
    caught = broken(yield_rules.YIELD_RULES.run(shared, 1, yield_rules.cases(SEEDS)))
    assert {"good outcome: nice", "assertive ahead of the next best kind", "good before any push back"} <= caught


def test_a_reader_that_finds_everything_assertive_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "baselines", dict)  # the simpler readers need packages of the `evals` extra
    monkeypatch.setattr(TurnReader, "read", lambda *_: Reading(Style.ASSERTIVE, dict.fromkeys(Style, 0.25)))
    caught = broken(reading.READING.run(shared, 1, reading.cases()[:120]))
    assert {"style, ours: macro-F1", "signals, ours: macro-F1", "signals, ours: lowest F1"} <= caught


def test_a_partner_that_softens_after_some_kind_words_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way language models go wrong: nothing but time and friendliness."""
    real = authored.respond

    def soften(state: PartnerState, *rest: object) -> tuple[PartnerState, Tactic]:
        after, tactic = real(state, *rest)  # type: ignore[arg-type]
        if len(after.used) >= 4 and after.outcome is None:
            return replace(after, phase=Phase.CLOSED, outcome=Outcome.AGREEMENT), Tactic.CLOSE_AGREEMENT
        return after, tactic

    monkeypatch.setattr(authored, "respond", soften)
    assert "good outcome: nice" in broken(yield_rules.YIELD_RULES.run(shared, 1, yield_rules.cases(SEEDS)))


def test_a_partner_that_never_yields_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def stay(state: PartnerState, *_: object) -> tuple[PartnerState, Tactic]:
        return replace(state, phase=Phase.PRESSING), Tactic.ORDER

    monkeypatch.setattr(authored, "respond", stay)
    assert "good outcome: assertive" in broken(yield_rules.YIELD_RULES.run(shared, 1, yield_rules.cases(2)))


def test_retrieval_that_returns_the_first_note_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sections_of(shared.notes.notes()[0])

    def search(self: NoteSearch, question: str, k: int = 5) -> tuple[Passage, ...]:
        return tuple(Passage(one.note.id, one.note.title, one.heading, one.text, 0.9) for one in first[:k])

    monkeypatch.setattr(NoteSearch, "search", search)
    caught = broken(retrieval.RETRIEVAL.run(shared, 1))
    assert {"right note first (hit@1)", "right note among five (hit@5)", "mean reciprocal rank"} <= caught
    assert "answerable or not, by top score (AUC)" in caught


def test_a_coach_that_invents_a_quote_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the coach's own check is switched off: the task looks into the talk itself."""
    monkeypatch.setattr(feedback_module, "quote_for", lambda turn, signals: "You never once thought of me, and I am done.")
    assert "talks with at least one finding" in broken(honesty.HONESTY.run(shared, 1, honesty.cases(practices=1)))

    def unchecked(self: Citations, findings: Sequence[Finding], transcript: Transcript) -> tuple[Finding, ...]:
        return tuple(findings)

    monkeypatch.setattr(Citations, "checked", unchecked)
    assert "quotes verbatim" in broken(honesty.HONESTY.run(shared, 1, honesty.cases(practices=1)))


def test_a_coach_that_cites_what_was_not_found_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Citations.find
    passage = Passage("ghost", "Ghost", "note", "Nobody wrote this.", 0.9)

    def invent(self: Citations, query: str) -> tuple[str, ...]:
        self._passages[passage.key] = passage
        return (*real(self, query), passage.key)

    monkeypatch.setattr(Citations, "find", invent)
    assert "citations retrieved" in broken(honesty.HONESTY.run(shared, 1, honesty.cases(practices=1)))


def test_a_screen_that_is_off_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "screen", lambda text: None)
    assert "explicit danger stopped (recall)" in broken(screening.SCREENING.run(shared, 1))


def test_a_screen_that_stops_at_everything_is_caught(shared: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "screen", lambda text: screening.Danger.SELF_HARM)
    assert "look-alikes stopped (false alarms)" in broken(screening.SCREENING.run(shared, 1))


# --- scores -------------------------------------------------------------------------------------------------------


def seen(*values: float) -> list[Observation]:
    return [Observation(str(n), "g", {"x": value}) for n, value in enumerate(values)]


def test_what_cannot_be_read_is_unscored_and_never_zero() -> None:
    unread = Observation("u", "g", {}, "ValueError: unreadable")
    some = score("x", [*seen(1, 1, 1), unread], mean_of("x"), 1, at_least=0.9)
    assert (some.value, some.n, some.unscored) == (1.0, 3, 1)
    assert not some.met, "a quarter unread says nothing about the rest"
    none = score("x", [unread], mean_of("x"), 1, at_most=0.5)
    assert (none.value, none.low, none.met) == (None, None, False)


def test_a_failing_case_is_left_unscored_with_its_reason(shared: Services) -> None:
    def fail(case: Case, services: Services) -> Mapping[str, float]:
        raise ValueError("no such talk")

    evaluation = Evaluation(
        "t", "?", (), "x", lambda: [Case("1", "g", "", {})], fail, lambda seen, seed: (score("x", seen, mean_of("x"), 1),)
    )
    assert evaluation.try_case(Case("1", "g", "", {}), shared).unscored == "ValueError: no such talk"
    assert evaluation.run(shared, 1)[0].unscored == 1


def test_intervals_hold_their_value_and_doubt_even_where_all_agree() -> None:
    mixed = score("x", seen(*[1.0] * 30, *[0.0] * 10), mean_of("x"), 1)
    assert mixed.low is not None
    assert mixed.high is not None
    assert mixed.low < 0.75 < mixed.high
    assert mixed == score("x", seen(*[1.0] * 30, *[0.0] * 10), mean_of("x"), 1)
    certain = score("x", seen(*[1.0] * 30), mean_of("x"), 1)
    assert certain.low == pytest.approx(0.8843, abs=1e-4)
    assert score("x", seen(*[0.0] * 30), mean_of("x"), 1).high == pytest.approx(0.1157, abs=1e-4)


def test_a_share_counts_over_all_cases_together() -> None:
    both = [Observation("1", "g", {"part": 1, "whole": 1}), Observation("2", "g", {"part": 0, "whole": 3})]
    assert share_of("part", "whole")(both) == 0.25


# --- datasets and the table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name.removesuffix(".meta.json") for path in FOLDER.glob("*.meta.json")))
def test_every_dataset_says_where_it_comes_from_and_has_no_row_twice(name: str) -> None:
    dataset = load(name)
    assert dataset.licence == "Apache-2.0"
    assert dataset.source
    assert dataset.author_split
    assert dataset.name == name
    texts = [
        f"{row.get('context')}\n{row.get('text') or row.get('question') or row.get('title') or (row['learner'], row['reply'])}"
        for row in dataset.rows
    ]  # "k." answers more than one line
    assert len(set(texts)) == len(texts)


def test_every_file_of_rows_has_its_meta_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} <= {path.name.removesuffix(".meta.json") for path in FOLDER.glob("*.meta.json")}


def test_the_sets_are_large_enough_and_every_expected_note_exists(shared: Services) -> None:
    assert all(len(yield_rules.lines_of(kind)) >= 40 for kind in KINDS)
    questions = load("note_questions").rows
    assert sum(not row["notes"] for row in questions) >= 10
    assert sum(bool(row["notes"]) for row in questions) >= 60
    assert {note for row in questions for note in row["notes"]} <= {note.id for note in shared.notes.notes()}
    kinds = [row["kind"] for row in load("safety_lines").rows]
    assert min(kinds.count("explicit"), kinds.count("look_alike")) >= 60


def test_the_learners_say_nothing_that_the_persona_was_written_for_or_the_reader_fitted_to(shared: Services) -> None:
    said = {str(row["text"]).lower() for row in load("learner_lines").rows} - {SAY_NOTHING}
    situation = shared.personas.get("aggressive_sister").situations[0]
    assert said.isdisjoint(example.lower() for family in situation.families for example in family.answers)
    trained = {
        json.loads(line)["text"].lower()
        for path in (ROOT / "training" / "labelled").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert len(trained) > 10_000
    alike = said & trained
    assert {line for line in alike if len(line.split()) > 3} == set()


def test_a_dataset_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.meta.json").write_text((FOLDER / "safety_lines.meta.json").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "x.jsonl").write_text('{"id": "1"}\nnot json\n', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"x\.jsonl:2"):
        load("x", tmp_path)
    with pytest.raises(DatasetError, match="missing"):
        load("missing", tmp_path)


def test_the_same_seed_gives_the_same_talk(shared: Services) -> None:
    lines = yield_rules.lines_of("assertive")
    first, again = (talk(shared.off_the_record(), yield_rules.PERSONA, lines, seed=3) for _ in range(2))
    assert [turn.text for turn in first.transcript.turns] == [turn.text for turn in again.transcript.turns]
    with pytest.raises(ValueError, match="as many lines"):
        talk(shared.off_the_record(), yield_rules.PERSONA, lines[:3], seed=3)


def test_the_table_and_the_json_say_what_was_measured(tmp_path: Path) -> None:
    observations = (Observation("s001", "idiom", {"stopped": 1.0, "named": 0.0}), Observation("s002", "idiom", {}, "ValueError: x"))
    result = Result(
        screening.SCREENING, observations, (Score("false alarms", 1.0, 0.9, 1.0, 1, 1, at_most=0.1), Score("recall", None, None, None, 0))
    )
    table = as_markdown(Run("abc", 7, "0"), [result])
    assert "Commit `abc`, seed 7" in table
    assert "| false alarms | 1.000 | 0.900 to 1.000 | 1 | 1 | at most 0.1 | **NO** |" in table
    assert "| recall | unknown |" in table
    assert load("safety_lines").digest in table
    write_json(tmp_path / "results", Run("abc", 7, "0"), [result])
    kept = json.loads((tmp_path / "results" / "safety_screen.json").read_text(encoding="utf-8"))
    assert kept["observations"][1]["unscored"] == "ValueError: x"
    assert kept["scores"][0]["met"] is False
    assert not_met([result]) == ["safety_screen: false alarms"]


def test_the_kept_results_are_of_the_datasets_as_they_are() -> None:
    table = (ROOT / "evals" / "RESULTS.md").read_text(encoding="utf-8")
    for evaluation in EVALUATIONS:
        kept = json.loads((ROOT / "evals" / "results" / f"{evaluation.name}.json").read_text(encoding="utf-8"))
        assert kept["datasets"] == {name: load(name).digest for name in evaluation.datasets}, "run `python3 tasks.py evals`"
        assert f"## {evaluation.name}" in table


def test_the_package_imports_nothing_of_evals_or_benchmarks() -> None:
    for path in (ROOT / "ipt_roleplay").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in ("evals", "benchmarks")], path
