"""Reading images: one file as a still, many as a sequence."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.media.convert import converter
from flowgraph.media.decode import KEY
from flowgraph.media.location import Location, check_file
from flowgraph.media.request import Cut, Request
from flowgraph.node import SourceInfo

SEQUENCE_RATE = Fraction(25)
_GRAYS = {"uint8": "gray", "uint16": "gray16le"}
_AS_STORED = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH


def load(path: Path) -> tuple[str, Plane]:
    """An image as the nearest of gray, gray16le, bgr24 and bgra: its name and samples.

    EXIF rotation is applied. bgr24 equals cv2.imread.

    Raises:
        GraphError: the file can't be read or holds no image; the message names it.
    """
    check_file(path)
    stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if stored is not None and stored.ndim == 3 and stored.shape[2] == 4 and stored.dtype == np.uint8:
        return "bgra", stored
    image = None if stored is None else cv2.imread(str(path), _AS_STORED)
    if image is None:
        raise GraphError(f"{path} is not an image that can be read")
    if image.ndim == 2 and image.dtype.name in _GRAYS:
        return _GRAYS[image.dtype.name], image
    if image.ndim == 3 and image.dtype == np.uint8:
        return "bgr24", image
    plain = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if plain is None:
        raise GraphError(f"{path} is not an image that can be read")
    return "bgr24", plain


def files_of(pattern: str) -> tuple[Path, ...]:
    """The files of a sequence, in order: by number for `%03d`, by name with numbers in order for `*`.

    Raises:
        GraphError: there are none.
    """
    path = Path(pattern)
    if "*" in pattern:
        anchor = Path(path.anchor) if path.is_absolute() else Path()
        found = [file for file in anchor.glob(str(path.relative_to(path.anchor))) if file.is_file()]
        files = tuple(sorted(found, key=_natural))
    else:
        files = _numbered(pattern)
    if not files:
        raise GraphError(f"no file matches {pattern}")
    return files


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", str(path))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _numbered(pattern: str) -> tuple[Path, ...]:
    """`%03d` counts from the lowest number there is, up to the first gap."""
    path = Path(pattern)
    match = re.search(r"%(0?\d*)d", path.name)
    if match is None or not path.parent.is_dir():
        return ()
    head, tail = map(re.escape, re.split(r"%0?\d*d", path.name, maxsplit=1))
    numbers = {
        int(m[1]) for file in path.parent.iterdir() if (m := re.fullmatch(f"{head}(\\d+){tail}", file.name))
    }
    files: list[Path] = []
    number = min(numbers, default=0)
    while (file := Path(pattern % number)).is_file():
        files.append(file)
        number += 1
    return tuple(files)


def probe_images(request: Request, location: Location, cut: Cut, key: Hashable) -> SourceInfo:
    """Find out what a still or a sequence is.

    Raises:
        GraphError: there is no such file, or it is no image.
    """
    still = location.kind == "image"
    files = (Path(location.name),) if still else files_of(location.name)
    pixel, image = load(files[0])
    format = Format(pixel, image.shape[1], image.shape[0], rgb=request.rgb)
    rate = None if still else request.rate or SEQUENCE_RATE
    size = f"{format.width}x{format.height}"
    return SourceInfo(
        format=format,
        clock=key,
        rate=rate / request.every if rate else None,
        frames=1 if still else len(_chosen(files, cut, rate)),
        exact=True,
        still=still,
        held=1,
        describe=f"image, {size}, {pixel}" if still else f"{len(files)} images, {size}, {pixel}",
        path=location.path,
    )


def _chosen(files: tuple[Path, ...], cut: Cut, rate: Fraction | None) -> list[tuple[Path, Fraction]]:
    """The files of a cut with their times."""
    step = 1 / rate if rate else Fraction(0)
    timed = [(file, i * step) for i, file in enumerate(files)][cut.start : cut.stop]
    within = [(f, t) for f, t in timed if t >= cut.start_s and (cut.stop_s is None or t < cut.stop_s)]
    return within[:: cut.every][: cut.frames]


class ImageReader:
    """Delivers the images of a cut, each in the first one's format. `notes` tells what was scaled."""

    def __init__(self, location: Location, format: Format, cut: Cut, rate: Fraction | None) -> None:
        self.notes: list[str] = []
        self._format = format
        self._rate = None if rate is None else rate * cut.every
        still = location.kind == "image"
        files = (Path(location.name),) if still else files_of(location.name)
        self._files = [(files[0], Fraction(0))] if still else _chosen(files, cut, self._rate)
        self._step = 1 / rate if rate else None
        self._index = 0

    def read(self) -> Frame | None:
        """The next image, or None at the end.

        Raises:
            RunError: a file of the sequence can't be read.
        """
        if self._index >= len(self._files):
            return None
        path, time = self._files[self._index]
        try:
            pixel, image = load(path)
        except GraphError as error:
            raise RunError(error.message) from error
        plane = self._fitted(path, pixel, image)
        plane.flags.writeable = False
        self._index += 1
        return Frame(self._index - 1, time, self._format, (plane,), KEY, duration=self._step)

    def close(self) -> None:
        """Nothing is held between two reads."""
        self._files = []

    def _fitted(self, path: Path, pixel: str, image: Plane) -> Plane:
        size = (self._format.width, self._format.height)
        if (image.shape[1], image.shape[0]) != size:
            self._note(f"{path} is {image.shape[1]}x{image.shape[0]}; it is scaled to {size[0]}x{size[1]}")
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        if pixel == self._format.pixel:
            return image
        self._note(f"{path} is {pixel}; it is converted to {self._format.pixel}")
        given = replace(self._format, pixel=pixel)
        out = new_frame(self._format)
        converter(given, self._format).convert(Frame(0, Fraction(0), given, (image,)), out)
        return out.data

    def _note(self, text: str) -> None:
        if not self.notes:
            self.notes.append(text)
