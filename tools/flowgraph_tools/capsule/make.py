"""Makes a capsule when a node has failed: a small folder from which the failure can be run alone.

    graph.yaml       the node with its parameters, between sources of recorded frames and a sink
    NAME.frames      for each item of its inputs the exact frames that it was given: recorded
    failure.txt      the error, with its traceback
    versions.txt     what it ran with

`flowgraph run FOLDER` runs it. What was in the buffers when the node failed is enough for a node without
state; one with state, or that writes over its input, needs all that it was given from the start: then the run
is repeated up to the failure, where that is asked for.
"""

from __future__ import annotations

import inspect
import re
import shutil
import traceback
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flowgraph import session
from flowgraph.cli.recorders import Recorded
from flowgraph.contract import ContractError
from flowgraph.document.dump import dump
from flowgraph.document.load import load
from flowgraph.document.values import written
from flowgraph.errors import FlowgraphError
from flowgraph.executor.blame import Failed, NodeError, described
from flowgraph.graph import Entry, Graph, Ref
from flowgraph.implied import Convert
from flowgraph.node import Sink, has_state
from flowgraph.session import Options
from flowgraph_tools.capsule.streams import TooMuch, at_hand, by_running_again, items
from flowgraph_tools.versions import versions

UNASKED_BYTES = 64 << 20
"""The most frames in a capsule that nobody asked for."""
ASKED_BYTES = 4 << 30
MARK = "versions.txt"
"""By this file a folder is known to be a capsule, which may be written over."""


@dataclass(frozen=True, slots=True)
class Made:
    """A capsule, and whether the node fails in it as it did before."""

    folder: Path
    reproduces: bool


def keep_capsule(path: Path | None, run: Recorded, error: NodeError) -> str:
    """Write the capsule of a failure and say so in a line; an empty line where there is none.

    With `path`, all is done for it. Without, it is written beside the output, if that is cheap and the
    failure comes again in it.
    """
    folder = path or _beside_output(run)
    if folder is None or _type_of(error.failed) is None:
        return "" if path is None else f"no capsule: '{error.failed.step.name}' is the engine's own step"
    if folder.exists() and not (folder / MARK).is_file():
        return "" if path is None else f"no capsule: {folder} is there already, and is none"
    made = _make(folder, run, error, asked=path is not None)
    if made is None:
        return f"'flowgraph run ... --capsule DIR' keeps what '{error.failed.step.name}' was given"
    if made.reproduces:
        return f"the failure alone: {_command(made.folder, run, error)}"
    return f"what '{error.failed.step.name}' was given is in {made.folder}; alone it doesn't fail there"


def _command(folder: Path, run: Recorded, error: NodeError) -> str:
    own = run.graph.types.get(error.failed.step.type)
    file = inspect.getsourcefile(own) if own else None
    said = ["flowgraph run", str(folder)]
    said += ["--nodes", file] if file else []
    said += ["--check"] if isinstance(error.__cause__, ContractError) else []
    return " ".join(said)


def _beside_output(run: Recorded) -> Path | None:
    paths = [node.node.path_written() for node in run.plan.network.nodes if isinstance(node.node, Sink)]
    first = next((path for path in paths if path is not None), None)
    return first.with_name(f"{first.stem.partition('%')[0]}.capsule") if first else None


def _make(folder: Path, run: Recorded, error: NodeError, *, asked: bool) -> Made | None:
    with TemporaryDirectory(prefix="flowgraph-capsule-") as temporary:
        made = Path(temporary) / "capsule"
        reproduces = _fill(made, run, error, again=False, most_bytes=ASKED_BYTES if asked else UNASKED_BYTES)
        if not reproduces and asked and not _live(run):
            reproduces = _fill(made, run, error, again=True, most_bytes=ASKED_BYTES)
        if not (reproduces or asked) or not made.is_dir():
            return None
        if folder.exists():
            shutil.rmtree(folder)
        shutil.move(made, folder)
    return Made(folder, reproduces)


def _live(run: Recorded) -> bool:
    return any(info.live or not info.rereadable for info in run.plan.sources.values())


def _fill(folder: Path, run: Recorded, error: NodeError, *, again: bool, most_bytes: int) -> bool:
    """Write all files of a capsule; says whether the failure comes again when it is run."""
    failed = error.failed
    if not again and failed.inputs and has_state(failed.node) and failed.token > 0:
        return False  # its state isn't at hand
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    try:
        if again:
            by_running_again(failed, run.plan, run.live, folder, most_bytes)
        else:
            at_hand(failed, folder, most_bytes)
    except TooMuch:
        shutil.rmtree(folder)
        return False
    text = dump(_graph(failed, run))
    why = " ".join(described(error.__cause__ or error).split())
    head = f"# {why}\n# failure.txt has more; 'flowgraph run' runs this folder or file.\n\n"
    (folder / "graph.yaml").write_text(head + text, "utf-8")
    trace = "".join(traceback.format_exception(error.__cause__ or error))
    (folder / "failure.txt").write_text(f"{error}\n\n{trace}", "utf-8")
    (folder / MARK).write_text("".join(f"{what}: {found}\n" for what, found in versions()), "utf-8")
    return _fails_again(folder, run, error)


def _graph(failed: Failed, run: Recorded) -> Graph:
    found = items(failed)
    type = _type_of(failed)
    assert type is not None
    params = {
        key: written(value)
        for key, value in failed.node.model_dump(by_alias=True, exclude_unset=True).items()
    }
    if isinstance(failed.node, Convert):
        params = {"format": failed.node.pixel}
    inputs: dict[str, tuple[Ref, ...]] = {}
    for item in found:
        inputs[item.port] = (*inputs.get(item.port, ()), Ref(_source(item.name)))
    name = re.sub(r"\W", "_", failed.step.name)
    node = Entry(name, type, params, inputs)
    sources = [Entry(_source(item.name), "recorded", {"path": item.file}) for item in found]
    sink = Entry("out", "sink", {"path": "null"}, {"": (Ref(name),)})
    ends = [] if isinstance(failed.node, Sink) else [sink]
    return Graph(
        (*sources, node, *ends),
        title=f"{failed.step.name} of {run.title}",
        about=f"node '{failed.step.name}' alone, on the frames that it was given when it failed",
    )


def _source(name: str) -> str:
    return f"{name}_given"


def _type_of(failed: Failed) -> str | None:
    """The type under which graphs know the node; None where only the engine can make it."""
    if isinstance(failed.node, Convert):
        return "convert"
    return None if type(failed.node).__module__ == Convert.__module__ else failed.step.type


def _fails_again(folder: Path, run: Recorded, error: NodeError) -> bool:
    options = Options(threads=1, quiet=True, check=isinstance(error.__cause__, ContractError))
    try:
        session.run(load(folder / "graph.yaml", run.graph.types.values()), options=options)
    except NodeError as found:
        return described(found.__cause__ or found) == described(error.__cause__ or error)
    except FlowgraphError:
        return False
    return False
