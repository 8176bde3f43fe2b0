"""Writing video: frames into an encoder, packets and sound into a container, under a name of its own."""

from __future__ import annotations

import errno
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame

from flowgraph.errors import RunError, StopRun
from flowgraph.frame import Frame, new_frame
from flowgraph.media.audio import Sound, open_sound
from flowgraph.media.codecs import Target
from flowgraph.media.convert import converter
from flowgraph.media.encoder import Encoding, open_encoder, written_format
from flowgraph.media.muxer import Muxer, open_container
from flowgraph.media.partial import Partial, size_text, write_refusal
from flowgraph.media.picture import blank, planes_of
from flowgraph.media.request import spoken
from flowgraph.node import SinkInfo


class VideoWriter:
    """Encodes frames in order into one file, or into standard output. Its first frame is at time 0."""

    def __init__(self, path: str, target: Target, pixel: str, encoding: Encoding, info: SinkInfo) -> None:
        """Open encoder and container.

        Raises:
            GraphError: the encoder refuses the options or the size.
            RunError: the file can't be written.
        """
        self._path = path
        self._target = target
        self._pixel = pixel
        self._given = info.format
        self._written = written_format(info.format, target, pixel)
        whole = self._written.resized(info.format.width, info.format.height)
        self._convert = None if whole.fits(info.format) else converter(info.format, whole)
        self._fixed_rate = encoding.rate
        self._rate = encoding.rate or info.rate or (info.source.rate if info.source else None)
        self._count = 0
        self._origin = Fraction(0)
        self._end = Fraction(0)
        # Browsers show a gif frame of less than 20 ms for 100 ms.
        self._least_ticks = 2 if target.kind == "gif" else 1
        self._last_pts = -self._least_ticks
        self._open = True
        self._reused: VideoFrame | None = None
        self._sound = Sound()
        self._partial = None if path == "-" else Partial(Path(path), overwrite=info.overwrite)
        try:
            name = "pipe:1" if self._partial is None else str(self._partial.partial)
            container = open_container(name, target, self._rate)
            self._muxer = Muxer(container, target)
            self._stream = open_encoder(container, target, pixel, encoding, self._written, self._rate)
            self._sound = open_sound(container, target.container, encoding.sound, info)
        except BaseException:
            self.abort()
            raise

    def write(self, frame: Frame) -> None:
        """Encode one frame.

        Raises:
            RunError: the file can't be written any more.
            StopRun: it is a pipe, and its reader has left.
        """
        if self._count == 0:
            self._origin = frame.time
            self._sound.begin(frame.time)
        time = frame.time - self._origin
        if self._fixed_rate is not None:
            time = self._count / self._fixed_rate
        step = 1 / self._rate if self._rate else Fraction(0)
        length = frame.duration if frame.duration and self._fixed_rate is None else step
        tick = self._stream.codec_context.time_base
        assert tick is not None
        picture = self._fill(frame)
        picture.pts = max(self._last_pts + self._least_ticks, round(time / tick))
        picture.time_base = tick
        picture.duration = round(length / tick)
        self._last_pts = picture.pts
        self._count += 1
        self._end = time + length
        try:
            self._muxer.write(self._stream.encode(picture))
            self._sound.until(time)
        except FFmpegError as error:
            if self._left_by_its_reader(error):
                raise StopRun from error
            raise write_refusal(self._path, error) from error

    def _left_by_its_reader(self, error: FFmpegError) -> bool:
        """Whether whoever read standard output has seen enough (`| head`): no error, the run just ends."""
        return self._partial is None and error.errno == errno.EPIPE

    def _fill(self, frame: Frame) -> VideoFrame:
        """A picture with the frame's samples."""
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
        picture = self._empty()
        for target, plane in zip(planes_of(picture), frame.planes, strict=True):
            np.copyto(target, plane[: target.shape[0], : target.shape[1]])
        return picture

    def _empty(self) -> VideoFrame:
        """A picture to fill: a fresh one for encoders that hold on to what they are given.

        Memory for a fresh one comes from the system page by page, which takes longer than to fill it.
        """
        if not self._target.codec.copies:
            return blank(self._written)
        if self._reused is None:
            self._reused = blank(self._written)
        # Were it in use all the same, it would get other memory here.
        self._reused.make_writable()
        return self._reused

    def close(self) -> str:
        """Finish the file and give it its final name; returns what was written.

        Raises:
            RunError: no frame came, or the rest can't be written.
        """
        if self._count == 0:
            self.abort()
            raise RunError(f"no frame came to {self._path}, so nothing was written")
        self._finish()
        if self._partial is None:
            return ""
        self._partial.commit()
        path = self._partial.path
        notes = "".join(f"; {note}" for note in (*self._losses(), self._sound.note) if note)
        return f"{path}: {self._count} frames, {spoken(self._end)}, {size_text(path)}{notes}"

    def _losses(self) -> tuple[str, ...]:
        """What of the stream the file doesn't have."""
        given, written, name = self._given, self._written, self._target.name
        lost: list[str] = []
        if (written.width, written.height) != (given.width, given.height):
            size = f"{written.width}x{written.height}"
            lost.append(f"cropped to {size}, since {name} takes even sizes only in {written.pixel}")
        if given.aspect != 1 and not self._target.carries_aspect:
            ratio = f"{given.aspect.numerator}:{given.aspect.denominator}"
            lost.append(f"its pixels are {ratio}, which {name} in {self._path[-4:]} can't tell")
        return tuple(lost)

    def _finish(self) -> None:
        self._open = False
        container = self._muxer.container
        try:
            self._muxer.write(self._stream.encode(None))
            self._muxer.finish(self._end)
            self._sound.finish(self._end)
            container.close()
        except FFmpegError as error:
            with suppress(FFmpegError):
                container.close()
            if not self._left_by_its_reader(error):
                raise write_refusal(self._path, error) from error

    def abort(self) -> Path | None:
        """Stop here; what was written stays playable under its partial name, which is returned."""
        if self._open and self._count:
            with suppress(RunError):  # a full disk can't take the end either
                self._finish()
        self._open = False
        self._sound.close()
        return None if self._partial is None else self._partial.keep()
