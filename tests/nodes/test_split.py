"""split."""

from flowgraph.frame import Format, new_frame
from flowgraph.node import SAME
from flowgraph_nodes.split import Split


def test_split_gives_the_very_frame_that_it_got() -> None:
    frame = new_frame(Format("yuv420p", 5, 3))
    assert Split().process(frame) is frame
    assert Split().clock() == SAME
    assert Split().accepts("image", frame.format)
