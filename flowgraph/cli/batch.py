"""Many files through one graph: `-i 'clips/*.mp4' -o 'out/{name}.mp4'`."""

from __future__ import annotations

import glob
import textwrap
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from flowgraph.cli import problems
from flowgraph.cli.call import make_call
from flowgraph.cli.jobs import Ended, Job, Work, run_jobs
from flowgraph.cli.progress import files_bar
from flowgraph.errors import GraphError
from flowgraph.machine import allowed_bytes, cores

NAME, FOLDER = "{name}", "{folder}"
CALL_KEYS = ("inputs", "outputs", "params", "sets", "frames", "start", "stop", "own")
"""What tells which files a run writes."""


def is_batch(given: Mapping[str, Any]) -> bool:
    """Whether an output or a parameter is named after the input."""
    return any(NAME in text or FOLDER in text for text in _texts(given))


def _texts(given: Mapping[str, Any]) -> list[str]:
    """All values given for parameters."""
    pairs = (*given["params"], *given["sets"])
    return [*given["outputs"], *(value for *_, value in pairs)]


def inputs(patterns: Iterable[str]) -> list[str]:
    """The files that patterns stand for, in their order and without repetition; `**` is any folder below.

    Raises:
        GraphError: there is none, or a pattern matches none.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        if not glob.has_magic(pattern) or Path(pattern).exists():
            found[pattern] = None
            continue
        matched = sorted(path for path in glob.glob(pattern, recursive=True) if Path(path).is_file())  # noqa: PTH207 Path.glob takes no absolute pattern
        if not matched:
            raise GraphError(f"no file matches '{pattern}'")
        found.update(dict.fromkeys(matched))
    if not found:
        raise GraphError(
            f"{NAME} stands for the name of each input, but no input is given",
            hint=f"flowgraph run GRAPH -i 'clips/*.mp4' -o 'out/{NAME}.mp4'",
        )
    return list(found)


def filled(value: Any, source: str) -> Any:
    """A value with the names of an input put in, in texts at any depth of tuples."""
    if isinstance(value, tuple):
        return tuple(filled(item, source) for item in value)
    if isinstance(value, str):
        path = Path(source)
        return value.replace(NAME, path.stem).replace(FOLDER, path.resolve().parent.name)
    return value


def make_jobs(given: Mapping[str, Any], writes: Callable[[dict[str, Any]], tuple[Path, ...]]) -> list[Job]:
    """One job for each input; `writes` tells what a run with given arguments would write.

    Raises:
        GraphError: there is no input, or two of them would write the same file.
    """
    found: list[Job] = []
    by_path: dict[Path, str] = {}
    for source in inputs(given["inputs"]):
        own = {key: filled(value, source) for key, value in given.items()} | {"inputs": (source,)}
        job = Job(source, own, writes(own))
        for path in job.writes:
            other = by_path.setdefault(path.resolve(), source)
            if other != source:
                raise GraphError(
                    f"{other} and {source} would both be written to {path}",
                    hint=f"{FOLDER} is the folder of an input: -o 'out/{FOLDER}_{NAME}.mp4'",
                )
        found.append(job)
    return found


def written(name: str, given: Mapping[str, Any]) -> tuple[Path, ...]:
    """The files that a run would write, without opening what it reads; empty if one is a sequence or a pipe.

    Raises:
        GraphError: the graph, or a value for it, is wrong.
    """
    from flowgraph.media.codecs import is_sequence
    from flowgraph.node import Sink
    from flowgraph.passes.expand import expand
    from flowgraph.passes.prune import prune

    call = make_call(name, **given)
    network = prune(expand(call.graph, call.values, call.overrides))
    paths = [node.node.path_written() for node in network.nodes if isinstance(node.node, Sink)]
    if any(is_sequence(text) for text in _texts(given)):
        return ()  # its first file is there long before its last
    return tuple(path for path in paths if path is not None)


def run_batch(
    name: str, given: Mapping[str, Any], work: Work, *, side_by_side: int, again: bool, dry_run: bool
) -> int:
    """Run a graph on each input: the exit status, 1 if any of them failed.

    `given` holds the arguments of `make_call`, with placeholders; `work(name, **given)` runs one input. Each
    job gets its share of the memory and of the cores. What was made already is left alone unless `again`.

    Raises:
        GraphError: the call is wrong for any of the files; none was begun.
    """
    jobs = make_jobs(given, lambda own: written(name, {key: own[key] for key in CALL_KEYS}))
    left = [job for job in jobs if again or not job.done]
    quiet = bool(given["quiet"])
    if dry_run:
        for job in jobs:
            what = "" if job in left else "  (there already)"
            click.echo(f"{job.input} -> {', '.join(map(str, job.writes)) or 'no file'}{what}")
        return 0
    for path in {path.parent for job in left for path in job.writes}:
        path.mkdir(parents=True, exist_ok=True)
    side_by_side = min(side_by_side, max(1, len(left)))
    share = {
        "max_memory": (given["max_memory"] or allowed_bytes()) // side_by_side,
        "threads": given["threads"] or max(1, cores() // side_by_side),
    }
    shared = [Job(job.input, {**job.given, **share}, job.writes) for job in left]
    failed: list[Ended] = []
    with (
        files_bar(len(left), quiet=quiet) as show,
        closing(run_jobs(shared, side_by_side, work, name)) as ends,
    ):
        for count, ended in enumerate(ends, 1):
            failed += [ended] if ended.status else []
            show(count, len(failed))
            _say_end(ended, quiet)
    if not quiet:
        counts = [f"{len(left) - len(failed)} done", f"{len(jobs) - len(left)} there already"]
        click.echo(f"{len(jobs)} files: {', '.join(counts)}, {len(failed)} failed", err=True)
    return 1 if failed else 0


def _say_end(ended: Ended, quiet: bool) -> None:
    """One line for a file that is done; all that was said for one that is not."""
    if not ended.status:
        if not quiet:
            click.echo(ended.said.partition("\n")[0] or ended.job.input, err=True)
        return
    said = ended.said.strip() or f"its process ended with status {ended.status}"
    problems.say(f"{ended.job.input}: failed\n" + textwrap.indent(said, "    "))
