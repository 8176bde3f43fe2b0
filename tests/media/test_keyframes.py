"""Key frames found by an index: the frames that reading everything gives, without what lies between."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from media_clips import ffmpeg, frames_of, read, source

from flowgraph.frame import Frame
from flowgraph.media import decoder, keyframes
from flowgraph.node import Limits

SECONDS = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Clips with a key frame every second, that take 100 kB or more to the next."""
    made = tmp_path_factory.mktemp("clips")
    drawn = ("-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=25:duration={SECONDS},noise=alls=30:allf=t")
    sound = ("-f", "lavfi", "-i", f"sine=duration={SECONDS}")
    h264 = ("-c:v", "libx264", "-g", "25", "-bf", "2", "-sc_threshold", "0", "-preset", "ultrafast")
    ffmpeg(*drawn, *sound, *h264, "-bf", "2", "-pix_fmt", "yuv420p", "-c:a", "aac", made / "h264.mp4")
    ffmpeg(
        *drawn,
        "-c:v",
        "mpeg4",
        "-bf",
        "2",
        "-g",
        "25",
        "-sc_threshold",
        "1000000000",
        "-q:v",
        "3",
        made / "mpeg4.avi",
    )
    for name in ("h264.mkv", "h264.avi", "h264.ts"):
        ffmpeg("-i", made / "h264.mp4", "-c", "copy", made / name)
    parts = ("-c", "copy", "-movflags", "frag_keyframe+empty_moov")
    ffmpeg("-i", made / "h264.mp4", *parts, made / "parts.mp4")
    ffmpeg(
        "-i", made / "h264.mp4", "-c:v", "copy", "-an", "-f", "matroska", "-live", "1", made / "nocues.mkv"
    )
    yield made


def seen(frames: list[Frame]) -> list[tuple[object, ...]]:
    return [
        (f.index, f.time, f.duration, dict(f.properties), *(p.tobytes() for p in f.planes)) for f in frames
    ]


def read_whole(path: Path, patch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The same without any index."""
    with patch.context() as patched:
        patched.setattr(decoder, "keys", lambda *_: ())
        return seen(read(path, keyframes=True))


EVERY = ["h264.mp4", "mpeg4.avi", "h264.mkv", "h264.avi", "h264.ts", "parts.mp4", "nocues.mkv"]


@pytest.mark.parametrize("name", EVERY)
def test_an_index_changes_neither_pictures_nor_times(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = seen(read(folder / name, keyframes=True))
    assert len(found) >= SECONDS
    assert found == read_whole(folder / name, monkeypatch)


def test_decoders_that_skip_nothing_give_key_frames_only(folder: Path, tmp_path: Path) -> None:
    vp9 = ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime", "-g", "25", "-frames:v", "60")
    ffmpeg("-i", folder / "h264.mp4", "-an", *vp9, "-s", "64x48", tmp_path / "a.webm")
    ffmpeg("-i", tmp_path / "a.webm", "-c", "copy", "-f", "matroska", "-live", "1", tmp_path / "nocues.webm")
    for name in ("a.webm", "nocues.webm"):
        assert [float(frame.time) for frame in read(tmp_path / name, keyframes=True)] == [0, 1, 2]


def packets(path: Path, index: slice = slice(None), later: int = 0) -> list[int]:
    """Numbers of the frames whose packets come, by a part of the index, or one that goes wrong."""
    with av.open(str(path)) as container, av.open(str(path)) as other:
        found = keyframes.keys(other, other.streams.video[0])
        wrong = [replace(key, timestamp=key.timestamp + later * (n > 2)) for n, key in enumerate(found)]
        stream = container.streams.video[0]
        jumps = keyframes.Jumps(container, stream, wrong[index])
        base = stream.time_base or Fraction(1)
        times = [(p.pts - (stream.start_time or 0)) * base for p in jumps.packets() if p.pts is not None]
        return [round(time * 25) for time in times]


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv"])
@pytest.mark.parametrize(
    ("index", "later"),
    [
        (slice(None), 0),
        (slice(0, None, 2), 0),
        (slice(3), 0),
        (slice(4), 0),
        (slice(2, None), 0),
        (slice(None), 1),
    ],
)
def test_an_index_that_is_wrong_or_has_gaps_loses_nothing(
    folder: Path, name: str, index: slice, later: int
) -> None:
    assert packets(folder / name, index, later) == [25 * second for second in range(SECONDS)]


def bytes_read(path: Path) -> float:
    """Share of the file."""
    counted = Path("/proc/self/io")

    def so_far() -> int:
        return int(counted.read_text().split()[1])

    before = so_far()
    read(path, keyframes=True)
    return (so_far() - before) / path.stat().st_size


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "mpeg4.avi"])
def test_what_lies_between_is_not_read(folder: Path, name: str) -> None:
    assert bytes_read(folder / name) < 0.8
    assert bytes_read(folder / "h264.ts") > 1


def test_a_stretch_begins_at_its_first_key_frame(folder: Path) -> None:
    frames = read(folder / "h264.mp4", keyframes=True, start="2.5s")
    assert [float(frame.time) for frame in frames] == [3, 4, 5]


@pytest.mark.parametrize(("name", "exact"), [("h264.mp4", True), ("h264.avi", False), ("h264.mkv", False)])
def test_an_index_tells_how_many_will_come(folder: Path, name: str, exact: bool) -> None:
    info = source(folder / name, keyframes=True, every=2).probe(Limits())
    assert (info.frames, info.exact) == (3, exact)
    assert len(frames_of(source(folder / name, keyframes=True, every=2))) == 3


def test_a_file_cut_short_gives_what_it_has(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "h264.mkv").read_bytes()
    short = tmp_path / "short.mkv"
    short.write_bytes(whole[: len(whole) * 7 // 10])
    assert len(packets(short)) == 5
