"""Nodes: what a step of a graph declares and does. The rules of frame flow stand here, once.

*What a node is.* One class in one file; the file's name is its type. Parameters are pydantic fields, ports
are class attributes. An instance holds parameters only and is frozen, so threads may share it. Run-time state
is what `start` returns; the engine hands it back as the first argument.

*Calls.* `process(self, [state,] *inputs, *outputs, [scratch])`, in the order in which ports are declared:

- state comes first if the class defines `start`; such a node is called in index order, one call at a time.
  A node without `start` is pure: calls for different frames may run side by side.
- an input is a Frame; a tuple of Frames if the input is variadic; for an input with history n > 0 a window:
  a tuple where window[0] is now, window[-1] the frame before, window[-n] the oldest; with n = 0 a Frame.
- an output is a Frame whose planes the node fills completely. An output declared with `forward=True` gets
  no buffer: the node returns a frame it received, or a view of one.
- scratch comes last if the class overrides `scratch`: a dict of the arrays that it asked for.

*What process may assume.* Inputs have a format that `accepts` said yes to; inputs tied by `like` agree in
format, by `size` in size. Inputs are read-only and valid during the call only; whatever a node wants to keep
it copies into its state, or asks for as history. An output granted in place is the same buffer as its
`like` input: read before you write, or write sample by sample.

*What process returns.* None when it filled its outputs; a Frame to forward, which the engine gives this
index and timestamp; `SKIP` to emit nothing for this index, only where `clock` declares a subset.

*Reductions.* A node whose `clock` is STILL and that reads a stream is a reduction: `start` makes the state,
`accumulate(state, *inputs)` takes each frame in order, `merge(state, other)` joins two states of consecutive
stretches, `finish(state, *outputs)` makes the one result. Where each row of the result comes of the same rows
of the inputs, say so (`by_rows`): a state that is too large is then made for some rows at a time. Where
frames may come in any order and any two states merge, to the same bits (whole sums, extremes), say that too
(`any_order`): several threads then accumulate small states, one for each, which are merged at the end.

*Latency.* A node with latency L is a window over its inputs: at call k it makes output k - L, and window[-L]
is the frame that belongs to it. At the end the engine repeats the last frame L times.

*Memory.* A node never allocates a frame. `temporaries` declares the peak bytes of what its libraries allocate
inside one call.

*Errors.* A parameter that can't work raises ValueError while loading (pydantic validators, `check`). Whatever
`process` raises stops the run and is reported with node, place, frame and formats.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from flowgraph.frame import Format, Frame
from flowgraph.port import (
    SAME,
    SKIP,
    STILL,
    Affine,
    Fill,
    Formats,
    Implied,
    Input,
    Output,
    Ports,
    Rule,
    Term,
    follow,
    ports,
    subset,
)

__all__ = [
    "SAME",
    "SKIP",
    "STILL",
    "Affine",
    "Cancellable",
    "Fill",
    "Formats",
    "Implied",
    "Input",
    "Limits",
    "Node",
    "Output",
    "Ports",
    "Reader",
    "Rule",
    "Sink",
    "SinkInfo",
    "Source",
    "SourceInfo",
    "Term",
    "Writer",
    "follow",
    "has_state",
    "ports",
    "subset",
]


class Node(BaseModel):
    """Base of every node. See the module's docstring for the rules."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(Input, Output), allow_inf_nan=False)

    main: ClassVar[str] = ""
    """The parameter that the short form of a chain sets: `{delay: 5}`."""
    example: ClassVar[str] = ""
    """One line of YAML that shows the node at work."""
    live_parameters: ClassVar[tuple[str, ...]] = ()
    """Parameters that may change during a run: none that any declared fact depends on."""
    sizes_may_differ: ClassVar[bool] = False
    """Whether the items of a variadic input need only agree in pixel format (a stack)."""

    # -- declared facts that a parameter may decide ---------------------------------------------------

    def accepts(self, port: str, format: Format) -> bool:
        """Whether `port` can take frames of `format` as they are.

        An input that takes any pixel format takes tables of numbers too where all outputs are forwarded.
        """
        declared = ports(type(self))
        formats = declared.inputs[port].formats
        if formats:
            return format.pixel in formats
        return format.family != "data" or all(output.forward for output in declared.outputs.values())

    def history(self, port: str, rate: Fraction | None) -> int:
        """How many past frames `port` reads; `rate` in frames a second where known.

        Raises:
            ValueError: a time was given and the stream has no known rate.
        """
        return 0

    def fill(self, port: str) -> Fill:
        """What the window of `port` holds before the first frame."""
        return "first"

    def clock(self) -> Rule:
        """How the output's clock follows from the inputs'."""
        return SAME

    def latency(self, rate: Fraction | None) -> int:
        """Frames held back between input and output."""
        return 0

    def by_rows(self) -> bool:
        """Of a reduction: whether each row of its result comes of the same row of its inputs alone.

        Where its state takes more memory than is allowed, the compiler then has it computed in bands of rows,
        one after the other, each with formats of so many rows and by a reading of the stream of its own.
        """
        return False

    def any_order(self) -> bool:
        """Of a reduction: whether frames in any order, in states merged in any order, give the same bits."""
        return False

    def affine(self, items: Mapping[str, int]) -> Affine | None:
        """The weights and offset of a node that is affine on each sample, given each input's item count."""
        return None

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The format of each output, given those of the inputs.

        Raises:
            ValueError: the inputs' formats can't work (a crop box outside of the picture).
        """
        found: dict[str, Format] = {}
        for name, output in ports(type(self)).outputs.items():
            if output.like is not None:
                found[name] = formats[output.like.name]
            else:
                first = next(iter(formats.inputs.values()))[0]
                found[name] = first.as_pixel(output.format)
        return found

    def implies(self) -> Mapping[str, Implied]:
        """Nodes to put in front of optional inputs that the graph left unconnected."""
        return {}

    def check(self) -> None:
        """Say no to parameters that can't work together, after all of them were read.

        Raises:
            ValueError: what is wrong and what would be right.
        """

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Working arrays, each as (shape, dtype name); contents are left over from earlier calls."""
        return {}

    def temporaries(self, formats: Formats) -> int:
        """Peak bytes of what the node's libraries allocate inside one call."""
        return 0

    def state_bytes(self, formats: Formats) -> int:
        """Peak bytes of the state that `start` makes."""
        return 0

    def output_rate(self, rate: Fraction | None) -> Fraction | None:
        """Frames a second that come out when `rate` go in; None where unknown."""
        return rate

    def notes(self, formats: Formats) -> tuple[str, ...]:
        """What `plan` should tell people about the node, such as memory that nobody can know beforehand."""
        return ()


class Reader(Protocol):
    """An opened source. Used by one thread at a time."""

    def read(self) -> Frame | None:
        """The next frame, in order, with consecutive indexes from 0; None at the end.

        Raises:
            RunError: the medium broke; what came before is good.
        """
        ...

    def close(self) -> None:
        """Let go of files and devices; may be called at any time and twice."""
        ...


@runtime_checkable
class Cancellable(Protocol):
    """A reader or writer that may wait for another process: it can be woken up to give up."""

    def cancel(self) -> None:
        """End the present wait and all later ones; called by another thread, at most a few times."""
        ...


@dataclass(frozen=True, slots=True, weakref_slot=True)
class SourceInfo:
    """What probing found out about a source."""

    format: Format
    """What the reader delivers."""
    clock: Hashable
    """Equal for two sources that deliver the same frame indexes and times, whatever their format."""
    rate: Fraction | None = None
    """Frames a second; None where frames come at any time."""
    frames: int | None = None
    """How many frames will come, or about that; None where nobody knows."""
    exact: bool = False
    """Whether `frames` is sure to be the most that will come."""
    still: bool = False
    """One picture: a still."""
    live: bool = False
    """Frames that are not taken in time are gone; can't be read twice."""
    rereadable: bool = True
    """Can be opened again from the start and give the same frames."""
    held: int = 0
    """Frames that the reader itself holds (read-ahead aside), of `format`'s size each."""
    codec_bytes: int = 0
    """An estimate of what the decoder itself uses."""
    describe: str = ""
    """One line for people: h264, 1280x720, 25 frames/s, 0:10.0."""
    notes: tuple[str, ...] = ()
    """What the user should know: reduced to 8 bits, rotated by 90 degrees."""
    path: Path | None = None
    """The file that is read, where there is one: never written over, and where audio comes from."""
    audio: bool = False
    """Whether `path` has sound."""
    content: Hashable = None
    """What tells two sources of one type, clock and format apart; None where these are enough."""

    @property
    def most_frames(self) -> int | None:
        """No more frames than these will come: twice an estimate and a thousand, None where nobody knows."""
        return self.frames if self.exact or self.frames is None else 2 * self.frames + 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What the caller of a run asks of every source that has a clock of its own."""

    frames: int | None = None
    start_s: Fraction | None = None
    stop_s: Fraction | None = None


class Source(Node):
    """A node without inputs, with a clock of its own. Its one output is `image`."""

    given: ClassVar[bool] = False
    """Whether a program gives it frames of its own: nobody may hold one of them beyond its token."""

    def pinned(self) -> str:
        """The pixel format that the graph asks for; empty for whatever suits."""
        return ""

    def probe(self, limits: Limits) -> SourceInfo:
        """Open the medium and find out what it is: the only step of compiling that does I/O.

        Raises:
            GraphError: no such file, not a video, no such device; the message names it.
        """
        raise TypeError(f"{type(self).__name__} has no probe")

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Open the medium for reading from its start."""
        raise TypeError(f"{type(self).__name__} has no open")


class Writer(Protocol):
    """An opened sink. Used by one thread at a time."""

    def write(self, frame: Frame) -> None:
        """Take one frame; its planes are valid during the call only.

        Raises:
            RunError: the disk is full, the pipe is closed.
        """
        ...

    def close(self) -> str:
        """All was written: finish and give it its final name. Returns a line for people, or ""."""
        ...

    def abort(self) -> Path | None:
        """Stop here: keep what was written under its partial name, closed where possible, and return it."""
        ...


@dataclass(frozen=True, slots=True)
class SinkInfo:
    """What a sink is told about the stream that it will get."""

    format: Format
    rate: Fraction | None
    still: bool
    source: SourceInfo | None
    """The source whose clock the stream follows."""
    own_clock: bool
    """Whether the stream has every frame of that source, at its time: audio can be copied."""
    limits: Limits
    overwrite: bool = True
    quiet: bool = False
    stills: Mapping[str, Frame] = field(default_factory=dict[str, Frame])
    """What still inputs other than `image` hold (the palette of a gif), known before it is opened."""


class Sink(Node):
    """A node without outputs that takes frames in order."""

    def path_written(self) -> Path | None:
        """The file or pattern that will be written; None for a pipe, a window or nothing."""
        return None

    def convert_to(self, format: Format) -> str:
        """The pixel format that the sink wants for a stream of `format`; may be that of `format` itself."""
        return format.pixel

    def codec_bytes(self, format: Format) -> int:
        """An estimate of what the encoder itself uses."""
        return 0

    def writer_bytes(self, format: Format) -> int:
        """Bytes of what the writer copies a frame into, since an encoder may keep what it is given."""
        return format.frame_bytes

    def waiting(self, lead: int) -> int:
        """How many frames may wait in it besides the plan's queue, or be kept by who reads them.

        `lead` is by how many frames it is ahead of the latest sink of its clock.
        """
        return 0

    def open(self, info: SinkInfo) -> Writer:
        """Open the sink.

        Raises:
            RunError: the output can't be written.
            GraphError: the output's parameters don't fit the stream.
        """
        raise TypeError(f"{type(self).__name__} has no open")


def has_state(node: Node) -> bool:
    """Whether the engine must make and keep state for the node, and call it in index order."""
    return callable(getattr(type(node), "start", None))
