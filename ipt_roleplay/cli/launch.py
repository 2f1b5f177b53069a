"""Starts Streamlit on this computer with the safe settings, whatever folder it is started from."""

from __future__ import annotations

import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from ipt_roleplay.errors import InputError

SAFE_OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.enableStaticServing": "false",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": "false",
    "theme.font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    "theme.headingFont": "Georgia, 'Noto Serif', serif",
    "theme.baseRadius": "0.75rem",
    "theme.light.primaryColor": "#1f6f68",
    "theme.light.backgroundColor": "#faf8f4",
    "theme.light.secondaryBackgroundColor": "#f0ece4",
    "theme.light.textColor": "#23211d",
    "theme.light.linkColor": "#17574f",
    "theme.light.borderColor": "#d8d1c4",
    "theme.dark.primaryColor": "#2f7d75",
    "theme.dark.backgroundColor": "#171a1b",
    "theme.dark.secondaryBackgroundColor": "#22272a",
    "theme.dark.textColor": "#ece8e0",
    "theme.dark.linkColor": "#8fd3c9",
    "theme.dark.borderColor": "#3b4347",
}
"""The same as `.streamlit/config.toml`."""

SCRIPT = Path(__file__).resolve().parents[1] / "ui" / "script.py"


def launch(port: int) -> int:
    """Run the web app until it is stopped; returns the exit status. Raises InputError if the port is in use."""
    if not _is_free(port):
        raise InputError(
            f"Port {port} is in use, perhaps by ipt-roleplay itself: look at http://127.0.0.1:{port}. Or choose another: ipt-roleplay app --port {port + 1}"
        )
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    from streamlit.web.cli import main as streamlit

    sys.argv = ["streamlit", "run", str(SCRIPT), f"--server.port={port}", *(f"--{name}={value}" for name, value in SAFE_OPTIONS.items())]
    try:
        streamlit(standalone_mode=False)
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _announce(port: int) -> None:
    """Say when the page can be opened, and open it where a person sits at the terminal."""
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            time.sleep(0.25)
    print(f"\n  Ready: {address}   (stop with Ctrl-C)\n", flush=True)
    if sys.stdout.isatty():
        webbrowser.open(address)
