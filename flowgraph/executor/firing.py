"""What each step of a firing list does when a token reaches it.

A firing takes frames out of the token's slots, calls the node, and puts frames into slots. A stream that has
no frame at this index (a gate is closed, a latency is not over) leaves its slot empty, and whatever needs it
does not fire.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter
from typing import Any, cast

from flowgraph.errors import FlowgraphError, RunError
from flowgraph.executor.blame import Failed, NodeError, blamed, described
from flowgraph.executor.inputs import Absent, Get, Stills, Token, black, gatherer, getter
from flowgraph.executor.plain import Fill, plain, undeclared
from flowgraph.executor.threads import Cancelled, Turn
from flowgraph.frame import EMPTY, Frame
from flowgraph.node import SKIP, Node, has_state, ports
from flowgraph.plan import Arg, Result, Step
from flowgraph.pool import BufferPool, PoolError

Advance = Callable[[Token], Frame | None]


class Firing:
    """One step of a list, ready to fire. Subclasses say what firing means."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        self.step = step
        self.stills = stills
        self.pool = pool
        self.turn = Turn() if step.ordered else None
        self.releases = step.releases
        self.state = self._state()
        declared = ports(type(step.node)).inputs if step.node is not None else {}
        self.gets: list[Get] = []
        self.names = tuple(declared or step.args)
        for name in self.names:
            items = [getter(arg, stills) for arg in step.args.get(name, ())]
            if not items:
                self.gets.append(lambda token: None)
            elif name in declared and declared[name].variadic:
                self.gets.append(gatherer(items))
            else:
                self.gets.append(items[0])
        self.stamp = self._stamp()
        self.plain: Callable[[Token], None] | None = None
        """What does the same as `run` with less ado, where the step is of the usual kind."""

    def _state(self) -> Any:
        step = self.step
        start = getattr(step.node, "start", None)
        if start is None:
            return None
        failed = Failed(step, cast("Node", step.node))
        with blamed(f"node '{step.name}' ({step.type}) failed at its start", step.place, failed):
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
        token.waited = turn.wait(token.index)
        try:
            # What is released counts as free from the next token's turn on.
            return self._fire(token)
        finally:
            turn.done()

    def _fire(self, token: Token) -> bool:
        done = token.drain <= self.step.total_latency
        if done:
            try:
                if self.plain is None:
                    self.run(token)
                else:
                    self.plain(token)
            except Absent:
                done = False
            except (Cancelled, PoolError, FlowgraphError):
                raise
            except Exception as error:
                raise self.failure(token, error) from error
        if token.report is not None:
            token.report.tell(self.step, token, self.shown(token) if done else ())
        slots = token.slots
        for slot in self.releases:
            slots[slot] = None
        return done

    def shown(self, token: Token) -> tuple[Frame, ...]:
        """The frames that a watcher sees of this step."""
        return ()

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
        given: dict[str, Any] = {}
        if self.step.kind != "border":  # what a border is given it draws from elsewhere, once
            with suppress(Absent):
                given = {name: get(token) for name, get in zip(self.names, self.gets, strict=True)}
        node = token.live.get(self.step.name, cast("Node", self.step.node))
        failed = Failed(self.step, node, token.number, given, frame)
        return NodeError(f"{who} failed{where}{reads}: {described(error)}", failed)

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
        self.fills = [self.filler(r) for r in step.results if r.how != "forward"]
        self.slots = [r.slot for r in step.results]
        usual = type(self) is NodeFiring and not self.may_skip and not self.leading and not self.asks_scratch
        if usual and len(self.fills) == 1:
            self.plain = plain(step, self.process, self.fills[0])

    def run(self, token: Token) -> None:
        args: list[Any] = [*self.leading, *[get(token) for get in self.gets]]
        stamp: Frame = self.stamp(token)
        outputs = [fill(token, stamp) for fill in self.fills]
        args += outputs
        if self.asks_scratch:
            args.append(token.scratch.get(self.step.name, EMPTY))
        process = self.process
        if token.live and self.step.name in token.live:
            process = cast("Any", token.live[self.step.name]).process
        result = process(*args)
        if result is None:
            for slot, frame in zip(self.slots, outputs, strict=True):
                token.slots[slot] = frame
        elif result is SKIP:
            if not self.may_skip:
                raise undeclared(result)
        elif self.fills:
            raise undeclared(result)
        else:
            token.slots[self.slots[0]] = result.at(stamp)

    def shown(self, token: Token) -> tuple[Frame, ...]:
        """What the node put out."""
        return tuple(frame for slot in self.slots if (frame := token.slots[slot]) is not None)

    def filler(self, result: Result) -> Fill:
        """Where an output's buffer comes from."""
        if result.how != "in place":
            return self.pool.lender(result.format)
        taken, format = self.step.args[result.input][result.item].slot, result.format

        def in_place(token: Token, stamp: Frame) -> Frame:
            frame: Frame = token.slots[taken]
            return Frame(
                stamp.index, stamp.time, format, frame.planes, stamp.properties, frame.hold, stamp.duration
            )

        return in_place


class WindowFiring(Firing):
    """Keeps the last frames of a stream; its slot gets them newest first, the present one included."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        super().__init__(step, stills, pool)
        self.past: deque[Frame] = deque(maxlen=step.history)

    def _fire(self, token: Token) -> bool:
        # In drain tokens the last frame is repeated, for as long as any reader still has to catch up.
        self.run(token)
        if token.report is not None:
            token.report.tell(self.step, token, ())
        for slot in self.releases:
            token.slots[slot] = None
        return True

    def run(self, token: Token) -> None:
        frame = token.slots[self.step.args["image"][0].slot]
        if frame is None:
            if not token.drain or not self.past:
                return
            frame = self.past[0]
        token.slots[self.step.results[0].slot] = (frame, *self.past)
        self.past.appendleft(frame)


@dataclass(slots=True)
class _Part:
    """What was accumulated by one thread at a time."""

    state: Any
    frames: int = 0


class ReduceFiring(Firing):
    """Accumulates a stream; `finish` gives the still. Without order there are as many states as threads."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool) -> None:
        super().__init__(step, stills, pool)
        self.node = cast("Any", step.node)  # the contract's methods depend on the node's ports
        self.parts = [_Part(self.state)]
        self.free = deque(self.parts)

    def run(self, token: Token) -> None:
        given = [get(token) for get in self.gets]
        try:
            part = self.free.pop()
        except IndexError:
            part = _Part(self._state())
            self.parts.append(part)
        self.node.accumulate(part.state, *given)
        part.frames += 1
        self.free.append(part)

    def merged(self) -> Any:
        """The one state of all that was accumulated."""
        state, *others = (part.state for part in self.parts)
        for other in others:
            both = self.node.merge(state, other)
            state = state if both is None else both
        return state

    def finish(self, still_pool: BufferPool, source: str, read: int, token: Token) -> None:
        """Make the result, as a still, after `read` frames of `source`; `token` only reports it.

        Raises:
            RunError: there was no frame at all.
        """
        if not any(part.frames for part in self.parts):
            why = (
                f"source '{source}' is empty" if not read else f"none of the {read} of '{source}' gets there"
            )
            raise RunError(
                f"node '{self.step.name}' ({self.step.type}) got no frame at all: {why}",
                place=self.step.place,
            )
        outputs = [still_pool.frame(r.format) for r in self.step.results]
        who = f"node '{self.step.name}' ({self.step.type}) failed at the end of its stream"
        with blamed(who, self.step.place, Failed(self.step, self.node, read)):
            self.node.finish(self.merged(), *outputs)
        for result, frame in zip(self.step.results, outputs, strict=True):
            self.stills[result.port] = frame
        if token.report is not None:
            token.report.tell(self.step, token, tuple(outputs))


class SinkFiring(Firing):
    """Hands frames to a sink, in order."""

    def __init__(self, step: Step, stills: Stills, pool: BufferPool, put: Callable[[Frame], None]) -> None:
        super().__init__(step, stills, pool)
        self.put = put
        self.get = getter(step.args["image"][0], stills)

    def run(self, token: Token) -> None:
        frame = self.get(token)
        started = perf_counter()
        self.put(frame)
        token.waited += perf_counter() - started  # for room: the work is done by the writer's thread

    def shown(self, token: Token) -> tuple[Frame, ...]:
        """What the sink takes."""
        return (self.get(token),)


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
        self.ahead_s = Fraction(0) if step.node is None else step.node.clock().ahead_s
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
            self.draw(self.advance, stamp.time + self.ahead_s, token)
        else:
            while self.ahead and self.ahead[0].time <= stamp.time:
                self.now = self.ahead.popleft()
        if self.now is None and self.advance is None:
            return black(self.step.formats["image"], stamp)
        if self.now is None:
            other = self.step.args["image"][0].port
            raise RunError(f"node '{self.step.name}': '{other}' has no frame", place=self.step.place)
        return self.now

    def draw(self, advance: Advance, time: Fraction, token: Token) -> None:
        """Take frames across the border until the next one is newer than `time`."""
        if not self.begun:
            self.begun = True
            self.now, self.next = advance(token), advance(token)
        while self.next is not None and self.next.time <= time:
            self.now, self.next = self.next, advance(token)
