"""YAML without its surprises: no duplicate keys, aliases or tags, bounded in size and depth, and every value knows its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ipt_roleplay.errors import PersonaFileError

MAX_BYTES = 2_000_000
MAX_DEPTH = 12

Path_ = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Fifteen times as fast where PyYAML comes with libyaml, as its wheels do."""


@dataclass(frozen=True)
class YamlDocument:
    """The values, and the line (from 1) on which each of them stands, by its path."""

    values: dict[str, Any]
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_strict(path: Path) -> YamlDocument:
    """Read one file. Raises PersonaFileError with the file and line of what is not allowed."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PersonaFileError([f"{path.name}: {size:,} bytes; a file may have {MAX_BYTES:,}. Shorten it."])
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PersonaFileError([f"{path.name}: not UTF-8 text (byte {error.start}). Save it as UTF-8."]) from error
    except OSError as error:
        raise PersonaFileError([f"{path.name}: cannot be read ({error.strerror}). Check that it is there and readable."]) from error
    try:
        _refuse_aliases(path, text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PersonaFileError(
            [f"{path.name}:{line}: not readable as YAML: {error.problem}. Check quotes and indentation there."]
        ) from error
    except yaml.YAMLError as error:
        raise PersonaFileError([f"{path.name}: not readable as YAML: {error}."]) from error
    if not isinstance(node, yaml.MappingNode):
        raise PersonaFileError([f"{path.name}:1: the file must be a list of `field: value`, starting with `id:`."])
    lines: dict[Path_, int] = {}
    values = _value(path, node, (), lines)
    assert isinstance(values, dict)
    return YamlDocument(values, lines)


def _refuse_aliases(path: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PersonaFileError([f"{path.name}:{line}: anchors and aliases (& and *) are not allowed. Put text with a * in quotes."])
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise PersonaFileError([f"{path.name}:{line}: tags ({tag}) are not allowed. Write the plain value."])
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise PersonaFileError([f"{path.name}:{line}: nested too deeply."])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1


def _value(path: Path, node: yaml.Node, where: Path_, lines: dict[Path_, int]) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in found:
                raise PersonaFileError([f"{path.name}:{line}: `{key}` is there twice. Remove one of them."])
            found[key] = _value(path, value_node, (*where, key), lines)
            lines[(*where, key)] = line
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, item, (*where, position), lines) for position, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> object:
    """Text unless it is plainly a whole number, true, false or null: `no` and `on` stay words."""
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style is None:
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "null", "~"):
            return None
        if text.lstrip("-").isdigit() and len(text) < 10:
            return int(text)
    return text
