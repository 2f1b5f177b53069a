from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ipt_roleplay.domain import Event, Tactic
from ipt_roleplay.errors import PersonaFileError, UnknownNameError
from ipt_roleplay.personas import PersonaLibrary, lint, read_persona
from ipt_roleplay.personas.general import general_lines, is_general
from ipt_roleplay.personas.limits import broken_limits

SISTER = Path(__file__).parents[1] / "personas" / "aggressive_sister.yaml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SISTER.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "persona.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def problems(path: Path) -> str:
    with pytest.raises(PersonaFileError) as caught:
        read_persona(path)
    return str(caught.value)


def test_the_sister_has_what_a_talk_needs(library: PersonaLibrary) -> None:
    persona, situation = library.scene("aggressive_sister", "doctors_appointment")
    lines = [line for family in situation.families for line in family.say]
    assert len(lines) >= 80
    assert len(set(lines)) == len(lines)
    uses = {family.tactic for family in situation.families if not is_general(family.id)}
    assert {*persona.counter_moves, *persona.presses_with} <= uses
    assert set(persona.heard) == set(Event)
    assert uses - {Tactic.TAKE_UP} <= set(persona.meant)


def test_no_line_sounds_like_a_therapist_or_an_assistant_or_breaks_a_limit(library: PersonaLibrary) -> None:
    for persona in library.list():
        for situation in persona.situations:
            for family in situation.families:
                for line in family.say:
                    assert not broken_limits(line), line
                    assert len(line.split()) <= 60, line


@pytest.mark.parametrize(
    "line",
    [
        "I'll hit you if you say that again.",
        "You'll feel the back of my hand.",
        "I'm going to kill myself and then you'll see.",
        "I hear you, and I want to hold space for that.",
        "As an AI, I cannot be your sister.",
    ],
)
def test_a_line_over_a_limit_is_seen(line: str) -> None:
    assert broken_limits(line)


def test_nothing_in_the_personas_needs_mending(library: PersonaLibrary) -> None:
    """Too few lines, lines that never come, lines too alike, limits broken: the same checks that somebody's own file gets."""
    assert library.faults() == ()
    assert {persona.id: lint(persona) for persona in library.list()} == {persona.id: [] for persona in library.list()}


def test_general_lines_keep_the_limits_and_fill_in_where_a_persona_has_few(tmp_path: Path) -> None:
    assert not [line for family in general_lines() for line in family.say if broken_limits(line)]
    values = yaml.safe_load(SISTER.read_text(encoding="utf-8"))
    scene = values["situations"][0]
    few = scene | {"lines": [family for family in scene["lines"] if family["tactic"] == "opening"]}
    path = tmp_path / "few.yaml"
    path.write_text(yaml.safe_dump(values | {"lines": [], "situations": [few]}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    persona = read_persona(path)
    tactics = {family.tactic for family in persona.situations[0].families if is_general(family.id)}
    assert tactics == set(Tactic) - {Tactic.OPENING}
    assert "general ones fill in for: order (0)" in " ".join(lint(persona))


def test_a_typo_in_a_field_names_file_line_field_and_the_near_one(tmp_path: Path) -> None:
    said = problems(changed(tmp_path, "patience: 16", "patiense: 16"))
    line = SISTER.read_text(encoding="utf-8").splitlines().index("patience: 16") + 1
    assert f"persona.yaml:{line}: `patiense` is not a known field. Did you mean `patience`?" in said


def test_a_typo_in_a_value_says_what_is_allowed(tmp_path: Path) -> None:
    said = problems(changed(tmp_path, "tactic: dictate", "tactic: dictat"))
    assert "`tactic` is 'dictat'. Did you mean 'dictate'? Allowed: opening, order" in said
    assert re.search(r"persona\.yaml:\d+:", said)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("pronoun: she", "pronoun: he or she", "Allowed: she, he, they"),
        ("name: Denise", "name: Denise\nname: Den", "`name` is there twice"),
        ("name: Denise", "name: &x Denise", "anchors and aliases"),
        ("name: Denise", "name: !!python/object:os.system Denise", "tags"),
        ("id: aggressive_sister", "id: ../../etc/passwd", "`id`"),
        ("patience: 16", "patience: 900", "`patience` is '900'"),
        ("relation: your older sister\n", "", "`relation` is missing"),
        ("name: Denise", "name: [Denise", "not readable as YAML"),
        ("tactic: opening\n", "tactic: silence\n", "have none for: opening"),
        ("- id: dictate_any", "- id: opening_orders", "is used 2 times"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in problems(changed(tmp_path, old, new))


def test_a_huge_or_binary_or_missing_file_is_refused(tmp_path: Path) -> None:
    huge, binary = tmp_path / "huge.yaml", tmp_path / "binary.yaml"
    huge.write_bytes(b"a: 1\n" * 600_000)
    binary.write_bytes(bytes(range(256)))
    assert "bytes" in problems(huge)
    assert "UTF-8" in problems(binary)
    assert "cannot be read" in problems(tmp_path / "nowhere.yaml")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_as_a_file_is_refused_in_words(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("persona") / "p.yaml"
    path.write_text(text, encoding="utf-8", errors="ignore")
    assert problems(path)


def test_a_broken_file_hides_only_itself(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(SISTER.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("id: x\n", encoding="utf-8")
    library = PersonaLibrary(tmp_path)
    assert [persona.id for persona in library.list()] == ["aggressive_sister"]
    assert any(fault.startswith("bad.yaml:") for fault in library.faults())


def test_unknown_names_are_answered_with_the_near_ones(library: PersonaLibrary) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean: aggressive_sister"):
        library.get("agressive_sister")
    with pytest.raises(UnknownNameError, match="Did you mean: doctors_appointment"):
        library.scene("aggressive_sister", "doctor_appointment")


def test_a_file_broken_while_the_program_runs_keeps_what_it_said(tmp_path: Path) -> None:
    path = tmp_path / SISTER.name
    path.write_text(SISTER.read_text(encoding="utf-8"), encoding="utf-8")
    running = PersonaLibrary(tmp_path)
    assert running.get("aggressive_sister").name == "Denise"
    path.write_text(path.read_text(encoding="utf-8").replace("name: Denise", "name: Dora", 1), encoding="utf-8")
    assert running.get("aggressive_sister").name == "Dora"
    path.write_text("id: aggressive_sister\nname: [\n", encoding="utf-8")
    assert running.get("aggressive_sister").name == "Dora"
    assert running.list() == ()
    assert "aggressive_sister.yaml:" in running.faults()[0]
    with pytest.raises(PersonaFileError, match=r"aggressive_sister\.yaml:\d+: "):
        PersonaLibrary(tmp_path).get("aggressive_sister")
    path.unlink()
    with pytest.raises(UnknownNameError):
        running.get("aggressive_sister")
