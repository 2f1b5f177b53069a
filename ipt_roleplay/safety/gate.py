"""The gate before a live talk with someone who controls: plain words, one question, and help instead of a talk for every answer but "no"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ipt_roleplay.domain import Danger, Persona
from ipt_roleplay.errors import GateClosedError
from ipt_roleplay.safety.card import safety_card
from ipt_roleplay.safety.helplines import CountryHelp, Helpline


class Afraid(StrEnum):
    """What somebody answers to the gate's question. It is kept nowhere."""

    NO = "No"
    YES = "Yes"
    NOT_SURE = "I'm not sure"
    NOT_SAID = "I'd rather not say"


WHY = (
    "This one decides everything, and may stand for somebody you know. Saying no more firmly can make it more dangerous at home "
    "if you are afraid of the other person. So there is one question first. Your answer is kept nowhere."
)
QUESTION = "Are you ever afraid of what they might do?"
NO_CLEARANCE = "A no here does not mean that it is safe: only you can know that, and it can change. You can leave at any time."
INSTEAD = (
    "Then this is not one to practise here. It is not that you would do it wrong: with someone you are afraid of, a firmer word can "
    "bring danger, and a practice cannot see what happens afterwards."
)
ADVOCATE = "People who know about this can think it through with you, without telling you to leave or to stay. Ring from a phone that nobody else looks into."
OTHERS = "You can practise with the others."


@dataclass(frozen=True)
class InsteadOfATalk:
    """What is shown where the gate stays closed: words, lines for `country` (an advocate's first), every country where it is not known."""

    text: tuple[str, ...]
    now: str
    country: CountryHelp | None
    lines: tuple[Helpline, ...]
    countries: tuple[CountryHelp, ...]

    def as_text(self) -> str:
        """The same as plain text, for a terminal."""
        parts = [*self.text, "", self.now]
        if self.country:
            parts.append(f"Emergency number in {self.country.name}: {self.country.emergency}")
            parts += [f"- {line.name}: {line.contact}" + (f" ({line.hours})" if line.hours else "") for line in self.lines]
        else:
            parts += [f"- {country.name}: emergency {country.emergency}" for country in self.countries]
        return "\n".join([*parts, "", OTHERS])


def instead_of_a_talk(locale: str) -> InsteadOfATalk:
    """Help for a country such as "GB" ("" when it is not known)."""
    card = safety_card(Danger.IPV_DANGER, locale)
    return InsteadOfATalk((INSTEAD, ADVOCATE), card.now, card.country, card.lines, card.countries)


def pass_gate(persona: Persona, afraid: Afraid | None) -> None:
    """Let a live talk begin, or not: with a coercive persona only "no" opens it. Raises GateClosedError."""
    if persona.coercive and afraid is not Afraid.NO:
        raise GateClosedError(persona.name)
