"""Reading video: which frames come, at which times, in which format, and what is said about the medium."""

import gc
import weakref
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media_clips import ALL, bgr, drawn, encode, ffmpeg, frames_of, read, source, write

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Frame
from flowgraph.media.decoder import Decoder
from flowgraph.media.request import exact_rate, spoken
from flowgraph.node import Limits, Reader


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """100 frames at 25 a second, with B-frames and a key frame every 30."""
    path = tmp_path / "clip.mp4"
    write(path, drawn(length=100), options={"g": 30}, preset="veryfast")
    return path


def numbers(frames: list[Frame]) -> list[int]:
    return [int(frame.time * 25) for frame in frames]


def test_frames_are_read_only_views_with_consecutive_indexes_and_exact_times(clip: Path) -> None:
    frames = read(clip)
    assert [frame.index for frame in frames] == [*range(100)]
    assert [frame.time for frame in frames] == [Fraction(k, 25) for k in range(100)]
    assert {frame.duration for frame in frames} == {Fraction(1, 25)}
    with pytest.raises(ValueError, match="read-only"):
        frames[5].planes[0][0, 0] = 1


def test_a_frame_outlives_its_reader(clip: Path) -> None:
    kept = frames_of(source(clip), Limits(frames=1))[0]
    before = kept.planes[0].copy()
    read(clip)
    assert np.array_equal(kept.planes[0], before)


def test_a_closed_reader_leaves_no_decoder_behind(clip: Path) -> None:
    """Each pass opens one: if they waited for the garbage collector, all would be there at a time."""
    node = source(clip)
    info = node.probe(ALL)
    gc.collect()
    gc.disable()
    try:
        reader = node.open(info, ALL)
        assert reader.read() is not None
        contexts = [kept for kept in gc.get_objects() if isinstance(kept, Decoder)]
        assert contexts
        reader.close()
        del reader
        left = [weakref.ref(kept) for kept in contexts]
        del contexts
        assert [kept() for kept in left if kept() is not None] == []
    finally:
        gc.enable()


def test_the_probe_tells_rate_length_and_format(clip: Path) -> None:
    info = source(clip).probe(ALL)
    assert (info.rate, info.frames, info.exact, info.rereadable) == (Fraction(25), 100, True, True)
    assert str(info.format) == "yuv420p 96x64 unspecified limited"
    assert info.describe == "h264, 96x64, 25 frames/s, 0:04.0"
    assert info.path == clip


@pytest.mark.parametrize(
    ("params", "limits", "expected"),
    [
        ({"start": 10, "stop": 14}, Limits(), [10, 11, 12, 13]),
        ({"start": "400ms", "stop": "560ms"}, Limits(), [10, 11, 12, 13]),
        ({"start": "3.5s"}, Limits(), [*range(88, 100)]),
        ({"start": "1.21s", "stop": 35}, Limits(), [31, 32, 33, 34]),
        ({"every": 30}, Limits(), [0, 30, 60, 90]),
        ({"start": 5, "every": 2}, Limits(frames=3), [5, 7, 9]),
        ({"start": "1s"}, Limits(start_s=Fraction(2), stop_s=Fraction(53, 25)), [50, 51, 52]),
        ({"keyframes": True}, Limits(), [0, 30, 60, 90]),
        ({"keyframes": True, "every": 2}, Limits(), [0, 60]),
        ({"keyframes": True}, Limits(frames=3), [0, 30, 60]),
        ({"start": "1:00"}, Limits(), []),
    ],
)
def test_a_cut_delivers_exactly_its_frames(
    clip: Path, params: dict[str, Any], limits: Limits, expected: list[int]
) -> None:
    node = source(clip, **params)
    frames = frames_of(node, limits)
    assert numbers(frames) == expected
    assert [frame.index for frame in frames] == [*range(len(expected))]
    everything = read(clip)
    for frame in frames:
        assert np.array_equal(frame.planes[0], everything[int(frame.time * 25)].planes[0])
    told = node.probe(limits).frames
    assert told is None or told in (len(expected), len(expected) + 1)


def test_key_frames_are_marked(clip: Path) -> None:
    assert [frame.index for frame in read(clip) if frame.properties["key_frame"]] == [0, 30, 60, 90]


def test_a_stretch_without_frames_is_refused(clip: Path) -> None:
    with pytest.raises(GraphError, match=r"no frame of .* lies between"):
        source(clip, start="2s", stop="1s").probe(ALL)


def test_clocks_are_equal_for_equal_cuts_whatever_the_colours(clip: Path) -> None:
    first = source(clip, every=2).probe(ALL).clock
    assert first == source(clip, every=2, rgb="accurate", format="bgr24").probe(ALL).clock
    assert first != source(clip).probe(ALL).clock
    assert first != source(clip, every=2).probe(Limits(frames=3)).clock


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    times = (0, 1, 2, 5, 6, 9, 14)
    frames = read(encode(tmp_path / "a.mkv", times=times))
    assert [round(frame.time * 25) for frame in frames] == [*times]


def test_a_given_rate_replaces_the_files_times(tmp_path: Path) -> None:
    frames = read(encode(tmp_path / "a.mkv", times=(0, 4, 5)), rate=10)
    assert [frame.time for frame in frames] == [0, Fraction(1, 10), Fraction(2, 10)]


def test_time_starts_at_zero_where_the_files_own_does_not(tmp_path: Path) -> None:
    encode(tmp_path / "a.ts", times=tuple(range(50, 60)))
    assert [frame.time for frame in read(tmp_path / "a.ts")] == [Fraction(k, 25) for k in range(10)]


@pytest.mark.parametrize(("turn", "size"), [(90, (64, 96)), (180, (96, 64)), (270, (64, 96))])
def test_rotation_is_applied_as_ffmpeg_does(tmp_path: Path, turn: int, size: tuple[int, int]) -> None:
    encode(tmp_path / "a.mp4")
    ffmpeg("-i", tmp_path / "a.mp4", "-c", "copy", "-metadata:s:v:0", f"rotate={turn}", tmp_path / "b.mp4")
    info = source(tmp_path / "b.mp4").probe(ALL)
    assert (info.format.width, info.format.height) == size
    assert info.notes == (f"rotated by {360 - turn} degrees, as the file asks",)
    raw = ffmpeg("-i", tmp_path / "b.mp4", "-frames:v", 1, "-pix_fmt", "bgr24", "-f", "rawvideo", "-")
    expected = np.frombuffer(raw, np.uint8).reshape(size[1], size[0], 3)
    assert np.array_equal(bgr(read(tmp_path / "b.mp4")[0]), expected)


@pytest.mark.parametrize(
    ("pixel", "codec", "name", "expected", "note"),
    [
        ("yuvj420p", "mjpeg", "a.avi", "yuv420p 96x64 bt601 full", ""),
        ("yuv420p10le", "libx265", "a.mkv", "yuv420p 96x64 unspecified limited", "10 bits become 8"),
        ("nv12", "rawvideo", "a.nut", "yuv420p 96x64 unspecified limited", ""),
        ("rgb24", "rawvideo", "a.nut", "bgr24 96x64", ""),
        ("rgba", "png", "a.mov", "bgra 96x64", ""),
        ("gray10le", "ffv1", "a.mkv", "gray 96x64", "10 bits become 8"),
        ("yuva420p", "ffv1", "a.mkv", "yuv420p 96x64 unspecified limited", "transparency is dropped"),
        ("yuv410p", "ffv1", "a.mkv", "yuv410p 96x64 unspecified limited", ""),
    ],
)
def test_other_pixel_formats_become_the_nearest_one(
    tmp_path: Path, pixel: str, codec: str, name: str, expected: str, note: str
) -> None:
    options = {"options": {"x265-params": "log-level=none"}} if codec == "libx265" else {}
    clip = encode(tmp_path / name, pixel, codec=codec, context=options)
    info = source(clip).probe(ALL)
    assert str(info.format) == expected
    assert note in "".join(info.notes)
    assert bool(note) is bool(info.notes)
    with av.open(str(clip)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert np.abs(bgr(read(clip)[0]).astype(int) - picture).mean() < 2.5


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_hdr_video_is_refused(tmp_path: Path, transfer: int, name: str) -> None:
    clip = encode(tmp_path / "a.mkv", "yuv420p10le", codec="ffv1", context={"color_trc": transfer})
    with pytest.raises(GraphError, match=rf"a.mkv is HDR video \({name}\)"):
        source(clip).probe(ALL)


def test_matrix_range_primaries_and_aspect_are_the_files(tmp_path: Path) -> None:
    tags = {"colorspace": 1, "color_range": 2, "color_primaries": 1, "color_trc": 1}
    clip = encode(tmp_path / "a.mkv", context=tags | {"sample_aspect_ratio": Fraction(4, 3)})
    format = source(clip, rgb="accurate").probe(ALL).format
    assert (format.matrix, format.range, format.rgb) == ("bt709", "full", "accurate")
    assert (format.primaries, format.transfer, format.aspect) == (1, 1, Fraction(4, 3))


def test_a_change_of_size_in_mid_stream_is_scaled_with_one_note(tmp_path: Path) -> None:
    first, second = encode(tmp_path / "a.ts"), encode(tmp_path / "b.ts", size=(48, 48))
    both = tmp_path / "both.ts"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    node = source(both)
    reader = node.open(node.probe(ALL), ALL)
    frames: list[Frame] = []
    while (frame := reader.read()) is not None:
        frames.append(frame)
    assert {frame.planes[0].shape for frame in frames} == {(64, 96)}
    assert len(frames) == 20
    assert [a.time < b.time for a, b in pairwise(frames)] == [True] * 19
    (note,) = notes(reader)
    assert note.startswith("the video becomes 48x48 yuv420p at 0:00.4")


def notes(reader: Reader) -> list[str]:
    found = getattr(reader, "notes", None)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", ["fast.mp4", "a.avi", "a.mkv"])
def test_a_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.mp4", drawn(length=100))
    write(tmp_path / "a.avi", drawn(length=100))
    write(tmp_path / "a.mkv", drawn(length=100))
    ffmpeg("-i", tmp_path / "a.mp4", "-c", "copy", "-movflags", "+faststart", tmp_path / "fast.mp4")
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) * 6 // 10])
    node = source(tmp_path / name)
    info = node.probe(ALL)
    assert "is cut short" in info.notes[-1]
    reader = node.open(info, ALL)
    count = 0
    with pytest.raises(
        RunError, match=r"stops at 0:0[12]\.\d: the file is cut short, [\d,]+ bytes are missing"
    ):
        while reader.read() is not None:
            count += 1
    assert 30 < count < 75


def test_a_stop_before_the_cut_is_no_failure(tmp_path: Path) -> None:
    write(tmp_path / "a.mkv", drawn(length=100))
    data = (tmp_path / "a.mkv").read_bytes()
    (tmp_path / "a.mkv").write_bytes(data[: len(data) * 6 // 10])
    assert len(read(tmp_path / "a.mkv", stop=10)) == 10


def test_damage_in_the_middle_is_passed_over_and_told(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", drawn(length=100))
    data = bytearray((tmp_path / "a.mp4").read_bytes())
    middle = len(data) // 3
    data[middle : middle + 800] = np.random.default_rng(0).bytes(800)
    (tmp_path / "a.mp4").write_bytes(data)
    node = source(tmp_path / "a.mp4")
    reader = node.open(node.probe(ALL), ALL)
    count = 0
    while reader.read() is not None:
        count += 1
    assert 80 < count <= 100
    assert any("damage" in note for note in notes(reader))


def test_standard_input_is_probed_and_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.y4m", drawn(length=7))
    from flowgraph.media import request
    from flowgraph.media.location import Location

    pipe = Location("pipe", str(tmp_path / "a.y4m"))
    monkeypatch.setattr(request, "locate", lambda path: pipe)
    info = source("-").probe(ALL)
    assert (info.rereadable, info.path) == (False, None)
    assert source("-").probe(ALL).clock == info.clock
    assert len(frames_of(source("-"))) == 7


def test_a_device_is_named_as_ffmpeg_does() -> None:
    frames = frames_of(source("lavfi:testsrc2=size=64x48:rate=10:duration=1"))
    assert len(frames) == 10
    assert frames[0].format.width == 64


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing.mp4", "no such file: .*nothing.mp4"),
        ("folder", "folder is a folder, not a video"),
        ("empty.mp4", "empty.mp4 is empty"),
        ("text.mp4", "text.mp4 is not a video that can be read"),
        ("sound.wav", "sound.wav has no video"),
        ("rtsp://127.0.0.1:1/none", "rtsp://127.0.0.1:1/none can't be opened: Connection refused"),
        ("v4l2:/dev/no-camera", "/dev/no-camera can't be opened: No such file"),
        ("half.mp4", "half.mp4 is not a video that can be read"),
    ],
)
def test_what_can_not_be_read_is_named(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("This is no video.\n" * 50)
    ffmpeg("-f", "lavfi", "-i", "sine=duration=0.2", tmp_path / "sound.wav")
    write(tmp_path / "half.mp4")
    (tmp_path / "half.mp4").write_bytes((tmp_path / "half.mp4").read_bytes()[:2000])
    path = name if ":" in name else str(tmp_path / name)
    with pytest.raises(GraphError, match=message) as caught:
        source(path).probe(ALL)
    assert caught.value.exit_code == 2


def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path, clip: Path) -> None:
    with pytest.raises(GraphError) as caught:
        source(tmp_path / "clpi.mp4").probe(ALL)
    assert caught.value.hint == "did you mean 'clip.mp4'?"


def test_a_file_that_has_changed_since_the_probe_is_refused(tmp_path: Path) -> None:
    node = source(encode(tmp_path / "a.mkv"))
    info = node.probe(ALL)
    encode(tmp_path / "a.mkv", size=(48, 48))
    with pytest.raises(GraphError, match="has changed"):
        node.open(info, ALL)


def test_numbers_stand_for_exact_rates_and_times_are_spoken() -> None:
    assert [exact_rate(v) for v in (25, 29.97, 23.976, 59.94, 12.5)] == [
        25, Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60000, 1001), Fraction(25, 2),
    ]  # fmt: skip
    assert [spoken(Fraction(s)) for s in ("3.21", "59.96", "3723")] == ["0:03.2", "1:00.0", "1:02:03.0"]
