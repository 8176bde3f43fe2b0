"""Reads YAML strictly: YAML 1.2's meaning on PyYAML's scanner and parser, with the place of every value.

Plain PyYAML reads `16:9` as 969, `on` as True and `1e-3` as text, and the last of two equal keys wins
without a word. Here the core schema of YAML 1.2 decides, and what could surprise is an error: a key given
twice, a tag, a merge key, a tab in the indentation, a second document. Anchors and aliases are errors too:
parameters do their work, and without them the size of a file bounds the size of what is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, Event, MappingStartEvent, NodeEvent, ScalarEvent
from yaml.events import SequenceStartEvent as SequenceEvent

from flowgraph.document.syntax import syntax_error
from flowgraph.errors import GraphError, Place

MAX_DEPTH = 40
"""How deep collections may nest; a graph needs 6."""
MAX_DIGITS = 100
"""So that every integer fits into a float, and Python doesn't refuse to read it."""

Scalar = str | int | float | bool | None

_WORDS: Mapping[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".inf": math.inf, ".Inf": math.inf, ".INF": math.inf,
    "+.inf": math.inf, "+.Inf": math.inf, "+.INF": math.inf,
    "-.inf": -math.inf, "-.Inf": -math.inf, "-.INF": -math.inf,
    ".nan": math.nan, ".NaN": math.nan, ".NAN": math.nan,
}  # fmt: skip
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]+"), 10),
    (re.compile(r"0o[0-7]+"), 8),
    (re.compile(r"0x[0-9a-fA-F]+"), 16),
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def read_plain(text: str) -> Scalar:
    """What an unquoted scalar means: the core schema of YAML 1.2, section 10.3.2 of its specification.

    Raises:
        ValueError: an integer of more than MAX_DIGITS digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    for pattern, base in _NUMBERS:
        if pattern.fullmatch(text):
            if len(text) > MAX_DIGITS:
                raise ValueError(f"a number of {len(text)} digits")
            return int(text.removeprefix("0o"), 8) if base == 8 else int(text, base)
    return float(text) if _FLOAT.fullmatch(text) else text


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar and where it stands. `plain`: written without quotes."""

    value: Scalar
    place: Place
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """A sequence and where it starts."""

    items: tuple[Tree, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, where it starts, and where each of its keys stands."""

    items: Mapping[str, Tree]
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict[str, Place])


Tree = Leaf | Branch | Table


def value_of(tree: Tree) -> Any:
    """The bare value: scalars, tuples, and dicts by name."""
    match tree:
        case Leaf():
            return tree.value
        case Branch():
            return tuple(value_of(item) for item in tree.items)
        case Table():
            return {key: value_of(item) for key, item in tree.items.items()}


def read_tree(text: str, name: str) -> Tree:
    """Read one YAML document.

    Raises:
        GraphError: it isn't strict YAML; the place names the line and column.
    """
    return _Reader(text, name).document()


class _Reader:
    """Turns PyYAML's events into a tree. One use each."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
        self.events: Iterator[Event] = self._parse(text)
        self.literal: set[int] = set()
        """Lines inside of quoted and block scalars, where a tab is text."""

    def _parse(self, text: str) -> Iterator[Event]:
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            raise syntax_error(error, text, self.lines, self.name) from None

    def document(self) -> Tree:
        """The only document of the text."""
        next(self.events)  # the stream's start
        event = next(self.events)
        if not isinstance(event, yaml.events.DocumentStartEvent):
            raise GraphError(
                "the file is empty", place=Place(self.name, 1, 1), hint="a graph starts with 'flowgraph: 1'"
            )
        tree = self._tree(next(self.events), 0)
        next(self.events)  # the document's end
        if isinstance(event := next(self.events), yaml.events.DocumentStartEvent):
            raise GraphError(
                "a second document starts here", place=self._place(event), hint="one file holds one graph"
            )
        self._check_tabs()
        return tree

    def _tree(self, event: Event, depth: int) -> Tree:
        place = self._place(event)
        if depth > MAX_DEPTH:
            raise GraphError(f"collections nest more than {MAX_DEPTH} deep", place=place)
        if isinstance(event, NodeEvent):
            self._check_properties(event, place)
        if isinstance(event, ScalarEvent):
            return self._leaf(event, place)
        if isinstance(event, SequenceEvent):
            return Branch(tuple(self._tree(item, depth + 1) for item in self._until_end()), place)
        assert isinstance(event, MappingStartEvent), event
        return self._table(place, depth)

    def _until_end(self) -> Iterator[Event]:
        for event in self.events:
            if isinstance(event, CollectionEndEvent):
                return
            yield event

    def _leaf(self, event: ScalarEvent, place: Place) -> Leaf:
        plain = event.style is None
        if not plain and event.start_mark is not None and event.end_mark is not None:
            self.literal.update(range(event.start_mark.line + 1, event.end_mark.line + 1))
        try:
            return Leaf(read_plain(event.value) if plain else event.value, place, plain)
        except ValueError as error:
            raise GraphError(str(error), place=place, hint="quote it if it is a text") from None

    def _table(self, place: Place, depth: int) -> Table:
        items: dict[str, Tree] = {}
        keys: dict[str, Place] = {}
        for event in self._until_end():
            key = self._tree(event, depth + 1)
            if isinstance(key, Leaf) and key.value == "<<" and key.plain:
                raise GraphError(
                    "'<<' is not part of graph files", place=key.place, hint="write the keys out"
                )
            if not isinstance(key, Leaf) or not isinstance(key.value, str):
                raise GraphError("a key is a name", place=key.place, hint="put it in quotes if it is meant")
            if key.value in items:
                raise GraphError(
                    f"'{key.value}' is here a second time",
                    place=key.place,
                    hint=f"the first is in line {keys[key.value].line}",
                )
            items[key.value] = self._tree(next(self.events), depth + 1)
            keys[key.value] = key.place
        return Table(items, place, keys)

    def _check_properties(self, event: NodeEvent, place: Place) -> None:
        if isinstance(event, AliasEvent):
            raise GraphError(
                f"'*{event.anchor}' is an alias, which graph files don't have",
                place=place,
                hint="quote it if it is a text; a value used twice is a parameter",
            )
        if event.anchor is not None:
            raise GraphError(
                f"'&{event.anchor}' is an anchor, which graph files don't have",
                place=place,
                hint="quote it if it is a text; a value used twice is a parameter",
            )
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            raise GraphError(
                f"'{shown}' is a tag, which graph files don't have",
                place=place,
                hint="quote it if it is a text",
            )

    def _check_tabs(self) -> None:
        for number, line in enumerate(self.lines):
            indent = line[: len(line) - len(line.lstrip())]
            if "\t" in indent and line.strip() and number not in self.literal:
                column = indent.index("\t") + 1
                raise GraphError(
                    "a tab in the indentation",
                    place=Place(self.name, number + 1, column, 1, line),
                    hint="indent with spaces",
                )

    def _place(self, event: Event) -> Place:
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None, "PyYAML's parser marks all events"
        text = self.lines[start.line]
        stop = end.column if end.line == start.line else len(text.rstrip())
        return Place(self.name, start.line + 1, start.column + 1, max(1, stop - start.column), text)
