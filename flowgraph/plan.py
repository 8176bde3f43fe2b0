"""Plans: the frozen result of compiling a graph. The executor runs them, `plan` prints them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flowgraph.errors import Place
from flowgraph.frame import Format
from flowgraph.graph import Network, Port
from flowgraph.node import Fill, Formats, Limits, Node, SourceInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Which frames a stream has: those of a source, thinned by steps; a still has no source.

    Two clocks are equal when they come by the same steps from the same source key.
    """

    source: Hashable = None
    steps: tuple[Hashable, ...] = ()
    root: str = field(default="", compare=False)
    """The name of the source node."""

    @property
    def still(self) -> bool:
        """One frame for the whole run."""
        return self.source is None

    def __str__(self) -> str:
        if self.still:
            return "still"
        return " / ".join([self.root, *map(_step_text, self.steps)])


def _step_text(step: Hashable) -> str:
    """A clock's step in words: its name and what is not 0."""
    if not isinstance(step, tuple):
        return str(step)
    return " ".join(str(part) for part in step if part)


@dataclass(frozen=True, slots=True)
class Arg:
    """What one item of an input reads: a slot of the token, or a still.

    With `history` or `tap` the slot holds a window: `tap` frames ago counts as now, and `history` more
    before that are handed over.
    """

    port: Port
    slot: int
    still: bool = False
    windowed: bool = False
    tap: int = 0
    history: int = 0
    fill: Fill = "first"


@dataclass(frozen=True, slots=True)
class Result:
    """What one output fills: a slot, in a fresh buffer, in the buffer of an input, or none (forwarded)."""

    port: Port
    slot: int
    format: Format
    how: Literal["fresh", "in place", "forward", "source"] = "fresh"
    input: str = ""
    item: int = 0
    """For "in place": the input item whose buffer it takes over."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a firing list.

    kind: source (a frame from the reader), node, reduce (accumulates; its result is a still), sink, window
    (keeps the last `history` frames of a stream for all its readers), border (brings another domain's
    latest frame onto this clock).
    """

    name: str
    type: str
    kind: Literal["source", "node", "reduce", "sink", "window", "border"]
    node: Node | None
    args: Mapping[str, tuple[Arg, ...]]
    results: tuple[Result, ...]
    formats: Formats
    clock: Clock
    ordered: bool = False
    """Fired in index order, one at a time: it has state, a history, or the outside world.

    A reduction that isn't has a state for each worker, merged at the end.
    """
    latency: int = 0
    """Frames that this step itself holds back."""
    total_latency: int = 0
    """Frames held back from the source to its output."""
    history: int = 0
    """For a window: the past frames that it keeps; for a border: frames that wait for the reference; for a
    sink: frames that may wait besides the plan's queue, or be kept by who reads them."""
    releases: tuple[int, ...] = ()
    """Slots whose last reader this step is."""
    scratch_bytes: int = 0
    domain: int = -1
    """For a border: the domain that it draws from, -1 for its own list."""
    implied: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FiringList:
    """The steps of one driving clock, in order, and what a token needs to walk through them."""

    clock: Clock
    steps: tuple[Step, ...]
    slots: int
    drain: int = 0
    """Drain tokens at the end: the largest latency."""
    result: int = -1
    """For a domain: the slot whose frames cross the border."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a pass gets a source's frames from, and why."""

    source: str
    how: Literal["read", "read again", "read and spool", "spool", "read and keep", "kept"]
    reason: str


@dataclass(frozen=True, slots=True)
class PoolClass:
    """Buffers of one size, and how many of them there are at most."""

    nbytes: int
    count: int


@dataclass(frozen=True, slots=True)
class Pass:
    """One streaming run over the sources.

    `stills` fires once, before the stream; `lists[0]` is the driving domain, the others stand behind borders.
    """

    index: int
    stills: FiringList
    lists: tuple[FiringList, ...]
    feeds: tuple[Feed, ...]
    reason: str
    """Why it is a pass of its own."""
    pool: tuple[PoolClass, ...] = ()
    """The buffers that the pass works in."""
    outside: Mapping[str, int] = field(default_factory=dict[str, int])
    """For each source: how many of its reader's own frames may be alive at a time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the byte bound. Passes run one after the other: lines of different passes don't add up."""

    what: str
    nbytes: int
    count: int = 1
    node: str = ""
    reason: str = ""
    pass_index: int = -1
    """The pass in which it is needed; -1 for the whole run."""
    shared: Mapping[str, int] = field(default_factory=dict[str, int])
    """Where it isn't all of one `node`: those that use it, and in which proportion."""

    @property
    def total(self) -> int:
        """Bytes of all of them together."""
        return self.nbytes * self.count

    def parts(self) -> Mapping[str, int]:
        """The bytes by node; they add up to the total."""
        shares = self.shared or {self.node: 1}
        found = {name: self.total * share // sum(shares.values()) for name, share in shares.items()}
        first = next(iter(found))
        return {**found, first: found[first] + self.total - sum(found.values())}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the compiler decided, with its reason."""

    about: str
    text: str
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.about}: {self.text}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will run, with what, in how many bytes."""

    network: Network
    """The network that runs: after sharing, conversions and merging."""
    passes: tuple[Pass, ...]
    sources: Mapping[str, SourceInfo]
    clocks: Mapping[str, Clock]
    formats: Mapping[str, Formats]
    stills: tuple[PoolClass, ...]
    """The buffers of stills, which live for the whole run."""
    costs: tuple[Cost, ...]
    codec_bytes: int
    """An estimate, apart from the bound: what decoders and encoders use."""
    tokens: int
    """Live tokens: frames on their way at a time."""
    threads: int
    limits: Limits
    notes: tuple[Note, ...] = ()
    warnings: tuple[str, ...] = ()
    queue: int = 2
    """Frames that a reader decodes ahead, and that an encoder's thread may have waiting."""

    def _repr_html_(self) -> str:
        """The drawing, for notebooks."""
        from flowgraph.notebook import plan_html

        return plan_html(self)

    @property
    def bound_bytes(self) -> int:
        """Bytes that the run can use for frames and working memory, codecs apart.

        What lives for the whole run, and the most that any one pass needs besides.
        """
        whole = sum(cost.total for cost in self.costs if cost.pass_index < 0)
        return whole + max((self.pass_bytes(i) for i in range(len(self.passes))), default=0)

    def pass_bytes(self, index: int) -> int:
        """Bytes that one pass needs, stills apart."""
        return sum(cost.total for cost in self.costs if cost.pass_index == index)

    def node_bytes(self, index: int) -> Mapping[str, int]:
        """The bytes of one pass by node, -1 for those of the whole run: they add up to the pass's."""
        found: dict[str, int] = {}
        for cost in self.costs:
            if cost.pass_index == index:
                for name, nbytes in cost.parts().items():
                    found[name] = found.get(name, 0) + nbytes
        return found

    def most_node_bytes(self) -> Mapping[str, int]:
        """What each node takes of the bound, in the pass in which it takes most."""
        found: dict[str, int] = {}
        for one in self.passes:
            for name, nbytes in self.node_bytes(one.index).items():
                found[name] = max(found.get(name, 0), nbytes)
        for name, nbytes in self.node_bytes(-1).items():
            found[name] = found.get(name, 0) + nbytes
        return found

    def format(self, port: Port) -> Format:
        """The format of an output."""
        return self.formats[port.node][port.port]
