"""sink: a video file, images, standard output or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from flowgraph.frame import Format
from flowgraph.media.codecs import Target, check_knobs, check_pattern, check_pixels, is_sequence, target_of
from flowgraph.media.encode import Encoding, VideoWriter
from flowgraph.media.gif import GifWriter
from flowgraph.media.nothing import NullWriter
from flowgraph.media.pictures import FIRST_NUMBER, ImageWriter, check_image_quality, image_pixel
from flowgraph.media.request import exact_rate
from flowgraph.media.weight import encoder_bytes
from flowgraph.node import Implied, Input, Sink, SinkInfo, Writer


def _text(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


class Write(Sink):
    """Write the stream to a file; the suffix decides what kind.

    Video: mp4, m4v, mov, mkv, webm, avi (XVID), nut, ts; animations: gif, webp, apng; images: png, jpg, tif,
    bmp, ppm and more, numbered by `%03d`. `-` is raw video (y4m) on standard output, `null` throws frames
    away. A file appears under its name when it is complete; until then it is called name.partial.suffix.
    """

    main: ClassVar[str] = "path"
    example: ClassVar[str] = "out: {type: sink, in: video, path: out.mp4, quality: 18}"

    path: Annotated[str, BeforeValidator(_text)] = Field(min_length=1, description="where to write")
    codec: Literal["auto", "h264", "hevc", "av1", "vp9", "mpeg4", "ffv1", "mjpeg", "rawvideo"] = Field(
        "auto", description="auto: h264; vp9 in webm, mpeg4 in avi; ffv1 is lossless"
    )
    quality: float | None = Field(
        None,
        ge=0,
        le=100,
        description="h264, hevc, av1, vp9: crf; mpeg4, mjpeg: quantiser, lower is better; "
        "jpg (92 unless given), webp: 0..100",
    )
    preset: str = Field("", description="speed of the encoder, such as veryfast or slow")
    pixel_format: Literal[
        "",
        "yuv420p",
        "yuv422p",
        "yuv444p",
        "yuv440p",
        "yuv411p",
        "yuv410p",
        "gray",
        "gray16le",
        "bgr24",
        "bgra",
    ] = Field("", description="as it is encoded; yuv420p unless given")
    rate: float | None = Field(None, gt=0, description="frames a second, in place of the frames' own times")
    audio: Literal["auto", "none", "copy"] = Field(
        "auto",
        description="auto: the source's sound where every frame of it is written; copy: that or an error",
    )
    chroma: Literal["420", "422", "444"] = Field("444", description="chroma subsampling of jpg images")
    dither: bool = Field(True, description="gif: hide the steps between colours in a fine pattern")
    options: dict[str, str | int | float] = Field(
        default_factory=dict, description="further options of the encoder, by FFmpeg's names"
    )

    image = Input()
    palette = Input("bgr24", still=True, optional=True)

    def check(self) -> None:
        """Say no to a path or codec that can't be written."""
        target = self._target()
        if is_sequence(self.path):
            check_pattern(self.path)
        if "*" in self.path:
            raise ValueError("an output needs numbers: write it as name%03d.png")
        if target.kind == "images":
            check_image_quality(self.path, self.quality)
        else:
            check_knobs(target, self.quality, self.preset)
        if target.kind == "video":
            check_pixels(target, self.pixel_format)

    def _target(self, still: bool = False) -> Target:
        return target_of(self.path, self.codec, still)

    def path_written(self) -> Path | None:
        """The file, or the first one of a sequence."""
        if self.path == "-" or self._target().kind == "null":
            return None
        return Path(self.path % FIRST_NUMBER) if is_sequence(self.path) else Path(self.path)

    def accepts(self, port: str, format: Format) -> bool:
        """Frames as they are written, and a palette as it is."""
        return super().accepts(port, format) if port == "palette" else format.pixel == self.convert_to(format)

    def convert_to(self, format: Format) -> str:
        """What is encoded, or the nearest to it."""
        target = self._target()
        if target.kind == "images":
            return image_pixel(format, Path(self.path).suffix.lower())
        if target.kind == "gif" or target.name in ("webp", "apng"):
            return "bgr24"
        return check_pixels(target, self.pixel_format)

    def implies(self) -> Mapping[str, Implied]:
        """A gif has a palette made of all its frames, in a pass of its own."""
        if self._target().kind != "gif":
            return {}
        return {"palette": Implied("palette", {}, reads="image")}

    def codec_bytes(self, format: Format) -> int:
        """An estimate of what the encoder itself uses."""
        return encoder_bytes(self._target(), self.preset, format)

    def open(self, info: SinkInfo) -> Writer:
        """Open the output."""
        target = self._target(info.still)
        if target.kind == "null":
            return NullWriter()
        if target.kind == "images":
            return ImageWriter(self.path, info, self.quality, self.chroma)
        rate = None if self.rate is None else exact_rate(self.rate)
        options = {name: str(value) for name, value in self.options.items()}
        encoding = Encoding(self.quality, self.preset, rate, self.audio, options)
        if target.kind == "gif":
            return GifWriter(self.path, target, encoding, info, self.dither)
        return VideoWriter(self.path, target, check_pixels(target, self.pixel_format), encoding, info)
