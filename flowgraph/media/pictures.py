"""Writing images: one file, or a file for each frame."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, new_frame
from flowgraph.media.codecs import FIRST_NUMBER, is_sequence
from flowgraph.media.convert import converter
from flowgraph.media.partial import Partial, write_refusal
from flowgraph.node import SinkInfo

_DEEP = (".png", ".tif", ".tiff", ".pgm", ".pnm", ".jp2")
_ALPHA = (".png", ".tif", ".tiff", ".webp")
_JPEG_QUALITY = 92  # ImageMagick's default, and with it full chroma
_SAMPLING = {
    "420": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "422": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "444": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
}

_TIFF = (".tif", ".tiff")
Compression = Literal["auto", "none", "packbits", "lzw", "deflate"]
_COMPRESSIONS = {
    "none": cv2.IMWRITE_TIFF_COMPRESSION_NONE,
    "packbits": cv2.IMWRITE_TIFF_COMPRESSION_PACKBITS,
    "lzw": cv2.IMWRITE_TIFF_COMPRESSION_LZW,
    "deflate": cv2.IMWRITE_TIFF_COMPRESSION_ADOBE_DEFLATE,
}


def check_compression(path: str, compression: Compression) -> None:
    """Make sure that the kind of image has compressions to choose from.

    Raises:
        ValueError: it hasn't.
    """
    suffix = Path(path).suffix.lower()
    if compression != "auto" and suffix not in _TIFF:
        raise ValueError(f"{suffix or path} has no compression to choose: only tif has")


def image_pixel(format: Format, suffix: str) -> str:
    """The pixel format in which an image of such a suffix holds a stream best."""
    if format.family == "gray":
        return "gray16le" if format.pixel == "gray16le" and suffix in _DEEP else "gray"
    return "bgra" if format.pixel == "bgra" and suffix in _ALPHA else "bgr24"


class ImageWriter:
    """Writes each frame to a file of its own; a name without a number takes one frame only."""

    def __init__(
        self, path: str, info: SinkInfo, quality: float | None, chroma: str, compression: str
    ) -> None:
        """Check the name.

        Raises:
            GraphError: the name can't take this stream, or the file exists and may not be replaced.
        """
        self._path = path
        self._sequence = is_sequence(path)
        self._overwrite = info.overwrite
        self._suffix = Path(path).suffix.lower()
        self._count = 0
        self._last: Path | None = None
        self._size = ""
        self._written = info.format.as_pixel(image_pixel(info.format, self._suffix))
        self._convert = None if self._written.fits(info.format) else converter(info.format, self._written)
        self._options = self._encoder_options(quality, chroma, compression)
        many = info.source is None or info.source.frames is None or info.source.frames > 1
        if not self._sequence and not info.still and many and info.limits.frames != 1:
            stem = Path(path)
            raise GraphError(
                f"{path} is one picture, and the stream has many",
                hint=f"number them: {stem.with_name(f'{stem.stem}%03d{stem.suffix}')}",
            )
        Partial(self._file(), overwrite=info.overwrite).keep()

    def _encoder_options(self, quality: float | None, chroma: str, compression: str) -> list[int]:
        if self._suffix in (".jpg", ".jpeg"):
            level = _JPEG_QUALITY if quality is None else round(quality)
            return [cv2.IMWRITE_JPEG_QUALITY, level, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _SAMPLING[chroma]]
        if self._suffix == ".webp":
            return [cv2.IMWRITE_WEBP_QUALITY, 101 if quality is None else round(quality)]
        if compression != "auto":
            return [cv2.IMWRITE_TIFF_COMPRESSION, _COMPRESSIONS[compression]]
        return []

    def _file(self) -> Path:
        return Path(self._path % (FIRST_NUMBER + self._count)) if self._sequence else Path(self._path)

    def write(self, frame: Frame) -> None:
        """Write one image.

        Raises:
            RunError: it can't be written, or a second frame came for one file.
        """
        if self._count and not self._sequence:
            raise RunError(f"{self._path} is one picture, and a second frame came")
        if self._convert is not None:
            made = new_frame(self._written)
            made.properties = frame.properties
            self._convert.convert(frame, made)
            frame = made
        frame = frame.cropped_to_use()
        self._size = f"{frame.format.width}x{frame.format.height}"
        plane = np.ascontiguousarray(frame.data)
        done, data = cv2.imencode(self._suffix, plane, self._options)
        if not done:
            raise RunError(f"{self._path}: {frame.format} can't be written as {self._suffix}")
        partial = Partial(self._file(), overwrite=self._overwrite)
        try:
            partial.partial.write_bytes(data.data)
        except OSError as error:
            partial.partial.unlink(missing_ok=True)
            raise write_refusal(str(partial.path), error) from error
        partial.commit()
        self._last = partial.path
        self._count += 1

    def close(self) -> str:
        """Tell what was written.

        Raises:
            RunError: no frame came.
        """
        if self._last is None:
            raise RunError(f"no frame came to {self._path}, so nothing was written")
        if not self._sequence:
            return f"{self._path}: {self._size}"
        self._count, count = 0, self._count
        return f"{self._file()} to {self._last.name}: {count} images"

    def abort(self) -> Path | None:
        """Files are whole or absent: those that were written stay."""
        return self._last
