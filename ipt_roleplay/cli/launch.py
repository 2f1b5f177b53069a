"""Starts the web app, if its port is free."""

from __future__ import annotations

import socket
import sys

from ipt_roleplay.errors import InputError


def launch(port: int) -> int:
    """Run the web app until it is stopped; returns the exit status. Raises InputError if the port is in use."""
    if not _is_free(port):
        raise InputError(
            f"Port {port} is in use, perhaps by ipt-roleplay itself: look at http://127.0.0.1:{port}. Or choose another: ipt-roleplay app --port {port + 1}"
        )
    from ipt_roleplay.serving.app import serve

    try:
        serve(port)
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
