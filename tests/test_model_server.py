from __future__ import annotations

import pytest

from ipt_roleplay.config import load_settings
from ipt_roleplay.errors import InputError
from ipt_roleplay.model_server import chosen_server, leaving

KEY = {"OPENAI_API_KEY": "sk-secret"}


def test_without_a_model_nothing_of_openai_is_read_and_nothing_leaves() -> None:
    assert chosen_server("authored", KEY | {"OPENAI_BASE_URL": "not an address"}) is None
    assert leaving(None).brief.startswith("nothing")


@pytest.mark.parametrize(
    ("address", "here", "brief"),
    [
        ("", False, "what you say goes to api.openai.com"),
        ("http://127.0.0.1:8080/v1", True, "nothing: the model server is on this computer (127.0.0.1:8080)"),
        ("http://localhost:11434/v1", True, "nothing: the model server is on this computer (localhost:11434)"),
        ("http://[::1]:8080/v1", True, "nothing: the model server is on this computer ([::1]:8080)"),
        ("http://192.0.2.7:8080/v1", False, "what you say goes to 192.0.2.7, and the way there is not encrypted"),
        ("https://localhost.example.org/v1", False, "what you say goes to localhost.example.org"),
        ("https://127.0.0.1.example.org/v1", False, "what you say goes to 127.0.0.1.example.org"),
    ],
)
def test_what_leaves_is_computed_from_the_address(address: str, here: bool, brief: str) -> None:
    server = chosen_server("openai:some-model", KEY | {"OPENAI_BASE_URL": address})
    assert server is not None
    assert (server.here, leaving(server).brief) == (here, brief)
    assert ("Nothing leaves" in leaving(server).sentence) is here
    assert "sk-secret" not in repr(server) + repr(leaving(server))


def test_a_key_is_needed_away_from_this_computer_only() -> None:
    with pytest.raises(InputError, match="set OPENAI_API_KEY"):
        chosen_server("openai:some-model", {})
    local = chosen_server("openai:some-model", {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"})
    assert local is not None
    assert local.key


@pytest.mark.parametrize("address", ["localhost:8080", "ftp://x/v1", "http://", "http://me:hunter2@x/v1", "http://x:99999/v1", "http://[x"])
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(InputError, match="OPENAI_BASE_URL cannot be used") as caught:
        chosen_server("openai:m", KEY | {"OPENAI_BASE_URL": address})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("model", ["gpt", "openai:", "openai: ", "openai:a b", "Local", "Authored"])
def test_other_models_are_refused_in_words(model: str) -> None:
    with pytest.raises(InputError, match=r"IPT_MODEL=.*openai:NAME"):
        load_settings({"IPT_MODEL": model})


def test_a_model_file_stays_here_and_another_provider_is_named() -> None:
    assert leaving(None, "local").stays
    elsewhere = leaving(None, "mistralai:some-model")
    assert not elsewhere.stays
    assert elsewhere.sentence == "What you say goes to mistralai."


def test_models_that_can_be_chosen() -> None:
    for model in ("authored", "local", "openai:gpt-x", "openai:org/Model-7B:q4", "mistralai:some-model"):
        assert load_settings({"IPT_MODEL": model}).model == model
