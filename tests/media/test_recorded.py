"""Frames in files, bit by bit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from flowgraph.document.load import loads
from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, new_frame, table
from flowgraph.media.recorded import FrameRecorder, RecordedReader, probe_recorded
from flowgraph.node import Limits
from flowgraph.session import Options, run

FORMATS = [
    Format("gray16le", 5, 3),
    Format("grayf32le", 4, 2),
    Format("bgra", 3, 3),
    Format("yuv420p", 5, 3, "bt709", "full", "accurate", aspect=Fraction(4, 3)),
    table("x", "y"),
]


def noisy(format: Format, index: int) -> Frame:
    frame = new_frame(format, index, Fraction(index, 10))
    for plane in frame.planes:
        plane[...] = np.random.default_rng(index).integers(0, 200, plane.shape)
    frame.properties = {"key_frame": index == 4}
    frame.duration = Fraction(1, 10)
    for plane in frame.planes:
        plane.flags.writeable = index != 4
    return frame


def record(path: Path, format: Format, *indexes: int, still: bool = False) -> list[Frame]:
    frames = [noisy(format, index) for index in indexes]
    recorder = FrameRecorder(path, format, rate=Fraction(10), still=still)
    for frame in frames:
        recorder.write(frame)
    recorder.close()
    return frames


@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_frames_come_back_bit_by_bit(format: Format, tmp_path: Path) -> None:
    written = record(tmp_path / "a.frames", format, 4, 5)
    reader = RecordedReader(tmp_path / "a.frames")
    for frame in written:
        found = reader.read()
        assert found is not None
        assert (found.index, found.time, found.duration) == (frame.index, frame.time, frame.duration)
        assert (found.format, found.format.aspect, found.format.rgb) == (format, format.aspect, format.rgb)
        assert found.properties == frame.properties
        assert all((a == b).all() for a, b in zip(found.planes, frame.planes, strict=True))
        assert found.planes[0].flags.writeable == frame.planes[0].flags.writeable
    assert reader.read() is None
    reader.close()


def test_streams_of_the_same_times_have_one_clock(tmp_path: Path) -> None:
    for name, indexes in (("a", (0, 1)), ("b", (0, 1)), ("c", (0, 2))):
        record(tmp_path / name, FORMATS[0] if name == "a" else FORMATS[2], *indexes)
    a, b, c = (probe_recorded(tmp_path / name, Limits()) for name in "abc")
    assert a.clock == b.clock != c.clock
    assert (a.frames, a.exact, a.rate, a.still) == (2, True, 10, False)


def test_a_still_stays_one(tmp_path: Path) -> None:
    record(tmp_path / "a", FORMATS[2], 0, still=True)
    assert probe_recorded(tmp_path / "a", Limits()).still


def test_the_node_reads_them_and_no_more_than_wanted(tmp_path: Path) -> None:
    record(tmp_path / "a.frames", Format("gray", 8, 8), 3, 4, 5)
    text = f"flowgraph: 1\nnodes:\n  a: {{type: recorded, path: {tmp_path / 'a.frames'}}}\n"
    text += "  out: {type: sink, in: a, path: 'null'}\n"
    assert run(loads(text)).frames == 3
    assert run(loads(text), options=Options(limits=Limits(frames=2))).frames == 2


@pytest.mark.parametrize("content", [b"", b"no frames at all", b"\x00\x00\x00\x01\x80"])
def test_what_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(GraphError, match="this is no file of recorded frames"):
        probe_recorded(tmp_path / "x", Limits())


def test_a_missing_file_and_a_cut_of_time_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="No such file"):
        probe_recorded(tmp_path / "x", Limits())
    with pytest.raises(GraphError, match="--from and --to are for videos"):
        probe_recorded(tmp_path / "x", Limits(start_s=Fraction(1)))


def test_a_file_that_breaks_off_gives_what_is_whole(tmp_path: Path) -> None:
    record(tmp_path / "a", FORMATS[2], 0, 1)
    whole = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(whole[:-7])
    reader = RecordedReader(tmp_path / "a")
    assert reader.read() is not None
    with pytest.raises(RunError, match="breaks off in the middle of a frame"):
        reader.read()
    reader.close()
