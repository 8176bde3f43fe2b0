"""Containers being written: packets laid end to end, readable even if the process is killed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import av
from av.container.output import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from flowgraph.media.codecs import Target

FRAGMENTED = ("mp4", "mov")
"""Containers that are written in fragments."""

_FARTHEST_S = 3600
_FRAGMENT_S, _FRAGMENT_FRAMES = 1, 8

# Hybrid fragments keep a file readable whose writer was killed. A delayed moov has edit lists, without which
# pictures and sound start apart.
_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "mp4": {"movflags": "+hybrid_fragmented+delay_moov"},
    "mov": {"movflags": "+hybrid_fragmented+delay_moov"},
    "matroska": {"cluster_time_limit": "1000"},
    "webm": {"cluster_time_limit": "1000"},
    "gif": {"loop": "0"},
    "webp": {"loop": "0"},
    "apng": {"plays": "0"},
}


def open_container(name: str, target: Target, rate: Fraction | None) -> OutputContainer:
    """Open a file for writing; nothing is written before the first packet."""
    # What is encoded goes to the disk at once, for the case that the process is killed.
    options = {"flush_packets": "1"} | dict(_OPTIONS.get(target.container, {}))
    if target.container in FRAGMENTED:
        fragment_s = max(_FRAGMENT_S, _FRAGMENT_FRAMES / (rate or 1))
        options["frag_duration"] = str(round(fragment_s * 1_000_000))
    return av.open(name, "w", target.container, container_options=options)


class Muxer:
    """Writes video packets. In mp4 and mov one stays behind, so that each lasts until the next in the file.

    Fragments are laid end to end by these durations, and the last one decides where the video ends.
    """

    def __init__(self, container: OutputContainer, target: Target) -> None:
        self.container = container
        self._fragmented = target.container in FRAGMENTED
        self._waiting: Packet[VideoStream] | None = None
        self._first_dts = 0

    def write(self, packets: Iterable[Packet[VideoStream]]) -> None:
        """Write packets in the order of decoding."""
        for packet in packets:
            if packet.pts is not None and packet.dts is not None:
                # x265 gives a stream that is shorter than its delay meaningless times of decoding.
                far = (packet.pts - packet.dts) * packet.time_base > _FARTHEST_S
                packet.dts = packet.pts if far else packet.dts
            if not self._fragmented:
                self.container.mux(packet)
                continue
            if self._waiting is None:
                self._first_dts = packet.dts or 0
            else:
                self._last(packet.dts or 0)
            self._waiting = packet

    def finish(self, end: Fraction) -> None:
        """Write what stayed behind; the video ends `end` seconds after its start."""
        if self._waiting is not None:
            self._last(round(end / self._waiting.time_base) + self._first_dts)
            self._waiting = None

    def _last(self, until_dts: int) -> None:
        last = self._waiting
        assert last is not None
        last.duration = max(1, until_dts - (last.dts or 0))
        self.container.mux(last)
