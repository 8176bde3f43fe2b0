"""Reading stills and sequences of images."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from media_clips import ALL, frames_of, noise, read, source

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Plane
from flowgraph.media.images import files_of
from flowgraph.node import Limits


def by_opencv(path: Path) -> Plane:
    image = cv2.imread(str(path))
    assert image is not None
    return image


def picture(pixel: str = "bgr24", size: tuple[int, int] = (30, 20), seed: int = 0) -> Plane:
    return noise(Format(pixel, *size), seed).data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Images f2, f3 ... f11, each of its own level."""
    for number in range(2, 12):
        cv2.imwrite(str(tmp_path / f"f{number}.png"), np.full((20, 30, 3), number, np.uint8))
    return tmp_path


def levels(path: str, limits: Limits = ALL, **params: object) -> list[int]:
    return [int(frame.data[0, 0, 0]) for frame in frames_of(source(path, **params), limits)]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp", ".webp", ".ppm"])
def test_a_still_equals_imread(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    cv2.imwrite(str(path), picture())
    info = source(path).probe(ALL)
    assert (info.still, info.frames, info.exact, info.rate) == (True, 1, True, None)
    (frame,) = read(path)
    assert str(frame.format) == "bgr24 30x20"
    assert np.array_equal(frame.data, by_opencv(path))
    assert not frame.data.flags.writeable


def test_gray_deep_and_transparent_images_keep_what_they_have(tmp_path: Path) -> None:
    deep = (picture("gray").astype(np.uint16)) * 257
    images = {"gray": picture("gray"), "gray16le": deep, "bgra": picture("bgra")}
    for pixel, image in images.items():
        cv2.imwrite(str(tmp_path / f"{pixel}.png"), image)
        (frame,) = read(tmp_path / f"{pixel}.png")
        assert frame.format.pixel == pixel
        assert np.array_equal(frame.data, image)


def test_sixteen_bit_colour_is_reduced_as_imread_does(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), picture().astype(np.uint16) * 250)
    (frame,) = read(tmp_path / "a.png")
    assert np.array_equal(frame.data, by_opencv(tmp_path / "a.png"))


def test_a_pattern_counts_from_the_lowest_number_to_the_first_gap(folder: Path) -> None:
    assert levels(f"{folder}/f%d.png") == [*range(2, 12)]
    (folder / "f6.png").unlink()
    assert levels(f"{folder}/f%d.png") == [2, 3, 4, 5]


def test_a_star_takes_names_in_the_order_of_their_numbers(folder: Path) -> None:
    assert levels(f"{folder}/f*.png") == [*range(2, 12)]
    assert [file.name for file in files_of(f"{folder}/f1*.png")] == ["f10.png", "f11.png"]


def test_a_sequence_has_a_rate_and_can_be_cut(folder: Path) -> None:
    node = source(f"{folder}/f*.png", rate=10, start=1, stop="800ms", every=3)
    info = node.probe(ALL)
    assert (info.rate, info.frames, info.exact) == (Fraction(10, 3), 3, True)
    frames = frames_of(node)
    assert [int(frame.data[0, 0, 0]) for frame in frames] == [3, 6, 9]
    assert [frame.time for frame in frames] == [Fraction(1, 10), Fraction(4, 10), Fraction(7, 10)]
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert levels(f"{folder}/f*.png", Limits(frames=2)) == [2, 3]
    assert source(f"{folder}/f*.png").probe(ALL).rate == 25


def test_images_of_another_size_or_kind_are_fitted_to_the_first(folder: Path) -> None:
    cv2.imwrite(str(folder / "f3.png"), np.full((40, 60, 3), 3, np.uint8))
    cv2.imwrite(str(folder / "f4.png"), np.full((20, 30), 4, np.uint8))
    assert levels(f"{folder}/f%d.png") == [*range(2, 12)]


def test_a_broken_image_in_a_sequence_stops_the_run(folder: Path) -> None:
    (folder / "f3.png").write_bytes(b"no image")
    node = source(f"{folder}/f*.png")
    reader = node.open(node.probe(ALL), ALL)
    assert reader.read() is not None
    with pytest.raises(RunError, match=r"f3.png is not an image"):
        reader.read()


@pytest.mark.parametrize(
    ("name", "message"),
    [("none*.png", "no file matches"), ("x%03d.png", "no file matches"), ("no.png", "no such file")],
)
def test_missing_images_are_named(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        source(tmp_path / name).probe(ALL)


def test_a_file_that_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("hello")
    with pytest.raises(GraphError, match=r"a.png is not an image that can be read"):
        source(tmp_path / "a.png").probe(ALL)
