"""YAML as a person meant it: every scalar a text, every value with its line.

PyYAML's constructors read `on`, `no` and `yes` as booleans, 0123 as octal, 1002.10 as 1002.1 and 2026-10-31 as a
date: each of them would change an account number, a code in the books or a key behind the user's back. So only the
nodes are taken from PyYAML; a scalar stays the text in the file, except plain `true`, `false` and `null`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from recon.errors import UsageFault

#: What a document is made of. Numbers and dates are texts until a model has read them.
Value = str | bool | None | list["Value"] | dict[str, "Value"]
Place = tuple[str | int, ...]

_PLAIN = {"true": True, "false": False}
_NULLS = frozenset({"", "~", "null"})
_FOLDED = frozenset({"|", ">"})


@dataclass(frozen=True)
class Document:
    """A parsed YAML file.

    Attributes:
        name: the file's name, as messages show it.
        value: its content; an empty file is an empty mapping.
        lines: the line, counted from 1, of every key and item by its place.
    """

    name: str
    value: dict[str, Value]
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest thing around it that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def at(self, place: Place) -> Value:
        """Return the value at a place, None where there is none."""
        value: Value = self.value
        for step in place:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def message(self, place: Place, problem: str, remedy: str = "") -> str:
        """Return the one line that tells a user what is wrong at a place, and what to do."""
        value = self.at(place)
        found = "" if isinstance(value, list | dict) or place not in self.lines else f" = {_shown(value)}"
        subject = f"{spelled(place)}{found}: " if place else ""
        end = f" {remedy}" if remedy else ""
        return f"{self.name}:{self.line(place)}: {subject}{problem}.{end}"


def spelled(place: Place) -> str:
    """Return a place as a user reads it: `sources[0].files`."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def parse(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        UsageFault: it cannot be read, is not UTF-8, is not YAML, or is not a mapping at its top; a key stands twice.
    """
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageFault(f"{name}: is not UTF-8. Save it as UTF-8.") from error
    except OSError as error:
        raise UsageFault(f"{path}: cannot be read: {error.strerror}.") from error
    return parse_text(text, name)


def parse_text(text: str, name: str) -> Document:
    """Read YAML text; `name` is what messages call it. Raises UsageFault as `parse` does."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UsageFault(f"{name}:{line}: is not YAML: {error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise UsageFault(f"{name}: is not YAML: {str(error).splitlines()[0]}.") from error
    if node is None:
        return Document(name, {}, {})
    walk = _Walk(name)
    value = walk.value(node, ())
    if not isinstance(value, dict):
        raise UsageFault(f"{name}:1: holds no keys. Write `key: value` lines.")
    return Document(name, value, walk.lines)


class _Walk:
    """One pass over the nodes; keeps the line of every place."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {}
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> Value:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self.seen:
            raise self._fault(node, "a YAML alias (`*name`) is not allowed here. Write the value out")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        raise self._fault(node, "is neither a text nor a list nor a mapping")

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._fault(key_node, "a key must be a text")
            key = str(key_node.value)
            if key in found:
                first = self.lines[*place, key]
                raise self._fault(key_node, f"the key {key!r} stands twice, first in line {first}")
            self.lines[*place, key] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, (*place, key))
        return found

    def _fault(self, node: yaml.Node, problem: str) -> UsageFault:
        return UsageFault(f"{self.name}:{node.start_mark.line + 1}: {problem}.")


def _scalar(node: yaml.ScalarNode) -> Value:
    text = str(node.value)
    if node.style is not None:
        return text.removesuffix("\n") if node.style in _FOLDED else text
    if text in _NULLS:
        return None
    return _PLAIN.get(text, text)


def _shown(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)
