from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ipt_roleplay.text import body_parts, clauses, clean, sentences, spoken, words_only


def test_invisible_and_bidi_characters_are_removed_and_words_stay() -> None:
    hidden = "I\u200b can\u2060't\u202e do\u0007 it\U000e0041 \ufeffnow\x00"
    assert clean(hidden) == "I can't do it now"


def test_joiners_inside_an_emoji_stay() -> None:
    assert clean("\U0001f469\u200d\U0001f469\u200d\U0001f467 we are three") == "\U0001f469\u200d\U0001f469\u200d\U0001f467 we are three"


def test_line_breaks_stay_but_not_many() -> None:
    assert clean("one\r\ntwo\n\n\n\n\nthree") == "one\ntwo\n\nthree"


def test_body_parts_are_not_spoken() -> None:
    text = "*looks at the table* I've got work. *sighs*"
    assert body_parts(text) == ("looks at the table", "sighs")
    assert words_only(text) == "I've got work."
    assert "table" not in spoken(text)


@given(st.text(max_size=300))
def test_spoken_keeps_every_position_and_spans_point_into_the_text(text: str) -> None:
    assert len(spoken(text)) == len(text)
    for span in (*clauses(text), *sentences(text)):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
