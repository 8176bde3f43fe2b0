"""Frames and the formats that both ends of an edge agree on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

Plane = NDArray[Any]
"""One plane: shape (height, width) or (height, width, channels); the last axis is contiguous."""

Matrix = Literal["unspecified", "bt709", "bt601", "bt2020", "fcc", "smpte240m", "ycgco"]
Range = Literal["limited", "full"]
Family = Literal["gray", "rgb", "yuv", "data"]


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How samples lie in memory, under FFmpeg's name.

    `planes` holds for each plane (channels, log2 of horizontal subsampling, log2 of vertical subsampling).
    """

    name: str
    family: Family
    planes: tuple[tuple[int, int, int], ...]
    dtype: str = "uint8"

    @property
    def sample_bytes(self) -> int:
        """Bytes of one sample."""
        return np.dtype(self.dtype).itemsize


def _yuv(name: str, x: int, y: int) -> PixelFormat:
    return PixelFormat(name, "yuv", ((1, 0, 0), (1, x, y), (1, x, y)))


PIXEL_FORMATS: Mapping[str, PixelFormat] = MappingProxyType(
    {
        f.name: f
        for f in (
            PixelFormat("gray", "gray", ((1, 0, 0),)),
            PixelFormat("gray16le", "gray", ((1, 0, 0),), "uint16"),
            PixelFormat("grayf32le", "gray", ((1, 0, 0),), "float32"),
            PixelFormat("bgr24", "rgb", ((3, 0, 0),)),
            PixelFormat("bgra", "rgb", ((4, 0, 0),)),
            PixelFormat("gbrp", "rgb", ((1, 0, 0), (1, 0, 0), (1, 0, 0))),
            PixelFormat("table", "data", ((1, 0, 0),), "float64"),
            _yuv("yuv420p", 1, 1),
            _yuv("yuv422p", 1, 0),
            _yuv("yuv444p", 0, 0),
            _yuv("yuv440p", 0, 1),
            _yuv("yuv411p", 2, 0),
            _yuv("yuv410p", 2, 2),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Format:
    """What both ends of an edge agree on.

    `matrix` and `range` are those of the stream, kept on RGB and gray frames too so that a sink can go back.
    `rgb` chooses how YUV becomes RGB: *fast* is libswscale's table conversion, *accurate* its bicubic path.
    Primaries, transfer and sample aspect ratio are carried to the sink and never compared.
    """

    pixel: str
    width: int
    height: int
    matrix: Matrix = "unspecified"
    range: Range = "limited"
    rgb: Literal["fast", "accurate"] = "fast"
    columns: tuple[str, ...] = ()
    """Of a table: what its numbers are. Each frame is one row: height 1, as wide as there are columns."""
    primaries: int = field(default=2, compare=False)
    transfer: int = field(default=2, compare=False)
    aspect: Fraction = field(default=Fraction(1), compare=False)

    @property
    def layout(self) -> PixelFormat:
        """The pixel format's record."""
        return PIXEL_FORMATS[self.pixel]

    @property
    def family(self) -> Family:
        """Gray, rgb or yuv; data for rows of numbers."""
        return self.layout.family

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shape of each plane: (h, w) or (h, w, channels). Chroma sizes round up."""
        return tuple(
            (-(-self.height >> y), -(-self.width >> x)) + ((c,) if c > 1 else ())
            for c, x, y in self.layout.planes
        )

    @property
    def plane_bytes(self) -> tuple[int, ...]:
        """Bytes of each plane, without padding."""
        size = self.layout.sample_bytes
        return tuple(prod(shape) * size for shape in self.shapes)

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame, without padding."""
        return sum(self.plane_bytes)

    def fits(self, other: Format) -> bool:
        """Whether frames of both formats may meet sample by sample."""
        if "data" in (self.family, other.family):
            return self.columns == other.columns and self.family == other.family
        same = (self.pixel, self.width, self.height) == (other.pixel, other.width, other.height)
        colour = self.family != "yuv" or (self.matrix, self.range) == (other.matrix, other.range)
        return same and colour

    def as_pixel(self, pixel: str) -> Format:
        """The same stream in another pixel format."""
        return replace(self, pixel=pixel)

    def resized(self, width: int, height: int) -> Format:
        """The same stream in another size."""
        return replace(self, width=width, height=height)

    def __str__(self) -> str:
        if self.family == "data":
            return f"table of {', '.join(self.columns)}"
        colour = "" if self.family != "yuv" else f" {self.matrix} {self.range}"
        return f"{self.pixel} {self.width}x{self.height}{colour}"


def table(*columns: str) -> Format:
    """The format of a stream of rows of numbers (float64; a value that isn't there is nan)."""
    return Format("table", len(columns), 1, columns=columns)


EMPTY: Mapping[str, Any] = MappingProxyType({})


class Frame:
    """One picture: index, timestamp, format, planes, properties.

    `index` counts the frames of the stream's source from 0; `time` is in seconds; `duration` too, None where
    unknown. `planes` are views of a shared buffer: writable only for the node that was given the frame as
    its output. `hold` keeps the buffer alive: when the last frame that refers to it goes, the buffer returns
    to where it came from.
    """

    __slots__ = ("duration", "format", "hold", "index", "planes", "properties", "time")

    def __init__(
        self,
        index: int,
        time: Fraction,
        format: Format,
        planes: tuple[Plane, ...],
        properties: Mapping[str, Any] = EMPTY,
        hold: object = None,
        duration: Fraction | None = None,
    ) -> None:
        self.index = index
        self.time = time
        self.format = format
        self.planes = planes
        self.properties = properties
        self.hold = hold
        self.duration = duration

    @property
    def data(self) -> Plane:
        """The only plane of a packed or gray frame.

        Raises:
            ValueError: the format has several planes.
        """
        if len(self.planes) != 1:
            raise ValueError(f"{self.format.pixel} has {len(self.planes)} planes; use .planes")
        return self.planes[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Plane:
        """The samples of a packed or gray frame, for `numpy.asarray(frame)`; shares the frame's memory."""
        return np.array(self.data, dtype=dtype, copy=copy)

    def __dlpack__(self, **given: Any) -> Any:
        """The samples of a packed or gray frame for other array libraries, as in `torch.from_dlpack(frame)`.

        Shares the frame's memory; a read-only frame is refused to libraries that would not know that it is.
        """
        return self.data.__dlpack__(**given)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Where the samples are, in DLPack's numbers: always in the memory of the CPU."""
        kind, number = self.data.__dlpack_device__()
        return int(kind), int(number)

    def _repr_png_(self) -> bytes | None:
        """The picture, for notebooks; nothing for a row of numbers."""
        from flowgraph.notebook import frame_png

        return None if self.format.family == "data" else frame_png(self)

    def at(self, other: Frame) -> Frame:
        """This picture with the index, timestamp and duration of `other`; nothing is copied."""
        return Frame(
            other.index, other.time, self.format, self.planes, self.properties, self.hold, other.duration
        )

    def view(self, format: Format, planes: tuple[Plane, ...]) -> Frame:
        """Another view of the same buffer (a crop, a flip); nothing is copied."""
        return Frame(self.index, self.time, format, planes, self.properties, self.hold, self.duration)

    def cropped_to_use(self) -> Frame:
        """The part of a packed or gray frame that is in use; nothing is copied.

        A picture that was given room to spare says in its property `used` how much of it, as (width, height).
        """
        if "used" not in self.properties:
            return self
        width, height = self.properties["used"]
        format = self.format.resized(width, height)
        return self.view(format, tuple(plane[:height, :width] for plane in self.planes))

    def copy(self) -> Frame:
        """A frame with memory of its own."""
        planes = tuple(plane.copy() for plane in self.planes)
        return Frame(self.index, self.time, self.format, planes, self.properties, duration=self.duration)

    def __repr__(self) -> str:
        return f"<Frame {self.index} at {float(self.time):.3f} s, {self.format}>"


def new_frame(format: Format, index: int = 0, time: Fraction = Fraction(0)) -> Frame:
    """A frame of zeros with memory of its own, for tests and for programs that feed frames."""
    dtype = format.layout.dtype
    return Frame(index, time, format, tuple(np.zeros(shape, dtype) for shape in format.shapes))


def planes_in(memory: Plane, format: Format) -> tuple[Plane, ...]:
    """Views of `memory` (bytes) as the planes of one frame."""
    planes: list[Plane] = []
    start = 0
    for shape, nbytes in zip(format.shapes, format.plane_bytes, strict=True):
        planes.append(memory[start : start + nbytes].view(format.layout.dtype).reshape(shape))
        start += nbytes
    return tuple(planes)
