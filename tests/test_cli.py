from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ipt_roleplay.model_server import ModelServer
from tests.web import free_port

ROOT = Path(__file__).resolve().parents[1]
TALK = "Denise: You're taking Mum on Wednesday!\nMe: *looks away* Okay.\nDenise: And tell him about the dizziness.\nMe: I've got work. I can't do Wednesday.\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the module, so that the notes index is made once."""
    return tmp_path_factory.mktemp("cli")


def ipt(data: Path, *words: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("IPT_", "OPENAI_"))} | {
        "IPT_DATA_DIR": str(data),
        "LC_ALL": "en_GB.UTF-8",
        "COLUMNS": "110",
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-m", "ipt_roleplay", *words],
        input=given,
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


def test_chat_from_the_first_line_to_the_coach_and_then_show_and_delete(data: Path) -> None:
    done = ipt(
        data,
        "chat",
        "aggressive_sister",
        "--seed",
        "3",
        given="*looks at the table* I've got work Wednesday.\nI know you're doing a lot. I can't do Wednesday.\n/silent\n\n/end\n",
    )
    assert done.returncode == 0
    assert done.stdout.count("Denise: ") >= 4
    assert "One moment to try again" in done.stdout
    identity = done.stdout.rsplit("Kept as ", 1)[1].split(".")[0]
    listed = json.loads(ipt(data, "sessions", "list", "--json").stdout)
    assert [entry["id"] for entry in listed] == [identity]
    assert "I've got work Wednesday." in ipt(data, "sessions", "show", identity).stdout
    assert ipt(data, "sessions", "delete", identity).returncode == 0
    assert json.loads(ipt(data, "sessions", "list", "--json").stdout) == []


def test_chat_with_a_real_model_says_where_the_words_go(data: Path, llama: ModelServer) -> None:
    where = {"OPENAI_BASE_URL": llama.address, "OPENAI_API_KEY": llama.key}
    words = ("chat", "aggressive_sister", "--off-the-record", "--model", "openai:smollm2")
    done = ipt(data, *words, given="No, Denise. I can't.\n/end\n", **where)
    assert done.returncode == 0
    assert "Nothing leaves this computer." in done.stdout
    assert "a language model that is served on it (smollm2)" in done.stdout
    assert done.stdout.count("Denise: ") == 2
    found = ipt(data, "doctor", IPT_MODEL="openai:smollm2", **where)
    assert found.returncode == 0
    assert "smollm2 at 127.0.0.1 answers" in found.stdout
    wrong = ipt(data, "doctor", IPT_MODEL="openai:smollm2", **where | {"OPENAI_API_KEY": "sk-wrong"})
    assert wrong.returncode == 1
    assert "Check OPENAI_API_KEY" in wrong.stdout
    assert "sk-wrong" not in wrong.stdout + wrong.stderr


def test_chat_with_a_model_that_is_down_goes_on_with_written_lines_and_says_so(data: Path) -> None:
    down = {"IPT_MODEL": "openai:m", "OPENAI_BASE_URL": f"http://127.0.0.1:{free_port()}/v1"}
    done = ipt(data, "chat", "aggressive_sister", "--off-the-record", given="No, Denise. I can't.\n/end\n", **down)
    assert done.returncode == 0
    assert done.stdout.count("Denise: ") == 2
    assert "(Denise's line was written: the model could not be reached." in done.stdout


def test_a_model_elsewhere_needs_a_key_and_doctor_says_what_would_leave(data: Path) -> None:
    done = ipt(data, "chat", "aggressive_sister", "--model", "openai:gpt-x")
    assert done.returncode == 1
    assert "set OPENAI_API_KEY" in done.stderr
    far = {"IPT_MODEL": "openai:gpt-x", "OPENAI_API_KEY": "sk-secret-1", "OPENAI_BASE_URL": "https://model.invalid/v1"}
    found = ipt(data, "doctor", "--json", **far)
    assert json.loads(found.stdout)["checks"][0]["says"] == "what you say goes to model.invalid"
    assert "sk-secret-1" not in found.stdout + found.stderr


def test_off_the_record_leaves_nothing(data: Path) -> None:
    marker = "aardvark-marker-99"
    done = ipt(data, "chat", "aggressive_sister", "--off-the-record", given=f"I can't, because of the {marker}.\n/end\n")
    assert done.returncode == 0
    assert done.stdout.count("Denise: ") == 2
    assert not [path for path in data.rglob("*") if path.is_file() and marker.encode() in path.read_bytes()]


def test_danger_in_the_terminal_shows_the_card_and_no_reply(data: Path) -> None:
    done = ipt(data, "chat", "aggressive_sister", "--off-the-record", given="I want to kill myself\n")
    assert "The talk stops here." in done.stdout
    assert "116 123" in done.stdout
    assert done.stdout.count("Denise: ") == 1


def test_a_turn_too_long_is_refused_and_the_talk_goes_on(data: Path) -> None:
    done = ipt(data, "chat", "aggressive_sister", "--off-the-record", given="x" * 20_000 + "\nNo.\n/end\n")
    assert "20,000 characters" in done.stdout
    assert done.stdout.count("Denise: ") == 2


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["chat", "agressive_sister"], 1, "Did you mean: aggressive_sister"),
        (["chat", "aggressive_sister", "--situation", "doctor"], 1, "doctors_appointment"),
        (["chat", "aggressive_sister", "--difficulty", "hard"], 1, "gentle, realistic, tough"),
        (["chat"], 2, "Missing argument"),
        (["sessions", "show", "nope"], 1, "no session called 'nope'"),
        (["sessions", "delete"], 2, "Name one talk"),
        (["notes", "show", "gilt"], 1, "Did you mean: guilt"),
        (["notes", "search"], 2, "Ask something"),
        (["analyze", "nowhere.txt"], 1, "cannot be read"),
        (["analyze"], 2, "Name a transcript file"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_bad_input_is_answered_in_words(data: Path, words: list[str], status: int, says: str) -> None:
    done = ipt(data, *words)
    assert done.returncode == status
    assert says in done.stdout + done.stderr


def test_analyze_gives_the_json_of_the_design(data: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    found = json.loads(ipt(data, "analyze", str(tmp_path / "talk.txt"), "--json").stdout)
    assert set(found) == {"turns", "turning_point", "strongest", "weakest", "findings"}
    assert [turn["n"] for turn in found["turns"]] == [1, 2, 3, 4]
    assert found["turns"][1]["style"] == "passive"
    assert "capitulation" in found["turns"][1]["signals"]
    assert 2 in found["weakest"]
    for finding in found["findings"]:
        assert finding["quote"] in TALK
        assert all("#" in key for key in finding["citations"])
    assert json.loads(ipt(data, "analyze", "-", "--json", given=TALK).stdout) == found


def test_analyze_rows_one_out_for_each_in_and_an_error_for_what_cannot_be_read(data: Path) -> None:
    rows = [
        '{"id": 1, "context": "Take her.", "text": "I can\'t do Wednesday."}',
        "not json",
        '{"id": 3}',
        '{"id": 4, "context": null, "text": "okay"}',
    ]
    done = ipt(data, "analyze", "--jsonl", given="\n".join(rows) + "\n")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert len(out) == 4
    assert set(out[0]) == {"id", "style", "scores", "signals", "spans"}
    start, end = out[0]["spans"]["refusal"]
    assert "I can't do Wednesday."[start:end] == "I can't do Wednesday"
    assert out[1]["line"] == 2
    assert "text" in out[2]["error"]
    assert out[3]["style"] == "passive"


def test_notes_search_as_json_and_rows(data: Path) -> None:
    found = json.loads(ipt(data, "notes", "search", "I feel guilty saying no", "-k", "2", "--json").stdout)
    assert found["answerable"] is True
    assert found["passages"][0]["note"] == "guilt"
    assert set(found["passages"][0]) >= {"note", "heading", "text", "score", "sources"}
    done = ipt(
        data,
        "notes",
        "search",
        "--jsonl",
        "-k",
        "1",
        given='{"id": "a", "question": "guilt"}\n{"id": "b", "question": "bread baking temperature"}\n',
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[1]["answerable"] is False


def test_personas_are_listed_shown_and_validated(data: Path, tmp_path: Path) -> None:
    assert json.loads(ipt(data, "personas", "list", "--json").stdout)[0]["id"] == "aggressive_sister"
    assert "dizzy spells" in ipt(data, "personas", "show", "aggressive_sister").stdout
    good = ROOT / "personas" / "aggressive_sister.yaml"
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text(encoding="utf-8").replace("pronoun: she", "pronoun: shee"), encoding="utf-8")
    done = ipt(data, "personas", "validate", str(good), str(bad), "--json")
    assert done.returncode == 1
    assert [entry["valid"] for entry in json.loads(done.stdout)] == [True, False]


def test_doctor_says_what_is_there_and_what_would_leave(data: Path) -> None:
    done = ipt(data, "doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["ok"] is True
    assert {check["name"] for check in found["checks"]} >= {
        "leaves this machine",
        "data folder",
        "encoder",
        "notes",
        "talks",
        "personas",
        "helplines",
    }
    assert found["checks"][0]["says"].startswith("nothing")


def test_a_port_in_use_is_said(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = ipt(data, "app", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_a_damaged_index_is_rebuilt_and_said_once(data: Path) -> None:
    ipt(data, "notes", "index")
    for path in (data / "notes-index").rglob("*.sqlite*"):
        path.write_bytes(b"junk")
    first, second = ipt(data, "notes", "search", "guilt"), ipt(data, "notes", "search", "guilt")
    assert "damaged" in first.stderr
    assert first.returncode == 0
    assert "damaged" not in second.stderr


def test_a_setting_that_cannot_be_used_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = os.environ | {"IPT_DATA_DIR": str(data), "IPT_MODEL": "gpt"}
    done = subprocess.run(
        [sys.executable, "-m", "ipt_roleplay", "personas", "list"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "IPT_MODEL" in done.stderr
    assert "Traceback" not in done.stderr
