"""Where the frames that come out of a session wait for the program."""

from __future__ import annotations

from pydantic import PrivateAttr

from flowgraph.errors import GraphError
from flowgraph.executor.handover import Direct
from flowgraph.frame import Frame
from flowgraph.lent import KEPT, LentFrame
from flowgraph.node import SinkInfo, Writer
from flowgraph.program import ProgramSink


class Outlet(Direct):
    """The frames of one output that wait for the program."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.dropping = False
        """Whether nobody wants further frames."""

    def put(self, frame: Frame) -> None:
        """Keep a frame for the program; there is room, or the token wouldn't have begun."""
        if not self.dropping:
            self._ready.append(frame)

    @property
    def full(self) -> bool:
        """Whether a frame must be taken before another one may come."""
        return len(self._ready) >= self._room

    def take(self) -> LentFrame | None:
        """The next frame, None while there is none."""
        return self._loan.lend(self._ready.popleft()) if self._ready else None

    def clear(self) -> None:
        """Take nothing any more, and let go of what waits."""
        self.dropping = True
        self._ready.clear()


class Outgoing(ProgramSink):
    """An `output` whose frames a program takes."""

    ahead: int = 0
    _outlet: Outlet = PrivateAttr()

    @classmethod
    def into(cls, outlet: Outlet, format: str, ahead: int) -> Outgoing:
        """An output that puts its frames into `outlet`.

        Raises:
            GraphError: there is no such pixel format.
        """
        made = cls(format=format, ahead=ahead)
        try:
            made.check()
        except ValueError as error:
            raise GraphError(f"output '{outlet.name}': {error}") from None
        made._outlet = outlet
        return made

    @property
    def outlet(self) -> Outlet:
        """Where its frames wait."""
        return self._outlet

    def waiting(self, lead: int) -> int:
        """As many as keep outputs of unequal latency in step, and what the program may keep."""
        return self.ahead + lead + KEPT

    def open(self, info: SinkInfo) -> Writer:
        """Put what comes where the program takes it."""
        return self._outlet
