"""align."""

from fractions import Fraction

from flowgraph.frame import Format, new_frame
from flowgraph.node import follow
from flowgraph_nodes.align import Align


def test_the_picture_is_forwarded_whatever_the_references_format() -> None:
    image = new_frame(Format("gray", 2, 2), 4, Fraction(4, 30))
    reference = new_frame(Format("yuv420p", 9, 7), 6, Fraction(6, 25))
    assert Align().process(reference, image) is image


def test_the_clock_is_the_references() -> None:
    assert Align().clock() == follow("reference")
    assert Align(offset_s=-0.04).clock() == follow("reference", Fraction(-1, 25))
