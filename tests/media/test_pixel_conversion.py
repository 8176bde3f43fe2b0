"""Conversions equal the tools that people compare with."""

from dataclasses import replace
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pytest
from media_clips import bgr, encode, ffmpeg, noise, read

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.media.convert import converter, temporaries

YUV = ("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p")


def convert(frame: Frame, target: Format) -> Frame:
    out = new_frame(target)
    converter(frame.format, target).convert(frame, out)
    return out


def by_ffmpeg(frame: Frame, target: Format, filters: str) -> tuple[Plane, ...]:
    raw = b"".join(plane.tobytes() for plane in frame.planes)
    size = f"{frame.format.width}x{frame.format.height}"
    given = ("-f", "rawvideo", "-pix_fmt", frame.format.pixel, "-s", size, "-i", "-")
    data = ffmpeg(*given, "-vf", filters, "-pix_fmt", target.pixel, "-f", "rawvideo", "-", input=raw)
    ends = np.cumsum(target.plane_bytes)
    parts = np.split(np.frombuffer(data, np.uint8), ends[:-1])
    return tuple(part.reshape(shape) for part, shape in zip(parts, target.shapes, strict=True))


def worst(first: tuple[Plane, ...], second: tuple[Plane, ...]) -> int:
    return max(int(np.abs(a.astype(int) - b).max()) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("size", [(96, 64), (86, 50), (101, 77)])
@pytest.mark.parametrize("pixel", YUV)
def test_fast_rgb_equals_ffmpegs_bgr24(pixel: str, size: tuple[int, int]) -> None:
    frame = noise(Format(pixel, *size))
    target = frame.format.as_pixel("bgr24")
    assert worst(convert(frame, target).planes, by_ffmpeg(frame, target, "format=bgr24")) == 0


@pytest.mark.parametrize("size", [(96, 64), (86, 50), (101, 77)])
@pytest.mark.parametrize("pixel", YUV)
def test_accurate_rgb_equals_ffmpegs_gbrp(pixel: str, size: tuple[int, int]) -> None:
    frame = noise(Format(pixel, *size, rgb="accurate"))
    target = frame.format.as_pixel("gbrp")
    assert worst(convert(frame, target).planes, by_ffmpeg(frame, target, "format=gbrp")) == 0


@pytest.mark.parametrize("matrix", ["bt709", "bt601", "bt2020"])
def test_the_streams_matrix_and_range_are_used(matrix: str) -> None:
    for range, word in (("limited", "tv"), ("full", "pc")):
        frame = noise(Format("yuv420p", 96, 64, matrix=matrix, range=range))  # type: ignore[arg-type]
        scale = f"scale=in_color_matrix={matrix}:in_range={word}:flags=bicubic"
        fast = frame.format.as_pixel("bgr24")
        assert worst(convert(frame, fast).planes, by_ffmpeg(frame, fast, f"{scale},format=bgr24")) == 0
        exact = Frame(0, frame.time, replace(frame.format, rgb="accurate"), frame.planes)
        planar = exact.format.as_pixel("gbrp")
        assert worst(convert(exact, planar).planes, by_ffmpeg(frame, planar, f"{scale},format=gbrp")) == 0


@pytest.mark.parametrize("matrix", ["unspecified", "bt709", "bt2020"])
@pytest.mark.parametrize("pixel", YUV)
def test_planar_rgb_becomes_video_as_in_ffmpeg(pixel: str, matrix: str) -> None:
    for size in ((96, 64), (86, 50), (100, 75)):
        frame = noise(Format("gbrp", *size, matrix=matrix))  # type: ignore[arg-type]
        target = frame.format.as_pixel(pixel)
        scale = "scale=flags=bicubic" + ("" if matrix == "unspecified" else f":out_color_matrix={matrix}")
        found = convert(frame, target)
        assert worst(found.planes, by_ffmpeg(frame, target, f"{scale},format={pixel}")) == 0


def test_full_range_video_is_within_one_level_of_ffmpegs() -> None:
    frame = noise(Format("gbrp", 96, 64, matrix="bt709", range="full"))
    target = frame.format.as_pixel("yuv420p")
    scale = "scale=flags=bicubic:out_color_matrix=bt709:out_range=pc,format=yuv420p"
    assert worst(convert(frame, target).planes, by_ffmpeg(frame, target, scale)) <= 1


def test_packed_rgb_becomes_video_through_planar_rgb() -> None:
    packed = noise(Format("bgr24", 86, 50))
    planar = convert(packed, packed.format.as_pixel("gbrp"))
    video = packed.format.as_pixel("yuv420p")
    assert worst(convert(packed, video).planes, convert(planar, video).planes) == 0


def test_fast_rgb_equals_videocapture(tmp_path: Path) -> None:
    for name, codec, pixel in (("a.avi", "mpeg4", "yuv420p"), ("b.mp4", "libx264", "yuvj420p")):
        clip = encode(tmp_path / name, pixel, (86, 50), codec=codec)
        capture = cv2.VideoCapture(str(clip))
        for frame in read(clip):
            done, image = capture.read()
            assert done
            assert np.array_equal(bgr(frame), image)


def test_odd_sizes_come_back_from_rgb_without_a_wrong_edge() -> None:
    video = Format("yuv420p", 101, 77, rgb="accurate")
    flat = new_frame(video)
    for plane, level in zip(flat.planes, (120, 100, 150), strict=True):
        plane[...] = level
    planar = convert(flat, video.as_pixel("gbrp"))
    assert worst(convert(planar, video).planes, flat.planes) <= 1


@pytest.mark.parametrize(
    ("source", "target"),
    [("yuv420p", "bgr24"), ("bgr24", "gbrp"), ("gbrp", "bgr24"), ("bgr24", "gray"), ("gbrp", "yuv420p"),
     ("gray", "yuv444p"), ("yuv420p", "gray"), ("bgra", "bgr24"), ("gray", "gbrp"), ("yuv422p", "yuv420p")],
)  # fmt: skip
def test_rows_may_be_padded(source: str, target: str) -> None:
    frame = noise(Format(source, 86, 50))
    wide = new_frame(frame.format.resized(128, 60))
    padded = Frame(0, frame.time, frame.format, tuple(
        w[: p.shape[0], : p.shape[1]] for w, p in zip(wide.planes, frame.planes, strict=True)
    ))  # fmt: skip
    for view, plane in zip(padded.planes, frame.planes, strict=True):
        view[...] = plane
    goal = frame.format.as_pixel(target)
    room = new_frame(goal.resized(128, 60))
    planes = tuple(r[: s[0], : s[1]] for r, s in zip(room.planes, goal.shapes, strict=True))
    converter(frame.format, goal).convert(padded, Frame(0, frame.time, goal, planes))
    assert worst(planes, convert(frame, goal).planes) == 0


def test_a_view_of_a_decoders_frame_is_converted_and_not_the_frame(tmp_path: Path) -> None:
    (whole, *_) = read(encode(tmp_path / "a.mp4"))
    small = whole.format.resized(48, 32)
    planes = (whole.planes[0][8:40, 16:64], whole.planes[1][4:20, 8:32], whole.planes[2][4:20, 8:32])
    crop = whole.view(small, planes)
    assert np.array_equal(bgr(crop), bgr(crop.copy()))


def test_gray_is_opencvs_and_comes_back_by_range() -> None:
    colour = noise(Format("bgr24", 40, 30))
    gray = convert(colour, colour.format.as_pixel("gray"))
    assert np.array_equal(gray.data, cv2.cvtColor(colour.data, cv2.COLOR_BGR2GRAY))
    steps = Frame(0, gray.time, Format("gray", 3, 1), (np.array([[0, 128, 255]], np.uint8),))
    limited = convert(steps, Format("yuv444p", 3, 1))
    assert [plane.tolist() for plane in limited.planes] == [[[16, 126, 235]], [[128] * 3], [[128] * 3]]
    full = convert(steps, Format("yuv444p", 3, 1, range="full"))
    assert full.planes[0].tolist() == [[0, 128, 255]]


def test_sixteen_bits_are_rounded_to_eight_as_imagemagick_does() -> None:
    deep = Frame(0, noise(Format("gray", 1, 1)).time, Format("gray16le", 6, 1), (
        np.array([[0, 128, 129, 386, 65406, 65407]], np.uint16),
    ))  # fmt: skip
    assert convert(deep, Format("gray", 6, 1)).data.tolist() == [[0, 0, 1, 2, 254, 255]]
    eight = Frame(0, deep.time, Format("gray", 3, 1), (np.array([[0, 1, 255]], np.uint8),))
    assert convert(eight, Format("gray16le", 3, 1)).data.tolist() == [[0, 257, 65535]]
    assert convert(eight, Format("grayf32le", 3, 1)).data.tolist() == [[0.0, np.float32(1 / 255), 1.0]]


def test_a_change_of_matrix_keeps_the_colours() -> None:
    video = Format("yuv444p", 96, 64, matrix="bt709")
    gray = convert(noise(Format("gray", 96, 64)), video)
    gray.planes[1][:, 48:] += 20
    other = convert(gray, replace(video, matrix="bt601"))
    assert np.abs(bgr(gray).astype(int) - bgr(other)).mean() < 0.8
    assert np.abs(gray.planes[0].astype(int) - other.planes[0]).mean() > 0.5


def test_alpha_is_dropped_and_made_opaque() -> None:
    colour = noise(Format("bgr24", 40, 30))
    opaque = convert(colour, colour.format.as_pixel("bgra"))
    assert (opaque.data[..., 3] == 255).all()
    assert np.array_equal(convert(opaque, colour.format).data, colour.data)


def test_one_converter_serves_threads_side_by_side() -> None:
    pictures = [noise(Format("yuv420p", 320, 240), seed) for seed in range(4)]
    target = pictures[0].format.as_pixel("bgr24")
    one = converter(pictures[0].format, target)
    outs = [new_frame(target) for _ in pictures]

    def run(index: int) -> None:
        for _ in range(20):
            one.convert(pictures[index], outs[index])

    threads = [Thread(target=run, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for frame, out in zip(pictures, outs, strict=True):
        assert np.array_equal(out.data, convert(frame, target).data)


def test_temporaries_are_those_of_the_longest_way() -> None:
    video = Format("yuv422p", 640, 480)
    assert temporaries(video.as_pixel("bgr24"), video.as_pixel("gray")) == 0
    assert temporaries(video, video.as_pixel("bgr24")) >= video.frame_bytes + 3 * 640 * 480
    assert temporaries(video, video.as_pixel("gray")) >= video.frame_bytes + 3 * 640 * 480


def test_a_change_of_size_is_refused() -> None:
    with pytest.raises(ValueError, match="keeps the size"):
        converter(Format("gray", 4, 4), Format("gray", 8, 8))
