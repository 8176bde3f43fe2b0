"""What looks on while a graph runs and writes a file about it, but lies outside of the engine.

Packages name it in the entry-point group `flowgraph.recorders`: the entry's name is that of an option of
`flowgraph run` (`report`, `trace`), its value a function that takes the option's path and a `Recorded`, and
returns a `Recorder`.

The entry `capsule` is another one: it is called when a node has failed, with the path that was asked for or
None, a `Recorded` and the `NodeError`, and returns a line for people, or an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import click

from flowgraph.cli.call import output_file
from flowgraph.errors import GraphError, RunError

if TYPE_CHECKING:
    from flowgraph.executor.blame import NodeError
    from flowgraph.executor.control import Control, Fired, Watcher
    from flowgraph.graph import Graph
    from flowgraph.live import LiveParameters
    from flowgraph.plan import Plan
    from flowgraph.session import Report

GROUP = "flowgraph.recorders"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run that is about to begin. `values` and `overrides` are what was given for it."""

    graph: Graph
    plan: Plan
    title: str
    values: Mapping[str, Any]
    overrides: Mapping[tuple[str, str], Any]
    control: Control
    live: LiveParameters | None = None


class Recorder(Protocol):
    """Hears of a run's firings, and of its end once."""

    def wants(self, pass_index: int, index: int) -> bool:
        """As a `Watcher`."""
        ...

    def fired(self, firing: Fired) -> None:
        """As a `Watcher`."""
        ...

    def ended(self, report: Report | None, error: BaseException | None) -> str:
        """The run is over, well or with an error: write the file. Returns a line for people."""
        ...


def make_recorder(name: str, path: Path, job: Recorded) -> Recorder:
    """The recorder that an option asks for.

    Raises:
        GraphError: no package brings it, or its file can't be written.
    """
    for entry in entry_points(group=GROUP, name=name):
        return cast("Callable[[Path, Recorded], Recorder]", entry.load())(path, job)
    raise GraphError(
        f"--{name}: no installed package brings it",
        hint="flowgraph's own tools do; install flowgraph again",
    )


def _capsule(path: str | None, job: Recorded, error: NodeError) -> str:
    for entry in entry_points(group=GROUP, name="capsule"):
        keep = cast("Callable[[Path | None, Recorded, NodeError], str]", entry.load())
        return keep(Path(path) if path else None, job, error)
    return ""


@contextmanager
def recording(
    wanted: Mapping[str, str | None],
    job: Recorded,
    *,
    capsule: str | None = None,
    unasked: bool = True,
    quiet: bool = False,
) -> Generator[Callable[[Report], None]]:
    """Let recorders look on while the block runs; the block calls what it is given with the run's report.

    `wanted`: names of recorders and the paths that they write; None where none is wanted. When a node fails,
    its capsule is kept in the folder `capsule`, or if that is None and `unasked`, beside the output. What was
    written is said on standard error unless `quiet`, of a run that failed by notes of its error.

    Raises:
        GraphError: a file can't be written.
    """
    made = [make_recorder(name, output_file(path), job) for name, path in wanted.items() if path is not None]
    if made:
        job.control.watcher = made[0] if len(made) == 1 else Several(tuple(made))

    def done(report: Report) -> None:
        while made:
            line = made.pop(0).ended(report, None)
            if not quiet:
                click.echo(line, err=True)

    try:
        yield done
    except BaseException as error:
        for recorder in made:
            # A disk that is full mustn't hide why the run failed.
            try:
                error.add_note(f"what happened until then is in {recorder.ended(None, error)}")
            except OSError as second:
                error.add_note(f"what happened until then couldn't be written: {second}")
        if isinstance(error, RunError) and (capsule or unasked):
            _add_capsule(error, capsule, job)
        raise


def _add_capsule(error: RunError, path: str | None, job: Recorded) -> None:
    from flowgraph.executor.blame import NodeError

    try:
        line = _capsule(path, job, error) if isinstance(error, NodeError) else ""
    except Exception as second:
        # Whatever hinders the capsule (a full disk, a value that no file can hold), the failure is what must
        # be told.
        line = f"no capsule: {type(second).__name__}: {second}"
    if line:
        error.add_note(line)


class Several:
    """One watcher for several."""

    def __init__(self, watchers: tuple[Watcher, ...]) -> None:
        self._watchers = watchers

    def wants(self, pass_index: int, index: int) -> bool:
        """Whether any wants to hear of a token."""
        asked = [watcher.wants(pass_index, index) for watcher in self._watchers]
        return any(asked)  # all were asked: each may count on being asked about every token

    def fired(self, firing: Fired) -> None:
        """Tell all; one that did not want the token hears of it as well."""
        for watcher in self._watchers:
            watcher.fired(firing)
