"""What a persona file may hold. Unknown fields are refused; messages are made in `reader.py`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ipt_roleplay.domain import Body, Difficulty, Event, GoalKind, Norms, Phase, ProblemArea, Relationship, Signal, Style, Tactic

ID = r"[a-z][a-z0-9_]{1,60}"
"""Names of files and of groups of lines: plain on every system, and never a path."""

Identifier = Annotated[str, StringConstraints(pattern=rf"^{ID}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
Tension = Annotated[int, Field(ge=0, le=10)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LineFamilyFile(_Strict):
    """Lines that do the same to the same kind of turn."""

    id: Identifier
    tactic: Tactic
    answers: list[Text] = []
    tension: Annotated[list[Tension], Field(min_length=2, max_length=2)] = [0, 10]
    phase: list[Phase] = []
    body: Body | None = None
    goals: list[GoalKind] = []
    revealed: bool | None = None
    after: list[Event] = []
    say: Annotated[list[Text], Field(min_length=1)]


class GoalFile(_Strict):
    """One thing to want from the talk."""

    kind: GoalKind
    text: Text


class LineToTryFile(_Strict):
    """A better line for one kind of difficulty."""

    instead_of: Signal | Style
    text: Text


class SituationFile(_Strict):
    """One scene."""

    id: Identifier
    title: Text
    time: Text
    place: Text
    channel: Literal["in person", "by phone", "by text"] = "in person"
    who: Text
    happened: Text
    usual: Text
    hidden_interest: Text
    facts: list[Text] = []
    goals: Annotated[list[GoalFile], Field(min_length=1)]
    lines_to_try: list[LineToTryFile] = []
    lines: list[LineFamilyFile] = []


class PersonaFile(_Strict):
    """A whole file."""

    id: Identifier
    name: Text
    relation: Text
    relationship: Relationship
    pronoun: Literal["she", "he", "they"]
    summary: Text
    problem_area: ProblemArea
    coercive: bool = False
    norms: Norms = Norms.DIRECT
    patience: Annotated[int, Field(ge=6, le=40)] = 16
    presses_with: Annotated[list[Tactic], Field(min_length=2)] = [Tactic.ORDER, Tactic.GUILT, Tactic.URGENCY]
    counter_moves: Annotated[list[Tactic], Field(min_length=7)]
    heard: dict[Event, Text] = {}
    meant: dict[Tactic, Text] = {}
    facts: list[Text] = []
    lines: list[LineFamilyFile] = []
    situations: Annotated[list[SituationFile], Field(min_length=1)]


ALLOWED: dict[str, tuple[str, ...]] = {
    "tactic": tuple(Tactic),
    "counter_moves": tuple(Tactic),
    "presses_with": tuple(Tactic),
    "phase": tuple(Phase),
    "body": tuple(Body),
    "goals": tuple(GoalKind),
    "norms": tuple(Norms),
    "relationship": tuple(Relationship),
    "meant": tuple(Tactic),
    "heard": tuple(Event),
    "after": tuple(Event),
    "kind": tuple(GoalKind),
    "problem_area": tuple(ProblemArea),
    "instead_of": (*Signal, *Style),
    "pronoun": ("she", "he", "they"),
    "channel": ("in person", "by phone", "by text"),
    "difficulty": tuple(Difficulty),
}
"""For the fields that take one of a list of words: the list, for messages."""


def persona_schema() -> dict[str, Any]:
    """The JSON Schema of a persona file. An editor uses it through the file's first line: `# yaml-language-server: $schema=persona.schema.json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A persona of ipt-roleplay",
        **PersonaFile.model_json_schema(),
    }
