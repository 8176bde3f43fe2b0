"""What stands on the card of a node, and how large the card is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowgraph.cli.human import size
from flowgraph_tools.facts import Facts
from flowgraph_tools.layout import Size
from flowgraph_tools.lettering import fit, text_width, wrapped

WIDTH, ADDED_WIDTH = 156.0, 128.0
PAD = 9.0
NAME_SIZE, SMALL_SIZE = 12.5, 10.0
HEAD, LINE, FOOT = 25.0, 14.0, 24.0
"""Heights: of the line with the name, of a small line, of the line with the time."""
NOTE_LINES = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """What a node did in a run, or has done so far.

    seconds: in its own work, on all workers; share: of all nodes' seconds, 0..1; waited: seconds that frames
    waited for their turn; p95: seconds that 95 % of its frames stayed below, None where single frames weren't
    timed.
    """

    fired: int
    seconds: float
    share: float
    waited: float = 0.0
    p95: float | None = None

    @property
    def each(self) -> float:
        """Seconds a frame."""
        return self.seconds / self.fired if self.fired else 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture of a frame, as an address that a page can show (`data:` or a path)."""

    index: int
    width: int
    height: int
    address: str
    flat: str = ""
    """What it is if it has but one colour: "all black"."""


@dataclass(frozen=True, slots=True)
class Card:
    """The texts of a card, cut so that they fit, and its height."""

    facts: Facts
    name: str
    type: str
    notes: tuple[str, ...]
    format: str
    bytes: str
    width: float
    height: float
    measure: Measure | None = None
    picture: Picture | None = None
    picture_height: float = 0.0
    lost: str = ""
    """What became of the picture here: "all black" where what was read showed something."""

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.width, self.height


def make_card(
    facts: Facts, measure: Measure | None = None, picture: Picture | None = None, lost: str = ""
) -> Card:
    """Decide what stands on a card.

    Nodes that the engine added are narrower, and carry their reason instead of parameters and a picture.
    """
    width = ADDED_WIDTH if facts.added else WIDTH
    picture = None if facts.added else picture
    inner = width - 2 * PAD
    type = fit(facts.type, inner * 0.5, SMALL_SIZE)
    name = fit(facts.name, inner - text_width(type, SMALL_SIZE) - 6, NAME_SIZE, bold=True)
    if facts.added:
        # Such names repeat what they belong to; the type tells more.
        name, type = fit(facts.type, inner, NAME_SIZE, bold=True), ""
    notes = tuple(line for note in _notes(facts) for line in wrapped(note, inner, SMALL_SIZE, NOTE_LINES))
    made = facts.makes[0] if facts.makes else None
    taken = facts.reads[0] if facts.reads and facts.kind == "sink" else made
    format = fit(taken.format, inner, SMALL_SIZE) if taken else ""
    nbytes = size(taken.nbytes) if taken and taken.nbytes else ""
    if text_width(format + nbytes, SMALL_SIZE) + 6 > inner:
        nbytes = ""
    shown = min(width * picture.height / picture.width, width) if picture else 0.0
    height = HEAD + LINE * (len(notes) + bool(format)) + (FOOT if measure else 7.0) + shown
    height += 6.0 if picture else 0.0
    return Card(facts, name, type, notes, format, nbytes, width, height, measure, picture, shown, lost)


def _notes(facts: Facts) -> Sequence[str]:
    if facts.added:
        return (facts.added,)
    if facts.kind == "source" and facts.why and "is read again" in facts.why[0]:
        return (facts.why[0].partition("' ")[2],)
    given = [f"{p.name} {_short(p.value)}" for p in facts.parameters if not p.default]
    return (", ".join(given),) if given else ()


def _short(value: str) -> str:
    """A value without the folders of a path."""
    return value.rpartition("/")[2] or value
