"""Ports, and the facts that nodes declare for the compiler: records without behaviour."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Final, Literal, final

from flowgraph.frame import Format

Fill = Literal["first", "black", "none"]
"""What a window holds before the stream's first frame; none: no output until the window is full."""


@final
class _Skip(Enum):
    SKIP = "skip"


SKIP: Final = _Skip.SKIP
"""Returned by `process` on a subset clock: nothing comes out at this index."""


class Input:
    """A named input. Without pixel formats it takes any; with some, the first is what others convert to.

    `like` ties it to another input's whole format, `size` to its size only. `variadic` takes a list of
    at least `least` streams, all of one format. `still` takes a still only. `optional` may stay unconnected
    (process then gets None).
    """

    def __init__(
        self,
        *formats: str,
        like: Input | None = None,
        size: Input | None = None,
        variadic: bool = False,
        least: int = 1,
        still: bool = False,
        optional: bool = False,
    ) -> None:
        self.formats = formats
        self.like = like
        self.size = size
        self.variadic = variadic
        self.least = least
        self.still = still
        self.optional = optional
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


class Output:
    """A named output: of a fixed pixel format in the first input's size, or `like` an input.

    `in_place`: may be computed in the buffer of its `like` input. `forward`: needs no buffer of its own.
    """

    def __init__(
        self, format: str = "", *, like: Input | None = None, in_place: bool = False, forward: bool = False
    ) -> None:
        if bool(format) == bool(like):
            raise TypeError("an output has either a fixed pixel format or a `like` input")
        self.format = format
        self.like = like
        self.in_place = in_place
        self.forward = forward
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


@dataclass(frozen=True, slots=True)
class Rule:
    """How a node's output clock follows from that of its inputs.

    same: one frame out for each frame in. subset: some of them; two nodes with equal `key` on one clock keep
    the same ones. still: one frame for the whole run. follow: the clock of the input named in `key`, while
    the other inputs may have any clock (align, hold); theirs runs `ahead_s` seconds ahead of it.
    """

    kind: Literal["same", "subset", "still", "follow"]
    key: Hashable = None
    ahead_s: Fraction = Fraction(0)


SAME: Final = Rule("same")
STILL: Final = Rule("still")


def subset(*key: Hashable) -> Rule:
    """The rule of a decimating node; equal keys on one clock make one clock."""
    return Rule("subset", key)


def follow(port: str, ahead_s: Fraction = Fraction(0)) -> Rule:
    """The rule of a node that brings other clocks onto the clock of input `port`.

    What others show at t + `ahead_s` seconds, which may be negative, belongs to what `port` shows at t.
    """
    return Rule("follow", port, ahead_s)


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of an affine node: `weight` times item `item` of input `port`, `tap` frames ago."""

    port: str
    weight: float
    item: int = 0
    tap: int = 0


@dataclass(frozen=True, slots=True)
class Affine:
    """out = clip(rint(sum of weight * input + offset)) on samples 0..255, the same for every channel."""

    terms: tuple[Term, ...]
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Formats:
    """What negotiation settled for one node. Variadic inputs have one format per item."""

    inputs: Mapping[str, tuple[Format, ...]]
    outputs: Mapping[str, Format] = field(default_factory=dict[str, Format])
    rate: Fraction | None = None
    frames: int | None = None
    """The most frames that can come, as far as the source tells; None where nobody knows."""

    def __getitem__(self, port: str) -> Format:
        """The format of an output or of an input (of its first item)."""
        return self.outputs[port] if port in self.outputs else self.inputs[port][0]


@dataclass(frozen=True, slots=True)
class Implied:
    """A node that another needs in front of one of its inputs, reading what that one reads at `reads`."""

    type: str
    params: Mapping[str, Any]
    reads: str


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of a node class, in the order of their declaration, base classes first."""

    inputs: Mapping[str, Input]
    outputs: Mapping[str, Output]


@cache
def ports(kind: type) -> Ports:
    """The ports of a node class."""
    inputs: dict[str, Input] = {}
    outputs: dict[str, Output] = {}
    for base in reversed(kind.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, Input):
                inputs[name] = value
            elif isinstance(value, Output):
                outputs[name] = value
    return Ports(inputs, outputs)
