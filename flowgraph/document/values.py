"""Values in graph files: which a parameter takes, how they are read, and how they are written back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from os import PathLike, fspath
from typing import Any

from flowgraph.document.tree import read_plain, read_tree, value_of
from flowgraph.errors import GraphError, did_you_mean
from flowgraph.graph import Param
from flowgraph.units import Colour, Duration, Level

_BOOLS: Mapping[object, bool] = {
    "true": True,
    "false": False,
    "yes": True,
    "no": False,
    "on": True,
    "off": False,
}


def _int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("is a whole number")


def _float(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError("is a number")


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("is true or false")


def _str(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("is a text")


def _path(value: object) -> str:
    if isinstance(value, str | PathLike) and (text := fspath(value)) and isinstance(text, str):
        return text
    raise ValueError("is a path")


def _choice(value: object) -> object:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    raise ValueError("is a text or a number")


def _unit(kind: type[Level] | type[Duration] | type[Colour]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if not isinstance(value, kind):
            try:
                kind.parse(value)
            except ValueError as error:
                raise ValueError("is " + str(error).partition(", got")[0].partition(" is ")[2]) from None
        return written(value)

    return read


PARAM_TYPES: Mapping[str, Callable[[object], object]] = {
    "path": _path,
    "int": _int,
    "float": _float,
    "str": _str,
    "bool": _bool,
    "level": _unit(Level),
    "duration": _unit(Duration),
    "colour": _unit(Colour),
    "choice": _choice,
}
"""What a graph's parameter can be declared as, and what reads its values."""


def convert(param: Param, value: object) -> Any:
    """The value that a graph's parameter gets; units stay as people write them.

    Raises:
        ValueError: the value has another type, is out of bounds or none of the choices; the message goes on
            from the parameter's name: "is at least 1, got 0".
    """
    if value is None and not param.required and param.default is None:
        return None
    try:
        found: Any = PARAM_TYPES[param.type](value)
    except ValueError as error:
        raise ValueError(f"{error}, got {show(value)}") from None
    if param.choices and found not in param.choices:
        raise ValueError(f"is one of {', '.join(map(str, param.choices))}, got {show(value)}")
    if param.min is not None and not found >= param.min:
        raise ValueError(f"is at least {param.min:g}, got {show(value)}")
    if param.max is not None and not found <= param.max:
        raise ValueError(f"is at most {param.max:g}, got {show(value)}")
    return found


def closest_choice(param: Param, value: object) -> str:
    """A hint for a value that is none of a parameter's choices, or an empty text."""
    return did_you_mean(str(value), [str(choice) for choice in param.choices])


def convert_text(param: Param, text: str) -> Any:
    """The value of a parameter given as text on a command line; raises ValueError like `convert`."""
    if param.type in ("str", "path"):
        return convert(param, text)
    if param.type == "bool":
        return convert(param, _BOOLS.get(text.lower(), text))
    if param.type == "choice":
        by_text = {str(choice): choice for choice in param.choices}
        return convert(param, by_text.get(text, text))
    plain = read_plain(text.strip())
    return convert(param, text.strip() if isinstance(plain, bool) else plain)


def read_text(text: str) -> Any:
    """What a value written on a command line means: what the same text would mean in a graph file.

    What can't be read so stands for itself.
    """
    try:
        if not text.startswith(("[", "{", '"', "'")):
            return read_plain(text)
        return value_of(read_tree(text, "value"))
    except (GraphError, ValueError):
        return text


def written(value: object) -> Any:
    """A value as it is written in a graph file: units as text, sequences as tuples, paths with slashes.

    Raises:
        TypeError: graph files can't hold such a value.
    """
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return written(value.value)
        case Level():
            return f"{_decimal(Fraction(value.value))}%" if value.percent else _number(value.value)
        case Duration():
            return value.count if value.seconds is None else f"{_decimal(value.seconds)}s"
        case Colour():
            return str(value)
        case Fraction():
            return value.numerator if value.denominator == 1 else str(value)
        case PathLike():
            return fspath(value)
        case Mapping():
            return {str(key): written(item) for key, item in value.items()}
        case list() | tuple():
            return tuple(written(item) for item in value)
        case _:
            raise TypeError(f"a graph file can't hold a {type(value).__name__}: {value!r}")


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _decimal(value: Fraction) -> str:
    """A fraction as a decimal, exact up to 12 digits behind the point and rounded there."""
    whole, rest = divmod(round(value * 10**12), 10**12)
    return f"{whole}.{rest:012d}".rstrip("0").rstrip(".")


def show(value: object) -> str:
    """A value for an error message, shortened."""
    if value is None:
        return "nothing"
    text = f"'{value}'" if isinstance(value, str) else str(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."
