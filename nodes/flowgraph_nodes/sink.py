"""The node type `sink`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from flowgraph.frame import Format
from flowgraph.media.codecs import Target, check_settings, first_file, target_of
from flowgraph.media.encode import VideoWriter
from flowgraph.media.encoder import Encoding, Sounding
from flowgraph.media.gif import GifWriter
from flowgraph.media.nothing import NullWriter
from flowgraph.media.pictures import Compression, ImageWriter, check_compression, image_pixel
from flowgraph.media.request import FilePath, exact_rate
from flowgraph.media.tables import TableWriter, check_kind
from flowgraph.media.weight import encoder_bytes
from flowgraph.node import Formats, Implied, Input, Sink, SinkInfo, Writer

_PIXELS = ("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p")
_READ: JsonDict = {"format": "path"}
Codec = Literal["auto", "h264", "hevc", "av1", "vp9", "mpeg4", "ffv1", "mjpeg", "rawvideo"]
Pixels = Literal[
    "auto", "yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p",
    "gray", "gray16le", "bgr24", "bgra",
]  # fmt: skip


class Write(Sink):
    """Write the stream to a file; the suffix decides what kind.

    Video: mp4, m4v, mov, mkv, webm, avi (XVID), nut, ts; animations: gif, webp, apng; images: png, jpg, tif,
    bmp, ppm and more, numbered by `%03d`; numbers: csv, jsonl; raw: pictures without a header. `-` is y4m on
    standard output, or with the codec rawvideo pictures without a header; `null` throws frames away. A file
    appears under its name when it is complete; until then it is called name.partial.suffix.
    """

    path: FilePath = Field(min_length=1, description="where to write")
    codec: Codec = Field("auto", description="auto: h264; vp9 in webm, mpeg4 in avi; ffv1 is lossless")
    quality: float | None = Field(
        None, ge=0, le=100, description="h264, hevc, av1, vp9: crf; mpeg4, mjpeg: qscale; jpg, webp: of 100"
    )
    preset: str = Field("", description="speed of the encoder, such as veryfast or slow")
    pixel_format: Pixels = Field("auto", description="as it is encoded; auto: yuv420p or what the kind takes")
    rate: float | None = Field(None, gt=0, description="frames a second, in place of the frames' own times")
    audio: Literal["auto", "none", "copy"] = Field(
        "auto", description="auto: the source's sound where every frame of it is written; copy: or an error"
    )
    sound: FilePath | None = Field(None, description="a file whose sound is taken", json_schema_extra=_READ)
    sound_offset_s: float = Field(0, ge=-86400, le=86400, description="seconds that this sound is ahead")
    chroma: Literal["420", "422", "444"] = Field("444", description="chroma subsampling of jpg images")
    compression: Compression = Field("auto", description="of tif; auto: lzw; packbits is quick for masks")
    dither: bool = Field(True, description="gif: hide the steps between colours in a fine pattern")
    options: dict[str, str | int | float] = Field({}, description="the encoder's others, by FFmpeg's names")

    image = Input(*_PIXELS, "gray", "gray16le", "bgr24", "bgra", "table")
    palette = Input("bgr24", still=True, optional=True)

    main = "path"
    example = "out: {type: sink, in: video, path: out.mp4, quality: 18}"

    def check(self) -> None:
        """Say no to a path that can't be written, and to settings that its kind has not."""
        check_settings(self._target(), self.path, self.quality, self.preset, self.pixel_format, self.sound)
        check_compression(self.path, self.compression)

    def path_written(self) -> Path | None:
        """The file, or the first one of a sequence."""
        return None if self.path == "-" or self._target().kind == "null" else first_file(self.path)

    def accepts(self, port: str, format: Format) -> bool:
        """Frames as they are written, and a palette as it is."""
        return super().accepts(port, format) if port == "palette" else format.pixel == self.convert_to(format)

    def convert_to(self, format: Format) -> str:
        """What is encoded, or the nearest to it."""
        target = self._target()
        if target.kind == "table" or format.family == "data":
            return format.pixel
        if target.kind == "images":
            return image_pixel(format, Path(self.path).suffix.lower())
        return target.takes(self.pixel_format)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Nothing comes out; refuses numbers in a picture's file and pictures in a table's."""
        check_kind(self.path, self._target().kind, formats["image"])
        return {}

    def implies(self) -> Mapping[str, Implied]:
        """A gif has a palette made of all its frames, in a pass of its own."""
        return {"palette": Implied("palette", {}, reads="image")} if self._target().kind == "gif" else {}

    def codec_bytes(self, format: Format) -> int:
        """An estimate of what the encoder itself uses."""
        return encoder_bytes(self._target(), self.preset, format)

    def open(self, info: SinkInfo) -> Writer:
        """Open the output."""
        target = self._target(info.still)
        if target.kind == "null":
            return NullWriter()
        if target.kind == "table":
            return TableWriter(self.path, info)
        if target.kind == "images":
            return ImageWriter(self.path, info, self.quality, self.chroma, self.compression)
        rate = None if self.rate is None else exact_rate(self.rate)
        sound = Sounding(self.audio, self.sound or "", Fraction(str(self.sound_offset_s)))
        encoding = Encoding(self.quality, self.preset, rate, sound, self.options)
        if target.kind == "gif":
            return GifWriter(self.path, target, encoding, info, self.dither)
        return VideoWriter(self.path, target, target.encodes(self.pixel_format), encoding, info)

    def _target(self, still: bool = False) -> Target:
        return target_of(self.path, self.codec, still)
