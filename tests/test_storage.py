from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text

from ipt_roleplay.domain import (
    Difficulty,
    Event,
    Goal,
    GoalKind,
    Move,
    Outcome,
    PartnerState,
    Phase,
    Reading,
    Session,
    Signal,
    SignalSpan,
    Speaker,
    Style,
    Tactic,
    Turn,
)
from ipt_roleplay.errors import SessionStateError, StorageError, UnknownNameError
from ipt_roleplay.ports import SessionStore
from ipt_roleplay.storage.memory import MemorySessionStore
from ipt_roleplay.storage.rows import session_values, turn_values
from ipt_roleplay.storage.saving import SavingChoice, SavingChoiceFile
from ipt_roleplay.storage.sql import MIGRATIONS, SqlSessionStore

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'data' / 'practice.sqlite'}"


def session(identity: str = "one", started: datetime = NOW, owner: str | None = None, keep_days: int | None = None) -> Session:
    return Session(
        identity,
        "aggressive_sister",
        "doctors_appointment",
        Difficulty.REALISTIC,
        Goal(GoalKind.HOLD, "I say no"),
        7,
        started,
        mood_before=3,
        owner=owner,
        keep_days=keep_days,
    )


def turns() -> tuple[Turn, Turn]:
    state = PartnerState(phase=Phase.TESTING, tension=4.2, used=(Tactic.OPENING, Tactic.GUILT), outcome=None)
    reading = Reading(Style.ASSERTIVE, dict.fromkeys(Style, 0.25), (SignalSpan(Signal.REFUSAL, 0, 7),))
    return (
        Turn(1, Speaker.PARTNER, "Wednesday.", move=Move(Tactic.GUILT, state, "guilt_any/1", Event.EXPLAINS, "an excuse", "help me")),
        Turn(2, Speaker.LEARNER, "I can't. “Really” 🙂", reading=reading),
    )


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStore]:
    if request.param == "memory":
        yield MemorySessionStore()
    else:
        made = SqlSessionStore(address(tmp_path))
        yield made
        made.close()


def test_what_is_stored_comes_back_as_it_was(store: SessionStore) -> None:
    store.create(session())
    for turn in turns():
        store.append("one", turn)
    store.update(replace(session(), outcome=Outcome.STOPPED, ended_at=NOW, confidence_after=6))
    found = store.get("one")
    assert found.transcript.turns == turns()
    assert (found.outcome, found.ended_at, found.mood_before, found.confidence_after) == (Outcome.STOPPED, NOW, 3, 6)


def test_a_move_kept_before_models_could_speak_was_a_written_line(tmp_path: Path) -> None:
    store = SqlSessionStore(address(tmp_path))
    store.create(session())
    store.append("one", turns()[0])
    with sqlite3.connect(tmp_path / "data" / "practice.sqlite") as database:
        database.execute("update turn set move = json_remove(move, '$.said_by')")
    assert store.get("one").transcript.turns == turns()[:1]


def test_who_found_the_words_is_kept(store: SessionStore) -> None:
    store.create(session())
    first = turns()[0]
    assert first.move is not None
    said = replace(first, move=replace(first.move, said_by="authored (model failed: refused the key)"))
    store.append("one", said)
    found = store.get("one").transcript.turns[0].move
    assert found == said.move
    assert found is not None
    assert found.stood_in_because == "refused the key"


def test_a_reading_can_be_added_to_a_turn_and_its_words_stay(store: SessionStore) -> None:
    store.create(session())
    said = turns()[1]
    store.append("one", Turn(1, Speaker.LEARNER, said.text))
    store.revise("one", replace(said, n=1, text="other words"))
    assert store.get("one").transcript.turns[0] == replace(said, n=1)


def test_two_tabs_cannot_say_the_same_turn(store: SessionStore) -> None:
    store.create(session())
    store.append("one", turns()[0])
    with pytest.raises(SessionStateError, match="another tab"):
        store.append("one", turns()[0])


def test_list_is_newest_first_and_old_ones_are_forgotten(store: SessionStore) -> None:
    for days, name, keep in ((40, "old", 30), (1, "new", 30), (20, "middle", 30), (400, "for good", None)):
        store.create(session(name, NOW - timedelta(days=days), keep_days=keep))
    assert [one.id for one in store.list()] == ["new", "middle", "old", "for good"]
    assert store.forget_expired(NOW) == 1
    assert [one.id for one in store.list()] == ["new", "middle", "for good"]


def test_each_owner_has_a_list_and_days_of_their_own(store: SessionStore) -> None:
    for name, owner in (("hers", "her"), ("his", "him"), ("terminal", None)):
        store.create(session(name, NOW - timedelta(days=10), owner=owner, keep_days=30))
        store.append(name, Turn(1, Speaker.LEARNER, f"words of {name}"))
    assert [(one.id, one.transcript.turns[0].text) for one in store.list("her")] == [("hers", "words of hers")]
    assert store.list("somebody") == ()
    assert len(store.list()) == 3
    store.keep_for("her", 7)
    store.keep_for("him", None)
    assert store.forget_expired(NOW) == 1
    assert {one.id: one.keep_days for one in store.list()} == {"his": None, "terminal": 30}


def test_unknown_sessions_are_named_with_the_near_ones(store: SessionStore) -> None:
    store.create(session("abcdef"))
    for ask in (store.get, store.delete):
        with pytest.raises(UnknownNameError, match="abcdef"):
            ask("abcdeg")


def test_deleted_words_are_gone_from_the_bytes(tmp_path: Path) -> None:
    store = SqlSessionStore(address(tmp_path))
    marker = "zebra-marker-4711"
    store.create(session())
    store.create(session("two"))
    for number in range(1, 60):
        store.append("one", Turn(number, Speaker.LEARNER, f"{marker} {number} " + "words " * 100))
    everything = lambda: b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())  # noqa: E731
    assert marker.encode() in everything()
    store.delete("one")
    assert marker.encode() not in everything()
    assert [one.id for one in store.list()] == ["two"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    store = SqlSessionStore(address(tmp_path))
    store.create(session())
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "practice.sqlite").stat().st_mode) == 0o600


def test_a_turn_is_on_the_disk_when_append_returns(tmp_path: Path) -> None:
    store = SqlSessionStore(address(tmp_path))
    store.create(session())
    store.append("one", turns()[0])
    with sqlite3.connect(tmp_path / "data" / "practice.sqlite") as other:
        assert other.execute("select text from turn").fetchall() == [("Wednesday.",)]
        assert other.execute("pragma journal_mode").fetchone() == ("wal",)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    SqlSessionStore(address(tmp_path)).close()
    path = tmp_path / "data" / "practice.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()
        database.execute("pragma wal_checkpoint(truncate)")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer version"):
        SqlSessionStore(address(tmp_path))
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "practice.sqlite").write_bytes(b"this is a shopping list, not a database" * 50)
    with pytest.raises(StorageError, match="cannot be opened"):
        SqlSessionStore(address(tmp_path))


def test_only_keeping_is_remembered(tmp_path: Path) -> None:
    file = SavingChoiceFile(tmp_path)
    assert file.read("her") is None
    file.write("her", SavingChoice(keep=True, days=30))
    file.write("him", SavingChoice(keep=True))
    assert file.read("her") == SavingChoice(keep=True, days=30)
    assert file.read("him") == SavingChoice(keep=True, days=None)
    file.write("her", SavingChoice(keep=False))
    assert file.read("her") is None
    assert file.read("him") == SavingChoice(keep=True, days=None)
    file.write("him", SavingChoice(keep=False))
    assert list(tmp_path.iterdir()) == []


def test_a_choice_that_cannot_be_written_is_said_and_a_broken_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "saving.json").write_text("{")
    assert SavingChoiceFile(tmp_path).read("her") is None
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StorageError, match="practise off the record"):
        SavingChoiceFile(blocked).write("her", SavingChoice(keep=True))


def revisions() -> list[str]:
    return sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.mark.parametrize("revision", revisions())
def test_a_talk_of_every_older_version_is_still_there(tmp_path: Path, revision: str) -> None:
    (tmp_path / "data").mkdir()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(address(tmp_path)).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        values = session_values(session("old", owner=None))
        columns = {column["name"] for column in inspect(connection).get_columns("session")}
        kept = {name: value for name, value in values.items() if name in columns}
        names = ", ".join(kept)
        connection.execute(text(f"insert into session ({names}) values ({', '.join(':' + name for name in kept)})"), kept)
        row = turn_values("old", turns()[1], NOW)
        said = {"session_id": "old", "n": 2, "speaker": "learner", "text": row["text"], "said_at": row["said_at"]}
        connection.execute(
            text("insert into turn (session_id, n, speaker, text, said_at) values (:session_id, :n, :speaker, :text, :said_at)"), said
        )
    store = SqlSessionStore(address(tmp_path))
    found = store.get("old")
    assert (found.transcript.turns[0].text, found.owner, found.keep_days, found.branch) == (turns()[1].text, None, None, None)
    store.keep_for("her", 7)
    store.create(session("new", owner="her"))
    assert [one.id for one in store.list("her")] == ["new"]
    store.close()
