"""Places of boxes, wires and lanes."""

from __future__ import annotations

from itertools import combinations, pairwise

from flowgraph.cli.drawing import Box, Drawing, Group, Wire
from flowgraph_tools.layout import HEADING_HEIGHT, Layout, Rectangle, Size, lay_out


def box(name: str) -> Box:
    return Box(name, name, "blur", "node")


CHAIN = Drawing("", "", (Group("", "", (box("a"), box("b"), box("c"))),), (Wire("a", "b"), Wire("b", "c")))
TWO_PASSES = Drawing(
    "",
    "",
    (
        Group("pass 1", "needs all", (box("0:video"), box("0:mean"))),
        Group("pass 2", "", (box("1:video"), box("1:mix"), box("1:glow"), box("1:out"))),
    ),
    (
        Wire("0:video", "0:mean"),
        Wire("1:video", "1:mix"),
        Wire("0:mean", "1:mix", still=True),
        Wire("1:video", "1:glow"),
        Wire("1:mix", "1:glow"),
        Wire("1:glow", "1:out"),
    ),
)
WIDE = Drawing(
    "",
    "",
    (Group("", "", tuple(box(str(i)) for i in range(80))),),
    tuple(Wire(str(i // 3), str(i)) for i in range(1, 80)),
)


def card(found: Box) -> Size:
    return 120, 40 + 10 * (len(found.name) % 3)


def overlap(a: Rectangle, b: Rectangle) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def inside(a: Rectangle, b: Rectangle) -> bool:
    return b.x <= a.x and b.y <= a.y and a.x + a.width <= b.x + b.width and a.y + a.height <= b.y + b.height


def areas(layout: Layout) -> dict[str, Rectangle]:
    return {spot.box.id: spot.area for spot in layout.spots}


def test_what_reads_stands_to_the_right_of_what_it_reads() -> None:
    for drawing in (CHAIN, TWO_PASSES, WIDE):
        found = areas(lay_out(drawing, card))
        for wire in drawing.wires:
            tail, head = found[wire.tail], found[wire.head]
            assert tail.x + tail.width < head.x


def test_boxes_keep_their_sizes_and_never_overlap() -> None:
    for drawing in (CHAIN, TWO_PASSES, WIDE):
        layout = lay_out(drawing, card)
        assert all((s.area.width, s.area.height) == card(s.box) for s in layout.spots)
        assert not any(overlap(a.area, b.area) for a, b in combinations(layout.spots, 2))


def test_everything_lies_within_the_drawing() -> None:
    layout = lay_out(TWO_PASSES, card, lambda wire: (60, 12))
    whole = Rectangle(0, 0, layout.width, layout.height)
    labels = [link.label for link in layout.links if link.label is not None]
    assert len(labels) == 6
    assert all(inside(area, whole) for area in [*areas(layout).values(), *labels])


def test_a_lane_holds_the_boxes_of_its_pass_below_its_heading_and_no_others() -> None:
    layout = lay_out(TWO_PASSES, card)
    assert [(lane.title, lane.reason) for lane in layout.lanes] == [("pass 1", "needs all"), ("pass 2", "")]
    for number, lane in enumerate(layout.lanes):
        free = Rectangle(
            lane.area.x, lane.area.y + HEADING_HEIGHT, lane.area.width, lane.area.height - HEADING_HEIGHT
        )
        for name, area in areas(layout).items():
            own = name.startswith(f"{number}:")
            assert inside(area, free) if own else not overlap(area, lane.area)


def test_wires_leave_on_the_right_and_arrive_on_the_left_in_the_order_of_inputs() -> None:
    layout = lay_out(TWO_PASSES, card)
    found = areas(layout)
    for link in layout.links:
        tail, head = found[link.wire.tail], found[link.wire.head]
        (x0, y0), (x1, y1) = link.points[0], link.points[-1]
        assert abs(x0 - tail.x - tail.width) <= 2
        assert tail.y < y0 < tail.y + tail.height
        assert abs(x1 - head.x) <= 2
        assert head.y < y1 < head.y + head.height
    arriving = [link.points[-1][1] for link in layout.links if link.wire.head == "1:glow"]
    assert all(a < b for a, b in pairwise(arriving))


def test_a_way_is_made_of_whole_curves_and_becomes_path_data() -> None:
    (first, _) = lay_out(CHAIN, card).links
    assert len(first.points) % 3 == 1
    assert first.path.startswith("M")
    assert first.path.count("C") == 1


def test_names_need_no_quoting() -> None:
    odd = box('a"<b>\\n')
    layout = lay_out(Drawing("", "", (Group("", "", (odd, box("b"))),), (Wire(odd.id, "b"),)), card)
    assert set(areas(layout)) == {odd.id, "b"}


def test_wires_between_the_same_boxes_are_told_apart() -> None:
    twice = (Wire("a", "b"), Wire("a", "b", ago=4))
    layout = lay_out(Drawing("", "", (Group("", "", (box("a"), box("b"))),), twice), card)
    assert [link.wire for link in layout.links] == list(twice)
    assert layout.links[0].points != layout.links[1].points
