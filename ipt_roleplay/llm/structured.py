"""An answer that fits a JSON Schema, from servers that hold a model to it, that only know JSON, or that know neither."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ipt_roleplay.errors import ModelAnswerError, ModelCutOffError, ModelRefusedError

_JSON = re.compile(r"\{.*\}", re.DOTALL)


def parsed(schema: Mapping[str, Any], ask: Callable[[Mapping[str, Any] | None], str], *, held: bool = True) -> dict[str, Any]:
    """What the model answers. `ask` takes the protocol's `response_format`; each weaker form follows where a server refuses one or an answer does not fit.

    `held`: whether the server knows such forms at all. Raises ModelError: the last one, if no form brings an answer.
    """
    strict = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema), "strict": True}}
    forms: tuple[Mapping[str, Any] | None, ...] = (strict, {"type": "json_object"}, None) if held else (None,)
    fault: ModelRefusedError | ModelAnswerError | None = None
    for form in forms:
        try:
            return _fitting(ask(form), schema)
        except ModelCutOffError:
            raise
        except (ModelRefusedError, ModelAnswerError) as error:
            if error.again:
                raise
            fault = error
    assert fault is not None
    raise fault


def _fitting(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The object in `text`, with the properties that the schema wants. Raises ModelAnswerError."""
    found = _JSON.search(text)
    try:
        answer = json.loads(found.group()) if found else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or any(name not in answer for name in schema.get("required", ())):
        raise ModelAnswerError("answered in a way that cannot be read")
    return answer
