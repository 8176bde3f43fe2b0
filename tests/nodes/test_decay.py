"""decay."""

from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Duration
from flowgraph_nodes.decay import Decay


def test_white_fades_to_black_in_as_many_frames() -> None:
    flash = [np.full((1, 1), 255 if k == 1 else 0, np.uint8) for k in range(8)]
    out = run_node(Decay(fade=Duration(5)), flash)
    assert [frame.data.item() for frame in out] == [0, 255, 204, 153, 102, 51, 0, 0]


def test_a_time_is_as_many_frames_as_the_rate_says() -> None:
    flash = [np.full((1, 1), 255 if k == 0 else 0, np.uint8) for k in range(4)]
    out = run_node(Decay(fade=Duration.parse("200ms")), flash, rate=Fraction(25))
    assert [frame.data.item() for frame in out] == [255, 204, 153, 102]


def test_it_is_the_motion_history_image_of_a_mask(pictures: list[Plane]) -> None:
    history = np.zeros(pictures[0].shape)
    masks = [np.where(picture > 200, 255, 0).astype(np.uint8) for picture in pictures]
    for mask, frame in zip(masks, run_node(Decay(fade=Duration(10)), masks), strict=True):
        history = np.where(mask > 0, 1, np.maximum(0, history - 0.1))
        assert np.abs(frame.data - 255 * history).max() <= 0.501


def test_a_time_shorter_than_a_frame_is_refused() -> None:
    formats = Formats({"image": (Format("gray", 8, 8),)}, rate=Fraction(25))
    for fade in ("10ms", 0):
        with pytest.raises(ValueError, match="is shorter than a frame"):
            Decay(fade=Duration.parse(fade)).output_formats(formats)


def test_the_state_is_as_large_as_declared() -> None:
    node, formats = Decay(), Formats({"image": (Format("bgr24", 33, 7),)})
    assert node.start(formats).held.nbytes == node.state_bytes(formats)
