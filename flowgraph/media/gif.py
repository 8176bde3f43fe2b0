"""Writing gif: each colour becomes the nearest of a palette made for the whole stream."""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame

from flowgraph.frame import Frame, Plane
from flowgraph.media.codecs import Target
from flowgraph.media.encode import VideoWriter
from flowgraph.media.encoder import Encoding
from flowgraph.media.palette import COLOURS, Histogram, bayer, indexes, nearest_table
from flowgraph.node import SinkInfo

_STRENGTH = 12
"""How far the dither pattern moves a level, about the distance between two colours of a palette."""


class GifWriter(VideoWriter):
    """Encodes frames as palette indexes. Without a palette, the first frame's colours make one."""

    def __init__(self, path: str, target: Target, encoding: Encoding, info: SinkInfo, dither: bool) -> None:
        super().__init__(path, target, "pal8", encoding, info)
        made = info.stills.get("palette")
        self._palette: Plane | None = None if made is None else made.data.reshape(COLOURS, 3).copy()
        self._table = np.zeros(0, np.uint8) if self._palette is None else nearest_table(self._palette)
        self._pattern: Plane | None = None
        if dither:
            tiles = (-(-info.format.height // 8), -(-info.format.width // 8))
            pattern = np.tile(np.rint(bayer() * _STRENGTH).astype(np.int16), tiles)
            self._pattern = pattern[: info.format.height, : info.format.width]

    def _fill(self, frame: Frame) -> VideoFrame:
        if self._palette is None:
            histogram = Histogram()
            histogram.add(frame.data)
            self._palette = histogram.palette()
            self._table = nearest_table(self._palette)
        picture = VideoFrame(frame.format.width, frame.format.height, "pal8")
        rows, table = (memoryview(plane) for plane in picture.planes)
        view = np.frombuffer(rows, np.uint8).reshape(picture.height, -1)
        view[:, : picture.width] = indexes(frame.data, self._table, self._pattern)
        # FFmpeg's palette holds ARGB in native words: on little-endian machines blue comes first.
        colours = np.frombuffer(table, np.uint8).reshape(COLOURS, 4)
        colours[:, :3], colours[:, 3] = self._palette, 255
        return picture
