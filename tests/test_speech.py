from __future__ import annotations

import pytest

from ipt_roleplay.partner.speech import LONGEST, fit_for_the_talk


def one_by_one(text: str) -> str:
    whole, pieces = "", list(fit_for_the_talk(text, "Denise"))
    for piece in pieces:
        whole += piece
    assert whole == "".join(fit_for_the_talk([text], "Denise")), "it must not matter how the text is cut into pieces"
    return whole


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("*coat on* Wednesday. You're taking her.", "*coat on* Wednesday. You're taking her."),
        ("Denise: You're taking her.", "You're taking her."),
        ("**Denise:** You're taking her.", "You're taking her."),
        ("Denise, your sister, says no.", "Denise, your sister, says no."),
        ("No.\nYou: Okay, fine.\nDenise: Good.", "No."),
        ("*sighs*\n\nYou always say that.\n\nMe: sorry", "*sighs*  You always say that."),
        ("<think>They want me to give in.</think>Not a chance.", "Not a chance."),
        ("<think>They want me to", ""),
        ("  \n\n ", ""),
        ("I ca\u200bn't\u202e do\x07 it", "I can't do it"),
        ("Cafe\u0301 at ten, then.", "Café at ten, then."),
        ("No", "No"),
        ("Fine. *picks up her bag, the", "Fine. *picks up her bag, the*"),
    ],
)
def test_only_the_partners_own_words_are_left(raw: str, said: str) -> None:
    assert one_by_one(raw) == said


def test_a_long_speech_ends_with_its_sentence() -> None:
    said = one_by_one("I have told you this before and I will not again. " * 40)
    assert LONGEST <= len(said) < LONGEST + 60
    assert said.endswith("again.")


def test_empty_pieces_pass_so_that_a_wait_can_be_stopped() -> None:
    assert next(fit_for_the_talk(["", "No, not this time.", ""], "Denise")) == ""
