"""A model on OpenAI's servers or any server that speaks their protocol (llama.cpp, vLLM, Ollama and others), through LangChain.

What goes where is decided here and nowhere else: always the address that was chosen, never LangSmith's tracing (LangChain would start
it from the environment), no redirect to another host, and for a server on this computer no proxy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ipt_roleplay.errors import ModelAnswerError, ModelKeyRefusedError, ModelRefusedError, ModelTooSlowError, ModelUnreachableError
from ipt_roleplay.loading import ONE_AT_A_TIME, loaded_once
from ipt_roleplay.model_server import ModelServer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

SILENCE = 40.0
"""Seconds the server may be silent, before the first piece or between two."""

CONNECT = 5.0
LONGEST_REPLY = 220
"""Tokens: more than a person says in one go."""


class OpenAiCompatible:
    """One model on one server. Nothing is loaded and nobody is called before the first reply."""

    def __init__(self, server: ModelServer, *, silence: float = SILENCE, retries: int = 1) -> None:
        self._server, self._silence, self._retries = server, silence, retries

    @property
    def name(self) -> str:
        """The model's name on its server."""
        return self._server.model

    def stream(self, messages: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Pieces of one reply. Raises ModelError; its message holds neither the key nor anything that was said."""
        with self._plain_faults():
            for chunk in self._begin(messages):
                if chunk.text:
                    yield chunk.text

    def _begin(self, messages: Sequence[tuple[str, str]]) -> Iterator[AIMessageChunk]:
        """The stream after its first chunk was awaited: LangChain looks for tracing only then, so that is where it is ruled out."""
        with ONE_AT_A_TIME:
            from langsmith import tracing_context

        with tracing_context(enabled=False):
            chunks = self._model.stream(list(messages))
            first = next(chunks, None)
        if first is not None:
            yield first
            yield from chunks

    @loaded_once
    def _model(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model
        from openai import DefaultHttpxClient, Timeout

        timeout = Timeout(self._silence, connect=min(CONNECT, self._silence))
        return init_chat_model(
            self._server.model,
            model_provider="openai",
            base_url=self._server.address,
            api_key=self._server.key,
            timeout=timeout,
            max_retries=self._retries,
            max_tokens=LONGEST_REPLY,
            use_responses_api=False,
            openai_proxy=None,
            http_client=DefaultHttpxClient(timeout=timeout, trust_env=not self._server.here, follow_redirects=False),
        )

    @contextmanager
    def _plain_faults(self) -> Iterator[None]:
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
        except openai.APIStatusError as error:
            if error.status_code >= 500:
                raise ModelAnswerError(f"failed on its server (status {error.status_code})") from None
            raise ModelRefusedError(host, error.status_code) from None
        except (openai.OpenAIError, httpx2.HTTPError):
            raise ModelAnswerError("broke off") from None
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            advice = "Check that OPENAI_BASE_URL leads to an OpenAI-compatible server; it usually ends in /v1."
            raise ModelAnswerError("answered in a way that cannot be read", advice) from None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an error came from, nearest first: two libraries wrap it on the way."""
    while error.__cause__ is not None:
        error = error.__cause__
        yield error
