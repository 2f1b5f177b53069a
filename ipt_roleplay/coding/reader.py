"""Exercise files: strict YAML in, `Exercise` or `DemoScript` out; every fault with file, line and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ipt_roleplay.coding.exercise import DemoLearner, DemoScript, Exercise
from ipt_roleplay.domain import Difficulty, Reading, Signal, SignalSpan, Speaker, Style, Transcript, Turn
from ipt_roleplay.errors import ExerciseFileError, PersonaFileError, shorten
from ipt_roleplay.personas.strict_yaml import Path_, YamlDocument, read_strict

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
SURE = 0.97
"""The score of the reference's style; the rest is shared by the others, as a `Reading` has all four."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ExchangeFile(_Strict):
    partner: Text
    learner: Text
    style: Style
    signals: dict[Signal, Text] = {}
    reason: Text


class _ExerciseFile(_Strict):
    id: Identifier
    title: Text
    partner: Text
    scene: Text
    aim: Text
    exchanges: Annotated[list[_ExchangeFile], Field(min_length=2)]
    after: Text


class _LearnerFile(_Strict):
    id: Identifier
    name: Text
    says: Annotated[list[Text], Field(min_length=2)]
    question: Text


class _DemoFile(_Strict):
    id: Identifier
    title: Text
    persona: Identifier
    situation: Identifier
    difficulty: Difficulty
    seed: int
    learners: Annotated[list[_LearnerFile], Field(min_length=2)]


_File = TypeVar("_File", bound=_Strict)


def read_exercise(path: Path) -> Exercise:
    """A transcript with its reference coding. Raises ExerciseFileError listing every fault."""
    parsed, document = _parsed(path, _ExerciseFile)
    faults = [
        f"{path.name}:{document.line(('exchanges', number, 'signals', signal.value))}: the words for `{signal.value}` "
        f"({shorten(words, 40)!r}) are not in the learner's line. Copy them from it letter by letter."
        for number, one in enumerate(parsed.exchanges)
        for signal, words in one.signals.items()
        if words not in one.learner
    ]
    if faults:
        raise ExerciseFileError(faults)
    turns: list[Turn] = []
    for one in parsed.exchanges:
        turns.append(Turn(len(turns) + 1, Speaker.PARTNER, one.partner))
        turns.append(Turn(len(turns) + 1, Speaker.LEARNER, one.learner, reading=_reference(one)))
    reasons = {2 * number: one.reason for number, one in enumerate(parsed.exchanges, start=1)}
    turns.append(Turn(len(turns) + 1, Speaker.PARTNER, parsed.after))
    return Exercise(parsed.id, parsed.title, parsed.partner, parsed.scene, parsed.aim, Transcript(tuple(turns)), reasons)


def read_demo(path: Path) -> DemoScript:
    """The scripted learners of a demonstration. Raises ExerciseFileError listing every fault."""
    parsed, _ = _parsed(path, _DemoFile)
    learners = tuple(DemoLearner(one.id, one.name, tuple(one.says), one.question) for one in parsed.learners)
    return DemoScript(parsed.id, parsed.title, parsed.persona, parsed.situation, parsed.difficulty, parsed.seed, learners)


def _parsed(path: Path, shape: type[_File]) -> tuple[_File, YamlDocument]:
    try:
        document = read_strict(path)
    except PersonaFileError as error:
        raise ExerciseFileError(error.problems) from error
    try:
        return shape.model_validate(document.values), document
    except ValidationError as error:
        faults = [(tuple(part for part in fault["loc"] if part != "[key]"), fault) for fault in error.errors()]
        raise ExerciseFileError(
            f"{path.name}:{document.line(where)}: `{_name(where)}`: {fault['msg'].lower()}. Mend that line." for where, fault in faults
        ) from error


def _name(where: Path_) -> str:
    return next((part for part in reversed(where) if isinstance(part, str)), "the file")


def _reference(one: _ExchangeFile) -> Reading:
    rest = (1 - SURE) / (len(Style) - 1)
    scores = {style: SURE if style is one.style else rest for style in Style}
    starts = {signal: one.learner.index(words) for signal, words in one.signals.items()}
    spans = tuple(SignalSpan(signal, starts[signal], starts[signal] + len(words)) for signal, words in one.signals.items())
    return Reading(one.style, scores, spans)
