"""convert."""

from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from flowgraph.frame import PIXEL_FORMATS, Format, Frame, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph_nodes.convert import Convert

OF_PICTURES = [name for name, pixel in PIXEL_FORMATS.items() if pixel.family != "data"]


def test_bgr_becomes_gray_as_opencv_does_it() -> None:
    picture = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]]], np.uint8)
    (out,) = run_node(Convert(format="gray"), picture)
    assert out.data.tolist() == [[29, 150, 76, 9]]


def test_gray_becomes_video_of_its_range() -> None:
    image = Frame(0, Fraction(0), Format("gray", 3, 1), (np.array([[0, 255, 0]], np.uint8),))
    (out,) = run_node(Convert(format="yuv420p"), image)
    assert [plane.tolist() for plane in out.planes] == [[[16, 235, 16]], [[128, 128]], [[128, 128]]]


def test_sixteen_bits_are_divided_by_257_and_rounded() -> None:
    samples = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    (out,) = run_node(Convert(format="gray"), samples)
    np.testing.assert_array_equal(out.data, np.rint(samples / 257))


def test_the_same_format_copies() -> None:
    (out,) = run_node(Convert(format="gray"), np.array([[1, 2]], np.uint8))
    assert out.data.tolist() == [[1, 2]]


def test_the_output_is_the_input_in_the_other_pixel_format() -> None:
    image = Format("yuv420p", 5, 3, "bt709", "full", "accurate", aspect=Fraction(4, 3))
    out = Convert(format="bgr24").output_formats(Formats({"image": (image,)}))["converted"]
    assert out == image.as_pixel("bgr24")
    assert out.aspect == Fraction(4, 3)


def test_every_pixel_format_can_be_asked_for() -> None:
    assert set(get_args(Convert.model_fields["format"].annotation)) == set(OF_PICTURES)


@pytest.mark.parametrize("target", OF_PICTURES)
@pytest.mark.parametrize("source", OF_PICTURES)
def test_a_flat_gray_picture_survives_every_conversion(source: str, target: str) -> None:
    wide = Format("gray", 18, 10)
    gray = Frame(0, Fraction(0), wide, (np.full((10, 18), 120, np.uint8),))
    image, out, back = (new_frame(wide.as_pixel(pixel)) for pixel in (source, target, "gray"))
    Convert.model_validate({"format": source}).process(gray, image)
    Convert.model_validate({"format": target}).process(image, out)
    Convert(format="gray").process(out, back)
    assert int(np.abs(back.data.astype(int) - 120).max()) <= 2


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="Input should be 'gray', 'gray16le'"):
        Convert.model_validate({"format": "rgb"})
