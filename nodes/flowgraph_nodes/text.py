"""The node type `text`."""

from __future__ import annotations

import re
from string import Formatter
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour
from flowgraph_nodes._label import place
from flowgraph_nodes._paint import samples

_COLUMNS = {"left": 0.0, "right": 1.0}
_ROWS = {"top": 0.0, "bottom": 1.0}
_FONT_BYTES = 6 << 20
_EXAMPLES = {"index": 0, "time": 0.5, "timecode": "00:00:00.500"}


class Text(Node):
    """Write a label onto the picture.

    In the text stand {index} for the frame's number, {time} for its time in seconds and {timecode} for the
    same as 00:00:00.000; formats as in {index:05d}, doubled braces for a brace. Lines end at a line break. An
    empty text has no box.
    """

    text: str = Field(description="what to write; {index}, {time} and {timecode} are filled in")
    position: Literal[
        "top-left", "top", "top-right",
        "left", "centre", "right",
        "bottom-left", "bottom", "bottom-right",
    ] = Field(default="top-left", description="where in the picture")  # fmt: skip
    size: int = Field(default=24, ge=4, le=2000, description="height of a capital letter in pixels")
    margin: int = Field(default=16, ge=0, le=4096, description="distance from the picture's edge in pixels")
    colour: Colour = Field(default=Colour.parse("white"), description="colour of the letters")
    background: Colour = Field(default=Colour.parse("black"), description="colour of the box behind them")
    opacity: float = Field(default=0.5, ge=0, le=1, description="how much the box covers; 0 for no box")

    image = Input("bgr24", "gray")
    labelled = Output(like=image, in_place=True)

    main = "text"
    example = "labelled: {type: text, in: video, text: 'frame {index}', position: bottom-right}"
    live_parameters: ClassVar[tuple[str, ...]] = (
        "text",
        "position",
        "margin",
        "colour",
        "background",
        "opacity",
    )

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's font, which each thread has for itself."""
        return _FONT_BYTES

    @field_validator("text")
    @classmethod
    def _known(cls, text: str) -> str:
        """Refuse what can't be filled in; the message says what can."""
        for _, name, spec, conversion in Formatter().parse(text):
            if name is None:
                continue
            if name not in _EXAMPLES or conversion:
                raise ValueError(f"can't fill in '{{{name}}}'; it may be {{index}}, {{time}} or {{timecode}}")
            # Widths of more than two digits could fill the memory.
            if not re.fullmatch(r"0?[0-9]{0,2}(\.[0-9]{1,2})?[dfs]?", spec or ""):
                raise ValueError(f"'{{{name}:{spec}}}' is no format; write it as in {{index:05d}}")
            format(_EXAMPLES[name], spec or "")
        return text

    def process(self, image: Frame, labelled: Frame) -> None:
        """Draw the box and the lines over a copy of the picture."""
        out = labelled.data
        if not np.may_share_memory(out, image.data):
            np.copyto(out, image.data)
        (letters,) = samples(self.colour, image.format)
        (box,) = samples(self.background, image.format)
        words = self.position.split("-")
        across, down = _COLUMNS.get(words[-1], 0.5), _ROWS.get(words[0], 0.5)
        label = place(self.written(image).split("\n"), self.size, self.margin, (across, down), out)
        if self.opacity and any(line for line, _, _ in label.lines):
            label.cover(out, box, self.opacity)
        label.write(out, letters)

    def written(self, frame: Frame) -> str:
        """The text with the placeholders filled in."""
        ms = max(0, round(frame.time * 1000))
        clock = f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
        values = {"index": frame.index, "time": float(frame.time), "timecode": clock}
        parts: list[str] = []
        for literal, name, spec, _ in Formatter().parse(self.text):
            parts.append(literal)
            if name is not None:
                parts.append(format(values[name], spec or (".3f" if name == "time" else "")))
        return "".join(parts)
