from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web import ROOT, App, chromium

WINDOWS = os.name == "nt"
CARRIED = (
    "data/personas/aggressive_sister.yaml",
    "data/knowledge/guilt.md",
    "data/knowledge/sources.yaml",
    "data/exercises/sister_before.yaml",
    "data/exercises/sister_demo.yaml",
    "encoders/reading.json",
    "encoders/reading.onnx",
    "encoders/tokenizer.json",
    "encoders/tokenizer.LICENSE",
    "safety/helplines.yaml",
    "storage/migrations/env.py",
    "storage/migrations/versions/0001_baseline.py",
    "ui/script.py",
    "ui/live.js",
    "ui/icon.png",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, made from a copy so that nothing is left in it."""
    folder = tmp_path_factory.mktemp("wheel")
    kept = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "build", "dist")
    shutil.copytree(ROOT, folder / "tree", ignore=kept)
    build = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "wheel",
        "--directory",
        str(folder),
    ]  # what `pip wheel .` calls; an environment made by uv has no pip
    subprocess.run(build, cwd=folder / "tree", check=True, capture_output=True)
    return next(folder.glob("ipt_roleplay-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own that has the wheel, and the libraries of this one, but not this tree."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    own = Path(sysconfig.get_path("purelib", "nt_venv" if WINDOWS else "posix_venv", vars={"base": str(home), "platbase": str(home)}))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(own)
    (own / "libraries.pth").write_text(
        "\n".join(site.getsitepackages()) + "\n", encoding="utf-8"
    )  # its own .pth files are not read from here
    return home / ("Scripts/python.exe" if WINDOWS else "bin/python")


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment of someone who has no settings, in an empty folder."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("IPT_", "OPENAI_", "PYTHON"))}
    return plain | {"IPT_DATA_DIR": str(tmp_path / "data"), "LC_ALL": "en_GB.UTF-8"}


def run(python: Path, folder: Path, environ: dict[str, str], *arguments: str, says: str = "") -> str:
    command = [str(python), "-m", "ipt_roleplay", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, input=says, capture_output=True, text=True, timeout=120, check=True).stdout


def test_the_wheel_carries_all_that_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert not {f"ipt_roleplay/{name}" for name in CARRIED} - names
    assert not [name for name in names if name.startswith(("tests/", "training/", "evals/", "benchmarks/"))]
    notes = {path.name for path in (ROOT / "knowledge").glob("*.md")}
    assert notes == {Path(name).name for name in names if name.startswith("ipt_roleplay/data/knowledge/") and name.endswith(".md")}


def test_installed_elsewhere_one_can_practise_in_the_terminal(python: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    where = subprocess.run(
        [str(python), "-c", "import ipt_roleplay; print(ipt_roleplay.__file__)"],
        cwd=tmp_path,
        env=elsewhere,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(ROOT) not in where
    said = run(
        python,
        tmp_path,
        elsewhere,
        "chat",
        "aggressive_sister",
        says="I can't do Wednesday.\nNo. I'd like you to take her this time.\n/end\n",
    )
    assert said.count("Denise: ") >= 3
    assert "[1]" in said
    assert [row["turns"] for row in json.loads(run(python, tmp_path, elsewhere, "sessions", "list", "--json"))] == [5]
    told = run(python, tmp_path, elsewhere, "doctor")
    assert "nothing" in told.lower()


@pytest.mark.browser
def test_installed_elsewhere_the_web_app_runs_with_the_same_safe_settings(python: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    app = App(tmp_path, python=python, environ=elsewhere)
    with chromium() as browser:
        page = browser.new_page()
        answer = page.goto(app.address)
        assert answer is not None
        assert answer.status == 403
        page.goto(app.entry)
        page.get_by_text("Should your talks be kept?").wait_for(timeout=90_000)
        expect(page.locator("[data-testid=stToolbar] button")).to_have_count(0)
    asked = (
        "from streamlit import config; from ipt_roleplay.serving.options import SAFE_OPTIONS as safe; from streamlit.web import bootstrap; "
    )
    shown = asked + "bootstrap.load_config_options(safe); print(all(config.get_option(name) == value for name, value in safe.items()))"
    found = subprocess.run([str(python), "-c", shown], cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=True).stdout
    assert found.strip().endswith("True")
    app.stop()
    assert app.outside == ""


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "watch", "outside.log", "said.log"}
