"""A model of any other provider that LangChain knows, by its `provider:model` name, if the provider's package is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ipt_roleplay.errors import InputError, ModelAnswerError, ModelError
from ipt_roleplay.llm.again import again
from ipt_roleplay.llm.structured import parsed
from ipt_roleplay.loading import ONE_AT_A_TIME, loaded_once
from ipt_roleplay.ports import Spent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

LONGEST_WAIT = 40.0
"""Seconds, handed to the provider's client."""


class AnyProvider:
    """One model of one provider. Its package reads its own key from the environment, and decides where to send what it is given."""

    def __init__(self, chosen: str) -> None:
        self._provider, _, self._name = chosen.partition(":")

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """Pieces of one reply. Raises ModelError."""

        def first() -> tuple[AIMessageChunk | None, Iterator[AIMessageChunk]]:
            with ONE_AT_A_TIME:
                from langsmith import tracing_context

            with _plain_faults(), tracing_context(enabled=False):
                chunks = self._model.stream(list(messages))
                return next(chunks, None), chunks

        chunk, rest = again(first, 1)
        while chunk is not None:
            if chunk.usage_metadata and spent:
                spent(Spent(chunk.usage_metadata["input_tokens"], chunk.usage_metadata["output_tokens"]))
            yield chunk.text
            with _plain_faults():
                chunk = next(rest, None)

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """One answer with the schema's fields. Raises ModelError."""
        return parsed(schema, lambda _: "".join(self.stream(messages)), held=False)

    @loaded_once
    def _model(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        try:
            return init_chat_model(self._name, model_provider=self._provider, timeout=LONGEST_WAIT)
        except ImportError:
            raise InputError(
                f"The package for {self._provider} is not installed: pip install langchain-{self._provider}. Or leave out IPT_MODEL."
            ) from None
        except ValueError:
            raise InputError(
                f"{self._provider} is no provider that LangChain knows, or a setting of it is missing (mostly its key). "
                "Choose openai:NAME for a compatible server, or leave out IPT_MODEL."
            ) from None


@contextmanager
def _plain_faults() -> Iterator[None]:
    """Whatever goes wrong in a provider's package, in plain words: each has faults of its own, and they may hold what was sent."""
    try:
        yield
    except (ModelError, InputError):
        raise
    except Exception:  # noqa: BLE001 - an edge: what it can be is not known here
        raise ModelAnswerError("failed", "Check its name, its key and the connection, or leave out IPT_MODEL.") from None
