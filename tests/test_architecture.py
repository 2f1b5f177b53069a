from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = Path(sys.executable).with_name("lint-imports.exe" if os.name == "nt" else "lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT), "--no-cache", "--config", str(folder / ".importlinter")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "ipt_roleplay", tmp_path / "ipt_roleplay", ignore=shutil.ignore_patterns("__pycache__", "*.npz", "*.json", "data")
    )
    shutil.copy(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def test_the_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("dynamics.py", "import ipt_roleplay.partner", "One direction of imports"),
        ("analysis/turn.py", "import ipt_roleplay.safety", "One direction of imports"),
        ("domain.py", "import ipt_roleplay.ports", "One direction of imports"),
        ("session.py", "import streamlit", "The core knows no library"),
        ("coach/feedback.py", "import chromadb", "The core knows no library"),
        ("partner/authored.py", "import onnxruntime", "The core knows no library"),
        ("storage/sql.py", "import ipt_roleplay.session", "Adapters know nothing of the practice"),
        ("encoders/minilm.py", "import ipt_roleplay.dynamics", "Adapters know nothing of the practice"),
    ],
)
def test_a_planted_violation_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    path = copy / "ipt_roleplay" / module
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n{line}\n", 1), encoding="utf-8"
    )
    done = lint(copy)
    assert done.returncode != 0
    broken = [entry for entry in done.stdout.splitlines() if entry.endswith("BROKEN")]
    assert any(entry.startswith(contract) for entry in broken), done.stdout


def test_a_page_reaches_the_partner_in_three_hops() -> None:
    """page -> session.take_turn -> partner.reply: the pages know neither the partner nor the dynamics nor an adapter of a model."""
    for page in (ROOT / "ipt_roleplay" / "ui").glob("*.py"):
        text = page.read_text(encoding="utf-8")
        for inner in (
            "ipt_roleplay.partner",
            "ipt_roleplay.dynamics",
            "ipt_roleplay.analysis",
            "ipt_roleplay.encoders",
            "ipt_roleplay.llm",
        ):
            assert inner not in text, f"{page.name} imports {inner}"
    assert "take_turn(" in (ROOT / "ipt_roleplay" / "ui" / "talk.py").read_text(encoding="utf-8")
    assert "self.partner.reply(" in (ROOT / "ipt_roleplay" / "session.py").read_text(encoding="utf-8")


def test_help_loads_no_heavy_library() -> None:
    heavy = ("streamlit", "chromadb", "sqlalchemy", "onnxruntime", "numpy", "langchain_text_splitters", "pydantic")
    code = f"import sys, ipt_roleplay.cli.main; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_lock_files_hold_no_addresses_and_every_package_a_hash() -> None:
    for path in (ROOT / "requirements").glob("*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=")


def test_the_safe_settings_are_the_same_however_the_app_is_started() -> None:
    import tomllib

    from ipt_roleplay.serving.options import SAFE_OPTIONS

    found: dict[str, object] = {}

    def walk(prefix: str, table: dict[str, object]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                walk(f"{prefix}{key}.", value)
            else:
                found[f"{prefix}{key}"] = value

    walk("", tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")))
    assert found == SAFE_OPTIONS


@pytest.mark.skipif(os.name == "nt", reason="on Windows onnxruntime reports through the system and keeps no file of its own")
def test_the_encoders_library_reports_to_nobody(tmp_path: Path) -> None:
    """Where onnxruntime reports, it first makes an identifier and a store in the cache folder."""
    own = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    environ = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")} | own
    code = "from ipt_roleplay.encoders.minilm import MiniLmEncoder; print(MiniLmEncoder().encode(['hello']).shape)"
    done = subprocess.run([sys.executable, "-c", code], env=environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1, 384)"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
