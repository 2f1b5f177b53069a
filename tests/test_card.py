from __future__ import annotations

import re

import pytest

from ipt_roleplay.safety.helplines import all_countries
from ipt_roleplay.ui.card import to_call


@pytest.mark.parametrize(
    ("contact", "dialled"),
    [
        ("call 0808 2000 247", ["08082000247"]),
        ("call or text 988, or chat at 988lifeline.org", ["988"]),
        ("call 1-800-799-7233 or text START to 88788", ["18007997233"]),
        ("call 13 11 14 or text 0477 13 11 14", ["131114"]),
        ("call 0800 111 0 111 or 0800 111 0 222", ["08001110111", "08001110222"]),
        ("call 113 or 0800-0113, or chat at 113.nl", ["113", "08000113"]),
        ("findahelpline.com", []),
    ],
)
def test_a_phone_dials_what_is_to_be_called_and_nothing_else(contact: str, dialled: list[str]) -> None:
    html = to_call(contact)
    assert re.findall(r'href="tel:(\d+)"', html) == dialled
    assert re.sub(r"<[^>]+>", "", html) == contact


def test_every_number_to_call_in_the_file_can_be_dialled() -> None:
    for country in all_countries():
        for line in country.lines:
            if "call" in line.contact:
                assert 'href="tel:' in to_call(line.contact), f"{country.code}: {line.contact}"
