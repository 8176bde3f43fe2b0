"""Runs that another thread steers, and a watcher that notes what it hears."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Thread

from collect import COLLECTED, INTERRUPTED, READERS, planned

from flowgraph.executor.control import Control, Fired
from flowgraph.executor.state import Report
from flowgraph.frame import Frame
from flowgraph.graph import NetNode
from flowgraph.live import LiveParameters
from flowgraph.node import Input, Node, Output
from flowgraph.session import execute


class Steered:
    """A run on a thread of its own. As a context it begins, and at the end is cancelled and awaited."""

    def __init__(self, *nodes: NetNode, control: Control | None = None, **options: object) -> None:
        COLLECTED.clear()
        READERS.clear()
        for event in (INTERRUPTED, HELD, RELEASED):
            event.clear()
        self.plan = planned(*nodes, **options)
        self.control = control or Control()
        self.live = LiveParameters(self.plan.network)
        self.report: Report | None = None
        self.error: BaseException | None = None
        self._thread = Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.report = execute(self.plan, control=self.control, live=self.live)
        except BaseException as error:
            self.error = error

    def __enter__(self) -> Steered:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.control.cancel()
        self._thread.join(30)
        assert not self._thread.is_alive()

    def finish(self) -> Report | BaseException:
        """Wait for the end: the report, or what was raised."""
        self._thread.join(30)
        found = self.report or self.error
        assert found is not None
        return found


@dataclass
class Notes:
    """Keeps what a watcher hears, with the first sample of each frame; wants `indexes`, or all."""

    indexes: tuple[int, ...] = ()
    asked: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    heard: list[Fired] = field(default_factory=list[Fired])
    seen: list[tuple[str, int, tuple[int, ...]]] = field(
        default_factory=list[tuple[str, int, tuple[int, ...]]]
    )

    def wants(self, pass_index: int, index: int) -> bool:
        self.asked.append((pass_index, index))
        return not self.indexes or index in self.indexes

    def fired(self, firing: Fired) -> None:
        self.heard.append(firing)
        self.seen.append((firing.node, firing.index, tuple(int(f.data.flat[0]) for f in firing.frames)))


HELD = Event()
"""Set when a `Holds` has come to its frame."""

RELEASED = Event()
"""Lets a `Holds` go on."""


class Holds(Node):
    """Lets one token through at a time, and stays in the frame with index `at` until it is released."""

    at: int

    image = Input("gray")
    copied = Output(like=image)

    def start(self, formats: object) -> None:
        """State that holds nothing: what counts is that there is some."""

    def process(self, state: None, image: Frame, copied: Frame) -> None:
        if image.index == self.at:
            HELD.set()
            assert RELEASED.wait(30)
        copied.data[...] = image.data
