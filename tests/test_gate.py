"""One test for each way into a live talk with someone who controls."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ipt_roleplay.bootstrap import OWN_PERSONAS, Services
from ipt_roleplay.config import Settings
from ipt_roleplay.domain import Danger
from ipt_roleplay.errors import GateClosedError
from ipt_roleplay.personas.cards import as_json, make_card
from ipt_roleplay.safety import Afraid, instead_of_a_talk
from tests.test_cli import data, ipt

__all__ = ["data"]

ROOT = Path(__file__).resolve().parents[1]
NEIL = "controlling_partner"


@pytest.mark.parametrize("answer", [None, Afraid.YES, Afraid.NOT_SURE, Afraid.NOT_SAID])
def test_no_talk_begins_with_him_unless_the_answer_is_no(shared: Services, answer: Afraid | None) -> None:
    practice = shared.off_the_record()
    with pytest.raises(GateClosedError):
        practice.start(NEIL, afraid=answer)
    assert practice.list() == ()
    assert practice.start(NEIL, afraid=Afraid.NO).transcript.turns


def test_the_answer_is_kept_nowhere(shared: Services) -> None:
    session = shared.kept.start(NEIL, afraid=Afraid.NO)
    kept = (shared.settings.data_dir / "practice.sqlite3").read_bytes() if (shared.settings.data_dir / "practice.sqlite3").exists() else b""
    assert "afraid" not in repr(session).lower()
    assert b"afraid" not in kept.lower()
    shared.kept.delete(session.id)


def test_with_the_others_nothing_is_asked(shared: Services) -> None:
    assert shared.off_the_record().start("aggressive_sister").transcript.turns


@pytest.mark.parametrize("typed", ["yes", "", "not sure", "I don't know", "maybe no"])
def test_in_the_terminal_any_answer_but_no_shows_help_and_the_others(data: Path, typed: str) -> None:
    done = ipt(data, "chat", NEIL, "--off-the-record", given=f"{typed}\nI am going on Saturday.\n", IPT_LOCALE="GB")
    assert done.returncode == 1
    assert "Are you ever afraid of what they might do?" in done.stdout
    assert "999" in done.stdout
    assert "Domestic Abuse" in done.stdout
    assert "aggressive_sister" in done.stdout
    assert "Neil: " not in done.stdout


def test_in_the_terminal_a_no_is_not_called_clearance(data: Path) -> None:
    done = ipt(data, "chat", NEIL, "--off-the-record", given="no\nI'm going on Saturday.\n/end\n")
    assert done.returncode == 0
    assert "does not mean that it is safe" in done.stdout
    assert done.stdout.count("Neil: ") >= 2


def own_copy(folder: Path, **changed: object) -> Path:
    values = yaml.safe_load((ROOT / "personas" / f"{NEIL}.yaml").read_text(encoding="utf-8")) | changed
    path = folder / f"{values['id']}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_an_own_persona_stands_behind_the_gate_too(tmp_path: Path) -> None:
    services = Services(Settings(data_dir=tmp_path))
    own_copy(tmp_path / OWN_PERSONAS, id="my_husband")
    with pytest.raises(GateClosedError):
        services.off_the_record().start("my_husband")


@pytest.mark.parametrize("typed", ["\n", "yes\n", "not sure\n"])
def test_an_imported_file_or_card_is_coercive_unless_the_person_says_they_are_never_afraid(data: Path, tmp_path: Path, typed: str) -> None:
    values = yaml.safe_load((ROOT / "personas" / f"{NEIL}.yaml").read_text(encoding="utf-8"))
    name = f"him_{len(typed)}"
    card = tmp_path / "card.json"
    card.write_bytes(as_json(make_card(values | {"id": name, "coercive": False})))
    assert ipt(data, "personas", "import", str(card), given=typed).returncode == 0
    assert ipt(data, "chat", name, given="\n").returncode == 1
    path = own_copy(tmp_path, id=f"{name}_file", coercive=False)
    assert ipt(data, "personas", "import", str(path), given=typed).returncode == 0
    assert ipt(data, "chat", f"{name}_file", given="\n").returncode == 1


def test_an_interview_asks_the_same_question(data: Path) -> None:
    answers = "Rob\nmy husband\n\nhe reads my messages\n\n\n\nmy phone is mine\n\nhe\npartner\nWho is that from?\n" + "\n" * 12 + "yes\n"
    made = ipt(data, "personas", "new", given=answers)
    assert made.returncode == 0, made.stdout
    assert "no live talk is begun" in made.stdout
    assert ipt(data, "chat", "rob_husband", given="\n").returncode == 1


def test_what_is_shown_instead_has_an_advocate_first_and_urges_nothing() -> None:
    shown = instead_of_a_talk("GB")
    assert shown.lines[0].kind == "domestic_violence"
    text = shown.as_text().lower()
    assert "leave him" not in text
    assert "you should" not in text
    assert Danger.IPV_DANGER not in text


@pytest.mark.parametrize("locale", ["", "GB", "US", "FR"])
def test_wherever_one_is_there_is_a_number(locale: str) -> None:
    assert any(character.isdigit() for character in instead_of_a_talk(locale).as_text())
