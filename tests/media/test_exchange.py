"""Frames to and from numpy, PyAV, Pillow and DLPack: what is shared, what is copied, what is refused."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

import flowgraph
from flowgraph.frame import Format, Frame, Plane, new_frame, table


def ramp(*shape: int) -> Plane:
    return np.arange(int(np.prod(shape)), dtype=np.uint8).reshape(shape)


def shared(a: Plane, b: Plane) -> bool:
    return np.shares_memory(a, b)


@pytest.mark.parametrize(
    ("shape", "dtype", "pixel"),
    [
        ((5, 7), "uint8", "gray"),
        ((5, 7), "uint16", "gray16le"),
        ((5, 7), "float32", "grayf32le"),
        ((5, 7, 3), "uint8", "bgr24"),
        ((5, 7, 4), "uint8", "bgra"),
    ],
)
def test_an_array_is_a_frame_and_a_frame_an_array(shape: tuple[int, ...], dtype: str, pixel: str) -> None:
    array = np.zeros(shape, dtype)
    frame = flowgraph.from_numpy(array, index=3, time=Fraction(1, 5))
    assert (frame.format, frame.index, frame.time) == (Format(pixel, 7, 5), 3, Fraction(1, 5))
    assert shared(frame.data, array)
    assert shared(np.asarray(frame), array)
    assert not shared(np.array(frame), array)
    assert shared(np.from_dlpack(frame), array)


@pytest.mark.parametrize("shape", [(5,), (5, 7, 2), (0, 7), (5, 7, 3, 1)])
def test_other_arrays_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"is no frame; it takes \(height, width"):
        flowgraph.from_numpy(np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match="is no frame of bgr24"):
        flowgraph.from_numpy(np.zeros((4, 4), np.uint8), "bgr24")


def test_a_picture_of_pyav_is_shared_with_its_time_and_colours() -> None:
    picture = av.VideoFrame(7, 5, "yuv420p")
    picture.pts, picture.time_base, picture.colorspace, picture.color_range = 3, Fraction(1, 25), 1, 2
    frame = flowgraph.from_av(picture, index=3)
    assert frame.format == Format("yuv420p", 7, 5, "bt709", "full")
    assert (frame.time, [plane.shape for plane in frame.planes]) == (
        Fraction(3, 25),
        [(5, 7), (3, 4), (3, 4)],
    )
    frame.planes[0][:] = 9
    assert bytes(picture.planes[0])[:7] == bytes([9] * 7)
    assert flowgraph.to_av(frame) is picture


def test_frames_of_one_plane_are_shared_with_pyav() -> None:
    frame = flowgraph.from_numpy(ramp(6, 8, 3), time=Fraction(1001, 30000))
    picture = flowgraph.to_av(frame)
    assert (picture.width, picture.height, picture.format.name) == (8, 6, "bgr24")
    assert picture.time == float(Fraction(1001, 30000))
    frame.data[0, 0] = 77
    assert bytes(picture.planes[0])[:3] == bytes([77] * 3)


def test_planes_are_copied_to_pyav() -> None:
    frame = new_frame(Format("yuv444p", 6, 4, "bt601", "limited"))
    frame.planes[1][:] = 50
    picture = flowgraph.to_av(frame)
    assert flowgraph.from_av(picture).format == frame.format
    assert np.array_equal(picture.to_ndarray(), np.stack(frame.planes))


def test_a_format_that_is_none_of_ours_is_refused_with_a_way_out() -> None:
    with pytest.raises(ValueError, match="nv12 is no format of flowgraph; picture"):
        flowgraph.from_av(av.VideoFrame(8, 6, "nv12"))


def test_gray_is_shared_with_pillow_read_only() -> None:
    samples = ramp(5, 7)
    image = flowgraph.to_pil(flowgraph.from_numpy(samples))
    samples[0, 0] = 200
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("L", (7, 5), 200)
    image.putpixel((0, 0), 1)
    assert samples[0, 0] == 200


@pytest.mark.parametrize(("channels", "mode"), [(3, "RGB"), (4, "RGBA")])
def test_colours_go_to_pillow_and_back(channels: int, mode: str) -> None:
    frame = flowgraph.from_numpy(ramp(5, 7, channels))
    image = flowgraph.to_pil(frame)
    assert image.mode == mode
    assert image.getpixel((1, 0))[:3] == tuple(frame.data[0, 1][2::-1].tolist())  # type: ignore[index]  # of a colour image
    assert np.array_equal(flowgraph.from_pil(image).data, frame.data)


def test_gray_and_bits_come_from_pillow_as_gray() -> None:
    assert np.array_equal(flowgraph.from_pil(Image.fromarray(ramp(5, 7))).data, ramp(5, 7))
    assert flowgraph.from_pil(Image.new("1", (4, 3), 1)).data.tolist() == [[255] * 4] * 3
    assert flowgraph.from_pil(Image.new("P", (4, 3))).format.pixel == "bgr24"


def test_yuv_is_converted_for_pillow() -> None:
    frame = new_frame(Format("yuv420p", 8, 6, "bt709", "limited"))
    for plane, value in zip(frame.planes, (235, 128, 128), strict=True):
        plane[:] = value
    assert flowgraph.to_pil(frame).getpixel((3, 3)) == (255, 255, 255)


def test_numbers_are_no_picture() -> None:
    row = Frame(0, Fraction(0), table("time", "area"), (np.zeros((1, 2)),))
    for convert in (flowgraph.to_av, flowgraph.to_pil):
        with pytest.raises(ValueError, match="table of time, area is no picture"):
            convert(row)
    with pytest.raises(ValueError, match="8 bits"):
        flowgraph.to_pil(new_frame(Format("gray16le", 4, 4)))
