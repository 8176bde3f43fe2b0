"""A file that was probed waits for its reader, so that a run opens it once."""

from pathlib import Path

import pytest
from media_clips import ALL, frames_of, read, source, write

from flowgraph.media.decoder import Decoder
from flowgraph.media.location import Location


class Counts:
    """How many decoders were opened, and are open still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened = 0
        self.open: set[Decoder] = set()
        begin, close = Decoder.__init__, Decoder.close

        def count_open(decoder: Decoder, location: Location, *, keyframes: bool, threads: int) -> None:
            begin(decoder, location, keyframes=keyframes, threads=threads)
            self.opened += 1
            self.open.add(decoder)

        def count_close(decoder: Decoder) -> None:
            close(decoder)
            self.open.discard(decoder)

        monkeypatch.setattr(Decoder, "__init__", count_open)
        monkeypatch.setattr(Decoder, "close", count_close)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    write(path)
    return path


@pytest.fixture
def counts(clip: Path, monkeypatch: pytest.MonkeyPatch) -> Counts:
    return Counts(monkeypatch)


def test_the_first_reader_goes_on_where_probing_stopped(clip: Path, counts: Counts) -> None:
    frames = read(clip)
    assert [frame.index for frame in frames] == [*range(10)]
    assert (counts.opened, len(counts.open)) == (1, 0)


def test_a_second_reader_opens_the_file_again(clip: Path, counts: Counts) -> None:
    node = source(clip)
    info = node.probe(ALL)
    first, second = node.open(info, ALL), node.open(info, ALL)
    for reader in (first, second):
        frame = reader.read()
        assert frame is not None
        assert frame.index == 0
        reader.close()
    assert (counts.opened, len(counts.open)) == (2, 0)


def test_two_sources_of_one_file_are_probed_once(clip: Path, counts: Counts) -> None:
    fast, accurate = source(clip).probe(ALL), source(clip, rgb="accurate").probe(ALL)
    assert (fast.format.rgb, accurate.format.rgb) == ("fast", "accurate")
    assert counts.opened == 1


def test_other_frames_of_a_file_wait_on_their_own(clip: Path, counts: Counts) -> None:
    every, part = source(clip), source(clip, start=5)
    infos = [node.probe(ALL) for node in (every, part)]
    lengths = [len(frames_of(node)) for node in (every, part)]
    assert (lengths, [info.frames for info in infos], counts.opened) == ([10, 5], [10, 5], 2)


def test_a_file_closes_when_nobody_has_what_probing_said(clip: Path, counts: Counts) -> None:
    info = source(clip).probe(ALL)
    assert len(counts.open) == 1
    del info
    assert not counts.open


def test_a_file_written_over_since_it_was_probed_is_read_as_it_is_now(clip: Path, counts: Counts) -> None:
    node = source(clip)
    info = node.probe(ALL)
    other = clip.with_name("other.mp4")
    write(other, source(clip, stop=4))
    other.replace(clip)
    reader = node.open(info, ALL)
    found = 0
    while reader.read() is not None:
        found += 1
    reader.close()
    assert (found, len(counts.open)) == (4, 0)
