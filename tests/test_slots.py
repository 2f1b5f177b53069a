"""What a written line carries of the learner's own."""

from __future__ import annotations

import pytest

from ipt_roleplay.domain import Speaker, Transcript, Turn
from ipt_roleplay.partner.slots import fill, fillings


def filled(text: str, line: str) -> str | None:
    return fill(line, fillings(Transcript((Turn(1, Speaker.LEARNER, text),))))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("I've got my shift to think of. What about the laundry?", "Never mind the laundry."),
        ("I can't leave my shift", "Never mind your shift."),
        ("Your list is very long, I know, but who made our calendar?", "Never mind our calendar."),
        ("*points at the door* No.", None),
        ("I never meant to make this harder for her again.", None),
        ("That's the thing. It's your fault, at the end of the day.", None),
        ("You're very kind.", None),
    ],
)
def test_the_thing_just_named_is_named_as_the_partner_would(said: str, shown: str | None) -> None:
    assert filled(said, "Never mind {thing}.") == shown


def test_it_begins_a_line_with_a_capital() -> None:
    assert filled("What about the laundry?", "{thing}, is it?") == "The laundry, is it?"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Marvellous.", '"Marvellous."'),
        ("I went to a lot of trouble for everybody. Not this time.", '"Not this time."'),
        ("Do you.", None),
        ("I will tell it to wait, shall I.", None),
        ("When did you tell Mum?", None),
        ("You stupid bitch, leave it.", None),
        ("*slams the door*", None),
    ],
)
def test_words_are_said_back_where_they_tell_something_and_nobody_is_demeaned(said: str, shown: str | None) -> None:
    assert filled(said, '"{words}."') == shown
