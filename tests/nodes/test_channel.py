"""channel and merge_channels."""

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.channel import Channel
from flowgraph_nodes.merge_channels import MergeChannels


@pytest.mark.parametrize(("colour", "expected"), [("red", 30), ("green", 20), ("blue", 10)])
def test_a_channel_is_taken_by_its_colour(colour: str, expected: int) -> None:
    picture = np.tile(np.array([10, 20, 30], np.uint8), (3, 5, 1))
    (out,) = run_node(Channel.model_validate({"colour": colour}), picture)
    assert out.data.shape == (3, 5)
    assert (out.data == expected).all()


def test_channels_put_together_again_are_the_picture(pictures: list[Plane]) -> None:
    red, green, blue = (np.ascontiguousarray(pictures[0][..., index]) for index in (2, 1, 0))
    (out,) = run_node(MergeChannels(), red, green, blue)
    np.testing.assert_array_equal(out.data, pictures[0])
