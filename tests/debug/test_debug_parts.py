"""The parts of the live page by themselves: conditions, pictures, numbers about frames, messages."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from debug_graphs import LEVELS, write_files

from flowgraph import per_frame
from flowgraph.errors import GraphError, Place
from flowgraph.frame import Format, Frame, Plane, new_frame, table
from flowgraph_tools.debug.conditions import condition
from flowgraph_tools.debug.examining import difference, fingerprint, histogram, probe, statistics, waveform
from flowgraph_tools.debug.keep import Keep, Kept
from flowgraph_tools.debug.mailbox import Mailbox
from flowgraph_tools.debug.pictures import THUMBNAIL, flat_colour, sample, thumbnail, to_bgr
from flowgraph_tools.debug.protocol import pack, problem, unpack
from flowgraph_tools.debug.target import expanded
from flowgraph_tools.debug.watching import mean


def gray(*rows: list[int], index: int = 0) -> Frame:
    format = Format("gray", len(rows[0]), len(rows))
    return Frame(index, Fraction(index, 25), format, (np.array(rows, np.uint8),))


def colour(*bgr: int, size: tuple[int, int] = (64, 48)) -> Plane:
    return np.full((size[1], size[0], 3), bgr, np.uint8)


# -- conditions ---

TIMES = {"ms": 41.0, "mean": 30.0, "p95": 40.0, "waited": 0.0, "fired": 7.0, "frame": 6.0}


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("ms > 40", True),
        ("ms > 42", False),
        ("ms > 1.3 * mean and frame >= 6", True),
        ("not (fired == 7)", False),
        ("between(level, 4, 6) and least == 0 and most == 10", True),
        ("if(frame < 6, 1, 0)", False),
    ],
)
def test_a_condition_is_asked_with_the_times_and_levels_of_a_firing(expression: str, holds: bool) -> None:
    assert condition("glow", expression).holds(TIMES, (gray([0, 10], [10, 0]),)) is holds


def test_a_condition_on_levels_does_not_hold_where_there_is_no_picture() -> None:
    row = new_frame(table("count"))
    assert not condition("glow", "level >= 0").holds(TIMES, ())
    assert not condition("glow", "level >= 0").holds(TIMES, (row,))


@pytest.mark.parametrize("expression", ["", "ms >", "__import__('os')", "ms.real", "open", "ms > 'a'"])
def test_nothing_but_arithmetic_is_a_condition(expression: str) -> None:
    with pytest.raises(GraphError, match="stop at 'glow'"):
        condition("glow", expression)


# -- pictures ---


@pytest.mark.parametrize(
    "pixel", ["gray", "bgr24", "bgra", "gbrp", "yuv420p", "yuv411p", "gray16le", "grayf32le"]
)
@pytest.mark.parametrize("size", [(64, 48), (1921, 1081), (8, 2000)])
def test_a_thumbnail_is_a_jpeg_in_the_picture_s_own_proportions(pixel: str, size: tuple[int, int]) -> None:
    taken = sample(new_frame(Format(pixel, *size)))
    shown = cv2.imdecode(np.frombuffer(thumbnail(taken), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    height, width = shown.shape[:2]
    assert width <= THUMBNAIL[0]
    assert height <= THUMBNAIL[1]
    assert abs(width * size[1] - height * size[0]) <= max(size)


def test_a_sample_is_a_copy() -> None:
    frame = new_frame(Format("gray", 64, 48))
    taken = sample(frame)
    frame.planes[0][...] = 255
    assert taken.frame.planes[0].max() == 0


def test_numbers_are_shown_around_zero() -> None:
    motion = new_frame(Format("grayf32le", 3, 1))
    motion.planes[0][...] = [[-2, 0, 4]]
    assert to_bgr(motion)[0, :, 0].tolist() == [64, 128, 255]


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (colour(0, 0, 0), "all black"),
        (colour(255, 254, 255), "all white"),
        (colour(90, 91, 90), "all gray"),
        (colour(200, 10, 10), "all one colour"),
    ],
)
def test_a_picture_of_one_colour_is_told(picture: Plane, said: str) -> None:
    assert flat_colour(picture) == said


def test_a_picture_with_a_few_other_pixels_has_lost_nearly_all() -> None:
    picture = colour(0, 0, 0)
    picture[0, :3] = 255
    assert flat_colour(picture) == "almost black"
    picture[:5] = 255
    assert flat_colour(picture) == ""


# -- numbers ---


def test_a_probe_tells_the_samples_of_each_plane_and_the_colour_that_is_seen() -> None:
    frame = new_frame(Format("yuv420p", 4, 4, "bt709", "limited"))
    frame.planes[0][...] = 235
    frame.planes[1][...] = frame.planes[2][...] = 128
    frame.planes[1][1, 1] = 90
    found = probe(frame, 0, 0)
    assert (found["planes"], found["names"], found["rgb"]) == (
        [[235], [128], [128]],
        ["Y", "U", "V"],
        [255] * 3,
    )
    assert probe(frame, 3, 2)["planes"] == [[235], [90], [128]]
    with pytest.raises(ValueError, match="outside of 4x4"):
        probe(frame, 4, 0)


def test_statistics_histogram_and_waveform_are_those_of_the_samples() -> None:
    frame = gray([0, 10, 10, 255])
    found = statistics(frame)
    assert (found["names"], found["rows"]) == (["gray"], [[0.0, 68.75, 255.0]])
    counts = histogram(frame)["gray"]
    assert (counts[0], counts[10], counts[255], sum(counts)) == (1, 2, 1, 4)
    shown = waveform(frame)
    assert shown.shape == (128, 256)
    assert [int(column) for column in np.argmax(shown[:, ::64], axis=0)] == [127, 122, 122, 0]


def test_a_fingerprint_is_that_of_all_bits() -> None:
    assert fingerprint(gray([1, 2])) == fingerprint(gray([1, 2], index=9))
    assert fingerprint(gray([1, 2])) != fingerprint(gray([1, 3]))
    assert fingerprint(gray([1, 2])) != fingerprint(gray([1], [2]))


def test_a_difference_is_amplified_and_told_in_numbers() -> None:
    picture, told = difference(gray([10, 10]), gray([10, 15]))
    assert told == {"most": 5, "mean": 2.5, "pixels": 1, "gain": 51}
    assert picture[0, :, 0].tolist() == [0, 255]
    with pytest.raises(ValueError, match="can't be compared"):
        difference(gray([1, 2]), gray([1]))


def test_one_hiccup_does_not_make_a_node_slow() -> None:
    assert mean([0.001] * 99 + [1.0]) == pytest.approx(0.001)
    assert mean([0.5]) == 0.5


def test_kept_frames_never_take_more_than_was_said() -> None:
    keep = Keep(most_bytes=10)
    for index in range(9):
        keep.put("glow", Kept(gray([1, 2, 3], index=index)))
    assert keep.nbytes == 9
    assert [index for index in range(9) if keep.get("glow", index)] == [6, 7, 8]
    keep.clear()
    assert (keep.nbytes, keep.get("glow", 8)) == (0, None)


# -- messages ---


def test_a_message_comes_out_as_it_went_in() -> None:
    message = {"is": "state", "rate": Fraction(25, 2), "path": Path("a/b"), "row": (1, 2.5, None, True)}
    assert unpack(pack(message)) == {"is": "state", "rate": 12.5, "path": "a/b", "row": [1, 2.5, None, True]}


@pytest.mark.parametrize("data", [b"", b"\xc1", pack({})[:0] + b"\x93\x01\x02\x03", b"\x81\x01\x02", b"\x81"])
def test_what_is_no_map_is_no_message(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a message"):
        unpack(data)


def test_a_problem_carries_its_place() -> None:
    error = GraphError("no node", place=Place("a.yaml", 3, 5, 4, "  in: maks"), hint="did you mean 'mask'?")
    told = problem(error)
    assert told["place"] == {"file": "a.yaml", "line": 3, "column": 5, "length": 4, "text": "  in: maks"}
    assert problem(GraphError("no node"))["place"] == {}


def test_of_news_the_latest_is_sent_and_of_replies_all() -> None:
    async def talk() -> list[object]:
        box = Mailbox()
        for number in range(3):
            box.put("state", {"is": "state", "frame": number})
            box.put("reply", {"is": "reply", "id": number})
            box.put("pictures", {"is": "pictures", "nodes": {f"n{number}": {"index": number}}})
        box.put("graph", {"is": "graph"})
        return [*await box.take()]

    # A loop of its own: another test's browser may have one on this thread.
    with ThreadPoolExecutor(1) as other:
        found = other.submit(lambda: asyncio.run(talk())).result()
    assert found == [
        {"is": "graph"},
        {"is": "state", "frame": 2},
        {"is": "pictures", "nodes": {f"n{n}": {"index": n} for n in range(3)}},
        *({"is": "reply", "id": n} for n in range(3)),
    ]


def test_node_types_of_the_caller_are_known_whenever_the_file_is_read(tmp_path: Path) -> None:
    @per_frame
    def darker(image: Plane) -> Plane:
        return image // 2

    files = write_files(
        tmp_path, LEVELS.replace("{type: blur, in: mask, sigma: 2}", "{type: darker, in: mask}")
    )
    with pytest.raises(GraphError, match="no node type is called 'darker'"):
        expanded(files.target(), {})
    _, network = expanded(replace(files.target(), types={"darker": darker}), {})
    assert type(network["glow"].node) is darker
