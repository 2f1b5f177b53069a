from __future__ import annotations

import json
import stat
from pathlib import Path

from tests.test_cli import data, ipt

__all__ = ["data"]

LANDLORD = "\n".join(
    [
        "Mr Shaw", "your landlord", "Friendly until it costs him.", "The boiler has been out for nine days.", "", "the stairs", "I say never mind.",
        "The boiler mended this week.", "", "he", "work",
        "*on the stairs* Morning! Just passing.", "All well up here?", "",
        "Rent's due Friday, don't forget.", "",
        "I treat you like family.", "",
        "I let you off the deposit that time.", "",
        "Cold? It's October.", "",
        "The part's on order.", "My cousin does the boilers, and he's in Leeds.", "",
        "How's the bicycle?", "",
        "No need to thank me.", "",
        "There's people would bite my hand off for this flat.", "",
        "Why? Because boilers cost money.", "",
        "You've always been good tenants, I'll say that.", "",
        "Smashing. And you'll let the gas man in, and the windows.", "",
        "no", "",
    ]
)  # fmt: skip


def test_a_landlord_is_made_by_an_interview_and_talked_with(data: Path) -> None:
    made = ipt(data, "personas", "new", given=LANDLORD)
    assert made.returncode == 0, made.stdout + made.stderr
    path = data / "personas" / "mr_shaw_landlord.yaml"
    assert str(path) in made.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "$schema" in path.read_text(encoding="utf-8").splitlines()[0]
    assert ipt(data, "personas", "validate", str(path)).returncode == 0
    said = "I want the boiler mended by Wednesday.\nI know it costs money. I want it mended by Wednesday.\n/end\n"
    talk = ipt(data, "chat", "mr_shaw_landlord", "--off-the-record", given=said)
    assert talk.returncode == 0, talk.stderr
    assert talk.stdout.count("Mr Shaw: ") >= 3
    again = ipt(data, "personas", "new", given=LANDLORD)
    assert "mr_shaw_landlord_2" in again.stdout, "a file that is there is never written over"


def test_a_persona_goes_out_as_a_card_and_comes_back(data: Path, tmp_path: Path) -> None:
    for form in ("json", "png", "charx"):
        file = tmp_path / f"denise.{form}"
        assert ipt(data, "personas", "export", "aggressive_sister", "--to", str(file)).returncode == 0
        came = ipt(data, "personas", "import", str(file), given="no\n")
        assert came.returncode == 0, came.stderr
        assert ipt(data, "personas", "export", "aggressive_sister", "--to", str(file)).returncode == 1, "nothing is written over"
    listed = json.loads(ipt(data, "personas", "list", "--json").stdout)
    assert {"aggressive_sister_2", "aggressive_sister_3", "aggressive_sister_4"} <= {persona["id"] for persona in listed}


def test_a_bad_file_is_refused_in_words_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    before = sorted((data / "personas").glob("*")) if (data / "personas").is_dir() else []
    done = ipt(data, "personas", "import", str(bad), given="no\n")
    assert done.returncode == 1
    assert "picture cannot be read" in done.stderr
    assert ipt(data, "personas", "import", str(tmp_path / "missing.json")).returncode == 1
    assert (sorted((data / "personas").glob("*")) if (data / "personas").is_dir() else []) == before


def test_the_schema_in_the_docs_is_the_programs_own(data: Path) -> None:
    made = ipt(data, "personas", "schema").stdout
    kept = Path(__file__).resolve().parents[1] / "docs" / "persona.schema.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == json.loads(made), "run `ipt-roleplay personas schema > docs/persona.schema.json`"
