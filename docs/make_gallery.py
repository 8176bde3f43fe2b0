"""Makes the pictures of docs/EFFECTS.md from clips that flowgraph draws itself.

    python docs/make_gallery.py                      # all of them, into docs/effects
    python docs/make_gallery.py motion_mix plate     # only these

Each picture is made of tiles: frames of a graph's nodes, computed one by one, cut and scaled to one width.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from gallery_shots import CLIPS, SHOTS, Shot, Tile
from numpy.typing import NDArray

import flowgraph

Picture = NDArray[np.uint8]

ROOT: Final = Path(__file__).parents[1]
WIDTH: Final = 480
GAP: Final = 4
QUALITY: Final = 84
OUTLINE: Final = (
    (116, 58), (150, 66), (190, 71), (230, 66), (280, 50), (320, 45), (360, 49), (400, 62), (440, 76),
    (473, 85), (473, 250), (440, 243), (400, 228), (360, 214), (320, 210), (280, 215), (230, 231),
    (190, 237), (150, 231), (116, 223),
)  # fmt: skip
"""The flag in the first frame of its clip, as somebody would draw around it."""


@cache
def graph(name: str) -> flowgraph.Graph:
    """A bundled graph."""
    return flowgraph.load(ROOT / "graphs" / f"{name}.yaml")


def clip(name: str, folder: Path) -> Path:
    """Draw one of the clips, or one of the pictures that graphs take beside them."""
    path = folder / (name if "." in name else f"{name}.mkv")
    if path.exists():
        return path
    if name == "first_frame_mask.png":
        mask = np.zeros((360, 640), np.uint8)
        cv2.fillPoly(mask, [np.array(OUTLINE, np.int32)], 255)
        cv2.imwrite(str(path), mask)
    elif name == "beach.png":
        cv2.imwrite(str(path), _beach(640, 360))
    else:
        maker, given = CLIPS[name]
        values: dict[str, Any] = {"output": str(path), **given}
        if "input" in given:
            values["input"] = str(clip(given["input"], folder))
        # A key frame each 15 frames, so that the graphs which take only those have some.
        overrides = {("out", "quality"): 8.0, ("out", "options"): {"g": 15, "sc_threshold": 0}}
        flowgraph.run(graph(maker), values, overrides)
    return path


def _beach(width: int, height: int) -> Picture:
    """Sand, sea, sky and a sun: what is shown instead of a room."""
    beach = np.full((height, width, 3), (235, 190, 120), np.uint8)
    beach[int(0.55 * height) :] = (170, 120, 30)
    beach[int(0.75 * height) :] = (160, 205, 235)
    cv2.circle(beach, (int(0.8 * width), int(0.25 * height)), height // 9, (150, 235, 255), -1, cv2.LINE_AA)
    for row in range(5):
        y = int((0.58 + 0.035 * row) * height)
        cv2.line(beach, (row * 61 % 90, y), (width - row * 47 % 120, y), (200, 160, 80), 2, cv2.LINE_AA)
    return beach


def frame_of(name: str, shot: Shot, tile: Tile, folder: Path) -> Picture:
    """One frame of a graph's node, as BGR."""
    chosen = graph(tile.graph or name)
    read = {**shot.read, **({"input": tile.clip} if tile.clip else {})}
    values: dict[str, Any] = {param: str(clip(of, folder)) for param, of in read.items()}
    for param in chosen.params:
        if param.type == "path" and param.name not in values:
            values[param.name] = str(folder / Path(str(param.default)).name)
    values.update(shot.values)
    values.update(tile.values)
    picture = flowgraph.compute_frame(chosen, values, tile.overrides, node=tile.node, at=tile.at).data
    coloured = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if picture.ndim == 2 else picture
    return np.asarray(coloured, np.uint8)


def fitted(picture: Picture, tile: Tile, width: int) -> Picture:
    """Cut a tile to its box and scale it to a width."""
    high, wide = picture.shape[:2]
    left, top, right, bottom = tile.box
    cut = picture[round(top * high) : round(bottom * high), round(left * wide) : round(right * wide)]
    height = tile.height or max(1, round(width * cut.shape[0] / cut.shape[1]))
    way = cv2.INTER_AREA if cut.shape[1] > width else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(cut, (width, height), interpolation=way), np.uint8)


def joined(rows: list[list[Picture]]) -> Picture:
    """Rows of tiles with white between them."""
    lines: list[Picture] = []
    for row in rows:
        height = max(tile.shape[0] for tile in row)
        line = np.full((height, WIDTH, 3), 255, np.uint8)
        x = 0
        for tile in row:
            line[: tile.shape[0], x : x + tile.shape[1]] = tile
            x += tile.shape[1] + GAP
        lines += [line, np.full((GAP, WIDTH, 3), 255, np.uint8)]
    return np.concatenate(lines[:-1])


def make(name: str, shot: Shot, folder: Path, target: Path) -> Path:
    """Make the picture of one graph."""
    rows: list[list[Picture]] = []
    for row in shot.rows:
        width = (WIDTH - GAP * (len(row) - 1)) // len(row)
        rows.append([fitted(frame_of(name, shot, tile, folder), tile, width) for tile in row])
    path = target / f"{name}.jpg"
    cv2.imwrite(str(path), joined(rows), [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    return path


def make_all(shots: Mapping[str, Shot], target: Path) -> Iterator[Path]:
    """Make the pictures of some graphs into a folder, one after the other."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, shot in shots.items():
            yield make(name, shot, Path(folder), target)


def main(words: Sequence[str] | None = None) -> None:
    """Make the pictures of the named graphs, or of all."""
    parser = argparse.ArgumentParser(description="Makes the pictures of docs/EFFECTS.md.")
    parser.add_argument("graph", nargs="*", help="graphs to show; all without any")
    parser.add_argument(
        "--into", type=Path, default=ROOT / "docs" / "effects", help="folder for the pictures"
    )
    call = parser.parse_args(words)
    if unknown := sorted(set(call.graph) - set(SHOTS)):
        parser.error(f"no picture is planned for {', '.join(unknown)}")
    for path in make_all({name: SHOTS[name] for name in call.graph or SHOTS}, call.into):
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
