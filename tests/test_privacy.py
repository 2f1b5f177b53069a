"""Nothing goes to another computer without a yes, and listed names never do."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ipt_roleplay.bootstrap import TERMINAL, Services
from ipt_roleplay.cli.main import cli
from ipt_roleplay.config import Settings, load_settings
from ipt_roleplay.llm.scripted import ScriptedModel
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.llm.veil import NAMES, Veil, Veiled
from ipt_roleplay.partner import AuthoredPartner, ModelPartner
from ipt_roleplay.storage.consent import Consent
from tests.test_model_partner import NO, shown

ELSEWHERE = "model.example.org"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("OPENAI_BASE_URL", f"https://{ELSEWHERE}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    return Services(Settings(model="openai:big", data_dir=tmp_path, locale="GB"))


def test_without_a_yes_written_lines_speak(elsewhere: Services) -> None:
    assert elsewhere.leaving.to == ELSEWHERE
    assert isinstance(elsewhere.partner_for(Consent()), AuthoredPartner)
    assert isinstance(elsewhere.partner_for(Consent(frozenset({"another.example.org"}))), AuthoredPartner)
    assert isinstance(elsewhere.partner_for(Consent(frozenset({ELSEWHERE}))), ModelPartner)


def test_each_owner_agrees_alone_and_for_each_provider(elsewhere: Services) -> None:
    elsewhere.consent.write("one", Consent(frozenset({ELSEWHERE}), ("Anna", "Piotr")))
    assert isinstance(elsewhere.kept_for("one", None).partner, ModelPartner)
    assert isinstance(elsewhere.kept_for("two", None).partner, AuthoredPartner)
    assert elsewhere.consent.read("one").private == ("Anna", "Piotr")
    elsewhere.consent.write("one", Consent())
    assert isinstance(elsewhere.kept_for("one", None).partner, AuthoredPartner)
    assert not (elsewhere.settings.data_dir / "consent.json").exists()


def test_the_terminal_asks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "IPT_DATA_DIR": str(tmp_path),
        "IPT_MODEL": "openai:big",
        "OPENAI_BASE_URL": f"https://{ELSEWHERE}/v1",
        "OPENAI_API_KEY": "sk-secret",
    }.items():
        monkeypatch.setenv(name, value)
    talked = CliRunner().invoke(cli, ["chat", "aggressive_sister", "--seed", "1"], input="No. I can't.\n/end\n")
    assert talked.exit_code == 0, talked.output
    assert f"A model at {ELSEWHERE} is chosen, but you have not agreed" in talked.output
    assert "sk-secret" not in talked.output
    assert Services(load_settings()).consent.read(TERMINAL) == Consent()


def test_with_a_key_and_no_setting_nothing_is_sent_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    called: list[object] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        called.append(address)
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
    made = Services(Settings(data_dir=tmp_path, locale="GB"))
    session = made.kept.start("aggressive_sister", seed=1)
    shown(made.kept.take_turn(session.id, NO))
    made.kept.end(session.id)
    assert made.kept.feedback(session.id).headline
    assert called == []


def test_listed_names_and_numbers_stay_here_and_come_back() -> None:
    veil = Veil(["Anna", "St Mary's"])
    (out,) = veil.out(["Ring ANNA at St Mary's on 020 7946 0958, or anna@example.org. Annabel knows."])
    assert "anna" not in out.lower().replace("annabel", "")
    assert "7946" not in out
    assert "@" not in out
    assert "Annabel" in out
    stand_in = out.split()[1]
    assert stand_in in NAMES
    for cut in range(1, 8):
        said = f"Then {stand_in} can do it, can't she, {stand_in}?"
        pieces = [said[start : start + cut] for start in range(0, len(said), cut)]
        assert "".join(veil.back(pieces)) == "Then Anna can do it, can't she, Anna?"


def test_a_stand_in_is_never_a_name_of_the_talk() -> None:
    (out,) = Veil(["Anna"]).out([f"Anna and {NAMES[0]} are here."])
    assert out.count(NAMES[0]) == 1


def test_a_model_is_never_told_and_the_page_never_shows_a_stand_in(elsewhere: Services) -> None:
    inner = ScriptedModel(["Robin can wait. Robin always could."])
    partner = ModelPartner(Veiled(inner, ["Anna"]), elsewhere.authored, TokenCounter("big", elsewhere.settings.data_dir / "tokens"))
    practice = replace(elsewhere.off_the_record(), partner=partner)
    session = practice.start("aggressive_sister", seed=1)
    assert shown(practice.take_turn(session.id, "No. Anna can't come on Wednesday.")) == "Anna can wait. Anna always could."
    assert "Anna" not in "".join(text for _, text in inner.asked[0])


def test_closing_a_veiled_reply_closes_what_is_beneath() -> None:
    closed = threading.Event()

    class Slow(ScriptedModel):
        def stream(self, messages, spent=None):  # type: ignore[no-untyped-def]
            class Pieces:
                def __iter__(self):  # type: ignore[no-untyped-def]
                    return self

                def __next__(self) -> str:
                    return "word "

                def close(self) -> None:
                    closed.set()

            return Pieces()

    pieces = Veiled(Slow([]), ["Anna"]).stream([("user", "Anna?")])
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert closed.is_set()
