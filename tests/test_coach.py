from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ipt_roleplay.analysis.formats import parse_transcript
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.cli.analyze import as_text
from ipt_roleplay.coach import FeedbackCoach, TalkAbout
from ipt_roleplay.coach.phrases import NOTHING_TO_FIX, NOTHING_YET
from ipt_roleplay.coach.quotes import is_verbatim
from ipt_roleplay.domain import Feedback, FindingKind, Outcome, Passage, Signal, Style, Transcript

TALKS = [json.loads(line) for line in (Path(__file__).parent / "data" / "talks_dev.jsonl").read_text(encoding="utf-8").splitlines()]
BEFORE = "Denise: *standing over you, finger going* You're taking Mum to the doctor on Wednesday!\nMe: *looks away* Okay.\nDenise: And you tell him about the dizziness!\nMe: okay, sorry"


def of(services: Services, text: str) -> Feedback:
    return services.coach.feedback(parse_transcript(text), TalkAbout())


def check(feedback: Feedback) -> None:
    """What holds for every feedback: quotes are verbatim and short, citations were retrieved and can be opened."""
    keys = {passage.key for passage in feedback.passages}
    for finding in feedback.findings:
        assert is_verbatim(finding.quote, finding.turn, feedback.analysis.transcript)
        assert len(finding.quote) <= 140
        assert set(finding.citations) <= keys
        assert "{" not in finding.text
    assert len(feedback.passages) <= 4


@pytest.mark.parametrize("talk", TALKS, ids=[talk["title"] for talk in TALKS])
def test_quotes_are_verbatim_and_citations_retrieved_for_written_talks(shared: Services, talk: dict[str, object]) -> None:
    feedback = of(shared, json.dumps(talk))
    check(feedback)
    assert feedback.findings


def test_the_case_of_the_sources_is_seen_as_giving_in(shared: Services) -> None:
    feedback = of(shared, BEFORE)
    check(feedback)
    again = feedback.finding(FindingKind.TRY)
    assert again is not None
    assert again.quote in ("Okay.", "okay, sorry")
    assert again.better_line
    assert feedback.finding(FindingKind.STRENGTH) is None
    assert NOTHING_YET in as_text(feedback)


def test_the_line_to_try_is_read_as_clear_and_fair(shared: Services) -> None:
    for talk in [BEFORE, *(json.dumps(talk) for talk in TALKS)]:
        again = of(shared, talk).finding(FindingKind.TRY)
        if again and again.better_line:
            reading = shared.reader.read(again.better_line)
            assert reading.style is Style.ASSERTIVE
            assert not reading.has(Signal.CAPITULATION, Signal.THREAT, Signal.YOU_BLAME, Signal.SARCASM)


def test_where_nothing_is_to_mend_it_says_so(shared: Services) -> None:
    feedback = of(
        shared,
        "Them: You're taking her Wednesday.\nMe: I know you're tired. I can't do Wednesday.\nThem: Who then?\nMe: I'd like you to take her this time, and I'll do the next one.\nThem: Fine.",
    )
    check(feedback)
    assert feedback.finding(FindingKind.TRY) is None
    assert feedback.finding(FindingKind.STRENGTH) is not None
    assert NOTHING_TO_FIX in as_text(feedback)


def test_guilt_gets_a_note_that_says_it_is_normal(shared: Services) -> None:
    feedback = of(
        shared, "Them: She's 78.\nMe: I feel so guilty about Mum. I can't do it this time.\nThem: Right.\nMe: I can't, I'm sorry."
    )
    guilt = feedback.finding(FindingKind.GUILT)
    assert guilt is not None
    assert guilt.quote == "I feel so guilty about Mum."
    assert any(key.startswith("guilt#") for key in guilt.citations)


def test_for_a_talk_that_happened_what_was_heard_stays_a_maybe(shared: Services) -> None:
    again = of(shared, "Them: You're driving.\nMe: *looks down* I've got work, and the car is in the garage, and I'm tired.").finding(
        FindingKind.TRY
    )
    assert again is not None
    assert "may have heard" in again.text


def test_a_practice_has_what_she_heard_and_the_lines_of_its_situation(shared: Services) -> None:
    practice = shared.off_the_record()
    session = practice.start("aggressive_sister", seed=2)
    for text in ("okay", "I can't do Wednesday, Denise.", "I know it's been hard. I still can't.", "I'd like you to take her this time."):
        practice.take_turn(session.id, text)
    feedback = practice.feedback(session.id)
    check(feedback)
    again = feedback.finding(FindingKind.TRY)
    assert again is not None
    assert again.better_line in {line.text for line in shared.personas.get("aggressive_sister").situations[0].lines_to_try}
    assert 2 <= len(feedback.passages) <= 4


def test_the_first_screen_holds_at_most_seventy_words(shared: Services) -> None:
    for talk in [BEFORE, *(json.dumps(talk) for talk in TALKS)]:
        feedback = of(shared, talk)
        shown = [feedback.headline]
        for kind in (FindingKind.STRENGTH, FindingKind.TRY):
            finding = feedback.finding(kind)
            shown += [finding.quote, finding.text] if finding else []
        assert len(" ".join(shown).split()) <= 90
        assert sum(len(text.split()) for text in shown[:1] + shown[2::2]) <= 70


class Inventing:
    """A retriever that finds nothing near enough."""

    def search(self, question: str, k: int = 5) -> Sequence[Passage]:
        return (Passage("x", "X", "Far away", "text", 0.01),)[:k]


def test_a_note_that_is_not_near_is_not_cited(shared: Services) -> None:
    feedback = FeedbackCoach(shared.reader, Inventing()).feedback(parse_transcript(BEFORE), TalkAbout())  # type: ignore[arg-type]
    assert feedback.findings
    assert feedback.passages == ()


def test_an_invented_quote_is_dropped(shared: Services) -> None:
    from ipt_roleplay.coach.citations import Citations
    from ipt_roleplay.domain import Finding

    transcript = parse_transcript(BEFORE)
    made = [
        Finding(FindingKind.TRY, 2, "I never said this", "x", ("ghost#note",)),
        Finding(FindingKind.TRY, 2, "Okay.", "x", ("ghost#note",)),
    ]
    checked = Citations(shared.notes).checked(made, transcript)
    assert [finding.quote for finding in checked] == ["Okay."]
    assert checked[0].citations == ()


def test_every_outcome_has_its_headline_without_a_placeholder(shared: Services) -> None:
    persona = shared.personas.get("aggressive_sister")
    for pronoun in ("she", "he", "they"):
        for outcome in (*Outcome, None):
            about = TalkAbout(replace(persona, pronoun=pronoun), persona.situations[0], outcome)
            assert "{" not in shared.coach.feedback(Transcript(), about).headline


def test_words_of_danger_are_no_line_to_better(shared: Services) -> None:
    danger = ("I want to kill myself", "I'm going to kill her")
    for words in danger:
        feedback = of(
            shared,
            f"Denise: You're taking Mum on Wednesday.\nMe: {words}\nDenise: Well? Wednesday. You're taking her.\nMe: Okay, okay. Sorry. I'll do it then.",
        )
        assert feedback.finding(FindingKind.TRY) is not None
        assert not [finding for finding in feedback.findings if finding.turn == 2 or "kill" in finding.quote]
