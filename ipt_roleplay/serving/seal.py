"""Who may come in, and whose a talk is: one signed cookie for each browser, one secret for each data folder.

The secret lies in `launch-key` in the data folder, for the owner of the folder only. The launch token in the printed address is made
from it, and so is the signature of every browser's cookie: nothing else has to be remembered, and a restart locks nobody out.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

KEY_FILE = "launch-key"
_KEY_BYTES = 32


class Seal:
    """Makes and reads the launch token and the browsers' cookies."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.cookie = f"ipt_owner_{hashlib.sha256(key).hexdigest()[:8]}"
        """The cookie's name; another data folder on the same computer has another."""
        self.token = self._sign("launch")
        """What the printed address carries."""

    def admits(self, token: str) -> bool:
        """Whether this is the launch token."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def new_cookie(self) -> str:
        """A cookie's value for a browser that was not here before."""
        secret = secrets.token_urlsafe(24)
        return f"{secret}.{self._sign(secret)}"

    def owner(self, cookies: Mapping[str, str]) -> str | None:
        """Whose talks a browser with these cookies sees (40 hexadecimal digits, not the cookie itself); None if it was never let in."""
        secret, _, signature = cookies.get(self.cookie, "").partition(".")
        if not secret or not hmac.compare_digest(signature.encode(), self._sign(secret).encode()):
            return None
        return hashlib.sha256(secret.encode()).hexdigest()[:40]

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:40]


@cache
def seal(data_dir: Path) -> Seal:
    """The seal of a data folder; where the folder cannot be written to, one that lasts as long as this process."""
    try:
        return Seal(_kept_key(data_dir / KEY_FILE))
    except OSError:
        return Seal(secrets.token_bytes(_KEY_BYTES))


def _kept_key(path: Path) -> bytes:
    """The key in the file; made (0600) if there is none or what is there is no key."""
    try:
        found = bytes.fromhex(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        found = b""
    if len(found) == _KEY_BYTES:
        return found
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = secrets.token_bytes(_KEY_BYTES)
    fresh = path.with_name(f"{KEY_FILE}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(made.hex())
    os.replace(fresh, path)
    return made
