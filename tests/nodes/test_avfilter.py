"""avfilter."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from pydantic import ValidationError

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph_nodes._avfilter import steps
from flowgraph_nodes.avfilter import Avfilter

RATE = Fraction(25)


@pytest.fixture
def grays() -> list[Plane]:
    return list(np.random.default_rng(2).integers(0, 256, (8, 48, 60), dtype=np.uint8))


@pytest.mark.parametrize(
    ("name", "options", "latency"),
    [
        ("gblur", "sigma=3", 0),
        ("tmix", "frames=3", 0),
        ("negate", "", 0),
        ("yadif", "", 1),
        ("atadenoise", "s=5", 3),
    ],
)
def test_a_filter_gives_the_bits_that_it_gives_elsewhere(
    name: str, options: str, latency: int, grays: list[Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    node = Avfilter(filter=f"{name}={options}" if options else name)
    assert node.latency(RATE) == latency
    expected = libavfilter(name, options or None, grays)
    for ours, theirs in zip(run_node(node, grays), expected, strict=True):
        np.testing.assert_array_equal(ours.data, theirs)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_clip_may_be_shorter_than_what_a_filter_holds_back(
    count: int, grays: list[Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    expected = libavfilter("atadenoise", "s=9", grays[:count])
    for ours, theirs in zip(
        run_node(Avfilter(filter="atadenoise=s=9"), grays[:count]), expected, strict=True
    ):
        np.testing.assert_array_equal(ours.data, theirs)


def test_a_chain_runs_in_its_order_and_may_change_the_size(grays: list[Plane]) -> None:
    frames = run_node(Avfilter(filter="crop=32:20:0:0, negate, vflip"), grays)
    for frame, picture in zip(frames, grays, strict=True):
        np.testing.assert_array_equal(frame.data, 255 - picture[19::-1, :32])


def test_planes_and_packed_pictures_keep_their_format() -> None:
    for pixel in ("yuv420p", "yuv444p", "bgr24", "gbrp"):
        picture: Frame = new_frame(Format(pixel, 30, 20))
        (out,) = run_node(Avfilter(filter="transpose"), [picture])
        assert (out.format.pixel, out.format.width, out.format.height) == (pixel, 20, 30)


def test_time_is_that_of_the_frames(grays: list[Plane]) -> None:
    frames = run_node(
        Avfilter(filter="fade=in:start_time=0.08:duration=0.08"), [np.full((16, 16), 255, np.uint8)] * 6
    )
    assert [frame.data[0, 0] > 0 for frame in frames] == [False, False, False, True, True, True]
    assert frames[5].data[0, 0] == 255


@pytest.mark.parametrize(
    "chain",
    ["fps=50", "reverse", "thumbnail", "framestep=2", "tblend", "tpad=start=3", "setpts=2*PTS", "bwdif"],
)
def test_a_filter_that_does_not_give_one_frame_for_each_is_refused(chain: str) -> None:
    with pytest.raises(ValueError, match=r"one frame for each that it takes|other times"):
        Avfilter(filter=chain).output_formats(Formats({"image": (Format("gray", 64, 48),)}, rate=RATE))


@pytest.mark.parametrize(
    ("chain", "told"),
    [
        ("negat", "no filter 'negat' here .*did you mean 'negate'"),
        ("gblur,,negate", "no filter ''"),
        ("split", "'split' doesn't have one input and one output"),
        ("testsrc", "'testsrc' doesn't have one input and one output"),
        ("[in]negate", r"'\[' makes labels or several chains"),
        ("negate;negate", "';' makes labels"),
        ("geq='x", "a quote or an escape doesn't end"),
        ("", "at least 1 character"),
    ],
)
def test_what_is_no_chain_is_refused_while_loading(chain: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Avfilter(filter=chain)


@pytest.mark.parametrize(
    ("chain", "told"),
    [
        ("gblur=foo=1", "refuses 'gblur=foo=1' for gray 64x48: No such option: foo"),
        ("crop=3000:20", "refuses 'crop=3000:20'"),
        ("volume", "Media type mismatch"),
    ],
)
def test_what_libavfilter_refuses_is_told_in_its_words(chain: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Avfilter(filter=chain).output_formats(Formats({"image": (Format("gray", 64, 48),)}, rate=RATE))


def test_quotes_and_escapes_protect_commas() -> None:
    assert steps("geq=lum='max(X,Y)',negate") == [("geq", "lum=max(X,Y)"), ("negate", "")]
    assert steps(r"geq=lum=max(X\,Y)") == [("geq", "lum=max(X,Y)")]
