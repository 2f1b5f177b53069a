from __future__ import annotations

import os
from pathlib import Path

import pytest

from ipt_roleplay.analysis.turn import FirstReading
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.config import Settings
from ipt_roleplay.encoders import MiniLmEncoder
from ipt_roleplay.personas import PersonaLibrary

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the data folder of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("IPT_") and name not in ("IPT_BROWSER", "IPT_SOURCES_DIR")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IPT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture(scope="session")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


@pytest.fixture(scope="session")
def reader(encoder: MiniLmEncoder) -> FirstReading:
    return FirstReading(encoder)


@pytest.fixture(scope="session")
def library() -> PersonaLibrary:
    return PersonaLibrary(ROOT / "personas")


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """One set of services for all tests that change nothing in the data folder but new talks."""
    return Services(Settings(data_dir=tmp_path_factory.mktemp("shared"), locale="GB"))
