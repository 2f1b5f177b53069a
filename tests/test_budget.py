"""What a model may use: counted for each call, told before it bites, kept to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.config import Settings
from ipt_roleplay.errors import ModelBudgetError
from ipt_roleplay.llm.budget import Budgeted, Ledger
from ipt_roleplay.llm.scripted import ScriptedModel
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.partner import AuthoredPartner, ModelPartner
from ipt_roleplay.ports import Spent
from tests.test_model_partner import NO, last_move, practice_with, shown

ASK = [("user", "one two three")]


class Day:
    """A clock that is set."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


def words(text: str) -> int:
    return len(text.split())


def test_each_call_is_counted_and_a_new_day_begins_anew(tmp_path: Path) -> None:
    day = Day()
    ledger = Ledger(tmp_path, day)
    model = Budgeted(ScriptedModel(["a b", "c d", "e f"]), ledger, 12, words)
    assert "".join(model.stream(ASK)) == "a b"
    assert ledger.today() == Spent(3, 2)
    list(model.stream(ASK))
    with pytest.raises(ModelBudgetError, match="IPT_DAY_TOKENS"):
        list(model.stream(ASK))
    day.time += timedelta(days=1)
    assert "".join(model.stream(ASK)) == "e f"
    assert json.loads((tmp_path / "spent.json").read_text()) == {"2026-03-01": [6, 4], "2026-03-02": [3, 2]}


def test_a_reply_that_is_closed_early_is_counted_as_far_as_it_came(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, Day())
    pieces = Budgeted(ScriptedModel(["a b c d"]), ledger, 100, words).stream(ASK)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert ledger.today() == Spent(3, 1)


def test_a_broken_ledger_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / "spent.json").write_text("[1, 2")
    assert Ledger(tmp_path, Day()).today() == Spent(0, 0)


def test_what_a_reply_used_is_kept_with_it(shared: Services) -> None:
    practice = practice_with(shared, ScriptedModel(["How can I help you?", "She's got her good blouse out."]))
    session = practice.start("aggressive_sister", seed=1)
    shown(practice.take_turn(session.id, NO))
    prompt, reply = last_move(practice, session).spent
    assert prompt > 300
    assert reply >= 6


def test_a_talk_that_used_its_tokens_goes_on_with_written_lines(shared: Services) -> None:
    tokens = TokenCounter("m", shared.settings.data_dir / "tokens")
    model = ScriptedModel(["She's got her good blouse out.", "It's behind the door."])
    partner = ModelPartner(model, AuthoredPartner(shared.encoder), tokens, a_talk=100)
    practice = replace(shared.off_the_record(), partner=partner)
    session = practice.start("aggressive_sister", seed=1)
    shown(practice.take_turn(session.id, NO))
    assert last_move(practice, session).said_by == "scripted"
    shown(practice.take_turn(session.id, "It isn't me this time."))
    assert last_move(practice, session).stood_in_because == "was not asked, as this talk's 100 tokens are used up"
    assert len(model.asked) == 1


def test_it_is_told_before_the_day_is_used_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://model.example.org/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk")
    made = Services(Settings(model="openai:m", data_dir=tmp_path, day_tokens=1000))
    assert made.running_low() == ""
    (tmp_path / "spent.json").write_text(json.dumps({datetime.now(UTC).date().isoformat(): [700, 150]}))
    assert "850" in made.running_low()
    assert "IPT_DAY_TOKENS" in made.running_low()
    assert Services(Settings(data_dir=tmp_path, day_tokens=1000)).running_low() == ""
