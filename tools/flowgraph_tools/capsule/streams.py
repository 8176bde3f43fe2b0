"""What a failed node was given, as streams in files: one for each item of its inputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from flowgraph import session
from flowgraph.errors import FlowgraphError
from flowgraph.executor.blame import Failed
from flowgraph.executor.control import Control, Fired
from flowgraph.frame import Format, Frame
from flowgraph.live import LiveParameters
from flowgraph.media.recorded import FrameRecorder
from flowgraph.node import ports
from flowgraph.plan import Arg, Plan
from flowgraph.session import Options
from flowgraph_tools.discard import discarding_plan


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an input: its name in the capsule, and what it read."""

    name: str
    port: str
    arg: Arg
    format: Format

    @property
    def file(self) -> str:
        """Where its frames are."""
        return f"{self.name}.frames"


class TooMuch(Exception):  # noqa: N818 no error: a bound that was asked for
    """The frames would take more bytes than they may."""


def items(failed: Failed) -> list[Item]:
    """All items of all inputs, named after their ports."""
    found: list[Item] = []
    for port, args in failed.step.args.items():
        for number, arg in enumerate(args):
            name = port if len(args) == 1 else f"{port}_{number + 1}"
            found.append(Item(name, port, arg, failed.step.formats.inputs[port][number]))
    return found


def at_hand(failed: Failed, folder: Path, most_bytes: int) -> None:
    """Write what the node was given in the call that failed: one frame of each item, or a window.

    Raises:
        TooMuch: that is more than `most_bytes`.
    """
    given = {item: _frames(failed, item) for item in items(failed)}
    total = sum(frame.format.frame_bytes for frames in given.values() for frame in frames)
    longest = max((frames for item, frames in given.items() if not item.arg.still), key=len, default=[])
    if total > most_bytes:
        raise TooMuch
    for item, frames in given.items():
        recorder = _recorder(folder, item, failed)
        # Streams are read in step: a shorter one begins with its first frame again and again.
        padded = frames if item.arg.still else frames[:1] * (len(longest) - len(frames)) + frames
        for frame, stamp in zip(padded, frames if item.arg.still else longest, strict=True):
            recorder.write(frame.at(stamp))
        recorder.close()


def _frames(failed: Failed, item: Item) -> list[Frame]:
    """The frames of one item, the oldest first; what filled a window before the first frame is left out."""
    given = failed.inputs.get(item.port)
    if given is None:
        return []
    several = [each for each in items(failed) if each.port == item.port]
    if isinstance(given, tuple) and (len(several) > 1 or _is_variadic(failed, item.port)):
        given = given[several.index(item)]
    if isinstance(given, Frame):
        return [given]
    now, *past = given
    ordered: list[Frame] = [*past, now]
    first = next(i for i in range(len(ordered)) if i + 1 == len(ordered) or ordered[i] is not ordered[i + 1])
    return ordered[first:]


def _is_variadic(failed: Failed, port: str) -> bool:
    return ports(type(failed.node)).inputs[port].variadic


def by_running_again(
    failed: Failed, plan: Plan, live: LiveParameters | None, folder: Path, most_bytes: int
) -> None:
    """Run the plan again up to the failure, and write all that the node is given from the start.

    Raises:
        TooMuch: that is more than `most_bytes`.
    """
    control = Control()
    collector = _Collector(failed, plan, folder, control, most_bytes)
    control.watcher = collector
    again = LiveParameters(plan.network, live.recorded, plan.formats) if live else None
    try:
        # One token at a time: frames come in order, and no further than the one that failed.
        alone = replace(discarding_plan(plan), tokens=1)
        session.execute(alone, options=Options(quiet=True), live=again, control=control)
    except FlowgraphError:
        pass  # it fails as it did before, or was stopped where it had failed
    finally:
        collector.close()
    if collector.nbytes > most_bytes:
        raise TooMuch


class _Collector:
    """Writes what the producers of a node's inputs put out, in the pass in which the node failed."""

    def __init__(self, failed: Failed, plan: Plan, folder: Path, control: Control, most_bytes: int) -> None:
        self.nbytes = 0
        self._failed, self._control, self._most_bytes = failed, control, most_bytes
        self._pass = next(
            one.index
            for one in plan.passes
            for firing in (one.stills, *one.lists)
            if any(step is failed.step for step in firing.steps)
        )
        self._outputs = {
            step.name: [result.port for result in step.results]
            for one in plan.passes
            for firing in (one.stills, *one.lists)
            for step in firing.steps
        }
        self._written: dict[Item, _Delayed] = {
            item: _Delayed(_recorder(folder, item, failed), 0 if item.arg.still else item.arg.tap)
            for item in items(failed)
        }

    def wants(self, pass_index: int, index: int) -> bool:
        """All tokens up to the one that failed; then the run is stopped."""
        if pass_index == self._pass and index > self._failed.token:
            self._control.cancel()
        return True

    def fired(self, firing: Fired) -> None:
        """Write what the node will read of it."""
        for port, frame in zip(self._outputs[firing.node], firing.frames, strict=False):
            for item, delayed in self._written.items():
                if item.arg.port == port and (item.arg.still or firing.pass_index == self._pass):
                    self.nbytes += delayed.write(frame, once=item.arg.still)
        if self.nbytes > self._most_bytes:
            self._control.cancel()

    def close(self) -> None:
        """All was written."""
        for delayed in self._written.values():
            delayed.recorder.close()


class _Delayed:
    """Writes a stream `tap` frames late, as a node reads it that looks back."""

    def __init__(self, recorder: FrameRecorder, tap: int) -> None:
        self.recorder = recorder
        self._tap = tap
        self._past: list[Frame] = []
        self._last = -1

    def write(self, frame: Frame, *, once: bool) -> int:
        if (once and self._last >= 0) or (not once and frame.index <= self._last):
            return 0
        self._last = max(frame.index, 0)
        self._past = [*self._past, frame.copy() if self._tap else frame][-self._tap - 1 :]
        self.recorder.write(self._past[0].at(frame))
        if not self._tap:
            self._past.clear()
        return frame.format.frame_bytes


def _recorder(folder: Path, item: Item, failed: Failed) -> FrameRecorder:
    rate: Fraction | None = failed.step.formats.rate
    return FrameRecorder(folder / item.file, item.format, rate=rate, still=item.arg.still)
