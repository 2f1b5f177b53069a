"""The words of the card that takes the place of the talk when someone may be in danger. Written by people, the same every time."""

from __future__ import annotations

from dataclasses import dataclass

from ipt_roleplay.domain import Danger
from ipt_roleplay.safety.helplines import CountryHelp, Helpline, all_countries, directories, help_for

_NOTICED = {
    Danger.SUICIDE_SELF: "You wrote something about dying or ending your life.",
    Danger.SELF_HARM: "You wrote something about hurting yourself.",
    Danger.HARM_TO_OTHERS: "You wrote something about hurting someone.",
    Danger.IPV_DANGER: "You wrote that someone hurts you, or might.",
}
_QUESTION = {
    Danger.SUICIDE_SELF: "Are you thinking about killing yourself?",
    Danger.SELF_HARM: "Are you about to hurt yourself, or have you?",
    Danger.HARM_TO_OTHERS: "Are you close to hurting someone?",
    Danger.IPV_DANGER: "Are you in danger right now?",
}
_NOW = {
    Danger.SUICIDE_SELF: "If it is now: call the emergency number, or go to where other people are. Move away from anything you could use to hurt yourself.",
    Danger.SELF_HARM: "If it is now: move away from anything you could use. If you are hurt, call the emergency number.",
    Danger.HARM_TO_OTHERS: "If it is now: leave the room, put distance between you and them, and call someone. If anyone is hurt, call the emergency number.",
    Danger.IPV_DANGER: "If it is now: get to where other people are if you can, and call the emergency number. If someone might read this device, call from another phone.",
}


@dataclass(frozen=True)
class SafetyCard:
    """What is shown. `lines` are for `country`; without a country, `countries` lets the person choose."""

    noticed: str
    question: str
    now: str
    someone: str
    software: str
    country: CountryHelp | None
    lines: tuple[Helpline, ...]
    directories: tuple[Helpline, ...]
    countries: tuple[CountryHelp, ...]

    def as_text(self) -> str:
        """The card as plain text, for a terminal."""
        parts = [self.noticed, self.question, "", self.now]
        if self.country:
            parts.append(f"Emergency number in {self.country.name}: {self.country.emergency}")
            parts += [f"- {line.name}: {line.contact} ({line.hours})" for line in self.lines]
        else:
            parts += [f"- {country.name}: emergency {country.emergency}; {_first_line(country)}" for country in self.countries]
        parts += [f"- {line.name}: {line.contact}" for line in self.directories]
        return "\n".join([*parts, "", self.someone, self.software])


def safety_card(danger: Danger | None, locale: str) -> SafetyCard:
    """The card for a danger (None: opened by the person) in a country such as "GB" ("" when it is not known)."""
    country = help_for(locale)
    wanted = {"domestic_violence", "suicide_crisis"} if danger is Danger.IPV_DANGER else {"suicide_crisis"}
    if danger is None:
        wanted = {"suicide_crisis", "domestic_violence", "child"}
    lines = country.lines if country else ()
    ordered = sorted(
        (line for line in lines if line.kind in wanted), key=lambda line: line.kind == "suicide_crisis" and danger is Danger.IPV_DANGER
    )
    return SafetyCard(
        noticed=_NOTICED[danger] if danger else "You asked for real help.",
        question=_QUESTION[danger] if danger else "Are you safe right now?",
        now=_NOW[danger]
        if danger
        else "If you or someone else is in danger now: call the emergency number, or go to where other people are.",
        someone="Is there one person you could ring or sit with now? You can say just this: “I'm not all right. Can you stay with me?”",
        software="This is software. It cannot see how you are, and it has told nobody.",
        country=country,
        lines=tuple(ordered),
        directories=directories(),
        countries=all_countries(),
    )


def _first_line(country: CountryHelp) -> str:
    line = next((line for line in country.lines if line.kind == "suicide_crisis"), None)
    return f"{line.name}: {line.contact}" if line else "no line found yet"
