"""What each step of a firing list does when a token reaches it.

A firing takes frames out of the token's slots, calls the node, and puts frames into slots. A stream that has
no frame at this index (a gate is closed, a latency is not over) leaves its slot empty, and whatever needs it
does not fire.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any, cast

import numpy as np

from flowgraph.errors import FlowgraphError, RunError
from flowgraph.executor.blame import blamed, described
from flowgraph.executor.threads import Cancelled, Turn
from flowgraph.frame import EMPTY, Format, Frame, Plane
from flowgraph.graph import Port
from flowgraph.live import Snapshot
from flowgraph.node import SKIP, Node, has_state, ports
from flowgraph.plan import Arg, Step
from flowgraph.pool import BufferPool, PoolError

Stills = dict[Port, Frame]
Slots = list[Any]
Get = Callable[["Token"], Any]
Advance = Callable[[Snapshot], Frame | None]


class Token:
    """One frame index on its way through a list. `drain` counts the tokens after the last frame."""

    __slots__ = ("drain", "index", "live", "scratch", "slots")

    def __init__(self, index: int, slots: int, scratch: Mapping[str, Mapping[str, Plane]]) -> None:
        self.index = index
        self.slots: Slots = [None] * slots
        self.drain = 0
        self.scratch = scratch
        self.live: Snapshot = EMPTY
        """Nodes whose parameters were changed before this token began."""


class Absent(Exception):  # noqa: N818 it is no error: an input has no frame at this index
    """An input has no frame at this index."""


def getter(arg: Arg, stills: Stills) -> Get:
    """How a token's slot becomes what the node is given. Raises Absent where there is no frame."""
    if arg.still:
        return _still(arg, stills)
    if arg.windowed:
        return _window(arg)
    slot = arg.slot

    def direct(token: Token) -> Frame:
        frame = token.slots[slot]
        if frame is None:
            raise Absent
        return frame  # type: ignore[no-any-return] # slots hold frames and windows

    return direct


def _still(arg: Arg, stills: Stills) -> Get:
    port, count = arg.port, arg.history

    def still(token: Token) -> Any:
        frame = stills[port]
        return (frame,) * (count + 1) if count else frame

    return still


def _window(arg: Arg) -> Get:
    """Windows lie in slots newest first; nodes get (now, oldest, ..., the one before)."""
    slot, tap, past, fill = arg.slot, arg.tap, arg.history, arg.fill
    full = tap + past + 1

    def window(token: Token) -> Any:
        frames: tuple[Frame, ...] | None = token.slots[slot]
        if frames is None:
            raise Absent
        if len(frames) < full:
            if fill == "none":
                raise Absent
            oldest = frames[-1] if fill == "first" else black(frames[-1].format, frames[-1])
            frames += (oldest,) * (full - len(frames))
        if not past:
            return frames[tap]
        return (frames[tap], *frames[tap + past : tap : -1])

    return window


def black(format: Format, stamp: Frame) -> Frame:
    """A black frame, at the index and time of another."""
    low = 16 if format.family == "yuv" and format.range == "limited" else 0
    levels = (low, 128, 128) if format.family == "yuv" else (0,) * len(format.shapes)
    dtype = format.layout.dtype
    planes = tuple(np.full(shape, level, dtype) for shape, level in zip(format.shapes, levels, strict=True))
    return Frame(stamp.index, stamp.time, format, planes)


class Firing:
    """One step of a list, ready to fire. Subclasses say what firing means."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        self.step = step
        self.stills = stills
        self.pool = pool
        self.turn = Turn() if step.ordered else None
        self.state = self._state()
        declared = ports(type(step.node)).inputs if step.node is not None else {}
        self.gets: list[Get] = []
        for name in declared or step.args:
            items = [getter(arg, stills) for arg in step.args.get(name, ())]
            if not items:
                self.gets.append(lambda token: None)
            elif name in declared and declared[name].variadic:
                self.gets.append(_all(items))
            else:
                self.gets.append(items[0])
        self.stamp = self._stamp()

    def _state(self) -> Any:
        step = self.step
        start = getattr(step.node, "start", None)
        if start is None:
            return None
        with blamed(f"node '{step.name}' ({step.type}) failed at its start", step.place):
            return start(step.formats)

    def _stamp(self) -> Get:
        """The frame that gives an output its index and time: the first stream's, `latency` frames ago."""
        node, args = self.step.node, self.step.args
        names = list(args)
        if node is not None and node.clock().kind == "follow":
            names = [str(node.clock().key)]
        streams = [arg for name in names for arg in args[name] if not arg.still and arg.slot >= 0]
        arg = next(iter(streams), next((arg for items in args.values() for arg in items), None))
        if arg is None:
            return lambda token: None
        if not arg.windowed:
            return getter(Arg(arg.port, arg.slot, arg.still), self.stills)
        slot, back = arg.slot, arg.tap + self.step.latency
        # What a latency holds back isn't there yet; what a delay looks back on is filled in.
        held_back = bool(self.step.latency) or self.step.kind == "border"

        def past(token: Token) -> Frame:
            frames: tuple[Frame, ...] | None = token.slots[slot]
            if frames is None or (held_back and len(frames) <= back):
                raise Absent
            return frames[min(back, len(frames) - 1)]

        return past

    def fire(self, token: Token) -> bool:
        """Run the step for a token, in its turn if it has one. Says whether there was something to do."""
        turn = self.turn
        if turn is None:
            return self._fire(token)
        turn.wait(token.index)
        try:
            # What is released counts as free from the next token's turn on.
            return self._fire(token)
        finally:
            turn.done()

    def _fire(self, token: Token) -> bool:
        done = self._guarded(token)
        slots = token.slots
        for slot in self.step.releases:
            slots[slot] = None
        return done

    def _guarded(self, token: Token) -> bool:
        if token.drain > self.step.total_latency:
            return False
        try:
            self.run(token)
        except Absent:
            return False
        except (Cancelled, PoolError, FlowgraphError):
            raise
        except Exception as error:
            raise self.failure(token, error) from error
        return True

    def failure(self, token: Token, error: Exception) -> Exception:
        """The error that a user sees when a node raised."""
        try:
            frame = self.stamp(token)
        except Absent:
            frame = None
        where = "" if frame is None else f" at frame {frame.index} ({float(frame.time):.3f} s)"
        formats = [str(f) for items in self.step.formats.inputs.values() for f in items]
        reads = f", reading {', '.join(formats)}" if formats else ""
        who = f"node '{self.step.name}' ({self.step.type})"
        return RunError(f"{who} failed{where}{reads}: {described(error)}", place=self.step.place)

    def run(self, token: Token) -> None:
        """Do the step's work."""
        raise AssertionError(self.step.kind)


class NodeFiring(Firing):
    """Calls a node's `process`, with outputs from the pool."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        super().__init__(step, stills, pool)
        assert step.node is not None
        self.process: Callable[..., Any] = step.node.process  # type: ignore[attr-defined] # by contract
        self.leading: tuple[Any, ...] = (self.state,) if has_state(step.node) else ()
        self.asks_scratch = type(step.node).scratch is not Node.scratch
        self.may_skip = step.node.clock().kind == "subset"
        self.needs_buffer = any(r.how != "forward" for r in step.results)

    def run(self, token: Token) -> None:
        args: list[Any] = [*self.leading]
        args += [get(token) for get in self.gets]
        stamp: Frame = self.stamp(token)
        outputs: list[Frame] = []
        if self.needs_buffer:
            outputs = self.outputs(token, stamp)
            args += outputs
        if self.asks_scratch:
            args.append(token.scratch.get(self.step.name, EMPTY))
        process = self.process
        if token.live and self.step.name in token.live:
            process = cast("Any", token.live[self.step.name]).process
        result = process(*args)
        if result is None:
            for place, frame in zip(self.step.results, outputs, strict=True):
                token.slots[place.slot] = frame
        elif result is SKIP:
            if not self.may_skip:
                raise TypeError("it returned SKIP, but its clock declares no subset")
        elif self.needs_buffer:
            raise TypeError("it returned a frame, but its output isn't declared with forward=True")
        else:
            token.slots[self.step.results[0].slot] = result.at(stamp)

    def outputs(self, token: Token, stamp: Frame) -> list[Frame]:
        made: list[Frame] = []
        for result in self.step.results:
            if result.how == "in place":
                arg = self.step.args[result.input][result.item]
                frame: Frame = token.slots[arg.slot]
                made.append(frame.view(result.format, frame.planes).at(stamp))
            else:
                made.append(
                    self.pool.frame(result.format, stamp.index, stamp.time, stamp.properties, stamp.duration)
                )
        return made


class WindowFiring(Firing):
    """Keeps the last frames of a stream; its slot gets them newest first, the present one included."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        super().__init__(step, stills, pool)
        self.past: deque[Frame] = deque(maxlen=step.history)

    def _guarded(self, token: Token) -> bool:
        # In drain tokens the last frame is repeated, for as long as any reader still has to catch up.
        self.run(token)
        return True

    def run(self, token: Token) -> None:
        frame = token.slots[self.step.args["image"][0].slot]
        if frame is None:
            if not token.drain or not self.past:
                return
            frame = self.past[0]
        token.slots[self.step.results[0].slot] = (frame, *self.past)
        self.past.appendleft(frame)


class ReduceFiring(Firing):
    """Accumulates a stream; `finish` gives the still."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        super().__init__(step, stills, pool)
        self.node = cast("Any", step.node)  # the contract's methods depend on the node's ports
        self.frames = 0

    def run(self, token: Token) -> None:
        self.node.accumulate(self.state, *(get(token) for get in self.gets))
        self.frames += 1

    def finish(self, still_pool: BufferPool, source: str, read: int) -> None:
        """Make the result, as a still, after `read` frames of `source`.

        Raises:
            RunError: there was no frame at all.
        """
        if not self.frames:
            why = (
                f"source '{source}' is empty" if not read else f"none of the {read} of '{source}' gets there"
            )
            raise RunError(
                f"node '{self.step.name}' ({self.step.type}) got no frame at all: {why}",
                place=self.step.place,
            )
        outputs = [still_pool.frame(r.format, 0, Fraction(0)) for r in self.step.results]
        who = f"node '{self.step.name}' ({self.step.type}) failed at the end of its stream"
        with blamed(who, self.step.place):
            self.node.finish(self.state, *outputs)
        for result, frame in zip(self.step.results, outputs, strict=True):
            self.stills[result.port] = frame


class SinkFiring(Firing):
    """Hands frames to a sink, in order."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool, put: Callable[[Frame], None]) -> None:
        super().__init__(step, stills, pool)
        self.put = put
        self.get = getter(step.args["image"][0], stills)

    def run(self, token: Token) -> None:
        self.put(self.get(token))


class BorderFiring(NodeFiring):
    """Brings the latest frame of another clock onto this one."""

    def __init__(
        self,
        step: Step,
        stills: Stills,
        pool: BufferPool,
        advance: Advance | None,
    ) -> None:
        super().__init__(step, stills, pool)
        self.advance = advance
        self.now: Frame | None = None
        self.next: Frame | None = None
        self.begun = False
        self.ahead: deque[Frame] = deque()
        names = list(ports(type(step.node)).inputs) if step.node is not None else []
        self.get_image = None if advance else getter(step.args["image"][0], stills)
        self.gets[names.index("image")] = self.latest

    def run(self, token: Token) -> None:
        if self.get_image is not None:
            # Also where the reference has no frame: the next one that it has wants the latest image.
            with suppress(Absent):
                self.ahead.append(self.get_image(token))
            if len(self.ahead) > self.step.history:
                self.now = self.ahead.popleft()
        super().run(token)

    def latest(self, token: Token) -> Frame:
        """The newest frame that is not newer than the reference; before there is one, the first.

        Inside one list nobody can know the first before it comes: there it is black.
        """
        stamp: Frame = self.stamp(token)
        if self.advance is not None:
            self.draw(self.advance, stamp.time, token.live)
        else:
            while self.ahead and self.ahead[0].time <= stamp.time:
                self.now = self.ahead.popleft()
        if self.now is None and self.advance is None:
            return black(self.step.formats["image"], stamp)
        if self.now is None:
            other = self.step.args["image"][0].port
            raise RunError(f"node '{self.step.name}': '{other}' has no frame", place=self.step.place)
        return self.now

    def draw(self, advance: Advance, time: Fraction, live: Snapshot) -> None:
        """Take frames across the border until the next one is newer than `time`."""
        if not self.begun:
            self.begun = True
            self.now, self.next = advance(live), advance(live)
        while self.next is not None and self.next.time <= time:
            self.now, self.next = self.next, advance(live)


def _all(items: list[Get]) -> Get:
    def gather(token: Token) -> tuple[Any, ...]:
        return tuple([get(token) for get in items])

    return gather
