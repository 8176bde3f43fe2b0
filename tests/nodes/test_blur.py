"""blur."""

from collections.abc import Callable
from typing import Any, Literal

import cv2
import numpy as np
import pytest
from growth import filled, grown, over

from flowgraph.frame import Format, Plane, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.blur import Blur
from flowgraph_nodes.threshold import Threshold

Kind = Literal["gaussian", "box", "median", "ffmpeg", "magick"]


def true_gaussian(picture: Plane, sigma: float) -> Plane:
    reach = np.arange(-int(6 * sigma) - 1, int(6 * sigma) + 2)
    kernel = np.exp(-(reach**2) / (2 * sigma * sigma))
    kernel /= kernel.sum()
    wide = picture.astype(np.float32)
    found: Plane = cv2.sepFilter2D(wide, cv2.CV_32F, kernel, kernel, borderType=cv2.BORDER_REFLECT_101)
    return found


def noise(height: int, width: int) -> Plane:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def edges(height: int, width: int) -> Plane:
    """Lines, a block, and white rims that feel how the edge is mirrored."""
    picture = np.zeros((height, width), np.uint8)
    picture[:, ::37] = 255
    picture[height // 3 : height // 2, width // 4 : width // 2] = 255
    picture[:2] = picture[-3:] = 255
    picture[:, -2:] = 255
    return picture


def natural(height: int, width: int) -> Plane:
    """Smooth shapes with some grain, as cameras see them."""
    y, x = np.mgrid[:height, :width]
    shapes = 127 + 60 * np.sin(x / 31) * np.cos(y / 17) + 60 * ((x - width / 3) ** 2 + y**2 < 90**2)
    grain = np.random.default_rng(2).normal(0, 6, (height, width))
    found: Plane = np.clip(shapes + grain, 0, 255).astype(np.uint8)
    return found


@pytest.mark.parametrize("sigma", [0.8, 2.3, 2.5, 3, 4.9, 5, 8, 12, 20, 50])
@pytest.mark.parametrize("picture", [noise(270, 480), edges(271, 480), natural(270, 481)])
def test_gaussian_is_within_two_levels_of_a_true_one(picture: Plane, sigma: float) -> None:
    (out,) = run_node(Blur(sigma=sigma), picture)
    off = np.abs(out.data - true_gaussian(picture, sigma))
    assert off.max() <= 2
    assert off.mean() < 0.5


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (3, 5), (17, 16), (33, 130)])
@pytest.mark.parametrize("sigma", [1, 4, 30])
def test_pictures_smaller_than_three_sigma_stay_near_a_gaussian(size: tuple[int, int], sigma: float) -> None:
    picture = edges(*size)
    (out,) = run_node(Blur(sigma=sigma), picture)
    assert np.abs(out.data - true_gaussian(picture, sigma)).max() <= 5


@pytest.mark.parametrize("kind", ["gaussian", "ffmpeg", "magick", "box", "median"])
def test_a_flat_picture_stays_as_it_is(kind: Kind) -> None:
    picture = np.full((40, 50, 3), 77, np.uint8)
    (out,) = run_node(Blur(kind=kind, sigma=5), picture)
    assert (out.data == 77).all()


@pytest.mark.parametrize("radius", [1, 3, 10, 24])
def test_box_is_libavfilters_avgblur(
    radius: int, pictures: list[Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    gray = [np.ascontiguousarray(pictures[0][..., 0])]
    (out,) = run_node(Blur(kind="box", radius=radius), gray)
    np.testing.assert_array_equal(out.data, libavfilter("avgblur", f"sizeX={radius}", gray)[0])


@pytest.mark.parametrize("radius", [2, 41, 127])
def test_box_is_the_floor_of_the_mean(radius: int, pictures: list[Plane]) -> None:
    picture = pictures[0]
    padded = np.pad(picture, ((radius, radius), (radius, radius), (0, 0)), mode="edge").astype(np.int64)
    side = 2 * radius + 1
    sums = np.pad(padded, ((1, 0), (1, 0), (0, 0))).cumsum(0).cumsum(1)
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    (out,) = run_node(Blur(kind="box", radius=radius), picture)
    np.testing.assert_array_equal(out.data, total // (side * side))


@pytest.mark.parametrize("kind", ["box", "median"])
def test_a_radius_of_zero_leaves_the_picture(kind: Literal["box", "median"], pictures: list[Plane]) -> None:
    (out,) = run_node(Blur(kind=kind, radius=0), pictures[0])
    np.testing.assert_array_equal(out.data, pictures[0])


@pytest.mark.parametrize("radius", [1, 3])
def test_median_is_libavfilters_and_opencvs(
    radius: int, pictures: list[Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    gray = [np.ascontiguousarray(pictures[0][..., 0])]
    (out,) = run_node(Blur(kind="median", radius=radius), gray)
    np.testing.assert_array_equal(out.data, libavfilter("median", f"radius={radius}", gray)[0])
    np.testing.assert_array_equal(out.data, cv2.medianBlur(gray[0], 2 * radius + 1))


@pytest.mark.parametrize(("sigma", "steps"), [(5, 6), (3, 1), (0.5, 2)])
def test_ffmpeg_is_gblur_on_each_plane(
    sigma: float, steps: int, pictures: list[Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    out = run_node(Blur(kind="ffmpeg", sigma=sigma, steps=steps), pictures[:2])
    for channel in range(3):
        gray = [np.ascontiguousarray(picture[..., channel]) for picture in pictures[:2]]
        expected = libavfilter("gblur", f"sigma={sigma}:steps={steps}", gray)
        for frame, plane in zip(out, expected, strict=True):
            np.testing.assert_array_equal(frame.data[..., channel], plane)


@pytest.mark.parametrize(
    ("sigma", "colour", "gray"),
    [
        (0.5, "6fb41c17f2e5f644", "ac273197e6f465f4"),
        (1, "96fa0291caaf6d20", "460175da11f10209"),
        (3, "64a4b0edb24b8562", "66bc64b736fba43c"),
        (7.5, "44378c9154775203", "a5da0d63c5b8a3c6"),
    ],
)
def test_magick_gives_the_bits_of_imagemagick(
    sigma: float, colour: str, gray: str, pictures: list[Plane], digest: Callable[[Plane], str]
) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm -blur 0xS, and convert 3.pgm -blur 0xS -depth 16 of the blue
    # channel of the fourth picture.
    (out,) = run_node(Blur(kind="magick", sigma=sigma), pictures[0])
    assert digest(out.data) == colour
    (wide,) = run_node(Blur(kind="magick", sigma=sigma), pictures[3][..., 0])
    assert wide.format.pixel == "gray16le"
    assert digest(wide.data) == gray


def test_the_chain_that_makes_masks_gives_the_bits_of_imagemagick(
    pictures: list[Plane], digest: Callable[[Plane], str]
) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm 1.ppm -compose difference -composite -threshold 5% -blur 0x3
    # -threshold 20% -blur 0x3, at -depth 16 and at the input's own 8 bits.
    mask = cv2.absdiff(pictures[0], pictures[1])
    for node in (
        Threshold(level=Level(5, percent=True), per="luma"),
        Blur(kind="magick", sigma=3),
        Threshold(level=Level(20, percent=True)),
        Blur(kind="magick", sigma=3),
    ):
        mask = run_node(node, mask)[0].data
    assert digest(mask) == "ad995b7bd952b117"
    wide = mask.astype(np.uint32) + 128
    assert digest(((wide - (wide >> 8)) >> 8).astype(np.uint8)) == "b9339fa0c2118881"


def test_only_magick_takes_sixteen_bits() -> None:
    wide = Format("gray16le", 4, 4)
    assert [
        kind for kind in ("gaussian", "box", "ffmpeg", "magick") if Blur(kind=kind).accepts("image", wide)
    ] == ["magick"]


CASES = [
    ({"sigma": 2},),
    ({"sigma": 5},),
    ({"sigma": 50},),
    ({"kind": "box", "radius": 5},),
    ({"kind": "median", "radius": 1},),
    ({"kind": "median", "radius": 6},),
    ({"kind": "ffmpeg", "sigma": 5, "steps": 6},),
    ({"kind": "magick", "sigma": 3},),
]


def beyond_declared(written: dict[str, Any]) -> int:
    node = Blur.model_validate(written)
    # What libraries set up once is none of the node's.
    _beyond_declared(node, Format("bgr24", 40, 40))
    return _beyond_declared(node, Format("bgr24", 2000, 800))


def _beyond_declared(node: Blur, format: Format) -> int:
    image, out = filled(new_frame(format)), filled(new_frame(format))
    formats = Formats({"image": (format,)})
    scratch = {name: np.ones(*spec) for name, spec in node.scratch(formats).items()}
    return grown(lambda: node.process(image, out, scratch)) - node.temporaries(formats)


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    assert over(256 * 1024, beyond_declared, CASES) == []
