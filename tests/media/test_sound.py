"""Sound goes along with the pictures that it belongs to."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media_clips import ALL, ffmpeg, info_for, sink, source, write

from flowgraph.errors import GraphError

ENCODERS = {"in.mp4": ("libx264", "aac"), "in.mkv": ("libx264", "libopus"), "in.avi": ("mpeg4", "libmp3lame"),
            "pcm.mkv": ("libx264", "pcm_s16le")}  # fmt: skip


def clip(path: Path) -> Path:
    """Six seconds; at each full second the picture is white and a tone sounds, for a tenth of a second."""
    video, sound = ENCODERS[path.name]
    flash = "color=black:s=64x48:r=25:d=6,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.1)'"
    beep = "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,1),0.1)':d=6:s=48000"
    ffmpeg("-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep, "-c:v", video, "-c:a", sound, path)
    return path


def starts(states: list[tuple[float, bool]]) -> list[float]:
    return [time for (time, now), (_, before) in zip(states[1:], states, strict=False) if now and not before]


def flashes(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        frames = [
            (frame.time, frame.to_ndarray(format="gray").mean() > 128) for frame in container.decode(video=0)
        ]
    return starts([(time, bool(white)) for time, white in frames])


def beeps(path: Path) -> list[float]:
    states: list[tuple[float, bool]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            samples = np.abs(frame.to_ndarray().astype(float)).max()
            assert frame.time is not None
            states.append((frame.time, samples > (6500 if "s16" in frame.format.name else 0.2)))
    return starts(states)


def sound_codec(path: Path) -> str:
    with av.open(str(path)) as container:
        return container.streams.audio[0].codec_context.name if container.streams.audio else ""


@pytest.mark.parametrize("cut", [{}, {"start": "1.3s", "stop": "4.5s"}])
@pytest.mark.parametrize(
    ("given", "written", "codec"),
    [
        ("in.mp4", "a.mp4", "aac"),
        ("in.mp4", "a.mkv", "aac"),
        ("in.mp4", "a.mov", "aac"),
        ("in.mp4", "a.webm", "opus"),
        ("in.mkv", "a.mp4", "opus"),
        ("in.mkv", "a.mov", "aac"),
        ("in.mkv", "a.webm", "opus"),
        ("in.avi", "a.mp4", "mp3float"),
        ("in.avi", "a.avi", "mp3float"),
        ("pcm.mkv", "a.mkv", "pcm_s16le"),
        ("pcm.mkv", "a.mov", "pcm_s16le"),
        ("pcm.mkv", "a.avi", "pcm_s16le"),
    ],
)
def test_sound_stays_with_its_picture(
    tmp_path: Path, given: str, written: str, codec: str, cut: dict[str, Any]
) -> None:
    original = clip(tmp_path / given)
    write(tmp_path / written, source(original, **cut))
    assert sound_codec(tmp_path / written) == codec
    seen, heard = flashes(tmp_path / written), beeps(tmp_path / written)
    assert len(seen) >= 3
    apart = np.median(np.array(flashes(original)) - [t for t in beeps(original) if t > 0.5])
    for time in seen:
        nearest = min(heard, key=lambda beep: abs(beep - time))
        assert abs(time - nearest - apart) < 0.045


@pytest.mark.parametrize(("offset_s", "first"), [(0, 0.5), (0.3, 0.2), (1.3, 0.2), (-0.25, 0.75)])
def test_sound_may_be_another_files_and_run_ahead(tmp_path: Path, offset_s: float, first: float) -> None:
    other = tmp_path / "other.wav"
    beep = "aevalsrc='0.8*sin(2*PI*1000*t)*between(mod(t,1),0.5,0.6)':d=6:s=48000"
    ffmpeg("-f", "lavfi", "-i", beep, other)
    node = source(clip(tmp_path / "in.mp4"), stop="3s")
    write(tmp_path / "a.mkv", node, sound=str(other), sound_offset_s=offset_s)
    heard = beeps(tmp_path / "a.mkv")
    # Sound is taken in packets of up to 0.1 s.
    assert abs(heard[0] - first) < 0.1
    assert abs(heard[1] - heard[0] - 1) < 0.1


def test_sound_of_a_file_without_any_is_missed_aloud(tmp_path: Path) -> None:
    picture = tmp_path / "still.png"
    ffmpeg("-f", "lavfi", "-i", "color=s=16x16", "-frames:v", "1", picture)
    line = write(tmp_path / "a.mp4", source(clip(tmp_path / "in.mp4"), stop=5), sound=str(picture))
    assert line.endswith(f"without sound: {picture} has none")
    with pytest.raises(GraphError, match=r"the sound of .*none\.mp4 can't be read"):
        write(tmp_path / "b.mp4", source(tmp_path / "in.mp4", stop=5), sound=str(tmp_path / "none.mp4"))


def test_the_file_whose_sound_is_read_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="over the file whose sound is read"):
        sink(tmp_path / "a.mp4", sound=str(tmp_path / "a.mp4"))


def test_sound_ends_with_the_picture(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", source(clip(tmp_path / "in.mp4"), stop="2s"))
    with av.open(str(tmp_path / "a.mp4")) as container:
        ends = [float(s.duration * s.time_base) for s in container.streams if s.duration and s.time_base]
    assert len(ends) == 2
    assert abs(ends[0] - 2) < 0.001
    assert abs(ends[1] - 2) < 0.05


def test_why_there_is_no_sound_is_said(tmp_path: Path) -> None:
    node = source(clip(tmp_path / "in.mp4"), stop=5)
    assert write(tmp_path / "a.gif", node).endswith("without sound: gif files have none")
    one = sink(tmp_path / "a.mp4")
    writer = one.open(info_for(one, node.probe(ALL), own_clock=False))
    reader = node.open(node.probe(ALL), ALL)
    while (frame := reader.read()) is not None:
        writer.write(frame)
    assert writer.close().endswith("without sound: these are not the source's frames at their own times")
    assert sound_codec(tmp_path / "a.mp4") == ""


def test_sound_that_is_not_wanted_is_left_out_without_a_word(tmp_path: Path) -> None:
    line = write(tmp_path / "a.mp4", source(clip(tmp_path / "in.mp4"), stop=5), audio="none")
    assert "; " not in line
    assert sound_codec(tmp_path / "a.mp4") == ""


def test_another_rate_has_no_sound(tmp_path: Path) -> None:
    info = source(clip(tmp_path / "in.mp4"), rate=10).probe(ALL)
    assert not info.audio
    assert source(tmp_path / "in.mp4").probe(ALL).audio


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.webm", "webm can't hold the source's sound"), ("a.gif", "can't be copied: gif files have none")],
)
def test_a_copy_that_can_not_be_made_is_an_error(tmp_path: Path, name: str, message: str) -> None:
    node = source(clip(tmp_path / "in.mp4"), stop=5)
    with pytest.raises(GraphError, match=message):
        write(tmp_path / name, node, audio="copy")
