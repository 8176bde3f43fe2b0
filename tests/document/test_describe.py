"""What a parameter takes, in a few words."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from flowgraph.document.describe import accepts, is_path, is_text, literals
from flowgraph.units import Colour, Duration, Level


class Side(Enum):
    LEFT = "left"
    RIGHT = "right"


def field(annotation: Any, **bounds: Any) -> Any:
    model: Any = create_model("Model", value=(annotation, Field(**bounds)))
    return model.model_fields["value"]


@pytest.mark.parametrize(
    ("annotation", "bounds", "text"),
    [
        (int, {}, "whole number"),
        (int, {"ge": 1}, "whole number from 1"),
        (int, {"ge": 1, "le": 9}, "whole number 1..9"),
        (int, {"le": 9}, "whole number up to 9"),
        (float, {"gt": 0}, "number above 0"),
        (float, {"gt": 0, "le": 64}, "number above 0, up to 64"),
        (float, {"ge": 0, "lt": 1}, "number from 0, below 1"),
        (float, {"lt": 1}, "number below 1"),
        (tuple[Annotated[int, Field(ge=2)], ...], {}, "[whole number from 2, ...]"),
        (int | None, {"ge": 3}, "whole number from 3"),
        (bool, {}, "true or false"),
        (str, {}, "text"),
        (Path, {}, "path"),
        (Literal["a", "b", 3], {}, "a | b | 3"),
        (Side, {}, "left | right"),
        (Level, {}, "0..255 or 0%..100%"),
        (Level | Literal["input"], {}, "0..255 or 0%..100% or input"),
        (Duration, {}, "frames, or a time such as 200ms"),
        (Colour, {}, "#rrggbb or the name of a colour"),
        (Fraction, {}, "number or a ratio such as 30000/1001"),
        (tuple[float, ...], {}, "[number, ...]"),
        (list[int], {}, "[whole number, ...]"),
        (tuple[int, int], {}, "[whole number, whole number]"),
        (float | tuple[float, ...], {}, "number or [number, ...]"),
        (dict[str, int], {}, "mapping"),
    ],
)
def test_what_a_parameter_takes_is_said_in_a_few_words(annotation: Any, bounds: Any, text: str) -> None:
    assert accepts(field(annotation, **bounds)) == text


def test_words_that_a_parameter_takes() -> None:
    assert literals(field(Level | Literal["input", 3])) == ("input",)
    assert literals(field(int)) == ()


@pytest.mark.parametrize(
    ("annotation", "path", "text"),
    [
        (Path, True, True),
        (Path | None, True, True),
        (tuple[Path, ...], True, False),
        (str, False, True),
        (str | None, False, True),
        (str | int, False, False),
        (Literal["a"], False, False),
        (Colour, False, True),
        (Duration, False, False),
    ],
)
def test_parameters_that_are_paths_and_those_that_are_text(annotation: Any, path: bool, text: bool) -> None:
    assert (is_path(field(annotation)), is_text(field(annotation))) == (path, text)


def test_a_text_may_declare_that_it_is_a_path() -> None:
    assert is_path(field(str, json_schema_extra={"format": "path"}))
