"""A model in a GGUF file on this computer, served by llama.cpp on loopback for as long as the program runs."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlsplit

from ipt_roleplay.errors import ModelAnswerError, ModelTooSlowError
from ipt_roleplay.llm.openai_compatible import OpenAiCompatible
from ipt_roleplay.model_server import ModelServer
from ipt_roleplay.ports import Spent

LOADING = 300.0
"""Seconds that a large file may take to load."""

HEALTH = 3.0
"""Seconds that a server may take to say that it is well."""

CONTEXT = 8192
"""Tokens of a talk that the model has before it."""


class LocalModel:
    """One GGUF file. Nothing is loaded before the first reply; a server that ended is started again with the next one."""

    def __init__(self, gguf: Path, *, context: int = CONTEXT, loading: float = LOADING) -> None:
        self._gguf, self._context, self._loading = gguf, context, loading
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._model: OpenAiCompatible | None = None
        self._address = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self._gguf.stem

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """Pieces of one reply. Raises ModelError."""
        return self._running().stream(messages, spent)

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """One answer that fits a JSON Schema. Raises ModelError."""
        return self._running().structured(messages, schema)

    def stop(self) -> None:
        """End the server; the next reply starts it again."""
        with self._lock:
            self._end()

    def _running(self) -> OpenAiCompatible:
        with self._lock:
            if self._model is None or not _healthy(self._address):
                self._end()
                server = self._start()
                self._address, self._model = server.address, OpenAiCompatible(server)
            return self._model

    def _start(self) -> ModelServer:
        if find_spec("xllamacpp") is None:
            raise ModelAnswerError("cannot be loaded", 'Its program is missing: pip install "ipt-roleplay[local]". Or leave out IPT_MODEL.')
        if not self._gguf.is_file():
            raise ModelAnswerError("is not there any more", "Choose another with `ipt-roleplay model use`, or leave out IPT_MODEL.")
        key = secrets.token_urlsafe(32)
        asked = {"path": str(self._gguf), "key": key, "context": self._context, "threads": max(1, (os.cpu_count() or 2) - 1)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ipt_roleplay.llm.serve_gguf"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        atexit.register(self.stop)
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        line = _first_line(self._process, self._loading)
        if line is None:
            self._end()
            raise ModelTooSlowError(self._loading)
        if not line:
            self._end()
            raise ModelAnswerError(
                "cannot be loaded", "The file may be damaged or too large for this computer. Choose another with `ipt-roleplay model use`."
            )
        return ModelServer(self.name, f"{json.loads(line)['address']}/v1", key)

    def _end(self) -> None:
        if self._process is not None:
            if self._process.stdin:
                with suppress(OSError):
                    self._process.stdin.close()
            self._process.kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
        self._process = self._model = None


def _healthy(address: str) -> bool:
    """Whether the server says that it is well; one that speaks to somebody else says so too."""
    where = urlsplit(address)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=HEALTH)
    try:
        line.request("GET", "/health")
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _first_line(process: subprocess.Popen[str], seconds: float) -> str | None:
    """What the server says first; "" if it ended instead, None if it says nothing in time."""
    said: Queue[str] = Queue()
    assert process.stdout
    threading.Thread(target=lambda out=process.stdout: said.put(out.readline()), daemon=True).start()
    with suppress(Empty):
        return said.get(timeout=seconds)
    return None
