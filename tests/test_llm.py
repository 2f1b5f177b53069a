"""The adapter against a real llama.cpp server, and against servers that misbehave."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import pytest

from ipt_roleplay.errors import (
    ModelAnswerError,
    ModelCutOffError,
    ModelError,
    ModelKeyRefusedError,
    ModelRefusedError,
    ModelTooSlowError,
    ModelUnreachableError,
)
from ipt_roleplay.llm.openai_compatible import OpenAiCompatible
from ipt_roleplay.llm.scripted import ScriptedModel
from ipt_roleplay.model_server import ModelServer
from tests.servers import answering, reply
from tests.web import free_port

WORDS = "walrus-marker, I can't do Wednesday."
ASK = [("system", "You are Denise."), ("user", WORDS)]
KEY = "sk-very-secret"


def server(address: str) -> ModelServer:
    return ModelServer("some-model", address, KEY)


def heard(model: OpenAiCompatible, ask: list[tuple[str, str]]) -> list[str]:
    """What it says, as far as there was room for it."""
    pieces: list[str] = []
    with suppress(ModelCutOffError):
        pieces.extend(model.stream(ask))
    return pieces


def fault(model: OpenAiCompatible) -> ModelError:
    with pytest.raises(ModelError) as caught:
        list(model.stream(ASK))
    assert "walrus" not in str(caught.value)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def test_a_real_model_streams_piece_by_piece(llama: ModelServer) -> None:
    ask = [("system", "You tell stories."), ("user", "Tell me a long story about two sisters, their mother and a doctor's appointment.")]
    pieces = heard(OpenAiCompatible(llama), ask)
    assert len(pieces) > 3
    assert "".join(pieces).strip()


def test_a_wrong_key_is_said(llama: ModelServer) -> None:
    error = fault(OpenAiCompatible(replace(llama, key=KEY)))
    assert isinstance(error, ModelKeyRefusedError)
    assert "Check OPENAI_API_KEY" in str(error)


def test_nobody_there_is_said() -> None:
    error = fault(OpenAiCompatible(server(f"http://127.0.0.1:{free_port()}/v1"), retries=0))
    assert isinstance(error, ModelUnreachableError)
    assert "Start it" in str(error)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with answering(b"", hang_up=False) as silent:
        began = time.monotonic()
        assert isinstance(fault(OpenAiCompatible(server(silent.address), silence=0.4, retries=0)), ModelTooSlowError)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply("404 Not Found", '{"error": {"message": "no such model"}}'), ModelRefusedError),
        (reply("429 Too Many Requests", '{"error": {"message": "slow down"}}'), ModelRefusedError),
        (reply("503 Service Unavailable", "loading"), ModelAnswerError),
        (reply("302 Found\r\nLocation: http://192.0.2.1/", ""), ModelError),
        (reply("200 OK", "<html>a login page</html>", "text/html"), ModelAnswerError),
        (reply("200 OK", "data: {not json}\n\n", "text/event-stream"), ModelAnswerError),
        (reply("200 OK", 'data: {"choices": 7}\n\n', "text/event-stream"), ModelAnswerError),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nda", ModelAnswerError),
        (b"this is no HTTP\r\n\r\n", ModelError),
    ],
)
def test_whatever_a_server_says_becomes_one_kind_of_error(answer: bytes, kind: type[ModelError]) -> None:
    with answering(answer, hang_up=True) as odd:
        assert isinstance(fault(OpenAiCompatible(server(odd.address), silence=3, retries=0)), kind)


def test_no_tracing_and_no_proxy_whatever_the_environment_says(llama: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(reply("200 OK", "{}"), hang_up=True) as stranger:
        for name in (
            "LANGSMITH_ENDPOINT",
            "LANGCHAIN_ENDPOINT",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "OPENAI_PROXY",
            "OPENAI_API_BASE",
        ):
            monkeypatch.setenv(name, f"http://127.0.0.1:{stranger.port}")
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        assert "".join(heard(OpenAiCompatible(llama), ASK)).strip()
        from langchain_core.tracers.langchain import wait_for_all_tracers

        wait_for_all_tracers()
        assert [words for words in stranger.words if words] == []


def test_the_scripted_model_says_what_it_was_given() -> None:
    model = ScriptedModel(["one two", ModelTooSlowError(1), ["three", ModelTooSlowError(1)]])
    assert list(model.stream(ASK)) == ["one ", "two"]
    for _ in range(2):
        with pytest.raises(ModelTooSlowError):
            list(model.stream(ASK))
    with pytest.raises(IndexError, match="no reply left"):
        list(model.stream(ASK))
    assert model.asked[0] == tuple(ASK)
