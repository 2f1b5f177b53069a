"""A key of a model server lies in the system's keyring and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError
from typer.testing import CliRunner

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.cli.main import cli
from ipt_roleplay.config import Settings
from ipt_roleplay.errors import InputError

SECRET = "sk-kept-4711"


class Drawer(KeyringBackend):
    """A keyring as a system has one; in memory, as no test may open the keyring of whoever runs it."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.keys.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.keys[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.keys.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before, made = keyring.get_keyring(), Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_it_is_typed_unseen_used_and_forgotten(drawer: Drawer, tmp_path: Path) -> None:
    said = CliRunner().invoke(cli, ["model", "key"], input=f"{SECRET}\n")
    assert said.exit_code == 0
    assert SECRET not in said.output
    assert drawer.keys == {("ipt-roleplay", "api.openai.com"): SECRET}
    server = Services(Settings(model="openai:big", data_dir=tmp_path)).server
    assert server is not None
    assert server.key == SECRET
    assert SECRET not in repr(server)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert "forgotten" in CliRunner().invoke(cli, ["model", "key", "--forget"]).output
    assert "No key is kept" in CliRunner().invoke(cli, ["model", "key", "--forget"]).output
    with pytest.raises(InputError, match="needs a key"):
        _ = Services(Settings(model="openai:big", data_dir=tmp_path)).server


def test_the_environment_goes_first_and_each_server_has_its_own(drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawer.set_password("ipt-roleplay", "model.example.org", SECRET)
    monkeypatch.setenv("OPENAI_BASE_URL", "https://model.example.org/v1")
    kept = Services(Settings(model="openai:big", data_dir=tmp_path)).server
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    given = Services(Settings(model="openai:big", data_dir=tmp_path)).server
    assert (kept and kept.key, given and given.key) == (SECRET, "sk-environment")


def test_without_a_keyring_it_is_said_what_to_do(tmp_path: Path) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        said = CliRunner().invoke(cli, ["model", "key"], input=f"{SECRET}\n")
        with pytest.raises(InputError, match="needs a key"):
            _ = Services(Settings(model="openai:big", data_dir=tmp_path)).server
    finally:
        keyring.set_keyring(before)
    assert said.exit_code != 0
    assert "OPENAI_API_KEY" in said.output + str(said.exception)
