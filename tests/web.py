"""The web app as its own process, and a real Chromium before it."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WATCH = """
import sys
def _watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        where = args[0] if event == "socket.getaddrinfo" else args[1]
        host = where[0] if isinstance(where, tuple) else where
        if isinstance(host, bytes):
            host = host.decode(errors="replace")
        if host not in (None, "127.0.0.1", "::1", "localhost", "0.0.0.0", "") and not str(host).startswith("/"):
            with open({log!r}, "a") as log:
                log.write(f"{{event}} {{host}}\\n")
sys.addaudithook(_watch)
"""


RUN = "\nfrom ipt_roleplay.cli import main\nmain()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def foreign_sockets(group: int) -> set[str]:
    """Remote addresses, other than this machine, of all sockets that the processes of a process group hold now (Linux; else empty).

    Unlike `WATCH` this sees what compiled libraries do as well.
    """
    found: set[str] = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) != group:
                continue
            inodes = {os.readlink(entry)[8:-1] for entry in (process / "fd").iterdir() if os.readlink(entry).startswith("socket:")}
            for table in ("tcp", "tcp6", "udp", "udp6"):
                for line in (process / "net" / table).read_text().splitlines()[1:]:
                    fields = line.split()
                    remote = fields[2].split(":")[0]
                    if fields[9] in inodes and set(remote) != {"0"} and not remote.endswith("7F") and remote != "0" * 24 + "01000000":
                        found.add(f"socket {table} {fields[2]}")
        except OSError:
            continue
    return found


class App:
    """A running web app; every attempt of its process to reach another machine lands in `outside`."""

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        *,
        python: Path | None = None,
        environ: dict[str, str] | None = None,
        first: str | None = None,
        **environ_more: str,
    ) -> None:
        """Start it. `first`: Python that its process runs before anything else."""
        self.folder, self.port = folder, port or free_port()
        self._log = folder / "outside.log"
        self._said = folder / "said.log"
        watch = folder / "watch"
        watch.mkdir(parents=True, exist_ok=True)
        (watch / "sitecustomize.py").write_text(WATCH.format(log=str(self._log)), encoding="utf-8")
        environ = (
            (os.environ if environ is None else environ)
            | {"IPT_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(watch), "LC_ALL": "en_GB.UTF-8"}
            | environ_more
        )
        with self._said.open("w", encoding="utf-8") as said:
            self.process = subprocess.Popen(
                [
                    str(python or sys.executable),
                    *(["-c", first + RUN] if first else ["-m", "ipt_roleplay"]),
                    "app",
                    "--port",
                    str(self.port),
                ],
                cwd=folder,
                env=environ,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        atexit.register(self.stop)  # also after a test that failed half-way
        self._sockets: set[str] = set()
        self._watching = threading.Thread(target=self._watch_sockets, daemon=True)
        self._watching.start()
        self._wait()

    def _watch_sockets(self) -> None:
        while self.process.poll() is None:
            self._sockets |= foreign_sockets(self.process.pid)
            time.sleep(0.15)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def entry(self) -> str:
        """The address to open first in a new browser, as the app printed it."""
        for _ in range(240):
            if found := re.search(r"Ready: (\S+)", self._said.read_text(encoding="utf-8")):
                return found.group(1)
            time.sleep(0.25)
        raise AssertionError("the web app did not say its address")

    @property
    def outside(self) -> str:
        asked = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
        return asked + "".join(sorted(self._sockets))

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)
        if self.process.poll() is None:
            self.kill()

    def _wait(self) -> None:
        for _ in range(240):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.25)
        raise AssertionError("the web app did not start")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    arguments = ["--disable-dev-shm-usage", "--disable-background-networking"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("IPT_BROWSER") or None, args=arguments)
        yield browser
        browser.close()


def watched(page: Page, port: int) -> list[str]:
    """Everything the page asks another machine for; fills while the page lives."""
    asked: list[str] = []
    own = (f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}", "data:", "blob:", "about:")
    page.on("request", lambda request: None if request.url.startswith(own) else asked.append(request.url))
    page.on("websocket", lambda ws: None if ws.url.startswith(own) else asked.append(ws.url))
    return asked


def begin(page: Page, address: str, keep: bool) -> None:
    """From the first page to the first line of the talk."""
    page.set_default_timeout(90_000)
    page.goto(address)
    page.get_by_text("Should your talks be kept?").wait_for(timeout=90_000)
    page.get_by_text("Keep them for 30 days" if keep else "Stay off the record").click()
    page.get_by_text("every line is saved" if keep else "nothing is written to disk").wait_for()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Practise with Denise").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_placeholder("Your words").wait_for()


def say(page: Page, words: str) -> None:
    """Say something and wait until the reply is there and finished."""
    heard = page.locator(".ipt-partner").count()
    page.get_by_placeholder("Your words").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.ipt-partner').length > {heard}", timeout=90_000)
    settled(page)


_RESTING = """
() => {
  const busy = !document.querySelector('[data-test-script-state=notRunning]') || document.querySelector('[data-stale=true]');
  window.restingSince = busy ? 0 : window.restingSince || performance.now();
  return !busy && performance.now() - window.restingSince > 400;
}
"""


def settled(page: Page) -> None:
    """Wait until the app has nothing more to do: its script has rested for a moment (it may begin anew at once) and nothing on the page is old."""
    page.evaluate("window.restingSince = 0")
    page.wait_for_function(_RESTING, timeout=90_000)
