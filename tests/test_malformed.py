"""Some hundred broken persona files and cards (thousands with IPT_FUZZ): each is refused in words, soon, and nothing lands outside its folder."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipt_roleplay.errors import CardError, PersonaFileError
from ipt_roleplay.personas import read_persona
from ipt_roleplay.personas.cards import as_png, make_card, read_card
from ipt_roleplay.personas.files import write_persona
from ipt_roleplay.personas.interview import as_yaml, persona_from

EACH = int(os.environ.get("IPT_FUZZ", "600")) // 2
SOON = 1.0
"""Seconds in which one must be refused; the first of a process may take longer, as libraries are loaded."""

LANDLORD = persona_from(
    {
        "name": "Mr Shaw",
        "relation": "my landlord",
        "happened": "The boiler has been out for nine days.",
        "want": "A day when it is mended.",
    },
    {},
    False,
)
LANDLORD["situations"][0]["lines"] = [{"id": "opening_own", "tactic": "opening", "answers": [], "say": ["Morning! Just passing."]}]
FILE = as_yaml(LANDLORD).splitlines()
HOSTILE = (
    "&a [*a, *a]", "!!python/object/apply:os.system ['id']", "[" * 400, "{a: " * 60, "../../../../etc/cron.d/x", "/root/.bashrc", "..\\..\\x",
    "\x00", "'", "9" * 400, "no", "[]", "{}", "null", "é" * 70_000, "%YAML 9.9", "---", "? x", "<<: {id: x}", "\ud800", "- - - - -", "|2-", "*x",
)  # fmt: skip


def _values_at(node: Any, where: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything in a structure."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [where, *(path for key, value in inside for path in _values_at(value, (*where, key)))]


PATHS = [path for path in _values_at(LANDLORD) if path]


def _with(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The landlord with one thing in it replaced."""
    changed: Any = json.loads(json.dumps(LANDLORD))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return dict(changed)


def _left_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _soon(act: Callable[[], object], refusals: type[Exception] | tuple[type[Exception], ...]) -> bool:
    """Whether it was refused; anything but the refusal, or a long wait, fails the test."""
    began = time.perf_counter()
    try:
        act()
    except refusals as error:
        said = str(error).strip()
    else:
        said = None
    assert time.perf_counter() - began < SOON
    assert said != "", "a refusal must say what is wrong"
    return said is not None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("malformed")
    read_persona(_file(made, "\n".join(FILE)))
    (made / "p.yaml").unlink()
    return made


def _file(folder: Path, text: str) -> Path:
    path = folder / "p.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    return path


@settings(max_examples=EACH, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(FILE) - 1),
    st.sampled_from(("replace value", "replace line", "insert", "drop", "twice", "indent", "cut")),
    st.sampled_from(HOSTILE) | st.text(max_size=40),
)
def test_a_file_with_something_wrong_in_it_is_read_or_refused_in_words(folder: Path, at: int, how: str, what: str) -> None:
    lines = list(FILE)
    if how == "replace value":
        lines[at] = lines[at].split(":")[0] + f": {what}"
    elif how == "replace line":
        lines[at] = what
    elif how == "insert":
        lines.insert(at, what)
    elif how == "drop":
        del lines[at]
    elif how == "twice":
        lines.insert(at, lines[at])
    elif how == "indent":
        lines[at] = f"   {lines[at]}"
    else:
        lines = lines[:at]
    path = _file(folder, "\n".join(lines))
    _soon(lambda: read_persona(path), PersonaFileError)
    assert _left_in(folder) == {"p.yaml"}


@settings(max_examples=EACH, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(PATHS), st.sampled_from(HOSTILE) | st.none() | st.integers() | st.lists(st.text(max_size=5), max_size=3), st.booleans()
)
def test_a_card_with_something_wrong_in_it_is_kept_in_its_folder_or_refused_in_words(
    folder: Path, path: tuple[str | int, ...], value: object, as_picture: bool
) -> None:
    home = folder / "inside" / "personas"
    whole = make_card(LANDLORD)
    whole["data"]["extensions"]["ipt_roleplay"] = _with(path, value)
    in_utf8 = "\ud800" not in str(value)
    card = as_png(whole) if as_picture and in_utf8 else json.dumps(whole).encode()

    def imported() -> None:
        write_persona(read_card(card).persona, home)

    try:
        refused = _soon(imported, (CardError, PersonaFileError))
        written = _left_in(folder) - {"p.yaml"}
        assert len(written) == (0 if refused else 1)
        assert all(name.startswith("inside/personas/") and name.count("/") == 2 for name in written)
    finally:
        for name in _left_in(folder):
            (folder / name).unlink()


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "a: " + "[" * 100_000,
        "x: " * 50_000,
        "- " * 50_000,
        "a: {" * 20_000 + "}" * 20_000,
        "? " * 30_000,
        "a: |\n" + " x\n" * 300_000,
        "&a a: *a\n",
    ],
    ids=["bomb", "deep list", "keys in keys", "deep dashes", "deep maps", "questions", "long block", "itself"],
)
def test_what_is_made_to_cost_is_refused_soon(tmp_path: Path, text: str) -> None:
    assert _soon(lambda: read_persona(_file(tmp_path, text)), PersonaFileError)


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert _soon(lambda: read_persona(path), PersonaFileError)
    assert _soon(lambda: read_card(b"{" + b" " * 50_000_000), CardError)


@pytest.mark.parametrize("name", ["../up", "/tmp/x", "a/b", "a\\b", "..", "", "x.yaml", "a\x00b", "con:", "é", "A" * 300])
def test_an_id_that_is_a_path_stays_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(PersonaFileError):
        write_persona(LANDLORD | {"id": name}, tmp_path / "personas")
    assert _left_in(tmp_path) == set()


def test_the_landlord_himself_is_fine(tmp_path: Path) -> None:
    path, persona = write_persona(LANDLORD, tmp_path)
    assert persona.name == "Mr Shaw"
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == LANDLORD
