"""Runs one node on literal frames and checks that it keeps the contract; for tests of node libraries.

def test_invert_turns_black_into_white() -> None:
    (frame,) = run_node(Invert(), np.zeros((2, 2), np.uint8))
    assert (frame.data == 255).all()
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any, TypeAlias

import numpy as np

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.implied import Rows
from flowgraph.node import SKIP, STILL, Formats, Node, Ports, has_state, ports

Stream: TypeAlias = Plane | Frame | Sequence[Plane | Frame]
"""A still (one array or frame), or a stream as a sequence of them."""

_PIXELS = {("uint8", 2): "gray", ("uint16", 2): "gray16le", ("float32", 2): "grayf32le"}
_THREADS = 4
_SLACK_BYTES = 128 * 1024
"""What one call may take for views and numpy's casting buffers, whatever the size of the picture."""


def frame_of(picture: Plane | Frame, index: int = 0, rate: Fraction = Fraction(25)) -> Frame:
    """A frame around an array: gray (2-D), gray16le (uint16), bgr24 or bgra (3-D)."""
    if isinstance(picture, Frame):
        return picture
    many = picture.ndim == 3
    pixel = {3: "bgr24", 4: "bgra"}[picture.shape[2]] if many else _PIXELS[str(picture.dtype), 2]
    return Frame(
        index, index / rate, Format(pixel, picture.shape[1], picture.shape[0]), (picture,), duration=1 / rate
    )


def run_node(node: Node, *streams: Stream, rate: Fraction | None = Fraction(25)) -> list[Frame]:
    """Run a node over whole streams, one for each input in order, and give the frames of its first output.

    The node is run several times: on tight and on padded rows, in place where it declares that, for several
    frames at a time where it has no state, and, for a reduction, merged from two stretches; from frames in
    another order and in bands of rows, where it says so.
    Buffers and scratch arrive filled with rubbish, inputs read-only; numpy may allocate no more than
    `temporaries` says.

    Raises:
        AssertionError: the runs differ or the node breaks the contract; the message says how.
        ValueError: the node refuses its parameters or the formats.
    """
    return run_outputs(node, *streams, rate=rate)[next(iter(ports(type(node)).outputs))]


def run_outputs(
    node: Node, *streams: Stream, rate: Fraction | None = Fraction(25)
) -> Mapping[str, list[Frame]]:
    """As `run_node`, with the frames of every output under its name."""
    case = _case(node, streams, rate)
    plain = case.run()
    case.measured = True  # only now are the node's cached tables made
    _same(plain, case.run(padding=5), "on padded rows")
    case.measured = False
    declared = ports(type(node))
    for name, output in declared.outputs.items():
        if (
            output.in_place
            and output.like is not None
            and not node.history(output.like.name, rate)
            and case.formats.outputs[name].fits(case.formats[output.like.name])
        ):
            for item in range(len(case.formats.inputs[output.like.name])):
                _same(plain, case.run(in_place=(name, output.like.name, item)), f"in place for '{name}'")
    if node.clock() == STILL:
        _check_reduction(node, case, plain)
    elif not has_state(node) and case.length > 1:
        _same(plain, case.side_by_side(), "on several threads")
    return plain


def _check_reduction(node: Node, case: _Case, plain: Mapping[str, list[Frame]]) -> None:
    frames = range(case.length)
    for cut in sorted({1, case.length // 2, case.length - 1} - {0, case.length}):
        _same(plain, case.run(stretches=(frames[:cut], frames[cut:])), f"merged after frame {cut}")
    if node.any_order() and case.length > 1:
        dealt = (frames[::2], frames[::-1][case.length % 2 :: 2])
        _same(plain, case.run(stretches=dealt[::-1]), "with its frames in another order, merged")
    if node.by_rows():
        bands = [band.run() for band in case.bands()]
        for name, (whole,) in plain.items():
            planes = zip(*(made[name][0].planes for made in bands), strict=True)
            joined = tuple(np.concatenate(parts) for parts in planes)
            _same({name: [whole]}, {name: [whole.view(whole.format, joined)]}, "in bands of rows")


def _must(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)


def _same(first: Mapping[str, list[Frame]], second: Mapping[str, list[Frame]], how: str) -> None:
    for name, frames in first.items():
        _must(len(frames) == len(second[name]), f"'{name}' has another number of frames {how}")
        for a, b in zip(frames, second[name], strict=True):
            equal = all(
                np.array_equal(x, y, equal_nan=x.dtype.kind == "f")
                for x, y in zip(a.planes, b.planes, strict=True)
            )
            _must(equal, f"frame {a.index} of '{name}' is different {how}")


def _case(node: Node, streams: tuple[Stream, ...], rate: Fraction | None) -> _Case:
    node.check()
    declared = ports(type(node))
    found: dict[str, list[tuple[bool, list[Frame]]]] = {name: [] for name in declared.inputs}
    names = iter(declared.inputs)
    name = next(names, "")
    for given in streams:
        still = isinstance(given, np.ndarray | Frame)
        pictures = [given] if isinstance(given, np.ndarray | Frame) else given
        frames = [frame_of(picture, k, rate or Fraction(25)) for k, picture in enumerate(pictures)]
        _must(bool(name) and bool(frames), "more streams than inputs, or an empty stream")
        found[name].append((still, frames))
        if not declared.inputs[name].variadic:
            name = next(names, "")
    for port, item in ((port, item) for port, items in found.items() for item in items):
        _must(node.accepts(port, item[1][0].format), f"'{port}' doesn't accept {item[1][0].format}")
    inputs = {port: tuple(item[1][0].format for item in items) for port, items in found.items() if items}
    for port, formats in inputs.items():
        like, size = declared.inputs[port].like, declared.inputs[port].size
        for other in (inputs[like.name][0] if like else formats[0], *formats[1:]):
            _must(formats[0].fits(other), f"'{port}' is {formats[0]}, not {other}")
        other = inputs[size.name][0] if size else formats[0]
        same = (other.width, other.height) == (formats[0].width, formats[0].height)
        _must(same, f"'{port}' has not the size of {other}")
    settled = Formats(inputs, rate=rate)
    settled = Formats(inputs, node.output_formats(settled), rate)
    return _Case(node, declared, found, settled, rate)


@dataclass
class _Case:
    node: Node
    ports: Ports
    streams: dict[str, list[tuple[bool, list[Frame]]]]
    formats: Formats
    rate: Fraction | None
    measured: bool = False
    """Whether calls are watched for allocations by numpy; OpenCV's can't be seen."""

    @property
    def length(self) -> int:
        moving = [len(frames) for items in self.streams.values() for still, frames in items if not still]
        return min(moving, default=1)

    def run(
        self,
        padding: int = 0,
        in_place: tuple[str, str, int] | None = None,
        stretches: Sequence[Sequence[int]] = (),
    ) -> dict[str, list[Frame]]:
        """Run the node once over all frames; a reduction with a state for each of the stretches."""
        made: dict[str, list[Frame]] = {name: [] for name in self.ports.outputs}
        if self.node.clock() == STILL:
            outputs = {name: self._output(name, padding) for name in made}
            self._reduce(padding, stretches or (range(self.length),), outputs)
            return {name: [frame] for name, frame in outputs.items()}
        state, scratch = self._start(), self._scratch()
        for k in self._calls():
            for name, frame in self._made(k, state, scratch, padding, in_place).items():
                made[name].append(frame)
        return made

    def side_by_side(self) -> dict[str, list[Frame]]:
        """Run a node without state for several frames at a time, as threads do."""
        made: dict[str, list[Frame]] = {name: [] for name in self.ports.outputs}
        with ThreadPoolExecutor(_THREADS) as pool:
            for found in pool.map(lambda k: self._made(k, [], self._scratch()), self._calls()):
                for name, frame in found.items():
                    made[name].append(frame)
        return made

    def _calls(self) -> range:
        """The indexes for which the node is called: as in a run, the first one makes the first frame."""
        latency = self.node.latency(self.rate)
        return range(latency, self.length + latency)

    def _scratch(self) -> list[Any]:
        if type(self.node).scratch is Node.scratch:
            return []
        return [{name: _rubbish(*spec) for name, spec in self.node.scratch(self.formats).items()}]

    def _made(
        self,
        k: int,
        state: list[Any],
        scratch: list[Any],
        padding: int = 0,
        in_place: tuple[str, str, int] | None = None,
    ) -> dict[str, Frame]:
        """What one call puts out; nothing where it skips or its window isn't full."""
        inputs = self._inputs(k, padding)
        if inputs is None:
            return {}
        outputs = {n: self._output(n, padding) for n, out in self.ports.outputs.items() if not out.forward}
        if in_place:
            item = inputs[in_place[1]]
            target = item[in_place[2]] if isinstance(item, tuple) else item
            for plane in target.planes:
                plane.flags.writeable = True
            outputs[in_place[0]] = target
        result = self._call("process", [*state, *inputs.values(), *outputs.values(), *scratch])
        if result is SKIP:
            _must(self.node.clock().kind == "subset", "SKIP on a clock that is no subset")
            return {}
        first = k - self.node.latency(self.rate)
        index = Frame(first, Fraction(first, self.rate or 25), *_NOTHING)
        made: dict[str, Frame] = {}
        for name, output in self.ports.outputs.items():
            frame = result if output.forward else outputs[name]
            _must(isinstance(frame, Frame), f"nothing was returned for '{name}'")
            _must(frame.format.fits(self.formats.outputs[name]), f"'{name}' is {frame.format}")
            made[name] = frame.copy().at(index)
        return made

    def bands(self) -> list[_Case]:
        """The same with the upper rows, and with the lower ones; together that is all if there are few."""
        height = next(iter(self.formats.outputs.values())).height
        step = max(1, height // 8) * 4
        found: list[_Case] = []
        for first in range(0, height, step):
            view = Rows(first=first, count=min(step, height - first)).process
            streams = {
                name: [(still, [view(frame) for frame in frames]) for still, frames in items]
                for name, items in self.streams.items()
            }
            inputs = {n: tuple(item[1][0].format for item in items) for n, items in streams.items() if items}
            formats = Formats(inputs, rate=self.rate)
            formats = Formats(inputs, self.node.output_formats(formats), self.rate)
            found.append(_Case(self.node, self.ports, streams, formats, self.rate))
        return found

    def _reduce(self, padding: int, stretches: Sequence[Sequence[int]], outputs: dict[str, Frame]) -> None:
        states: list[Any] = []
        for stretch in stretches:
            states += self._start()
            for k in stretch:
                self._call("accumulate", [states[-1], *self._given(k, padding)])
        state, *others = states
        for other in others:
            merged = self._call("merge", [state, other])
            state = state if merged is None else merged
        self._call("finish", [state, *outputs.values()])

    def _given(self, k: int, padding: int) -> list[Any]:
        inputs = self._inputs(k, padding)
        return list((inputs or {}).values())

    def _start(self) -> list[Any]:
        return [getattr(self.node, "start")(self.formats)] if has_state(self.node) else []  # noqa: B009

    def _call(self, method: str, arguments: list[Any]) -> Any:
        call = getattr(self.node, method)
        if not self.measured:
            return call(*arguments)
        tracemalloc.start()
        try:
            result = call(*arguments)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        declared = self.node.temporaries(self.formats)
        _must(peak <= declared + _SLACK_BYTES, f"{method} allocates {peak} bytes, declared are {declared}")
        return result

    def _inputs(self, k: int, padding: int) -> dict[str, Any] | None:
        """The arguments for index k; None while a window with fill "none" isn't full."""
        given: dict[str, Any] = {}
        for name, items in self.streams.items():
            depth = self.node.history(name, self.rate)
            if depth and self.node.fill(name) == "none" and k < depth:
                return None
            windows = [self._window(name, frames, still, k, depth, padding) for still, frames in items]
            if self.ports.inputs[name].variadic:
                given[name] = tuple(windows)
            else:
                given[name] = windows[0] if windows else None
        return given

    def _window(self, name: str, frames: list[Frame], still: bool, k: int, depth: int, padding: int) -> Any:
        def at(index: int) -> Frame:
            if index < 0 and self.node.fill(name) == "black":
                return _guarded(new_frame(frames[0].format), padding)
            return _guarded(frames[0 if still else min(max(index, 0), self.length - 1)], padding)

        if not depth:
            return at(k)
        # window[0] is now and window[-1] the frame before: the oldest stands in the second place.
        return (at(k), *(at(k - back) for back in range(depth, 0, -1)))

    def _output(self, name: str, padding: int) -> Frame:
        format = self.formats.outputs[name]
        planes = tuple(_padded(shape, format.layout.dtype, padding) for shape in format.shapes)
        return Frame(0, Fraction(0), format, planes)


_NOTHING: tuple[Format, tuple[Plane, ...]] = (Format("gray", 1, 1), ())
_SEED = count(1)


def _rubbish(shape: tuple[int, ...], dtype: str) -> Plane:
    values = np.random.default_rng(next(_SEED)).integers(1, 120, shape, dtype=np.uint8)
    return values.astype(dtype)


def _padded(shape: tuple[int, ...], dtype: str, padding: int) -> Plane:
    wide = (shape[0], shape[1] + padding, *shape[2:])
    return _rubbish(wide, dtype)[:, : shape[1]]


def _guarded(frame: Frame, padding: int) -> Frame:
    planes: list[Plane] = []
    for plane in frame.planes:
        copy = _padded(plane.shape, str(plane.dtype), padding)
        copy[...] = plane
        copy.flags.writeable = False
        planes.append(copy)
    return frame.view(frame.format, tuple(planes))
