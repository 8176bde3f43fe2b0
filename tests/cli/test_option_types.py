"""Options with units."""

from __future__ import annotations

from fractions import Fraction

import click
import pytest

from flowgraph.cli import option_types


@pytest.mark.parametrize(
    ("text", "nbytes"),
    [
        ("200MiB", 200 << 20),
        ("200M", 200 << 20),
        ("1GB", 10**9),
        ("1.5g", 3 << 29),
        ("4096", 4096),
        ("64 kib", 65536),
    ],
)
def test_a_size_is_read_with_its_unit(text: str, nbytes: int) -> None:
    assert option_types.size(text) == nbytes


@pytest.mark.parametrize("text", ["", "MiB", "12 apples", "-5M", "0", "1e9", "12.M"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="size"):
        option_types.size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10", Fraction(10)),
        ("2.5", Fraction(5, 2)),
        ("0:10", Fraction(10)),
        ("1:02:03.5", Fraction(7447, 2)),
        ("200ms", Fraction(1, 5)),
        ("2min", Fraction(120)),
        ("0", Fraction(0)),
    ],
)
def test_a_time_is_read_in_seconds(text: str, seconds: Fraction) -> None:
    assert option_types.time(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "10 apples"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no time"):
        option_types.time(text)


def test_a_pair_is_split_at_its_first_equals_sign() -> None:
    assert option_types.pair("name=a=b") == ("name", "a=b")


def test_a_node_pair_is_split_at_its_last_dot() -> None:
    assert option_types.node_pair("mask/0.level=5%") == ("mask/0", "level", "5%")
    assert option_types.node_pair("inner.out.path=a.b=c") == ("inner.out", "path", "a.b=c")


@pytest.mark.parametrize("text", ["codec=ffv1", "out.codec", "out.=1", ".codec=1", ""])
def test_what_is_no_node_pair_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"NODE\.PARAM=VALUE"):
        option_types.node_pair(text)


@pytest.mark.parametrize("text", ["novalue", "=5"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="NAME=VALUE"):
        option_types.pair(text)


def test_a_timed_pair_is_split_at_its_first_colon() -> None:
    assert option_types.timed_pair("50:scene.choice=2") == (50, "scene", "choice", "2")
    assert option_types.timed_pair("0:label.text=1:2.5=x") == (0, "label", "text", "1:2.5=x")


@pytest.mark.parametrize("text", ["scene.choice=2", "-1:scene.choice=2", "5:choice=2", "1.5:a.b=c", "5:", ""])
def test_what_is_no_timed_pair_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"INDEX:NODE\.PARAM=VALUE"):
        option_types.timed_pair(text)
