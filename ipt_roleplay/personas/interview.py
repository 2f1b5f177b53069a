"""From a few answers about a real person to a persona file with lines in that person's voice, to be edited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ipt_roleplay.domain import Norms, Relationship, Tactic

Ask = Callable[[str], str]
"""Puts a question to the person; the answer, stripped; "" where it is left out."""


@dataclass(frozen=True)
class Question:
    """One thing to ask for lines in the person's voice, and the tactic that such lines are."""

    tactic: Tactic
    text: str


LINES: tuple[Question, ...] = (
    Question(Tactic.OPENING, "How does it usually begin? What do they say first?"),
    Question(Tactic.ORDER, "What do they say when they want something done?"),
    Question(Tactic.GUILT, "What do they say that makes you feel bad about yourself?"),
    Question(Tactic.PAST_FAVOURS, "What do they remind you of, that they did for you?"),
    Question(Tactic.RIDICULE, "How do they make light of you, or of how you talk?"),
    Question(Tactic.EXCUSE, "What reasons do they give why it cannot be otherwise?"),
    Question(Tactic.CHANGE_SUBJECT, "What do they turn to when they don't want to go on about it?"),
    Question(Tactic.BRUSH_OFF, "What do they say when you are nice, or say sorry?"),
    Question(Tactic.COUNTERATTACK, "What do they say when you get angry?"),
    Question(Tactic.ANSWER, "What do they say when you ask why?"),
    Question(Tactic.THAW, "What do they say on a good day, when you have been kind?"),
    Question(Tactic.TAKE_MORE, "What do they say when you have given in?"),
)
"""What is asked for lines: each answer may hold several, one a line."""

COUNTER_MOVES = (
    Tactic.GUILT,
    Tactic.PAST_FAVOURS,
    Tactic.RIDICULE,
    Tactic.EXCUSE,
    Tactic.CHANGE_SUBJECT,
    Tactic.URGENCY,
    Tactic.COMPARE,
    Tactic.SILENCE,
    Tactic.THREATEN_TO_LEAVE,
)


def identifier(name: str, relation: str) -> str:
    """An id for a file from a name and what they are to one; "my_persona" where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", f"{name} {relation}").encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("my", "your", "the")]
    joined = "_".join(words)[:50].strip("_")
    return joined if re.match(r"[a-z]", joined) and len(joined) > 1 else "my_persona"


def persona_from(answers: dict[str, str], lines: Mapping[Tactic, Sequence[str]], coercive: bool) -> dict[str, Any]:
    """A persona as its file has it. `answers`: name, relation, relationship, pronoun, summary, time, place, happened, usual, want, hidden."""
    families = [
        {"id": f"{tactic.value}_own", "tactic": tactic.value, "answers": [], "say": list(said)} for tactic, said in lines.items() if said
    ]
    name = answers["name"]
    return {
        "id": identifier(name, answers["relation"]),
        "name": name,
        "relation": answers["relation"],
        "relationship": answers.get("relationship") or Relationship.FAMILY.value,
        "pronoun": answers.get("pronoun") or "they",
        "summary": answers.get("summary") or f"{name}, as you know them.",
        "problem_area": "role_dispute",
        "coercive": coercive,
        "norms": Norms.DIRECT.value,
        "patience": 16,
        "presses_with": [Tactic.ORDER.value, Tactic.URGENCY.value, Tactic.GUILT.value],
        "counter_moves": [tactic.value for tactic in COUNTER_MOVES],
        "situations": [
            {
                "id": "the_talk",
                "title": answers.get("title") or f"The talk with {name}",
                "time": answers.get("time") or "An ordinary day",
                "place": answers.get("place") or "Where you usually talk",
                "channel": "in person",
                "who": answers.get("who") or f"{name}, {answers['relation']}.",
                "happened": answers["happened"],
                "usual": answers.get("usual") or "You have not said yet.",
                "hidden_interest": answers.get("hidden") or "Not known. Write here what they may really want, or fear.",
                "goals": [{"kind": answers.get("goal") or "get_something", "text": answers["want"]}],
                "lines": families,
            }
        ],
    }


def as_yaml(persona: dict[str, Any]) -> str:
    """The file's text, with a first line for editors and a word on what to do next."""
    head = (
        "# yaml-language-server: $schema=persona.schema.json\n"
        "# Made from your answers. Change what you like; `ipt-roleplay personas validate FILE` says what is wrong or could be better.\n"
        "# A line goes under `say`; what stands in *asterisks* is done, not said. Where there are few lines, general ones fill in.\n"
    )
    return head + yaml.safe_dump(persona, allow_unicode=True, sort_keys=False, width=120, default_flow_style=False)
