"""Quantities that carry units where people think in them: levels, durations, colours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"


class _Unit:
    """Makes a frozen record a pydantic field that accepts what YAML gives and dumps what was written."""

    pattern: str = ""
    numbers: Mapping[str, Any] = {}
    """The JSON Schema of the numbers that stand for such a quantity."""

    @classmethod
    def parse(cls, value: object) -> Any:
        """Read what YAML gives.

        Raises:
            ValueError: the value is not such a quantity; the message says what would be.
        """
        raise ValueError(f"not a {cls.__name__.lower()}: {value!r}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object) -> Any:
            return value if isinstance(value, cls) else cls.parse(value)

        return core_schema.no_info_plain_validator_function(
            check, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text: JsonSchemaValue = {"type": "string", "pattern": cls.pattern}
        return {"anyOf": [dict(cls.numbers), text]} if cls.numbers else text


@dataclass(frozen=True, slots=True)
class Level(_Unit):
    """A sample level: a number 0..255, or a share of full scale as "0%".."100%"."""

    value: float
    percent: bool = False

    pattern = r"^(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)%$"
    numbers = {"type": "number", "minimum": 0, "maximum": 255}

    @classmethod
    def parse(cls, value: object) -> Level:
        """Read 13, 12.75 or "5%"; raises ValueError for anything else."""
        if isinstance(value, str) and (match := re.fullmatch(rf"({_NUMBER})\s*%", value.strip())):
            number, percent, top = float(match[1]), True, 100
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number, percent, top = value, False, 255
        else:
            raise ValueError("a level is 0..255 or '0%'..'100%'")
        if not 0 <= number <= top:
            raise ValueError(f"a level is 0..255 or '0%'..'100%', got {value}")
        return cls(float(number), percent)

    def of(self, full_scale: float) -> float:
        """The level where white is `full_scale`: Level(5, percent).of(65536) is 3276.8."""
        return self.value * full_scale / (100 if self.percent else 255)

    def __str__(self) -> str:
        return f"{self.value:g}%" if self.percent else f"{self.value:g}"


@dataclass(frozen=True, slots=True)
class Duration(_Unit):
    """A span of a stream: frames as a whole number, or time as "200ms", "1.5s", "0:10" or "1:02:03.5"."""

    count: int = 0
    seconds: Fraction | None = None

    pattern = rf"^({_NUMBER}\s*(ms|s|min)|([0-9]+:)?[0-9]+:[0-9]+(\.[0-9]+)?|[0-9]+)$"
    numbers = {"type": "integer", "minimum": 0}

    @classmethod
    def parse(cls, value: object) -> Duration:
        """Read 5 (frames), "200ms", "1.5s", "2min" or "0:10"; raises ValueError for anything else."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return cls(value)
        if isinstance(value, str):
            text = value.strip()
            if re.fullmatch(r"[0-9]+", text):
                return cls(int(text))
            if match := re.fullmatch(rf"({_NUMBER})\s*(ms|s|min)", text):
                scale = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60)}[match[2]]
                return cls(0, Fraction(match[1]) * scale)
            if match := re.fullmatch(r"(?:([0-9]+):)?([0-9]+):([0-9]+(?:\.[0-9]+)?)", text):
                hours, minutes, seconds = match[1] or "0", match[2], match[3]
                return cls(0, Fraction(hours) * 3600 + Fraction(minutes) * 60 + Fraction(seconds))
        raise ValueError("a duration is a number of frames, or a time such as '200ms', '1.5s' or '0:10'")

    def frames(self, rate: Fraction | None) -> int:
        """The nearest whole number of frames at `rate` frames a second.

        Raises:
            ValueError: a time was given and the stream has no known rate.
        """
        if self.seconds is None:
            return self.count
        if rate is None:
            raise ValueError(f"'{self}' needs a stream with a known frame rate; give a number of frames")
        return round(self.seconds * rate)

    def __str__(self) -> str:
        if self.seconds is None:
            return str(self.count)
        # The six digits of :g would lose the milliseconds of an hour.
        return f"{float(self.seconds):.9f}".rstrip("0").rstrip(".") + "s"


_COLOURS = {
    "black": (0, 0, 0), "white": (255, 255, 255), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0), "yellow": (0, 255, 255),
    "cyan": (255, 255, 0), "magenta": (255, 0, 255), "orange": (0, 165, 255),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colour(_Unit):
    """A colour: a name such as "white", or "#rrggbb"."""

    blue: int
    green: int
    red: int

    pattern = rf"^({'|'.join(_COLOURS)}|#[0-9a-fA-F]{{6}})$"

    @classmethod
    def parse(cls, value: object) -> Colour:
        """Read a name or "#rrggbb"; raises ValueError for anything else."""
        if isinstance(value, str):
            if value in _COLOURS:
                return cls(*_COLOURS[value])
            if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
                return cls(int(value[5:7], 16), int(value[3:5], 16), int(value[1:3], 16))
        raise ValueError(f"a colour is '#rrggbb' or one of {', '.join(_COLOURS)}")

    @property
    def bgr(self) -> tuple[int, int, int]:
        """Blue, green, red: OpenCV's order."""
        return (self.blue, self.green, self.red)

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"
