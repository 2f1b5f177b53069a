"""One persona file to one `Persona`, or to a list of faults a person can mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ipt_roleplay.domain import Goal, LineToTry, Persona, Situation, Tactic
from ipt_roleplay.errors import PersonaFileError, shorten
from ipt_roleplay.personas.general import as_family, to_fill_in
from ipt_roleplay.personas.schema import ALLOWED, LineFamilyFile, PersonaFile, SituationFile
from ipt_roleplay.personas.strict_yaml import Path_, YamlDocument, read_strict

NEEDED = (Tactic.OPENING,)
"""Tactics that every situation has lines of its own for; for all others general lines fill in (`general.py`)."""


def read_persona(path: Path) -> Persona:
    """Read and check one file. Raises PersonaFileError listing every fault with file, line, field and what is allowed."""
    document = read_strict(path)
    try:
        parsed = PersonaFile.model_validate(document.values)
    except ValidationError as error:
        raise PersonaFileError(dict.fromkeys(_explain(path, document, fault) for fault in error.errors())) from error
    faults = [f"{path.name}:{document.line(where)}: {text}" for where, text in _beyond_schema(parsed)]
    if faults:
        raise PersonaFileError(faults)
    return _persona(parsed)


def _explain(path: Path, document: YamlDocument, fault: ErrorDetails) -> str:
    where: Path_ = tuple(part for part in fault["loc"] if part != "[key]")
    name = next((part for part in reversed(where) if isinstance(part, str)), "the file")
    head = f"{path.name}:{document.line(where)}: `{name}`"
    if fault["type"] == "extra_forbidden":
        known = _fields_at(where[:-1])
        near = get_close_matches(str(name), known, n=1)
        return f"{head} is not a known field. " + (f"Did you mean `{near[0]}`?" if near else f"Allowed here: {', '.join(known)}.")
    if fault["type"] == "missing":
        return f"{head} is missing. Add a line `{name}: ...` there."
    allowed = ALLOWED.get(str(name)) or next((ALLOWED[part] for part in where if part in ALLOWED), None)
    given = shorten(str(fault.get("input")), 40)
    if allowed and fault["type"] in ("enum", "literal_error"):
        near = get_close_matches(given, allowed, n=1)
        return f"{head} is {given!r}. " + (f"Did you mean {str(near[0])!r}? " if near else "") + f"Allowed: {', '.join(allowed)}."
    return f"{head} is {given!r}: {fault['msg'].lower()}."


def _fields_at(where: Path_) -> list[str]:
    """The field names allowed at a path."""
    model: type[BaseModel] = PersonaFile
    for part in where:
        if isinstance(part, str) and part in model.model_fields:
            inner = get_args(model.model_fields[part].annotation)
            candidates = [item for item in (*inner, *(nested for item in inner for nested in get_args(item)))]
            model = next((item for item in candidates if isinstance(item, type) and issubclass(item, BaseModel)), model)
    return sorted(model.model_fields)


def _beyond_schema(parsed: PersonaFile) -> list[tuple[Path_, str]]:
    """What no field can check by itself: ids used twice, a talk that could not begin or end."""
    faults: list[tuple[Path_, str]] = []
    for number, situation in enumerate(parsed.situations):
        where: Path_ = ("situations", number)
        families = [*parsed.lines, *situation.lines]
        counts = Counter(family.id for family in families)
        for position, family in enumerate(situation.lines):
            if counts[family.id] > 1:
                faults.append(
                    ((*where, "lines", position, "id"), f"`id` {family.id!r} is used {counts[family.id]} times. Give each family its own.")
                )
        present = {family.tactic for family in families}
        missing = [tactic for tactic in NEEDED if tactic not in present]
        if missing:
            faults.append(
                (
                    (*where, "lines"),
                    f"`lines` of {situation.id!r} have none for: {', '.join(missing)}. Add at least one family with that tactic: it begins the talk.",
                )
            )
    twice = [name for name, count in Counter(situation.id for situation in parsed.situations).items() if count > 1]
    faults.extend((("situations",), f"situation id {name!r} is used twice. Give each its own.") for name in twice)
    return faults


def _persona(parsed: PersonaFile) -> Persona:
    return Persona(
        id=parsed.id,
        name=parsed.name,
        relation=parsed.relation,
        relationship=parsed.relationship,
        pronoun=parsed.pronoun,
        summary=parsed.summary,
        problem_area=parsed.problem_area,
        coercive=parsed.coercive,
        norms=parsed.norms,
        presses_with=tuple(parsed.presses_with),
        counter_moves=tuple(parsed.counter_moves),
        patience=parsed.patience,
        heard=dict(parsed.heard),
        meant=dict(parsed.meant),
        facts=tuple(parsed.facts),
        situations=tuple(_situation(situation, parsed.lines) for situation in parsed.situations),
    )


def _situation(parsed: SituationFile, shared: Sequence[LineFamilyFile]) -> Situation:
    """One scene; the persona's own lines that fit every scene come after those of the scene, and general ones last."""
    families = tuple(as_family(family) for family in (*parsed.lines, *shared))
    return Situation(
        id=parsed.id,
        title=parsed.title,
        time=parsed.time,
        place=parsed.place,
        channel=parsed.channel,
        who=parsed.who,
        happened=parsed.happened,
        usual=parsed.usual,
        hidden_interest=parsed.hidden_interest,
        facts=tuple(parsed.facts),
        goals=tuple(Goal(goal.kind, goal.text) for goal in parsed.goals),
        lines_to_try=tuple(LineToTry(line.instead_of, line.text) for line in parsed.lines_to_try),
        families=(*families, *to_fill_in(families)),
    )
