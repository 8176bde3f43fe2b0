"""Two-valued pictures and masks."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import ClassVar, Literal

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Level
from flowgraph_nodes._luma import ONE, luma_mask, luma_scratch


class Threshold(Node):
    """Set samples above a level to white and all others to black: out = in > level ? above : below.

    A level in percent is a share of 65536 on 16-bit samples, 8-bit ones being 257 v: ImageMagick's
    -threshold. With `per: luma` a colour picture gives a gray mask: white where 0.212656 R + 0.715158 G +
    0.072186 B > level, in whole millionths. With `compare: ">="` a sample at the level passes too, as in
    FFmpeg's threshold, which is in < level ? below : above.
    """

    level: Level = Field(default=Level(50, percent=True), description="number 0..255, or share of full scale")
    compare: Literal[">", ">="] = Field(default=">", description="whether a sample at the level passes")
    per: Literal["channel", "luma"] = Field(
        default="channel", description="each channel, or a gray mask by luma"
    )
    below: Level | Literal["input"] = Field(
        default=Level(0), description="what does not pass; 'input' keeps it"
    )
    above: Level | Literal["input"] = Field(default=Level(255), description="what passes; 'input' keeps it")

    image = Input("bgr24", "gray", "gray16le")
    mask = Output(like=image, in_place=True)

    main: ClassVar[str] = "level"
    example: ClassVar[str] = "mask: {type: threshold, in: difference, level: 5%, per: luma}"
    live_parameters: ClassVar[tuple[str, ...]] = ("level", "compare", "below", "above")

    def check(self) -> None:
        """Refuse to keep a colour picture in a gray mask."""
        if self.per == "luma" and "input" in (self.below, self.above):
            raise ValueError("a mask by luma can't keep the input; use select or multiply with the mask")

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Like the input; gray for luma."""
        format = formats["image"]
        return {"mask": format.as_pixel("gray") if self._by_luma(format) else format}

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Luma in bands, or the mask that chooses between values of 16 bits."""
        format = formats["image"]
        if self._by_luma(format):
            return luma_scratch(format.shapes[0])
        return {"passes": (format.shapes[0], "bool")} if format.pixel == "gray16le" else {}

    def process(self, image: Frame, mask: Frame, scratch: Mapping[str, Plane]) -> None:
        """Compare by table, by value or by luma."""
        if self._by_luma(image.format):
            values = (self._value("below", 255), self._value("above", 255))
            luma_mask(image.data, self._first(ONE), values, mask.data, scratch)
        elif image.format.pixel == "gray16le":
            self._wide(image.data, mask.data, scratch["passes"])
        else:
            first = self._first(1)
            if (self.below, self.above) == (Level(0), Level(255)):
                cv2.threshold(image.data, first - 1, 255, cv2.THRESH_BINARY, dst=mask.data)
            elif (self.below, self.above) == (Level(0), "input"):
                cv2.threshold(image.data, first - 1, 255, cv2.THRESH_TOZERO, dst=mask.data)
            else:
                samples = np.arange(256)
                table = np.where(samples < first, self._value("below", 255), self._value("above", 255))
                kept = np.where(samples < first, self.below == "input", self.above == "input")
                cv2.LUT(image.data, np.where(kept, samples, table).astype(np.uint8), dst=mask.data)

    def _by_luma(self, format: Format) -> bool:
        return self.per == "luma" and format.pixel == "bgr24"

    def _wide_level(self) -> float:
        """The level on 16-bit samples."""
        return self.level.of(65536) if self.level.percent else self.level.value * 257

    def _first(self, step: int, unit: int = 257) -> int:
        """The first whole sample that passes, where a sample stands for `unit` 16-bit levels."""
        limit = self._wide_level() * step / unit
        return floor(limit) + 1 if self.compare == ">" else ceil(limit)

    def _value(self, which: Literal["below", "above"], white: int) -> int:
        value = self.below if which == "below" else self.above
        return round(value.of(white)) if isinstance(value, Level) else 0

    def _wide(self, plane: Plane, out: Plane, passes: Plane) -> None:
        if (self.below, self.above) == (Level(0), Level(255)):
            cv2.threshold(plane, self._first(1, 1) - 1, 65535, cv2.THRESH_BINARY, dst=out)
            return
        np.greater_equal(plane, self._first(1, 1), out=passes)
        if self.above == "input" or self.below == "input":
            np.copyto(out, plane)
        if self.above != "input":
            np.copyto(out, self._value("above", 65535), where=passes)
        if self.below != "input":
            np.logical_not(passes, out=passes)
            np.copyto(out, self._value("below", 65535), where=passes)
