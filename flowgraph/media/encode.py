"""Writing video: frames into an encoder, packets into a container, with exact times and colours."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import av.logging
import cv2
import numpy as np
from av.container.output import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, new_frame
from flowgraph.media.audio import Sound, open_sound
from flowgraph.media.codecs import Target
from flowgraph.media.convert import converter
from flowgraph.media.partial import Partial, size_text, write_refusal
from flowgraph.media.picture import MATRIX_CODES, blank, planes_of, range_code
from flowgraph.media.request import spoken
from flowgraph.node import SinkInfo

# Hybrid fragments keep a file readable whose writer was killed. A delayed moov has edit lists, without which
# pictures and sound start apart.
_CONTAINER_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "mp4": {"movflags": "+hybrid_fragmented+delay_moov", "flush_packets": "1", "frag_duration": "1000000"},
    "mov": {"movflags": "+hybrid_fragmented+delay_moov", "flush_packets": "1", "frag_duration": "1000000"},
    "matroska": {"flush_packets": "1", "cluster_time_limit": "1000"},
    "webm": {"flush_packets": "1", "cluster_time_limit": "1000"},
    "gif": {"loop": "0"},
    "webp": {"loop": "0"},
    "apng": {"plays": "0"},
}

_GRIDS = ("avi", "yuv4mpegpipe")
"""Containers whose frames lie on the grid of the frame rate."""

_FINE = 90_000
"""Ticks a second that any time can be rounded to without being seen."""

_LAMBDA = 118
"""FF_QP2LAMBDA: the scale of an encoder's fixed quantiser."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the user wants video to be encoded."""

    quality: float | None = None
    preset: str = ""
    rate: Fraction | None = None
    audio: str = "auto"
    options: Mapping[str, str] = field(default_factory=dict[str, str])


class VideoWriter:
    """Encodes frames in order into one file, or into standard output."""

    def __init__(self, path: str, target: Target, pixel: str, encoding: Encoding, info: SinkInfo) -> None:
        """Open encoder and container.

        Raises:
            GraphError: the encoder refuses the options or the size.
            RunError: the file can't be written.
        """
        self._path = path
        self._target = target
        self._encoding = encoding
        self._given = info.format
        self._pixel = pixel
        self._written = _written_format(info.format, target, pixel)
        whole = self._written.resized(info.format.width, info.format.height)
        self._convert = None if whole.fits(info.format) else converter(info.format, whole)
        self._rate = encoding.rate or info.rate or (info.source.rate if info.source else None)
        self._pipe = path == "-"
        self._partial = None if self._pipe else Partial(Path(path), overwrite=info.overwrite)
        self._count = 0
        self._origin = Fraction(0)
        self._end = Fraction(0)
        # Browsers show a gif frame of less than 20 ms for 100 ms.
        self._least_ticks = 2 if target.kind == "gif" else 1
        self._last_pts = -self._least_ticks
        self._open = True
        self._sound = Sound()
        try:
            self._container = self._open_container()
            self._stream = self._open_stream(self._container)
            self._sound = open_sound(self._container, target.container, encoding.audio, info)
        except BaseException:
            self.abort()
            raise

    # -- opening --------------------------------------------------------------------------------------

    def _open_container(self) -> OutputContainer:
        name = "pipe:1" if self._partial is None else str(self._partial.partial)
        options = dict(_CONTAINER_OPTIONS.get(self._target.container, {}))
        return av.open(name, "w", self._target.container, container_options=options)

    def _open_stream(self, container: OutputContainer) -> VideoStream:
        codec = self._target.codec
        rate = self._rate or Fraction(25)
        try:
            stream = container.add_stream(codec.encoder, rate.limit_denominator(65535))
        except ValueError as error:
            where = Path(self._path).suffix
            raise GraphError(f"{where} files can't hold {self._target.name}: {error}") from error
        assert isinstance(stream, VideoStream)
        context = stream.codec_context
        format = self._written
        stream.width, stream.height = format.width, format.height
        stream.pix_fmt = self._pixel
        context.time_base = self._tick(rate)
        context.sample_aspect_ratio = format.aspect
        context.colorspace = MATRIX_CODES[format.matrix]
        context.color_range = range_code(format)
        context.color_primaries, context.color_trc = format.primaries, format.transfer
        context.thread_type = "AUTO"
        if codec.tag:
            context.codec_tag = codec.tag
        elif self._target.name == "mpeg4" and self._target.container == "avi":
            context.codec_tag = "XVID"
        context.options.update(self._options())
        if self._target.name == "av1":
            os.environ.setdefault("SVT_LOG", "1")  # it prints its settings otherwise
        with av.logging.Capture() as log:
            level = av.logging.get_level()
            av.logging.set_level(av.logging.ERROR)
            try:
                context.open()
            except FFmpegError as error:
                said = "; ".join(dict.fromkeys(text.strip() for _, _, text in log)) or str(error.strerror)
                raise GraphError(f"{self._target.name} can't be encoded like this: {said}") from error
            finally:
                av.logging.set_level(level)
        unknown = [name for name in self._encoding.options if name in context.options]
        if unknown:
            raise GraphError(f"the encoder {codec.encoder} has no option '{unknown[0]}'")
        return stream

    def _options(self) -> dict[str, str]:
        codec, asked = self._target.codec, self._encoding
        options = dict(codec.options)
        quality = codec.quality if asked.quality is None else asked.quality
        if codec.knob == "qscale" and quality is not None:
            options |= {"flags": "+qscale", "global_quality": str(round(quality * _LAMBDA))}
        elif codec.knob and quality is not None:
            options[codec.knob] = f"{quality:g}"
        if asked.preset:
            options["preset"] = asked.preset
        return options | dict(asked.options)

    def _tick(self, rate: Fraction) -> Fraction:
        """The encoder's time base: fine, and a divisor of the time between two frames."""
        if self._target.container in _GRIDS:
            return 1 / rate
        most = self._target.codec.ticks
        if most in (100, 1000):
            return Fraction(1, most)
        top = rate.numerator
        if top > most or top > _FINE * 10:
            return Fraction(1, min(_FINE, most))
        return Fraction(1, top * max(1, min(math.ceil(_FINE / top), most // top)))

    # -- writing --------------------------------------------------------------------------------------

    def write(self, frame: Frame) -> None:
        """Encode one frame.

        Raises:
            RunError: the file can't be written any more.
        """
        if self._count == 0:
            self._origin = frame.time
            self._sound.begin(frame.time)
        time = frame.time - self._origin
        if self._encoding.rate is not None:
            time = self._count / self._encoding.rate
        step = 1 / self._rate if self._rate else None
        length = frame.duration if frame.duration and self._encoding.rate is None else step
        tick = self._stream.codec_context.time_base
        assert tick is not None
        picture = self._fill(frame)
        picture.pts = max(self._last_pts + self._least_ticks, round(time / tick))
        picture.time_base = tick
        picture.duration = round(length / tick) if length else 0
        self._last_pts = picture.pts
        self._count += 1
        self._end = time + (length or 0)
        try:
            self._container.mux(self._stream.encode(picture))
            self._sound.until(time)
        except FFmpegError as error:
            raise write_refusal(self._path, error) from error

    def _fill(self, frame: Frame) -> VideoFrame:
        """A fresh picture with the frame's samples: encoders hold on to what they are given."""
        if self._convert is not None:
            whole = new_frame(self._convert.target)
            self._convert.convert(frame, whole)
            frame = whole
        if self._pixel == "rgb24":
            picture = VideoFrame(self._written.width, self._written.height, "rgb24")
            rows = np.frombuffer(memoryview(picture.planes[0]), np.uint8).reshape(picture.height, -1)
            view = rows[:, : picture.width * 3].reshape(picture.height, picture.width, 3)
            cv2.cvtColor(frame.data, cv2.COLOR_BGR2RGB, dst=view)
            return picture
        picture = blank(self._written)
        for target, plane in zip(planes_of(picture), frame.planes, strict=True):
            np.copyto(target, plane[: target.shape[0], : target.shape[1]])
        return picture

    # -- the end --------------------------------------------------------------------------------------

    def close(self) -> str:
        """Finish the file and give it its final name; returns what was written.

        Raises:
            RunError: no frame came, or the rest can't be written.
        """
        if self._count == 0:
            self.abort()
            raise RunError(f"no frame came to {self._path}, so nothing was written")
        try:
            self._finish()
        except FFmpegError as error:
            raise write_refusal(self._path, error) from error
        if self._partial is None:
            return ""
        self._partial.commit()
        name, size = self._partial.path, size_text(self._partial.path)
        cropped = "" if self._written.fits(self._given.as_pixel(self._written.pixel)) else self._crop_note()
        notes = "".join(f"; {note}" for note in (cropped, self._sound.note) if note)
        return f"{name}: {self._count} frames, {spoken(self._end)}, {size}{notes}"

    def _crop_note(self) -> str:
        if (self._written.width, self._written.height) == (self._given.width, self._given.height):
            return ""
        size = f"{self._written.width}x{self._written.height}"
        return f"cropped to {size}, since {self._target.name} takes even sizes only in {self._written.pixel}"

    def _finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._sound.finish(self._end)
        self._open = False
        self._container.close()

    def abort(self) -> Path | None:
        """Stop here; what was written stays playable under its partial name, which is returned."""
        if self._open:
            self._open = False
            try:
                if self._count:
                    self._finish()
            except FFmpegError:
                pass  # a full disk can't take the end either
            finally:
                self._sound.close()
        return None if self._partial is None else self._partial.keep()


def _written_format(format: Format, target: Target, pixel: str) -> Format:
    """The format that goes into the encoder: its pixel format, a size that it takes, colours that survive."""
    written = format.as_pixel({"rgb24": "bgr24", "pal8": "bgr24"}.get(pixel, pixel))
    if target.name == "mjpeg":
        written = replace(written, range="full", matrix="bt601")
    elif not target.carries_colour:
        known = written.matrix in ("unspecified", "bt601")
        keeps_range = target.container == "yuv4mpegpipe"
        written = replace(
            written,
            matrix=written.matrix if known else "bt601",
            range=written.range if keeps_range else "limited",
        )
    if not target.codec.even:
        return written
    across = max(x for _, x, _ in written.layout.planes)
    down = max(y for _, _, y in written.layout.planes)
    width, height = written.width >> across << across, written.height >> down << down
    if not width or not height:
        raise GraphError(f"{target.name} can't encode {written.width}x{written.height} in {pixel}")
    return written.resized(width, height)
