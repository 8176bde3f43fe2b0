"""hold."""

from fractions import Fraction

from flowgraph.frame import Format, new_frame
from flowgraph.node import follow
from flowgraph_nodes.hold import Hold


def test_the_picture_is_forwarded_whatever_the_references_format() -> None:
    image = new_frame(Format("gray", 2, 2), 4, Fraction(4, 25))
    reference = new_frame(Format("yuv420p", 9, 7), 6, Fraction(6, 25))
    assert Hold().process(image, reference) is image


def test_the_clock_is_the_references() -> None:
    assert Hold().clock() == follow("reference")
