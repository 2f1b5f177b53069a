"""A model on OpenAI's servers or any server that speaks their protocol (llama.cpp, vLLM, Ollama and others), through LangChain.

What goes where is decided here and nowhere else: always the address that was chosen, never LangSmith's tracing (LangChain would start
it from the environment), no redirect to another host, and for a server on this computer no proxy.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ipt_roleplay.errors import (
    ModelAnswerError,
    ModelBusyError,
    ModelCutOffError,
    ModelKeyRefusedError,
    ModelRefusedError,
    ModelServerError,
    ModelTooSlowError,
    ModelUnreachableError,
)
from ipt_roleplay.llm.again import again
from ipt_roleplay.llm.line import Line
from ipt_roleplay.llm.structured import parsed
from ipt_roleplay.loading import ONE_AT_A_TIME
from ipt_roleplay.model_server import ModelServer
from ipt_roleplay.ports import Spent

if TYPE_CHECKING:
    import openai
    from langchain_core.messages import AIMessageChunk

SILENCE = 40.0
"""Seconds the server may be silent, before the first piece or between two."""

LONGEST_REPLY = 220
"""Tokens: more than a person says in one go."""

LONGEST_ANSWER = 1200
"""Tokens of an answer that must fit a schema."""


class OpenAiCompatible:
    """One model on one server. Nothing is loaded and nobody is called before the first reply."""

    def __init__(self, server: ModelServer, *, silence: float = SILENCE, retries: int = 2) -> None:
        self._server, self._silence, self._retries = server, silence, retries
        self._idle: list[Line] = []
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name on its server."""
        return self._server.model

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """Pieces of one reply. Raises ModelError; its message holds neither the key nor anything that was said."""
        return Call(self, list(messages), spent)

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """One answer that fits a JSON Schema: the server is held to it, or asked for JSON, or what it says is searched for some."""
        return parsed(schema, lambda form: "".join(Call(self, list(messages), None, form, LONGEST_ANSWER)))

    def take_line(self) -> Line:
        """A line of its own for one request: kept connections are used again, one at a time."""
        with self._lock:
            return self._idle.pop() if self._idle else Line(self._server, self._silence)

    def give_line(self, line: Line) -> None:
        """Give a line back that ended well."""
        with self._lock:
            self._idle.append(line)

    def begin(self, line: Line, messages: list[tuple[str, str]], how: Mapping[str, Any]) -> Generator[AIMessageChunk, None, None]:
        """The chunks of a reply, its beginning tried again where that may help."""

        def first() -> tuple[AIMessageChunk | None, Iterator[AIMessageChunk]]:
            with ONE_AT_A_TIME:
                from langsmith import tracing_context

            with self.plain_faults(), tracing_context(enabled=False):  # LangChain looks for tracing with the first chunk only
                chunks = line.model.stream(messages, **how)
                return next(chunks, None), chunks

        chunk, rest = again(first, self._retries)
        if chunk is not None:
            yield chunk
            with self.plain_faults():
                yield from rest

    @contextmanager
    def plain_faults(self) -> Iterator[None]:
        """Faults of the way and the server as ModelError; the original is dropped, as it may hold what was sent."""
        with ONE_AT_A_TIME:
            import httpx2
            import openai

        host = self._server.host
        try:
            yield
        except (openai.APITimeoutError, httpx2.TimeoutException):
            raise ModelTooSlowError(self._silence) from None
        except openai.APIConnectionError as error:
            if any(isinstance(cause, httpx2.ReadError | httpx2.RemoteProtocolError) for cause in _causes(error)):
                raise ModelAnswerError("broke off") from None
            raise ModelUnreachableError(host) from None
        except (openai.AuthenticationError, openai.PermissionDeniedError):
            raise ModelKeyRefusedError(host) from None
        except openai.RateLimitError as error:
            raise ModelBusyError(host, _retry_after(error)) from None
        except openai.APIStatusError as error:
            if error.status_code >= 500:
                raise ModelServerError(error.status_code, _retry_after(error)) from None
            raise ModelRefusedError(host, error.status_code) from None
        except (openai.OpenAIError, httpx2.HTTPError):
            raise ModelAnswerError("broke off") from None
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            advice = "Check that OPENAI_BASE_URL leads to an OpenAI-compatible server; it usually ends in /v1."
            raise ModelAnswerError("answered in a way that cannot be read", advice) from None


class Call:
    """One request: its pieces, and a `close` that ends it from whatever thread, also while a piece is waited for."""

    def __init__(
        self,
        model: OpenAiCompatible,
        messages: list[tuple[str, str]],
        spent: Callable[[Spent], None] | None,
        form: Mapping[str, Any] | None = None,
        longest: int = LONGEST_REPLY,
    ) -> None:
        self._model, self._messages, self._spent = model, messages, spent
        self._how: dict[str, Any] = {"max_tokens": longest} | ({"response_format": form} if form else {})
        self._line: Line | None = None
        self._over = False
        self._pieces = self._drawn()

    def __iter__(self) -> Iterator[str]:
        """Itself."""
        return self

    def __next__(self) -> str:
        """The next piece. Raises ModelError."""
        return next(self._pieces)

    def close(self) -> None:
        """Hang up."""
        self._over = True
        if line := self._line:
            line.hang_up()

    def _drawn(self) -> Generator[str, None, None]:
        self._line = line = self._model.take_line()
        if self._over:
            return
        why, used = "", None
        for chunk in self._model.begin(line, self._messages, self._how):
            used = chunk.usage_metadata or used
            why = chunk.response_metadata.get("finish_reason") or why
            if chunk.text:
                yield chunk.text
        self._line = None
        if not self._over:  # what is hung up may look as if it had ended well
            self._model.give_line(line)
        if used and self._spent:
            self._spent(Spent(used["input_tokens"], used["output_tokens"]))
        if why == "length":
            raise ModelCutOffError
        if why == "content_filter":
            raise ModelAnswerError("was stopped by its server's filter")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an error came from, nearest first: two libraries wrap it on the way."""
    while error.__cause__ is not None:
        error = error.__cause__
        yield error


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds that the server asks to wait, where it gives a number."""
    try:
        return max(0.0, float(error.response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None
