from __future__ import annotations

from datetime import date

import pytest

from ipt_roleplay.domain import Danger
from ipt_roleplay.safety import help_for, safety_card, screen
from ipt_roleplay.safety.helplines import all_countries, directories


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("I want to kill myself", Danger.SUICIDE_SELF),
        ("honestly i just want to die", Danger.SUICIDE_SELF),
        ("I've been thinking about ending my life.", Danger.SUICIDE_SELF),
        ("Everyone would be better off without me", Danger.SUICIDE_SELF),
        ("I don't want to be alive anymore", Danger.SUICIDE_SELF),
        ("*quietly* I'm going to take my own life", Danger.SUICIDE_SELF),
        ("im suicidal", Danger.SUICIDE_SELF),
        ("*thinks: I want to kill myself* Fine.", Danger.SUICIDE_SELF),
        ("I cut myself last night", Danger.SELF_HARM),
        ("I started self-harming again", Danger.SELF_HARM),
        ("I'm going to kill her", Danger.HARM_TO_OTHERS),
        ("I want to stab him", Danger.HARM_TO_OTHERS),
        ("I swear I'll hit you", Danger.HARM_TO_OTHERS),
        ("He hits me when he's drunk", Danger.IPV_DANGER),
        ("my husband choked me", Danger.IPV_DANGER),
        ("he put his hands around my neck", Danger.IPV_DANGER),
        ("My ex has been kicking me", Danger.IPV_DANGER),
        ("She slapped me in front of the kids", Danger.IPV_DANGER),
        ("I hope I don't wake up tomorrow", Danger.SUICIDE_SELF),
        ("I've been saving up my tablets", Danger.SUICIDE_SELF),
        ("I burned my arm on purpose", Danger.SELF_HARM),
        ("I hit my daughter last night", Danger.HARM_TO_OTHERS),
    ],
)
def test_what_is_said_plainly_stops_the_role_play(text: str, danger: Danger) -> None:
    assert screen(text) is danger


@pytest.mark.parametrize(
    "text",
    [
        "You're killing me, Denise.",
        "I'm dying to know what he says.",
        "I could murder a cup of tea.",
        "If I'm late again my boss will kill me.",
        "I'm so angry I could scream.",
        "That hurt me.",
        "I don't want to hurt you.",
        "I didn't mean to hurt her feelings.",
        "You hit a nerve there.",
        "Stop beating yourself up.",
        "Mum nearly died in that fall.",
        "I'd never kill anyone, for heaven's sake.",
        "No. I won't take her. That's final.",
        "I'm sick to death of this.",
        "My uncle died by suicide when I was ten, and I never talked about it.",
        "He's going to hit the roof.",
        "I'll hit you up later.",
        "I shot him a look.",
        "You bully me and I've had enough!",
        "I don't want to die, I want a rest.",
        "He asked me if I was suicidal and I said no.",
        "There was a leaflet about suicide prevention in the waiting room.",
        "My dad beat me at chess.",
        "She pushed me to apply.",
        "He hit me up for money again.",
    ],
)
def test_anger_idiom_and_grief_are_not_danger(text: str) -> None:
    assert screen(text) is None


def test_every_helpline_has_its_source_and_the_day_it_was_read() -> None:
    for country in all_countries():
        assert country.emergency
        for line in country.lines:
            assert line.source.startswith("https://")
            assert isinstance(line.read, date)
            assert line.contact
            assert line.name


def test_the_card_says_what_can_be_done_now() -> None:
    card = safety_card(Danger.SUICIDE_SELF, "GB")
    text = card.as_text()
    assert "Are you thinking about killing yourself?" in text
    assert "116 123" in text
    assert "999" in text
    assert "This is software" in text


def test_for_someone_who_is_hurt_by_another_that_line_comes_first() -> None:
    lines = safety_card(Danger.IPV_DANGER, "US").lines
    assert [line.kind for line in lines] == ["domestic_violence", "suicide_crisis"]


def test_without_a_known_country_every_country_is_there() -> None:
    card = safety_card(Danger.SELF_HARM, "")
    assert card.country is None
    assert all(country.name in card.as_text() for country in all_countries())
    assert directories()
    assert help_for("XX") is None
