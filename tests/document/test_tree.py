"""YAML 1.2's meaning: what plain scalars are, and where values stand."""

from __future__ import annotations

import math

import pytest

from flowgraph.document.tree import Branch, Leaf, Scalar, Table, read_plain, read_tree, value_of
from flowgraph.errors import Place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("+12", 12),
        ("-7", -7),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("1e-3", 0.001),
        ("-2.5E+3", -2500.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("y", "y"),
        ("tRUE", "tRUE"),
        ("16:9", "16:9"),
        ("0:10", "0:10"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("-0x1F", "-0x1F"),
        ("0x", "0x"),
        ("2001-01-01", "2001-01-01"),
        ("5%", "5%"),
        ("200ms", "200ms"),
        ("e3", "e3"),
        (".", "."),
        ("+", "+"),
        ("inf", "inf"),
        ("=", "="),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(text: str, value: Scalar) -> None:
    found = read_plain(text)
    assert (found, type(found)) == (value, type(value))


def test_nan_is_a_number() -> None:
    found = read_plain(".nan")
    assert isinstance(found, float) and math.isnan(found)


@pytest.mark.parametrize("text", ["'12'", '"true"', "'~'", '""'])
def test_quotes_make_text(text: str) -> None:
    assert isinstance(value_of(read_tree(f"[{text}]", "g.yaml"))[0], str)


def test_every_value_and_key_knows_its_place() -> None:
    text = "a: {b: [1, 'x y']}  # end"
    line = Place("g.yaml", 1, 1, 1, text)

    def at(column: int, length: int = 1) -> Place:
        return Place("g.yaml", 1, column, length, text)

    items = Branch((Leaf(1, at(9)), Leaf("x y", at(12, 5), plain=False)), at(8))
    assert read_tree(text, "g.yaml") == Table(
        {"a": Table({"b": items}, at(4), {"b": at(5)})}, line, {"a": at(1)}
    )


def test_a_value_over_several_lines_is_marked_on_its_first() -> None:
    tree = read_tree("about: one\n  two\n", "g.yaml")
    assert isinstance(tree, Table)
    assert tree.items["about"] == Leaf("one two", Place("g.yaml", 1, 8, 3, "about: one"))


def test_tabs_are_text_in_blocks_and_quotes() -> None:
    assert value_of(read_tree('a: |\n  x\n  \ty\nb: "1\n\t2"\n', "g.yaml")) == {"a": "x\n\ty\n", "b": "1 2"}


def test_windows_line_ends_change_nothing() -> None:
    tree = read_tree("a: 1\r\nb: 2\r\n", "g.yaml")
    assert isinstance(tree, Table)
    assert tree.items["b"] == Leaf(2, Place("g.yaml", 2, 4, 1, "b: 2"))
