"""A drawing with cards as SVG: classes and data attributes for a style sheet and a script, no colours.

`g.node` (with `data-id`) holds the texts `.name`, `.type`, `.note`, `.format`, `.bytes`, `.time`, `.share`
and `.far` (the name once more, large, for when the whole is seen from far off); `.h0` to `.h5` is how hot a
node is. `path.wire` has `data-tail` and `data-head`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from flowgraph.cli.drawing import Box, Drawing, Wire
from flowgraph_tools.cards import FOOT, HEAD, LINE, NAME_SIZE, PAD, SMALL_SIZE, Card, Measure
from flowgraph_tools.layout import Lane, Layout, Link, Size, Spot, lay_out
from flowgraph_tools.lettering import fit, text_width

FAR_SIZE = 20.0
_BADGE_SIZE = 16.0
_RADIUS = 6
_LEAST_HOT = 0.06
"""A share of the time from which on a node can be called hot, however short the others take."""


def draw(drawing: Drawing, cards: Mapping[str, Card]) -> tuple[Layout, str]:
    """Lay a drawing out and give it as an SVG element; `cards` go by the ids of its boxes."""

    def card_size(box: Box) -> Size:
        return cards[box.id].size

    layout = lay_out(drawing, card_size, _label_size, rank_gap=34, box_gap=14)
    most = max((card.measure.share for card in cards.values() if card.measure), default=0.0)
    parts = [
        f'<svg class="graph" xmlns="http://www.w3.org/2000/svg" data-width="{layout.width:.0f}"'
        f' data-height="{layout.height:.0f}" viewBox="0 0 {layout.width:.0f} {layout.height:.0f}">',
        *(text for lane in layout.lanes for text in _lane(lane)),
        *(text for link in layout.links for text in _link(link)),
        *(text for spot in layout.spots for text in _node(spot, cards[spot.box.id], most)),
        "</svg>",
    ]
    return layout, "\n".join(parts)


def heat(share: float, most: float) -> int:
    """How hot a node is, 0 to 5, by its share of the time and the largest share of any node."""
    return round(5 * min(1.0, share / max(most, _LEAST_HOT)))


def milliseconds(seconds: float) -> str:
    """A time for a card: 0.04 ms, 1.2 ms, 340 ms."""
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 1 else f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def _special(wire: Wire) -> str:
    """What is written at a wire: only what its tail's card doesn't say."""
    said = [f".{wire.output}"] if wire.output else []
    said += [f"{wire.ago} ago"] if wire.ago else []
    said += [wire.clock] if wire.clock else []
    return " · ".join(said)


def _label_size(wire: Wire) -> Size | None:
    text = _special(wire)
    return (text_width(text, SMALL_SIZE) + 6, 13) if text else None


def _text(kind: str, x: float, y: float, text: str, more: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{more}>{escape(text)}</text>'


_END = ' text-anchor="end"'


def _lane(lane: Lane) -> Iterator[str]:
    area = lane.area
    yield (
        f'<rect class="lane" x="{area.x:.1f}" y="{area.y:.1f}" width="{area.width:.1f}"'
        f' height="{area.height:.1f}" rx="10"/>'
    )
    yield _text("lane-title", area.x + 14, area.y + 21, lane.title)
    start = area.x + 14 + text_width(lane.title, NAME_SIZE, bold=True) + 12
    room = area.x + area.width - 14 - start
    yield _text("lane-reason", start, area.y + 21, fit(lane.reason, room, SMALL_SIZE + 1))


def _link(link: Link) -> Iterator[str]:
    wire = link.wire
    kinds = "wire" + (" still" if wire.still else "") + (" other" if wire.clock else "")
    ends = f'data-tail="{escape(wire.tail)}" data-head="{escape(wire.head)}"'
    x, y = link.points[-1]
    tip = f"M{x:.1f} {y:.1f}l-7 -3.5v7z"
    yield (
        f'<g class="{kinds}" {ends}><title>{escape(", ".join(wire.lines))}</title>'
        f'<path class="way" d="{link.path}"/><path class="tip" d="{tip}"/></g>'
    )
    if link.label is not None:
        middle = link.label.x + link.label.width / 2
        yield _text("label", middle, link.label.y + 10, _special(wire), ' text-anchor="middle"')


def _node(spot: Spot, card: Card, most: float) -> Iterator[str]:
    facts, measure, area = card.facts, card.measure, spot.area
    right = card.width - PAD
    kinds = ["node", facts.kind, *(["added"] if spot.box.added else []), *(["lost"] if card.lost else [])]
    said = [facts.name, facts.type]
    if measure:
        kinds.append(f"h{heat(measure.share, most)}")
        said.append(f"{milliseconds(measure.each)} a frame, {measure.share:.0%} of the time")
    said += [card.lost] if card.lost else []
    yield (
        f'<g class="{" ".join(kinds)}" data-id="{escape(facts.id)}" tabindex="0" role="button"'
        f' transform="translate({area.x:.1f} {area.y:.1f})" aria-label="{escape(", ".join(said))}">'
    )
    yield f"<title>{escape(facts.name)}</title>"
    yield f'<rect class="card" width="{card.width:.0f}" height="{card.height:.1f}" rx="{_RADIUS}"/>'
    yield f'<rect class="stripe" x="0" y="{_RADIUS}" width="3" height="{card.height - 2 * _RADIUS:.1f}"/>'
    yield _text("name", PAD, 17, card.name)
    yield _text("type", right, 17, card.type, _END)
    yield from _far(card)
    y = HEAD
    for note in card.notes:
        yield _text("note", PAD, y + 9, note)
        y += LINE
    if card.picture is not None:
        yield (
            f'<image class="picture" x="2" y="{y + 1:.1f}" width="{card.width - 4:.0f}"'
            f' height="{card.picture_height:.1f}" href="{escape(card.picture.address)}"/>'
        )
        if card.lost:
            yield from _lost(card, y + 1 + card.picture_height / 2)
        y += card.picture_height + 6
    if card.format:
        yield _text("format", PAD, y + 9, card.format)
        yield _text("bytes", right, y + 9, card.bytes, _END)
        y += LINE
    if measure:
        yield from _foot(measure, card.width, card.height - FOOT, most)
    yield "</g>"


def _lost(card: Card, y: float) -> Iterator[str]:
    width = text_width(card.lost, _BADGE_SIZE, bold=True) + 20
    left = (card.width - width) / 2
    yield f'<rect class="badge" x="{left:.1f}" y="{y - 13:.1f}" width="{width:.1f}" height="26" rx="13"/>'
    yield _text("badge-text", card.width / 2, y + 5.5, card.lost, ' text-anchor="middle"')


def _far(card: Card) -> Iterator[str]:
    """The name in large letters, over two lines where it needs them and there is room for them."""
    room = card.width - 2 * PAD
    free = HEAD + LINE * len(card.notes) if card.picture else card.height - (FOOT if card.measure else 0.0)
    name = card.facts.type if card.facts.added else card.facts.name
    lines = [name]
    if free >= 2 * FAR_SIZE + 10 and text_width(name, FAR_SIZE, bold=True) > room:
        lines = _halves(name, room)
    for number, line in enumerate(lines):
        yield _text("far", PAD, 20 + number * (FAR_SIZE + 2), fit(line, room, FAR_SIZE, bold=True))
    if len(lines) == 1 and free >= 46 and not card.facts.added:
        yield _text("far type", PAD, 38, fit(card.facts.type, room, FAR_SIZE * 0.8))


def _halves(name: str, room: float) -> list[str]:
    """A name over two lines: broken after the last sign within the first line, else where that is full."""
    full = max(n for n in range(1, len(name)) if n == 1 or text_width(name[:n], FAR_SIZE, bold=True) <= room)
    signs = [n for n in range(3, full + 1) if not name[n - 1].isalnum()]
    cut = max(signs, default=full)
    return [name[:cut], name[cut:]]


def _foot(measure: Measure, width: float, y: float, most: float) -> Iterator[str]:
    yield _text("time", PAD, y + 12, milliseconds(measure.each))
    yield _text("share", width - PAD, y + 12, f"{measure.share:.0%}", _END)
    full = width - 2 * PAD
    part = full * min(1.0, measure.share / max(most, _LEAST_HOT))
    yield f'<rect class="track" x="{PAD}" y="{y + FOOT - 7:.1f}" width="{full}" height="3" rx="1.5"/>'
    yield f'<rect class="bar" x="{PAD}" y="{y + FOOT - 7:.1f}" width="{part:.1f}" height="3" rx="1.5"/>'
