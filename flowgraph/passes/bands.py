"""bands: a reduction that works row by row is computed in bands of rows, each by a reading of its own.

Its state is then that of one band. The bands run in passes one after the other, so that no two states are
there at a time; the stills that they give are joined to the one that the graph reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flowgraph.frame import Format
from flowgraph.graph import NetNode, Port
from flowgraph.implied import JoinRows, Rows
from flowgraph.node import Formats
from flowgraph.passes.cut import is_reduction
from flowgraph.passes.negotiate import Negotiated
from flowgraph.plan import Clock, Note, Plan

MOST_BANDS = 64
"""Nobody would wait for more readings of a source than these."""
_ALIGNED = 4
"""Bands begin on rows where chroma begins too, however it is subsampled."""
_MARK = ">rows "
"""Parts the name of a band into what it is a band of, and its rows."""


def narrower(plan: Plan, state: Negotiated, counts: Mapping[str, int], allowed: int) -> Mapping[str, int]:
    """In how many bands to compute each reduction so that the most demanding pass of `plan` takes less.

    `counts` are the bands of `plan`, by reduction. They come back as they are where nothing can be divided.
    """
    index = max(range(len(plan.passes)), key=plan.pass_bytes)
    most, best = 0, ""
    for step in (step for firing in plan.passes[index].lists for step in firing.steps):
        name = step.name.partition(_MARK)[0]
        if step.kind == "reduce" and step.node is not None and counts.get(name, 1) < _limit(name, state):
            most, best = max((most, best), (step.node.state_bytes(step.formats), name))
    if not most:
        return counts
    before, over = counts.get(best, 1), plan.bound_bytes - allowed
    # What is over must come from this state, whose size goes with the rows.
    wanted = -(-before * most // (most - over)) if over < most else 2 * before
    return {**counts, best: min(_limit(best, state), max(before + 1, wanted))}


def _limit(name: str, state: Negotiated) -> int:
    """In how many bands a reduction can be: 1 unless it works row by row on pictures of one height."""
    node, formats = state.network[name], state.formats[name]
    pictures = [*formats.outputs.values(), *(f for items in formats.inputs.values() for f in items)]
    alike = len({f.height for f in pictures}) == 1 and all(f.family != "data" for f in pictures)
    return min(MOST_BANDS, pictures[0].height // _ALIGNED) if alike and node.node.by_rows() else 1


def divide(state: Negotiated, counts: Mapping[str, int], allowed: int) -> Negotiated:
    """The network with each reduction of `counts` in so many bands; `allowed` bytes are the reason given."""
    if not counts:
        return state
    work = _Work(state)
    for node in state.network.nodes:
        if node.name in counts and is_reduction(node, state.clocks):
            work.divide(node, counts[node.name], allowed)
        else:
            work.nodes.append(node.rewired(work.renamed))
    read = {port.node for node in work.nodes for port in node.reads}
    nodes = tuple(node for node in work.nodes if not isinstance(node.node, JoinRows) or node.name in read)
    return replace(
        state,
        network=replace(state.network, nodes=nodes),
        formats={**state.formats, **work.formats},
        clocks={**state.clocks, **work.clocks},
        notes=(*state.notes, *work.notes),
    )


@dataclass(slots=True)
class _Work:
    state: Negotiated
    nodes: list[NetNode] = field(default_factory=list[NetNode])
    formats: dict[str, Formats] = field(default_factory=dict[str, Formats])
    clocks: dict[str, Clock] = field(default_factory=dict[str, Clock])
    notes: list[Note] = field(default_factory=list[Note])
    renamed: dict[Port, Port] = field(default_factory=dict[Port, Port])
    """What a reduction gave, and what its bands give together."""
    last: str = ""
    """The band before, for whose memory the next one waits."""

    def add(self, node: NetNode, formats: Formats, clock: Clock) -> None:
        self.nodes.append(node)
        self.formats[node.name] = formats
        self.clocks[node.name] = clock

    def divide(self, node: NetNode, count: int, allowed: int) -> None:
        """Write down the bands of a reduction, and what joins them."""
        formats = self.state.formats[node.name]
        nbytes = node.node.state_bytes(formats)
        bands = _bands(next(iter(formats.outputs.values())).height, count)
        for rows in bands:
            self.band(node, formats, rows)
        for place, (name, format) in enumerate(formats.outputs.items()):
            whole = Port(node.name, name, further=bool(place))
            items = tuple(Port(_named(node.name, rows), name) for rows in bands)
            join = NetNode(str(whole), "join rows", JoinRows(), {"image": items}, place=node.place)
            join = replace(join, aliases=() if place else node.aliases)
            parts = tuple(_of(format, rows) for rows in bands)
            self.add(join, Formats({"image": parts}, {"joined": format}), Clock())
            self.renamed[whole] = Port(join.name, "joined")
        text = (
            f"computed in {len(bands)} bands of up to {len(bands[0])} rows, each by a reading of its own:"
            f" all rows at once take {_mib(nbytes)}, and {_mib(allowed)} are allowed in all"
        )
        self.notes.append(Note(node.name, text, node.place))

    def band(self, node: NetNode, formats: Formats, rows: range) -> None:
        """One band: the reduction on some rows, after the band before."""
        inputs = {
            name: tuple(
                self.view(port, format, rows)
                for port, format in zip(items, formats.inputs[name], strict=True)
            )
            for name, items in node.inputs.items()
        }
        found = replace(
            formats,
            inputs={name: tuple(_of(f, rows) for f in items) for name, items in formats.inputs.items()},
            outputs={name: _of(format, rows) for name, format in formats.outputs.items()},
        )
        band = replace(
            node, name=_named(node.name, rows), inputs=inputs, aliases=(),
            implied=f"some rows of '{node.name}'", after=(self.last,) if self.last else (),
        )  # fmt: skip
        self.add(band, found, Clock())
        self.last = band.name

    def view(self, port: Port, format: Format, rows: range) -> Port:
        """Some rows of a port: of a reduction in the same bands what that gives, or else a view."""
        name = _named(str(port), rows)
        if name in self.formats:
            return Port(name, next(iter(self.formats[name].outputs)))
        part = Formats({"image": (format,)}, {"rows": _of(format, rows)})
        source = self.renamed.get(port, port)
        node = NetNode(name, "rows", Rows(first=rows.start, count=len(rows)), {"image": (source,)})
        implied = f"what a band reads of '{port}'"
        self.add(replace(node, implied=implied), part, self.state.clocks[port.node])
        return Port(name, "rows")


def _bands(height: int, count: int) -> list[range]:
    """Rows in so many bands, or fewer, of one height but for the last."""
    step = -(-height // (count * _ALIGNED)) * _ALIGNED
    return [range(first, min(height, first + step)) for first in range(0, height, step)]


def _named(name: str, rows: range) -> str:
    return f"{name}{_MARK}{rows.start}..{rows.stop - 1}"


def _of(format: Format, rows: range) -> Format:
    return format.resized(format.width, len(rows))


def _mib(nbytes: int) -> str:
    return f"{nbytes / (1 << 20):.1f} MiB"
