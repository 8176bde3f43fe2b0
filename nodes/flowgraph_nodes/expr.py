"""Pictures merged by an expression."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar

import numpy as np
from pydantic import Field, field_validator

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import band_samples, fit, flat, row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._calculate import FUNCTIONS, Calculator, arrays_needed, lower
from flowgraph_nodes._expression import Tree, names_in, parse

PICTURES = "abcdefg"
FIXED = frozenset(("w", "h", "t", "n"))
NAMES = (*PICTURES, "x", "y", *sorted(FIXED))


@lru_cache(maxsize=64)
def _tree(text: str) -> Tree:
    return lower(parse(text, NAMES, FUNCTIONS))


class Expr(Node):
    """Merge pictures by an arithmetic expression, computed for every sample: out = clip(rint(expression)).

    a, b, ... g are the samples (0..255) of the first, second, ... picture in the same place and channel; x
    and y the place, from 0 in the left upper corner; w and h the size; t the time in seconds; n the frame's
    number.
    Operators, those that bind least first: or; and; not; < <= > >= == !=; + -; * / %; -a; ** (or ^). A
    comparison is 1 or 0. Functions: abs min max clip(value, low, high) between(value, low, high)
    if(test, then, otherwise) floor ceil round sqrt exp log pow hypot sin cos tan atan2; PI and E.
    All is computed in float64; what is no number (0/0) is 0.
    """

    expression: str = Field(description="what each sample becomes, as in 'abs(a - b) * 2'")

    image = Input("bgr24", "gray", variadic=True, least=1)
    merged = Output(like=image, in_place=True)

    main: ClassVar[str] = "expression"
    example: ClassVar[str] = "glow: {type: expr, in: [video, past], expression: 'a + 2 * max(a - b, 0)'}"

    @field_validator("expression")
    @classmethod
    def _readable(cls, text: str) -> str:
        """Refuse what can't be computed; the message says where it goes wrong."""
        _tree(text)
        return text

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The inputs' format; refuses an expression that reads more pictures than there are."""
        count = len(formats.inputs["image"])
        missing = sorted(name for name in names_in(_tree(self.expression)) if name in PICTURES[count:])
        if missing:
            raise ValueError(f"'{self.expression}' reads '{missing[0]}', but 'in' names {count} pictures")
        return super().output_formats(formats)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """As many bands of float64 as the expression holds at a time, and a mask."""
        samples = band_samples(formats["image"].shapes[0])
        count = max(1, arrays_needed(_tree(self.expression), FIXED))
        return {"values": ((count, samples), "float64"), "mask": ((samples,), "bool")}

    def temporaries(self, formats: Formats) -> int:
        """The places of a row's and a column's samples."""
        return 8 * (formats["image"].width + formats["image"].height)

    def process(self, image: tuple[Frame, ...], merged: Frame, scratch: Mapping[str, Plane]) -> None:
        """Compute band by band; `merged` may be one of the inputs."""
        tree, out = _tree(self.expression), merged.data
        fixed = {
            "w": out.shape[1], "h": out.shape[0], "t": float(image[0].time), "n": image[0].index,
        }  # fmt: skip
        pictures = dict(zip(PICTURES, image, strict=False))
        for rows, shape in row_bands(out.shape):

            def load(name: str, values: Plane, rows: slice = rows) -> None:
                if name in pictures:
                    np.copyto(values, flat(pictures[name].data[rows]))
                    return
                pixels = values.reshape(len(values), out.shape[1], -1)
                if name == "x":
                    pixels[...] = np.arange(out.shape[1], dtype=np.float64)[None, :, None]
                else:
                    pixels[...] = np.arange(rows.start, rows.start + len(values))[:, None, None]

            arrays = [fit(values, shape) for values in scratch["values"]]
            with np.errstate(all="ignore"):
                value = Calculator(fixed, load, arrays, fit(scratch["mask"], shape)).value(tree)
            # fmax takes the other number where one is none.
            np.fmax(value, 0, out=arrays[0])
            np.fmin(arrays[0], 255, out=arrays[0])
            np.rint(arrays[0], out=arrays[0])
            np.copyto(flat(out[rows]), arrays[0], casting="unsafe")
