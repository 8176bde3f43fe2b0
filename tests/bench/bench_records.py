"""What the benchmarks are made of: cases, targets, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio should be."""

    bound: float
    kind: Literal["at least", "at most"]

    def met_by(self, value: float) -> bool:
        """Whether a ratio is as good as that."""
        return value >= self.bound if self.kind == "at least" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.kind} {self.bound:g}"


def at_least(times: float) -> Target:
    """The peer takes so many times as long."""
    return Target(times, "at least")


def at_most(times: float) -> Target:
    """flowgraph takes no more than so many times as long."""
    return Target(times, "at most")


@dataclass(frozen=True, slots=True)
class Case:
    """Two whole processes to be timed in turns.

    Commands are templates, split like a shell does. `{clip}` is the clip, `{out}` an empty folder, `{frames}`
    how many frames the clip has; the others are names of programs, see `bench_runner`.
    """

    name: str
    section: str
    what: str
    against: str
    clip: str
    ours: str
    theirs: str
    target: Target | None = None
    peer: str = ""
    """The peer that must be there, by its name in `bench_peers`; "" where nothing is needed."""
    pairs: int = 0
    """At most so many pairs, because the peer takes so long; 0: as many as asked for."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process and its children took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all its threads."""
    peak: int
    """The largest resident set of any of its processes, in bytes."""


@dataclass(frozen=True, slots=True)
class Race:
    """A case that was run: pairs of flowgraph and the other."""

    case: Case
    frames: int
    pairs: tuple[tuple[Spent, Spent], ...]

    def ratios(self) -> tuple[float, ...]:
        """In the sense of the case's target: the other's time over flowgraph's, or the other way round."""
        return tuple(self._ratio(ours.wall, theirs.wall) for ours, theirs in self.pairs)

    @property
    def cpu_ratio(self) -> float:
        """The same of the seconds of all threads, which other work on the machine disturbs less."""
        return median(self._ratio(ours.cpu, theirs.cpu) for ours, theirs in self.pairs)

    def _ratio(self, ours: float, theirs: float) -> float:
        floor = self.case.target is not None and self.case.target.kind == "at most"
        return ours / theirs if floor else theirs / ours


@dataclass(frozen=True, slots=True)
class Figure:
    """A single figure against its target."""

    what: str
    least: float
    middle: float
    most: float
    target: Target | None = None
    note: str = ""
