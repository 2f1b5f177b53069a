"""The web app as one object: Streamlit's pages behind the doors."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config as streamlit_config

from ipt_roleplay.config import load_settings
from ipt_roleplay.serving.doors import TOKEN, doors
from ipt_roleplay.serving.options import SAFE_OPTIONS
from ipt_roleplay.serving.seal import seal

SCRIPT = Path(__file__).resolve().parents[1] / "ui" / "script.py"


def guards() -> list[Middleware]:
    """The doors of this computer's data folder."""
    return doors(seal(load_settings().data_dir))


def serve(port: int, script: Path = SCRIPT) -> None:
    """Run the web app on this computer until it is stopped."""
    st.App(script, middleware=guards(), lifespan=announced).run(config=SAFE_OPTIONS | {"server.port": port})


def address(port: int, data_dir: Path) -> str:
    """What to open first in a browser."""
    return f"http://127.0.0.1:{port}/?{TOKEN}={seal(data_dir).token}"


@contextlib.asynccontextmanager
async def announced(_: st.App) -> AsyncIterator[None]:
    """While the app runs: says its address once it answers."""
    port = int(streamlit_config.get_option("server.port"))
    threading.Thread(target=_announce, args=(port, address(port, load_settings().data_dir)), daemon=True).start()
    yield


def _announce(port: int, entry: str) -> None:
    """Say when the page can be opened, and open it where a person sits at the terminal."""
    for _ in range(240):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            time.sleep(0.25)
    print(
        f"\n  Ready: {entry}\n  Each browser opens that address once; afterwards http://127.0.0.1:{port} is enough. Stop with Ctrl-C.\n",
        flush=True,
    )
    if sys.stdout.isatty():
        webbrowser.open(entry)
