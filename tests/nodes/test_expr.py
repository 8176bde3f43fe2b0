"""expr."""

from collections.abc import Callable

import numpy as np
import pytest
from pydantic import ValidationError

from flowgraph.frame import Plane
from flowgraph.testing import frame_of, run_node
from flowgraph_nodes.expr import Expr

ROW = np.array([[0, 1, 100, 255]], np.uint8)
OTHER = np.array([[10, 1, 30, 255]], np.uint8)


def values(expression: str, *pictures: Plane) -> list[int]:
    (out,) = run_node(Expr(expression=expression), *(pictures or (ROW, OTHER)))
    found: list[int] = out.data[0].tolist()
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a", [0, 1, 100, 255]),
        ("a + b", [10, 2, 130, 255]),
        ("a - b", [0, 0, 70, 0]),
        ("abs(a - b) * 2", [20, 0, 140, 0]),
        ("a / 2", [0, 0, 50, 128]),
        ("1 + 2 * 3 - 4", [3, 3, 3, 3]),
        ("(1 + 2) * 3", [9, 9, 9, 9]),
        ("-2 ** 2 + 10", [6, 6, 6, 6]),
        ("2 ^ 3 ^ 2 - 500", [12, 12, 12, 12]),
        ("7 % 4 + 10 - 3 - 2", [8, 8, 8, 8]),
        ("a > b", [0, 0, 1, 0]),
        ("100 * (a >= b and not a == 255 or x == 0)", [100, 100, 100, 0]),
        ("if(a > b, 7, b)", [10, 1, 7, 255]),
        ("if(1 > 2, a, b)", [10, 1, 30, 255]),
        ("if(1 < 2, 3, b)", [3, 3, 3, 3]),
        ("if(a, b, 9)", [9, 1, 30, 255]),
        ("between(a, 1, 100) * 9", [0, 9, 9, 0]),
        ("clip(a, 20, 90)", [20, 20, 90, 90]),
        ("clip(200, 3, a)", [0, 1, 100, 200]),
        ("min(3, 2, a, b)", [0, 1, 2, 2]),
        ("max(3, 2, a, b) + (a + (b + (a + b)))", [30, 7, 255, 255]),
        ("x * 10 + y + w + h", [5, 15, 25, 35]),
        ("n + t", [0, 0, 0, 0]),
        ("sqrt(a) + hypot(3, 4)", [5, 6, 15, 21]),
        ("sin(PI / 2) * 100 + cos(0) + round(E)", [104] * 4),
        ("floor(2.9) + ceil(2.1) + exp(0) + log(1) + pow(2, 3) + tan(0) + atan2(0, 1)", [14] * 4),
    ],
)
def test_an_expression_has_the_value_that_is_expected(expression: str, expected: list[int]) -> None:
    assert values(expression) == expected


def test_what_is_no_number_is_black_and_infinity_is_white() -> None:
    assert values("a / 0") == [0, 255, 255, 255]
    assert values("sqrt(-1 - a)") == [0, 0, 0, 0]
    assert values("-1 / 0") == [0, 0, 0, 0]


def test_time_and_number_are_those_of_the_frame() -> None:
    frames = run_node(Expr(expression="100 * t + n"), [ROW] * 26)
    assert [frame.data[0, 0] for frame in frames[::5]] == [0, 25, 50, 75, 100, 125]


def test_channels_are_computed_apart_and_places_are_those_of_pixels() -> None:
    picture = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    (out,) = run_node(Expr(expression="a + 20 * x + 100 * y"), picture)
    expected = picture + 20 * np.arange(3)[None, :, None] + 100 * np.arange(2)[:, None, None]
    np.testing.assert_array_equal(out.data, expected)


def test_large_pictures_are_computed_in_bands() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (500, 400, 3), dtype=np.uint8)
    (out,) = run_node(Expr(expression="a / 3 + y / 4"), picture)
    expected = np.rint(picture / 3 + np.arange(500)[:, None, None] / 4)
    np.testing.assert_array_equal(out.data, np.minimum(expected, 255))


@pytest.mark.parametrize("expression", ["abs(a-b)", "max(a,b)-min(a,b)/4", "a*b/255", "(a+3*b)/4"])
def test_all_pairs_give_what_ffmpegs_lut2_gives(
    expression: str, pairs: tuple[Plane, Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    named = (
        expression.replace("a,b", "x,y").replace("a-b", "x-y").replace("a*b", "x*y").replace("a+3*b", "x+3*y")
    )
    (expected,) = libavfilter("lut2", f"c0='{named}'", [pairs[0]], [pairs[1]])
    (floored,) = run_node(Expr(expression=f"floor({expression})"), *pairs)
    np.testing.assert_array_equal(floored.data, expected)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("a + ", "character 5 of 'a . ': expected a number, a name or '.', got the end"),
        ("a + q", "character 5 of 'a . q': nothing is called 'q'"),
        ("a b", "character 3 of 'a b': expected an operator, got 'b'"),
        ("(a", r"character 3 of '\(a': expected '\)', got the end"),
        ("a.b", "character 2 of 'a.b': '.' means nothing here"),
        ("a; b", "character 2 of"),
        ("'a'", "character 1 of"),
        ("__import__(1)", "character 1 of .*: nothing is called '__import__'"),
        ("sqr(a)", r"nothing is called 'sqr'; did you mean 'sqrt'"),
        ("clip(a, 1)", r"character 1 of .*: clip\(\) takes 3 values, got 2"),
        ("a + min(a)", r"character 5 of .*: min\(\) takes 2 to 8 values, got 1"),
        ("sin", "character 1 of 'sin': nothing is called 'sin'"),
        ("", "got the end"),
        ("(" * 40 + "a" + ")" * 40, "more than 24 levels"),
        ("not " * 40 + "a", "more than 24 levels"),
        ("2 ** " * 40 + "a", "more than 24 levels"),
        ("a + not b", "character 5 of .*: expected a number, a name or '.', got 'not'"),
        ("-" * 40 + "a", "more than 24 levels"),
        ("a+" * 600 + "a", "at most 1000 characters"),
    ],
)
def test_an_expression_that_can_not_be_is_refused_with_the_place(expression: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Expr(expression=expression)


def test_more_pictures_than_there_are_can_not_be_read() -> None:
    with pytest.raises(ValueError, match=r"'a \+ c' reads 'c', but 'in' names 2 pictures"):
        run_node(Expr(expression="a + c"), ROW, OTHER)


def test_the_result_may_stand_in_the_last_picture() -> None:
    node, first, last = Expr(expression="a - b + a / 2"), frame_of(ROW.copy()), frame_of(OTHER.copy())
    scratch = {"values": np.empty((3, 131072)), "mask": np.empty(131072, bool)}
    node.process((first, last), last, scratch)
    assert last.data[0].tolist() == [0, 0, 120, 128]
