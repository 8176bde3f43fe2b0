"""Gif: a palette for the whole stream, and each colour as the nearest of it."""

from pathlib import Path

import cv2
import numpy as np
from media_clips import ALL, bgr, drawn, feed, frames_of, info_for, read, sink

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.library import node_type
from flowgraph.media.palette import Histogram, bayer, indexes, nearest_table
from flowgraph.node import Formats, Implied


def palette_of(frames: list[Frame]) -> Frame:
    """What the palette node makes of frames."""
    node = node_type("palette")()
    formats = Formats({"image": (frames[0].format,)})
    made = node.output_formats(formats)["palette"]
    state = node.start(formats)  # type: ignore[attr-defined]  # reductions have what the engine calls
    for frame in frames:
        node.accumulate(state, frame)  # type: ignore[attr-defined]
    out = new_frame(made)
    node.finish(state, out)  # type: ignore[attr-defined]
    return out


def test_a_gif_asks_for_a_palette_of_what_it_is_given() -> None:
    assert sink("a.gif").implies() == {"palette": Implied("palette", {}, reads="image")}
    assert sink("a.mp4").implies() == {}


def test_a_palette_holds_the_colours_of_all_frames() -> None:
    frames = frames_of(drawn(length=3, format="bgr24"))
    for frame, colour in zip(frames, ((250, 10, 20), (10, 250, 20), (20, 10, 250)), strict=True):
        frame.data.flags.writeable = True
        frame.data[...] = colour
    palette = palette_of(frames)
    assert str(palette.format) == "bgr24 16x16"
    found = {tuple(colour) for colour in palette.data.reshape(-1, 3).tolist()}
    assert len(found - {(0, 0, 0)}) == 3
    for colour in ((250, 10, 20), (10, 250, 20), (20, 10, 250)):
        assert min(max(abs(a - b) for a, b in zip(colour, one, strict=True)) for one in found) <= 4


def test_two_halves_of_a_stream_make_the_palette_of_the_whole() -> None:
    pictures = [frame.data for frame in frames_of(drawn(length=4, format="bgr24"))]
    whole, first, second = Histogram(), Histogram(), Histogram()
    for picture in pictures:
        whole.add(picture)
    for picture in pictures[:2]:
        first.add(picture)
    for picture in pictures[2:]:
        second.add(picture)
    merged = node_type("palette")().merge(first, second)  # type: ignore[attr-defined]
    assert np.array_equal(merged.palette(), whole.palette())


def test_each_colour_becomes_the_nearest_of_the_palette() -> None:
    palette = np.random.default_rng(0).integers(0, 256, (256, 3), dtype=np.uint8)
    table = nearest_table(palette)
    picture = np.random.default_rng(1).integers(0, 32, (9, 11, 3), dtype=np.uint8) * 8 + 4
    found = palette[indexes(picture, table, None)].astype(int)
    distance = ((picture[:, :, None].astype(int) - palette.astype(int)) ** 2).sum(-1)
    assert np.array_equal(((picture - found) ** 2).sum(-1), distance.min(-1))


def test_the_dither_pattern_is_even() -> None:
    pattern = bayer()
    assert pattern.shape == (8, 8)
    assert len(np.unique(pattern)) == 64
    assert abs(float(pattern.mean())) < 1e-6


def test_a_palette_of_all_frames_is_nearer_than_one_of_the_first(tmp_path: Path) -> None:
    node = drawn("128x96", 6, format="bgr24")
    frames = frames_of(node)
    dark = (frames[0].data // 4).copy()

    def error(path: Path, palette: Plane | None) -> float:
        one = sink(path, dither=False)
        info = info_for(one, node.probe(ALL))
        if palette is not None:
            still = Frame(0, frames[0].time, Format("bgr24", 16, 16), (palette,))
            info = info_for(one, node.probe(ALL), stills={"palette": still})
        writer = one.open(info)
        first = Frame(0, frames[0].time, frames[0].format, (dark,))
        for index, frame in enumerate([first, *frames[1:]]):
            writer.write(frame.at(frames[index]))
        writer.close()
        return float(np.mean([np.abs(bgr(a).astype(int) - b.data).mean()
                              for a, b in zip(read(path)[1:], frames[1:], strict=True)]))  # fmt: skip

    assert error(tmp_path / "a.gif", palette_of(frames).data) < error(tmp_path / "b.gif", None) / 2


def test_dither_keeps_the_mean_of_a_soft_gradient() -> None:
    ramp = np.broadcast_to(np.linspace(0, 63, 512)[None, :, None], (64, 512, 3)).astype(np.uint8)
    palette = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1) // 10 * 10
    table = nearest_table(palette)
    pattern = np.tile(np.rint(bayer() * 12).astype(np.int16), (8, 64))

    def error(dither: Plane | None) -> float:
        shown = palette[indexes(ramp, table, dither)]
        soft = cv2.GaussianBlur(shown, (0, 0), 4).astype(int)
        return float(np.abs(soft - ramp)[16:48, 16:-16].mean())

    assert error(pattern) < error(None) * 0.7


def test_a_gif_is_read_back_by_ffmpeg_with_its_colours(tmp_path: Path) -> None:
    node = drawn("96x64", 5, format="bgr24")
    one = sink(tmp_path / "a.gif")
    info = info_for(one, node.probe(ALL), stills={"palette": palette_of(frames_of(node))})
    writer = one.open(info)
    feed(writer, node, info.format)
    assert writer.close().startswith(f"{tmp_path / 'a.gif'}: 5 frames, 0:00.2, ")
    for again, frame in zip(read(tmp_path / "a.gif"), frames_of(node), strict=True):
        assert cv2.PSNR(bgr(again), frame.data) > 28
