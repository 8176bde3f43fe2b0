"""Writing images: one, or one for each frame."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from media_clips import ALL, drawn, feed, frames_of, info_for, noise, read, sink, source, write
from PIL import Image

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Plane
from flowgraph.node import Limits


def saved(path: Path, image: Plane) -> Path:
    """A lossless image file to read from."""
    assert cv2.imwrite(str(path), image)
    return path


def loaded(path: Path) -> Plane:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert image is not None
    return image


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".ppm"])
def test_lossless_images_hold_every_sample(tmp_path: Path, suffix: str) -> None:
    write(tmp_path / f"a%02d{suffix}", drawn(length=3, format="bgr24"))
    for number, frame in enumerate(frames_of(drawn(length=3, format="bgr24")), 1):
        assert np.array_equal(loaded(tmp_path / f"a{number:02d}{suffix}"), frame.data)


@pytest.mark.parametrize(
    ("compression", "number"), [("auto", 5), ("none", 1), ("packbits", 32773), ("lzw", 5), ("deflate", 8)]
)
def test_tif_is_compressed_as_it_is_told(tmp_path: Path, compression: str, number: int) -> None:
    write(tmp_path / "a%d.tif", drawn(length=1, format="bgr24"), compression=compression)
    with Image.open(tmp_path / "a1.tif") as image:
        assert image.tag_v2[259] == number  # type: ignore[attr-defined] # only those of tif have tags
        (frame,) = frames_of(drawn(length=1, format="bgr24"))
        assert np.array_equal(np.asarray(image)[..., ::-1], frame.data)


def test_only_tif_has_compressions_to_choose_from(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.png has no compression to choose: only tif has"):
        sink(tmp_path / "a%d.png", compression="lzw").check()


def test_a_sequence_counts_from_one_and_says_how_many(tmp_path: Path) -> None:
    line = write(tmp_path / "t%03d.png", drawn(length=12))
    assert line == f"{tmp_path / 't001.png'} to t012.png: 12 images"
    assert len([*tmp_path.iterdir()]) == 12


def test_gray_deep_and_transparent_images_are_kept_where_the_kind_can(tmp_path: Path) -> None:
    gray = noise(Format("gray", 30, 20)).data
    images = {"gray": gray, "deep": gray.astype(np.uint16) * 257, "alpha": noise(Format("bgra", 30, 20)).data}
    for name, image in images.items():
        write(tmp_path / f"{name}-out.png", source(saved(tmp_path / f"{name}.png", image)))
        assert np.array_equal(loaded(tmp_path / f"{name}-out.png"), image)
    write(tmp_path / "deep.jpg", source(tmp_path / "deep.png"), quality=100)
    assert np.abs(loaded(tmp_path / "deep.jpg").astype(int) - gray).max() <= 2


@pytest.mark.parametrize(
    ("params", "quality", "sampling"),
    [
        ({}, 92, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),  # what ImageMagick writes
        ({"quality": 95, "chroma": "420"}, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420),  # what OpenCV writes
    ],
)
def test_jpeg_is_written_as_asked(
    tmp_path: Path, params: dict[str, Any], quality: int, sampling: int
) -> None:
    image = noise(Format("bgr24", 40, 30)).data
    write(tmp_path / "a.jpg", source(saved(tmp_path / "in.png", image)), **params)
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    assert cv2.imwrite(str(tmp_path / "theirs.jpg"), image, settings)
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "theirs.jpg").read_bytes()


def test_a_still_goes_to_one_image_and_a_webp_of_it_is_lossless(tmp_path: Path) -> None:
    image = noise(Format("bgr24", 40, 30)).data
    still = source(saved(tmp_path / "in.png", image))
    assert write(tmp_path / "a.webp", still) == f"{tmp_path / 'a.webp'}: 40x30"
    assert np.array_equal(loaded(tmp_path / "a.webp"), image)


def test_many_frames_do_not_go_into_one_image(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"a.png is one picture, and the stream has many") as caught:
        write(tmp_path / "a.png")
    assert caught.value.hint.endswith("a%03d.png")
    assert [*tmp_path.iterdir()] == []
    write(tmp_path / "a.png", limits=Limits(frames=1))
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_second_frame_for_one_image_stops_the_run(tmp_path: Path) -> None:
    one, node = sink(tmp_path / "a.png"), drawn(length=2)
    info = info_for(one, node.probe(ALL), still=True)
    with pytest.raises(RunError, match="a second frame came"):
        feed(one.open(info), node, info.format)


def test_images_written_so_far_stay_after_an_abort(tmp_path: Path) -> None:
    one, node = sink(tmp_path / "a%d.png"), drawn(length=3)
    info = info_for(one, node.probe(ALL))
    writer = one.open(info)
    feed(writer, node, info.format)
    assert writer.abort() == tmp_path / "a3.png"
    assert len(read(tmp_path / "a%d.png")) == 3
