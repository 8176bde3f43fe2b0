"""Writing video: what the files hold, and what becomes of them when something goes wrong."""

import signal
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from media_clips import ALL, bgr, drawn, encode, feed, ffmpeg, frames_of, info_for, read, sink, source, write

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Frame
from flowgraph.media.codecs import CODECS
from flowgraph.node import Limits

FILES: list[tuple[str, dict[str, Any]]] = [
    ("a.mp4", {}), ("a.mov", {}), ("a.m4v", {}), ("a.mkv", {}), ("a.avi", {}), ("a.webm", {}), ("a.nut", {}),
    ("a.ts", {}), ("a.y4m", {}), ("a.gif", {}), ("a.apng", {}), ("h.mp4", {"codec": "hevc"}),
    ("v.mp4", {"codec": "av1"}), ("f.mkv", {"codec": "ffv1"}), ("m.avi", {"codec": "mjpeg"}),
    ("r.avi", {"codec": "rawvideo"}),
]  # fmt: skip


def shown(path: Path, entries: str) -> dict[str, str]:
    """What ffprobe tells of the video stream."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", f"stream={entries}"]
    found = subprocess.run(
        [*command, "-of", "default=nw=1", str(path)], capture_output=True, check=True, text=True
    )
    return dict(line.split("=", 1) for line in found.stdout.splitlines())


@pytest.mark.parametrize(("name", "params"), FILES)
def test_every_kind_holds_all_frames_at_their_times(
    tmp_path: Path, name: str, params: dict[str, Any]
) -> None:
    line = write(tmp_path / name, drawn(length=13), **params)
    assert line.startswith(f"{tmp_path / name}: 13 frames, 0:00.5, ")
    ffmpeg("-i", tmp_path / name, "-f", "null", "-")
    frames = read(tmp_path / name)
    assert [round(frame.time * 25) for frame in frames] == [*range(13)]
    original = frames_of(drawn(length=13))
    for frame, first in zip(frames, original, strict=True):
        assert cv2.PSNR(bgr(frame), bgr(first)) > 24


def test_lossless_is_lossless(tmp_path: Path) -> None:
    write(tmp_path / "a.mkv", codec="ffv1")
    for frame, first in zip(read(tmp_path / "a.mkv"), frames_of(drawn()), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(frame.planes, first.planes, strict=True))


def test_an_animated_webp_holds_all_frames(tmp_path: Path) -> None:
    write(tmp_path / "a.webp", drawn(length=7))
    done, animation = cv2.imreadanimation(str(tmp_path / "a.webp"))
    assert done
    assert len(animation.frames) == 7
    assert set(animation.durations) == {40}


def test_codecs_and_tags_are_those_that_players_expect(tmp_path: Path) -> None:
    found: dict[str, str] = {}
    for name, params in FILES:
        write(tmp_path / name, drawn(length=2), **params)
        facts = shown(tmp_path / name, "codec_name,codec_tag_string,pix_fmt")
        found[name] = f"{facts['codec_name']} {facts['codec_tag_string']} {facts['pix_fmt']}"
    assert found["a.mp4"] == "h264 avc1 yuv420p"
    assert found["h.mp4"] == "hevc hvc1 yuv420p"
    assert found["v.mp4"] == "av1 av01 yuv420p"
    assert found["a.avi"] == "mpeg4 XVID yuv420p"
    assert found["a.webm"].startswith("vp9 ")
    assert found["f.mkv"].endswith("yuv420p")
    assert found["m.avi"] == "mjpeg MJPG yuvj420p"


@pytest.mark.parametrize("rate", [23.976, 29.97, 30, 12.5])
@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.avi"])
def test_constant_rates_are_exact(tmp_path: Path, name: str, rate: float) -> None:
    node = drawn(length=30, rate=rate)
    exact = node.probe(ALL).rate
    assert exact is not None
    write(tmp_path / name, node)
    facts = shown(tmp_path / name, "r_frame_rate,avg_frame_rate,duration,start_time")
    assert Fraction(facts["r_frame_rate"]) == exact
    assert Fraction(facts["avg_frame_rate"]) == exact
    assert float(facts["duration"]) == pytest.approx(float(30 / exact), abs=1e-4)
    assert float(facts["start_time"]) == 0
    assert [frame.time for frame in read(tmp_path / name)] == [k / exact for k in range(30)]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm", "a.avi", "a.gif"])
def test_uneven_times_are_kept(tmp_path: Path, name: str) -> None:
    times = (0, 1, 2, 5, 6, 9, 14)
    write(tmp_path / name, source(encode(tmp_path / "in.mkv", times=times)))
    assert [round(frame.time * 25) for frame in read(tmp_path / name)] == [*times]


def test_a_stretch_starts_at_zero(tmp_path: Path) -> None:
    write(tmp_path / "in.mp4", drawn(length=50))
    write(tmp_path / "a.mp4", source(tmp_path / "in.mp4", start="1s"))
    assert [frame.time for frame in read(tmp_path / "a.mp4")] == [Fraction(k, 25) for k in range(25)]


def test_a_rate_replaces_the_frames_own_times(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", rate=50)
    assert [frame.time for frame in read(tmp_path / "a.mp4")] == [Fraction(k, 50) for k in range(10)]


def test_a_fast_gif_shows_each_frame_for_at_least_20_ms(tmp_path: Path) -> None:
    write(tmp_path / "a.gif", drawn(length=10, rate=100))
    assert [frame.time for frame in read(tmp_path / "a.gif")] == [Fraction(k, 50) for k in range(10)]


TAGS: dict[str, Any] = {"colorspace": 1, "color_primaries": 1, "color_trc": 1}


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov", "f.mkv"])
@pytest.mark.parametrize("range", [1, 2])
def test_colours_are_tagged_as_the_source_is(tmp_path: Path, name: str, range: int) -> None:
    clip = encode(
        tmp_path / "in.mkv", context=TAGS | {"color_range": range, "sample_aspect_ratio": Fraction(4, 3)}
    )
    line = write(tmp_path / name, source(clip), codec="ffv1" if name[0] == "f" else "auto")
    before, after = (source(path).probe(ALL).format for path in (clip, tmp_path / name))
    assert str(before) == str(after)
    assert (after.primaries, after.transfer) == (1, 1)
    # FFV1 has no place for the shape of pixels, and PyAV can't give it to a Matroska stream.
    assert (after.aspect, "pixels are 4:3" in line) == (
        (1, True) if name[0] == "f" else (Fraction(4, 3), False)
    )


@pytest.mark.parametrize("name", ["a.avi", "a.y4m", "m.avi"])
def test_where_a_file_can_not_tell_its_matrix_colours_are_converted(tmp_path: Path, name: str) -> None:
    clip = encode(tmp_path / "in.mkv", "yuv444p", codec="ffv1", context=TAGS | {"color_range": 1})
    params: dict[str, Any] = {"codec": "mjpeg", "quality": 1} if name[0] == "m" else {}
    write(tmp_path / name, source(clip), **params)
    first = bgr(read(clip, rgb="accurate")[0]).astype(int)
    again = bgr(read(tmp_path / name, rgb="accurate")[0])
    assert np.abs(first.mean((0, 1)) - again.mean((0, 1))).max() < 1.5
    assert np.abs(first - again).mean() < 4


def test_odd_sizes_are_kept_where_the_codec_can_and_else_cropped_with_a_note(tmp_path: Path) -> None:
    cases: list[tuple[str, dict[str, Any], tuple[int, int]]] = [
        ("a.mp4", {}, (100, 76)),
        ("b.mp4", {"pixel_format": "yuv444p"}, (101, 77)),
        ("h.mp4", {"codec": "hevc"}, (100, 76)),
        ("a.mkv", {"codec": "ffv1"}, (101, 77)),
        ("a.avi", {}, (101, 77)),
        ("a.webm", {}, (101, 77)),
        ("a.gif", {}, (101, 77)),
    ]
    for name, params, size in cases:
        line = write(tmp_path / name, drawn("101x77", 3), **params)
        frames = read(tmp_path / name)
        assert (frames[0].format.width, frames[0].format.height) == size
        assert len(frames) == 3
        assert ("cropped to 100x76" in line) is (size == (100, 76))


@pytest.mark.parametrize("pixel", ["yuv422p", "yuv444p"])
def test_other_pixel_formats_can_be_asked_for(tmp_path: Path, pixel: str) -> None:
    write(tmp_path / "a.mp4", pixel_format=pixel)
    assert source(tmp_path / "a.mp4").probe(ALL).format.pixel == pixel


def test_quality_preset_and_options_reach_the_encoder(tmp_path: Path) -> None:
    write(tmp_path / "good.mp4", quality=10)
    write(tmp_path / "small.mp4", quality=45, preset="ultrafast")
    assert (tmp_path / "good.mp4").stat().st_size > 2 * (tmp_path / "small.mp4").stat().st_size
    write(tmp_path / "keys.mp4", options={"g": 2, "bf": 0})
    assert [f.index for f in read(tmp_path / "keys.mp4") if f.properties["key_frame"]] == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("a.xyz", {}, "no kind of output ends in '.xyz'"),
        ("a.mp5", {}, "did you mean '.mp4'"),
        ("a.mp4", {"preset": "quick"}, "h264 has no preset 'quick'; it takes ultrafast"),
        ("a.mkv", {"codec": "ffv1", "quality": 3}, "ffv1 has no quality: it is lossless"),
        ("a.gif", {"codec": "h264"}, ".gif files are always gif"),
        (
            "a.mp4",
            {"codec": "mpeg4", "pixel_format": "yuv444p"},
            "mpeg4 doesn't take yuv444p; it takes yuv420p",
        ),
        ("a*.png", {}, "has no place for a number"),
        ("a%s.png", {}, "has no place for a number"),
        ("a.png", {"quality": 5}, ".png has no quality"),
    ],
)
def test_settings_that_can_not_work_are_refused_while_loading(
    tmp_path: Path, name: str, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        sink(tmp_path / name, **params)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("a.mp4", {"options": {"no-such-option": 1}}, "the encoder libx264 has no option 'no-such-option'"),
        ("a.mp4", {"options": {"profile": "none-such"}}, "h264 can't be encoded like this: .*profile"),
        ("a.webm", {"codec": "h264"}, r"webm files can't hold h264"),
        ("none/a.mp4", {}, "there is no folder .*none"),
    ],
)
def test_what_the_encoder_refuses_is_told_before_the_run(
    tmp_path: Path, name: str, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(GraphError, match=message):
        write(tmp_path / name, **params)
    assert [*tmp_path.iterdir()] == []


def test_a_file_has_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    out, node = tmp_path / "a.mp4", drawn()
    out.write_text("the old one")
    one = sink(out)
    writer = one.open(info_for(one, node.probe(ALL)))
    feed(writer, node, node.probe(ALL).format)
    assert out.read_text() == "the old one"
    assert (tmp_path / "a.partial.mp4").exists()
    writer.close()
    assert len(read(out)) == 10
    assert not (tmp_path / "a.partial.mp4").exists()


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.gif", "a.y4m"])
def test_what_was_written_stays_playable_after_an_abort(tmp_path: Path, name: str) -> None:
    one, node = sink(tmp_path / name), drawn(length=30)
    info = info_for(one, node.probe(ALL))
    writer = one.open(info)
    feed(writer, node, info.format)
    kept = writer.abort()
    assert kept is not None
    assert kept == tmp_path / name.replace(".", ".partial.")
    assert len(read(kept)) == 30
    assert writer.abort() == kept
    assert not (tmp_path / name).exists()


def test_an_abort_before_the_first_frame_leaves_nothing(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.avi", "a.y4m", "a.gif", "a%03d.png"):
        one = sink(tmp_path / name)
        assert one.open(info_for(one, drawn().probe(ALL))).abort() is None
    assert [*tmp_path.iterdir()] == []


def test_no_frame_at_all_is_an_error(tmp_path: Path) -> None:
    for name in ("a.mp4", "a%03d.png"):
        one = sink(tmp_path / name)
        with pytest.raises(RunError, match=r"no frame came to .*, so nothing was written"):
            one.open(info_for(one, drawn().probe(ALL))).close()
    assert [*tmp_path.iterdir()] == []


def test_no_clobber_refuses_an_existing_file(tmp_path: Path) -> None:
    for name, first in (("a.mp4", "a.mp4"), ("a%03d.png", "a001.png")):
        (tmp_path / first).write_text("precious")
        one = sink(tmp_path / name)
        with pytest.raises(GraphError, match=f"{first} exists already"):
            one.open(info_for(one, drawn().probe(ALL), overwrite=False))
        assert (tmp_path / first).read_text() == "precious"


WRITES = """
import os, resource, signal, sys
sys.path.insert(0, sys.argv[1])
from media_clips import ALL, drawn, feed, info_for, sink
one, node = sink(sys.argv[2]), drawn("160x96", 300)
info = info_for(one, node.probe(ALL))
if sys.argv[3] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000))
writer = one.open(info)
try:
    feed(writer, node, info.format)
    if sys.argv[3] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    print(writer.close())
except Exception as error:
    print(type(error).__name__, error)
    print(writer.abort())
"""


def in_process(path: Path, what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WRITES, str(Path(__file__).parent), str(path), what]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.avi", "a.webm"])
def test_a_killed_process_leaves_a_playable_file(tmp_path: Path, name: str) -> None:
    assert in_process(tmp_path / name, "kill").returncode == -signal.SIGKILL
    partial = tmp_path / name.replace(".", ".partial.")
    assert len(read(partial)) > 0.8 * 300


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.y4m", "a.gif"])
def test_a_full_disk_is_told_and_keeps_what_fitted(tmp_path: Path, name: str) -> None:
    done = in_process(tmp_path / name, "full")
    error, kept = done.stdout.splitlines()
    assert error == f"RunError {tmp_path / name} can't be written: File too large"
    assert Path(kept) == tmp_path / name.replace(".", ".partial.")
    assert 20_000 < Path(kept).stat().st_size <= 30_000


def test_a_disk_that_is_full_for_images_leaves_whole_images_only(tmp_path: Path) -> None:
    done = in_process(tmp_path / "a%03d.bmp", "full")
    assert "a001.bmp can't be written: File too large" in done.stdout
    assert [*tmp_path.iterdir()] == []


def test_standard_output_gets_y4m(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITES, str(Path(__file__).parent), "-", "write"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    head, _, body = data.partition(b"\n")
    assert head.startswith(b"YUV4MPEG2 W160 H96 F25:1 ")
    assert len(body.rstrip()) >= 300 * 160 * 96 * 3 // 2


def test_null_takes_what_a_video_would_and_keeps_nothing(tmp_path: Path) -> None:
    one, node = sink("null"), drawn(format="bgr24")
    assert one.path_written() is None
    assert one.convert_to(node.probe(ALL).format) == "yuv420p"
    assert write("null", node) == "null: 10 frames"


def test_times_that_do_not_increase_are_moved(tmp_path: Path) -> None:
    one, node = sink(tmp_path / "a.mp4"), drawn(length=4)
    writer = one.open(info_for(one, node.probe(ALL)))
    for frame in frames_of(node):
        writer.write(Frame(frame.index, Fraction(0), frame.format, frame.planes))
    writer.close()
    times = [frame.time for frame in read(tmp_path / "a.mp4")]
    assert len(times) == 4
    assert times == sorted(times)


def test_a_stream_without_a_rate_can_be_written(tmp_path: Path) -> None:
    write(tmp_path / "in.mp4", drawn(length=60), options={"g": 20})
    node = source(tmp_path / "in.mp4", keyframes=True)
    for name in ("a.mp4", "a.mkv", "a.avi", "a.gif"):
        one = sink(tmp_path / name)
        info = replace(info_for(one, node.probe(ALL)), rate=None)
        writer = one.open(info)
        feed(writer, node, info.format)
        writer.close()
        assert [float(f.time) for f in read(tmp_path / name)] == pytest.approx([0, 0.8, 1.6], abs=0.005)


def test_memory_of_encoders_grows_with_the_picture_and_the_lookahead() -> None:
    small, large = drawn("320x180").probe(ALL).format, drawn("1280x720").probe(ALL).format
    assert sink("null").codec_bytes(large) == 0
    for name, params in FILES:
        one = sink(name, **params)
        assert 0 < one.codec_bytes(small) < one.codec_bytes(large)
    assert sink("a.mp4", preset="ultrafast").codec_bytes(large) < sink("a.mp4").codec_bytes(large) / 3


def test_a_limited_run_is_written_as_such(tmp_path: Path) -> None:
    line = write(tmp_path / "a.mp4", drawn(length=50), Limits(frames=5))
    assert " 5 frames, 0:00.2," in line


@pytest.mark.parametrize("codec", [name for name, codec in CODECS.items() if codec.copies])
def test_an_encoder_that_copies_may_be_given_the_same_memory_again(
    codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reused, fresh = tmp_path / "reused.mkv", tmp_path / "fresh.mkv"
    node = drawn("320x192", 40)
    write(reused, node, codec=codec)
    monkeypatch.setitem(CODECS, codec, replace(CODECS[codec], copies=False))
    write(fresh, node, codec=codec)
    for one, other in zip(read(reused), read(fresh), strict=True):
        assert all(map(np.array_equal, one.planes, other.planes))
