"""Adapters that turn text into vectors."""

from ipt_roleplay.encoders.minilm import MiniLmEncoder

__all__ = ["MiniLmEncoder"]
