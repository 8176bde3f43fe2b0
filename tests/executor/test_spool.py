"""What is stored comes back as it was, from a file or from memory."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from flowgraph.errors import RunError
from flowgraph.frame import Format, Frame
from flowgraph.spool import Memory, Spool, StoredReader

FORMATS = [
    Format("gray", 5, 3),
    Format("yuv420p", 5, 3),
    Format("yuv410p", 7, 5),
    Format("bgr24", 5, 3),
    Format("gray16le", 3, 3),
    Format("grayf32le", 3, 3),
]


def frames(format: Format) -> list[Frame]:
    random = np.random.default_rng(1)
    dtype = format.layout.dtype
    return [
        Frame(
            k,
            Fraction(k * 1001, 30000) - 1,
            format,
            tuple(random.integers(0, 255, shape).astype(dtype) for shape in format.shapes),
            {"key_frame": k == 0},
            duration=None if k == 1 else Fraction(1001, 30000),
        )
        for k in range(3)
    ]


def padded(frame: Frame) -> Frame:
    """The same samples in rows with room between them, as decoders deliver them."""
    planes = tuple(np.repeat(plane, 2, axis=0)[::2] for plane in frame.planes)
    return frame.view(frame.format, planes)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.pixel)
@pytest.mark.parametrize("store", [Spool, Memory])
def test_frames_come_back_bit_for_bit_and_as_often_as_wanted(
    store: type[Spool | Memory], format: Format
) -> None:
    stored = store()
    for frame in frames(format):
        stored.write(padded(frame))
    for _ in range(2):
        reader = StoredReader(stored, format)
        for frame in frames(format):
            got = reader.read()
            assert got is not None
            assert (got.index, got.time, got.duration, got.format) == (
                frame.index, frame.time, frame.duration, frame.format,
            )  # fmt: skip
            assert dict(got.properties) == dict(frame.properties)
            for plane, wanted in zip(got.planes, frame.planes, strict=True):
                np.testing.assert_array_equal(plane, wanted)
        assert reader.read() is None
        reader.close()
    stored.close()


def test_memory_keeps_copies() -> None:
    memory = Memory()
    frame = frames(FORMATS[0])[0]
    memory.write(frame)
    before = frame.data.copy()
    frame.data[...] = 0
    got = StoredReader(memory, FORMATS[0]).read()
    assert got is not None
    np.testing.assert_array_equal(got.data, before)


def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123 the device stands in for a full disk
        spool = Spool()
        spool.close()
        spool._file = full  # pyright: ignore[reportPrivateUsage] # the only way to fill it
        with pytest.raises(RunError, match=r"can't spool to .*: No space left on device"):
            spool.write(frames(FORMATS[0])[0])
