"""resize."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph_nodes.resize import Resize


def resized(node: Resize, image: Frame) -> Frame:
    (out,) = run_node(node, image)
    return out


def size(written: dict[str, object], width: int, height: int) -> tuple[int, int]:
    node = Resize.model_validate(written)
    node.check()
    found = node.output_formats(Formats({"image": (Format("gray", width, height),)}))["resized"]
    return found.width, found.height


def test_nearest_repeats_samples() -> None:
    image = new_frame(Format("gray", 2, 2))
    image.data[...] = [[10, 20], [30, 40]]
    out = resized(Resize(scale=2, interpolation="nearest"), image)
    assert out.data.tolist() == [[10, 10, 20, 20], [10, 10, 20, 20], [30, 30, 40, 40], [30, 30, 40, 40]]


def test_area_takes_the_mean() -> None:
    image = new_frame(Format("gray16le", 4, 2))
    image.data[...] = [[1000, 3000, 0, 0], [1000, 3000, 0, 40000]]
    assert resized(Resize(scale=0.5, interpolation="area"), image).data.tolist() == [[2000, 10000]]


@pytest.mark.parametrize(
    "name", ["nearest", "nearest_exact", "linear", "linear_exact", "cubic", "area", "lanczos"]
)
@pytest.mark.parametrize("pixel", ["bgr24", "gray", "bgra"])
def test_each_way_is_opencvs_and_fills_the_buffer_that_was_given(name: str, pixel: str) -> None:
    code = {"lanczos": cv2.INTER_LANCZOS4}.get(name, getattr(cv2, f"INTER_{name.upper()}", 0))
    image = new_frame(Format(pixel, 13, 9))
    image.data[...] = np.random.default_rng(1).integers(0, 256, image.data.shape)
    node = Resize.model_validate({"width": 7, "height": 5, "interpolation": name})
    assert np.array_equal(resized(node, image).data, cv2.resize(image.data, (7, 5), interpolation=code))


@pytest.mark.parametrize("pixel", ["yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "gbrp"])
def test_planes_are_resized_one_by_one_and_chroma_sizes_round_up(pixel: str) -> None:
    image = new_frame(Format(pixel, 9, 7))
    for value, plane in enumerate(image.planes):
        plane[...] = 50 + value
    out = resized(Resize(width=5, height=3), image)
    assert tuple(plane.shape for plane in out.planes) == Format(pixel, 5, 3).shapes
    assert [np.unique(plane).tolist() for plane in out.planes] == [[50], [51], [52]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"scale": 0.5}, (50, 30)),
        ({"scale": 0.001}, (1, 1)),
        ({"scale": 2}, (202, 122)),
        ({"width": 50}, (50, 30)),
        ({"height": 122}, (202, 122)),
        ({"width": 7, "height": 300}, (7, 300)),
        ({"size": "1280x720"}, (1280, 720)),
    ],
)
def test_sizes(written: dict[str, object], expected: tuple[int, int]) -> None:
    assert size(written, 101, 61) == expected


def test_the_picture_keeps_its_shape_on_screen() -> None:
    formats = Formats({"image": (Format("gray", 100, 50, aspect=Fraction(4, 3)),)})
    out = Resize(width=100, height=100).output_formats(formats)["resized"]
    assert out.aspect == Fraction(8, 3)


@pytest.mark.parametrize(
    "written", [{}, {"interpolation": "area"}, {"scale": 2, "width": 3}, {"size": "2x2", "height": 3}]
)
def test_the_size_is_given_in_exactly_one_way(written: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="give either scale, or size, or width and height"):
        Resize.model_validate(written).check()


@pytest.mark.parametrize(
    "written",
    [{"scale": 0}, {"scale": -1}, {"width": 0}, {"size": "0x3"}, {"size": "big"}, {"interpolation": "x"}],
)
def test_wrong_values_are_refused_while_loading(written: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Input should be|String should match"):
        Resize.model_validate(written)
