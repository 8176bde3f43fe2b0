"""Random networks over gray noise, each node with what it means, on whole streams held in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from collect import Collect, Literals, make, wire
from hypothesis import strategies as st
from numpy.typing import NDArray
from odd_nodes import Lighten, Over, Running, Uneven

from flowgraph.graph import NetNode

Picture = NDArray[np.uint8]
Stream = list[tuple[int, Picture]]
"""Index and samples of every frame."""

WIDTH, HEIGHT, FRAMES = 8, 4, 12

SOURCES = {"v": (7, 1, 0), "w": (8, 3, 2)}
"""For each source its seed, and its rate and first time in tenths of a second."""


@dataclass(frozen=True)
class Made:
    """A node's output: its frames, and what else may join it (its clock and its width)."""

    name: str
    stream: Stream
    clock: str
    width: int = WIDTH
    late: bool = False
    """Held back by frames of a thinner clock, so that `hold` can't wait for it."""


@dataclass
class Graph:
    """A network, and what each of its sinks must get."""

    nodes: list[NetNode]
    made: list[Made]
    stills: dict[str, Picture] = field(default_factory=dict[str, Picture])
    sinks: dict[str, Stream] = field(default_factory=dict[str, Stream])


def noise(seed: int) -> Stream:
    """What the source of that seed gives."""
    return [
        (k, np.random.default_rng([seed, k]).integers(0, 256, (HEIGHT, WIDTH), np.uint8))
        for k in range(FRAMES)
    ]


def clipped(values: NDArray[Any]) -> Picture:
    """Round half to even, once, and clip."""
    found: Picture = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return found


def each(stream: Stream, change: Callable[[Picture], Picture]) -> Stream:
    """The same change on every frame."""
    return [(index, change(picture)) for index, picture in stream]


def shifted(stream: Stream, by: int, before: Picture | None = None) -> Stream:
    """Each frame's place gets the picture `by` frames earlier; ends are repeated, or `before` is shown."""
    last = len(stream) - 1
    return [
        (
            index,
            before if before is not None and k < by else stream[min(max(k - by, 0), last)][1],
        )
        for k, (index, _) in enumerate(stream)
    ]


class Builder:
    """Adds one random node after the other."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.graph = Graph([], [])
        for name, (seed, step, first) in SOURCES.items():
            source = Literals(
                values=(seed,) * FRAMES,
                noise=True,
                width=WIDTH,
                height=HEIGHT,
                name=name,
                step=step,
                first=first,
            )
            self.add(source, Made(name, noise(seed), name))

    def pick(self, *among: Made) -> Made:
        return self.draw(st.sampled_from(among or tuple(self.graph.made)))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def add(self, node: Any, made: Made, **inputs: str | tuple[str, ...]) -> None:
        self.graph.nodes.append(wire(made.name, node, **inputs))
        self.graph.made.append(made)

    def like(self, of: Made, stream: Stream, **facts: Any) -> Made:
        name = f"n{len(self.graph.nodes)}"
        return Made(
            name,
            stream,
            facts.get("clock", of.clock),
            facts.get("width", of.width),
            facts.get("late", of.late),
        )

    def invert(self) -> None:
        of = self.pick()
        self.add("invert", self.like(of, each(of.stream, lambda p: ~p)), image=of.name)

    def mix(self) -> None:
        first = self.pick()
        alike = [m for m in self.graph.made if (m.clock, m.width) == (first.clock, first.width)]
        parts = [first, *(self.pick(*alike) for _ in range(self.number(1, 2)))]
        weights = [self.number(-8, 8) / 8 for _ in parts]
        offset = float(self.number(-40, 200))
        stream = [
            (
                index,
                clipped(
                    np.tensordot(weights, np.array([part.stream[k][1] for part in parts], float), 1) + offset
                ),
            )
            for k, (index, _) in enumerate(first.stream)
        ]
        late = any(part.late for part in parts)
        node = make("mix", weights=weights, offset=offset)
        self.add(node, self.like(first, stream, late=late), image=tuple(part.name for part in parts))

    def delay(self) -> None:
        of, by, fill = self.pick(), self.number(1, 4), self.draw(st.sampled_from(["first", "black"]))
        before = np.zeros((HEIGHT, of.width), np.uint8) if fill == "black" else None
        made = self.like(of, shifted(of.stream, by, before))
        self.add(make("delay", frames=by, fill=fill), made, image=of.name)

    def advance(self) -> None:
        of, by = self.pick(), self.number(1, 3)
        made = self.like(of, shifted(of.stream, -by), late=of.late or "every" in of.clock)
        self.add(make("advance", frames=by), made, image=of.name)

    def every(self) -> None:
        of, n = self.pick(), self.number(2, 3)
        self.add(
            make("every", n=n), self.like(of, of.stream[::n], clock=f"{of.clock} every {n}"), image=of.name
        )

    def tblend(self) -> None:
        of = self.pick()
        stream = [
            (index, clipped(np.maximum(0, picture.astype(int) - before)))
            for (index, picture), (_, before) in zip(of.stream[1:], of.stream, strict=False)
        ]
        head, _, skipped = of.clock.rpartition(" skip ")
        clock = f"{head} skip {int(skipped) + 1}" if head and skipped.isdigit() else f"{of.clock} skip 1"
        self.add(make("tblend", mode="subtract"), self.like(of, stream, clock=clock), image=of.name)

    def hold(self) -> None:
        early = [m for m in self.graph.made if not m.late and m.clock.startswith("v")]
        of, reference = self.pick(*early), self.pick(*(m for m in early if m.clock == "v"))
        black = np.zeros((HEIGHT, of.width), np.uint8)
        stream = [
            (index, next((p for k, p in reversed(of.stream) if k <= index), black))
            for index, _ in reference.stream
        ]
        made = self.like(of, stream, clock="v")
        self.add("hold", made, image=of.name, reference=reference.name)

    def align(self) -> None:
        of = self.pick(*(m for m in self.graph.made if m.clock.startswith("w") and m.stream))
        reference = self.pick(*(m for m in self.graph.made if m.clock.startswith("v")))
        _, step, first = SOURCES["w"]
        stream = [
            (at, next((p for k, p in reversed(of.stream) if k * step + first <= at), of.stream[0][1]))
            for at, _ in reference.stream
        ]
        made = self.like(of, stream, clock=reference.clock, late=reference.late)
        self.add("align", made, reference=reference.name, image=of.name)

    def crop(self) -> None:
        of = self.pick()
        if of.width == WIDTH:
            x = self.number(0, 2)
            made = self.like(of, each(of.stream, lambda p: p[:, x : x + 6]), width=6)
            self.add(make("crop", x=x, width=6), made, image=of.name)

    def running(self) -> None:
        of = self.pick()
        stream = [(index, picture + np.uint8(k + 1)) for k, (index, picture) in enumerate(of.stream)]
        self.add(Running(), self.like(of, stream), image=of.name)

    def uneven(self) -> None:
        of = self.pick()
        self.add(Uneven(), self.like(of, of.stream), image=of.name)

    def over_the_lightest(self) -> None:
        of = self.pick(*(m for m in self.graph.made if m.stream))
        still = f"n{len(self.graph.nodes)}"
        self.graph.nodes.append(wire(still, Lighten(), image=of.name))
        half = np.maximum.reduce([picture for _, picture in of.stream]) // 2
        onto = self.pick(*(m for m in self.graph.made if m.width == of.width))
        made = self.like(onto, each(onto.stream, lambda p: np.where(p > half, p, half)))
        self.add(Over(), made, image=onto.name, still=still)

    def finish(self) -> Graph:
        """Sinks on some nodes, the last one among them."""
        ends = {self.graph.made[-1].name: self.graph.made[-1]}
        for _ in range(self.number(0, 2)):
            end = self.pick()
            ends[end.name] = end
        for name, end in ends.items():
            self.graph.nodes.append(wire(f"out {name}", Collect(key=name), image=name))
            self.graph.sinks[name] = end.stream
        return self.graph


STEPS: tuple[Callable[[Builder], None], ...] = (
    Builder.invert, Builder.mix, Builder.mix, Builder.delay, Builder.advance, Builder.every, Builder.tblend,
    Builder.hold, Builder.align, Builder.crop, Builder.running, Builder.uneven, Builder.over_the_lightest,
)  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A random network and what its sinks must get."""
    builder = Builder(draw)
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=12)):
        step(builder)
    return builder.finish()
