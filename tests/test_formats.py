from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_roleplay.analysis.formats import parse_transcript
from ipt_roleplay.domain import Speaker
from ipt_roleplay.errors import TranscriptError


def test_lines_with_speakers_and_a_turn_over_two_lines() -> None:
    talk = parse_transcript("Denise: You're taking her.\nMe: I can't.\nReally.\n\nDenise: Fine.")
    assert [(turn.n, turn.speaker, turn.text) for turn in talk.turns] == [
        (1, Speaker.PARTNER, "You're taking her."),
        (2, Speaker.LEARNER, "I can't.\nReally."),
        (3, Speaker.PARTNER, "Fine."),
    ]


def test_json_takes_user_as_the_learner() -> None:
    talk = parse_transcript(json.dumps({"turns": [{"speaker": "user", "text": "No."}, {"speaker": "partner", "text": "Yes."}]}))
    assert talk.turns[0].speaker is Speaker.LEARNER


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing in it yet"),
        ("Them: hello", "None of the turns is yours"),
        ("hello there", "Line 1 does not say who speaks"),
        ('{"turns": 3}', 'no list "turns"'),
        ('{"turns": [{"speaker": "dog", "text": "woof"}]}', "'dog'"),
        ('{"turns": [', "cannot be read"),
        ("Me: hi\n" * 500, "500 turns"),
        ("x" * 300_000, "300,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(text: str, says: str) -> None:
    with pytest.raises(TranscriptError, match=says):
        parse_transcript(text)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        talk = parse_transcript(text)
    except TranscriptError:
        return
    assert [turn.n for turn in talk.turns] == list(range(1, len(talk.turns) + 1))
