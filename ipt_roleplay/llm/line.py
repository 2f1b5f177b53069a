"""A line to a model server: LangChain's client with a connection of its own, which another thread can hang up."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ipt_roleplay.loading import loaded_once
from ipt_roleplay.model_server import ModelServer

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel

CONNECT = 5.0
"""Seconds."""


class Line:
    """At most one request at a time goes over a line."""

    def __init__(self, server: ModelServer, silence: float) -> None:
        self._server, self._silence = server, silence
        self._streams: list[Any] = []
        self._hung_up = False

    @loaded_once
    def model(self) -> BaseChatModel:
        """The client; nobody is called before its first request."""
        from langchain.chat_models import init_chat_model
        from openai import DefaultHttpxClient, Timeout

        timeout = Timeout(self._silence, connect=min(CONNECT, self._silence))
        return init_chat_model(
            self._server.model,
            model_provider="openai",
            base_url=self._server.address,
            api_key=self._server.key,
            timeout=timeout,
            max_retries=0,
            stream_usage=True,
            use_responses_api=False,
            openai_proxy=None,
            http_client=DefaultHttpxClient(
                timeout=timeout,
                trust_env=not self._server.here,
                follow_redirects=False,
                event_hooks={"request": [self._watch], "response": []},
            ),
        )

    def hang_up(self) -> None:
        """End whatever goes over this line now: who waits for an answer is woken. The line is not used again."""
        self._hung_up = True
        for stream in self._streams:
            with suppress(OSError, AttributeError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _watch(self, request: httpx2.Request) -> None:
        request.extensions["trace"] = self._remember

    def _remember(self, event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._streams = [*self._streams[-1:], info["return_value"]]
            if self._hung_up:
                self.hang_up()
